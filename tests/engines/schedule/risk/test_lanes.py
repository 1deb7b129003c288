"""Every sample is what the passes of the schedule itself would compute with its durations, to the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import OPENING, TODAY, plans
from tests.engines.schedule.risk.lanes_replayed import Batch, replayed
from tminus.engines.schedule import (
    Duration,
    Link,
    LinkKind,
    Plan,
    Policy,
    Progress,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)  # fmt: skip
from tminus.engines.schedule.risk import CLASSES, RiskParams
from tminus.engines.schedule.risk.prepare import prepare

EXACT = RiskParams(classes=dict.fromkeys(CLASSES, CLASSES["fixed"]))
SOME = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
POLICIES = st.sampled_from([Policy.ALAP_TOTAL, Policy.ASAP, Policy.ALAP_FREE])


@st.composite
def plans_under_way(draw: st.DrawFn) -> Plan:
    """Some of it done, some begun, some placed by hand; no summaries' dates are drawn."""
    plan = draw(plans())
    progress: dict[str, Progress] = {}
    tasks = []
    begun = datetime.combine(TODAY, datetime.min.time()) - timedelta(days=3, minutes=draw(st.integers(0, 900)))
    for task in plan.tasks:
        kind = draw(st.integers(0, 9)) if task.kind is not TaskKind.SUMMARY else 9
        if kind == 0:
            progress[task.id] = Progress(actual_start=begun, actual_finish=begun + timedelta(hours=30), percent=100)
        elif kind == 1:
            progress[task.id] = Progress(actual_start=begun, percent=40)
        elif kind == 2:
            start = begun + timedelta(days=draw(st.integers(0, 40)))
            task = replace(task, manual=True, start=start, finish=start + timedelta(hours=50))
        tasks.append(
            replace(
                task, unit=draw(st.sampled_from(["", "A", "B"])), phase=draw(st.sampled_from(["", "", "", "move-out"]))
            )
        )
    return replace(plan, tasks=tuple(tasks), progress=progress)


def scheduled(plan: Plan, policy: Policy) -> Any:
    return back_schedule(plan, opening=OPENING, today=TODAY, params=ScheduleParams(policy, 2))


@SOME
@given(plans_under_way(), POLICIES)
def test_certain_durations_give_the_forecast(plan: Plan, policy: Policy) -> None:
    schedule = scheduled(plan, policy)
    made = prepare(schedule, (), EXACT)
    finish = Batch(made, 0).finishes(5)
    leaf = schedule.network.node >= 0
    assert np.array_equal(finish[leaf], schedule.dates.forecast_finish[leaf])


@SOME
@given(plans_under_way(), POLICIES, st.integers(0, 2**40))
def test_every_sample_is_a_pass_with_its_durations(plan: Plan, policy: Policy, seed: int) -> None:
    schedule = scheduled(plan, policy)
    made = prepare(schedule, (), RiskParams())
    # alap_free puts a task whose followers are all done at the end of the calendars' horizon, where samples are held
    assume(schedule.dates.forecast_finish.max() < made.model.net.window.end - 30 * 1440)
    batch = Batch(made, seed)
    leaf = schedule.network.node >= 0
    for lane in (0, 7, 63):
        early, critical = replayed(schedule, batch.drawn[:, lane].astype(np.int64) // 2)
        assert np.array_equal(batch.finishes(lane)[leaf], early.finish[leaf])
        open_ = leaf & ~made.model.net.fixed
        assert np.array_equal(batch.critical(lane)[open_], critical[open_])


def test_what_happened_long_ago_leads_on_through_its_summary() -> None:
    """Its start is a minute's lag away from a task under way; it lies before anything that is still to be placed."""
    begun = datetime.combine(TODAY, datetime.min.time()) - timedelta(days=3)
    tasks = (
        Task("S", "S", kind=TaskKind.SUMMARY),
        Task("A", "A", parent="S", duration=Duration(480, elapsed=True)),
        Task("B", "B", duration=Duration(480)),
    )
    progress = {
        "A": Progress(actual_start=begun, actual_finish=begun + timedelta(hours=30), percent=100),
        "B": Progress(actual_start=begun, percent=40),
    }
    links = (Link("S", "B", LinkKind.SS, Duration(1)),)
    plan = Plan("p", tasks, links, {"office": week_calendar("office")}, "office", progress=progress)
    schedule = scheduled(plan, Policy.ASAP)
    batch, leaf = Batch(prepare(schedule, (), RiskParams()), 0), schedule.network.node >= 0
    early, _ = replayed(schedule, batch.drawn[:, 0].astype(np.int64) // 2)
    assert np.array_equal(batch.finishes(0)[leaf], early.finish[leaf])
