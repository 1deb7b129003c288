"""Daily totals of a city or network, months ahead: a log-linear calendar model, its intervals from its own past.

Persons on day d: log m_d = level(d) + weekday and kind + break and its n-th day + nearness of breaks + curve around
lunar new year + annual harmonics. What is wrong with it is learned from rolling origins inside the observed days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.calendar_model import DAY, Observed, TotalsParams, predicted_logs
from tminus.engines.forecast.attendance.daily_forecast import DailyForecast
from tminus.engines.forecast.attendance.past_errors import past_errors
from tminus.engines.forecast.calendars import calendar_days
from tminus.engines.forecast.panel import ForecastError
from tminus.engines.forecast.prediction import LEVELS

FEWEST_DAYS = 14
MOST_SPREAD = 20.0
"""Of logarithms: beyond it a series is not foreseen at all, and numbers would overflow."""


def forecast_totals(
    days: Sequence[date],
    totals: Sequence[float] | NDArray[np.float64],
    ahead: Sequence[date],
    *,
    country: str = "",
    hindsight: bool = False,
    params: TotalsParams | None = None,
) -> DailyForecast:
    """Totals of the days ``ahead`` from those observed on ``days``.

    The calendar is taken as it was known on the last observed day; with ``hindsight`` as it was published since, which
    is only for judging what that costs.

    :param totals: persons (any unit) of each of ``days``; NaN or 0 is *not known*.
    :param country: as in :func:`calendar_days`; empty: no official holidays.
    :raises ForecastError: days out of order or not before those ahead, negative totals, fewer than 14 known days.
    """
    params = params or TotalsParams()
    observed, degraded = checked(days, totals, ahead)
    origin = observed.days[-1] + DAY
    logs = predicted_logs(observed, ahead, country, None if hindsight else origin - DAY, params)
    errors = past_errors(observed, country, hindsight, params, longest=(max(ahead) - origin).days)
    calendar = calendar_days(country, ahead, known_on=None if hindsight else origin - DAY)
    ahead_days = np.array([(day - origin).days for day in ahead])
    spread = np.clip(errors.quantiles(calendar, ahead_days, LEVELS), -MOST_SPREAD, MOST_SPREAD)
    return DailyForecast(
        days=tuple(ahead),
        mean=np.exp(logs + np.minimum(errors.variance(calendar, ahead_days), MOST_SPREAD) / 2),
        quantiles=np.exp(logs[None, :] + spread),
        model="log-linear calendar",
        degraded=(*degraded, *errors.degraded),
    )


def checked(
    days: Sequence[date], totals: Sequence[float] | NDArray[np.float64], ahead: Sequence[date]
) -> tuple[Observed, tuple[str, ...]]:
    """The days that are known, and what is to be said of the others.

    :raises ForecastError: as :func:`forecast_totals`.
    """
    values = np.asarray(totals, dtype=float)
    if len(days) != len(values):
        raise ForecastError(f"totals: {len(values)} values of {len(days)} days; allowed: one a day")
    if any(later <= earlier for earlier, later in pairwise(days)):
        raise ForecastError("totals: days are not in order of time, each once")
    if wrong := [n for n, value in enumerate(values) if value < 0 or np.isinf(value)]:
        raise ForecastError(f"totals, {days[wrong[0]]}: {values[wrong[0]]:g}; allowed: a number of at least 0")
    known = [n for n, value in enumerate(values) if value > 0]
    if len(known) < FEWEST_DAYS:
        raise ForecastError(f"totals: {len(known)} days known; allowed: at least {FEWEST_DAYS}")
    if not ahead or min(ahead) <= days[known[-1]]:
        raise ForecastError(f"days ahead: allowed: at least one, all after the last observed day {days[known[-1]]}")
    missing = (days[known[-1]] - days[known[0]]).days + 1 - len(known)
    said = (f"{missing} days within the observed time are not known",) if missing else ()
    return Observed(tuple(days[n] for n in known), np.log(values[known])), said
