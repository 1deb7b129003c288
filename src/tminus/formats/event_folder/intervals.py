"""Times in a cell of a table: ``from/until``, both with their zone, ``..`` for no end (ISO 8601-2), blanks between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

from tminus.formats.problems import BadValue

OPEN = ".."
ALLOWED = "from/until with their zones, .. for no end, such as 2026-11-05T02:15:00+00:00/.."


def intervals_text(spans: Sequence[Sequence[int | None]]) -> str:
    """The cell of spans (first second, second before which it ends or None), seconds since 1970 UTC."""
    return " ".join(f"{_text(begin)}/{_text(until)}" for begin, until in spans)


def _text(at_s: int | None) -> str:
    return OPEN if at_s is None else datetime.fromtimestamp(at_s, UTC).isoformat()


def read_intervals(text: str) -> list[list[int | None]]:
    """The spans of a cell, as :func:`intervals_text` takes them.

    :raises BadValue: what is no interval, ends before it begins, or lies over another.
    """
    found = sorted((_span(one) for one in text.split()), key=lambda span: span[0] or 0)
    for (_, until), (begin, _) in pairwise(found):
        if until is None or begin is None or begin < until:
            raise BadValue("times that do not lie over each other")
    return found


def _span(text: str) -> list[int | None]:
    parts = text.split("/")
    try:
        times = [datetime.fromisoformat(part) for part in (parts if parts[-1] != OPEN else parts[:-1])]
    except ValueError:
        times = []
    if len(parts) != 2 or not times or any(one.tzinfo is None for one in times):
        raise BadValue(ALLOWED)
    begin, until = int(times[0].timestamp()), int(times[1].timestamp()) if len(times) == 2 else None
    if until is not None and until <= begin:
        raise BadValue("an end after the beginning")
    return [begin, until]


def intervals(text: str) -> None:
    """Of a column: see :func:`read_intervals`."""
    read_intervals(text)
