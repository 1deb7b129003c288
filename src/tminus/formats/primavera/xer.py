"""XER, the text export of Primavera, read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tminus.engines.schedule import Plan
from tminus.formats.primavera.project import WANTED, plan_of
from tminus.formats.primavera.tables import read_tables
from tminus.formats.problems import read_bytes


def read_xer(path: Path, content: bytes | None = None, *, project: str = "") -> Plan:
    """The plan of one project of the file; ``project``: its key or short name, where there are several.

    :raises BadFile: not such a file, no or several projects, or a cell that cannot be taken.
    """
    content = read_bytes(path) if content is None else content
    with _without_collecting():
        return plan_of(path.name, read_tables(path.name, content, WANTED), project, "xer")


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A file becomes many small objects that all stay: looking for garbage among them takes half the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
