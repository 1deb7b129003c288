"""The fluid day: beside the agents on networks of every kind of conflict, and its laws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from tminus.engines.crowd.compiled import compile_network
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.fluid.simulation import FluidDay, simulate_fluid
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.routing import NO_WAY, Split
from tminus.engines.crowd.scenario import Change, Field, GateShift, Routing, Run, Scenario, StopTime
from tminus.engines.crowd.simulate import simulate


def trips(origin: str, destination: str, persons: int, seconds: float, seed: int = 0) -> list[Trip]:
    rng = np.random.default_rng([seed, ord(origin[0]), ord(destination[0])])
    return [Trip(float(at), origin, (Leg(destination),)) for at in rng.uniform(0, seconds, persons)]


def network(*links: Link) -> Network:
    return Network(tuple(Node(n) for n in sorted({end for one in links for end in (one.start, one.end)})), links)


def scenario(links: Iterable[Link], people: list[Trip], **more: object) -> Scenario:
    return Scenario(network(*links), Demand.of(people), **more)  # type: ignore[arg-type]


BOTTLENECK = scenario([Link("a", "a", "m", 40, 3), Link("o", "m", "e", 20, 1)], trips("a", "e", 600, 300))
MERGE = scenario(
    [Link("a", "a", "m", 60, 2), Link("b", "b", "m", 60, 1), Link("o", "m", "e", 60, 2)],
    trips("a", "e", 1500, 600) + trips("b", "e", 1000, 600),
)
DIVERGE = scenario(
    [Link("a", "a", "m", 80, 4), Link("o", "m", "e", 60, 3), Link("p", "m", "f", 60, 0.7)],
    trips("a", "e", 1500, 600) + trips("a", "f", 800, 600),
)
COUNTER = scenario(
    [Link("a", "a", "m", 80, 3, twoway=True), Link("o", "m", "e", 60, 3, twoway=True)],
    trips("a", "e", 1500, 900) + trips("e", "a", 1500, 900),
)
SPILLBACK = scenario([Link("a", "a", "m", 20, 3), Link("o", "m", "e", 60, 1)], trips("a", "e", 1500, 300))
GATE = scenario(
    [Link("l", "s", "g", 60, 6), Link("k", "g", "p", 50, 5)],
    trips("s", "p", 3000, 1800),
    gates=(GateShift("g", 0, 900, 6, 8.0, 0.3), GateShift("g", 900, 9000, 10, 8.0, 0.3)),
)
DAYS = {
    "bottleneck": BOTTLENECK,
    "merge": MERGE,
    "diverge": DIVERGE,
    "counterflow": COUNTER,
    "spillback": SPILLBACK,
    "gate": GATE,
}


def quantiles(day: DayResult) -> list[float]:
    return [float(np.quantile(day.arrived_s, q)) for q in (0.5, 0.9)]


@pytest.mark.parametrize("name", DAYS)
def test_delay_and_arrivals_within_a_twentieth_of_the_agents(name: str) -> None:
    agents, fluid = simulate(DAYS[name]), simulate_fluid(DAYS[name])
    assert fluid.arrived == agents.arrived == agents.agents
    assert fluid.lost_s.sum() == pytest.approx(agents.lost_s.sum(), rel=0.05)
    assert quantiles(fluid) == pytest.approx(quantiles(agents), rel=0.05)
    assert fluid.max_density.max() == pytest.approx(agents.max_density.max(), rel=0.05)
    assert fluid.max_density == pytest.approx(agents.max_density, abs=0.35)  # flat about the greatest flow
    assert fluid.link_moves == agents.link_moves
    if len(agents.gates.ids):
        assert fluid.gates.longest_queue == pytest.approx(agents.gates.longest_queue, rel=0.1)
        assert fluid.gates.wait_quantiles_s == pytest.approx(agents.gates.wait_quantiles_s, rel=0.05)


def grid(size: int, width_m: float, persons: int, seconds: float, seed: int) -> Scenario:
    rng = np.random.default_rng(seed)
    names = [f"{i}-{j}" for i in range(size) for j in range(size)]
    links = [
        Link(f"{i}-{j}>{a}-{b}", f"{i}-{j}", f"{a}-{b}", 60.0, float(rng.uniform(0.6, 1.4) * width_m), twoway=True)
        for i in range(size)
        for j in range(size)
        for a, b in ((i + 1, j), (i, j + 1))
        if a < size and b < size
    ]
    goals = rng.choice(size * size, 6, replace=False)
    start, goal = rng.integers(0, size * size, persons), goals[rng.integers(0, 6, persons)]
    start = np.where(start == goal, (start + 1) % (size * size), start)
    depart = rng.uniform(0, seconds, persons)
    demand = Demand.direct(names, depart, start.astype(np.int32), goal.astype(np.int32))
    return Scenario(Network(tuple(Node(name) for name in names), tuple(links)), demand)


@pytest.mark.parametrize("seed", range(1, 6))
def test_a_busy_grid_arrives_as_the_agents_do(seed: int) -> None:
    day = grid(8, 2.0, 10_000, 1800.0, seed)
    agents, fluid = simulate(day), simulate_fluid(day)
    assert fluid.arrived == 10_000
    assert float(fluid.lost_s.mean()) == pytest.approx(float(agents.lost_s.mean()), rel=0.05, abs=0.1)  # 1 … 3 s
    assert quantiles(fluid) == pytest.approx(quantiles(agents), rel=0.01)
    assert fluid.max_density.max() == pytest.approx(agents.max_density.max(), rel=0.1)
    slots = min(len(fluid.occupancy), len(agents.occupancy))
    assert fluid.occupancy[:slots].sum() == pytest.approx(agents.occupancy[:slots].sum(), rel=0.02)
    assert fluid.outflow.sum() == pytest.approx(fluid.link_moves, abs=len(fluid.links))


def test_light_traffic_is_no_slower_than_the_agents() -> None:
    day = grid(8, 2.0, 3_000, 1800.0, 1)
    agents, fluid = simulate(day), simulate_fluid(day)
    assert float(fluid.lost_s.mean()) == pytest.approx(float(agents.lost_s.mean()), rel=0.1)  # 0.3 s of some 300


def test_at_the_tip_the_fluid_is_near_the_agents() -> None:
    """Corridors loaded just to capacity flow or jam; the agents themselves differ by a tenth between steps there."""
    day = grid(8, 2.0, 14_000, 1800.0, 1)
    assert float(simulate_fluid(day).lost_s.mean()) == pytest.approx(float(simulate(day).lost_s.mean()), rel=0.2)


def test_alone_people_take_what_the_walk_takes() -> None:
    links = [Link("a", "a", "m", 134, 3), Link("o", "m", "e", 67, 3)]
    day = simulate_fluid(scenario(links, [Trip(7.0, "a", (Leg("e"),))]))
    assert day.arrived_s == pytest.approx([7 + 150])
    assert day.lost_s == pytest.approx([0], abs=1e-3)


def test_a_queue_lets_out_its_capacity_and_no_more() -> None:
    links = [Link("a", "a", "m", 40, 20), Link("door", "m", "e", 2, 1, capacity_p_s=0.8)]
    day = simulate_fluid(scenario(links, trips("a", "e", 800, 100)))
    inner = np.sort(day.arrived_s)[80:-80]
    assert (len(inner) - 1) / (inner[-1] - inner[0]) == pytest.approx(0.8, rel=0.005)


def test_what_lets_through_a_person_a_minute_does() -> None:
    links = [Link("a", "a", "g", 40, 2), Link("o", "g", "e", 40, 2, capacity_p_s=0.01)]
    day = simulate_fluid(scenario(links, trips("a", "e", 30, 100), gates=(GateShift("g", 0, 36_000, 1, 60.0),)))
    assert day.arrived == 30
    assert float(np.diff(np.sort(day.arrived_s))[5:-5].mean()) == pytest.approx(100, rel=0.02)  # the link, not the gate
    crossing = [Link("a", "a", "e", 60, 0.4, twoway=True)]
    many = scenario(crossing, trips("a", "e", 300, 900) + trips("e", "a", 30, 900))
    assert simulate_fluid(many).arrived == 330
    assert quantiles(simulate_fluid(many)) == pytest.approx(quantiles(simulate(many)), rel=0.05)


def test_stays_and_later_legs_are_peoples_own() -> None:
    legs = (Leg("m", dwell_s=100.0), Leg("e", dwell_s=0.0, until_s=900.0), Leg("a"))
    links = [Link("a", "a", "m", 134, 3, twoway=True), Link("o", "m", "e", 134, 3, twoway=True)]
    day = simulate_fluid(scenario(links, [Trip(0.0, "a", legs), Trip(50.0, "a", legs[:1])]))
    assert day.arrived_s == pytest.approx([900 + 200, 150], abs=0.1)
    assert day.waiting[0].max() > 0.5  # one of them stayed at e for most of the first slot


def hall(dwell_s: float, **more: float) -> Scenario:
    nodes = (Node("a"), Node("hall", capacity_p=10), Node("b"))
    links = (Link("in", "a", "hall", 30, 4), Link("out", "hall", "b", 10, 4))
    people = [Trip(0, "a", (Leg("hall", dwell_s=dwell_s), Leg("b"))) for _ in range(30)]
    return Scenario(Network(nodes, links), Demand.of(people), **more)  # type: ignore[arg-type]


def test_a_full_hall_makes_people_wait_outside_and_patience_ends() -> None:
    waves = np.sort(simulate_fluid(hall(100)).arrived_s).reshape(3, 10).mean(axis=1)
    assert np.diff(waves) == pytest.approx([100, 100], abs=8)
    day = simulate_fluid(hall(1000, patience_s=60.0))
    assert (day.arrived, day.left_out, int((day.arrived_s < 200).sum())) == (30, 20, 20)
    assert day.lost_s.max() == pytest.approx(simulate(hall(1000, patience_s=60.0)).lost_s.max(), abs=10)


def test_a_gate_serves_also_who_has_it_in_the_plan() -> None:
    links = [Link("in", "a", "g", 30, 4), Link("on", "g", "b", 10, 4)]
    people = [Trip(0, "a", (Leg("g", dwell_s=10), Leg("b"))) for _ in range(50)]
    day = simulate_fluid(scenario(links, people, gates=(GateShift("g", 0, 1200, 1, 4.0),)))
    assert day.gates.served.sum() == day.arrived == 50
    assert day.arrived_s.max() > 200


def test_shares_of_two_ways_are_kept_slot_by_slot() -> None:
    links = [Link("short", "a", "e", 50, 9), Link("long", "a", "m", 60, 9), Link("on", "m", "e", 60, 9)]
    day = scenario(links, trips("a", "e", 2000, 1200), slot_s=600.0)
    net = compile_network(day.network)
    ways = {link.id: n for n, link in enumerate(net.links)}
    first = np.full((1, 3), NO_WAY, np.int32)
    first[0, [net.node("a"), net.node("m")]] = ways["short"], ways["on"]
    other = np.full((1, 3), NO_WAY, np.int32)
    other[0, net.node("a")] = ways["long"]
    told = [Split(first, other, np.full((1, 3), share, np.float32)) for share in (0.75, 0.25)]
    found = FluidDay(day, guidance=told).run()
    taken = found.outflow[:2, :2, 0].astype(float)
    assert taken[0, 0] / taken[0].sum() == pytest.approx(0.75, abs=0.03)
    assert taken[1, 0] / taken[1].sum() == pytest.approx(0.27, abs=0.03)  # of who was told before, some come after
    half = replace(day, routing=Routing(advised=0.5))
    assert FluidDay(half, guidance=told[:1]).run().outflow[:, 1, 0].sum() == pytest.approx(250, abs=3)


def test_nobody_passes_a_gate_for_a_short_cut() -> None:
    links = [Link("to", "a", "g", 30, 4), Link("through", "g", "e", 30, 4), Link("round", "a", "e", 90, 4)]
    gates = (GateShift("g", 0, 7200, 9, 1.0),)
    people = trips("a", "e", 50, 100)
    assert simulate_fluid(scenario(links, people, gates=gates)).outflow[:, 2, 0].sum() == 0
    shy = simulate_fluid(scenario(links, people, gates=gates, routing=Routing(gate_s=600.0)))
    assert shy.outflow[:, 2, 0].sum() == 50


def test_what_changes_changes_at_its_second() -> None:
    links = [Link("short", "a", "e", 50, 2), Link("long", "a", "m", 50, 2), Link("on", "m", "e", 50, 2)]
    people = trips("a", "e", 300, 1200)
    closed = Change(600.0, "short", Field.OPEN, 0.0)
    day = simulate_fluid(scenario(links, people, changes=(closed,), slot_s=300.0))
    assert (day.outflow[:2, 0, 0] > 0).all() and day.outflow[:2, 1, 0].sum() == 0
    assert day.outflow[3, 0, 0] == 0 and day.outflow[3, 1, 0] > 0
    narrow = simulate_fluid(scenario(links, people, changes=(Change(0.0, "short", Field.CAPACITY, 0.1),)))
    assert narrow.lost_s.sum() > 10 * max(simulate_fluid(scenario(links, people)).lost_s.sum(), 1.0)
    slow = simulate_fluid(scenario(links, people[:1], changes=(Change(0.0, "short", Field.SPEED, 0.5),)))
    assert slow.arrived_s[0] - people[0].depart_s == pytest.approx(100 / 1.34, abs=0.1)  # the long way is quicker then


def test_who_follows_advice_goes_round_the_queue() -> None:
    links = [Link("short", "a", "e", 50, 1), Link("long", "a", "m", 60, 1), Link("on", "m", "e", 60, 1)]
    people = trips("a", "e", 2000, 900)
    stubborn = simulate_fluid(scenario(links, people))
    advised = simulate_fluid(scenario(links, people, routing=Routing(reactive_s=30.0, advised=0.5)))
    assert stubborn.outflow[:, 1, 0].sum() == 0 < advised.outflow[:, 1, 0].sum()
    assert advised.arrived == 2000 and advised.lost_s.sum() < 0.8 * stubborn.lost_s.sum()


def test_until_then_and_who_never_gets_there() -> None:
    half = simulate_fluid(BOTTLENECK, until_s=300.0)
    assert 0 < half.arrived < 600 and half.en_route == 600 - half.arrived and half.simulated_s == 300
    cut = simulate_fluid(scenario([Link("a", "a", "m", 40, 3), Link("o", "e", "m", 20, 1)], trips("a", "e", 5, 10)))
    assert cut.arrived == 0 and cut.stuck.all()


def test_a_full_circle_squeezes_past_and_is_told() -> None:
    ring = [Link(f"r{n}", f"n{n}", f"n{(n + 1) % 4}", 5, 1) for n in range(4)]
    people = [Trip(float(at), f"n{n}", (Leg(f"n{(n + 3) % 4}"),)) for n in range(4) for at in np.linspace(0, 100, 150)]
    day = simulate_fluid(scenario(ring, people, stuck_s=60.0))
    assert day.arrived == 600
    assert day.incidents and all(one.kind == "gridlock" for one in day.incidents)


def test_twice_the_same_day_is_the_same() -> None:
    one, two = simulate_fluid(COUNTER), simulate_fluid(COUNTER)
    assert one.arrived_s.tobytes() == two.arrived_s.tobytes() and one.occupancy.tobytes() == two.occupancy.tobytes()


AROUND = (Link("to", "a", "p", 10, 4), Link("from", "r", "b", 10, 4), Link("mid", "q", "m", 10, 4))


def shuttle(depart: float, capacity: int, door_p_s: float = float("inf")) -> Run:
    """From p by q to r, five minutes each."""
    stops = (
        StopTime("p", depart - 60, depart),
        StopTime("q", depart + 300, depart + 330),
        StopTime("r", depart + 600, depart + 630),
    )
    return Run(f"S{depart:g}", "S", stops, capacity, door_p_s)


def test_a_full_vehicle_leaves_people_behind_for_the_next() -> None:
    runs = (shuttle(600, 50), shuttle(1200, 50), shuttle(1800, 50))
    people = [Trip(0.0, "a", (Leg("b"),))] * 80 + [Trip(0.0, "a", (Leg("m"),))] * 20
    day = simulate_fluid(scenario(AROUND, people, runs=runs))
    assert day.arrived == 100
    at_p = [k for k, stop in enumerate(day.rides.stop) if stop == "p"]
    assert day.rides.boarded[at_p].tolist() == [50, 50, 0]
    assert day.rides.left_behind[at_p].tolist() == [50, 0, 0]
    assert day.rides.on_board[at_p].tolist() == [50, 50, 0]
    assert 1800 <= day.arrived_s.max() < 1800 + 60
    last_at_r = simulate_fluid(scenario(AROUND, people, runs=runs[:1]))
    assert last_at_r.arrived == 50 and last_at_r.stuck.sum() == 50


def test_days_with_vehicles_are_those_of_the_agents() -> None:
    runs = tuple(shuttle(300.0 * k, 150, 2.0) for k in range(1, 20))
    people = trips("a", "b", 1500, 3600) + trips("a", "m", 600, 3600, seed=1)
    day = scenario(AROUND, people, runs=runs)
    agents, fluid = simulate(day), simulate_fluid(day)
    assert fluid.arrived == agents.arrived == 2100
    assert fluid.lost_s.sum() == pytest.approx(agents.lost_s.sum(), rel=0.05)
    assert quantiles(fluid) == pytest.approx(quantiles(agents), rel=0.05)
    assert fluid.rides.boarded.sum() == agents.rides.boarded.sum() == 2100
    assert fluid.rides.on_board == pytest.approx(agents.rides.on_board, abs=8)
    assert fluid.waiting.max() == pytest.approx(agents.waiting.max(), rel=0.1)
    assert fluid.agent_seconds == pytest.approx(agents.agent_seconds, rel=0.02)


def test_who_missed_the_last_run_walks() -> None:
    links = (*AROUND, Link("long", "p", "r", 4000, 4))
    day = simulate_fluid(scenario(links, [Trip(0.0, "a", (Leg("b"),))] * 80, runs=(shuttle(300, 50),)))
    assert day.arrived == 80 and (day.arrived_s < 1000).sum() == 50
    assert day.arrived_s.max() > 4000 / 1.34


def test_who_stays_aboard_and_who_gets_out_is_told_apart_by_the_way() -> None:
    people = [Trip(0.0, "a", (Leg("m"),))] * 30 + [Trip(0.0, "a", (Leg("b"),))] * 30
    day = simulate_fluid(scenario(AROUND, people, runs=(shuttle(300, 100),)))
    assert sorted(np.round(day.arrived_s / 300).astype(int).tolist()) == [2] * 30 + [3] * 30


def test_what_the_fluid_does_not_know_is_said() -> None:
    with pytest.raises(CrowdError, match="there is no such link or gate"):
        simulate_fluid(scenario([Link("a", "a", "e", 40, 3)], [], changes=(Change(0.0, "x", Field.OPEN, 0.0),)))
