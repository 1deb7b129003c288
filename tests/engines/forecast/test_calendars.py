"""Day kinds of a country, as known on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.calendars import CalendarDay, DayKind, calendar_days
from tminus.engines.forecast.rest_days import NOTICES


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _one(country: str, day: date, known_on: date | None = None) -> CalendarDay:
    return calendar_days(country, [day], known_on=known_on)[0]


@pytest.mark.parametrize(
    ("day", "kind", "holiday", "nth", "length"),
    [
        (date(2018, 9, 29), DayKind.MAKE_UP, "", 0, 0),
        (date(2018, 9, 30), DayKind.MAKE_UP, "", 0, 0),
        (date(2018, 10, 1), DayKind.HOLIDAY, "National Day", 1, 7),
        (date(2018, 10, 7), DayKind.HOLIDAY, "National Day", 7, 7),
        (date(2018, 10, 8), DayKind.WORKDAY, "", 0, 0),
        (date(2017, 10, 4), DayKind.HOLIDAY, "National Day", 4, 8),
        (date(2018, 4, 7), DayKind.HOLIDAY, "Tomb-Sweeping Day", 3, 3),
        (date(2018, 12, 29), DayKind.MAKE_UP, "", 0, 0),
        (date(2018, 12, 30), DayKind.HOLIDAY, "New Year Day", 1, 3),
        (date(2026, 11, 7), DayKind.WEEKEND, "", 0, 0),
    ],
)
def test_published_days_of_china(day: date, kind: DayKind, holiday: str, nth: int, length: int) -> None:
    told = _one("CN", day)
    assert (told.kind, told.holiday, told.nth, told.length) == (kind, holiday, nth, length)


def test_nearness_of_breaks_and_of_lunar_new_year() -> None:
    told = _one("CN", date(2018, 9, 28))
    assert (told.until, told.next_break, told.since) == (3, "National Day", 4)
    assert _one("CN", date(2019, 1, 31)).lunar_offset == -5
    assert _one("CN", date(2019, 6, 1)).lunar_offset is None
    assert _one("GB", date(2019, 1, 31)).lunar_offset is None


def test_revised_break_is_known_from_its_notice_only() -> None:
    """May 2019 became a break of four days by the notice of 22 March 2019."""
    days = _days(date(2019, 4, 27), date(2019, 5, 6))
    before = calendar_days("CN", days, known_on=date(2019, 3, 21))
    after = calendar_days("CN", days, known_on=date(2019, 3, 22))
    assert [told.day.day for told in before if told.kind is DayKind.HOLIDAY] == [1]
    assert [told.day.day for told in after if told.kind is DayKind.HOLIDAY] == [1, 2, 3, 4]
    assert [told.day.day for told in after if told.kind is DayKind.MAKE_UP] == [28, 5]
    assert after == calendar_days("CN", days)


@pytest.mark.parametrize(("year", "most"), [(2016, 2), (2017, 0), (2018, 0), (2021, 2), (2025, 0), (2026, 4)])
def test_usual_arrangement_before_the_notice(year: int, most: int) -> None:
    """In most years the custom of earlier notices gives the days the notice then gave."""
    days = _days(date(year, 1, 1), date(year, 12, 24))
    eve = NOTICES[year] - timedelta(days=1)
    expected, published = calendar_days("CN", days, known_on=eve), calendar_days("CN", days)
    assert all(told.provisional for told in expected)
    assert not any(told.provisional for told in published)
    assert sum(one.kind != other.kind for one, other in zip(expected, published, strict=True)) <= most
    assert calendar_days("CN", days, known_on=NOTICES[year]) == published


def test_a_later_notice_does_not_leak() -> None:
    """What is told on a day about the next year does not change with what was published after it."""
    days = _days(date(2020, 1, 1), date(2020, 3, 1))
    told = calendar_days("CN", days, known_on=date(2019, 11, 1))
    assert next(one for one in told if one.day == date(2020, 1, 31)).kind is DayKind.WORKDAY
    assert next(one for one in told if one.day == date(2020, 2, 1)).kind is DayKind.MAKE_UP


def test_years_beyond_all_notices_are_provisional() -> None:
    told = calendar_days("CN", _days(date(2031, 1, 20), date(2031, 2, 5)))
    assert all(one.provisional for one in told)
    assert sum(one.kind is DayKind.HOLIDAY for one in told) == 8
    assert calendar_days("CN", [date(2099, 12, 20)])[0].provisional


def test_other_countries_and_none() -> None:
    assert _one("GB-SCT", date(2027, 1, 4)).kind is DayKind.HOLIDAY
    assert _one("GB-ENG", date(2027, 1, 4)).kind is DayKind.WORKDAY
    assert _one("SA", date(2026, 3, 6)).kind is DayKind.WEEKEND  # a Friday
    assert _one("", date(2026, 12, 25)).kind is DayKind.WORKDAY
    assert calendar_days("GB", []) == ()


@pytest.mark.parametrize(("country", "day"), [("XX", date(2026, 1, 1)), ("CN", date(2100, 1, 1))])
def test_what_no_calendar_has(country: str, day: date) -> None:
    with pytest.raises(ForecastError, match="allowed"):
        calendar_days(country, [day])
