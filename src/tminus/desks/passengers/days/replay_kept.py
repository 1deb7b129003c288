"""The replay of a walk: one document by its content, gzipped JSON under the files folder."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from tminus.desks.passengers.models import DayWalk


def packed(document: Mapping[str, Any]) -> bytes:
    """As it is kept; the same document gives the same bytes."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return gzip.compress(text.encode(), 6, mtime=0)


def replay_bytes(walk: DayWalk) -> bytes:
    """The gzipped document of a walk."""
    return (Path(settings.MEDIA_ROOT) / walk.replay).read_bytes()


def replay_document(walk: DayWalk) -> dict[str, Any]:
    """The document of a walk, as :func:`tminus.formats.crowd.replay_data.replay_data` made it."""
    found: dict[str, Any] = json.loads(gzip.decompress(replay_bytes(walk)))
    return found
