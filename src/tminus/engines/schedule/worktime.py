"""Calendars compiled to arrays, and the three questions asked of them a million times.

An instant is an ``int`` of minutes since 1970-01-01 00:00, plan-local. Working time of a calendar is counted from
the start of the compiled horizon. ``work_until`` maps an instant to working minutes; it is monotone, and each
working minute *w* has two instants: where it can begin (``start_at``, after a night: next morning) and where work
of amount *w* is finished (``finish_at``: the evening before). ``work_until`` of either is *w* again: the
round-trip law of the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import PlanError, WorkCalendar

DAY = 1440
EPOCH = datetime(1970, 1, 1)
BUCKET = 5  # working minutes are found through one entry for every 2^5 of them: hardly ever a step from there

Ints = NDArray[np.int64]


def minutes(at: datetime) -> int:
    """Minutes since the epoch; seconds are dropped."""
    delta = at - EPOCH
    return delta.days * DAY + delta.seconds // 60


def instant(at: int) -> datetime:
    return EPOCH + timedelta(minutes=int(at))


def day_number(day: date) -> int:
    return (day - EPOCH.date()).days


HEAD = 9
"""Entries of ``table`` that describe one calendar."""


@dataclass(frozen=True, slots=True)
class WorkTime:
    """Calendars side by side over one horizon; calendar 0 is the clock on the wall (work never stops).

    Everything lies in one array, because a compiled loop pays for each array it hands on. ``table[9·c …]`` =
    (first minute, days, and where in ``table`` lie: the working minutes before each day; the shape of each day; where
    each interval begins; the working minutes before each interval; intervals; the interval in which every 2^5-th
    working minute lies; how many of those). A shape holds for each minute of a day the working minutes before it;
    there are few, so they stay near the processor and no question takes a loop.
    """

    table: Ints
    intervals: tuple[tuple[Ints, Ints], ...]  # from and until of each calendar
    day_minutes: Ints  # (calendars,)
    first_day: int
    days: int


def compile_calendars(calendars: Sequence[WorkCalendar], first: date, last: date) -> WorkTime:
    """Compile ``calendars`` (numbered from 1) over the days ``first … last``.

    :raises PlanError: a calendar without any working time in the horizon.
    """
    first_day, days = day_number(first), (last - first).days + 1
    wall = np.arange(first_day, first_day + days, dtype=np.int64) * DAY
    tables = [(wall, wall + DAY)] + [_intervals(calendar, first, days) for calendar in calendars]
    return _assemble(tables, first_day, days, [DAY, *(calendar.day_minutes for calendar in calendars)])


def _intervals(calendar: WorkCalendar, first: date, days: int) -> tuple[Ints, Ints]:
    first_day = day_number(first)
    weekday = (np.arange(days) + first.weekday()) % 7
    changed = {day_number(day) - first_day: hours for day, hours in calendar.exceptions.items()}
    plain = np.ones(days, dtype=bool)
    plain[[day for day in changed if 0 <= day < days]] = False
    starts, ends = [], []
    for number, hours in enumerate(calendar.week):
        base = (np.nonzero(plain & (weekday == number))[0] + first_day) * DAY
        for start, until in hours:
            starts.append(base + start)
            ends.append(base + until)
    for day, hours in changed.items():
        if 0 <= day < days:
            for start, until in hours:
                starts.append(np.array([(day + first_day) * DAY + start]))
                ends.append(np.array([(day + first_day) * DAY + until]))
    if not starts or not sum(len(part) for part in starts):
        raise PlanError(f"calendar {calendar.id!r} has no working time; allowed: at least one working interval")
    from_, until_ = np.concatenate(starts).astype(np.int64), np.concatenate(ends).astype(np.int64)
    order = np.argsort(from_, kind="stable")
    return from_[order], until_[order]


def _assemble(tables: list[tuple[Ints, Ints]], first_day: int, days: int, day_minutes: list[int]) -> WorkTime:
    edges = (np.arange(days + 1, dtype=np.int64) + first_day) * DAY
    head = np.zeros(HEAD * len(tables), dtype=np.int64)
    head[:2] = first_day * DAY, days
    parts, used = [head], len(head)
    for number, (from_, until) in enumerate(tables[1:], start=1):
        work = np.concatenate([[0], np.cumsum(until - from_)]).astype(np.int64)
        first_of_day = np.searchsorted(from_, edges)
        bucket = np.searchsorted(work, np.arange(0, work[-1] + 1, 1 << BUCKET), side="right") - 1
        shape, within = _shapes(from_, until, first_of_day, edges)
        made = [work[first_of_day], shape, from_, work[:-1], np.minimum(bucket, len(from_) - 1), *within]
        at = used + np.concatenate([[0], np.cumsum([len(part) for part in made])])
        made[1] = shape + at[5]
        counts = (len(from_), at[4], len(bucket))
        head[HEAD * number : HEAD * (number + 1)] = (first_day * DAY, days, *at[:4], *counts)
        parts += made
        used = int(at[-1])
    return WorkTime(
        table=np.concatenate(parts).astype(np.int64),
        intervals=tuple(tables),
        day_minutes=np.array(day_minutes, dtype=np.int64),
        first_day=first_day,
        days=days,
    )


def _shapes(from_: Ints, until: Ints, first_of_day: Ints, edges: Ints) -> tuple[Ints, list[Ints]]:
    """Where each day's shape begins among this calendar's shapes, and the shapes."""
    shape = np.zeros(len(edges), dtype=np.int64)
    made: list[Ints] = []
    counts = np.diff(first_of_day)
    for count in np.unique(counts):
        days = np.nonzero(counts == count)[0]
        index = first_of_day[days][:, None] + np.arange(count)
        hours = np.stack([from_[index], until[index]], axis=2) - edges[days][:, None, None]
        kinds, of = np.unique(hours.reshape(len(days), -1), axis=0, return_inverse=True)
        shape[days] = (len(made) + of.reshape(-1)) * DAY
        made += [_work_within(kind.reshape(-1, 2)) for kind in kinds]
    return shape, made


def _work_within(hours: Ints) -> Ints:
    """For each minute of a day with these ``hours`` (intervals, 2), the working minutes before it."""
    working = np.zeros(DAY, dtype=np.int64)
    for start, stop in hours:
        working[start:stop] = 1
    return np.cumsum(working) - working


def mirrored(worktime: WorkTime) -> WorkTime:
    """Time run backwards: instant *t* becomes −*t*. The backward pass is the forward pass in this mirror."""
    tables = [(-until[::-1], -from_[::-1]) for from_, until in worktime.intervals]
    return _assemble(
        tables, -(worktime.first_day + worktime.days), worktime.days, [int(m) for m in worktime.day_minutes]
    )


@njit(cache=True)
def work_until(table, c, t):  # type: ignore[no-untyped-def]
    """Working minutes of calendar ``c`` before instant ``t`` (clamped to the horizon)."""
    at = c * 9
    since = t - table[at]
    if c == 0:
        return since
    day = since // 1440
    if day < 0:
        return 0
    if day >= table[at + 1]:
        return table[table[at + 2] + table[at + 1]]
    return table[table[at + 2] + day] + table[table[table[at + 3] + day] + since - day * 1440]


@njit(cache=True)
def start_at(table, c, w):  # type: ignore[no-untyped-def]
    """Where working minute ``w`` begins."""
    at = c * 9
    if c == 0:
        return w + table[0]
    b = min(max(w, 0) >> 5, table[at + 8] - 1)
    k = table[table[at + 7] + b]
    work, last = table[at + 5], table[at + 6] - 1
    while k < last and table[work + k + 1] <= w:
        k += 1
    return table[table[at + 4] + k] + w - table[work + k]


@njit(cache=True)
def finish_at(table, c, w):  # type: ignore[no-untyped-def]
    """Where work of amount ``w`` is finished."""
    if c == 0:
        return w + table[0]
    if w <= 0:
        return start_at(table, c, w)
    return start_at(table, c, w - 1) + 1
