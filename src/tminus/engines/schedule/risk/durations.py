"""The durations of one task in all lanes: its quantile, its estimate, the causes that hit it, minutes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.correlation import joined
from tminus.engines.schedule.risk.positions import Narrow
from tminus.engines.schedule.risk.random_numbers import LANES, Keys, uniform
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


@njit(cache=True, nogil=True)
def draw_common(work, lanes, common):  # type: ignore[no-untyped-def]
    """The number of each unit in each lane."""
    keys = work.unit_keys
    for u in range(len(keys)):
        for b in range(LANES):
            common[u, b] = uniform(lanes[b], keys[u, 0], keys[u, 1])


@njit(cache=True, nogil=True)
def draw_durations(net, begin, until, work, drivers, branches, lanes, common, multiplier, days, absent, span):  # type: ignore[no-untyped-def]
    """Doubled minutes of the tasks ``begin … until`` in each lane."""
    # taken apart once: a compiled loop pays for every array it fetches out of a tuple
    fixed, instant, hits, branch = net.fixed, net.instant, drivers.of, branches.of
    (kind, low, range_, mode, table, tables), keys = work.spreads, work.keys
    unit, weight, factor, day = work.unit, work.weight, work.factor, work.day
    value = np.empty(LANES, np.float32)
    for i in range(begin, until):
        if instant[i] or fixed[i]:
            continue
        if kind[i] == CONSTANT:
            for b in range(LANES):
                value[b] = low[i]
        else:
            if unit[i] < 0:
                _own(value, lanes, keys[i, 0], keys[i, 1])
            else:
                _joint(value, common, unit[i], weight[unit[i]], lanes, keys[i, 0], keys[i, 1])
            if kind[i] == TRIANGLE:
                _triangles(value, low[i], range_[i], mode[i])
            else:
                _from_table(value, low[i], range_[i], tables, table[i])
        if hits[i] >= 0:
            _hit(value, multiplier, days, hits[i], day[i])
        _to_minutes(value, factor[i], span, i)
        if branch[i] >= 0:
            _gone(absent, branch[i], span, i)


@njit(cache=True, nogil=True)
def _own(quantile, lanes, key_a, key_b):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        quantile[b] = uniform(lanes[b], key_a, key_b)


@njit(cache=True, nogil=True)
def _joint(quantile, common, unit, weight, lanes, key_a, key_b):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        quantile[b] = joined(common[unit, b], uniform(lanes[b], key_a, key_b), weight)


@njit(cache=True, nogil=True)
def _triangles(value, low, range_, mode):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        value[b] = triangle(value[b], low, range_, mode)


@njit(cache=True, nogil=True)
def _from_table(value, low, range_, tables, table):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        value[b] = looked_up(value[b], low, range_, tables, table)


@njit(cache=True, nogil=True)
def _hit(value, multiplier, days, hit, day):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        value[b] = value[b] * multiplier[hit, b] + days[hit, b] * day


@njit(cache=True, nogil=True)
def _to_minutes(value, factor, span, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        v = value[b] * factor + _HALF
        v = v if v > _ONE else _ONE
        v = v if v < _LONGEST else _LONGEST
        span[i, b] = np.int32(np.int32(v) * np.int32(2))


@njit(cache=True, nogil=True)
def _gone(absent, branch, span, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        if absent[branch, b]:
            span[i, b] = 0
