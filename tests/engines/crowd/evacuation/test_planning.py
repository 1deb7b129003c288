"""The plan as people read it: bounds, bottleneck, shares, directions, and what cannot be planned."""

from __future__ import annotations

from random import Random

import pytest

from tests.engines.crowd.evacuation.networks import drawn, link, network
from tminus.engines.crowd.evacuation import InfeasiblePlan, instance_of, plan_evacuation, quickest_s
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.problem import CrowdError

DOOR = [link("hall", "h", "m", 10, 2), link("door", "m", "e", 10, 1)]


def test_one_door_takes_the_walk_and_a_second_a_person() -> None:
    plan = plan_evacuation(network(DOOR), {"h": 100}, step_s=1)
    assert (plan.planned_s, plan.bound_s) == (120, 119)
    assert plan.mean_s == pytest.approx(20 + 50.5)
    assert (plan.out_after(0.5), plan.out_after(0.9)) == (70, 110)


def test_the_bottleneck_is_the_door_for_as_long_as_it_holds_people_back() -> None:
    cut = plan_evacuation(network(DOOR), {"h": 100}, step_s=1).cut
    assert (cut.behind, cut.through) == (100, 99)
    only = cut.elements[0]
    assert (len(cut.elements), only.kind, only.element) == (1, "link", "door")
    assert (only.from_s, only.to_s, only.persons) == (10, 109, 99)


def test_where_nothing_is_full_the_walk_is_the_bottleneck() -> None:
    cut = plan_evacuation(network(DOOR), {"h": 1}, step_s=1).cut
    assert [(one.kind, one.element, one.to_s) for one in cut.elements] == [("walk", "h", pytest.approx(20))]


def test_a_full_room_behind_is_named() -> None:
    net = network(
        [link("in", "h", "m", 1, 10), link("lock", "m", "n", 1, 5), link("out", "n", "e", 1, 1)], rooms={"n": 0}
    )
    plan = plan_evacuation(net, {"h": 20}, step_s=1)
    assert "out" in {one.element for one in plan.cut.elements}


@pytest.mark.parametrize("seed", range(6))
def test_widening_what_does_not_stand_in_the_cut_saves_nothing(seed: int) -> None:
    net, people = drawn(Random(300 + seed), 8, 14, 2, 15)
    plan = plan_evacuation(net, people, step_s=1)
    cut = {one.element for one in plan.cut.elements}
    wider = tuple(
        one
        if one.id in cut
        else Link(one.id, one.start, one.end, one.length_m, 1.0, capacity_p_s=99, twoway=one.twoway)
        for one in net.links
    )
    again = plan_evacuation(Network(net.nodes, wider), people, step_s=1)
    assert again.planned_s == plan.planned_s


@pytest.mark.parametrize("seed", range(6))
def test_bounds_of_long_steps_are_bounds_and_plans_of_long_steps_are_plans(seed: int) -> None:
    net, people = drawn(Random(400 + seed), 10, 18, 2, 30)
    fine = plan_evacuation(net, people, step_s=0.5)
    for step in (2.0, 5.0, 7.0):
        coarse = plan_evacuation(net, people, step_s=step)
        assert coarse.bound_s <= fine.planned_s
        assert fine.bound_s <= coarse.planned_s
        assert quickest_s(instance_of(net, people), step) <= coarse.planned_s


def test_a_long_step_costs_one_rounding_however_many_links_the_walk_has() -> None:
    chain = [link(f"c{n}", f"n{n:02}", f"n{n + 1:02}", 1.3, 50) for n in range(40)]
    plan = plan_evacuation(network(chain, "n40"), {"n00": 10}, step_s=20)
    assert 40 * 1.3 <= plan.planned_s <= 40 * 1.3 + 2 * 20
    assert plan.bound_s == pytest.approx(40 * 1.3)


def test_shares_directions_and_clearing_times_by_origin() -> None:
    net = network([link("west", "h", "e", 5, 1), link("east", "h", "f", 5, 3)], exits="e f")
    plan = plan_evacuation(net, {"h": 40, "e": 7}, step_s=1)
    assert plan.persons == 40  # who stands at an exit is out
    assert plan.origins[0].shares == {"f": 0.75, "e": 0.25}
    assert [(one.link, one.to, one.persons, one.share) for one in plan.directions] == [
        ("east", "f", 30, 0.75),
        ("west", "e", 10, 0.25),
    ]
    assert (plan.origins[0].left_s, plan.origins[0].out_s, plan.planned_s) == (10, 15, 15)
    assert sum(persons for _, persons, _ in plan.groups) == 40


def test_nobody_to_be_brought_out_is_a_plan_too() -> None:
    plan = plan_evacuation(network(DOOR), {"e": 3})
    assert (plan.planned_s, plan.gap, plan.as_json()["p90_s"]) == (0, 0, 0)


def test_who_cannot_get_out_is_named() -> None:
    net = network([*DOOR, link("trap", "h", "t", 1, 1)])
    with pytest.raises(InfeasiblePlan, match=r"5 of 105 persons reach no exit: no way from 't' \(5 persons\)"):
        plan_evacuation(net, {"h": 100, "t": 5})
    with pytest.raises(InfeasiblePlan, match="no way from 'h'"):
        plan_evacuation(net, {"h": 100}, closed=["door"])


def test_too_short_a_time_names_the_cut() -> None:
    with pytest.raises(InfeasiblePlan, match="in 60 s, the quickest is above 119 s: link 'door'") as caught:
        plan_evacuation(network(DOOR), {"h": 100}, step_s=1, within_s=60)
    assert len(caught.value.cut) == 1
    with pytest.raises(InfeasiblePlan, match="walk 'h' from 0 to 20 s"):
        plan_evacuation(network(DOOR), {"h": 100}, step_s=1, within_s=15)
    assert plan_evacuation(network(DOOR), {"h": 100}, step_s=1, within_s=120).planned_s == 120


@pytest.mark.parametrize(
    ("people", "exits", "closed", "said"),
    [
        ({"x": 1}, None, (), "people at 'x': not a node"),
        ({"h": -1}, None, (), "people at 'h': -1; allowed"),
        ({"h": 1}, ["x"], (), "exit at 'x': not a node"),
        ({"h": 1}, [], (), "no exit"),
        ({"h": 1}, None, ["x"], "closed link 'x'"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_line(people, exits, closed, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CrowdError, match=said):
        plan_evacuation(network(DOOR), people, exits, closed=closed)


def test_a_network_without_an_exit_asks_for_one() -> None:
    bare = Network((Node("a"), Node("b")), (Link("l", "a", "b", 5, 1),))
    with pytest.raises(CrowdError, match="no exit; allowed: nodes of kind exit"):
        plan_evacuation(bare, {"a": 1})
    assert plan_evacuation(bare, {"a": 1}, ["b"]).persons == 1
