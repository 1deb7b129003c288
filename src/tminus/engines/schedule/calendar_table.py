"""Calendars laid out for look-ups: their working intervals over a horizon, and the entries that lead to them.

What the entries mean: :class:`.worktime.WorkTime`. A horizon of decades has tens of thousands of days, and plans are
compiled as often as they are changed; so each calendar is one compiled loop over its days and one over its intervals.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import DayHours, PlanError, WorkCalendar

DAY = 1440
SHORTEST, LONGEST = 4, 10
"""Working minutes are found through one entry for every 2^4 to 2^10 of them."""

HEAD = 8
"""Entries of a table that describe one calendar."""

NO_EDGE = (1 << 31) - 1
MANY_EDGES = -1
FIRST_ORDINAL = date(1970, 1, 1).toordinal()

Ints = NDArray[np.int64]
Table = NDArray[np.int32]


def intervals_of(calendar: WorkCalendar, first: date, days: int) -> tuple[Ints, Ints]:
    """From and until of every working interval of ``days`` days from ``first``, in minutes since the epoch.

    :raises PlanError: there is none.
    """
    pattern: dict[DayHours, int] = {}
    week = [pattern.setdefault(hours, len(pattern)) for hours in calendar.week]
    start = first.toordinal()
    of_day = np.tile(np.roll(np.array(week, dtype=np.int64), -first.weekday()), days // 7 + 1)[:days]
    known = np.array([day.toordinal() - start for day in calendar.exceptions], dtype=np.int64)
    said = np.array([pattern.setdefault(hours, len(pattern)) for hours in calendar.exceptions.values()], dtype=np.int64)
    inside = (known >= 0) & (known < days)
    of_day[known[inside]] = said[inside]
    ptr = np.cumsum([0, *(len(hours) for hours in pattern)])
    flat = np.array([hour for hours in pattern for hour in hours], dtype=np.int64).reshape(-1, 2)
    from_, until = _spread(of_day, ptr, flat, (start - FIRST_ORDINAL) * DAY)
    if not len(from_):
        raise PlanError(f"calendar {calendar.id!r} has no working time; allowed: at least one working interval")
    return from_, until


@njit(cache=True)
def _spread(of_day, ptr, hours, first):  # type: ignore[no-untyped-def]
    """The hours of each day, one after another."""
    count = 0
    for pattern in of_day:
        count += ptr[pattern + 1] - ptr[pattern]
    from_, until = np.empty(count, dtype=np.int64), np.empty(count, dtype=np.int64)
    at, midnight = 0, first
    for pattern in of_day:
        for k in range(ptr[pattern], ptr[pattern + 1]):
            from_[at], until[at] = midnight + hours[k, 0], midnight + hours[k, 1]
            at += 1
        midnight += 1440
    return from_, until


def table_of(intervals: Sequence[tuple[Ints, Ints]], first_day: int, days: int) -> Table:
    """All calendars in one array; the first of ``intervals`` is the clock on the wall and takes no entries, nor does
    any other calendar that is the very same intervals: one nobody asks.

    ``intervals``: in order within the horizon of ``days`` from day ``first_day``, none over midnight.
    """
    wall = intervals[0]
    sketches = [
        (number, from_, _bucket_power(until - from_), _sketched(from_, until, first_day, days), until)
        for number, (from_, until) in enumerate(intervals)
        if from_ is not wall[0]
    ]
    head = np.zeros(HEAD * len(intervals), dtype=np.int32)
    head[:2] = first_day * DAY, days
    places, used = [], len(head)
    for number, from_, power, (work, _, _, example), _ in sketches:
        buckets = -(-int(work[-1]) >> power)
        at = used + np.cumsum([0, 2 * (days + 1), 4 * buckets, 2 * len(from_), len(example) * DAY])
        head[HEAD * number : HEAD * (number + 1)] = (
            first_day * DAY, days, at[0], at[1], power, buckets - 1, at[2], len(from_),
        )  # fmt: skip
        places.append(at)
        used = int(at[4])
    table = np.empty(used, dtype=np.int32)
    table[: len(head)] = head
    for at, (_, from_, power, (work, of_day, shape, example), until) in zip(places, sketches, strict=True):
        _lay_out(table, at, from_, until, work, of_day, shape, example, first_day, power)
    return table


def _bucket_power(lengths: Ints) -> int:
    """The largest power of two that no interval is shorter than, within bounds."""
    return min(max(int(lengths.min()).bit_length() - 1, SHORTEST), LONGEST)


@njit(cache=True)
def _sketched(from_, until, first_day, days):  # type: ignore[no-untyped-def]
    """The working minutes before each interval and of all, the first interval of each day, the shape of each day, a
    day of each shape."""
    n = len(from_)
    work = np.zeros(n + 1, dtype=np.int64)
    for k in range(n):
        work[k + 1] = work[k] + until[k] - from_[k]
    of_day = _first_of_days(from_, first_day, days)
    shape, example = _shapes(from_, until, of_day, days)
    return work, of_day, shape, example


@njit(cache=True)
def _lay_out(table, at, from_, until, work, of_day, shape, example, first_day, power):  # type: ignore[no-untyped-def]
    """Fill in the entries of one calendar; ``at``: where its days, buckets, intervals and shapes begin, and its end."""
    for day in range(len(of_day)):
        entry = at[0] + 2 * day
        table[entry], table[entry + 1] = work[of_day[day]], at[3] + shape[day] * 1440
    _fill_buckets(table[at[1] : at[2]], work, from_, power)
    for k in range(len(from_)):
        entry = at[2] + 2 * k
        table[entry], table[entry + 1] = work[k], from_[k] - work[k]
    for number in range(len(example)):
        begin, day = at[3] + number * 1440, example[number]
        _fill_shape(table[begin : begin + 1440], from_, until, of_day[day], of_day[day + 1], (first_day + day) * 1440)


@njit(cache=True)
def _first_of_days(from_, first_day, days):  # type: ignore[no-untyped-def]
    """The first interval on or after each day; one day more, for the end."""
    of_day = np.empty(days + 1, dtype=np.int64)
    k = 0
    for day in range(days + 1):
        midnight = (first_day + day) * 1440
        while k < len(from_) and from_[k] < midnight:
            k += 1
        of_day[day] = k
    return of_day


@njit(cache=True)
def _shapes(from_, until, of_day, days):  # type: ignore[no-untyped-def]
    """The number of each day's shape, and a day of each: what a week ago was is tried first, then the others."""
    shape = np.zeros(days + 1, dtype=np.int64)
    example = np.empty(days, dtype=np.int64)
    count = 0
    for day in range(days):
        if day >= 7 and _same_hours(from_, until, of_day, day, day - 7):
            shape[day] = shape[day - 7]
            continue
        number = 0
        while number < count and not _same_hours(from_, until, of_day, day, example[number]):
            number += 1
        if number == count:
            example[count] = day
            count += 1
        shape[day] = number
    return shape, example[:count]


@njit(cache=True)
def _same_hours(from_, until, of_day, day, other):  # type: ignore[no-untyped-def]
    a, b, apart = of_day[day], of_day[other], (day - other) * 1440
    count = of_day[day + 1] - a
    same = of_day[other + 1] - b == count
    k = 0
    while same and k < count:  # a loop that returns from its middle takes 20 times as long
        same = from_[a + k] - from_[b + k] == apart and until[a + k] - until[b + k] == apart
        k += 1
    return same


@njit(cache=True)
def _fill_buckets(table, work, from_, power):  # type: ignore[no-untyped-def]
    n = len(from_)
    first = last = 0
    for number in range(len(table) // 4):
        begin = number << power
        end = begin + (1 << power) - 1
        while first + 1 < n and work[first + 1] <= begin:
            first += 1
        while last + 1 < n and work[last + 1] <= end:
            last += 1
        at = 4 * number
        table[at] = NO_EDGE if last == first else work[last] if last == first + 1 else MANY_EDGES
        table[at + 1], table[at + 2], table[at + 3] = from_[first] - work[first], from_[last] - work[last], first


@njit(cache=True)
def _fill_shape(table, from_, until, first, last, midnight):  # type: ignore[no-untyped-def]
    """For each minute of a day the working minutes before it."""
    done, minute = 0, 0
    for k in range(first, last):
        while minute < from_[k] - midnight:
            table[minute] = done
            minute += 1
        while minute < until[k] - midnight:
            table[minute] = done
            minute += 1
            done += 1
    while minute < 1440:
        table[minute] = done
        minute += 1
