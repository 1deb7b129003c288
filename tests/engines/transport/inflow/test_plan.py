"""Plans of station inflow: by hand, by law, and against the same programme written out in full."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from tests.engines.transport.inflow.cases import line, random_case, to_c
from tminus.engines.transport import InfeasiblePlan, TransportError
from tminus.engines.transport.inflow import (
    Gate,
    InflowParams,
    InflowPlan,
    MetroArc,
    MetroNetwork,
    StationDemand,
    changed_caps,
    greedy_caps,
    other_policies,
    plan_inflow,
    route_trees,
    simulate_inflow,
)


def test_a_peak_is_spread_over_the_following_slot() -> None:
    plan = plan_inflow(line(60), to_c((900, 0), (300, 0), (0, 0)))
    assert plan.let_in[0] == pytest.approx([600, 600, 0])
    assert plan.day.total_delay_person_min == pytest.approx(300 * 10)  # a triangle up and one down
    assert plan.proof.bound == pytest.approx(3000)
    assert plan.day.exceeded_arc_minutes == 0
    assert {one.what for one in plan.proof.binding} <= {"A → B", "B → C"}


def test_people_of_a_later_station_wait_for_the_train_load_that_is_on_its_way() -> None:
    plan = plan_inflow(line(60), to_c((500, 300), (0, 0), (0, 0)))
    assert plan.day.exceeded_arc_minutes == 0
    assert plan.let_in.sum(axis=1) == pytest.approx([500, 300, 0])
    at_b = plan.day.loads[1]
    assert at_b.max() == pytest.approx(60, abs=0.01)


def test_a_day_with_room_for_all_has_no_cap() -> None:
    plan = plan_inflow(line(1000), to_c((900, 0), (300, 0)))
    assert np.isinf(plan.caps).all()
    assert plan.proof.value == plan.proof.bound == plan.proof.gap == 0
    assert plan.proof.binding == ()


def test_a_gate_lets_no_more_in_than_it_can() -> None:
    gates = (Gate("A", most_per_min=40), Gate("B"), Gate("C"))
    plan = plan_inflow(line(1000, gates), to_c((600, 0), (0, 0)))
    assert plan.let_in[0] == pytest.approx([400, 200])
    assert plan.day.total_delay_person_min == pytest.approx(200 * 10)


def test_a_gate_that_never_closes_lets_the_other_wait() -> None:
    gates = (Gate("A", least_per_min=50), Gate("B"), Gate("C"))
    plan = plan_inflow(line(60, gates), to_c((500, 300), (0, 100), (0, 0), (0, 0)))
    assert plan.let_in[0, 0] == pytest.approx(500)
    assert plan.day.exceeded_arc_minutes == 0


def test_a_gate_too_narrow_for_the_day_is_named() -> None:
    gates = (Gate("A", most_per_min=10), Gate("B"), Gate("C"))
    with pytest.raises(InfeasiblePlan, match="A: 600 persons come, at most 10 a minute enter") as told:
        plan_inflow(line(1000, gates), to_c((600, 0), (0, 0)))
    assert len(told.value.cut) == 1


def test_what_cannot_be_kept_is_exceeded_least_or_refused() -> None:
    case = line(60), to_c((900, 0), (600, 0))
    plan = plan_inflow(*case)
    assert plan.day.left.sum() == pytest.approx(0, abs=1e-6)
    assert plan.day.exceeded_arc_minutes > 0
    over = np.maximum(plan.day.loads[0] - 60, 0).sum()
    assert over == pytest.approx(300)  # 1,500 want in, 1,200 find room
    with pytest.raises(InfeasiblePlan, match=r"no plan keeps every capacity: A → B is exceeded by \d+"):
        plan_inflow(*case, InflowParams(may_exceed=False))


@pytest.mark.parametrize("seed", range(12))
def test_laws_on_random_metros(seed: int) -> None:
    network, demand = random_case(seed)
    plan = plan_inflow(network, demand)
    came = demand.arriving.cumsum(axis=1)
    assert (plan.let_in >= 0).all()
    assert (plan.let_in.cumsum(axis=1) <= came + 1e-6).all()
    assert plan.let_in.sum() == pytest.approx(demand.persons.sum())
    assert plan.queue == pytest.approx(came - plan.let_in.cumsum(axis=1), abs=1e-5)
    assert plan.proof.value >= plan.proof.bound * (1 - 1e-6)
    assert plan.day.exceeded_arc_minutes == 0
    again = simulate_inflow(network, route_trees(network), demand, plan.caps)
    assert again.total_delay_person_min == pytest.approx(plan.queue.sum() * demand.slot_min, rel=1e-6, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_the_bound_is_that_of_the_programme_written_out_with_every_row(seed: int) -> None:
    network, demand = random_case(seed)
    plan = plan_inflow(network, demand)
    assert plan.proof.bound <= _written_out(network, demand) * (1 + 1e-6)
    assert plan.proof.bound >= 0.97 * _written_out(network, demand)


def _written_out(network: MetroNetwork, demand: StationDemand) -> float:
    """Every station, cohort, slot, arc and minute, dense: let-in shares of each cohort, in any order."""
    trees, stations, slots, length = route_trees(network), len(network.gates), demand.slots, demand.slot_min
    came = demand.arriving
    number = {
        key: at
        for at, key in enumerate((o, q, s) for o in range(stations) for q in range(slots) for s in range(q, slots))
    }
    minutes = demand.minutes + trees.longest + 1
    loads = np.zeros((len(network.arcs), minutes, len(number)))
    for (o, q, s), at in number.items():
        if came[o, q] <= 0:
            continue
        for d in range(stations):
            node = trees.gate_nodes[d]
            while d != o and node != trees.gate_nodes[o]:
                arc = trees.arc_into[o, node]
                node = trees.arc_from[arc]
                begin = trees.minutes[o, node] + s * length
                loads[arc, begin : begin + length, at] += demand.persons[o, d, q] / came[o, q] / length
    rows: NDArray[np.float64] = loads.reshape(-1, len(number))
    room = np.repeat(network.capacities, minutes)
    used = np.unique(np.column_stack([rows, room]), axis=0)
    equal = np.zeros((stations * slots, len(number)))
    for (o, q, _), at in number.items():
        equal[o * slots + q, at] = 1
    cost = [(s - q) * length for _, q, s in number]
    found = linprog(cost, A_ub=used[:, :-1], b_ub=used[:, -1], A_eq=equal, b_eq=came.ravel())
    assert found.status == 0
    return float(found.fun)


def test_other_policies_are_simulated_too() -> None:
    network, demand = random_case(3)
    nothing, greedy = other_policies(network, demand)
    assert (nothing.name, greedy.name) == ("do_nothing", "greedy")
    assert nothing.day.total_delay_person_min == 0
    assert nothing.day.exceeded_arc_minutes > 50
    assert greedy.day.exceeded_arc_minutes < nothing.day.exceeded_arc_minutes
    assert plan_inflow(network, demand).day.total_delay_person_min < greedy.day.total_delay_person_min


def test_greedy_cuts_what_would_exceed() -> None:
    caps = greedy_caps(line(60), to_c((900, 0), (300, 0), (0, 0)))
    assert caps[0, :2] == pytest.approx([60, 60])


def test_changes_against_published_caps_are_joined() -> None:
    plan = plan_inflow(line(60), to_c((900, 0), (900, 0), (0, 0)))
    assert changed_caps(plan, plan.caps) == ()
    published = np.full_like(plan.caps, np.inf)
    (change,) = changed_caps(plan, published)
    assert (change.what, change.from_min, change.to_min, change.was, change.now) == ("A", 480, 510, None, 60.0)
    assert _moved(plan).from_min == 480


def _moved(plan: InflowPlan):  # type: ignore[no-untyped-def]
    published = plan.caps.copy()
    published[0, 0] = 30
    return changed_caps(plan, published)[0]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"arcs": (MetroArc("A", "X", 1, 1),)}, "node X is unknown"),
        ({"arcs": (MetroArc("A", "A", 1, 1),)}, "ends where it begins"),
        ({"arcs": (MetroArc("A", "B", -1, 1),)}, "capacity -1"),
        ({"arcs": (MetroArc("A", "B", float("nan"), 1),)}, "capacity nan"),
        ({"arcs": (MetroArc("A", "B", 1, 0),)}, "travel_min 0"),
        ({"nodes": ("A", "A")}, "node A: is there twice"),
        ({"gates": ()}, "gates: none"),
        ({"gates": (Gate("X"),)}, "gate X: is no node"),
        ({"gates": (Gate("A", 5, 6),)}, "gate A: 6 … 5"),
        ({"gates": (Gate("A", queue_limit=-1),)}, "queue_limit -1"),
    ],
)
def test_networks_that_cannot_be_are_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(TransportError, match=says):
        replace(line(), **change)  # type: ignore[arg-type]


def test_people_with_no_way_are_named() -> None:
    network = MetroNetwork(("A", "B"), (MetroArc("A", "B", 1, 1),), (Gate("A"), Gate("B")))
    persons = np.zeros((2, 2, 1))
    persons[1, 0] = 5
    with pytest.raises(TransportError, match="from B to A: no way leads there"):
        plan_inflow(network, StationDemand(persons, 15))
    with pytest.raises(TransportError, match="of 3 stations; allowed: the network's 2"):
        plan_inflow(network, StationDemand(np.zeros((3, 3, 1)), 15))
    for bad in (np.full((2, 2, 1), -1.0), np.full((2, 2, 1), np.nan), np.zeros((2, 3, 1))):
        with pytest.raises(TransportError, match="persons"):
            StationDemand(bad, 15)


def test_of_parallel_arcs_the_quicker_is_taken() -> None:
    arcs = (MetroArc("A", "B", 10, 9, "slow"), MetroArc("A", "B", 10, 2, "fast"))
    trees = route_trees(MetroNetwork(("A", "B"), arcs, (Gate("A"), Gate("B"))))
    assert trees.arc_into[0, 1] == 1
    assert trees.minutes[0, 1] == 2
