"""Tasks of one unit tend to be late together: a common factor, without changing anybody's own estimate.

A task's quantile is F(a·V + b·U) with V one number a unit and sample, U one a task and sample, both uniform, a + b = 1,
and F the distribution of that sum. F makes the quantile uniform again, so every task keeps its estimate exactly, and F
is two parabolas and a line: no logarithm, no table. ``a`` is found from the rank correlation wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.risk.wide import below, chosen, every, fused, lesser, size

Floats = NDArray[np.float32]
_ZERO, _HALF, _ONE, _TWO = (np.float32(number) for number in (0, 0.5, 1, 2))
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


class Joint(NamedTuple):
    """By unit: what :func:`joined` takes."""

    weight: Floats  # a
    own: Floats  # b
    less: Floats  # the smaller of both
    ends: Floats  # 1 / 2ab


def joint_of(weights: Sequence[float]) -> Joint:
    """0 < each < 1."""
    a = np.array(weights, dtype=np.float64)
    columns = (a, 1 - a, np.minimum(a, 1 - a), 0.5 / (a * (1 - a)))
    return Joint(*(column.astype(np.float32) for column in columns))


@njit(cache=True, nogil=True, forceinline=True)
def joined(x, less, ends):  # type: ignore[no-untyped-def]
    """A row of quantiles, F(x + ½). F bends upwards to ``less``, then goes on straight; from above likewise."""
    y = every(_HALF) - size(x)
    bent = lesser(y, every(less))
    low = bent * fused(every(_TWO), y, every(_ZERO) - bent) * ends
    return chosen(below(every(_ZERO), x), every(_ONE) - low, low)
