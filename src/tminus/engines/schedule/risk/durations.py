"""The durations of one task in all lanes: its quantile, its estimate, the causes that hit it, minutes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.correlation import Joint, joined
from tminus.engines.schedule.risk.positions import Narrow
from tminus.engines.schedule.risk.random_numbers import STEP, Keys, uniform
from tminus.engines.schedule.risk.spreads import Floats, Spreads, looked_up
from tminus.engines.schedule.risk.wide import LANES, every, fused, greater, lesser, whole
from tminus.engines.schedule.worktime import Ints

LONGEST = np.float32((1 << 23) - 1)
"""Minutes; a row of them doubled adds up to less than 2³¹."""

_HALF, _SHORTEST = np.float32(0.5), np.float32(1)


class Work(NamedTuple):
    """Durations by place: spreads in minutes, the unit each belongs to, what drivers' days are worth."""

    spreads: Spreads
    keys: Keys
    unit: Narrow  # −1: nobody's
    unit_keys: Keys
    joint: Joint  # (units,)
    factor: Floats  # of a scenario
    day: Floats  # working minutes of one day
    planned: Ints  # minutes


@njit(cache=True, nogil=True)
def scaled(work, drivers):  # type: ignore[no-untyped-def]
    """The spreads' lows and ranges in the scenario, half a minute added where no driver comes after."""
    low, range_ = work.spreads.low * work.factor, work.spreads.range * work.factor
    for i in range(len(low)):
        if drivers[i] < 0:
            low[i] += _HALF
    return low, range_


@njit(cache=True, nogil=True)
def draw_common(work, lanes, common):  # type: ignore[no-untyped-def]
    """What each unit brings to the sums of its tasks in each lane, so that these lie around 0."""
    keys, joint = work.unit_keys, work.joint
    for u in range(len(keys)):
        middle = joint.own[u] * STEP * _HALF - _HALF
        for b in range(LANES):
            common[u, b] = joint.weight[u] * uniform(lanes[b], keys[u, 0], keys[u, 1]) + middle


@njit(cache=True, nogil=True, forceinline=True)
def quantile_alone(own):  # type: ignore[no-untyped-def]
    """Of what is nobody's; ``own``: its :func:`.random_numbers.numbers`."""
    return fused(own, every(STEP), every(STEP * _HALF))


@njit(cache=True, nogil=True, forceinline=True)
def quantile_in_unit(own, common, share, less, ends):  # type: ignore[no-untyped-def]
    return joined(fused(own, every(share * STEP), common), less, ends)


@njit(cache=True, nogil=True)
def from_table(value, low, range_, tables, table):  # type: ignore[no-untyped-def]
    """Replace quantiles by values."""
    for b in range(LANES):
        value[b] = looked_up(value[b], low, range_, tables, table)


@njit(cache=True, nogil=True, forceinline=True)
def held(value):  # type: ignore[no-untyped-def]
    """Between what takes any time and what is ever counted."""
    return lesser(greater(value, every(_SHORTEST)), every(LONGEST))


@njit(cache=True, nogil=True, forceinline=True)
def doubled_minutes(value):  # type: ignore[no-untyped-def]
    """``value`` is half a minute more than it should be."""
    minutes = whole(value)
    return minutes + minutes
