"""Calendars compiled to arrays, and the three questions asked of them a million times.

An instant is an ``int`` of minutes since 1970-01-01 00:00, plan-local. Working time of a calendar is counted from
the start of the compiled horizon. ``work_until`` maps an instant to working minutes; it is monotone, and each
working minute *w* has two instants: where it can begin (``start_at``, after a night: next morning) and where work
of amount *w* is finished (``finish_at``: the evening before). ``work_until`` of either is *w* again: the
round-trip law of the tests.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numba import njit

from tminus.engines.schedule.calendar_table import DAY as DAY
from tminus.engines.schedule.calendar_table import MANY_EDGES, intervals_of, table_of
from tminus.engines.schedule.calendar_table import Ints as Ints
from tminus.engines.schedule.calendar_table import Table as Table
from tminus.engines.schedule.model import WorkCalendar

EPOCH = datetime(1970, 1, 1)


def minutes(at: datetime) -> int:
    """Minutes since the epoch; seconds are dropped."""
    delta = at - EPOCH
    return delta.days * DAY + delta.seconds // 60


def instant(at: int) -> datetime:
    return EPOCH + timedelta(minutes=int(at))


def instants_of(at: Ints) -> list[datetime]:
    """Many at once."""
    found: list[datetime] = at.astype("datetime64[m]").astype("datetime64[us]").tolist()
    return found


def day_number(day: date) -> int:
    return (day - EPOCH.date()).days


@dataclass(frozen=True, slots=True)
class WorkTime:
    """Calendars side by side over one horizon; calendar 0 is the clock on the wall (work never stops).

    Everything lies in one array, because a compiled loop pays for each array it hands on, in half the bytes of an
    instant, because what is small stays near the processor. ``table[8·c …]`` = (first minute, days, where in ``table``
    lie the days, where the buckets, working minutes of a bucket as a power of two, the last bucket, where the
    intervals, how many).

    - A day is two entries: the working minutes before it, and where its shape lies. A shape holds for each minute of
      a day the working minutes before it; few days differ.
    - A bucket is four entries: the working minute at which another interval begins (``NO_EDGE``; ``MANY_EDGES``: then
      the intervals must be walked), how far instants are ahead of working minutes before it and from it on, and the
      interval in which the bucket begins. Buckets are no longer than the shortest interval, so one edge is the most.
    - An interval is two entries: the working minutes before it, and how far its instants are ahead of them.
    """

    table: Table
    intervals: tuple[tuple[Ints, Ints], ...]  # from and until of each calendar
    day_minutes: Ints  # (calendars,)
    first_day: int
    days: int


def compile_calendars(
    calendars: Sequence[WorkCalendar], first: date, last: date, *, used: Container[int] | None = None
) -> WorkTime:
    """Compile ``calendars`` (numbered from 1) over the days ``first … last``; of those not ``used`` nothing may be
    asked.

    :raises PlanError: a calendar without any working time in the horizon.
    """
    first_day, days = day_number(first), (last - first).days + 1
    wall = np.arange(first_day, first_day + days, dtype=np.int64) * DAY
    tables = [(wall, wall + DAY)]
    for number, calendar in enumerate(calendars, start=1):
        tables.append(intervals_of(calendar, first, days) if used is None or number in used else tables[0])
    return _assemble(tables, first_day, days, [DAY, *(calendar.day_minutes for calendar in calendars)])


def _assemble(tables: list[tuple[Ints, Ints]], first_day: int, days: int, day_minutes: list[int]) -> WorkTime:
    return WorkTime(
        table=table_of(tables, first_day, days),
        intervals=tuple(tables),
        day_minutes=np.array(day_minutes, dtype=np.int64),
        first_day=first_day,
        days=days,
    )


def extended(worktime: WorkTime, more: Sequence[tuple[Ints, Ints]], day_minutes: Sequence[int]) -> WorkTime:
    """The same calendars and, numbered after them, ``more``: intervals in order within the horizon, none over midnight.

    ``day_minutes``: what one working day has in each of ``more``.
    """
    known = [int(m) for m in worktime.day_minutes]
    return _assemble([*worktime.intervals, *more], worktime.first_day, worktime.days, [*known, *day_minutes])


def mirrored(worktime: WorkTime) -> WorkTime:
    """Time run backwards: instant *t* becomes −*t*. The backward pass is the forward pass in this mirror."""
    tables = [(-until[::-1], -from_[::-1]) for from_, until in worktime.intervals]
    return _assemble(
        tables, -(worktime.first_day + worktime.days), worktime.days, [int(m) for m in worktime.day_minutes]
    )


@njit(cache=True, inline="always")
def entry(table, i):  # type: ignore[no-untyped-def]
    """``table[i]`` for an ``i`` that never counts from the end: asking for that costs more than the load."""
    return np.int64(table[np.uint64(i)])


@njit(cache=True)
def work_until(table, c, t):  # type: ignore[no-untyped-def]
    """Working minutes of calendar ``c`` before instant ``t`` (clamped to the horizon)."""
    at = c * 8
    since = t - entry(table, at)
    if c == 0:
        return since
    if since < 0:
        return np.int64(0)
    day = np.int64(np.uint64(since) // np.uint64(1440))
    row, days = entry(table, at + 2), entry(table, at + 1)
    if day >= days:
        return entry(table, row + 2 * days)
    row += 2 * day
    return entry(table, row) + entry(table, entry(table, row + 1) + since - day * 1440)


@njit(cache=True)
def start_at(table, c, w):  # type: ignore[no-untyped-def]
    """Where working minute ``w`` begins."""
    at = c * 8
    if c == 0:
        return w + entry(table, 0)
    row = entry(table, at + 3) + 4 * min(max(w, 0) >> entry(table, at + 4), entry(table, at + 5))
    edge = entry(table, row)
    if edge == MANY_EDGES:
        return w + _walked(table, at, entry(table, row + 3), w)
    return w + entry(table, row + 1 + (w >= edge))


@njit(cache=True)
def _walked(table, at, k, w):  # type: ignore[no-untyped-def]
    """How far instants are ahead of working minutes at ``w``, which lies in interval ``k`` or soon after."""
    intervals, last = entry(table, at + 6), entry(table, at + 7) - 1
    while k < last and entry(table, intervals + 2 * (k + 1)) <= w:
        k += 1
    return entry(table, intervals + 2 * k + 1)


@njit(cache=True)
def finish_at(table, c, w):  # type: ignore[no-untyped-def]
    """Where work of amount ``w`` is finished."""
    if c == 0:
        return w + entry(table, 0)
    if w <= 0:
        return start_at(table, c, w)
    return start_at(table, c, w - 1) + 1
