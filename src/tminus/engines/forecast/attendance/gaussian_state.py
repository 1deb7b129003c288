"""A normal belief over many quantities, sharpened by observations that are nearly linear in them (Gauss–Newton)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

ROUNDS = 8
CLOSE = 1e-4


@dataclass(slots=True)
class Part:
    """Some observations: ``innovation`` = observed less expected, ``variance``, and slopes added column by column."""

    innovation: NDArray[np.float64]
    variance: NDArray[np.float64]
    entries: list[tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]] = field(default_factory=list)

    def slope(self, row: NDArray[np.intp], column: NDArray[np.intp] | int, value: NDArray[np.float64]) -> None:
        """How observations ``row`` change with the quantities ``column``; what is said twice adds up."""
        self.entries.append((row, np.broadcast_to(np.asarray(column, dtype=np.intp), row.shape), value))


@dataclass(frozen=True, slots=True)
class Seen:
    """All observations: ``innovation``, sparse ``slopes[observation, quantity]``, ``variance``."""

    innovation: NDArray[np.float64]
    slopes: Any
    variance: NDArray[np.float64]


def joined(parts: Sequence[Part], size: int) -> Seen:
    """The observations of ``parts`` one after the other, of a state of ``size`` quantities."""
    begins = np.cumsum([0, *(len(part.innovation) for part in parts)])
    entries = [
        (row + begin, column, value)
        for part, begin in zip(parts, begins, strict=False)
        for row, column, value in part.entries
    ]
    rows, columns, values = (np.concatenate(each) for each in zip(*entries, strict=True)) if entries else ([], [], [])
    return Seen(
        np.concatenate([part.innovation for part in parts]),
        sparse.csr_array((values, (rows, columns)), shape=(int(begins[-1]), size)),
        np.concatenate([part.variance for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class Posterior:
    """``mean[quantity]`` and the inverse of the covariance."""

    mean: NDArray[np.float64]
    precision: NDArray[np.float64]

    def draw(self, paths: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """[path, quantity]."""
        factor = np.linalg.cholesky(self.precision)
        noise = rng.standard_normal((len(self.mean), paths))
        drawn: NDArray[np.float64] = self.mean[None, :] + linalg.solve_triangular(factor, noise, lower=True, trans=1).T
        return drawn


def sharpen(
    mean: NDArray[np.float64],
    sd: NDArray[np.float64],
    see: Callable[[NDArray[np.float64]], Seen],
    start: NDArray[np.float64] | None = None,
) -> Posterior:
    """The belief after what ``see`` observes, linearised where the belief then is.

    :param see: observations as they look from a point; asked again as the point moves.
    :param start: where to begin looking, such as an earlier answer; else at ``mean``.
    """
    prior = 1 / sd**2
    point = (mean if start is None else start).copy()
    for _ in range(ROUNDS):
        seen = see(point)
        weighted = seen.slopes.T @ sparse.diags_array(1 / seen.variance)
        precision: NDArray[np.float64] = np.diag(prior) + (weighted @ seen.slopes).toarray()
        pull = weighted @ seen.innovation - prior * (point - mean)
        step = linalg.cho_solve(linalg.cho_factor(precision), pull)
        point = point + np.clip(step, -3 * sd, 3 * sd)
        if float(np.max(np.abs(step) / sd)) < CLOSE:
            break
    return Posterior(point, precision)
