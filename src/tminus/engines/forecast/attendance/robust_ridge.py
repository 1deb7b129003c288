"""Least squares with a penalty for each effect, in which single wild days weigh little (Huber 1964)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 6
NEVER_ZERO = 1e-9


@dataclass(frozen=True, slots=True)
class RidgeFit:
    """``coefficients[column]``; ``precision``: the normal matrix with its penalties, of the last round."""

    coefficients: NDArray[np.float64]
    precision: NDArray[np.float64]


def robust_ridge(
    columns: NDArray[np.float64],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
    penalties: NDArray[np.float64],
    *,
    huber: float = 3.0,
    usual: NDArray[np.float64] | None = None,
) -> RidgeFit:
    """The fit; residuals beyond ``huber`` robust standard deviations count only linearly.

    :param usual: [column] size of an effect that is nothing unusual; a much larger one is hardly shrunk, so that a
        level may jump once without being ragged everywhere. Infinite: always shrunk.
    """
    usual = np.full(columns.shape[1], np.inf) if usual is None else usual
    trust = np.ones_like(target)
    found: NDArray[np.float64] = np.zeros(columns.shape[1])
    normal: NDArray[np.float64] = np.diag(penalties)
    for _ in range(ROUNDS):
        weighted = columns * (weights * trust)[:, None]
        normal = columns.T @ weighted + np.diag(penalties / (1 + (found / usual) ** 2) + NEVER_ZERO)
        found = np.asarray(np.linalg.solve(normal, weighted.T @ target), dtype=np.float64)
        residuals = np.abs(target - columns @ found)
        spread = 1.4826 * float(np.median(residuals))
        trust = np.minimum(1.0, huber * spread / np.maximum(residuals, NEVER_ZERO))
        if spread <= NEVER_ZERO:
            break
    return RidgeFit(found, normal)
