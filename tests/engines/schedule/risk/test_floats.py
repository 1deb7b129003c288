"""Criticality followed from task to task is that of the whole pass back, one minute from the evening or not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import OPENING, TODAY, plans
from tests.engines.schedule.risk.lanes_replayed import Batch
from tests.engines.schedule.risk.plans import plan_of, soon, task, triangle
from tminus.engines.schedule import (
    Duration,
    Estimate,
    EstimateKind,
    Plan,
    Policy,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
)
from tminus.engines.schedule.risk import RiskDriver, RiskParams
from tminus.engines.schedule.risk.prepare import prepare

MANY = settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def plans_of_one_calendar(draw: st.DrawFn) -> Plan:
    """All link types and working lags; durations a minute or two from whole days, so that floats are, too."""
    plan = draw(plans(dated=False, summaries=False, most=12))
    days = st.sampled_from([0, 0, 1, 480, 960])
    links = tuple(replace(link, lag=Duration(draw(days | st.integers(-480, 480)))) for link in plan.links)
    return replace(
        plan,
        tasks=tuple(_nearly(one, draw(days), draw(st.integers(0, 2))) for one in plan.tasks),
        links=links,
        default_calendar=draw(st.none() | st.sampled_from(["office", "site", "night"])),
    )


def _nearly(task: Task, minutes: int, more: int) -> Task:
    plain = replace(task, calendar=None)
    if task.kind is not TaskKind.TASK:
        return plain
    own = max(minutes, 5)
    estimate = Estimate(EstimateKind.TRIANGULAR, (float(own), float(own), float(own + more)))
    return replace(plain, duration=Duration(own), estimate=estimate)


@MANY
@given(plans_of_one_calendar(), st.integers(0, 2**40))
def test_what_is_followed_finds_what_is_critical(plan: Plan, seed: int) -> None:
    schedule = back_schedule(plan, opening=OPENING, today=TODAY, params=ScheduleParams(Policy.ASAP))
    made = prepare(schedule, (), RiskParams())
    assume(made.model.sparse)
    batch = Batch(made, seed)
    open_ = (batch.net.group >= 0) & ~batch.net.fixed
    bit = batch.net.instant.astype(np.int32)[:, None]
    whole = (batch.late | bit) <= (batch.finish | bit)
    followed = ((batch.sparse | bit) <= (batch.finish | bit)) & batch.near[:, None]
    assert not batch.beyond
    assert np.array_equal(followed[open_], whole[open_])


def test_it_is_followed_where_float_is_handed_on_and_only_there() -> None:
    chain = (task("A", triangle(10, 12, 20)), task("B", triangle(10, 12, 20)))
    plain = plan_of(*chain, links=(("A", "B"), ("B", "END")), calendars=True)
    assert prepare(soon(plain), (), RiskParams()).model.sparse
    wall = replace(plain, tasks=(replace(chain[0], duration=Duration(4800, elapsed=True)), *plain.tasks[1:]))
    assert not prepare(soon(wall), (), RiskParams()).model.sparse


def test_beyond_the_window_floats_are_below_zero_and_all_are_looked_at() -> None:
    late = plan_of(task("A", triangle(10, 12, 20)), links=(("A", "END"),))
    made = prepare(soon(late), (), RiskParams())
    far = RiskDriver("far", Estimate(EstimateKind.TRIANGULAR, (500.0, 500.0, 500.0)))
    held = prepare(soon(late), (far,), RiskParams(), like=made.model.net)
    assert held.model.net.window is made.model.net.window
    assert held.model.sparse
    batch = Batch(held, 0)
    assert batch.beyond
