"""How much kinds of day, breaks and lunar new year change a day's total, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.calendar_model import (
    DAY,
    Design,
    Observed,
    TotalsParams,
    design_of,
    fitted,
)
from tminus.engines.forecast.attendance.level import age_weights
from tminus.engines.forecast.attendance.robust_ridge import RidgeFit
from tminus.engines.forecast.attendance.totals import checked
from tminus.engines.forecast.calendars import CalendarDay, DayKind, calendar_days

BLOCK_DAYS = 14
"""Days whose errors hang together; uncertainty is taken from sums over such blocks."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NEAR_LUNAR_NEW_YEAR = 15


@dataclass(frozen=True, slots=True)
class EffectSize:
    """``factor`` on the total of an ordinary workday, 80 % interval ``low`` … ``high``, ``days`` of this kind seen."""

    name: str
    factor: float
    low: float
    high: float
    days: int


def effect_sizes(
    days: Sequence[date],
    totals: Sequence[float] | NDArray[np.float64],
    *,
    country: str = "",
    params: TotalsParams | None = None,
) -> tuple[EffectSize, ...]:
    """Weekdays, days off, make-up days, breaks, the days around lunar new year; season and level left aside.

    Standard errors are robust to unequal noise and to errors that hang together within a fortnight (Liang and Zeger
    1986); an effect seen on few days is drawn towards none, and its interval does not tell by how much.

    :raises ForecastError: as :func:`forecast_totals`.
    """
    params = params or TotalsParams()
    observed, _ = checked(days, totals, [days[-1] + DAY] if days else [])
    design = design_of(observed, [], country, observed.days[-1], params)
    fit = fitted(observed, design, params)
    told = calendar_days(country, observed.days, known_on=observed.days[-1])
    covariance = _covariance(observed, design, fit, params)
    own = np.zeros(len(design.penalties), dtype=bool)
    own[: len(design.names)] = [not name.startswith("season") for name in design.names]
    columns = design.columns * own
    base = columns[np.array([_kind(one) == "workday" for one in told])].mean(axis=0)
    return tuple(_size(name, columns[rows], base, fit.coefficients, covariance) for name, rows in _groups(told))


def _covariance(observed: Observed, design: Design, fit: RidgeFit, params: TotalsParams) -> NDArray[np.float64]:
    """σ² A⁻¹ + A⁻¹ (Σ over blocks g gᵀ) A⁻¹, g the block's sum of weighted columns times residual.

    The first term is what the model leaves open where few days speak, the second how its errors hang together; their
    sum is on the safe side.
    """
    residuals = observed.logs - design.columns @ fit.coefficients
    scores = design.columns * (age_weights(design.ahead_days, params.level) * residuals)[:, None]
    block = np.array([(day - observed.days[0]) // timedelta(days=BLOCK_DAYS) for day in observed.days])
    sums = np.zeros((int(block[-1]) + 1, scores.shape[1]))
    np.add.at(sums, block, scores)
    half = np.linalg.solve(fit.precision, sums.T)
    usual = (1.4826 * np.median(np.abs(residuals))) ** 2
    found: NDArray[np.float64] = half @ half.T + usual * np.linalg.inv(fit.precision)
    return found


def _groups(told: Sequence[CalendarDay]) -> list[tuple[str, NDArray[np.intp]]]:
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(told):
        for name in _names(one):
            groups.setdefault(name, []).append(number)
    return [(name, np.array(rows, dtype=np.intp)) for name, rows in groups.items()]


def _names(told: CalendarDay) -> list[str]:
    kind = _kind(told)
    if kind == "lunar":
        return [f"lunar new year {told.lunar_offset:+d}"]
    if told.kind is DayKind.HOLIDAY:
        return [told.holiday]
    return ["make-up workday"] if told.kind is DayKind.MAKE_UP else [WEEKDAYS[told.day.weekday()]]


def _kind(told: CalendarDay) -> str:
    if told.lunar_offset is not None and abs(told.lunar_offset) <= NEAR_LUNAR_NEW_YEAR:
        return "lunar"
    return "workday" if told.kind is DayKind.WORKDAY and not told.until and not told.since else "other"


def _size(
    name: str,
    columns: NDArray[np.float64],
    base: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    covariance: NDArray[np.float64],
) -> EffectSize:
    contrast = columns.mean(axis=0) - base
    effect, error = float(contrast @ coefficients), float(np.sqrt(contrast @ covariance @ contrast))
    low, high = (float(np.exp(effect + sign * 1.2816 * error)) for sign in (-1, 1))
    return EffectSize(name, float(np.exp(effect)), low, high, len(columns))
