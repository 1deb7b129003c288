"""The log-linear calendar model of daily totals: what it is fitted to and what it expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.calendar_effects import EffectPenalties, effects
from tminus.engines.forecast.attendance.level import LevelParams, age_weights, level_columns, usual_sizes
from tminus.engines.forecast.attendance.robust_ridge import RidgeFit, robust_ridge
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


@dataclass(frozen=True, slots=True)
class Design:
    """``columns[day, effect]`` of observed days, then of those ahead; ``names``: of the effects of the calendar, which
    stand first; ``usual``: as of :func:`robust_ridge`.
    """

    columns: NDArray[np.float64]
    penalties: NDArray[np.float64]
    usual: NDArray[np.float64]
    names: tuple[str, ...]
    ahead_days: NDArray[np.float64]


def design_of(
    observed: Observed, ahead: Sequence[date], country: str, known_on: date | None, params: TotalsParams
) -> Design:
    """What the model sees of each day, from the day after the last observed one."""
    origin = observed.days[-1] + DAY
    every = [*observed.days, *ahead]
    ahead_days = np.array([(day - origin).days for day in every], dtype=float)
    calendar, penalties, names = effects(calendar_days(country, every, known_on=known_on), params.effects)
    level, level_penalties = level_columns(ahead_days, params.level)
    return Design(
        np.hstack([calendar, level]),
        np.concatenate([penalties, level_penalties]),
        np.concatenate([np.full(calendar.shape[1], np.inf), usual_sizes(level.shape[1], params.level)]),
        names,
        ahead_days,
    )


def fitted(observed: Observed, design: Design, params: TotalsParams) -> RidgeFit:
    """The model fitted to the observed days."""
    number = len(observed.days)
    return robust_ridge(
        design.columns[:number],
        observed.logs,
        age_weights(design.ahead_days[:number], params.level),
        design.penalties,
        huber=params.huber,
        usual=design.usual,
    )


def predicted_logs(
    observed: Observed, ahead: Sequence[date], country: str, known_on: date | None, params: TotalsParams
) -> NDArray[np.float64]:
    """Logarithms of the totals expected on ``ahead``, seen from the day after the last observed one."""
    design = design_of(observed, ahead, country, known_on, params)
    coefficients = fitted(observed, design, params).coefficients
    predicted: NDArray[np.float64] = design.columns[len(observed.days) :] @ coefficients
    return predicted
