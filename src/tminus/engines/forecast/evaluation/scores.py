"""Errors, coverage and quantile loss, added up target by target."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Cells
from tminus.engines.forecast.prediction import LEVELS

LOSS_LEVELS = tuple(one for one in LEVELS if 0.1 <= one <= 0.9)
LOW, HIGH = LEVELS.index(0.1), LEVELS.index(0.9)


@dataclass(slots=True)
class Tally:
    """Sums over scored targets. Counts of zero enter all but MAPE, which cannot have them."""

    n: int = 0
    absolute: float = 0.0
    square: float = 0.0
    relative: float = 0.0
    n_relative: int = 0
    actual: float = 0.0
    inside: int = 0
    pinball: NDArray[np.float64] = field(default_factory=lambda: np.zeros(len(LOSS_LEVELS)))

    def add(self, actual: Cells, mean: Cells, quantiles: Cells) -> None:
        """``actual[target]``, ``mean[target]``, ``quantiles[level, target]``; all known."""
        error = (mean - actual).astype(np.float64)
        some = actual != 0
        self.n += len(actual)
        self.absolute += float(np.abs(error).sum())
        self.square += float((error**2).sum())
        self.relative += float((np.abs(error[some]) / np.abs(actual[some])).sum())
        self.n_relative += int(some.sum())
        self.actual += float(np.abs(actual).sum(dtype=np.float64))
        self.inside += int(((actual >= quantiles[LOW]) & (actual <= quantiles[HIGH])).sum())
        for at, level in enumerate(LOSS_LEVELS):
            below = actual - quantiles[LEVELS.index(level)]
            self.pinball[at] += float(np.maximum(level * below, (level - 1) * below).sum(dtype=np.float64))

    def as_json(self) -> dict[str, float | int | None]:
        """Persons for ``mae`` and ``rmse``, shares for the rest; None where nothing was scored."""
        if not self.n:
            return dict.fromkeys(("mae", "rmse", "mape", "wmape", "coverage80", "wql")) | {"n": 0}
        return {
            "mae": self.absolute / self.n,
            "rmse": (self.square / self.n) ** 0.5,
            "mape": self.relative / self.n_relative if self.n_relative else None,
            "wmape": self.absolute / self.actual if self.actual else None,
            "coverage80": self.inside / self.n,
            "wql": float(2 * self.pinball.mean() / self.actual) if self.actual else None,
            "n": self.n,
        }
