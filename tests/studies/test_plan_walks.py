"""Plans carried out on the crowd engine: by hand where that can be, else near what the plan says and never blind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.transport.inflow.cases import line, random_case, to_c
from tminus.engines.crowd.gate_plan import GateBank, GateDay, plan_gates
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.one_way import OneWayTask, Way, plan_one_way
from tminus.engines.transport.headways import HeadwayParams, Line, LineDemand, plan_headways
from tminus.engines.transport.inflow import Gate, MetroArc, MetroNetwork, plan_inflow
from tminus.engines.transport.shuttles import ShuttleDemand, ShuttleLine, Trip
from tminus.studies import plan_walk
from tminus.studies.gates_walked import walk_gates
from tminus.studies.inflow_walked import walk_inflow
from tminus.studies.one_way_walked import walk_one_way
from tminus.studies.plan_walk import PlanWalk, drawn_seconds
from tminus.studies.vehicles_walked import Stop, walk_headways, walk_shuttles, walk_stops


def test_whole_people_of_parts() -> None:
    seconds = drawn_seconds(np.array([0.4, 0.4, 0.4, 1.8]), 60.0, np.random.default_rng(1))
    assert len(seconds) == 3
    assert (np.diff(seconds) >= 0).all() and seconds[-1] >= 180
    chance = np.random.default_rng(2)
    parts = [len(drawn_seconds(np.array([0.1, 0.2]), 60.0, chance)) for _ in range(2000)]
    assert set(parts) == {0, 1} and np.mean(parts) == pytest.approx(0.3, abs=0.04)


def test_waits_at_a_stop_by_hand() -> None:
    found = walk_stops([Stop("a", np.array([0.0, 10.0, 100.0, 300.0]), (60.0, 200.0), 1, 600.0)])
    assert sorted(found.wait_s) == pytest.approx([60, 190], abs=1.5)
    assert found.left == 2


def gate_day() -> GateDay:
    arrivals = np.zeros((3, 2, 12))
    arrivals[:, :, 2:6] = np.array([60.0, 90.0, 120.0])[:, None, None]
    return GateDay((GateBank("west", 8, 12.0), GateBank("east", 6, 15.0)), arrivals)


def test_gates_come_near_their_plan_and_too_few_lanes_are_seen() -> None:
    plan = plan_gates(gate_day())
    walk = walk_gates(plan)
    assert walk is not None and walk.persons == 90 * 4 * 2
    assert walk.simulated == pytest.approx(walk.planned, rel=0.25)
    assert walk.others["simulated_left"] == 0
    starved = walk_gates(replace(plan, lanes=np.maximum(plan.lanes - 2, 0)))
    assert starved is not None
    assert starved.simulated > 1.5 * walk.simulated or starved.others["simulated_left"] > 50


def test_headways_come_near_their_plan() -> None:
    arriving = np.zeros((2, 3, 120))
    arriving[:, :, 20:80] = np.array([8.0, 10.0, 12.0])[None, :, None]
    lines = (Line("Station", 90, 24), Line("Old town", 90, 40))
    plan = plan_headways(LineDemand(lines, arriving, 12), HeadwayParams(trials=2000, rounds=3))
    walk = walk_headways(plan)
    assert walk is not None and walk.others["paths_walked"] == 3
    assert walk.simulated == pytest.approx(walk.planned + 0.5, abs=0.3)  # plans count from a minute's end
    fewer = plan.table.copy()
    fewer[:, 60:] = False
    starved = walk_headways(replace(plan, table=fewer))
    assert starved is not None and starved.others["simulated_left"] > 100


def test_shuttles_come_near_their_plan() -> None:
    way = ShuttleLine("in", "A", "B", 12, 50)
    demand = ShuttleDemand((way,), np.array([[[40.0, 200.0, 120.0, 0.0], [30.0, 150.0, 90.0, 0.0]]]), 30, 600)
    trips = demand.trips(0.9)
    walk = walk_shuttles(demand, trips)
    assert walk is not None and walk.persons == 630
    assert walk.simulated == pytest.approx(walk.planned, rel=0.1)
    half = walk_shuttles(demand, trips[::2])
    assert half is not None and half.simulated > 1.3 * walk.simulated


def test_inflow_waits_at_gates_by_hand_and_on_platforms_without_them() -> None:
    plan = plan_inflow(line(60), to_c((900, 0), (300, 0), (0, 0)))
    walk = walk_inflow(plan, (plan.demand,))
    assert walk is not None and walk.persons == 1200
    assert walk.planned == pytest.approx(2.5)  # 3,000 person-minutes
    assert walk.others["simulated_at_gates_min"] == pytest.approx(2.5, abs=0.3)
    assert walk.simulated == pytest.approx(2.5, abs=0.5)
    open_ = walk_inflow(replace(plan, caps=np.full_like(plan.caps, np.inf)), (plan.demand,))
    assert open_ is not None and open_.planned == 0
    assert open_.others["simulated_on_platforms_min"] > 2
    assert open_.others["simulated_at_gates_min"] < 0.1


def test_stations_and_gates_may_have_any_name() -> None:
    names = ("street C", "platform 0", "C")
    arcs = tuple(MetroArc(names[a], names[b], 1e12, 5) for a, b in ((0, 1), (1, 2), (2, 1), (1, 0)))
    network = MetroNetwork(names, arcs, tuple(map(Gate, names)))
    walk = walk_inflow(plan_inflow(network, to_c((90, 0), (30, 0))), (to_c((90, 0), (30, 0)),))
    assert walk is not None and walk.others["simulated_left"] == 0
    day = GateDay((GateBank("before a", 8, 12.0), GateBank("a", 6, 15.0)), gate_day().arrivals)
    assert walk_gates(plan_gates(day)) is not None


def test_trips_before_anybody_comes_are_left_out() -> None:
    demand = ShuttleDemand((ShuttleLine("in", "A", "B", 12, 50),), np.array([[[40.0]]]), 30, 600)
    early = [Trip(str(at), "in", "A", "B", at, at + 12, at + 17) for at in (560, 600, 630)]
    walk = walk_shuttles(demand, early)
    assert walk is not None and walk.simulated == pytest.approx(15, abs=3)


def test_a_metro_of_two_lines_comes_near_its_plan() -> None:
    network, demand = random_case(4)
    plan = plan_inflow(network, demand)
    walk = walk_inflow(plan, (demand,))
    assert walk is not None and walk.others["simulated_left"] == 0
    assert walk.simulated == pytest.approx(walk.planned, rel=0.03)


def task() -> OneWayTask:
    nodes = (Node("station", x=0.0), Node("fair", x=130.0))
    links = tuple(
        Link(id, "station", "fair", length, 2.0, capacity_p_s=1.0, twoway=True)
        for id, length in (("north", 134.0), ("south", 140.0))
    )
    ways = (Way.BOTH, Way.FORWARD, Way.BACK)
    demand = {("station", "fair"): 900.0, ("fair", "station"): 850.0}
    return OneWayTask(Network(nodes, links), demand, dict.fromkeys(("north", "south"), ways))


def test_one_way_is_walked_and_as_it_is_too() -> None:
    plan = plan_one_way(task())
    walk = walk_one_way(task(), plan)
    assert walk is not None and walk.persons == 1750
    assert walk.planned == pytest.approx(137 / 1.34, rel=0.02)
    assert walk.simulated == pytest.approx(walk.planned, rel=0.2)
    assert walk.others["as_it_is_simulated"] > 3 * walk.simulated
    assert {row["policy"] for row in plan.policies()} == {"plan", "greedy", "nothing"}
    assert plan.binding[0].link == "north"


def test_too_many_people_or_none_are_not_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = ShuttleDemand((ShuttleLine("in", "A", "B", 12, 50),), np.zeros((1, 1, 2)), 30, 600)
    assert walk_shuttles(empty, []) is None
    nobody = OneWayTask(task().network, {}, task().choices)
    assert walk_one_way(nobody, plan_one_way(task())) is None
    plan = plan_inflow(line(60), to_c((900, 0), (300, 0), (0, 0)))
    nowhere = np.zeros_like(plan.demand.persons)
    nowhere[0, 0] = 50
    assert walk_inflow(plan, (replace(plan.demand, persons=nowhere),)) is None
    thin = replace(plan.demand, persons=plan.demand.persons / 1000)
    few = walk_inflow(plan, (thin,))
    assert few is not None and few.persons <= 3
    many = replace(plan.demand, persons=plan.demand.persons * 1000)
    assert many.persons.sum() > plan_walk.MOST_PERSONS
    assert walk_inflow(plan, (many,)) is None


def test_the_document_of_a_walk() -> None:
    told = PlanWalk("mean_wait_min", 14.0, 17.0, 12, 0.5, {"simulated_left": 1.0}).as_json()
    assert told["by"] == "crowd engine"
    assert (told["planned"], told["simulated"], told["simulated_left"]) == (14.0, 17.0, 1.0)
