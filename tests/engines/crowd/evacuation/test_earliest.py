"""Earliest arrival: against brute force, against maximal flows of another expansion, and against other plans."""

from __future__ import annotations

from random import Random

import networkx as nx
import numpy as np
import pytest
from ortools.graph.python import min_cost_flow

from tests.engines.crowd.evacuation.networks import FREE_M_S, drawn, link, network
from tminus.engines.crowd.evacuation import instance_of, plan_evacuation
from tminus.engines.crowd.evacuation.earliest import earliest_arrival, is_earliest
from tminus.engines.crowd.evacuation.expansion import LEAVE, WALK, Expansion, clocks
from tminus.engines.crowd.evacuation.layers import detours
from tminus.engines.crowd.evacuation.quickest import quickest_step
from tminus.engines.crowd.evacuation.ways import Ints
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Network

State = tuple[tuple[str, int], ...]


def _arcs(net: Network) -> list[tuple[str, str, int, int]]:
    arcs = []
    for one in net.links:
        walk, per = round(one.length_m / FREE_M_S), round(one.capacity_p_s or 0)
        arcs += [(a, b, walk, per) for a, b in ((one.start, one.end), (one.end, one.start))[: 1 + one.twoway]]
    return arcs


def _most_by_brute_force(net: Network, people: dict[str, int], seconds: int) -> list[int]:
    """Most persons out at each second, by trying everything everybody could do."""
    arcs = _arcs(net)
    exits = {n.id for n in net.nodes if n.kind is NodeKind.EXIT}
    room = {n.id: n.capacity_p for n in net.nodes}
    states: set[State] = {tuple(sorted((place, 0) for place, n in people.items() for _ in range(n)))}
    most = []
    for _ in range(seconds + 1):
        most.append(max(sum(place in exits and not wait for place, wait in state) for state in states))
        states = {after for state in states for after in _after(state, arcs, exits, room, people)}
    return most


def _after(state: State, arcs, exits, room, people) -> set[State]:  # type: ignore[no-untyped-def]
    found: set[tuple[State, tuple[int, ...]]] = {((), (0,) * len(arcs))}
    for place, wait in state:
        grown = set()
        for done, used in found:
            if wait:
                grown.add((tuple(sorted((*done, (place, wait - 1)))), used))
                continue
            grown.add((tuple(sorted((*done, (place, -1)))), used))  # stays, told apart from who just comes in
            if place in exits:
                continue
            for n, (a, b, walk, per) in enumerate(arcs):
                if a == place and used[n] < per:
                    grown.add((tuple(sorted((*done, (b, walk - 1)))), (*used[:n], used[n] + 1, *used[n + 1 :])))
        found = grown
    kept = {done for done, _ in found if _fits(done, exits, room, people)}
    return {tuple(sorted((place, max(wait, 0)) for place, wait in done)) for done in kept}


def _fits(state: State, exits, room, people) -> bool:  # type: ignore[no-untyped-def]
    staying = [place for place, wait in state if wait == -1 and place not in exits]
    return all(
        room[place] is None or staying.count(place) <= max(room[place], people.get(place, 0)) for place in set(staying)
    )


@pytest.mark.parametrize("seed", range(12))
def test_nobody_can_have_more_out_at_any_second_by_brute_force(seed: int) -> None:
    random = Random(seed)
    net, people = drawn(random, 4, 5, 1, 1)
    people[random.choice(["n1", "n2", "n3"])] += 1
    plan = plan_evacuation(net, people, step_s=1)
    most = _most_by_brute_force(net, people, len(plan.arrived) - 1)
    assert plan.arrived.tolist() == most


def _most_by_flow(net: Network, people: dict[str, int], last: int) -> int:
    """networkx on the plain expansion: a copy of every place every second."""
    graph = nx.DiGraph()

    def add(a: object, b: object, most: float) -> None:
        if graph.has_edge(a, b):
            most += graph[a][b]["capacity"]
        graph.add_edge(a, b, capacity=most)

    for n in net.nodes:
        for t in range(last):
            add((n.id, t), (n.id, t + 1), 10**6 if n.capacity_p is None else max(n.capacity_p, people.get(n.id, 0)))
        if n.kind is NodeKind.EXIT:
            for t in range(last + 1):
                add((n.id, t), "out", 10**6)
    for a, b, walk, per in _arcs(net):
        for t in range(last + 1 - walk):
            add((a, t), (b, t + walk), per)
    for place, count in people.items():
        add("in", (place, 0), count)
    return int(nx.maximum_flow_value(graph, "in", "out"))


@pytest.mark.parametrize("seed", range(8))
def test_at_every_second_as_many_are_out_as_a_maximal_flow_allows(seed: int) -> None:
    net, people = drawn(Random(100 + seed), 9, 16, 2, 12)
    plan = plan_evacuation(net, people, step_s=1)
    assert plan.arrived.tolist() == [_most_by_flow(net, people, t) for t in range(len(plan.arrived))]
    assert plan.arrived[-1] == plan.persons == sum(people.values())


@pytest.mark.parametrize("seed", range(4))
def test_the_flow_keeps_capacities_and_loses_nobody(seed: int) -> None:
    net, people = drawn(Random(200 + seed), 12, 24, 2, 20)
    instance = instance_of(net, people)
    clock = clocks(instance, 1.0, "up")
    graph, flow = earliest_arrival(instance, clock, quickest_step(instance, clock))
    assert (flow >= 0).all() and (flow <= graph.capacity).all()
    balance = np.bincount(graph.tail, flow, graph.sink + 1) - np.bincount(graph.head, flow, graph.sink + 1)
    assert balance[graph.source] == instance.total == -balance[graph.sink]
    assert not balance[: graph.source].any()
    entered = graph.step - instance.to_exit_s[instance.ways.start[np.where(graph.what == WALK, graph.of, 0)]]
    assert (entered[(graph.what == WALK) & (flow > 0)] >= -1e-9).all()  # nobody sets out before the beginning


def _least_cost(graph: Expansion, cost: Ints, persons: int) -> Ints:
    """OR-Tools' minimal-cost flow of everybody."""
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(graph.tail, graph.head, graph.capacity, cost)
    flow.set_node_supply(graph.source, persons)
    flow.set_node_supply(graph.sink, -persons)
    assert flow.solve() == flow.OPTIMAL
    return np.asarray(flow.flows(np.arange(len(graph.tail))), np.int64)


def test_a_flow_that_is_not_earliest_is_told() -> None:
    net = network([link("a", "h", "e", 1, 1), link("b", "h", "e", 4, 1)])
    instance = instance_of(net, {"h": 2})
    clock = clocks(instance, 1.0, "up")
    graph, flow = earliest_arrival(instance, clock, 4)
    assert is_earliest(graph, flow)
    late = _least_cost(graph, np.where(graph.what == LEAVE, -graph.step, 0), 2)
    assert not is_earliest(graph, late)


@pytest.mark.parametrize("seed", range(20))
def test_arrivals_and_detours_are_those_of_a_minimal_cost_flow(seed: int) -> None:
    net, people = drawn(Random(300 + seed), 25, 60, 3, 80)
    instance = instance_of(net, people)
    clock = clocks(instance, 2.0, "up")
    graph, flow = earliest_arrival(instance, clock, quickest_step(instance, clock) + seed % 3)
    detour, leave = detours(graph, clock), graph.what == LEAVE
    cheapest = _least_cost(graph, np.where(leave, graph.step * 10_000, detour), instance.total)
    assert (flow[leave] * graph.step[leave]).sum() == (cheapest[leave] * graph.step[leave]).sum()
    assert (flow * detour).sum() == (cheapest * detour).sum()


def test_two_ways_in_parallel_share_as_ford_and_fulkerson_have_it() -> None:
    # (T − 10) · 1 + (T − 20) · 2 = 50: everybody is out at T = 33⅓ s
    net = network([link("short", "h", "e", 10, 1), link("long", "h", "e", 20, 2)])
    plan = plan_evacuation(net, {"h": 50}, step_s=1)
    assert plan.bound_s <= 100 / 3 <= plan.planned_s <= 35
    assert {one.links: one.persons for one in plan.routes} == {("long",): 26, ("short",): 24}
    assert plan.origins[0].shares == {"e": 1.0}


def test_nobody_takes_a_detour_that_saves_nothing() -> None:
    net = network([link("in", "h", "m", 2, 1), link("out", "m", "e", 2, 1), link("round", "h", "m", 9, 1)])
    plan = plan_evacuation(net, {"h": 5}, step_s=1)
    assert [one.links for one in plan.routes] == [("in", "out")]
