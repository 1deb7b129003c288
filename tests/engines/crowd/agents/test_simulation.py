"""Small scenarios whose outcome is known, and laws every day must keep."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.crowd.agents.simulation import Simulation
from tminus.engines.crowd.day_result import WithoutWay
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Change, Field, GateShift, Routing, Run, Scenario, StopTime
from tminus.engines.crowd.simulate import Engine, simulate

CAPACITY = 1.2249  # Weidmann, persons/(m·s)


def walk(count: int, *path: str, at: float = 0.0, every: float = 0.0) -> list[Trip]:
    legs = (Leg(path[-1]),)
    return [Trip(at + every * k, path[0], legs) for k in range(count)]


def chain(*links: Link) -> Network:
    ids = dict.fromkeys(end for link in links for end in (link.start, link.end))
    return Network(tuple(Node(id) for id in ids), links)


def grid(side: int, width: float, length: float = 40.0) -> Network:
    nodes = tuple(Node(f"{i}.{j}") for i in range(side) for j in range(side))
    links = []
    for i in range(side):
        for j in range(side):
            for a, b in ((i + 1, j), (i, j + 1)):
                if a < side and b < side:
                    links.append(Link(f"{i}.{j}-{a}.{b}", f"{i}.{j}", f"{a}.{b}", length, width, twoway=True))
    return Network(nodes, tuple(links))


def crossing_trips(side: int, count: int, within_s: float, seed: int = 1) -> Demand:
    random = np.random.default_rng(seed)
    ids = [f"{i}.{j}" for i in range(side) for j in range(side)]
    ends = random.choice(len(ids), (count, 2))
    return Demand.of(
        Trip(float(at), ids[a], (Leg(ids[b]),))
        for at, (a, b) in zip(random.uniform(0, within_s, count), ends, strict=True)
    )


def test_somebody_alone_walks_at_free_speed() -> None:
    result = simulate(Scenario(chain(Link("l", "a", "b", 40, 2)), Demand.of(walk(1, "a", "b"))))
    assert result.arrived_s[0] == pytest.approx(40 / 1.34, abs=1e-3)
    assert result.lost_s[0] == pytest.approx(0, abs=1e-3)
    assert result.lost_s[0] >= 0
    assert result.agent_seconds == pytest.approx(result.arrived_s[0])


def test_short_links_one_after_another_take_no_longer_than_one_long_one() -> None:
    links = [Link(f"l{k}", f"n{k}", f"n{k + 1}", 0.5, 2) for k in range(40)]
    result = simulate(Scenario(chain(*links), Demand.of(walk(1, "n0", "n40"))))
    assert result.arrived_s[0] == pytest.approx(20 / 1.34, abs=1e-3)


@pytest.mark.parametrize(("count", "width"), [(10, 1.0), (100, 1.0), (100, 2.0)])
def test_a_door_lets_so_many_a_second_through_and_the_first_at_once(count: int, width: float) -> None:
    flow = 1.3 * width
    door = Link("door", "room", "out", 0.5, width, LinkKind.DOOR, capacity_p_s=flow)
    result = simulate(Scenario(chain(door), Demand.of(walk(count, "room", "out"))))
    assert result.arrived_s.max() == pytest.approx((count - 1) / flow + 0.5 / 1.34, rel=0.005, abs=0.4)


def test_a_jam_stands_before_the_corridor_not_in_it() -> None:
    """RiMEA 12: the crowd from the first room waits before the corridor; the second room never fills."""
    net = chain(Link("room", "a", "b", 10, 10), Link("corridor", "b", "c", 5, 1), Link("beyond", "c", "d", 10, 10))
    result = simulate(Scenario(net, Demand.of(walk(150, "a", "d"))))
    _, corridor, beyond = result.max_density
    assert beyond < 0.15 < corridor < 1.8
    assert result.arrived_s.max() == pytest.approx(149 / CAPACITY + 25 / 1.34, rel=0.03)


@pytest.mark.parametrize("outflow", [0.3, 0.6, 0.9])
def test_the_jam_behind_a_bottleneck_is_as_dense_as_the_diagram_says(outflow: float) -> None:
    """RiMEA 4 on the congested branch: a queue that moves at the bottleneck's flow has the density of that flow."""
    net = chain(
        Link("feed", "a", "b", 20, 4), *(Link(f"c{k}", f"b{k}" if k else "b", f"b{k + 1}", 20, 1) for k in range(5))
    )
    slow = Change(0, "c4", Field.CAPACITY, outflow)
    scenario = Scenario(net, Demand.of(walk(1200, "a", "b5")), changes=(slow,), slot_s=100, step_s=0.5)
    result = simulate(scenario, until_s=700)
    diagram = net.default
    jammed = np.linspace(diagram.critical_p_m2, diagram.jam_p_m2, 4000)
    expected = np.interp(-outflow, -diagram.flow_at(jammed), jammed)
    assert result.density[5, 2:4] == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize("density", [0.3, 0.6, 0.9, 1.2])
def test_free_flow_is_as_dense_as_the_diagram_says(density: float) -> None:
    """RiMEA 4 on the free branch."""
    net = chain(
        Link("feed", "a", "b", 10, 50), *(Link(f"c{k}", f"b{k}" if k else "b", f"b{k + 1}", 50, 10) for k in range(4))
    )
    flow = float(net.default.flow_at(density)) * 10
    scenario = Scenario(net, Demand.of(walk(round(1000 * flow), "a", "b4", every=1 / flow)), slot_s=100)
    result = simulate(scenario, until_s=900)
    assert result.density[8, 2:4] == pytest.approx(density, rel=0.02)


def test_where_ways_meet_each_is_let_on_by_its_capacity() -> None:
    net = chain(Link("narrow", "a", "m", 20, 1), Link("wide", "b", "m", 20, 3), Link("on", "m", "z", 20, 1))
    trips = walk(400, "a", "z") + walk(400, "b", "z")
    result = simulate(Scenario(net, Demand.of(trips), slot_s=100), until_s=300)
    narrow, wide, _ = result.outflow[1:3, :, 0].sum(axis=0)
    assert wide / narrow == pytest.approx(3.0, rel=0.05)


def test_nobody_is_lost_and_no_link_is_fuller_than_full() -> None:
    scenario = Scenario(grid(5, 1.0), crossing_trips(5, 3000, 300), slot_s=60)
    simulation = Simulation(scenario)
    for until in range(30, 600, 30):
        simulation.run(until)
        state = simulation._state
        ways = state.ways
        present = int((~np.isfinite(state.arrived[: state.tally[1]])).sum())
        assert ways["on"].sum() + state.nodes["on"].sum() == present
        assert (ways["queued"] >= 0).all()
        real = ways[: simulation.compiled.moved]
        assert (real["queued"] <= real["on"]).all()
        assert (real["on"] + ways["on"][real["opposite"]] <= real["storage"]).all()
    simulation.run()
    assert simulation.result().arrived == 3000


def test_a_ring_that_holds_itself_up_squeezes_through_and_says_so() -> None:
    side = 4
    links = [Link(f"r{k}", f"n{k}", f"n{(k + 1) % side}", 4, 1) for k in range(side)]
    trips = [t for k in range(side) for t in walk(150, f"n{k}", f"n{(k + 3) % side}")]
    scenario = Scenario(Network(tuple(Node(f"n{k}") for k in range(side)), tuple(links)), Demand.of(trips), stuck_s=60)
    result = simulate(scenario)
    assert result.arrived == 600
    assert result.incidents
    assert result.incidents[0].kind == "gridlock"
    assert result.incidents[0].at_s >= 60
    assert set(result.incidents[0].elements) == {link.id for link in links}


def test_the_same_seed_is_the_same_day_and_a_pause_changes_nothing() -> None:
    gates = (GateShift("2.2", 0, 4000, 3, 4.0, cv=1.0),)
    scenario = Scenario(grid(5, 2.0), crossing_trips(5, 1500, 600), gates=gates)
    whole = simulate(scenario, seed=5)
    paused = Simulation(scenario, seed=5)
    paused.run(333)
    paused.run()
    assert np.array_equal(whole.arrived_s, paused.result().arrived_s)
    assert np.array_equal(whole.peak_density, paused.result().peak_density)
    assert not np.array_equal(whole.arrived_s, simulate(scenario, seed=6).arrived_s)


def test_a_branch_goes_on_from_a_snapshot_as_if_it_had_always_been_planned() -> None:
    scenario = Scenario(grid(5, 2.0), crossing_trips(5, 1500, 600))
    close = Change(300, "2.2-2.3", Field.OPEN, 0)
    simulation = Simulation(scenario)
    simulation.run(200)
    early = simulation.snapshot()
    simulation.run()
    straight = simulation.result().arrived_s
    simulation.resume(early, (close,))
    simulation.run()
    planned = simulate(Scenario(scenario.network, scenario.demand, changes=(close,)))
    assert np.array_equal(simulation.result().arrived_s, planned.arrived_s)
    assert not np.array_equal(straight, planned.arrived_s)
    simulation.resume(early)
    simulation.run()
    assert np.array_equal(simulation.result().arrived_s, straight)


@pytest.mark.parametrize(("cv", "expected_s"), [(0.0, 12.0), (1.0, 24.0)])
def test_a_single_server_makes_people_wait_as_queueing_theory_says(cv: float, expected_s: float) -> None:
    """Pollaczek and Khinchine: wait = ρ s (1 + cv²) / (2 (1 − ρ)); here s = 3 s, ρ = 8/9 → 12 s and 24 s."""
    random = np.random.default_rng(3)
    arrivals = np.cumsum(random.exponential(3.0 * 9 / 8, 150_000))
    net = Network((Node("a"), Node("g"), Node("b")), (Link("in", "a", "g", 2, 50), Link("out", "g", "b", 2, 50)))
    demand = Demand.direct(("a", "b"), arrivals, np.zeros(150_000, np.int32), np.ones(150_000, np.int32))
    shift = GateShift("g", 0, 1e9, 1, 3.0, cv=cv)
    result = simulate(Scenario(net, demand, gates=(shift,)), seed=2)
    waited = float(
        (result.gates.wait_s * result.gates.served)[result.gates.served > 0].sum() / result.gates.served.sum()
    )
    assert waited == pytest.approx(expected_s, rel=0.06)


def test_a_gate_without_lanes_holds_everybody_until_it_opens() -> None:
    net = chain(Link("in", "a", "g", 10, 4), Link("out", "g", "b", 10, 4))
    result = simulate(Scenario(net, Demand.of(walk(60, "a", "b")), gates=(GateShift("g", 600, 1200, 2, 2.0),)))
    assert result.arrived_s.min() >= 600
    assert result.arrived_s.max() == pytest.approx(600 + 60 + 10 / 1.34, abs=3)
    assert result.gates.longest_queue[0] == 60


AROUND = (Link("in", "a", "p", 10, 4), Link("mid", "q", "m", 10, 4), Link("out", "r", "b", 10, 4))


def shuttle(depart: float, capacity: int, name: str) -> Run:
    stops = (
        StopTime("p", depart - 30, depart),
        StopTime("q", depart + 300, depart + 330),
        StopTime("r", depart + 600, depart + 630),
    )
    return Run(name, "S", stops, capacity)


def test_a_full_vehicle_leaves_people_behind_for_the_next() -> None:
    net = chain(*AROUND)
    runs = (shuttle(600, 50, "S1"), shuttle(1200, 50, "S2"), shuttle(1800, 50, "S3"))
    demand = Demand.of(walk(80, "a", "b") + walk(20, "a", "m"))
    result = simulate(Scenario(net, demand, runs=runs))
    assert result.arrived == 100
    at_p = [k for k, stop in enumerate(result.rides.stop) if stop == "p"]
    assert [int(n) for n in result.rides.boarded[at_p]] == [50, 50, 0]
    assert [int(n) for n in result.rides.left_behind[at_p]] == [50, 0, 0]
    assert result.arrived_s.max() == pytest.approx(1800 + 10 / 1.34, abs=49 / (4 * CAPACITY))


def test_who_waits_for_a_vehicle_that_is_to_come_is_not_stuck() -> None:
    simulation = Simulation(Scenario(chain(*AROUND), Demand.of(walk(20, "a", "b")), runs=(shuttle(3600, 50, "S1"),)))
    simulation.run(2400)
    assert simulation.result().stuck.sum() == 0
    assert simulation.result().en_route == 20


def test_who_missed_the_last_run_walks() -> None:
    net = chain(*AROUND, Link("long", "p", "r", 4000, 4))
    result = simulate(Scenario(net, Demand.of(walk(80, "a", "b")), runs=(shuttle(300, 50, "S1"),)))
    assert result.arrived == 80
    assert (result.arrived_s < 1000).sum() == 50
    assert result.arrived_s.max() > 4000 / 1.34


def test_a_full_hall_makes_people_wait_outside() -> None:
    net = Network(
        (Node("a"), Node("hall", capacity_p=10), Node("b")),
        (Link("in", "a", "hall", 30, 4), Link("out", "hall", "b", 10, 4)),
    )
    trips = [Trip(0, "a", (Leg("hall", dwell_s=100), Leg("b"))) for _ in range(30)]
    result = simulate(Scenario(net, Demand.of(trips)))
    waves = np.sort(result.arrived_s).reshape(3, 10).mean(axis=1)
    assert np.diff(waves) == pytest.approx([100, 100], abs=8)


def test_who_runs_out_of_patience_leaves_a_full_hall_out() -> None:
    net = Network(
        (Node("a"), Node("hall", capacity_p=10), Node("b")),
        (Link("in", "a", "hall", 30, 4), Link("out", "hall", "b", 10, 4)),
    )
    trips = [Trip(0, "a", (Leg("hall", dwell_s=1000), Leg("b"))) for _ in range(30)]
    result = simulate(Scenario(net, Demand.of(trips), patience_s=60))
    assert result.arrived == 30
    assert result.left_out == 20
    assert (result.arrived_s < 200).sum() == 20


def test_who_leaves_a_full_hall_finds_a_lane_against_those_who_want_in() -> None:
    nodes = (Node("a"), Node("m"), Node("hall", capacity_p=20))
    links = (Link("in", "a", "m", 20, 1), Link("door", "m", "hall", 4, 1, twoway=True), Link("back", "m", "a", 20, 1))
    trips = [Trip(0, "a", (Leg("hall", dwell_s=300), Leg("a"))) for _ in range(200)]
    result = simulate(Scenario(Network(nodes, links), Demand.of(trips), stuck_s=60))
    assert result.arrived == 200
    assert not result.incidents


def test_halls_that_wait_for_one_another_are_resolved_and_told() -> None:
    """Everybody in one full hall wants into the other, by a corridor each way."""
    nodes = (Node("a"), Node("b"), Node("one", capacity_p=30), Node("two", capacity_p=30))
    links = (
        Link("in1", "a", "one", 10, 2), Link("in2", "b", "two", 10, 2), Link("to", "one", "two", 10, 1),
        Link("fro", "two", "one", 10, 1), Link("out1", "one", "a", 10, 1), Link("out2", "two", "b", 10, 1),
    )  # fmt: skip
    trips = [Trip(0, "a", (Leg("one", 200), Leg("two", 200), Leg("b"))) for _ in range(150)]
    trips += [Trip(0, "b", (Leg("two", 200), Leg("one", 200), Leg("a"))) for _ in range(150)]
    result = simulate(Scenario(Network(nodes, links), Demand.of(trips), stuck_s=60))
    assert result.arrived == 300
    assert result.incidents
    assert {"to", "fro"} <= set(result.incidents[0].elements)


def test_a_gate_serves_also_who_has_it_in_the_plan() -> None:
    net = chain(Link("in", "a", "g", 10, 4), Link("out", "g", "b", 10, 4))
    trips = [Trip(0, "a", (Leg("g"), Leg("b"))) for _ in range(50)]
    result = simulate(Scenario(net, Demand.of(trips), gates=(GateShift("g", 0, 1200, 1, 4.0),)))
    assert result.gates.served.sum() == 50
    assert result.arrived_s.max() > 200


def test_people_without_a_way_are_stuck_until_one_opens() -> None:
    net = chain(Link("only", "a", "b", 20, 2), Link("on", "b", "c", 20, 2))
    shut = Change(0, "on", Field.OPEN, 0)
    held = simulate(Scenario(net, Demand.of(walk(5, "a", "c")), changes=(shut,)))
    assert (held.arrived, held.en_route, int(held.stuck.sum())) == (0, 0, 5)
    opened = simulate(Scenario(net, Demand.of(walk(5, "a", "c")), changes=(shut, Change(500, "on", Field.OPEN, 1))))
    assert opened.arrived == 5
    assert opened.arrived_s.min() > 500


ISLAND = chain(Link("in", "a", "b", 20, 2), Link("on", "b", "c", 20, 2), Link("off", "b", "d", 20, 2))


@pytest.mark.parametrize("engine", ["agents", "fluid"])
def test_people_without_a_way_wait_and_are_told_and_the_day_ends(engine: Engine) -> None:
    """Though ways are looked at every half minute: that is no move. Who wants elsewhere is not held up by them.

    Who is on the way already waits at its end, who is not yet does not set off.
    """
    people = Demand.of(walk(300, "a", "c", every=1.0) + walk(100, "a", "d", every=3.0))
    shut = Change(100, "on", Field.OPEN, 0)
    day = Scenario(ISLAND, people, changes=(shut,), routing=Routing(reactive_s=30, advised=0.5))
    result = simulate(day, engine=engine)
    lost = int(result.stuck.sum())
    before, on_the_way = result.without_way
    assert (before, before.since_s) == (WithoutWay("a", 200, before.since_s), pytest.approx(100, abs=2))
    assert (on_the_way.node, on_the_way.since_s) == ("b", pytest.approx(100, abs=5))
    assert 10 < on_the_way.persons < 20
    assert lost == 200 + on_the_way.persons
    assert (result.arrived, result.en_route) == (400 - lost, 0)
    last_move = 300 + 20 / 1.34
    assert last_move + day.stuck_s < result.simulated_s < last_move + day.stuck_s + 120
    arrived = np.isfinite(result.arrived_s)
    assert arrived[people.leg_node == people.nodes.index("d")].all()
    assert result.lost_s[arrived].mean() < 2


@pytest.mark.parametrize("engine", ["agents", "fluid"])
def test_people_without_a_way_set_off_when_one_opens(engine: Engine) -> None:
    changes = (Change(100, "on", Field.OPEN, 0), Change(1000, "on", Field.OPEN, 1))
    people = Demand.of(walk(300, "a", "c", every=1.0))
    result = simulate(Scenario(ISLAND, people, changes=changes, routing=Routing(reactive_s=30)), engine=engine)
    assert (result.arrived, result.without_way) == (300, ())
    later = result.arrived_s[result.arrived_s > 150]
    assert len(later) > 200
    assert later.min() > 1000
    at_capacity = 2 * 20 / 0.7  # two links at the speed of the greatest flow
    assert later.max() == pytest.approx(1000 + 199 / (2 * CAPACITY) + at_capacity, abs=20)


def test_people_are_without_a_way_since_it_closed_or_since_they_came() -> None:
    changes = (Change(110, "on", Field.OPEN, 0), Change(500, "on", Field.OPEN, 1), Change(700, "on", Field.OPEN, 0))
    simulation = Simulation(Scenario(ISLAND, Demand.of(walk(9, "a", "c", every=100.0)), changes=changes))
    simulation.run(450)
    came_s = pytest.approx(100 + 20 / 1.34, abs=0.01)
    assert simulation.result().without_way == (WithoutWay("a", 3, 200.0), WithoutWay("b", 1, came_s))
    simulation.run(650)
    assert simulation.result().without_way == ()
    simulation.run()
    assert simulation.result().without_way == (WithoutWay("a", 2, 700.0),)


def test_who_follows_advice_avoids_the_jam() -> None:
    links = (
        Link("in", "a", "m", 10, 6),
        Link("short", "m", "z", 60, 1),
        Link("way", "m", "n", 60, 4),
        Link("round", "n", "z", 60, 4),
    )
    demand = Demand.of(walk(1500, "a", "z", every=0.5))
    nobody = simulate(Scenario(chain(*links), demand))
    many = simulate(Scenario(chain(*links), demand, routing=Routing(reactive_s=30, advised=0.5)))
    assert nobody.outflow[:, 3, 0].sum() == 0
    assert 300 < many.outflow[:, 3, 0].sum() < 800
    assert many.lost_s.mean() < 0.5 * nobody.lost_s.mean()


def test_two_directions_take_longer_than_one() -> None:
    """IMO 8: the more come the other way, the longer it takes."""
    net = chain(
        Link("room", "a", "m", 10, 10),
        Link("corridor", "m", "n", 10, 2, twoway=True),
        Link("other", "n", "b", 10, 10, twoway=True),
    )
    last = []
    for against in (0, 10, 50, 100):
        result = simulate(Scenario(net, Demand.of(walk(100, "a", "b") + walk(against, "b", "m"))))
        last.append(result.arrived_s.max())
    assert (np.diff(last) > 0).all()


def test_halving_the_step_changes_little() -> None:
    scenarios = [Scenario(grid(6, 1.5), crossing_trips(6, 3000, 400), step_s=step) for step in (2.0, 1.0, 0.5, 0.25)]
    means = np.array([np.nanmean(simulate(s).arrived_s) for s in scenarios])
    steps = np.abs(np.diff(means))
    assert steps[-1] < 1.0
    assert steps[-1] <= steps[0] + 0.2


def test_where_many_meet_who_comes_later_is_not_let_on_first() -> None:
    """Forty persons a second and way: let on by turns alone, those of a step lost a second or ten, by its length."""
    demand = crossing_trips(8, 100_000, 1800)
    lost = [float(simulate(Scenario(grid(8, 20.0), demand, step_s=step)).lost_s.mean()) for step in (2.0, 0.5)]
    assert lost[0] == pytest.approx(lost[1], rel=0.05)


def test_a_way_that_has_become_slow_is_avoided_by_who_knows_it() -> None:
    links = (Link("short", "a", "z", 50, 4), Link("way", "a", "n", 30, 4), Link("round", "n", "z", 30, 4))
    demand = Demand.of(walk(20, "a", "z", at=100))
    slow = Change(50, "short", Field.SPEED, 0.3)
    result = simulate(Scenario(chain(*links), demand, changes=(slow,)))
    assert result.outflow[:, 0, 0].sum() == 0
    assert result.outflow[:, 2, 0].sum() == 20


def test_five_times_as_wide_for_five_times_as_many_is_no_slower() -> None:
    one, five = (
        simulate(Scenario(grid(8, width), crossing_trips(8, count, 600)))
        for width, count in ((3.0, 4000), (15.0, 20_000))
    )
    assert five.lost_s.mean() < one.lost_s.mean() + 3
