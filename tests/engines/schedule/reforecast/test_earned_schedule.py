"""Earned schedule against what is counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    Baseline,
    Link,
    Plan,
    PlanError,
    Policy,
    Progress,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.reforecast import EarnedSchedule, earned_schedule

OPENING = date(2026, 12, 1)
MONDAY = datetime(2026, 8, 3)


def plan() -> Plan:
    """A 5 days from Monday 3 August, then B 5 days, every day of the week, then a milestone."""
    tasks = (Task("A", "a", duration=days(5)), Task("B", "b", duration=days(5)),
             Task("M", "m", kind=TaskKind.MILESTONE, duration=days(0)))  # fmt: skip
    links = (Link("A", "B"), Link("B", "M"))
    calendar = week_calendar("o", working_weekdays=range(7), hours=((0, 480),))
    made = Plan("p", tasks, links, {"o": calendar}, "o")
    rows = scheduled(made, MONDAY).by_id()
    return replace(made, baselines=(Baseline(0, {id: (row.start, row.finish) for id, row in rows.items()}),))


def scheduled(plan: Plan, today: datetime):  # type: ignore[no-untyped-def]
    return back_schedule(plan, opening=OPENING, today=today, params=ScheduleParams(Policy.ASAP))


def earned(progress: dict[str, Progress], today: datetime) -> EarnedSchedule:
    return earned_schedule(scheduled(replace(plan(), progress=progress), today))


def test_half_the_speed_is_half_the_index() -> None:
    """After eight days four days' work: planned to be done on the evening of the fourth day."""
    found = earned({"A": Progress(actual_start=MONDAY, percent=80)}, datetime(2026, 8, 11))
    assert found.planned == pytest.approx(0.8) and found.earned == pytest.approx(0.4)
    assert found.actual_days == 8.0
    assert found.earned_days == pytest.approx(3 + 1 / 3, abs=1e-4)  # 08:00 of the fourth day
    assert found.variance_days == pytest.approx(-4.6667)
    assert found.index == pytest.approx(10 / 24, abs=1e-6)
    assert found.planned_days == pytest.approx(9 + 1 / 3, abs=1e-4)
    assert found.estimate == datetime(2026, 8, 25, 9, 36)  # 22.4 days


def test_as_planned_the_end_is_the_planned_one() -> None:
    done = {"A": Progress(actual_start=MONDAY, actual_finish=datetime(2026, 8, 7, 8))}
    found = earned(done, datetime(2026, 8, 7, 8))
    assert (found.index, found.variance_days, found.estimate) == (1.0, 0.0, found.planned_finish)


def test_nothing_earned_has_no_estimate() -> None:
    found = earned({}, datetime(2026, 8, 7))
    assert (found.earned_days, found.index, found.estimate) == (0.0, 0.0, None)
    assert earned({}, MONDAY).index is None


def test_milestones_alone_are_counted_by_weight() -> None:
    tasks = tuple(Task(id, id, kind=TaskKind.MILESTONE, duration=days(0), weight=weight) for id, weight in
                  (("M", 1.0), ("N", 3.0)))  # fmt: skip
    made = Plan("p", tasks, progress={"M": Progress(actual_finish=MONDAY)}, baselines=(
        Baseline(0, {"M": (MONDAY, MONDAY), "N": (datetime(2026, 8, 9), datetime(2026, 8, 9))}),))  # fmt: skip
    assert earned_schedule(scheduled(made, datetime(2026, 8, 5))).earned == 0.5


def test_without_planned_dates_it_is_refused() -> None:
    with pytest.raises(PlanError, match="no task with planned dates"):
        earned_schedule(scheduled(replace(plan(), baselines=(Baseline(0, {}),)), MONDAY))
