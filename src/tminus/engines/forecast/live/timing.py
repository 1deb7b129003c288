"""Fewer or more than expected so far: another size of the day, or the same size at another time?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.site_day import Paths
from tminus.engines.forecast.live.params import LiveParams
from tminus.engines.forecast.live.shape_of_day import LARGEST, CountedHours

MOST_OF_DAY = 0.98
"""Where more than this share of the day's expected persons has come already, size it must be."""
LEAST_LEFT = 0.02
"""Of a path's persons, still to come however many have come."""


def at_another_time(
    factor: Paths, arrivals: Paths, counted: CountedHours, past: int, params: LiveParams, random: np.random.Generator
) -> Paths:
    """``factor[path, hour]`` with some paths changed so that their day keeps its size: who is missing so far comes
    later, who is too many came early. As many of the paths as that is likely against another size (Bayes, both normal:
    the logit of the share that has come, and the logarithm of how many times the expected it is).

    Counts until now cannot tell the two apart; before, the second was hardly thought of.

    :param arrivals: [path, hour] of the whole day before it was counted; ``past``: hours that are over.
    """
    share = likely(arrivals, counted, params)
    chosen = random.permutation(len(arrivals)) < share * len(arrivals)
    if not chosen.any() or past >= arrivals.shape[1]:
        return factor
    came = (arrivals * factor)[:, :past].sum(axis=1)
    rest = np.maximum((arrivals * factor)[:, past:].sum(axis=1), 1e-9)
    whole = arrivals.sum(axis=1)
    keep = np.exp(np.clip(np.log(np.maximum(whole - came, LEAST_LEFT * whole + 1e-9) / rest), -LARGEST, LARGEST))
    found = factor.copy()
    found[:, past:] = np.where(chosen[:, None], factor[:, past:] * keep[:, None], factor[:, past:])
    return np.clip(found, np.exp(-LARGEST), np.exp(LARGEST))


def likely(arrivals: Paths, counted: CountedHours, params: LiveParams) -> float:
    """Probability that it is the times that are off; 0 where nothing is off by more than the forecast allows for."""
    known = ~counted.full
    seen, told = float(counted.seen[known].sum()), counted.expected[:, known].sum(axis=1)
    expected, whole = float(told.mean()), arrivals.sum(axis=1)
    day = float(whole.mean())
    if min(seen, expected) <= 0 or max(seen, expected) >= MOST_OF_DAY * day:
        return 0.0
    ratio = np.log(seen / expected)
    if abs(ratio) < params.surprise_from * np.hypot(_log_sd(told), params.shape_cv):
        return 0.0
    moved = _logit(seen / day) - _logit(expected / day)
    times = params.timing_share * _density(moved, params.timing_sd)
    size = (1 - params.timing_share) * _density(ratio, float(np.hypot(_log_sd(whole), params.size_sd)))
    return float(times / max(times + size, 1e-300))


def _log_sd(persons: NDArray[np.float64]) -> float:
    return float(np.log(np.maximum(persons, 1.0)).std())


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def _density(apart: float, sd: float) -> float:
    return float(np.exp(-0.5 * (apart / sd) ** 2) / sd)
