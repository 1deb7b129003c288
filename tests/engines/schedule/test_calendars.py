"""Calendars of countries against published days, and calendars that contradict themselves."""

from __future__ import annotations

from datetime import date

import pytest

from tminus.engines.schedule import PlanError, WorkCalendar, country_calendar, week_calendar


def works(calendar: WorkCalendar, *day: int) -> bool:
    return bool(calendar.hours_on(date(*day)))


def test_china_around_the_national_day_of_2018() -> None:
    """State Council notice of 2017-11-30: 1–7 October off, 29 and 30 September (a weekend) worked."""
    calendar = country_calendar("CN", [2018])
    assert works(calendar, 2018, 9, 29) and works(calendar, 2018, 9, 30)
    assert not any(works(calendar, 2018, 10, day) for day in range(1, 8))
    assert works(calendar, 2018, 10, 8)


@pytest.mark.parametrize(
    ("country", "off", "worked"),
    [
        ("GB", (2026, 12, 28), (2026, 12, 29)),  # Boxing Day falls on a Saturday: substitute Monday
        ("US", (2026, 11, 26), (2026, 11, 27)),  # Thanksgiving
        ("DE", (2026, 10, 3), (2026, 10, 5)),  # Day of German Unity, a Saturday, no substitute
        ("FR", (2026, 7, 14), (2026, 7, 15)),
        ("JP", (2026, 9, 22), (2026, 9, 24)),  # a day between two holidays is one
    ],
)
def test_public_holidays(country: str, off: tuple[int, ...], worked: tuple[int, ...]) -> None:
    calendar = country_calendar(country, [2026])
    assert not works(calendar, *off)
    assert works(calendar, *worked)


def test_parts_of_a_country_differ() -> None:
    assert not works(country_calendar("GB-SCT", [2026]), 2026, 11, 30)  # St Andrew's Day
    assert works(country_calendar("GB-ENG", [2026]), 2026, 11, 30)


def test_years_of_china_not_yet_published_are_provisional() -> None:
    assert country_calendar("CN", [2026, 2027, 2028]).provisional_years == {2027, 2028}
    assert country_calendar("GB", [2028]).provisional_years == frozenset()


def test_unknown_country_names_what_is_allowed() -> None:
    with pytest.raises(PlanError, match=r"'XX'.*allowed: .*CN"):
        country_calendar("XX", [2026])


def test_contradictions_are_named() -> None:
    with pytest.raises(PlanError, match="2026-10-01 is both"):
        week_calendar(holidays_on=[date(2026, 10, 1)], workdays_on=[date(2026, 10, 1)])
    with pytest.raises(PlanError, match="working_weekdays"):
        week_calendar(working_weekdays=[7])
    with pytest.raises(PlanError, match="in order within one day"):
        week_calendar(hours=((600, 540),))
