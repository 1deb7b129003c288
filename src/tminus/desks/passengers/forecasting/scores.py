"""How far figures were off what was counted, and how often that lay within the interval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Compared(NamedTuple):
    """Forecasts beside what was counted, arrays of one shape; NaN counted: not known, and not compared."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    counted: NDArray[np.float64]


class Score(NamedTuple):
    """``n`` figures compared; ``error`` Σ|expected − counted| over Σ counted, ``bias`` Σ(expected − counted) over it;
    ``covered``: share within the interval that 80 of 100 should lie in. None where nobody was counted.
    ``counted``, ``off``: mean count and mean |expected − counted|, persons."""

    n: int = 0
    error: float | None = None
    bias: float | None = None
    covered: float | None = None
    counted: float | None = None
    off: float | None = None


def compared(mean: ArrayLike, low: ArrayLike, high: ArrayLike, counted: ArrayLike) -> Compared:
    return Compared(*(np.asarray(one, dtype=np.float64) for one in (mean, low, high, counted)))


def score(parts: Iterable[Compared]) -> Score:
    """Of all figures together. Where nobody is expected and nobody came there is nothing to be right about."""
    kept = [np.concatenate([one.ravel() for one in column]) for column in zip(*parts, strict=True)] or [np.zeros(0)] * 4
    mean, low, high, counted = kept
    told = np.isfinite(counted) & ((high > 0) | (counted > 0))
    mean, low, high, counted = (one[told] for one in (mean, low, high, counted))
    total = float(counted.sum())
    if not total:
        return Score(int(told.sum()))
    # Counts are whole persons, quantiles are not: an interval of 0.2 to 0.9 holds neither 0 nor 1.
    inside = (np.floor(low) <= counted) & (counted <= np.ceil(high))
    off = float(np.abs(mean - counted).sum())
    return Score(
        len(counted), off / total, float((mean - counted).sum()) / total, float(inside.mean()), total / len(counted),
        off / len(counted),
    )  # fmt: skip
