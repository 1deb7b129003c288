"""Single cells of an XER file, and where a wrong one stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from tminus.engines.schedule import Duration
from tminus.formats.primavera.tables import Row, Table
from tminus.formats.problems import BadFile

MOST_HOURS, MOST = 10_000_000, 10**12
Check = Callable[[str], object]


def instant(text: str) -> datetime | None:
    """``2026-08-17 08:00``; seconds are dropped.

    :raises ValueError: anything else.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("a date like 2026-08-17 08:00, or nothing") from None
    return at if not at.second and at.tzinfo is None and not at.microsecond else _plain(at)


def _plain(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0, tzinfo=None)


def number(text: str) -> float:
    """A number; nothing is 0.

    :raises ValueError: anything else, or out of reach.
    """
    try:
        value = float(text or 0)
    except ValueError:
        raise ValueError("a number, or nothing") from None
    if not abs(value) < MOST:
        raise ValueError(f"a number between -{MOST:,} and {MOST:,}")
    return value


def minutes(text: str) -> int:
    """Hours as minutes; nothing is 0.

    :raises ValueError: not a number of hours.
    """
    hours = number(text)
    if not abs(hours) < MOST_HOURS:
        raise ValueError(f"hours between -{MOST_HOURS:,} and {MOST_HOURS:,}")
    return round(hours * 60)


class Instants(dict[str, datetime | None]):
    """Instants by their text; the same few stand in a file many times."""

    def __missing__(self, text: str) -> datetime | None:
        self[text] = found = instant(text)
        return found


class Minutes(dict[str, int]):
    """Minutes by the text of their hours."""

    def __missing__(self, text: str) -> int:
        self[text] = found = minutes(text)
        return found


class Lengths(dict[int, Duration]):
    """Durations by their minutes: few differ, and what is not made again lies near the processor."""

    def __missing__(self, minutes: int) -> Duration:
        self[minutes] = found = Duration(minutes)
        return found


def one_of(allowed: Mapping[str, object]) -> Check:
    """A check that a cell holds one of the words of ``allowed``, or nothing."""

    def check(text: str) -> object:
        if text and text not in allowed:
            raise ValueError(f"{', '.join(allowed)}, or nothing")
        return text

    return check


def wrong(file: str, table: Table, row: Row, checks: Mapping[str, Check]) -> BadFile | None:
    """The first cell of ``row`` that its check refuses, told with its place; ``None``: all are right."""
    for name, check in checks.items():
        if name not in table.fields:
            continue
        text = row[table.fields.index(name)]
        try:
            check(text)
        except (ValueError, OverflowError) as error:
            at = table.rows.index(row) + 1
            return BadFile(
                f"{file}, table {table.name}, row {at}, field {name}: {text[:80]!r} cannot be taken; allowed: {error}"
            )
    return None
