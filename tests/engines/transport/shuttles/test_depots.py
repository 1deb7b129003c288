"""Vehicles from several depots: never below the bound, and the bound against one depot and all plans there are."""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from tests.engines.transport.shuttles.test_fleet import town
from tminus.engines.transport import InfeasiblePlan, TransportError
from tminus.engines.transport.shuttles import (
    Deadheads,
    Trip,
    faults_of,
    running_cost,
    schedule_from_depots,
    schedule_vehicles,
)
from tminus.engines.transport.shuttles.fleet import EMPTY_COST, WAIT_COST


@pytest.mark.parametrize("seed", range(6))
def test_as_few_vehicles_as_the_best_single_depot_and_less_running(seed: int) -> None:
    trips, deadheads = town(seed, 60)
    both = schedule_from_depots(trips, deadheads, {"T0": None, "T2": None})
    assert faults_of(both, deadheads) == ()
    alone = [schedule_vehicles(trips, deadheads, depot) for depot in ("T0", "T2")]
    assert len(both.blocks) == both.proof.bound == min(len(one.blocks) for one in alone)
    assert running_cost(both.blocks) <= min(running_cost(one.blocks) for one in alone)
    assert 0 <= both.running_gap < 0.2


@pytest.mark.parametrize("seed", range(8))
def test_against_every_plan_there_is(seed: int) -> None:
    """Five trips: every way to chain them, every depot for every chain."""
    trips, deadheads = town(seed, 5)
    plan = schedule_from_depots(trips, deadheads, {"T0": None, "T1": None})
    vehicles, running = min(_all_plans(sorted(trips, key=lambda trip: trip.depart), deadheads))
    assert len(plan.blocks) == vehicles
    assert running_cost(plan.blocks) >= running >= running_cost(plan.blocks) * (1 - plan.running_gap) - 1e-6


def _all_plans(trips: list[Trip], deadheads: Deadheads) -> list[tuple[int, int]]:
    found = []
    for vehicle_of in product(range(len(trips)), repeat=len(trips)):
        chains = [[trips[n] for n in range(len(trips)) if vehicle_of[n] == one] for one in sorted(set(vehicle_of))]
        costs = [min(_cost(chain, deadheads, depot) for depot in ("T0", "T1")) for chain in chains]
        if all(cost < 10**6 for cost in costs):
            found.append((len(chains), sum(costs)))
    return found


def _cost(chain: list[Trip], deadheads: Deadheads, depot: str) -> int:
    cost = EMPTY_COST * (deadheads.between(depot, chain[0].origin) or 0)
    cost += EMPTY_COST * (deadheads.between(chain[-1].destination, depot) or 0)
    for now, then in pairwise(chain):
        run = deadheads.between(now.destination, then.origin) or 0
        if now.ready + run > then.depart:
            return 10**6
        cost += EMPTY_COST * run + WAIT_COST * (then.depart - now.ready - run)
    return cost


def test_a_depot_has_no_more_vehicles_than_it_may() -> None:
    trips, deadheads = town(2, 60)
    free = schedule_from_depots(trips, deadheads, {"T0": None, "T2": None})
    many = sum(block.depot == "T0" for block in free.blocks)
    held = schedule_from_depots(trips, deadheads, {"T0": many - 2, "T2": None})
    assert sum(block.depot == "T0" for block in held.blocks) <= many - 2
    assert len(held.blocks) == len(free.blocks)
    assert running_cost(held.blocks) >= running_cost(free.blocks) * (1 - free.running_gap)
    with pytest.raises(InfeasiblePlan, match=r"vehicles are needed: T0 has 1, T2 has 2"):
        schedule_from_depots(trips, deadheads, {"T0": 1, "T2": 2})


def test_one_depot_is_the_exact_flow() -> None:
    trips, deadheads = town(3, 40)
    assert schedule_from_depots(trips, deadheads, {"T0": 99}).blocks == schedule_vehicles(trips, deadheads, "T0").blocks
    with pytest.raises(InfeasiblePlan, match="there are 1"):
        schedule_from_depots(trips, deadheads, {"T0": 1})
    with pytest.raises(TransportError, match="no depot"):
        schedule_from_depots(trips, deadheads, {})


def test_depots_that_serve_different_terminals_do_together() -> None:
    """North is joined to A and B alone, South to C and D: neither could run all."""
    near = {("North", "A"): 5, ("North", "B"): 5, ("South", "C"): 5, ("South", "D"): 5}
    deadheads = Deadheads(near | {(b, a): minutes for (a, b), minutes in near.items()})
    trips = [Trip("1", "N", "A", "B", 600, 620, 625), Trip("2", "S", "C", "D", 600, 620, 625)]
    plan = schedule_from_depots(trips, deadheads, {"North": None, "South": None})
    assert [(block.depot, block.empty_min) for block in plan.blocks] == [("North", 10), ("South", 10)]
    assert plan.running_gap == 0
    across = [Trip("1", "X", "A", "C", 600, 620, 625)]
    with pytest.raises(InfeasiblePlan, match="A and C are joined to no depot"):
        schedule_from_depots(across, deadheads, {"North": None, "South": None})
    with pytest.raises(InfeasiblePlan, match="M is joined to none"):
        schedule_from_depots([Trip("1", "X", "M", "A", 600, 620, 625)], deadheads, {"North": None, "South": None})
