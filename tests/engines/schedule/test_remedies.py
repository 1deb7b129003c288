"""What would avoid the harm of a move; each remedy holds when it is really done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    How,
    Link,
    Plan,
    Policy,
    Remedy,
    Schedule,
    ScheduleParams,
    Task,
    back_schedule,
    remedies,
    week_calendar,
    what_if,
)

OPENING, TODAY = date(2026, 11, 5), date(2026, 10, 5)


def scheduled(plan: Plan) -> Schedule:
    return back_schedule(plan, opening=OPENING, today=TODAY, params=ScheduleParams(policy=Policy.ASAP))


@pytest.fixture
def plan() -> Plan:
    """A 5 days from Monday 5 October, B 3 behind it, C 4 behind that; as soon as possible."""
    tasks = (Task("A", "a", duration=days(5)), Task("B", "b", duration=days(3)), Task("C", "c", duration=days(4)))
    return Plan("p", tasks, (Link("A", "B"), Link("B", "C")), {"o": week_calendar("o")}, "o", opening=OPENING)


def test_a_move_that_harms_nothing_needs_no_remedy(plan: Plan) -> None:
    assert remedies(scheduled(plan), {"C": datetime(2026, 10, 16, 9)}) == ()


def test_a_lost_checkpoint_is_kept_by_what_is_told(plan: Plan) -> None:
    """B is planned by Wednesday 14 October, so by T-20 on Friday; A three working days later pushes it to Monday."""
    schedule = scheduled(plan)
    starts = {"A": datetime(2026, 10, 8, 9)}
    assert [slip.t_minus for slip in what_if(schedule, starts).slips] == [20]
    saved = date(2026, 10, 16)
    assert latest(schedule, "A", starts["A"]) == date(2026, 10, 7)
    assert remedies(schedule, starts) == (
        Remedy(How.NO_LATER, "A", day=date(2026, 10, 7), checkpoint=saved),
        Remedy(How.SHORTEN, "A", 1, checkpoint=saved),
        Remedy(How.SHORTEN, "B", 1, checkpoint=saved),
        Remedy(How.OVERLAP, "B", 1, before="A", checkpoint=saved),
    )


def latest(schedule: Schedule, id: str, asked: datetime) -> date:
    """The same, found by trying each day."""
    while what_if(schedule, {id: asked}).slips or what_if(schedule, {id: asked}).misses_opening:
        asked -= timedelta(days=1)
    return asked.date()


def test_each_remedy_done_to_the_plan_avoids_what_it_says(plan: Plan) -> None:
    schedule, starts = scheduled(plan), {"A": datetime(2026, 10, 26, 9)}
    late = what_if(schedule, starts).misses_opening
    assert late == ("A", "B", "C")
    told = [one for one in remedies(schedule, starts, most=9) if one.how is not How.NO_LATER]
    assert {one.how for one in told} == {How.SHORTEN, How.OVERLAP}
    for one in told:
        assert finish_with(plan, starts, one) <= limit_of(schedule)
        assert one.days == 1 or finish_with(plan, starts, replace(one, days=one.days - 1)) > limit_of(schedule)


def limit_of(schedule: Schedule) -> datetime:
    return schedule.by_id()["C"].late_finish


def finish_with(plan: Plan, starts: dict[str, datetime], remedy: Remedy) -> datetime:
    """When C is finished if the plan is changed so and everything moves on from the start asked for."""
    tasks = tuple(
        replace(task, duration=days(task.duration.minutes / 480 - remedy.days))
        if (remedy.how, remedy.task) == (How.SHORTEN, task.id)
        else task
        for task in plan.tasks
    )
    links = tuple(
        replace(link, lag=days(-remedy.days))
        if (remedy.how, remedy.task, remedy.before) == (How.OVERLAP, link.succ, link.pred)
        else link
        for link in plan.links
    )
    changed = scheduled(replace(plan, tasks=tasks, links=links))
    moved = {one.id: one.finish for one in what_if(changed, starts).moved}
    return moved["C"]


def test_what_withholds_the_date_asked_for_is_shortened_or_overlapped(plan: Plan) -> None:
    schedule, starts = scheduled(plan), {"B": datetime(2026, 10, 8, 9)}
    assert what_if(schedule, starts).binds == ("A", "B")
    assert remedies(schedule, starts) == (
        Remedy(How.SHORTEN, "A", 2),
        Remedy(How.OVERLAP, "B", 2, before="A"),
    )
