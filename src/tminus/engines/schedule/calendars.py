"""Working calendars of countries and offices: a base week, public holidays, make-up working days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import holidays

from tminus.engines.schedule.model import DayHours, PlanError, WorkCalendar

OFFICE_HOURS: DayHours = ((9 * 60, 17 * 60),)
"""The default working day, 09:00–17:00 = 8 h."""

ROUND_THE_CLOCK: DayHours = ((0, 1440),)

CN_PUBLISHED_UNTIL = 2026
"""The State Council publishes make-up days a year ahead; checked against the holidays library in the tests."""


def week_calendar(
    id: str = "standard",
    *,
    name: str = "",
    working_weekdays: Iterable[int] = range(5),
    hours: DayHours = OFFICE_HOURS,
    holidays_on: Iterable[date] = (),
    workdays_on: Iterable[date] = (),
) -> WorkCalendar:
    """The same hours on each working weekday (Monday 0 … Sunday 6), days off, and make-up working days.

    :raises PlanError: a weekday outside 0 … 6, or a date that is both a holiday and a make-up day.
    """
    days = set(working_weekdays)
    if not days <= set(range(7)):
        raise PlanError(f"calendar {id!r}: working_weekdays {sorted(days)}; allowed: 0 (Monday) … 6 (Sunday)")
    off, made_up = set(holidays_on), set(workdays_on)
    if both := off & made_up:
        raise PlanError(f"calendar {id!r}: {min(both)} is both a holiday and a make-up working day")
    week = tuple(hours if day in days else () for day in range(7))
    exceptions: dict[date, DayHours] = dict.fromkeys(off, ()) | dict.fromkeys(made_up, hours)
    return WorkCalendar(id, name or id, week, exceptions)  # type: ignore[arg-type]  # always seven days


def country_calendar(country: str, years: Sequence[int], *, hours: DayHours = OFFICE_HOURS) -> WorkCalendar:
    """Public holidays of a country (ISO 3166 code, ``GB-SCT`` for a part of it), with make-up working days.

    Years of China not yet published by the State Council are marked provisional.

    :raises PlanError: a country the library does not know.
    """
    code, _, part = country.upper().partition("-")
    try:
        found: Any = holidays.country_holidays(code, subdiv=part or None, years=list(years))
    except NotImplementedError:
        raise PlanError(
            f"calendar {country!r}: no such country; allowed: ISO codes like CN, GB, US or GB-SCT"
        ) from None
    weekend = set(found.weekend)
    made_up = set(getattr(found, "weekend_workdays", ()))
    calendar = week_calendar(
        country.upper(),
        name=f"{country.upper()} public holidays",
        working_weekdays=[day for day in range(7) if day not in weekend],
        hours=hours,
        holidays_on={day for day in found if day not in made_up},
        workdays_on={day for day in made_up if day.year in set(years)},
    )
    provisional = frozenset(year for year in years if code == "CN" and year > CN_PUBLISHED_UNTIL)
    return WorkCalendar(calendar.id, calendar.name, calendar.week, calendar.exceptions, provisional)
