"""Attendance of an event by day, and what the figures rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.prediction import LEVELS


@dataclass(frozen=True, slots=True)
class AttendanceForecast:
    """Visits a day: ``mean[day]``, ``quantiles[level, day]`` and, when asked for, ``samples[path, day]``.

    ``demand``: mean number who want to come, before any cap; ``turned_away``: mean number who come on no day.
    ``audience_shares[audience, day]`` add up to 1 on each day. ``rests_on``: in words, what each part rests on, the
    weakest first. ``capacity[day]``: persons admitted at most, infinite where nobody set a limit. A day already counted
    has its count in all quantiles.
    """

    days: tuple[date, ...]
    mean: NDArray[np.float64]
    quantiles: NDArray[np.float64]
    demand: NDArray[np.float64]
    turned_away: float
    audiences: tuple[str, ...]
    audience_shares: NDArray[np.float64]
    rests_on: tuple[str, ...]
    levels: tuple[float, ...] = LEVELS
    samples: NDArray[np.float64] | None = None
    capacity: NDArray[np.float64] | None = None

    def quantile(self, level: float) -> NDArray[np.float64]:
        """[day] of one of ``levels``.

        :raises KeyError: when the forecast has no such level.
        """
        if level not in self.levels:
            raise KeyError(f"level {level}; this forecast has {', '.join(f'{one:g}' for one in self.levels)}")
        chosen: NDArray[np.float64] = self.quantiles[self.levels.index(level)]
        return chosen
