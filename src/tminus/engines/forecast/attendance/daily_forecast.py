"""Persons expected on each of some days: a mean and quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.prediction import LEVELS


@dataclass(frozen=True, slots=True)
class DailyForecast:
    """``mean[day]`` and ``quantiles[level, day]``, in the unit of what was observed, never below zero.

    ``point`` is the median, the figure that errs least in per cent; ``degraded`` says what was missing or doubtful.
    """

    days: tuple[date, ...]
    mean: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    model: str
    levels: tuple[float, ...] = LEVELS
    degraded: tuple[str, ...] = ()

    @property
    def point(self) -> NDArray[np.float64]:
        """The median of each day."""
        return self.quantile(0.5)

    def quantile(self, level: float) -> NDArray[np.float64]:
        """[day] of one of ``levels``.

        :raises KeyError: when the forecast has no such level.
        """
        if level not in self.levels:
            raise KeyError(f"level {level}; this forecast has {', '.join(f'{one:g}' for one in self.levels)}")
        chosen: NDArray[np.float64] = self.quantiles[self.levels.index(level)]
        return chosen
