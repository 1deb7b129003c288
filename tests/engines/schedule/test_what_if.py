"""Moving a bar: who moves with it, which checkpoint loses what, what binds."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    Link,
    Plan,
    PlanError,
    Policy,
    Schedule,
    ScheduleParams,
    Task,
    back_schedule,
    week_calendar,
    what_if,
)


@pytest.fixture
def early() -> Schedule:
    """A 5 days from Monday 5 October, B 3 behind it, C 1 alone; as soon as possible."""
    tasks = (Task("A", "a", duration=days(5)), Task("B", "b", duration=days(3)), Task("C", "c", duration=days(1)))
    plan = Plan("p", tasks, (Link("A", "B"),), {"o": week_calendar("o")}, "o", opening=date(2026, 11, 5))
    return back_schedule(plan, today=date(2026, 10, 5), params=ScheduleParams(policy=Policy.ASAP))


def test_followers_give_way_and_others_stay(early: Schedule) -> None:
    outcome = what_if(early, {"A": datetime(2026, 10, 12, 9)})
    assert [(one.id, one.start, one.days) for one in outcome.moved] == [
        ("A", datetime(2026, 10, 12, 9), 7.0),
        ("B", datetime(2026, 10, 19, 9), 7.0),
    ]
    assert outcome.binds == () and outcome.misses_opening == ()
    assert [(slip.t_minus, slip.ids) for slip in outcome.slips] == [(20, ("B",))]


def test_what_binds_is_named(early: Schedule) -> None:
    outcome = what_if(early, {"B": datetime(2026, 10, 7, 9)})
    assert outcome.moved == ()
    assert outcome.binds == ("A", "B")


def test_missing_opening_is_told(early: Schedule) -> None:
    assert what_if(early, {"A": datetime(2026, 10, 28, 9)}).misses_opening == ("A", "B")


def test_unknown_task_is_refused(early: Schedule) -> None:
    with pytest.raises(PlanError, match="'X' cannot be moved"):
        what_if(early, {"X": datetime(2026, 10, 12, 9)})
