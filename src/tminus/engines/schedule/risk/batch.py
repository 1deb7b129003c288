"""Batches of 128 samples: draw, pass forward, pass back, count.

What is summed up over samples is whole numbers, so it is the same in whatever order and on how many threads it is
summed; what is kept of each sample stands at that sample's own place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import Compiled
from tminus.engines.schedule.risk.durations import Work, draw_common, scaled
from tminus.engines.schedule.risk.events import Branches, Drivers, Weather, draw_branches, draw_drivers, draw_weather
from tminus.engines.schedule.risk.lanes import backward, forward
from tminus.engines.schedule.risk.plain import Plain
from tminus.engines.schedule.risk.positions import Narrow, entries_of, minutes_of, position_in, stretches
from tminus.engines.schedule.risk.random_numbers import sample_keys
from tminus.engines.schedule.risk.tally import add_critical, add_last, add_ready, add_whole, first_asked
from tminus.engines.schedule.risk.wide import LANES, greater, least, put, row
from tminus.engines.schedule.worktime import Ints

CHUNK = 1024
"""So many tasks are placed before it is counted what is ready: their rows are still near the processor."""


class Asked(NamedTuple):
    """What is read off: leaves against checkpoints, gates by the checkpoint that first asks for them.

    ``due`` (n,): the first checkpoint by which a leaf is due (their number: none). ``gate`` (n,): where the last
    position of a gate's kind is kept, −1 for what is none; a kind is a calendar and a checkpoint, those after opening
    counted on from the number of checkpoints. ``until`` (groups, calendars, checkpoints): positions of the
    checkpoints' ends. ``known``: by checkpoint as ``kind_checkpoint`` has it, when those that are fixed were done,
    minutes of the window.
    """

    due: Narrow
    gate: Narrow
    kind_calendar: Ints
    kind_checkpoint: Ints
    weight: Ints  # of a leaf in the readiness, in whole parts
    until: Narrow
    checkpoints: int
    known: Narrow
    ended: Ints  # (groups,) the last finish of what is fixed
    default: int  # the calendar spans are told in
    middle: int  # position in it that sums are counted from


class Model(NamedTuple):
    """All that a batch needs."""

    net: Compiled
    work: Work
    drivers: Drivers
    branches: Branches
    weather: Weather
    asked: Asked
    opening: Narrow  # (n,) number of the summary opened at a place; −1: none
    openings: int
    plain: Plain
    sparse: bool  # criticality can be followed from task to task


@njit(cache=True, nogil=True)
def run(model, seed, first, last, samples, deep, room, sums, gates, end, span_out):  # type: ignore[no-untyped-def]
    """Batches ``first … last``. ``gates`` (2 · checkpoints, samples) and ``end`` (samples,): when the gates of each
    checkpoint, and preparation, are done, minutes of the window; ``span_out`` (samples,): the end in working minutes.

    ``deep``: with the pass back and all sums. ``room``: :func:`room_for` it.
    """
    net, asked, work, weather = model.net, model.asked, model.work, model.weather
    n, calendars, k = len(net.calendar), len(net.window.length), asked.checkpoints
    rows, span, late = room[: 2 * n], room[2 * n : 3 * n], room[3 * n :]
    finish, near, peak = rows[:n], np.zeros(n, np.bool_), np.zeros(n, np.int32)
    lanes, valid, t = np.empty(LANES, np.uint32), np.zeros(LANES, np.int32), np.empty(LANES, np.float32)
    sets = len(model.drivers.ptr)
    multiplier, days = np.empty((sets, LANES), np.float32), np.empty((sets, LANES), np.float32)
    common = np.empty((len(work.unit_keys) + 1, LANES), np.float32)
    absent = np.zeros((len(model.branches.keys), LANES), np.bool_)
    chosen = np.full((model.openings, LANES), -1, np.int64)
    tops, ends = np.empty((2, calendars, LANES), np.int32), np.empty((2, calendars, LANES), np.int32)
    reached, whole = np.empty((len(asked.kind_calendar), LANES), np.int32), np.empty(k + 1, np.int64)
    watched, spreads = last_first(net, asked.gate), scaled(work, model.drivers.of)
    due, sure = first_asked(net, asked)
    for batch in range(first, last):
        sample_keys(seed, batch * LANES, lanes)
        count = min(samples - batch * LANES, LANES)
        valid[:count], valid[count:] = -1, 0
        draw_drivers(model.drivers, lanes, multiplier, days)
        draw_branches(model.branches, lanes, absent)
        if len(weather.day_at):
            draw_weather(weather, lanes)
        draw_common(work, lanes, common)
        tops[:], reached[:], whole[:] = 0, 0, 0
        given = (*spreads, lanes, common, multiplier, days, absent)
        for begin in range(0, n, CHUNK):
            until = min(begin + CHUNK, n)
            forward(model, begin, until, given, rows, span, chosen, peak, deep and batch > first, t, sums)
            if deep:
                add_ready(net, asked, begin, until, due, sure, finish, peak, valid, whole, sums.ready)
        note_tops(net, watched, asked.gate, finish, peak, tops, reached)
        keep_gates(net.maps, asked, batch * LANES, count, reached, gates)
        beyond = keep_end(net, asked, batch * LANES, count, tops, ends, end, span_out, t)
        if deep:
            backward(net, model.sparse and not beyond, finish, span, late, ends, chosen, model.opening, near, peak)
            add_critical(net, finish, late, near, valid, sums)
            add_whole(whole, sums.ready)
    if deep and last > first:
        add_last(net, work.planned, weather.of, span, t, valid, sums)


def room_for(n: int, *, deep: bool) -> Narrow:
    """(2 n + n + n, LANES): finishes and starts, spans, and ``deep`` latest finishes.

    Every row begins a line of the processor's cache; numpy asks for large pages when it is given much at once.
    """
    rows, line = (4 if deep else 3) * n, 16
    room = np.empty(rows * LANES + line, dtype=np.int32)
    first = -(room.ctypes.data // 4) % line
    return room[first : first + rows * LANES].reshape(rows, LANES)


@njit(cache=True, nogil=True)
def last_first(net, gate):  # type: ignore[no-untyped-def]
    """Places that may be the last of their group, or are gates; from the last to the first."""
    found, count = np.empty(len(gate), np.int64), 0
    for i in range(len(gate) - 1, -1, -1):
        if not net.fixed[i] and net.group[i] >= 0 and (net.ends[i] or gate[i] >= 0):
            found[count] = i
            count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def note_tops(net, watched, gate, finish, peak, tops, reached):  # type: ignore[no-untyped-def]
    """The last position of each group in each calendar, and of each kind of gate. Of what comes last first, so that
    most others can be seen to make no difference by their ``peak`` (n,), the last finish in any lane."""
    group, calendar, ends = net.group, net.calendar, net.ends
    floor, floors = np.zeros(tops.shape[:2], np.int32), np.zeros(len(reached), np.int32)
    for i in watched:
        g, c = group[i], calendar[i]
        if ends[i] and peak[i] > floor[g, c]:
            floor[g, c] = _raised(tops[g], c, finish, i)
        if gate[i] >= 0 and peak[i] > floors[gate[i]]:
            floors[gate[i]] = _raised(reached, gate[i], finish, i)


@njit(cache=True, nogil=True)
def _raised(rows, into, finish, i):  # type: ignore[no-untyped-def]
    """Raise the lanes of row ``into`` to task ``i``'s; the least of them."""
    x = greater(row(rows, into), row(finish, i))
    put(rows, into, x)
    return least(x)


@njit(cache=True, nogil=True)
def keep_gates(maps, asked, first, count, reached, gates):  # type: ignore[no-untyped-def]
    """Keep when the gates of each checkpoint are done, those of the ones before it included."""
    k, of, calendar = asked.checkpoints, asked.kind_checkpoint, asked.kind_calendar
    entries, decode, at, last = maps.entries, maps.decode, maps.at, maps.last
    grain, inverse = np.int32(maps.grain), np.uint64(maps.inverse)
    found, offset = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    for g in range(2 * k):
        _known(gates, g, first, count, asked.known[g])
    for kind in range(len(reached)):
        number = decode[calendar[kind]]
        found[:] = reached[kind]
        stretches(found, offset, np.int32(at[number]), np.int32(last[number]), grain, inverse)
        entries_of(found, entries)
        minutes_of(found, offset)
        _later(gates, of[kind], first, count, found)
    for g in range(2 * k):
        if g % k:
            _carried(gates, g, first, count)


# Indices that cannot count from the end, and no slices: a loop then takes many lanes at once.


@njit(cache=True, nogil=True)
def _known(gates, row, first, count, known):  # type: ignore[no-untyped-def]
    g = np.uint64(row)
    for b in range(np.uint64(first), np.uint64(first + count)):
        gates[g, b] = known


@njit(cache=True, nogil=True)
def _later(gates, row, first, count, found):  # type: ignore[no-untyped-def]
    g, from_ = np.uint64(row), np.uint64(first)
    for b in range(np.uint64(count)):
        gates[g, from_ + b] = max(gates[g, from_ + b], found[b])


@njit(cache=True, nogil=True)
def _carried(gates, row, first, count):  # type: ignore[no-untyped-def]
    g, before = np.uint64(row), np.uint64(row - 1)
    for b in range(np.uint64(first), np.uint64(first + count)):
        gates[g, b] = max(gates[g, b], gates[before, b])


@njit(cache=True, nogil=True)
def keep_end(net, asked, first, count, tops, ends, end, span_out, t):  # type: ignore[no-untyped-def]
    """Keep when preparation is done, and turn the last finishes into the bounds of the pass back, ``ends``; whether
    any lies beyond the window, where it is held."""
    window, beyond = net.window, False
    found, offset, last = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int64)
    at = np.empty(LANES, np.int32)
    maps, grain, inverse = net.maps, np.int32(net.maps.grain), np.uint64(net.maps.inverse)
    for group in range(2):
        last[:] = asked.ended[group]
        for c in net.calendars:
            beyond |= tops[group, c].max() > 2 * window.length[c]
            found[:], number = tops[group, c], maps.decode[c]
            stretches(found, offset, np.int32(maps.at[number]), np.int32(maps.last[number]), grain, inverse)
            entries_of(found, maps.entries)
            minutes_of(found, offset)
            for b in range(LANES):
                last[b] = max(last[b], np.int64(found[b]))
        for c in net.calendars:
            _positions(ends[group, c], window.table, c, last, 1, window.begin, window.work[c])
        if group == 0:
            _positions(at, window.table, asked.default, last, 0, window.begin, window.work[asked.default])
            for b in range(LANES):
                w = np.int64(at[b] >> 1)
                t[b] = np.float32(w - asked.middle)
                if b < count:
                    end[first + b] = last[b]
                    span_out[first + b] = w
    return beyond


@njit(cache=True, nogil=True)
def _positions(out, table, calendar, last, backward, begin, work):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        out[b] = position_in(table, calendar, begin + last[b], backward, begin, work)
