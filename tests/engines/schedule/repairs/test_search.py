"""Repairs: each done to the plan gives the days it says; together they meet what they say is met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import OPENING, TODAY, plans
from tests.engines.schedule.reference import days
from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    How,
    Link,
    Plan,
    PlanError,
    Policy,
    Progress,
    Schedule,
    ScheduleParams,
    Task,
    back_schedule,
    week_calendar,
)
from tminus.engines.schedule.repairs import (
    Repair,
    RepairRules,
    Target,
    by_simulation,
    mend,
    repaired,
    repairs_of,
)
from tminus.engines.schedule.repairs.target import conflict_targets
from tminus.engines.schedule.worktime import instant, minutes, work_until


def scheduled(plan: Plan, opening: date = OPENING) -> Schedule:
    return back_schedule(plan, opening=opening, today=TODAY, params=ScheduleParams(Policy.ASAP))


@pytest.fixture
def plan() -> Plan:
    """Permit 10 days, then A 10, then B 10 from Monday 17 August; C 3 days not before 24 August, then D 2; opening
    Monday 14 September: four weeks for six."""
    at = datetime(2026, 8, 24, 9)
    tasks = (
        Task("P", "permit", duration=days(10), phase="approval"),
        Task("A", "a", duration=days(10)),
        Task("B", "b", duration=days(10), gate=True),
        Task("C", "c", duration=days(3), constraints=(Constraint(ConstraintKind.SNET, at),)),
    )
    return Plan("p", tasks, (Link("P", "A"), Link("A", "B")), {"o": week_calendar("o")}, "o")


SOON = date(2026, 9, 14)
TIGHT = date(2026, 8, 22)
"""So soon that most random plans cannot meet it."""


def test_each_way_of_buying_days_is_offered(plan: Plan) -> None:
    (found,) = repairs_of(scheduled(plan, SOON), most=99)
    assert found.short_days == 10.0
    assert {(one.how, one.task): (one.days, one.gained_days) for one in found.repairs} == {
        (How.SEVEN_DAYS, "A"): (0.0, 4.0),  # from Saturday to Monday week: two weekends
        (How.SEVEN_DAYS, "B"): (0.0, 4.0),
        (How.OVERLAP, "A"): (5.0, 5.0),
        (How.OVERLAP, "B"): (5.0, 5.0),
        (How.CREW, "A"): (3.5, 3.5),
        (How.CREW, "B"): (3.5, 3.5),
        (How.SHORTEN, "A"): (3.0, 3.0),
        (How.SHORTEN, "B"): (3.0, 3.0),
        (How.EARLIER, "P"): (3.0, 3.0),
    }


def test_together_they_meet_what_one_cannot(plan: Plan) -> None:
    (found,) = repairs_of(scheduled(plan, SOON))
    assert not any(one.meets for one in found.repairs)
    assert found.met and len(found.together) > 1
    assert scheduled(repaired(plan, *found.together), SOON).conflicts == ()
    assert scheduled(repaired(plan, *found.together[:-1]), SOON).conflicts


def test_a_date_comes_no_earlier_than_needed(plan: Plan) -> None:
    """C alone, due on Tuesday 25 August: its date must come two days earlier, across the weekend four."""
    tasks = tuple(replace(task, deadline=datetime(2026, 8, 25, 17) if task.id == "C" else None) for task in plan.tasks)
    found = repairs_of(scheduled(replace(plan, tasks=tasks)))[0]
    dates = [one for one in found.repairs if one.how is How.EARLIER]
    assert [(one.task, one.days, one.at, one.meets) for one in dates] == [("C", 3.0, datetime(2026, 8, 21, 9), True)]


def test_where_nothing_helps_it_is_said(plan: Plan) -> None:
    (found,) = repairs_of(scheduled(plan, date(2026, 8, 19)), conflicts=1)
    assert not found.met
    assert found.short_days > sum(one.gained_days for one in found.together)


def test_a_checkpoint_can_be_asked_for(plan: Plan) -> None:
    schedule = scheduled(plan)
    with pytest.raises(PlanError, match="2026-01-01 is no checkpoint; allowed: "):
        repairs_of(schedule, checkpoint=date(2026, 1, 1))
    (found,) = repairs_of(schedule, checkpoint=OPENING)
    assert found.short_days < 0 and found.because is None and found.target.names == ("B",)


def test_probability_is_asked_for_with_the_same_draws(plan: Plan) -> None:
    """Opening on 6 October: 30 of 36 days, often too few when every task may take a third more."""
    schedule = scheduled(plan, date(2026, 9, 29))
    asked = by_simulation(schedule, samples=500, seed=3)
    (found,) = repairs_of(schedule, checkpoint=date(2026, 9, 29), probability=asked)
    before = asked(plan)
    assert before == asked(plan)
    told = [one for one in found.repairs if one.gained_probability is not None]
    assert told and told == sorted(told, key=lambda one: -(one.gained_probability or 0))
    best = told[0]
    after = asked(repaired(plan, best))
    assert best.gained_probability == pytest.approx(after[date(2026, 9, 29)] - before[date(2026, 9, 29)])
    assert best.gained_probability and best.gained_probability > 0.05


@settings(max_examples=50, deadline=None)
@given(plans(summaries=False, most=7))
def test_every_repair_done_to_the_plan_gives_what_it_says(plan: Plan) -> None:
    schedule = scheduled(plan, TIGHT)
    targets = conflict_targets(schedule)
    if not targets:
        return  # one or two short tasks
    _, target = targets[0]
    found = mend(schedule, target, rules=RepairRules(most_overlap=1.0, most_shorter=0.5), most=30)
    for one in found.repairs:
        after = margin(schedule, scheduled(repaired(plan, one), TIGHT), target)
        assert after + found.short_days == pytest.approx(one.gained_days, abs=2e-4), one
        assert one.meets == (after >= 0)
    if found.together:
        assert (margin(schedule, scheduled(repaired(plan, *found.together), TIGHT), target) >= 0) == found.met


@settings(max_examples=50, deadline=None)
@given(plans(summaries=False, most=7), st.sampled_from([None, 20.0, 70.0]), st.integers(1, 12))
def test_so_does_what_is_done_about_work_that_has_begun(plan: Plan, percent: float | None, left: int) -> None:
    last = {link.pred for link in plan.links}
    begun = [task for task in plan.leaves() if task.id in last and task.duration.minutes and not task.manual]
    at = datetime(2026, 8, 14, 9)
    told = Progress(at, remaining=None if percent else days(left), percent=percent)
    plan = replace(plan, progress={**plan.progress, **{task.id: told for task in begun}})
    schedule = scheduled(plan, TIGHT)
    targets = conflict_targets(schedule)
    if not targets:
        return
    _, target = targets[0]
    found = mend(schedule, target, rules=RepairRules(most_shorter=0.5), most=30)
    assert all(one.remaining == (one.task in plan.progress) for one in found.repairs if one.link is None)
    for one in found.repairs:
        changed = scheduled(repaired(plan, one), TIGHT)
        assert margin(schedule, changed, target) + found.short_days == pytest.approx(one.gained_days, abs=2e-4), one
    if found.together:
        assert (margin(schedule, scheduled(repaired(plan, *found.together), TIGHT), target) >= 0) == found.met


def test_of_work_that_has_begun_what_remains_is_shortened(plan: Plan) -> None:
    told = Progress(datetime(2026, 8, 10, 9), percent=20.0)
    permit_had = Progress(datetime(2026, 7, 20, 9), datetime(2026, 8, 7, 17))
    begun = replace(plan, progress={"P": permit_had, "A": told})
    (found,) = repairs_of(scheduled(begun, date(2026, 9, 7)), most=99)
    of_a = {one.how: one for one in found.repairs if one.task == "A"}
    assert set(of_a) == {How.CREW, How.SHORTEN, How.SEVEN_DAYS}
    assert of_a[How.SHORTEN].days == 2.0  # 30 % of the eight days that are left
    assert (of_a[How.CREW].days, of_a[How.CREW].minutes) == (2.8, days(8).minutes - days(2.8).minutes)
    assert of_a[How.CREW].as_json()["remaining"] is True
    crewed = repaired(begun, of_a[How.CREW])
    assert crewed.by_id()["A"] == begun.by_id()["A"], "what has been done stays as it was planned"
    assert crewed.progress["A"].actual_start == told.actual_start
    assert scheduled(crewed).by_id()["A"].start == told.actual_start


def margin(before: Schedule, after: Schedule, target: Target) -> float:
    """Days of the calendar the victim had before, between its earliest finish and its limit."""
    network, id = before.network, target.names[0]
    assert network is not None
    place = int(target.places[0])
    calendar, table = int(network.calendar[place]), network.time.table
    limit, finish = instant(int(target.limits[0])), after.by_id()[id].early_finish
    until, done = (int(work_until(table, calendar, minutes(at))) for at in (limit, finish))
    spare = until - done
    if spare == 0 and finish > limit and network.work[place] == 0:
        spare = -1
    return spare / max(int(network.time.day_minutes[calendar]), 1)


def test_document_says_what_is_known() -> None:
    assert Repair(How.CREW, "A", 3.5, crews=1, gained_days=3.5).as_json() == {
        "how": "crew", "task": "A", "days": 3.5, "crews": 1, "gained_days": 3.5, "meets": False,
    }  # fmt: skip
