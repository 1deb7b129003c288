"""The log-linear calendar model of daily totals: what it is fitted to and what it expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.calendar_effects import EffectPenalties, effects
from tminus.engines.forecast.attendance.level import LevelParams, age_weights, level_columns, usual_sizes
from tminus.engines.forecast.attendance.robust_ridge import robust_ridge
from tminus.engines.forecast.calendars import calendar_days

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TotalsParams:
    """Settings of the model; chosen on rolling origins before 2017-02 (docs/engines/forecast.md).

    ``huber``: robust standard deviations from which on a day is an outlier; ``origins``: how many earlier origins the
    intervals are learned from, 28 days apart.
    """

    effects: EffectPenalties = field(default_factory=EffectPenalties)
    level: LevelParams = field(default_factory=LevelParams)
    huber: float = 3.0
    origins: int = 16


@dataclass(frozen=True, slots=True)
class Observed:
    """Totals by day, checked: ascending days, positive logarithms where known."""

    days: tuple[date, ...]
    logs: NDArray[np.float64]

    def before(self, origin: date) -> Observed:
        """What was observed before ``origin``."""
        number = sum(day < origin for day in self.days)
        return Observed(self.days[:number], self.logs[:number])


def predicted_logs(
    observed: Observed, ahead: Sequence[date], country: str, known_on: date | None, params: TotalsParams
) -> NDArray[np.float64]:
    """Logarithms of the totals expected on ``ahead``, seen from the day after the last observed one."""
    origin = observed.days[-1] + DAY
    every = [*observed.days, *ahead]
    ahead_days = np.array([(day - origin).days for day in every], dtype=float)
    calendar, calendar_penalties = effects(calendar_days(country, every, known_on=known_on), params.effects)
    level, level_penalties = level_columns(ahead_days, params.level)
    columns, number = np.hstack([calendar, level]), len(observed.days)
    found = robust_ridge(
        columns[:number],
        observed.logs,
        age_weights(ahead_days[:number], params.level),
        np.concatenate([calendar_penalties, level_penalties]),
        huber=params.huber,
        usual=np.concatenate([np.full(calendar.shape[1], np.inf), usual_sizes(level.shape[1], params.level)]),
    )
    predicted: NDArray[np.float64] = columns[number:] @ found
    return predicted
