"""Proofs of small plans hold against all timetables, and close the gap where there is one to close."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from tests.engines.schedule.levelling.crews import START, TODAY, crewed, least, scheduled, tiny
from tests.engines.schedule.levelling.test_windows import busy
from tminus.engines.schedule import Plan, PlanError, Policy, ScheduleParams, back_schedule
from tminus.engines.schedule.levelling import Budget, Levelled, Resources, Windows, level, proof
from tminus.engines.schedule.result import Schedule


def _proved(schedule: Schedule, resources: Resources, search: float = 0.05) -> Levelled:
    """With as much time as a proof takes: what is tested does not depend on the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proof, "SHARE", search / 60)
        budget = Budget(iterations=None, seconds=60.0)
        return level(schedule, resources, budget=budget, beside=Windows(share=-1.0))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tiny())
def test_what_is_proved_of_tiny_plans_is_the_best_of_all_timetables(made: tuple[Plan, Resources]) -> None:
    plan, resources = made
    opening = START + timedelta(days=4)
    schedule = back_schedule(plan, opening=opening, today=TODAY, params=ScheduleParams(Policy.ASAP))
    found = _proved(schedule, resources)
    gates, days = found.lower_bound.best
    best = least(plan, resources, opening)
    assert (gates, days / 1440) <= best
    if not resources.modes:
        assert found.proved
        assert (found.value.gates_late, found.value.tardiness / 1440) == best


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(crewed())
def test_no_timetable_is_better_than_its_bound_whatever_hours_there_are(made: tuple[Plan, Resources]) -> None:
    plan, resources = made
    try:
        other = level(scheduled(plan), resources, budget=Budget(iterations=40))
    except PlanError:
        return
    found = _proved(scheduled(plan), resources)
    assert found.faults == ()
    for value in (other.value, found.value):
        assert found.lower_bound.best <= (value.gates_late, value.tardiness)


@pytest.mark.parametrize(("tasks", "opening"), [(10, date(2026, 8, 24)), (14, date(2026, 8, 30))])
def test_what_search_leaves_open_is_proved(tasks: int, opening: date) -> None:
    schedule, resources = busy(tasks, opening)
    by_work = level(schedule, resources, budget=Budget(iterations=50))
    found = _proved(schedule, resources)
    assert not by_work.proved
    assert found.proved
    assert found.gap == 0.0
    assert found.faults == ()
    assert found.value <= by_work.value
