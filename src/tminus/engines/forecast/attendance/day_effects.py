"""What makes one day of an event different from another, as columns of a log-linear model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.beliefs import Belief, Beliefs
from tminus.engines.forecast.attendance.event_outlook import EventOutlook
from tminus.engines.forecast.calendars import DayKind, calendar_days
from tminus.engines.forecast.panel import DayContext

LONG_EVENT_DAYS = 14
"""From this length on an event has a ramp after opening and a rush before closing; a tenth of it, at least 3 days."""
KIND_EFFECT = {DayKind.WEEKEND: "weekend", DayKind.HOLIDAY: "holiday", DayKind.MAKE_UP: "make_up"}
KINDS = {"workday": "", "weekend": "weekend", "holiday": "holiday", "make-up workday": "make_up"}
"""A kind stated with the day itself goes before the calendar's."""


def day_effects(
    days: Sequence[DayContext], event: EventOutlook, known_on: date | None
) -> dict[str, NDArray[np.float64]]:
    """Effect → its strength on each day."""
    dates = [one.day for one in days if one.day is not None]
    told = calendar_days(event.country, dates, known_on=known_on)
    rows = [
        _kind(context, KIND_EFFECT.get(one.kind, "")) | _place_in_event(one.day, event) | _stated(context)
        for context, one in zip(days, told, strict=True)
    ]
    names = sorted({name for row in rows for name in row})
    return {name: np.array([row.get(name, 0.0) for row in rows]) for name in names}


def _kind(context: DayContext, of_calendar: str) -> dict[str, float]:
    name = KINDS.get(context.kind, context.kind) if context.kind else of_calendar
    return {name: 1.0} if name else {}


def _place_in_event(day: date, event: EventOutlook) -> dict[str, float]:
    since, until = (day - event.opening).days, (event.closing - day).days
    if event.length < 2:
        return {}
    ends = {name: 1.0 for name, at in (("opening_day", since), ("last_day", until)) if at == 0}
    if event.length < LONG_EVENT_DAYS:
        return ends
    scale = max(3.0, event.length / 10)
    return ends | {"ramp": float(np.exp(-since / scale)), "rush": float(np.exp(-until / scale))}


def _stated(context: DayContext) -> dict[str, float]:
    """Policies by name (a peak ticket, a lower price) and weather by name with unit."""
    return {name: float(strength) for name, strength in (*context.policy.items(), *context.weather.items())}


def prior_of(names: Sequence[str], beliefs: Beliefs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and standard deviation of each effect."""
    found: list[Belief] = [beliefs.of(name) for name in names]
    return np.array([one.mean for one in found]), np.array([one.sd for one in found])


def average_factor(columns: Mapping[str, NDArray[np.float64]], means: NDArray[np.float64]) -> float:
    """Logarithm of the mean factor over the days, as expected before anything is seen."""
    if not columns:
        return 0.0
    total = np.column_stack([*columns.values()]) @ means
    return float(np.log(np.mean(np.exp(total))))
