"""Numbers and times of day in the tables of transport plans."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from math import inf, isfinite

from tminus.formats.problems import BadValue
from tminus.formats.values import Cell

MOST = 1e9
LAST_MINUTE = 48 * 60
TIME_ALLOWED = "08:15, 25:10 for after midnight, or 2026-11-05 08:15"
_CLOCK = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0*)?)?")


def number(least: float = 0.0, most: float = MOST, *, above: bool = False) -> Callable[[Cell], float]:
    """A reader of numbers between ``least`` (or above it) and ``most``."""
    allowed = f"a number above {least:g}" if above else f"a number of at least {least:g}"
    allowed += f", at most {most:g}" if most < MOST else ""

    def read(cell: Cell) -> float:
        try:
            value = float(str(cell).replace(",", ""))
        except ValueError:
            raise BadValue(allowed) from None
        if not isfinite(value) or value > most or value < least or (above and value == least):
            raise BadValue(allowed)
        return value

    return read


def whole(least: int = 0, most: int = 1_000_000) -> Callable[[Cell], int]:
    """A reader of whole numbers."""

    def read(cell: Cell) -> int:
        try:
            value = float(str(cell))
        except ValueError:
            value = inf
        if not least <= value <= most or value != int(value):
            raise BadValue(f"a whole number {least} … {most}")
        return int(value)

    return read


def minute_of_day(cell: Cell) -> float:
    """Minutes since midnight of the service day; dates are dropped.

    :raises BadValue: no time of day.
    """
    if isinstance(cell, datetime | time):
        return cell.hour * 60 + cell.minute + cell.second / 60
    if isinstance(cell, timedelta):
        return _within(cell.total_seconds() / 60)
    matched = _CLOCK.fullmatch(str(cell or "").strip())
    if matched is None or int(matched[2]) > 59 or int(matched[3] or 0) > 59:
        raise BadValue(TIME_ALLOWED)
    return _within(int(matched[1]) * 60 + int(matched[2]) + int(matched[3] or 0) / 60)


def _within(minute: float) -> float:
    if not 0 <= minute <= LAST_MINUTE:
        raise BadValue(TIME_ALLOWED)
    return minute
