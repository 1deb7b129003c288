"""Windows make timetables that can be carried out, and better ones."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.schedule.levelling.crews import TODAY, crewed, scheduled
from tminus.engines.schedule import Duration, Link, Plan, PlanError, Policy, Schedule, Task, week_calendar
from tminus.engines.schedule.back_schedule import back_schedule
from tminus.engines.schedule.levelling import Budget, Need, Resources, Supply, level
from tminus.engines.schedule.levelling.windows import Windows


def busy(tasks: int, opening: date = date(2026, 9, 15)) -> tuple[Schedule, Resources]:
    """Two crews of two, much to do, an opening nobody can keep."""
    rnd = random.Random(5)
    made = tuple(
        Task(f"T{i}", f"T{i}", duration=Duration(480 * rnd.randint(1, 4)), gate=i % 9 == 0, weight=rnd.randint(1, 3))
        for i in range(tasks)
    )
    links = tuple(Link(f"T{rnd.randrange(max(0, i - 8), i)}", f"T{i}") for i in range(1, tasks) if rnd.random() < 0.6)
    plan = Plan("busy", made, links, {"office": week_calendar("office")}, "office")
    needs = tuple(Need(task.id, rnd.choice("AB"), rnd.randint(1, 2)) for task in made)
    return back_schedule(plan, opening=opening, today=TODAY), Resources(
        (Supply("A", units=2), Supply("B", units=2)), needs
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(crewed(), st.sampled_from([Policy.ALAP_TOTAL, Policy.ASAP]), st.integers(2, 12))
def test_any_plan_comes_out_of_windows_without_a_fault(made: tuple[Plan, Resources], policy: Policy, size: int) -> None:
    plan, resources = made
    windows = Windows(share=1.0, effort=0.01, size=size)
    budget = Budget(iterations=14, seconds=60.0)
    try:
        found = level(scheduled(plan, policy), resources, budget=budget, beside=windows)
    except PlanError:
        return
    assert found.faults == ()


def test_windows_are_worth_more_than_the_rules_they_begin_with() -> None:
    schedule, resources = busy(60)
    rules = level(schedule, resources, budget=Budget(iterations=6))
    windows = Windows(share=1.0, effort=0.05, size=20)
    found = level(schedule, resources, budget=Budget(iterations=30, seconds=60.0), beside=windows)
    assert found.faults == ()
    assert (found.value.gates_late, found.value.tardiness) < (rules.value.gates_late, rules.value.tardiness)
    assert windows.size != 20


def test_who_counts_timetables_gets_none_who_counts_seconds_gets_them() -> None:
    schedule, resources = busy(30)
    same = [level(schedule, resources, budget=Budget(iterations=20)).tasks for _ in range(2)]
    assert same[0] == same[1]
    timed = level(schedule, resources, budget=Budget(iterations=None, seconds=0.5))
    assert timed.faults == ()
    assert timed.value <= level(schedule, resources, budget=Budget(iterations=6)).value
