"""A normal belief over many quantities, sharpened by observations that are nearly linear in them (Gauss–Newton)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROUNDS = 8
CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class Seen:
    """Observations: ``innovation`` = observed less expected, ``slopes[observation, quantity]``, ``variance``."""

    innovation: NDArray[np.float64]
    slopes: NDArray[np.float64]
    variance: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posterior:
    """``mean[quantity]`` and the inverse of the covariance."""

    mean: NDArray[np.float64]
    precision: NDArray[np.float64]

    def draw(self, paths: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """[path, quantity]."""
        factor = np.linalg.cholesky(self.precision)
        noise = rng.standard_normal((len(self.mean), paths))
        drawn: NDArray[np.float64] = self.mean[None, :] + np.linalg.solve(factor.T, noise).T
        return drawn


def sharpen(
    mean: NDArray[np.float64], sd: NDArray[np.float64], see: Callable[[NDArray[np.float64]], Seen]
) -> Posterior:
    """The belief after what ``see`` observes, linearised where the belief then is.

    :param see: observations as they look from a point; asked again as the point moves.
    """
    prior = 1 / sd**2
    point = mean.copy()
    for _ in range(ROUNDS):
        seen = see(point)
        weighted = seen.slopes / seen.variance[:, None]
        precision = np.diag(prior) + seen.slopes.T @ weighted
        pull = weighted.T @ seen.innovation - prior * (point - mean)
        step = np.linalg.solve(precision, pull)
        point = point + np.clip(step, -3 * sd, 3 * sd)
        if float(np.max(np.abs(step) / sd)) < CLOSE:
            break
    return Posterior(point, precision)
