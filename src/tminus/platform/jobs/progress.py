"""How far a running job is, in a small file beside the database.

Not in the database: a job that imports holds one long transaction, and what it wrote there would be seen by nobody
before the end.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings


class Progress(NamedTuple):
    """``doing``: a sentence of the catalogues; ``values``: what stands in its places, as every reader sees it."""

    done: int
    total: int
    doing: str
    values: Mapping[str, str] = {}

    @property
    def said(self) -> str:
        """In the language it was written in."""
        return self.doing % self.values if self.values else self.doing


def _path(pk: int) -> Path:
    home: Path = settings.CONFIG.home
    return home / "jobs" / f"{pk}.json"


def write(pk: int, done: int, total: int, doing: str, values: Mapping[str, str]) -> None:
    path = _path(pk)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps([done, total, doing[:200], {**values}], ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def read(pk: int) -> Progress | None:
    try:
        return Progress(*json.loads(_path(pk).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def forget(pk: int) -> None:
    _path(pk).unlink(missing_ok=True)
