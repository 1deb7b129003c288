"""Instants as positions in a calendar's own working time, so that samples add and compare plain numbers.

A position is an even number ``2·w``, the evening when *w* working minutes (since the window's beginning) are over, or
an odd one ``2·w + 1``, the morning after it, when minute *w* begins. Between tasks of one calendar a link is then an
addition. From one calendar into another leads a table, made once, with an entry for every stretch of working time in
which no calendar begins or stops: hours begin on the half or the quarter, so tables stay near the processor.

What lies between evening and morning counts as the morning when it bounds from below (``forward``) and as the evening
when it bounds from above (``backward``): the rules of :mod:`..passes`. Calendar 0, in which work never stops, has one
position a minute: even forward, odd backward.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.risk.wide import LANES
from tminus.engines.schedule.worktime import Ints, Table, WorkTime, finish_at, start_at, work_until

Narrow = NDArray[np.int32]
MOST_ENTRIES = 400_000_000

LATEST = 1 << 27
"""Positions lie below it, so that a whole division is a multiplication and a shift by ``POWER``."""

POWER = 38
_POWER = np.uint64(POWER)
_0, _1, _2, _3 = (np.int32(number) for number in range(4))


class Window(NamedTuple):
    """The stretch of time samples may lie in, whole days; by calendar ``work`` minutes before it and ``length`` in it.

    ``grain``: minutes; every calendar begins and stops at multiples of it.
    """

    table: Table
    begin: int
    end: int
    work: Ints
    length: Ints
    grain: int


class Maps(NamedTuple):
    """Tables side by side, of positions of one calendar to those of another. Entry *k* of a table stands for the
    working minutes from ``(k − 1) · grain`` on; the first and the last for what lies before and after all.

    An entry is eight times the position it leads to, and 4 where the other calendar works, too, and 1 more than what
    is to be added at its ``edge``: the first instant of a stretch forward, the last one backward.
    ``forward[a, b]`` and ``backward[a, b]`` are the numbers of the tables from calendar *a* to *b*, −1 where none is
    needed; ``decode[a]`` that of a table of minutes since the window's beginning.
    """

    entries: Narrow
    at: Ints
    last: Ints  # the last position of each
    edge: Narrow
    forward: Narrow
    backward: Narrow
    decode: Narrow
    grain: int
    inverse: int  # 2^POWER / grain, rounded up


def window_of(time: WorkTime, begin: int, end: int) -> Window:
    """The days of the instants ``begin … end``, as far as the calendars are compiled."""
    first, last = time.first_day * 1440, (time.first_day + time.days) * 1440
    begin, end = max(begin // 1440 * 1440, first), min(-(-end // 1440) * 1440, last)
    calendars = range(len(time.day_minutes))
    work = np.array([work_until(time.table, c, begin) for c in calendars], dtype=np.int64)
    until = np.array([work_until(time.table, c, end) for c in calendars], dtype=np.int64)
    return Window(time.table, begin, end, work, until - work, _grain(time))


def _grain(time: WorkTime) -> int:
    edges = [np.gcd.reduce(side, initial=1440) for pair in time.intervals[1:] for side in pair]
    return int(np.gcd.reduce(edges, initial=1440)) if edges else 1440


@njit(cache=True, nogil=True)
def position(window, c, t, backward):  # type: ignore[no-untyped-def]
    """Of instant ``t`` in calendar ``c``, not before the window."""
    return position_in(window.table, c, t, backward, window.begin, window.work[c])


@njit(cache=True, nogil=True)
def position_in(table, c, t, backward, begin, work):  # type: ignore[no-untyped-def]
    """The same, with what it takes of the window: its beginning, the calendar's work before it."""
    if c == 0:
        return 2 * max(t - begin, 0) + backward
    w = work_until(table, c, t)
    odd = t >= start_at(table, c, w) if backward else t > finish_at(table, c, w)
    return max(2 * (w - work) + np.int64(odd), 0)


@njit(cache=True, nogil=True)
def instant_of(window, c, u):  # type: ignore[no-untyped-def]
    """The instant of position ``u``."""
    if c == 0:
        return window.begin + (u >> 1)
    w = window.work[c] + (u >> 1)
    return start_at(window.table, c, w) if u & 1 else finish_at(window.table, c, w)


@njit(cache=True, nogil=True)
def decoded(window, c):  # type: ignore[no-untyped-def]
    """Minutes since the window's beginning of every position of ``c`` (of every minute of calendar 0)."""
    length = window.length[c]
    if c == 0:
        return np.arange(length + 1).astype(np.int32)
    out = np.empty(2 * length + 2, dtype=np.int32)
    for u in range(len(out)):
        out[u] = _minute(window, c, u)
    return out


@njit(cache=True, nogil=True)
def _minute(window, c, u):  # type: ignore[no-untyped-def]
    return min(max(instant_of(window, c, u), window.begin), window.end) - window.begin


@njit(cache=True, nogil=True)
def _minutes(window, c):  # type: ignore[no-untyped-def]
    """Minutes since the window's beginning at which every stretch of ``c`` begins; the last: where all is over."""
    grain = window.grain
    out = np.empty(window.length[c] // grain + 2, dtype=np.int32)
    for k in range(1, len(out)):
        out[k] = _minute(window, c, 2 * (k - 1) * grain + 1)
    out[0] = _minute(window, c, 0) - grain  # only its last instant, where nothing is done yet, is ever asked for
    return out


@njit(cache=True, nogil=True)
def _entries(window, minutes, b, backward):  # type: ignore[no-untyped-def]
    """A table into calendar ``b`` of stretches that begin at ``minutes``."""
    out, grain, last = np.empty(len(minutes), dtype=np.int32), window.grain, len(minutes) - 1
    for k in range(len(minutes)):
        begin = window.begin + minutes[k]
        end = begin + grain
        works = 0 < k < last and work_until(window.table, b, end) > work_until(window.table, b, begin)
        step = 2 if works else 0
        edge, inside = (grain, 0) if backward else (0, 1)
        if k == 0:  # only its end
            base, more = position(window, b, end, backward), 0
        elif k == last:  # only its beginning
            base, more = position(window, b, begin, backward), 0
        else:
            base = position(window, b, begin + inside, backward) - step * inside
            more = position(window, b, begin + edge, backward) - step * edge - base
        out[k] = 8 * base + 2 * step + more + 1
    return out


def make_maps(window: Window, forward: NDArray[np.bool_], backward: NDArray[np.bool_], shown: set[int]) -> Maps:
    """Tables for the pairs marked in ``forward`` and ``backward`` (calendars, calendars), decoding those ``shown``.

    :raises PlanError: the calendars and the span of the plan together are too much to hold.
    """
    calendars, grain = len(window.length), window.grain
    _check_size(window, forward, backward)
    numbers = [np.full((calendars, calendars), -1, dtype=np.int32) for _ in range(2)]
    decode = np.full(calendars, -1, dtype=np.int32)
    made: list[tuple[Narrow, int, int]] = []  # entries, from which calendar, edge
    minutes = {a: _minutes(window, a) for a in range(calendars)}
    for number, pairs in enumerate((forward, backward)):
        for a, b in np.argwhere(pairs).tolist():
            numbers[number][a, b] = len(made)
            made.append((_entries(window, minutes[a], b, number), a, number * grain))
    for a in sorted(shown):
        decode[a] = len(made)
        made.append((minutes[a], a, 0))
    lengths = np.array([len(part) for part, _, _ in made], dtype=np.int64)
    return Maps(
        np.concatenate([part for part, _, _ in made]) if made else np.zeros(1, dtype=np.int32),
        np.cumsum(lengths) - lengths,
        np.array([2 * window.length[a] + 1 for _, a, _ in made], dtype=np.int64),
        np.array([edge for _, _, edge in made], dtype=np.int32),
        numbers[0],
        numbers[1],
        decode,
        grain,
        -(-(1 << POWER) // grain),
    )


def _check_size(window: Window, forward: NDArray[np.bool_], backward: NDArray[np.bool_]) -> None:
    needed = int((window.length // window.grain * (forward.sum(axis=1) + backward.sum(axis=1))).sum())
    if needed > MOST_ENTRIES or 2 * int(window.length.max()) >= LATEST:
        raise PlanError(
            f"{len(window.length) - 1} calendars over {(window.end - window.begin) // 1440} days need {needed} table "
            f"entries; allowed: at most {MOST_ENTRIES} and 127 years: fewer calendars or a shorter plan"
        )


@njit(cache=True, nogil=True, inline="always")
def _stretch(u, last, grain, inverse):  # type: ignore[no-untyped-def]
    """The entry of position ``u``, and how many minutes in it lies."""
    x = u if u > _0 else _0
    x = x if x < last else last
    minute = np.int32(np.int32(x + np.int32(grain * _2 - _1)) >> _1)
    k = np.int32((np.uint64(np.uint32(minute)) * inverse) >> _POWER)
    return k, np.int32(np.int32(minute - np.int32(k * grain)) + np.int32(_1 - np.int32(x & _1)))


# A batch of positions is led through a table by three loops: where its entries lie, the entries, what they mean. Apart,
# because look-ups then overlap (six times faster), and each a function, for which see :mod:`.lanes`.


@njit(cache=True, nogil=True)
def stretches(u, offset, first, last, grain, inverse):  # type: ignore[no-untyped-def]
    """Replace positions by the places of their entries in the table beginning at ``first``, and the minutes in."""
    for b in range(LANES):
        k, within = _stretch(u[b], last, grain, inverse)
        offset[b] = within
        u[b] = np.int32(first + k)


@njit(cache=True, nogil=True)
def entries_of(u, entries):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        u[b] = entries[np.uint32(u[b])]


@njit(cache=True, nogil=True)
def positions_of(u, offset, edge):  # type: ignore[no-untyped-def]
    """Replace entries by the positions they lead to."""
    for b in range(LANES):
        word = u[b]
        works = np.int32(-np.int32(np.int32(word >> _2) & _1))
        more = np.int32(np.int32(word & _3) - _1) if offset[b] == edge else _0
        u[b] = np.int32(np.int32(np.int32(word >> _3) + np.int32(np.int32(offset[b] * _2) & works)) + more)


@njit(cache=True, nogil=True)
def minutes_of(u, offset):  # type: ignore[no-untyped-def]
    """Replace entries of a decoding table by minutes since the window's beginning."""
    for b in range(LANES):
        u[b] = np.int32(u[b] + offset[b])
