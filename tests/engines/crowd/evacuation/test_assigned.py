"""Exits assigned and families together: nobody where he must not be, ways never over full, beside free choice."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from tests.engines.crowd.evacuation.networks import drawn, link, network
from tminus.engines.crowd.evacuation import InfeasiblePlan, Party, plan_assigned, plan_evacuation
from tminus.engines.crowd.evacuation.class_flows import flows_of
from tminus.engines.crowd.evacuation.expansion import LEAVE, clocks, expand
from tminus.engines.crowd.evacuation.parties import classes_of
from tminus.engines.crowd.evacuation.resimulation import walk_apart
from tminus.engines.crowd.problem import CrowdError

TWO_DOORS = network([link("west", "h", "w", 10, 1), link("east", "h", "e", 20, 1)], exits="w e")


def parties(people: dict[str, int], exits: dict[str, tuple[str, ...]]) -> list[Party]:
    return [Party(node, count, exits.get(node, ())) for node, count in people.items()]


def test_where_all_may_leave_by_all_it_is_the_plan_of_free_choice() -> None:
    net, people = drawn(Random(1), 12, 24, 2, 20)
    found = plan_assigned(net, [Party(node, count) for node, count in people.items()], step_s=1)
    plan = plan_evacuation(net, people, step_s=1)
    assert found.plan.arrived.tolist() == plan.arrived.tolist() == found.free.arrived.tolist()
    assert (found.plan.bound_s, found.later_s) == (plan.bound_s, 0)


def test_who_must_all_leave_by_the_far_door_need_a_second_each() -> None:
    """40 by the west door after ten seconds, 100 by the east one after twenty; freely 140 share both."""
    found = plan_assigned(TWO_DOORS, [Party("h", 100, ("e",)), Party("h", 40, ("w",))], step_s=1)
    assert (found.plan.planned_s, found.plan.bound_s) == (120, 119)
    assert [(one.exits, one.persons, one.out_s) for one in found.classes] == [(("e",), 100, 120), (("w",), 40, 50)]
    assert found.binding == ("e",)
    assert [(one.element, one.persons) for one in found.plan.cut.elements] == [("east", 99)]
    assert found.free.planned_s == 85  # (T − 10) + (T − 20) = 140
    assert found.later_s == 35
    assert found.plan.origins[0].shares == {"e": pytest.approx(100 / 140), "w": pytest.approx(40 / 140)}


def test_classes_share_a_way_they_have_in_common() -> None:
    net = network([link("all", "h", "m", 5, 2), link("a", "m", "w", 5, 2), link("b", "m", "e", 30, 2)], exits="w e")
    found = plan_assigned(net, [Party("h", 60, ("w",)), Party("h", 60, ("e",))], step_s=1)
    # the far ones first: 30 s of the way they have in common, then 30 s of the others
    assert {one.exits: one.out_s for one in found.classes} == {("e",): 5 + 30 + 30, ("w",): 5 + 60 + 5}
    assert (found.plan.planned_s, found.plan.bound_s) == (70, 69)


@pytest.mark.parametrize("seed", range(8))
def test_nobody_leaves_by_anothers_exit_and_no_way_is_over_full(seed: int) -> None:
    random = Random(700 + seed)
    net, people = drawn(random, 14, 40, 3, 25)
    allowed = {node: tuple(random.sample(["n0", "n1", "n2"], random.randint(1, 3))) for node in people}
    try:
        found = plan_assigned(net, parties(people, allowed), step_s=1)
    except InfeasiblePlan as error:
        assert "reach none of their exits" in str(error)
        return
    for route in found.plan.routes:
        assert route.exit in allowed[route.origin]
    assert sum(one.persons for one in found.plan.routes) == found.plan.persons == sum(people.values())
    assert found.free.planned_s <= found.plan.planned_s and found.plan.bound_s <= found.plan.planned_s
    assert found.plan.arrived[-1] == found.plan.persons
    assert (found.plan.arrived <= _padded(found.free.arrived, len(found.plan.arrived))).all()


def _padded(arrived: np.ndarray, length: int) -> np.ndarray:
    return np.concatenate((arrived, np.full(max(length - len(arrived), 0), arrived[-1])))[:length]


@pytest.mark.parametrize("seed", range(6))
def test_all_classes_together_fit_on_ways_and_at_places(seed: int) -> None:
    random = Random(800 + seed)
    net, people = drawn(random, 12, 36, 3, 25)
    given = [Party(node, count, (random.choice(["n0", "n1", "n2"]),)) for node, count in people.items()]
    try:
        instance, classes = classes_of(net, given, None, ())
    except InfeasiblePlan:
        return
    clock = clocks(instance, 1.0, "up", past_exits=True)
    flows = flows_of(instance, clock, classes, 20)
    whole = expand(instance, clock, max(one.done for one in flows) + 1)
    most = {key: n for n, key in enumerate(zip(whole.what, whole.of, whole.step, strict=True))}
    used = np.zeros(len(whole.capacity), np.int64)
    for one, of in zip(flows, classes, strict=True):
        assert one.flow[one.graph.what == LEAVE].sum() == of.total
        for n in np.flatnonzero(one.flow):
            used[most[one.graph.what[n], one.graph.of[n], one.graph.step[n]]] += one.flow[n]
    assert (used <= whole.capacity).all()


def test_a_family_takes_one_way_to_one_exit_and_sets_out_at_once() -> None:
    families = [Party("h", 5, (), f"family {n}") for n in range(12)]
    found = plan_assigned(TWO_DOORS, [*families, Party("h", 20)], step_s=1)
    assert found.as_json()["groups"] == 12 and found.as_json()["in_groups"] == 60
    rows = [(name, nodes, persons) for name, (_, persons, nodes) in zip(found.group, found.plan.groups, strict=True)]
    for n in range(12):
        assert [(nodes[0], persons) for name, nodes, persons in rows if name == f"family {n}"] == [("h", 5)]
    assert sum(persons for _, _, persons in rows) == 80 == found.plan.arrived[-1]
    assert found.free.planned_s <= found.plan.planned_s <= found.free.planned_s + 5
    assert {one.exit: one.persons for one in found.plan.routes}["e"] in range(30, 41)


def test_a_family_for_whom_no_way_has_places_enough_follows_after_its_last() -> None:
    found = plan_assigned(TWO_DOORS, [Party("h", 30, (), "tour")], step_s=1)
    assert found.free.planned_s == 30  # 20 by the west door, 10 by the east one
    assert (found.plan.planned_s, found.added) == (40, 10)
    assert [(one.exit, one.persons) for one in found.plan.routes] == [("w", 20), ("w", 10)] or (
        [(one.exit, one.persons) for one in found.plan.routes] == [("w", 30)]
    )


def test_walked_again_families_come_out_as_far_apart_as_the_door_lets_them() -> None:
    families = [Party("h", 4, ("w",), f"family {n}") for n in range(20)]
    found = plan_assigned(TWO_DOORS, families, step_s=1)
    again, apart = walk_apart(TWO_DOORS, found)
    assert again.stuck == 0 and len(again.out_s) == 80
    assert set(apart) == {f"family {n}" for n in range(20)}
    assert max(apart.values()) < 10  # four by a door of one a second, among those before them
    assert again.last_s >= found.plan.bound_s


def test_who_is_at_an_exit_is_out_even_if_it_is_not_his() -> None:
    found = plan_assigned(TWO_DOORS, [Party("w", 9, ("e",))])
    assert (found.plan.persons, found.plan.planned_s, found.classes) == (0, 0, ())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([Party("x", 1)], "people at 'x': not a node"),
        ([Party("h", 1, ("x",))], "exit at 'x': not a node"),
        ([Party("h", -1)], "people at 'h': -1"),
        ([Party("h", 2, (), "a"), Party("m", 2, (), "a")], "group 'a' stands at 'h' and at 'm'; allowed: one node"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_line(given: list[Party], said: str) -> None:
    net = network([link("in", "m", "h", 3, 1), link("out", "h", "w", 3, 1)], exits="w")
    with pytest.raises(CrowdError, match=said):
        plan_assigned(net, given)


def test_who_is_to_leave_further_on_walks_past_an_exit() -> None:
    net = network([link("out", "h", "w", 3, 1), link("on", "w", "e", 3, 1)], exits="w e")
    found = plan_assigned(net, [Party("h", 7, ("e",)), Party("h", 1)], step_s=1)
    assert [(one.links, one.persons) for one in found.plan.routes] == [(("out", "on"), 7), (("out",), 1)]
    assert walk_apart(net, found)[0].stuck == 0


def test_no_way_to_the_exit_assigned_names_who_and_where_to() -> None:
    net = network([link("out", "h", "w", 3, 1), link("on", "e", "w", 3, 1)], exits="w e")
    with pytest.raises(InfeasiblePlan, match=r"7 of 8 persons reach none of their exits: no way from 'h' to 'e' \(7"):
        plan_assigned(net, [Party("h", 7, ("e",)), Party("h", 1)])


def test_too_short_a_time_names_the_exits_and_the_cut() -> None:
    with pytest.raises(InfeasiblePlan, match=r"100 persons cannot all be out by e in 90 s, .* 119 s: link 'east'"):
        plan_assigned(TWO_DOORS, [Party("h", 100, ("e",)), Party("h", 40)], step_s=1, within_s=90)
