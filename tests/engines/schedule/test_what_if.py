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


def test_a_bar_that_is_late_already_moves_from_where_it_is_planned() -> None:
    """Its planned days have gone by; a day later is still gone by, so it begins today and takes what follows along."""
    tasks = (
        Task("A", "a", duration=days(5), start=datetime(2026, 10, 5, 9), finish=datetime(2026, 10, 9, 17)),
        Task("B", "b", duration=days(1), start=datetime(2026, 10, 12, 9), finish=datetime(2026, 10, 12, 17)),
        Task("C", "c", duration=days(1), start=datetime(2026, 10, 5, 9), finish=datetime(2026, 10, 5, 17)),
    )
    plan = Plan("p", tasks, (Link("A", "B"),), {"o": week_calendar("o")}, "o", opening=date(2026, 11, 5))
    late = back_schedule(plan, today=date(2026, 10, 14), params=ScheduleParams(policy=Policy.AS_PLANNED))
    for asked in (datetime(2026, 10, 6, 9), datetime(2026, 10, 14, 9)):
        outcome = what_if(late, {"A": asked})
        assert outcome.begins == datetime(2026, 10, 14, 9)
        assert [(one.id, one.start_before, one.start) for one in outcome.moved] == [
            ("A", datetime(2026, 10, 5, 9), datetime(2026, 10, 14, 9)),
            ("B", datetime(2026, 10, 12, 9), datetime(2026, 10, 21, 9)),
        ]


def test_what_stays_says_when_it_begins(early: Schedule) -> None:
    outcome = what_if(early, {"A": datetime(2026, 10, 3, 9)})
    assert (outcome.moved, outcome.binds, outcome.begins) == ((), (), datetime(2026, 10, 5, 9))
