"""The minimal conflict set: its members alone make the date impossible, and every one of them is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from hypothesis import given, settings

from tests.engines.schedule.plans import OPENING, TODAY, plans
from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Link,
    Plan,
    Policy,
    Schedule,
    ScheduleParams,
    Task,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.repairs import ConflictSet, Member, MemberKind, conflict_set, conflict_targets
from tminus.engines.schedule.repairs.trial import SUFFIX, seven_days
from tminus.engines.schedule.worktime import instant

TIGHT = date(2026, 8, 22)
"""So soon that most random plans cannot meet it."""


def scheduled(plan: Plan, opening: date = OPENING) -> Schedule:
    return back_schedule(plan, opening=opening, today=TODAY, params=ScheduleParams(Policy.ASAP))


def only(plan: Plan, members: list[Member]) -> Plan:
    """The plan with nothing but ``members``: without its other links and dates, without days off not named."""
    dated = {one.task for one in members if one.kind is MemberKind.DATE}
    gaps = {one.calendar for one in members if one.kind is MemberKind.GAPS}
    kept = [one.link for one in members if one.kind is MemberKind.LINK]
    links = tuple(link for link in plan.links if any(link is one for one in kept))
    weeks = {id: calendar if id in gaps else replace(seven_days(calendar), id=id) for id, calendar in
             plan.calendars.items()}  # fmt: skip
    tasks = tuple(
        replace(task, constraints=task.constraints if task.id in dated else (), deadline=None) for task in plan.tasks
    )
    return replace(plan, tasks=tasks, links=links, calendars=weeks)


def _plain(task: Task) -> tuple[Constraint, ...]:
    """Without dates that change what a task is: milestones held to the minute, mandatory ones."""
    return tuple(one for one in task.constraints if one.kind in list(ConstraintKind)[:6])


def late(plan: Plan, members: list[Member], victim: str, limit: datetime) -> bool:
    return scheduled(only(plan, members)).by_id()[victim].early_finish > limit


@settings(max_examples=50, deadline=None)
@given(plans(summaries=False, most=7))
def test_every_member_is_necessary_and_together_they_suffice(plan: Plan) -> None:
    plan = replace(plan, tasks=tuple(replace(task, constraints=_plain(task)) for task in plan.tasks))
    schedule = scheduled(plan, TIGHT)
    for _, target in conflict_targets(schedule):
        found = conflict_set(schedule, target)
        *members, end = found.members
        assert end.kind is MemberKind.LIMIT
        victim, limit = target.names[0], instant(int(target.limits[0]))
        assert late(plan, members, victim, limit)
        for one in members:
            assert not late(plan, [other for other in members if other is not one], victim, limit), one


def why(plan: Plan, opening: date) -> ConflictSet:
    schedule = scheduled(plan, opening)
    return conflict_set(schedule, conflict_targets(schedule)[0][1])


def test_what_a_long_chain_does_not_need_is_left_out() -> None:
    """A (1 day) → B (5) → C (5) from Monday 17 August, opening Monday 24 August: B and C alone are too long even
    without weekends."""
    tasks = (Task("A", "a", duration=days(1)), Task("B", "b", duration=days(5)), Task("C", "c", duration=days(5)))
    plan = Plan("p", tasks, (Link("A", "B"), Link("B", "C")), {"o": week_calendar("o")}, "o")
    members = why(plan, date(2026, 8, 24)).members
    assert [(one.kind, one.task, one.other) for one in members] == [
        (MemberKind.LINK, "C", "B"),
        (MemberKind.LIMIT, "C", ""),
    ]


def test_weekends_and_a_date_are_named_where_they_are_needed() -> None:
    """B (3 days) may not begin before Thursday 20 August and must be done by Monday 24: only with the weekend off it
    cannot be."""
    at = datetime.combine(date(2026, 8, 20), time(9))
    tasks = (Task("A", "a", duration=days(1)),
             Task("B", "b", duration=days(3), constraints=(Constraint(ConstraintKind.SNET, at),)))  # fmt: skip
    plan = Plan("p", tasks, (Link("A", "B"),), {"o": week_calendar("o")}, "o")
    found = why(plan, date(2026, 8, 24))
    assert [one.as_json() for one in found.members] == [
        {"kind": "gaps", "calendar": "o"},
        {"kind": "date", "task": "B", "at": "2026-08-20T09:00:00"},
        {"kind": "limit", "task": "B", "at": "2026-08-24T00:00:00"},
    ]
    assert found.short_days == 1.0
    assert SUFFIX not in found.members[0].calendar
