"""Compiled working time: round trips both ways, against the list of all working minutes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import CALENDARS
from tests.engines.schedule.reference import Working
from tminus.engines.schedule import DayHours, PlanError, WorkCalendar, week_calendar
from tminus.engines.schedule.worktime import (
    DAY,
    compile_calendars,
    day_number,
    finish_at,
    mirrored,
    start_at,
    work_until,
)

FIRST, LAST = date(2026, 8, 1), date(2026, 11, 30)


@st.composite
def day_hours(draw: st.DrawFn) -> DayHours:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    week = [draw(day_hours()) for _ in range(6)] + [((540, 1020),)]
    days = st.dates(FIRST, LAST)
    exceptions = draw(st.dictionaries(days, day_hours(), max_size=4))
    return WorkCalendar("any", "any", tuple(week), exceptions)  # type: ignore[arg-type]  # seven days


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_working_time_is_that_of_the_list_of_minutes(calendar: WorkCalendar, at: int, amount: int) -> None:
    compiled = compile_calendars([calendar], FIRST, LAST)
    listed = Working(calendar, FIRST, LAST)
    t = day_number(FIRST) * DAY + at % (122 * DAY)
    assert work_until(compiled.table, 1, t) == listed.before(t)
    w = amount % len(listed.minutes)
    assert start_at(compiled.table, 1, w) == listed.begins(w)
    assert finish_at(compiled.table, 1, w + 1) == listed.ends(w + 1)


@settings(max_examples=200, deadline=None)
@given(calendars(), st.integers(0, 10**6))
def test_round_trip_both_ways_and_mirror(calendar: WorkCalendar, amount: int) -> None:
    compiled = compile_calendars([calendar], FIRST, LAST)
    back = mirrored(compiled)
    total = work_until(compiled.table, 1, (day_number(LAST) + 1) * DAY)
    w = 1 + amount % (total - 1)
    for t in (start_at(compiled.table, 1, w), finish_at(compiled.table, 1, w)):
        assert work_until(compiled.table, 1, t) == w
        assert work_until(back.table, 1, -t) == total - w
    assert -start_at(back.table, 1, total - w) == finish_at(compiled.table, 1, w)
    assert -finish_at(back.table, 1, total - w) == start_at(compiled.table, 1, w)


def test_clock_on_the_wall_never_stops() -> None:
    compiled = compile_calendars(list(CALENDARS.values()), FIRST, LAST)
    t = day_number(FIRST) * DAY + 12_345
    assert work_until(compiled.table, 0, t) == 12_345
    assert start_at(compiled.table, 0, 12_345) == finish_at(compiled.table, 0, 12_345) == t


def test_calendar_that_never_works_is_refused() -> None:
    with pytest.raises(PlanError, match="'empty' has no working time"):
        compile_calendars([week_calendar("empty", working_weekdays=[])], FIRST, LAST)


def test_calendars_nobody_asks_take_no_room_and_change_no_other() -> None:
    listed = [week_calendar("empty", working_weekdays=[]), *CALENDARS.values()]
    some = compile_calendars(listed, FIRST, LAST, used=range(2, 9))
    every = compile_calendars(listed[1:], FIRST, LAST)
    assert len(some.table) < len(every.table) + DAY
    for number in range(1, len(listed)):
        for amount in range(0, 20_000, 977):
            t = day_number(FIRST) * DAY + amount
            assert work_until(some.table, number + 1, t) == work_until(every.table, number, t)
            assert start_at(some.table, number + 1, amount) == start_at(every.table, number, amount)
