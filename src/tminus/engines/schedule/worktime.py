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
SHORTEST, LONGEST = 4, 10
"""Working minutes are found through one entry for every 2^4 to 2^10 of them."""

Ints = NDArray[np.int64]
Table = NDArray[np.int32]


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


HEAD = 8
"""Entries of ``table`` that describe one calendar."""

NO_EDGE = (1 << 31) - 1
MANY_EDGES = -1


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
        shape, within = _shapes(from_, until, first_of_day, edges)
        power = _bucket_power(until - from_)
        buckets = _buckets(work, from_ - work[:-1], power)
        intervals = _pairs(work[:-1], from_ - work[:-1])
        at = used + np.cumsum([0, 2 * len(edges), len(buckets), len(intervals)])
        made = [_pairs(work[first_of_day], shape + at[3]), buckets, intervals, *within]
        head[HEAD * number : HEAD * (number + 1)] = (
            first_day * DAY, days, at[0], at[1], power, len(buckets) // 4 - 1, at[2], len(from_),
        )  # fmt: skip
        parts += made
        used += sum(len(part) for part in made)
    return WorkTime(
        table=np.concatenate(parts).astype(np.int32),
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


def _pairs(first: Ints, second: Ints) -> Ints:
    return np.stack([first, second], axis=1).reshape(-1)


def _bucket_power(lengths: Ints) -> int:
    """The largest power of two that no interval is shorter than, within bounds."""
    return min(max(int(lengths.min()).bit_length() - 1, SHORTEST), LONGEST)


def _buckets(work: Ints, ahead: Ints, power: int) -> Ints:
    begins = np.arange(0, work[-1], 1 << power, dtype=np.int64)
    first = np.searchsorted(work[:-1], begins, side="right") - 1
    last = np.searchsorted(work[:-1], begins + (1 << power) - 1, side="right") - 1
    edge = np.where(last == first, NO_EDGE, np.where(last == first + 1, work[last], MANY_EDGES))
    return np.stack([edge, ahead[first], ahead[last], first], axis=1).reshape(-1)


def _shapes(from_: Ints, until: Ints, first_of_day: Ints, edges: Ints) -> tuple[Ints, list[Ints]]:
    """Where each day's shape begins among this calendar's shapes, and the shapes."""
    shape = np.zeros(len(edges), dtype=np.int64)
    made: list[Ints] = []
    counts = np.diff(first_of_day)
    for count in np.unique(counts):
        days = np.nonzero(counts == count)[0]
        index = first_of_day[days][:, None] + np.arange(count)
        hours = np.stack([from_[index], until[index]], axis=2) - edges[days][:, None, None]
        of = np.zeros(len(days), dtype=np.int64)
        for column in hours.reshape(len(days), -1).T:
            of = np.unique(of * (DAY + 1) + column, return_inverse=True)[1].reshape(-1)
        firsts = np.unique(of, return_index=True)[1]
        shape[days] = (len(made) + of) * DAY
        made += [_work_within(hours[first]) for first in firsts]
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
