"""Day kinds of a country: workday, weekend, official holiday, make-up workday, and what of them was known when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import holidays

from tminus.engines.forecast.panel import ForecastError
from tminus.engines.forecast.rest_days import RestDays, known_in_china, lunar_new_year

DAY = timedelta(days=1)
LUNAR_REACH = 40
"""Days before and after lunar new year on which its offset is told."""
NEAR = 7
"""Days before and after a break on which its nearness is told."""
LONGEST_BREAK = 21
_LUNAR = frozenset({"CN", "HK", "MO", "TW", "SG", "MY", "KR", "VN"})
"""Countries whose year turns on the lunar new year too."""


class DayKind(StrEnum):
    """What a day is for most who work; a day off inside a break with an official holiday is a holiday."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make-up workday"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One date as the calendar sees it.

    ``holiday``: the break's name, empty outside one; ``nth`` of ``length``: which day of the break, from 1.
    ``until``: days to the next break, ``since``: days from the last one, each 1 … 7, else 0; ``next_break`` and
    ``last_break`` their names. ``lunar_offset``: days from the nearest lunar new year, within ±40, else None.
    ``provisional``: no notice was known yet, the usual arrangement is assumed.
    """

    day: date
    kind: DayKind
    holiday: str = ""
    nth: int = 0
    length: int = 0
    until: int = 0
    since: int = 0
    next_break: str = ""
    last_break: str = ""
    lunar_offset: int | None = None
    provisional: bool = False


def calendar_days(country: str, days: Sequence[date], *, known_on: date | None = None) -> tuple[CalendarDay, ...]:
    """The calendar of each of ``days``, as it was known at the end of ``known_on`` (None: as published since).

    :param country: ISO 3166 code, ``GB-SCT`` for a part of it; empty: weekends are Saturday and Sunday, no holidays.
    :raises ForecastError: a country the library does not know, or a date outside 1950 … 2099.
    """
    if not days:
        return ()
    first, last = min(days), max(days)
    if first.year < 1950 or last.year > 2099:
        raise ForecastError(f"calendar: {first if first.year < 1950 else last}; allowed: 1950-01-01 … 2099-12-31")
    margin = timedelta(days=LONGEST_BREAK + NEAR)
    known = _rest_days(country, first - margin, last + margin, known_on)
    breaks = tuple(_breaks(known, first - margin, last + margin))
    place = {break_.first + n * DAY: break_ for break_ in breaks for n in range(break_.length)}
    lunar = country.upper().partition("-")[0] in _LUNAR
    return tuple(_told(day, known, place, lunar) for day in days)


@dataclass(frozen=True, slots=True)
class _Break:
    first: date
    length: int
    name: str


def _breaks(known: RestDays, first: date, last: date) -> Iterator[_Break]:
    """Runs of days off with an official holiday among them, named by the one most of its days have."""
    day = first
    while day <= last:
        run = 0
        while run < LONGEST_BREAK and known.off(day + run * DAY):
            run += 1
        names = [known.holidays[at] for n in range(run) if (at := day + n * DAY) in known.holidays]
        if names:
            yield _Break(day, run, max(sorted(set(names)), key=names.count))
        day += max(run, 1) * DAY


def _told(day: date, known: RestDays, place: dict[date, _Break], lunar: bool) -> CalendarDay:
    offset = _lunar_offset(day) if lunar else None
    provisional = known.provisional(day)
    if break_ := place.get(day):
        nth = (day - break_.first).days + 1
        return CalendarDay(
            day, DayKind.HOLIDAY, break_.name, nth, break_.length, lunar_offset=offset, provisional=provisional
        )
    until = next((n for n in range(1, NEAR + 1) if day + n * DAY in place), 0)
    since = next((n for n in range(1, NEAR + 1) if day - n * DAY in place), 0)
    return CalendarDay(
        day,
        _kind(day, known),
        until=until,
        since=since,
        next_break=place[day + until * DAY].name if until else "",
        last_break=place[day - since * DAY].name if since else "",
        lunar_offset=offset,
        provisional=provisional,
    )


def _kind(day: date, known: RestDays) -> DayKind:
    if day in known.made_up:
        return DayKind.MAKE_UP
    return DayKind.WEEKEND if day.weekday() in known.weekend else DayKind.WORKDAY


def _lunar_offset(day: date) -> int | None:
    offsets = [(day - lunar_new_year(year)).days for year in (day.year, day.year + 1) if year <= 2099]
    nearest = min(offsets, key=abs)
    return nearest if abs(nearest) <= LUNAR_REACH else None


def _rest_days(country: str, first: date, last: date, known_on: date | None) -> RestDays:
    years = range(max(first.year, 1950), min(last.year, 2099) + 1)
    code, _, part = country.upper().partition("-")
    if not code:
        return RestDays(frozenset({5, 6}), {}, frozenset(), frozenset())
    if code == "CN":
        return known_in_china(years, known_on)
    try:
        return _of_country(code, part, years.start, years.stop)
    except NotImplementedError:
        raise ForecastError(
            f"calendar {country!r}: no such country; allowed: ISO codes like CN, GB, US or GB-SCT"
        ) from None


@lru_cache(maxsize=64)
def _of_country(code: str, part: str, first_year: int, end_year: int) -> RestDays:
    years = range(first_year, end_year)
    found: Any = holidays.country_holidays(code, subdiv=part or None, years=years, language="en_US")
    made_up = frozenset(getattr(found, "weekend_workdays", ()))
    named = {day: name.split(" (")[0].split("; ")[0] for day, name in found.items() if day not in made_up}
    return RestDays(frozenset(found.weekend), named, made_up, frozenset())
