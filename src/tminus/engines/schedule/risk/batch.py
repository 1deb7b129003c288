"""Batches of 128 samples: draw, pass forward, pass back, count.

What is summed up over samples is whole numbers, so it is the same in whatever order and on how many threads it is
summed; what is kept of each sample stands at that sample's own place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.risk.compiled import Compiled
from tminus.engines.schedule.risk.correlation import joined
from tminus.engines.schedule.risk.events import Branches, Drivers, Weather, draw_branches, draw_drivers, draw_weather
from tminus.engines.schedule.risk.lanes import backward, forward, through
from tminus.engines.schedule.risk.positions import Narrow, mapped, position
from tminus.engines.schedule.risk.random_numbers import LANES, Keys, sample_keys, uniform
from tminus.engines.schedule.risk.spreads import CONSTANT, TRIANGLE, Floats, Spreads, looked_up, triangle
from tminus.engines.schedule.worktime import Ints

_HALF, _ONE, _LONGEST = np.float32(0.5), np.float32(1), np.float32(1 << 23)


class Work(NamedTuple):
    """Durations by place: spreads in minutes, the unit each belongs to, what drivers' days are worth."""

    spreads: Spreads
    keys: Keys
    unit: Narrow  # −1: nobody's
    unit_keys: Keys
    weight: Floats  # (units,) of the common factor
    factor: Floats  # of a scenario
    day: Floats  # working minutes of one day
    planned: Ints  # minutes


class Asked(NamedTuple):
    """What is read off: leaves against checkpoints, gates by the checkpoint that first asks for them.

    ``due`` (n,): the first checkpoint by which a leaf is due (their number: none); ``gate``: likewise, −1 for what is
    none, after opening counted on from the number of checkpoints. ``until`` (groups, calendars, checkpoints):
    positions of the checkpoints' ends. ``known``: when those that are
    fixed were done, by ``gate``; minutes of the window.
    """

    due: Narrow
    gate: Narrow
    weight: Ints  # of a leaf in the readiness, in whole parts
    until: Narrow
    checkpoints: int
    known: Ints
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


class Sums(NamedTuple):
    """Over all samples. Durations and ends are less their planned ones, in minutes."""

    critical: Ints  # (n,) samples
    duration: Ints
    square: Ints
    product: Ints
    ready: Ints  # (checkpoints,) weighted


def no_sums(n: int, checkpoints: int) -> Sums:
    critical, duration, square, product = (np.zeros(n, dtype=np.int64) for _ in range(4))
    return Sums(critical, duration, square, product, np.zeros(checkpoints, dtype=np.int64))


@njit(cache=True, nogil=True)
def run(model, seed, first, last, samples, deep, sums, gates, end, span_out):  # type: ignore[no-untyped-def]
    """Batches ``first … last``. ``gates`` (2 · checkpoints, samples) and ``end`` (samples,): when the gates of each
    checkpoint, and preparation, are done, minutes of the window; ``span_out`` (samples,): the end in working minutes.

    ``deep``: with the pass back and all sums.
    """
    net, asked, work = model.net, model.asked, model.work
    n, calendars, k = len(net.calendar), len(net.window.length), asked.checkpoints
    finish, span, late = _scratch(n)
    lanes, valid = np.empty(LANES, np.uint32), np.zeros(LANES, np.int32)
    sets = len(model.drivers.ptr)
    multiplier, days = np.empty((sets, LANES), np.float32), np.empty((sets, LANES), np.float32)
    common = np.empty((len(work.weight) + 1, LANES), np.float32)
    absent = np.zeros((len(model.branches.keys), LANES), np.bool_)
    chosen = np.full((model.openings, LANES), -1, np.int64)
    tops, ends = np.empty((2, calendars, LANES), np.int32), np.empty((2, calendars, LANES), np.int32)
    buckets, t = np.empty((2 * k, LANES), np.int64), np.empty(LANES, np.int32)
    for batch in range(first, last):
        sample_keys(seed, batch * LANES, lanes)
        for b in range(LANES):
            valid[b] = -1 if batch * LANES + b < samples else 0
        draw_drivers(model.drivers, lanes, multiplier, days)
        draw_branches(model.branches, lanes, absent)
        if len(model.weather.calendar):
            draw_weather(model.weather, lanes)
        for u in range(len(work.weight)):
            for b in range(LANES):
                common[u, b] = uniform(lanes[b], work.unit_keys[u, 0], work.unit_keys[u, 1])
        draw_durations(net, work, model.drivers, model.branches, lanes, common, multiplier, days, absent, span)
        forward(net, finish, span, absent, model.branches.of, model.weather, chosen, model.opening)
        _tops(net, asked, finish, tops, buckets)
        _keep(net, asked, batch, samples, tops, ends, buckets, gates, end, span_out, t)
        if deep:
            backward(net, finish, span, late, ends, chosen, model.opening)
            _count(net, asked, work, finish, span, late, t, valid, sums)


@njit(cache=True, nogil=True)
def _scratch(n):  # type: ignore[no-untyped-def]
    return np.zeros((n, LANES), np.int32), np.zeros((n, LANES), np.int32), np.zeros((n, LANES), np.int32)


@njit(cache=True, nogil=True)
def draw_durations(net, work, drivers, branches, lanes, common, multiplier, days, absent, span):  # type: ignore[no-untyped-def]
    """Doubled minutes of each task in each lane."""
    spreads = work.spreads
    value, quantile = np.empty(LANES, np.float32), np.empty(LANES, np.float32)
    for i in range(len(net.calendar)):
        if net.instant[i] or net.fixed[i]:
            continue
        kind, low, range_, mode = spreads.kind[i], spreads.low[i], spreads.range[i], spreads.mode[i]
        if kind != CONSTANT:
            _quantiles(work, i, lanes, common, quantile)
        if kind == CONSTANT:
            for b in range(LANES):
                value[b] = low
        elif kind == TRIANGLE:
            for b in range(LANES):
                value[b] = triangle(quantile[b], low, range_, mode)
        else:
            row = spreads.table[i]
            for b in range(LANES):
                value[b] = looked_up(quantile[b], low, range_, spreads.tables, row)
        hit = drivers.of[i]
        if hit >= 0:
            day = work.day[i]
            for b in range(LANES):
                value[b] = value[b] * multiplier[hit, b] + days[hit, b] * day
        factor = work.factor[i]
        for b in range(LANES):
            v = value[b] * factor + _HALF
            v = v if v > _ONE else _ONE
            v = v if v < _LONGEST else _LONGEST
            span[i, b] = np.int32(np.int32(v) * np.int32(2))
        if branches.of[i] >= 0:
            gone = absent[branches.of[i]]
            for b in range(LANES):
                if gone[b]:
                    span[i, b] = 0


@njit(cache=True, nogil=True, inline="always")
def _quantiles(work, i, lanes, common, quantile):  # type: ignore[no-untyped-def]
    key_a, key_b, unit = work.keys[i, 0], work.keys[i, 1], work.unit[i]
    if unit < 0:
        for b in range(LANES):
            quantile[b] = uniform(lanes[b], key_a, key_b)
        return
    a = work.weight[unit]
    for b in range(LANES):
        quantile[b] = joined(common[unit, b], uniform(lanes[b], key_a, key_b), a)


@njit(cache=True, nogil=True)
def _tops(net, asked, finish, tops, buckets):  # type: ignore[no-untyped-def]
    """The last position of each group in each calendar; when the gates first asked for by each checkpoint are done."""
    fixed, group, calendar, ends, gate = net.fixed, net.group, net.calendar, net.ends, asked.gate
    entries, at, last, shift, decode = net.maps.entries, net.maps.at, net.maps.last, net.maps.shift, net.maps.decode
    tops[:] = 0
    for g in range(len(buckets)):
        buckets[g] = asked.known[g]
    found = np.empty(LANES, np.int32)
    for i in range(len(calendar)):
        if fixed[i] or group[i] < 0:
            continue
        if ends[i]:
            _top(tops, group[i], calendar[i], finish, i)
        if gate[i] >= 0:
            number = decode[calendar[i]]
            for b in range(LANES):
                found[b] = finish[i, b]
            through(found, entries, at[number], np.int32(last[number]), shift[number])
            _latest(buckets, gate[i], found)


@njit(cache=True, nogil=True)
def _top(tops, group, calendar, finish, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = finish[i, b]
        tops[group, calendar, b] = x if x > tops[group, calendar, b] else tops[group, calendar, b]


@njit(cache=True, nogil=True)
def _latest(buckets, gate, found):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        buckets[gate, b] = max(buckets[gate, b], np.int64(found[b]))


@njit(cache=True, nogil=True)
def _keep(net, asked, batch, samples, tops, ends, buckets, gates, end, span_out, t):  # type: ignore[no-untyped-def]
    """Keep each sample's dates, and turn the last finishes into the bounds of the pass back."""
    k = asked.checkpoints
    default = asked.default
    for b in range(LANES):
        s = batch * LANES + b
        for group in range(2):
            last = asked.ended[group]
            for c in net.calendars:
                last = max(last, mapped(net.maps, net.maps.decode[c], tops[group, c, b]))
            for c in net.calendars:
                ends[group, c, b] = position(net.window, c, net.window.begin + last, 1)
            if group == 0:
                w = position(net.window, default, net.window.begin + last, 0) >> 1
                t[b] = np.int32(w - asked.middle)
                if s < samples:
                    end[s] = last
                    span_out[s] = w
        for half in range(2):
            latest = np.int64(NEVER)
            for g in range(half * k, half * k + k):
                latest = max(latest, buckets[g, b])
                if s < samples:
                    gates[g, s] = latest


@njit(cache=True, nogil=True)
def _count(net, asked, work, finish, span, late, t, valid, sums):  # type: ignore[no-untyped-def]
    """Add one batch to ``sums``; ``valid`` is −1 in lanes that count, else 0."""
    k, lanes, whole = asked.checkpoints, -np.int64(valid.sum()), np.zeros(asked.checkpoints, np.int64)
    fixed, group, instant, calendar = net.fixed, net.group, net.instant, net.calendar
    critical, duration, square, product, ready = sums
    until, weight, due, planned = asked.until, asked.weight, asked.due, work.planned
    for i in range(len(calendar)):
        if fixed[i] or group[i] < 0:
            continue
        critical[i] += _critical(finish, late, i, np.int32(1 if instant[i] else 0), valid)
        if not instant[i]:
            once, twice, joint = _moments(span, i, np.int32(planned[i]), t, valid)
            duration[i] += once
            square[i] += twice
            product[i] += joint
        for g in range(due[i], k):
            done = _done(finish, i, until[group[i], calendar[i], g], valid)
            if done == lanes:  # and so by all later ones
                whole[g] += weight[i] * done
                break
            ready[g] += weight[i] * done
    for g in range(k):
        ready[g] += whole[: g + 1].sum()


@njit(cache=True, nogil=True)
def _critical(finish, late, i, bit, valid):  # type: ignore[no-untyped-def]
    count = np.int32(0)
    for b in range(LANES):
        count = np.int32(count + np.int32(np.int32((late[i, b] | bit) <= (finish[i, b] | bit)) & valid[b]))
    return count


@njit(cache=True, nogil=True)
def _done(finish, i, until, valid):  # type: ignore[no-untyped-def]
    count = np.int32(0)
    for b in range(LANES):
        count = np.int32(count + np.int32(np.int32(finish[i, b] <= until) & valid[b]))
    return np.int64(count)


@njit(cache=True, nogil=True)
def _moments(span, i, planned, t, valid):  # type: ignore[no-untyped-def]
    once, square, product = np.int64(0), np.int64(0), np.int64(0)
    for b in range(LANES):
        d = np.int32(np.int32(np.int32(span[i, b] >> 1) - planned) & valid[b])
        once += d
        square += np.int64(d) * np.int64(d)
        product += np.int64(d) * np.int64(t[b])
    return once, square, product
