"""Laws of the simulation: the same figures however it is computed, and what may never get better."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engines.schedule.plans import OPENING, TODAY, plans
from tests.engines.schedule.risk.plans import multiple, plan_of, soon, task, triangle
from tminus.engines.schedule import LinkKind, Plan, PlanError, Policy, Schedule, ScheduleParams, TaskKind, back_schedule
from tminus.engines.schedule.risk import (
    CLASSES,
    Branch,
    Hits,
    Risk,
    RiskDriver,
    RiskParams,
    Scenario,
    WeatherCalendar,
    buffered,
    simulate,
)
from tminus.engines.schedule.risk.batch import room_for, run
from tminus.engines.schedule.risk.prepare import prepare
from tminus.engines.schedule.risk.simulate import draw
from tminus.engines.schedule.risk.tally import Sums, no_sums

SOME = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
CAUSES = (
    RiskDriver("permits", multiple(1.0, 1.3, 2.0), 0.4, hits=Hits(units=frozenset("A"))),
    RiskDriver("steel", multiple(1, 2, 4), 0.5, days=True, hits=Hits(units=frozenset("B"))),
    WeatherCalendar("rain", (0.2,) * 12, hits=Hits(units=frozenset("AB"))),
)


def with_units(plan: Plan) -> Plan:
    kinds = TaskKind.SUMMARY
    return replace(
        plan,
        tasks=tuple(
            replace(one, unit="AB"[number % 2], gate=one.kind is not kinds) for number, one in enumerate(plan.tasks)
        ),
    )


def scheduled(plan: Plan) -> Schedule:
    return back_schedule(with_units(plan), opening=OPENING, today=TODAY, params=ScheduleParams(Policy.ALAP_TOTAL, 8))


def figures(risk: Risk) -> object:
    return replace(risk, elapsed_s=0.0)


@SOME
@given(plans(), st.integers(0, 2**62))
def test_threads_change_no_figure(plan: Plan, seed: int) -> None:
    schedule = scheduled(plan)
    one = simulate(schedule, samples=500, drivers=CAUSES, seed=seed)
    assert figures(simulate(schedule, samples=500, drivers=CAUSES, seed=seed, threads=2)) == figures(one)
    assert figures(simulate(schedule, samples=500, drivers=CAUSES, seed=seed, threads=5)) == figures(one)


@SOME
@given(plans(), st.integers(1, 9))
def test_however_it_is_cut_into_batches_every_sum_is_the_same(plan: Plan, cut: int) -> None:
    made = prepare(scheduled(plan), CAUSES, RiskParams())
    whole, _ = draw(made, made.model, 1280, 7)
    n, k = len(made.model.net.calendar), made.model.asked.checkpoints
    sums, gates = no_sums(n, k), np.empty((2 * k, 1280), dtype=np.int32)
    end, work = np.empty(1280, dtype=np.int64), np.empty(1280, dtype=np.int64)
    for first, last in ((cut, 10), (0, cut)):
        part = no_sums(n, k)
        run(made.model, 7, first, last, 1280, True, room_for(n, deep=True), part, gates, end, work)
        sums = Sums(*(a + b for a, b in zip(sums, part, strict=True)))
    assert all(np.array_equal(a, b) for a, b in zip(sums, whole.sums, strict=True))
    assert np.array_equal(gates.reshape(2, k, 1280), whole.gates)


def test_sums_are_those_of_the_samples() -> None:
    """A single task ends when its duration is over; 1,000 samples leave lanes of the last batch that do not count."""
    made = prepare(soon(plan_of(task("A", triangle(10, 12, 20)))), (), RiskParams())
    drawn, _ = draw(made, made.model, 1_000, 3)
    place = int(np.flatnonzero(~made.model.net.fixed)[0])
    ends = drawn.work - made.model.asked.middle
    duration = drawn.work - drawn.work.min() + round(float(made.model.work.spreads.low[place]))
    off = duration - made.model.work.planned[place]
    apart = drawn.sums.duration[place] - int(off.sum())
    assert apart % 1_000 == 0  # the shortest drawn is so many minutes longer than the shortest possible
    off += apart // 1_000
    assert drawn.sums.square[place] == pytest.approx(float((off.astype(float) ** 2).sum()), rel=1e-6)
    assert drawn.sums.product[place] == pytest.approx(float((off * ends.astype(float)).sum()), rel=1e-5)


def test_what_takes_the_same_time_in_every_sample_has_no_spread() -> None:
    plan = plan_of(task("A", triangle(12.7, 12.7, 12.7)), task("B", triangle(1, 2, 3)))
    risk = simulate(soon(plan), samples=1_000, tornado=False)
    of = {one.id: one for one in risk.tasks}
    assert (of["A"].sd_days, of["A"].cruciality) == (0.0, 0.0)
    assert of["B"].sd_days > 0


def test_the_first_samples_of_a_long_run_are_those_of_a_short_one() -> None:
    made = prepare(soon(plan_of(task("A", triangle(10, 12, 20), unit="A"))), CAUSES[:1], RiskParams())
    long, short = (draw(made, made.model, samples, 3)[0] for samples in (1_000, 130))
    assert np.array_equal(long.end[:130], short.end)


def test_a_task_draws_the_same_whatever_else_is_in_the_plan() -> None:
    alone = plan_of(task("A", triangle(10, 12, 20)))
    beside = plan_of(task("Z", triangle(1, 1, 1), 1), task("A", triangle(10, 12, 20)))
    ends = []
    for plan in (alone, beside):
        made = prepare(soon(plan), (), RiskParams())
        ends.append(draw(made, made.model, 200, 3)[0].end)
    assert np.array_equal(*ends)


@SOME
@given(plans(), st.floats(0, 1), st.floats(1, 3))
def test_what_only_delays_never_makes_a_checkpoint_likelier(plan: Plan, chance: float, factor: float) -> None:
    """Where links lead from finish to start.

    A task that waits for a finish begins the earlier the longer it takes, and so does what follows its start.
    """
    plan = replace(plan, links=tuple(link for link in plan.links if link.kind is LinkKind.FS))
    schedule = scheduled(plan)
    cause = RiskDriver("more", multiple(1, factor, factor + 1), chance, hits=Hits(units=frozenset("A")))
    calm = simulate(schedule, samples=128, drivers=CAUSES, tornado=False)
    risky = simulate(schedule, samples=128, drivers=(*CAUSES, cause), tornado=False)
    for before, after in zip(calm.checkpoints, risky.checkpoints, strict=True):
        assert after.p_ready <= before.p_ready
        assert after.expected_readiness <= before.expected_readiness + 1e-12
    for one in simulate(schedule, samples=128, drivers=(*CAUSES, cause)).causes:
        assert one.p_ready_without >= one.p_ready
        assert one.p_ready_worst is None or one.p_ready_worst <= one.p_ready


def test_a_chain_is_critical_and_what_has_room_is_not() -> None:
    tasks = (task("A", triangle(10, 12, 20)), task("B", triangle(10, 12, 20)), task("C", triangle(1, 2, 3), 1))
    risk = simulate(soon(plan_of(*tasks, links=(("A", "B"), ("B", "END"), ("C", "END")))), samples=2_000)
    found = risk.by_id()
    assert found["A"].criticality == found["B"].criticality == 1
    assert found["C"].criticality == 0
    assert found["A"].mean_days == pytest.approx(14 / 3, abs=0.05)  # days of 24 hours
    assert found["A"].cruciality == pytest.approx(2**-0.5, abs=0.05)


def test_sensitivity_is_criticality_times_the_share_of_the_spread() -> None:
    tasks = (task("A", triangle(10, 12, 20)), task("B", triangle(10, 10.5, 11)))
    found = simulate(soon(plan_of(*tasks, links=(("A", "B"),))), samples=20_000).by_id()
    spread = {"A": np.sqrt((10**2 + 12**2 + 20**2 - 120 - 200 - 240) / 18), "B": np.sqrt(0.75 / 18)}
    total = np.hypot(spread["A"], spread["B"])
    assert [found[id].ssi for id in "AB"] == pytest.approx([spread[id] / total for id in "AB"], abs=0.01)


def test_readiness_is_weighted_and_counts_what_is_due() -> None:
    first, second = task("A", triangle(10, 10, 10), weight=3.0), task("B", triangle(10, 10, 30), weight=1.0)
    schedule = soon(plan_of(first, second, links=(("A", "END"),)))
    risk = simulate(schedule, samples=20_000, params=RiskParams(correlation=0))
    end = next(one for one in risk.checkpoints if one.expected_readiness < 1)
    # of weight 5 (the milestone has 1) four are certain; B is done in time as often as its triangle says
    days = (end.date - TODAY).days + 1
    share = 1 - (30 - days * 3) ** 2 / 400
    assert end.expected_readiness == pytest.approx((4 + share) / 5, abs=0.01)


def test_it_stops_when_it_knows_enough() -> None:
    plan = plan_of(task("A", triangle(10, 12, 20)), links=(("A", "END"),))
    schedule = soon(plan, TODAY.replace(day=21))
    risk = simulate(schedule, samples=200_000, until_se=0.01)
    assert risk.converged
    assert 1_000 < risk.samples < 5_000
    assert max(one.se for one in risk.checkpoints) <= 0.01
    assert risk.samples == simulate(schedule, samples=200_000, until_se=0.01, threads=2).samples
    assert not simulate(schedule, samples=1_000, until_se=0.0001).converged


def test_scenarios_are_told_against_the_same_draws() -> None:
    plan = plan_of(task("A", triangle(10, 12, 20), unit="A"), links=(("A", "END"),))
    cause = RiskDriver("c", multiple(2, 2, 2), 0.5)
    half = Scenario("half as long", factors={"A": 0.5})
    risk = simulate(soon(plan), samples=1_000, drivers=[cause], scenarios=[half, Scenario("none", off=frozenset("c"))])
    assert risk.scenarios[0].name == "half as long"
    assert risk.scenarios[0].gained_days > 0
    assert risk.scenarios[1].gained_days == risk.causes[0].cost_days
    assert simulate(soon(plan), samples=1_000, drivers=[cause]).p80 == risk.p80


def test_a_buffer_makes_it_as_likely_as_asked() -> None:
    plan = plan_of(
        *(task(f"T{i}", triangle(20, 24, 40), 20, unit="A") for i in range(4)),
        links=(*((f"T{i}", f"T{i + 1}") for i in range(3)), ("T3", "END")),
        calendars=True,
    )
    schedule = soon(plan)
    found = buffered(schedule, target=0.8, samples=4_000)
    assert found.reached
    again = simulate(found.schedule, samples=4_000)
    assert again.checkpoints[-1].p_ready == found.p_ready >= 0.8
    less = back_schedule(
        plan, opening=schedule.opening, today=schedule.today, params=ScheduleParams(Policy.BUFFERED, found.days - 0.25)
    )
    assert simulate(less, samples=4_000).checkpoints[-1].p_ready < 0.8
    assert found.checkpoints[-1].days == found.days
    more = buffered(schedule, target=0.95, samples=4_000)
    assert more.days > found.days


def test_a_target_out_of_reach_is_told() -> None:
    plan = plan_of(task("A", triangle(20, 24, 40), 20), links=(("A", "END"),), calendars=True)
    found = buffered(soon(plan, TODAY.replace(day=30)), samples=500)
    assert not found.reached
    assert found.checkpoints[-1].days is None


@pytest.mark.parametrize(
    ("causes", "said"),
    [
        ((RiskDriver("x", multiple(1, 1, 1)), RiskDriver("x", multiple(1, 1, 1))), "'x' stands twice"),
        ((RiskDriver("x", multiple(1, 1, 1), hits=Hits(ids=frozenset(["nobody"]))),), "no task 'nobody'"),
        ((Branch("x", ((0.5, frozenset("A")), (0.5, frozenset("A")))),), "two alternatives"),
    ],
)
def test_causes_that_cannot_be_taken(causes: tuple[RiskDriver, ...], said: str) -> None:
    with pytest.raises(PlanError, match=said):
        simulate(soon(plan_of(task("A", triangle(1, 1, 1), 1))), drivers=causes)


def test_figures_outside_what_is_allowed() -> None:
    schedule = soon(plan_of(task("A", triangle(1, 1, 1), 1)))
    for given_, said in (({"samples": 0}, "samples 0"), ({"threads": 0}, "threads 0"), ({"until_se": 2}, "until_se 2")):
        with pytest.raises(PlanError, match=said):
            simulate(schedule, **given_)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="correlation 2"):
        simulate(soon(plan_of(task("A", triangle(1, 1, 1), 1, unit="A"))), params=RiskParams(correlation=2))
    with pytest.raises(PlanError, match="scenario 's': no cause 'c'"):
        simulate(schedule, scenarios=[Scenario("s", off=frozenset("c"))])


def test_a_class_stands_for_those_nobody_has_estimated() -> None:
    plain = replace(task("A", triangle(1, 1, 1)), estimate=None)
    risk = simulate(soon(plan_of(plain)), samples=20_000)
    mean = sum(CLASSES["standard"].values) / 3
    assert risk.by_id()["A"].mean_days == pytest.approx(10 / 3 * mean, rel=0.005)
    certain = simulate(soon(plan_of(replace(plain, phase="Live"))), samples=1280)
    assert certain.by_id()["A"].sd_days == 0
