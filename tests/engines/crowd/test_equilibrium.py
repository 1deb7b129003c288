"""Two ways to the same place: at equilibrium both take as long, and nobody would change."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.equilibrium import equilibrate
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.routing import NO_WAY, Split
from tminus.engines.crowd.scenario import Scenario


def two_ways() -> Scenario:
    links = (
        Link("in", "a", "m", 10, 20),
        Link("short", "m", "z", 100, 1),
        Link("long", "m", "n", 100, 1.5),
        Link("on", "n", "z", 100, 1.5),
    )
    net = Network(tuple(Node(id) for id in "amnz"), links)
    trips = [Trip(k * 0.5, "a", (Leg("z"),)) for k in range(1800)]
    return Scenario(net, Demand.of(trips), slot_s=60)


def test_both_ways_come_to_take_as_long() -> None:
    alone = equilibrate(two_ways(), most=1)
    found = equilibrate(two_ways(), gap=0.02, most=25)
    assert found.gaps[0] == alone.gaps[0] > 0.5
    assert min(found.gaps) < 0.08
    assert np.nanmean(found.result.arrived_s) < np.nanmean(alone.result.arrived_s) - 60
    assert found.result.outflow[:, 2, 0].sum() > 300


def test_shares_move_by_the_weight_and_the_least_taken_way_is_given_up() -> None:
    def ways(*numbers: int) -> np.ndarray:
        return np.array([numbers], np.int32)

    split = Split.all_on(ways(1, 1, NO_WAY)).drawn_to(ways(2, 1, NO_WAY), 0.25)
    assert split.first.tolist() == [[1, 1, NO_WAY]]
    assert split.other.tolist() == [[2, NO_WAY, NO_WAY]]
    assert split.share[0, :2] == pytest.approx([0.75, 1.0])
    third = split.drawn_to(ways(3, 1, NO_WAY), 0.5)
    assert (third.first[0, 0], third.other[0, 0]) == (1, 3)
    assert third.share[0, 0] == pytest.approx(0.375 / 0.875)
