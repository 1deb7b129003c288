"""A day at the gates, minute by minute."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.transport.inflow.cases import line, random_case, to_c
from tminus.engines.transport.inflow import route_trees, simulate_inflow
from tminus.engines.transport.inflow.loads import FirstComeLoads, entries_of


def test_loads_arrive_after_the_ride_and_queues_go_as_caps_allow() -> None:
    network, demand = line(60), to_c((900, 0), (0, 0))
    caps = np.full((3, 2), np.inf)
    caps[0] = 50
    day = simulate_inflow(network, route_trees(network), demand, caps)
    assert day.loads[0, :18] == pytest.approx(50)
    assert day.loads[1, 5:23] == pytest.approx(50)
    assert day.loads[1, :5].sum() == 0
    assert day.queue[0, 9] == pytest.approx(400)
    assert day.left.sum() == 0
    assert day.delay_person_min[0] == pytest.approx(400 * 10 / 2 + 400 * 8 / 2)


def test_who_is_not_let_in_is_left() -> None:
    network, demand = line(), to_c((900, 0), (0, 0))
    day = simulate_inflow(network, route_trees(network), demand, np.full((3, 2), 30.0))
    assert day.left[0] == pytest.approx(300)


@pytest.mark.parametrize("seed", range(6))
def test_loads_of_the_plan_and_of_the_simulation_agree(seed: int) -> None:
    network, demand = random_case(seed)
    trees = route_trees(network)
    loads = FirstComeLoads(entries_of(network, trees, demand))
    nothing = np.zeros_like(demand.arriving)
    free = simulate_inflow(network, trees, demand, np.full_like(nothing, np.inf))
    assert loads.under(nothing) == pytest.approx(free.loads, abs=1e-9)
    queue = nothing.copy()
    queue[0, 8:12] = demand.arriving[0, 8:12] * [0.5, 1.4, 0.9, 0.2]
    caps = (demand.arriving - np.diff(queue, axis=1, prepend=0)) / demand.slot_min
    assert (caps >= 0).all()
    held = simulate_inflow(network, trees, demand, caps)
    rows = loads.under(queue)
    assert rows.sum() == pytest.approx(held.loads.sum())
    own = int(np.flatnonzero(trees.arc_from == trees.gate_nodes[0])[0])
    first = rows[own, : demand.minutes].reshape(-1, demand.slot_min).mean(axis=1)
    alone = held.loads[own, : demand.minutes].reshape(-1, demand.slot_min).mean(axis=1)
    if network.arcs[own].origin == "r0":
        assert first == pytest.approx(alone, rel=0.05, abs=1.0)
    assert loads.under(nothing) == pytest.approx(free.loads, abs=1e-9)
