"""One-way plans: by hand, against every choice there is, and searched with a simulated day."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.fluid.simulation import simulate_fluid
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.one_way import OneWayTask, Way, best_uses, plan_one_way, search_one_way
from tminus.engines.crowd.one_way.planning import as_it_is
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Change, Field, Scenario

ALL = (Way.BOTH, Way.FORWARD, Way.BACK)


def network(*links: Link) -> Network:
    return Network(tuple(Node(n) for n in sorted({end for one in links for end in (one.start, one.end)})), links)


def corridor(id: str, start: str, end: str, capacity: float, length_m: float = 134.0) -> Link:
    return Link(id, start, end, length_m, 2.0, capacity_p_s=capacity, twoway=True)


PAIR = network(corridor("north", "a", "b", 1.0), corridor("south", "a", "b", 1.0, 140.0))
BUSY = {("a", "b"): 900.0, ("b", "a"): 900.0}


def test_two_corridors_with_full_streams_both_ways_become_one_way_each() -> None:
    plan = plan_one_way(OneWayTask(PAIR, BUSY, {"north": ALL, "south": ALL}))
    assert sorted(plan.uses.values()) == [Way.BACK, Way.FORWARD]
    assert (plan.left, plan.left_before) == (pytest.approx(0), pytest.approx(2 * 900 * 0.16))
    assert plan.gap == pytest.approx(0, abs=1e-6) and plan.value < plan.before
    assert set(plan.changed) == {"north", "south"}


def test_where_everybody_gets_through_nothing_is_changed() -> None:
    plan = plan_one_way(OneWayTask(PAIR, {("a", "b"): 100.0, ("b", "a"): 100.0}, {"north": ALL, "south": ALL}))
    assert plan.changed == {} and plan.value == plan.before == pytest.approx(200 * 100)


@pytest.mark.parametrize("seed", range(4))
def test_no_other_uses_cost_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends = [("a", "b"), ("b", "c"), ("c", "d"), ("d", "a"), ("a", "c")]
    drawn = [(float(rng.uniform(0.4, 1.2)), float(rng.uniform(60, 200))) for _ in ends]
    links = [corridor(f"l{n}", *pair, *drawn[n]) for n, pair in enumerate(ends)]
    demand = {(a, b): float(rng.uniform(0, 500)) for a in "abcd" for b in "abcd" if a != b}
    choices = {"l0": ALL, "l2": ALL, "l4": (*ALL, Way.CLOSED)}
    task = OneWayTask(network(*links), demand, choices)
    plan = plan_one_way(task)
    every = [best_uses(task, dict(zip(choices, uses, strict=True))) for uses in product(*choices.values())]
    assert plan.value == pytest.approx(min(one.cost for one in every if one), rel=1e-4)
    assert plan.bound is not None and plan.bound <= plan.value


def test_flow_keeps_what_a_corridor_lets_through() -> None:
    found = best_uses(OneWayTask(PAIR, BUSY, {"north": ALL}), {"north": Way.FORWARD})
    assert found is not None
    assert found.flow[0] <= 900 + 1e-6 and found.flow[1] == pytest.approx(0)  # north, there and back
    assert found.flow[2] + found.flow[3] <= 0.84 * 900 + 1e-6
    assert found.left + found.flow.sum() == pytest.approx(1800)


def test_search_finds_it_too_with_a_simulated_day_and_asks_for_no_uses_twice() -> None:
    rng = np.random.default_rng(0)
    start = rng.permutation(np.repeat([0, 1], 1500))
    demand = Demand.direct(["a", "b"], rng.uniform(0, 1200, 3000), start.astype(np.int32), (1 - start).astype(np.int32))
    asked = []

    def delay(uses: dict[str, Way]) -> float:
        asked.append(tuple(sorted(uses.items())))
        direction = {Way.BOTH: 0.0, Way.FORWARD: 1.0, Way.BACK: -1.0}
        changes = tuple(Change(0.0, id, Field.DIRECTION, direction[way]) for id, way in uses.items())
        day = simulate_fluid(Scenario(PAIR, demand, changes=changes), until_s=7200.0)
        return float(np.where(np.isfinite(day.arrived_s), day.arrived_s, 7200.0).sum())

    task = OneWayTask(PAIR, BUSY, {"north": ALL, "south": ALL})
    plan = search_one_way(task, delay, start=plan_one_way(task).uses)
    assert sorted(plan.uses.values()) == [Way.BACK, Way.FORWARD]
    assert plan.value < plan.before and plan.gap is None
    assert len(set(asked)) == len(asked) == plan.evaluations


def test_search_stops_after_so_many_and_from_scratch_never_gets_worse() -> None:
    task = OneWayTask(PAIR, BUSY, {"north": ALL, "south": ALL})
    plan = search_one_way(task, lambda uses: float(sum(way is Way.BOTH for way in uses.values())), most_evaluations=3)
    assert plan.evaluations == 3 and plan.value <= plan.before == 2
    assert as_it_is(OneWayTask(PAIR, BUSY, {"north": (Way.BACK,)})) == {"north": Way.BACK}


def test_what_makes_no_sense_is_said() -> None:
    with pytest.raises(CrowdError, match="from 'a' to 'x'"):
        OneWayTask(PAIR, {("a", "x"): 5.0}, {})
    with pytest.raises(CrowdError, match="choice of 'west'"):
        OneWayTask(PAIR, BUSY, {"west": ALL})
    many = network(*(corridor(f"c{n}", f"n{n}", f"n{n + 1}", 1.0) for n in range(31)))
    with pytest.raises(CrowdError, match="31 corridors to decide about; allowed: at most 30"):
        plan_one_way(OneWayTask(many, {("n0", "n1"): 1.0}, {f"c{n}": ALL for n in range(31)}))
