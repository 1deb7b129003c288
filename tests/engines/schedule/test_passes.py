"""Early and late dates against the slow reference, for every link type, lag and calendar."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings

from tests.engines.schedule.plans import OPENING, TODAY, plans
from tests.engines.schedule.reference import Dates, Reference, minute_of
from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    Link,
    Plan,
    Policy,
    Progress,
    Schedule,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)

EXAMPLES = settings(max_examples=300, deadline=None)


def schedule(plan: Plan, policy: Policy = Policy.ALAP_TOTAL) -> Schedule:
    return back_schedule(plan, params=ScheduleParams(policy=policy))


def dates_of(made: Schedule, which: str) -> Dates:
    leaves = {task.id for task in made.network.tasks} if made.network else set()
    return {
        row.id: (minute_of(getattr(row, f"{which}start")), minute_of(getattr(row, f"{which}finish")))
        for row in made.tasks
        if row.id in leaves
    }


def only(dates: Dates, wanted: Dates) -> Dates:
    return {name: dates[name] for name in wanted}


@EXAMPLES
@given(plans())
def test_early_dates_are_those_of_the_reference(plan: Plan) -> None:
    made = dates_of(schedule(plan), "early_")
    assert made == only(Reference(plan, OPENING, TODAY).early(), made)


@EXAMPLES
@given(plans())
def test_late_dates_are_those_of_the_reference(plan: Plan) -> None:
    made = dates_of(schedule(plan), "late_")
    assert made == only(Reference(plan, OPENING, TODAY).late(), made)


@EXAMPLES
@given(plans(dated=False))
def test_every_policy_keeps_every_link(plan: Plan) -> None:
    reference = Reference(plan, OPENING, TODAY)
    for policy in (Policy.ASAP, Policy.ALAP_TOTAL, Policy.ALAP_FREE):
        assert list(reference.broken(dates_of(schedule(plan, policy), ""))) == [], policy


@EXAMPLES
@given(plans())
def test_a_plan_without_negative_float_lies_between_today_and_opening(plan: Plan) -> None:
    made = schedule(plan)
    if any(row.total_float_days < 0 for row in made.tasks):
        assert made.conflicts
        return
    assert not made.conflicts
    for row in made.tasks:
        assert datetime.combine(TODAY, datetime.min.time()) <= row.early_start <= row.early_finish
        assert row.finish <= datetime.combine(OPENING, datetime.min.time())


@EXAMPLES
@given(plans(dated=False, summaries=False))
def test_policy_as_late_as_free_moves_no_end(plan: Plan) -> None:
    made = schedule(plan, Policy.ALAP_FREE)
    followed = {link.pred for link in plan.links}
    for row in made.tasks:
        if row.id not in followed:
            assert row.finish == row.early_finish


def test_what_has_happened_holds_nobody_back_late_either() -> None:
    """A is open though B, which waits for it, is done; C too waits for B. Nothing that is still to come follows A."""
    tasks = tuple(Task(id, id, duration=Duration(960)) for id in "ABC")
    done = Progress(actual_start=datetime(2026, 8, 3, 9), actual_finish=datetime(2026, 8, 4, 17))
    links = (Link("A", "B"), Link("B", "C"))
    plan = Plan("plan", tasks, links, {"office": week_calendar("office")}, "office", OPENING, progress={"B": done})
    plan = replace(plan, status_date=datetime.combine(TODAY, datetime.min.time()))
    free = schedule(plan, Policy.ALAP_FREE).by_id()
    assert [free[id].finish for id in "AC"] == [free[id].early_finish for id in "AC"]
    asked_late = replace(plan, tasks=(replace(tasks[0], constraints=(Constraint(ConstraintKind.ALAP),)), *tasks[1:]))
    late = schedule(asked_late, Policy.ASAP).by_id()["A"]
    assert late.finish == late.late_finish <= datetime.combine(OPENING, datetime.min.time())
    assert late.free_float_days == late.total_float_days > 0


@EXAMPLES
@given(plans(dated=False, summaries=False))
def test_free_float_is_what_a_task_may_slip_alone(plan: Plan) -> None:
    """Slipping one task by its free float moves no follower in working time; a minute more moves one (or opening).

    A milestone may pass from the evening to the next morning, which is no working time.
    """
    made = schedule(plan)
    reference = Reference(plan, OPENING, TODAY)
    early = reference.early()
    for row in made.tasks:
        node = reference.nodes[row.id]
        minutes = round(row.free_float_days * _day(plan, row.id))
        if minutes < 0 or not node.work:
            continue
        moved = _followers_if(reference, early, row.id, minutes)
        assert [id for id in moved if _worked(reference, id, moved) != _worked(reference, id, early)] == []
        if reference.out[row.id] and row.free_float_days < row.total_float_days:
            assert _followers_if(reference, early, row.id, minutes + 1) != {}


def _day(plan: Plan, id: str) -> int:
    task = plan.by_id()[id]
    code = None if task.duration.elapsed else (task.calendar or plan.default_calendar)
    return plan.calendars[code].day_minutes if code else 1440


def _worked(reference: Reference, id: str, dates: Dates) -> tuple[int, ...]:
    return tuple(reference.nodes[id].calendar.before(at) for at in dates[id])


def _followers_if(reference: Reference, early: Dates, name: str, slip: int) -> Dates:
    """The other dates that change when ``name`` starts ``slip`` working minutes later."""
    node = reference.nodes[name]
    kept = list(node.not_before_start)
    node.not_before_start.append(node.calendar.begins(node.calendar.before(early[name][0]) + slip))
    moved = reference.early()
    node.not_before_start = kept
    return {other: dates for other, dates in moved.items() if other != name and dates != early[other]}


@EXAMPLES
@given(plans(summaries=False))
def test_summaries_without_links_change_nothing(plan: Plan) -> None:
    """Putting everything under one plain summary moves no leaf."""
    top = replace(plan.tasks[0], id="TOP", kind=TaskKind.SUMMARY, constraints=(), deadline=None, parent=None)
    nested = replace(plan, tasks=(top, *(replace(task, parent="TOP") for task in plan.tasks)))
    flat, deep = schedule(plan), schedule(nested)
    assert [row for row in deep.tasks if not row.summary] == list(flat.tasks)
    assert deep.by_id()["TOP"].finish == max(row.finish for row in flat.tasks)


@pytest.mark.parametrize("shift", [7, 14])
@settings(max_examples=50, deadline=None)
@given(plan=plans(dated=False))
def test_moving_opening_and_today_by_weeks_moves_everything(plan: Plan, shift: int) -> None:
    """Without holidays the plan is the same plan some weeks later."""
    calendars = {code: replace(made, exceptions={}) for code, made in plan.calendars.items()}
    plain = replace(plan, calendars=calendars)
    by = timedelta(days=shift)
    moved = back_schedule(plain, opening=OPENING + by, today=TODAY + by)
    for before, after in zip(schedule(plain).tasks, moved.tasks, strict=True):
        assert (before.start + by, before.finish + by) == (after.start, after.finish)
        assert (before.total_float_days, before.free_float_days) == (after.total_float_days, after.free_float_days)
