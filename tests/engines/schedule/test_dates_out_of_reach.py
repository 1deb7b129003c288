"""Dates and chains no plan can mean are refused with what is allowed, never with a traceback."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tminus.engines.schedule import Duration, Link, Plan, PlanError, Task, back_schedule, week_calendar

CALENDARS = {"standard": week_calendar()}


@pytest.mark.parametrize("opening", [date(1, 1, 1), date(9999, 12, 31)])
def test_an_opening_of_another_age(opening: date) -> None:
    plan = Plan("p", (Task("A", "A"),), (), CALENDARS, "standard")
    with pytest.raises(PlanError, match="allowed: years 1900 to 2200"):
        back_schedule(plan, opening=opening, today=date(2026, 8, 17))


def test_a_deadline_of_another_age() -> None:
    plan = Plan("p", (Task("A", "A", deadline=datetime(9999, 12, 31)),), (), CALENDARS, "standard")
    with pytest.raises(PlanError, match="9999"):
        back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 8, 17))


def test_a_chain_of_centuries() -> None:
    tasks = tuple(Task(str(n), "x", duration=Duration(480 * 100_000)) for n in range(5))
    plan = Plan("p", tasks, tuple(Link(str(n), str(n + 1)) for n in range(4)), CALENDARS, "standard")
    with pytest.raises(PlanError, match="longest chain"):
        back_schedule(plan, opening=date(2026, 11, 5), today=date(2026, 8, 17))
