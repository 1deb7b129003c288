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
BUCKET = 8  # working minutes are found through one entry for every 2^8 of them

Ints = NDArray[np.int64]


def minutes(at: datetime) -> int:
    """Minutes since the epoch; seconds are dropped."""
    delta = at - EPOCH
    return delta.days * DAY + delta.seconds // 60


def instant(at: int) -> datetime:
    return EPOCH + timedelta(minutes=int(at))


def day_number(day: date) -> int:
    return (day - EPOCH.date()).days


@dataclass(frozen=True, slots=True)
class WorkTime:
    """Calendars side by side over one horizon; calendar 0 is the clock on the wall (work never stops).

    ``head[c]`` = (first day, days, offset of its day table, offset of its intervals, intervals, offset of its
    buckets, buckets); a calendar's day table holds the first interval of each day and the working minutes before it.
    """

    head: Ints  # (calendars, 7)
    day_first: Ints
    day_work: Ints
    from_: Ints
    until: Ints
    work: Ints  # working minutes before each interval
    bucket: Ints
    day_minutes: Ints  # (calendars,)
    first_day: int
    days: int

    @property
    def arrays(self) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints, Ints]:
        return (self.head, self.day_first, self.day_work, self.from_, self.until, self.work, self.bucket)


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
    head = np.zeros((len(tables), 7), dtype=np.int64)
    day_first, day_work, works, buckets = [], [], [], []
    offsets = [0, 0, 0]
    edges = (np.arange(days + 1, dtype=np.int64) + first_day) * DAY
    for number, (from_, until) in enumerate(tables):
        work = np.concatenate([[0], np.cumsum(until - from_)]).astype(np.int64)
        first_of_day = np.searchsorted(from_, edges)
        bucket = np.searchsorted(work, np.arange(0, work[-1] + 1, 1 << BUCKET), side="right") - 1
        head[number] = (first_day, days, offsets[0], offsets[1], len(from_), offsets[2], len(bucket))
        day_first.append(first_of_day)
        day_work.append(work[first_of_day])
        works.append(work[:-1])
        buckets.append(np.minimum(bucket, len(from_) - 1))
        offsets = [offsets[0] + days + 1, offsets[1] + len(from_), offsets[2] + len(bucket)]
    joined = [np.concatenate(part).astype(np.int64) for part in (day_first, day_work, works, buckets)]
    return WorkTime(
        head=head,
        day_first=joined[0],
        day_work=joined[1],
        from_=np.concatenate([table[0] for table in tables]),
        until=np.concatenate([table[1] for table in tables]),
        work=joined[2],
        bucket=joined[3],
        day_minutes=np.array(day_minutes, dtype=np.int64),
        first_day=first_day,
        days=days,
    )


def mirrored(worktime: WorkTime) -> WorkTime:
    """Time run backwards: instant *t* becomes −*t*. The backward pass is the forward pass in this mirror."""
    tables = []
    for number in range(len(worktime.head)):
        start = worktime.head[number, 3]
        stop = start + worktime.head[number, 4]
        tables.append((-worktime.until[start:stop][::-1], -worktime.from_[start:stop][::-1]))
    return _assemble(
        tables, -(worktime.first_day + worktime.days), worktime.days, [int(m) for m in worktime.day_minutes]
    )


@njit(cache=True, inline="always")
def work_until(head, day_first, day_work, from_, until, work, c, t):  # type: ignore[no-untyped-def]
    """Working minutes of calendar ``c`` before instant ``t`` (clamped to the horizon)."""
    if c == 0:
        return t - head[0, 0] * 1440
    first, days, days_at, at = head[c, 0], head[c, 1], head[c, 2], head[c, 3]
    day = (t - first * 1440) // 1440
    if day < 0:
        return 0
    if day >= days:
        return day_work[days_at + days]
    total = day_work[days_at + day]
    for k in range(at + day_first[days_at + day], at + day_first[days_at + day + 1]):
        if t <= from_[k]:
            break
        total += min(t, until[k]) - from_[k]
    return total


@njit(cache=True, inline="always")
def start_at(head, from_, until, work, bucket, c, w):  # type: ignore[no-untyped-def]
    """Where working minute ``w`` begins."""
    if c == 0:
        return w + head[0, 0] * 1440
    at, last = head[c, 3], head[c, 3] + head[c, 4] - 1
    b = min(max(w, 0) >> 8, head[c, 6] - 1)
    k = at + bucket[head[c, 5] + b]
    while k < last and work[k + 1] <= w:
        k += 1
    return from_[k] + (w - work[k])


@njit(cache=True, inline="always")
def finish_at(head, from_, until, work, bucket, c, w):  # type: ignore[no-untyped-def]
    """Where work of amount ``w`` is finished."""
    if c == 0:
        return w + head[0, 0] * 1440
    if w <= 0:
        return start_at(head, from_, until, work, bucket, c, w)
    return start_at(head, from_, until, work, bucket, c, w - 1) + 1
