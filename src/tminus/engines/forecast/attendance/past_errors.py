"""How wrong the calendar model was: errors of forecasts from earlier origins, by kind of day and days ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.calendar_model import DAY, Observed, TotalsParams, predicted_logs
from tminus.engines.forecast.calendars import CalendarDay, DayKind, calendar_days

BANDS = (31, 91)
"""Days ahead at which a new band of errors begins."""
KINDS = 3
APART = timedelta(days=28)
ENOUGH_DAYS = 365
"""History an earlier origin should have had; a shorter series gives half of itself."""
NEAR_LUNAR_NEW_YEAR = 20
SHRINKAGE = 30.0
"""Errors the average scale counts for in the scale of one kind and band."""
ASSUMED_SCALE = 0.15
"""Where nothing can be measured: a sixth, said among what is degraded."""


@dataclass(frozen=True, slots=True)
class PastErrors:
    """``scale[kind, band]`` of errors in logarithms; ``beyond``: sorted absolute errors over their scale."""

    scale: NDArray[np.float64]
    beyond: NDArray[np.float64]
    longest: int
    degraded: tuple[str, ...] = ()

    def quantiles(
        self, calendar: Sequence[CalendarDay], ahead_days: NDArray[np.intp], levels: Sequence[float]
    ) -> NDArray[np.float64]:
        """[level, day] added to the expected logarithm; symmetric, for which sign an error has is not foreseen."""
        reach = np.array([np.quantile(self.beyond, abs(2 * level - 1)) for level in levels])
        signs = np.sign(np.array(levels) - 0.5)
        spread: NDArray[np.float64] = (signs * reach)[:, None] * self._scales(calendar, ahead_days)[None, :]
        return spread

    def variance(self, calendar: Sequence[CalendarDay], ahead_days: NDArray[np.intp]) -> NDArray[np.float64]:
        """[day] of the logarithm, the wildest tenth of errors cut."""
        usual = np.minimum(self.beyond, np.quantile(self.beyond, 0.9))
        variance: NDArray[np.float64] = self._scales(calendar, ahead_days) ** 2 * float(np.mean(usual**2))
        return variance

    def _scales(self, calendar: Sequence[CalendarDay], ahead_days: NDArray[np.intp]) -> NDArray[np.float64]:
        farther = np.sqrt(np.maximum(ahead_days / max(self.longest, 1), 1.0))
        scales: NDArray[np.float64] = self.scale[kinds_of(calendar), np.digitize(ahead_days, BANDS)] * farther
        return scales


def kinds_of(calendar: Sequence[CalendarDay]) -> NDArray[np.intp]:
    """0 workday, 1 weekend, 2 holiday, make-up day or near lunar new year: days hard to foresee."""
    return np.array([_kind_of(told) for told in calendar], dtype=np.intp)


def _kind_of(told: CalendarDay) -> int:
    if told.kind in (DayKind.HOLIDAY, DayKind.MAKE_UP):
        return 2
    if told.lunar_offset is not None and abs(told.lunar_offset) <= NEAR_LUNAR_NEW_YEAR:
        return 2
    return int(told.kind is DayKind.WEEKEND)


def past_errors(observed: Observed, country: str, hindsight: bool, params: TotalsParams, *, longest: int) -> PastErrors:
    """Forecast from earlier origins what has been observed since, and keep what was wrong."""
    first, last = observed.days[0], observed.days[-1]
    history = min(timedelta(days=ENOUGH_DAYS), (last - first) // 2)
    origins = [last + DAY - n * APART for n in range(1, params.origins + 1)]
    found = [
        _errors_from(observed, origin, country, hindsight, params, longest)
        for origin in origins
        if origin - first >= history and len(observed.before(origin).days) > APART.days
    ]
    if not found:
        scale = np.full((KINDS, len(BANDS) + 1), ASSUMED_SCALE)
        beyond = np.abs(np.random.default_rng(0).standard_normal(999))
        said = "too few days to learn how wrong the model is: intervals are assumed (15 % standard deviation)"
        return PastErrors(scale, np.sort(beyond), 28, (said,))
    kinds, ahead, errors = (np.concatenate(parts) for parts in zip(*found, strict=True))
    scale = _scales(kinds, np.digitize(ahead, BANDS), errors)
    beyond = np.sort(np.abs(errors) / scale[kinds, np.digitize(ahead, BANDS)])
    return PastErrors(scale, beyond, int(ahead.max()))


def _errors_from(
    observed: Observed, origin: date, country: str, hindsight: bool, params: TotalsParams, longest: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    """Kind, days ahead and error in logarithms of each day observed since ``origin``."""
    known = observed.before(origin)
    number = len(known.days)
    begin = known.days[-1] + DAY
    since = [day for day in observed.days[number:] if (day - begin).days <= max(longest, BANDS[-1])]
    known_on = None if hindsight else begin - DAY
    predicted = predicted_logs(known, since, country, known_on, params)
    kinds = kinds_of(calendar_days(country, since, known_on=known_on))
    ahead = np.array([(day - begin).days for day in since], dtype=np.intp)
    return kinds, ahead, observed.logs[number : number + len(since)] - predicted


def _scales(kinds: NDArray[np.intp], bands: NDArray[np.intp], errors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean absolute error of each kind and band, drawn towards that of the kind where errors are few."""
    size = np.abs(errors)
    scale = np.full((KINDS, len(BANDS) + 1), float(size.mean()))
    for kind in range(KINDS):
        of_kind = kinds == kind
        of_all = (float(size[of_kind].sum()) + SHRINKAGE * float(size.mean())) / (of_kind.sum() + SHRINKAGE)
        for band in range(len(BANDS) + 1):
            of_both = of_kind & (bands == band)
            scale[kind, band] = (float(size[of_both].sum()) + SHRINKAGE * of_all) / (of_both.sum() + SHRINKAGE)
    floored: NDArray[np.float64] = np.maximum(scale, 1e-6)
    return floored
