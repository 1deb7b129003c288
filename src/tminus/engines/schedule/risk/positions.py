"""Instants as positions in a calendar's own working time, so that samples add and compare plain numbers.

A position is an even number ``2·w``, the evening when *w* working minutes (since the window's beginning) are over, or
an odd one ``2·w + 1``, the morning after it, when minute *w* begins. Between tasks of one calendar a link is then an
addition. From one calendar into another leads a table with an entry for every position: the instant is looked up
once, when the table is made, and not for every sample.

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
from tminus.engines.schedule.worktime import Ints, Table, WorkTime, entry, finish_at, start_at, work_until

Narrow = NDArray[np.int32]
MOST_ENTRIES = 400_000_000


class Window(NamedTuple):
    """The stretch of time samples may lie in; by calendar ``work`` minutes before it and ``length`` minutes in it."""

    table: Table
    begin: int
    end: int
    work: Ints
    length: Ints


class Maps(NamedTuple):
    """Tables side by side: of positions (shifted right by ``shift``) of one calendar to those of another.

    ``forward[a, b]`` and ``backward[a, b]`` are the numbers of the tables from calendar *a* to *b*, −1 where none is
    needed; ``decode[a]`` leads from positions to minutes since the window's beginning.
    """

    entries: Narrow
    at: Ints
    last: Ints  # the last entry of each
    shift: Narrow
    forward: Narrow
    backward: Narrow
    decode: Narrow


def window_of(time: WorkTime, begin: int, end: int) -> Window:
    """Instants ``begin … end``, as far as the calendars are compiled."""
    first, last = time.first_day * 1440, (time.first_day + time.days) * 1440
    begin, end = max(begin, first), min(end, last)
    calendars = range(len(time.day_minutes))
    work = np.array([work_until(time.table, c, begin) for c in calendars], dtype=np.int64)
    until = np.array([work_until(time.table, c, end) for c in calendars], dtype=np.int64)
    return Window(time.table, begin, end, work, until - work)


@njit(cache=True, nogil=True)
def position(window, c, t, backward):  # type: ignore[no-untyped-def]
    """Of instant ``t`` in calendar ``c``, not before the window."""
    if c == 0:
        return 2 * max(t - window.begin, 0) + backward
    w = work_until(window.table, c, t)
    odd = t >= start_at(window.table, c, w) if backward else t > finish_at(window.table, c, w)
    return max(2 * (w - window.work[c]) + np.int64(odd), 0)


@njit(cache=True, nogil=True)
def instant_of(window, c, u):  # type: ignore[no-untyped-def]
    """The instant of position ``u``."""
    if c == 0:
        return window.begin + (u >> 1)
    w = window.work[c] + (u >> 1)
    return start_at(window.table, c, w) if u & 1 else finish_at(window.table, c, w)


@njit(cache=True, nogil=True)
def _decoded(window, c):  # type: ignore[no-untyped-def]
    """Minutes since the window's beginning of every position of ``c`` (of every minute of calendar 0)."""
    length = window.length[c]
    if c == 0:
        return np.arange(length + 1).astype(np.int32)
    out = np.empty(2 * length + 2, dtype=np.int32)
    for u in range(len(out)):
        out[u] = min(max(instant_of(window, c, u), window.begin), window.end) - window.begin
    return out


@njit(cache=True, nogil=True)
def _by_minute(window, c, backward):  # type: ignore[no-untyped-def]
    """The position in ``c`` of every minute of the window."""
    length = window.end - window.begin
    out = np.empty(length + 1, dtype=np.int32)
    if c == 0:
        for t in range(length + 1):
            out[t] = 2 * t + backward
        return out
    table, begin, before = window.table, window.begin, window.work[c]
    for t in range(length + 1):
        w = work_until(table, c, begin + t)
        odd = begin + t >= start_at(table, c, w) if backward else begin + t > finish_at(table, c, w)
        out[t] = 2 * (w - before) + np.int64(odd)
    return out


def make_maps(window: Window, forward: NDArray[np.bool_], backward: NDArray[np.bool_], shown: set[int]) -> Maps:
    """Tables for the pairs marked in ``forward`` and ``backward`` (calendars, calendars), decoding those ``shown``.

    :raises PlanError: the calendars and the span of the plan together are too much to hold.
    """
    calendars = len(window.length)
    _check_size(window, forward, backward)
    numbers = [np.full((calendars, calendars), -1, dtype=np.int32) for _ in range(2)]
    decode = np.full(calendars, -1, dtype=np.int32)
    parts: list[Narrow] = []
    shifts: list[int] = []
    sources = {int(a) for pairs in (forward, backward) for a in np.nonzero(pairs.any(axis=1))[0]} | shown
    decoded = {a: _decoded(window, a) for a in sorted(sources)}
    for number, pairs in enumerate((forward, backward)):
        for b in np.nonzero(pairs.any(axis=0))[0].tolist():
            by_minute = _by_minute(window, b, number)
            for a in np.nonzero(pairs[:, b])[0].tolist():
                numbers[number][a, b] = len(parts)
                parts.append(by_minute[decoded[a]])
                shifts.append(int(a == 0))
    for a in sorted(shown):
        decode[a] = len(parts)
        parts.append(decoded[a])
        shifts.append(int(a == 0))
    lengths = np.array([len(part) for part in parts], dtype=np.int64)
    at = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if parts else np.zeros(0, dtype=np.int64)
    entries = np.concatenate(parts) if parts else np.zeros(1, dtype=np.int32)
    return Maps(entries, at, lengths - 1, np.array(shifts, dtype=np.int32), numbers[0], numbers[1], decode)


def _check_size(window: Window, forward: NDArray[np.bool_], backward: NDArray[np.bool_]) -> None:
    needed = int((window.length * 2 * (forward.sum(axis=1) + backward.sum(axis=1))).sum())
    if needed > MOST_ENTRIES:
        raise PlanError(
            f"{len(window.length) - 1} calendars over {(window.end - window.begin) // 1440} days need {needed} table "
            f"entries; allowed: at most {MOST_ENTRIES}: fewer calendars or a shorter plan"
        )


@njit(cache=True, nogil=True, inline="always")
def mapped(maps, number, u):  # type: ignore[no-untyped-def]
    """Position ``u`` through table ``number``; what lies outside is held at its ends."""
    k = min(max(np.int64(u), 0) >> maps.shift[number], maps.last[number])
    return entry(maps.entries, maps.at[number] + k)
