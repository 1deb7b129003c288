"""Days a calendar of the file makes different: recurring exceptions, work weeks of their own."""

from __future__ import annotations

from datetime import date

import pytest

from tests.formats.mspdi.files import EIGHT_HOURS, FILE, MONDAY, day, project, row
from tminus.engines.schedule import WorkCalendar
from tminus.formats.mspdi import read_mspdi
from tminus.formats.problems import BadFile

WEEK = "".join(day(1 + (number + 1) % 7, EIGHT_HOURS if number < 5 else ()) for number in range(7))


def standard(inner: str) -> WorkCalendar:
    made = f"<Calendar><UID>1</UID><Name>Standard</Name><WeekDays>{WEEK}</WeekDays>{inner}</Calendar>"
    return read_mspdi(FILE, project(row(1, "08-03 08:00", "08-03 17:00"), calendars=made)).calendars["Standard"]


def exception(first: str, last: str, kind: int, **values: int) -> str:
    named = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return (
        f"<Exceptions><Exception><TimePeriod><FromDate>{first}T00:00:00</FromDate><ToDate>{last}T23:59:00</ToDate>"
        f"</TimePeriod><Type>{kind}</Type>{named}<DayWorking>0</DayWorking></Exception></Exceptions>"
    )


@pytest.mark.parametrize(
    ("made", "days"),
    [
        (exception("2026-10-01", "2026-10-03", 1), ["2026-10-01", "2026-10-02", "2026-10-03"]),
        (exception("2005-01-01", "2007-02-01", 2, Month=1, MonthDay=1), ["2005-02-01", "2006-02-01", "2007-02-01"]),
        (
            exception("2004-01-01", "2006-12-31", 3, Month=2, MonthItem=5, MonthPosition=0),
            ["2004-03-02", "2005-03-01", "2006-03-07"],
        ),
        (exception("2003-01-01", "2003-05-01", 4, MonthDay=1, Period=2), ["2003-01-01", "2003-03-01", "2003-05-01"]),
        (exception("2026-01-01", "2026-03-31", 4, MonthDay=31, Period=1), ["2026-01-31", "2026-03-31"]),
        (
            exception("2002-01-01", "2002-05-06", 5, MonthItem=4, MonthPosition=0, Period=2),
            ["2002-01-07", "2002-03-04", "2002-05-06"],
        ),
        (exception("2026-01-10", "2026-02-27", 5, MonthItem=8, MonthPosition=4), ["2026-01-30", "2026-02-27"]),
        (exception("2026-01-10", "2026-02-10", 5, MonthItem=1, MonthPosition=0), ["2026-02-02"]),
        (
            exception("2026-01-05", "2026-01-31", 6, DaysOfWeek=2 + 16, Period=2),
            ["2026-01-05", "2026-01-08", "2026-01-19", "2026-01-22"],
        ),
        (exception("2026-01-05", "2026-01-12", 7, Period=3), ["2026-01-05", "2026-01-08", "2026-01-11"]),
        (exception("2026-01-08", "2026-01-14", 8, Period=2), ["2026-01-08", "2026-01-12", "2026-01-14"]),
        (exception("2026-01-05", "2026-01-06", 9), ["2026-01-05", "2026-01-06"]),
    ],
)
def test_a_recurring_exception_falls_on_its_days(made: str, days: list[str]) -> None:
    assert sorted(standard(made).exceptions.items()) == [(date.fromisoformat(day), ()) for day in days]


def test_a_recurrence_there_is_none_of_is_one_clear_error() -> None:
    with pytest.raises(
        BadFile, match=r"plan\.xml: calendar 'Standard': recurring exception of Type 12; allowed: 1 … 9"
    ):
        standard(exception("2026-01-05", "2026-01-12", 12))


def test_a_work_week_of_its_own_holds_for_a_while_and_an_exception_holds_against_it() -> None:
    saturday = day(7, EIGHT_HOURS)
    weeks = (
        "<WorkWeeks><WorkWeek><TimePeriod><FromDate>2026-08-03T00:00:00</FromDate><ToDate>2026-08-16T23:59:00</ToDate>"
        f"</TimePeriod><Name>Rush</Name><WeekDays>{saturday}</WeekDays></WorkWeek></WorkWeeks>"
    )
    calendar = standard(weeks + exception("2026-08-15", "2026-08-15", 1))
    assert MONDAY.startswith("2026-08-03")
    assert calendar.exceptions == {
        date(2026, 8, 8): ((480, 720), (780, 1020)),
        date(2026, 8, 15): (),
    }
