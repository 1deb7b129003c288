"""The plan walked again: nobody beats the bound at any second, and a plan of few bottlenecks is nearly reached."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from tests.engines.crowd.evacuation.networks import drawn, link, network
from tminus.engines.crowd.evacuation import instance_of, plan_evacuation
from tminus.engines.crowd.evacuation.expansion import BOUND_UNITS, clocks
from tminus.engines.crowd.evacuation.quickest import most_out
from tminus.engines.crowd.evacuation.resimulation import scenario_of, walk_again
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link, Network, Node


@pytest.mark.parametrize("seed", range(3))
def test_at_no_second_are_more_out_than_the_bound_allows(seed: int) -> None:
    net, people = drawn(Random(500 + seed), 10, 18, 2, 60)
    free = Network(tuple(Node(n.id, n.kind) for n in net.nodes), net.links)
    plan = plan_evacuation(free, people, step_s=1)
    again = walk_again(free, plan)
    assert again.stuck == 0 and len(again.out_s) == plan.persons
    instance = instance_of(free, people)
    out_of_doors = {n.id for n in free.nodes if n.kind is NodeKind.EXIT}
    doors = sum(one.end in out_of_doors or one.twoway for one in free.links)
    clock = clocks(instance, 1.0, "down")
    for last in range(0, len(plan.arrived), 5):
        out = int((again.out_s < last + 1).sum())
        # a link lets the first through at once: one person more a link than its flow
        assert out <= most_out(instance, clock, last) / BOUND_UNITS + doors


def test_one_bottleneck_lets_out_nineteen_of_twenty_as_early_as_planned() -> None:
    hall = Network(
        (Node("h"), Node("m"), Node("e", NodeKind.EXIT)),
        (Link("hall", "h", "m", 10, 8.0), Link("door", "m", "e", 2, 1.0)),
    )
    plan = plan_evacuation(hall, {"h": 800}, step_s=1)
    again = walk_again(hall, plan)
    assert again.last_s >= plan.bound_s
    for seconds in range(60, int(plan.planned_s), 60):
        planned = int(plan.arrived[seconds - 1])
        assert np.searchsorted(again.out_s, seconds, side="right") >= 0.95 * planned


def test_people_pass_the_places_of_their_route_where_the_nearest_way_is_another() -> None:
    net = network([link("short", "h", "e", 10, 1), link("in", "h", "m", 8, 3), link("out", "m", "e", 8, 3)])
    plan = plan_evacuation(net, {"h": 60}, step_s=1)
    demand = scenario_of(net, plan).demand
    legs = np.diff(demand.first_leg)
    by_way = {one.links: one.persons for one in plan.routes}
    assert (legs == 1).sum() == by_way[("short",)] and (legs == 2).sum() == by_way[("in", "out")]
    assert walk_again(net, plan).stuck == 0
