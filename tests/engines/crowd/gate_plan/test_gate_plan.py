"""Gate plans: by hand, against every plan there is, against laws of queues, and what people read of them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tminus.engines.crowd.evacuation import InfeasiblePlan
from tminus.engines.crowd.gate_plan import Detour, GateBank, GateDay, ShiftRules, check, moved, plan_gates
from tminus.engines.crowd.gate_plan.check import late_persons
from tminus.engines.crowd.gate_plan.policies import greedy, same_all_day
from tminus.engines.crowd.problem import CrowdError

LANE = 60.0
"""Persons a lane serves in a slot of three steps of 300 s at 15 s a person."""


def day(arrivals: list[list[float]], most: int = 5, **more: object) -> GateDay:
    """Gates of up to ``most`` lanes of 15 s a person; arrivals [gate][step], one path."""
    gates = tuple(GateBank(f"g{n}", most, 15.0) for n in range(len(arrivals)))
    return GateDay(gates, np.array([arrivals], float), **more)  # type: ignore[arg-type]


def test_a_steady_stream_needs_its_load_and_no_more() -> None:
    plan = plan_gates(day([[40.0] * 9 + [0.0] * 3]))
    assert plan.late == pytest.approx(0)
    assert plan.lanes[0].sum() == 6  # 360 persons, 60 a lane and slot: each second lane-slot is used to the full
    assert plan.gap == pytest.approx(0, abs=1e-6)
    assert plan.checks[0].longest_wait_s <= 600 + 1


@pytest.mark.parametrize("seed", range(6))
def test_no_other_lanes_cost_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrivals = np.round(rng.uniform(0, 45, 15))
    arrivals[-3:] = 0
    one = day([arrivals.tolist()], most=3)
    plan = plan_gates(one)
    every = [
        sum(lanes) + 0.05 * late_persons(one, np.array([lanes]), one.planned_for())
        for lanes in product(range(4), repeat=one.slots)
    ]
    assert plan.cost == pytest.approx(min(every), abs=1e-6)
    assert plan.bound <= min(every) + 1e-6


def test_too_many_people_are_late_as_few_as_can_be_and_the_gate_is_named() -> None:
    one = day([[100.0] * 6 + [0.0] * 6], most=2)
    plan = plan_gates(one)
    assert plan.late > 100
    assert plan.binding and plan.binding[0].what == "lanes of gate 'g0' (2)"
    assert plan.binding[0].price > 0
    with pytest.raises(InfeasiblePlan, match="persons wait beyond 600 s: lanes of gate 'g0'"):
        plan_gates(one, strict=True)


def test_people_are_sent_where_lanes_are_left() -> None:
    detours = (Detour("g0", "g1", 300.0),)
    crowded = [[60.0] * 6 + [0.0] * 6, [5.0] * 6 + [0.0] * 6]
    stay = plan_gates(day(crowded, most=2))
    go = plan_gates(day(crowded, most=2, detours=detours, redirectable=0.5))
    assert go.late < stay.late
    assert 0 < go.sent.max() <= 0.5
    after = moved(go.day, go.day.arrivals, go.sent)
    assert after.sum() == pytest.approx(go.day.arrivals.sum())
    assert after[0, 1].sum() > go.day.arrivals[0, 1].sum()


def test_shifts_staff_every_open_lane_and_keep_their_breaks() -> None:
    rules = ShiftRules(min_slots=4, max_slots=8, break_after=6, break_slots=1, before_break=2)
    arrivals = [0.0] * 6 + [40.0] * 30 + [0.0] * 6
    plan = plan_gates(day([arrivals], shifts=rules))
    on = np.zeros(plan.day.slots)
    for shift, people in plan.shifts:
        length = shift.last - shift.first
        assert 4 <= length <= 8 and (shift.rest >= 0) == (length >= 6)
        on[shift.first : shift.last] += people
        if shift.rest >= 0:
            assert shift.first + 2 <= shift.rest and shift.rest + 1 <= shift.last - 2
            on[shift.rest] -= people
    assert (on >= plan.lanes.sum(axis=0)).all()
    assert plan.bound <= plan.cost
    paid = sum(people * (shift.last - shift.first) for shift, people in plan.shifts)
    assert plan.cost == pytest.approx(paid + 1e-3 * plan.lanes.sum() + 0.05 * plan.late)


def test_too_few_staff_for_lanes_that_must_be_open_is_said() -> None:
    gates = (GateBank("g", 4, 15.0, min_lanes=3),)
    rules = ShiftRules(min_slots=2, max_slots=4, break_after=5, break_slots=0, before_break=0, staff=2)
    with pytest.raises(InfeasiblePlan, match="cannot be staffed"):
        plan_gates(GateDay(gates, np.zeros((1, 1, 12)), shifts=rules))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 80), min_size=6, max_size=12).filter(lambda row: len(row) % 3 == 0),
    st.lists(st.integers(0, 3), min_size=4, max_size=4),
)
def test_the_check_is_the_point_queue_formula(coming: list[float], lanes: list[int]) -> None:
    one = day([coming])
    open_ = np.array([lanes[: one.slots]])
    found = check(one, open_, one.arrivals, "any")
    fine = 20  # steps of 15 s
    come = np.concatenate(([0.0], np.cumsum(np.repeat(np.array(coming) / fine, fine))))
    can = np.concatenate(([0.0], np.cumsum(np.repeat(np.repeat(open_[0], 3) * 1.0, fine))))
    queue = [max(come[t] - come[s] - can[t] + can[s] for s in range(t + 1)) for t in range(len(come))]
    assert found.longest_queue[0] == pytest.approx(max(queue), abs=1e-6)
    assert found.left == pytest.approx(queue[-1], abs=1e-6)


def test_waits_of_a_closed_gate_last_until_it_opens() -> None:
    one = day([[30.0, 0, 0, 0, 0, 0]], target_wait_s=900.0)
    found = check(one, np.array([[0, 2]]), one.arrivals, "late")
    # who comes first waits the slot; 30 persons at two lanes of 15 s take 225 s, coming took 300
    assert found.longest_wait_s == pytest.approx(900, abs=16)
    assert found.mean_wait_s == pytest.approx(900 - 150 + 225 / 2, abs=16)


def test_everybody_is_checked_on_every_path_beside_other_policies() -> None:
    rng = np.random.default_rng(3)
    arrivals = rng.poisson(np.array([5.0] * 6 + [70.0] * 9 + [10.0] * 6 + [0.0] * 6), (30, 2, 27)).astype(float)
    one = GateDay((GateBank("a", 8, 12.0), GateBank("b", 8, 12.0)), arrivals)
    published = np.full((2, one.slots), 2)
    plan = plan_gates(one, published=published)
    by_policy = {found.policy: found for found in plan.checks}
    assert list(by_policy) == ["plan", "published", "greedy", "nothing"]
    assert by_policy["plan"].late_share < 0.02 < by_policy["published"].late_share
    assert by_policy["plan"].mean_wait_s < by_policy["nothing"].mean_wait_s
    assert by_policy["plan"].lane_hours == pytest.approx(plan.lanes.sum() * 0.25)
    for changed in plan.changed:
        row = 0 if changed.gate == "a" else 1
        assert (plan.lanes[row, changed.first : changed.last] == changed.now).all() and changed.was == 2
    assert sum(c.last - c.first for c in plan.changed) == (plan.lanes != 2).sum()


def test_greedy_opens_when_the_queue_is_long_and_nothing_stays_as_it_is() -> None:
    one = day([[100.0] * 6 + [0.0] * 6])
    lanes = greedy(one, one.arrivals)[0, 0]
    assert lanes[0] == 1 and lanes.max() > 2 and lanes[-1] < lanes.max()
    assert (same_all_day(one) == 5).all()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"target_wait_s": 60.0}, "target wait 60 s; allowed: 300"),
        ({"redirectable": 1.5}, "1.5; allowed: 0 … 1"),
        ({"detours": (Detour("g0", "g7"),)}, "from gate 'g0' to 'g7'"),
        ({"slot_steps": 4}, "whole slots of 4"),
    ],
)
def test_what_makes_no_sense_is_said(more: dict[str, object], said: str) -> None:
    with pytest.raises(CrowdError, match=said):
        day([[1.0] * 6], **more)
    with pytest.raises(CrowdError, match="lanes 3 … 2"):
        GateBank("g", 2, 5.0, min_lanes=3)
