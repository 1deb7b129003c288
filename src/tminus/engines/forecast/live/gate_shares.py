"""How gates divide the day's people, hour by hour: shares that wander, and break when a gate closes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.site_day import Paths
from tminus.engines.forecast.live.params import LiveParams

MOST_WIDER = 3.0
LARGEST = 6.0
"""Of a gate's share, in logarithms."""


def gate_shares(
    seen: NDArray[np.float64],
    expected: Paths,
    small: float,
    later: int,
    params: LiveParams,
    random: np.random.Generator,
) -> Paths:
    """[path, gate, hour] by which the share of a gate differs from the path's, in logarithms, for ``later`` hours.

    A random walk observed with noise (Kalman filter, one for each path and gate); where an hour is further off than
    ``params.alarm_z`` standard deviations the walk begins anew from it.

    :param seen: [gate, hour] persons, NaN where not known.
    :param expected: [path, gate, hour].
    """
    paths, gates, hours = expected.shape
    state, spread = np.zeros((paths, gates)), np.full((paths, gates), params.gate_cv**2)
    squares, number = np.zeros(gates), np.zeros(gates)
    for hour in range(hours):
        known: NDArray[np.bool_] = np.asarray(np.isfinite(seen[:, hour]))
        told = expected[:, :, hour]
        whole, share = float(seen[known, hour].sum()), told[:, known].sum(axis=1, keepdims=True)
        usable = known & (np.nan_to_num(told.mean(axis=0)) + np.nan_to_num(seen[:, hour]) > small) & (whole > small)
        off = np.log(np.nan_to_num(seen[:, hour]) + small) - np.log(told / np.maximum(share, 1e-9) * whole + small)
        noise = 1 / (np.nan_to_num(seen[:, hour]) + small) + params.shape_cv**2
        spread = spread + params.gate_walk**2
        surprise = off - state
        broken = usable & (np.median(np.abs(surprise) / np.sqrt(spread + noise), axis=0) > params.alarm_z)
        spread = np.where(broken, np.maximum(spread, surprise**2), spread)
        usual = usable & ~broken
        squares += np.where(usual, surprise.mean(axis=0) ** 2 / (spread.mean(axis=0) + noise + surprise.var(axis=0)), 0)
        number += usual
        gain = np.where(usable, spread / (spread + noise), 0.0)
        state, spread = state + gain * surprise, spread * (1 - gain)
    wider = np.sqrt(np.clip((params.error_hours + squares) / (params.error_hours + number), 1.0, MOST_WIDER**2))
    now = state + wider * np.sqrt(spread) * random.standard_normal((paths, gates))
    walk = np.cumsum(random.standard_normal((paths, gates, later)), axis=2) * params.gate_walk
    return np.asarray(np.clip(now[:, :, None] + wider[None, :, None] * walk, -LARGEST, LARGEST))
