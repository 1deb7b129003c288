"""Days told their official kind: workday, weekend, holiday or make-up workday of a country, as known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tminus.engines.forecast.calendars import calendar_days
from tminus.engines.forecast.panel import DayContext


def with_kinds(days: Sequence[DayContext], country: str, *, taught: int, nightly: bool) -> tuple[DayContext, ...]:
    """The same days with ``kind`` of the country's calendar; kinds already given and days without a date stay.

    The first ``taught`` days are told as known on the last of them. Later ones likewise, or, where ``nightly``, as
    known on the day before: a holiday announced later is not foreseen.

    :param country: as :func:`tminus.engines.forecast.calendars.calendar_days` takes it.
    :raises ForecastError: a country or a date no calendar knows.
    """
    last = max((one.day for one in days[:taught] if one.day is not None), default=None)
    past = [one.day for one in days[:taught] if one.day is not None]
    later = [one.day for one in days[taught:] if one.day is not None]
    told = {one.day: one.kind for one in calendar_days(country, past, known_on=last)}
    for part in [[day] for day in later] if nightly else [later]:
        told |= {one.day: one.kind for one in calendar_days(country, part, known_on=_known_on(part, last, nightly))}
    return tuple(replace(one, kind=str(told[one.day])) if one.day is not None and not one.kind else one for one in days)


def _known_on(days: Sequence[date], last: date | None, nightly: bool) -> date | None:
    return days[0] - timedelta(days=1) if nightly and days else last
