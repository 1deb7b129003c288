"""Counters that send how many passed since they were switched on, where counts since the reading before are meant."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LEAST_READINGS = 12
SURE = 16.0
"""Log likelihood by which totals must explain the figures better than counts do."""
MOST = 5.0
"""Of it, that one figure tells."""
FALLS_TO = 0.1
"""A total that falls to less than so much of what it was began anew."""
RARELY = 24
"""Readings on end, on average, without a reset."""
FIRST = 3.0
"""A first total of no more than so many usual differences counts since the counter began."""


def differences(totals: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """[reading, channel] counts between readings where ``totals`` are totals, None where they are counts already.

    After a reset the total itself is the count. The first is NaN unless the counter had just begun.
    """
    moving = [channel for channel in range(totals.shape[1]) if (totals[:, channel] > 0).any()]
    if len(totals) < LEAST_READINGS or not moving or not all(_rises(totals[:, channel]) for channel in moving):
        return None
    if sum(_odds(totals[:, channel]) for channel in moving) <= SURE:
        return None
    steps = np.diff(totals, axis=0)
    steps = np.where(steps < 0, totals[1:], steps)
    begun = bool((totals[0] <= FIRST * np.maximum(np.median(steps, axis=0), 1.0)).all())
    return np.concatenate([totals[:1] if begun else np.full((1, totals.shape[1]), np.nan), steps])


def _rises(values: NDArray[np.float64]) -> bool:
    """Never falls but to begin anew, which is rare: few persons now and then fall to nobody all the time."""
    falls = np.flatnonzero(np.diff(values) < 0)
    return bool(falls.size * RARELY <= len(values) and (values[falls + 1] <= FALLS_TO * values[falls]).all())


def _odds(values: NDArray[np.float64]) -> float:
    """Log likelihood of every other figure given its neighbours, as a total of Poisson counts against as a count.

    Between its neighbours a total varies by half their difference, here allowed twice that; a count by 1.5 v, where v
    is the mean of the three: beside a jump it was not known how many come. No figure alone says much.
    """
    middle = np.arange(1, len(values) - 1, 2)
    before, one, after = values[middle - 1], values[middle], values[middle + 1]
    usable = (before <= one) & (one <= after) & (after > before)
    off = one - (before + after) / 2
    as_total, as_count = np.maximum((after - before) / 2, 0.5), 0.5 * np.maximum(before + one + after, 3.0)
    odds = 0.5 * np.log(as_count / as_total) + off**2 / (2 * as_count) - off**2 / (2 * as_total)
    return float(np.where(usable, np.minimum(odds, MOST), 0.0).sum())
