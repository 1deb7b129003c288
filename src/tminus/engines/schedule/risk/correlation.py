"""Tasks of one unit tend to be late together: a common factor, without changing anybody's own estimate.

A task's quantile is F(a·V + b·U) with V one number a unit and sample, U one a task and sample, both uniform, a + b = 1,
and F the distribution of that sum. F makes the quantile uniform again, so every task keeps its estimate exactly, and F
is two parabolas and a line: no logarithm, no table. ``a`` is found from the rank correlation wanted.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import PlanError

_HALF, _ONE = np.float32(0.5), np.float32(1.0)
GRID, FINE = 65, 256


def weight_of(correlation: float) -> float:
    """``a`` for which two tasks of a unit have this rank correlation (Spearman).

    :raises PlanError: a correlation outside 0 … 1.
    """
    if not 0 <= correlation <= 1:
        raise PlanError(f"correlation {correlation}; allowed: 0 … 1")
    weights, found = _calibrated()
    return float(np.interp(correlation, found, weights))


@cache
def _calibrated() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights and the rank correlation each gives: 12·E[(E[F | V])²] − 3, by the midpoint rule."""
    weights = np.linspace(0, 1, GRID)
    points = (np.arange(FINE) + 0.5) / FINE
    given = [_joined_exact(a * points[:, None] + (1 - a) * points, a).mean(axis=1) for a in weights]
    found = np.array([12 * (one**2).mean() - 3 for one in given])
    found[0], found[-1] = 0.0, 1.0
    return weights, found


def _joined_exact(x: NDArray[np.float64], a: float) -> NDArray[np.float64]:
    less, more = min(a, 1 - a), max(a, 1 - a)
    if less == 0:
        return x
    ends = np.where(x < less, x**2, (1 - x) ** 2) / (2 * less * more)
    middle = (x - less / 2) / more
    return np.where(x < less, ends, np.where(x > more, 1 - ends, middle))


@njit(cache=True, nogil=True, inline="always")
def joined(common, own, a):  # type: ignore[no-untyped-def]
    """The task's quantile; 0 < ``a`` < 1."""
    b = _ONE - a
    less, more = min(a, b), max(a, b)
    x = a * common + b * own
    ends = _HALF / (less * more)
    low, high = x * x * ends, _ONE - (_ONE - x) * (_ONE - x) * ends
    middle = (x - _HALF * less) * (_ONE / more)  # the quotient is the same in every lane
    return low if x < less else (high if x > more else middle)
