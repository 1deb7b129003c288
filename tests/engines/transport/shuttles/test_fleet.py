"""Vehicles and blocks: against the assignment written out pair by pair, and by law."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from tminus.engines.transport import InfeasiblePlan, TransportError
from tminus.engines.transport.shuttles import (
    Block,
    Deadheads,
    ShuttleLine,
    Trip,
    faults_of,
    first_free,
    most_at_once,
    own_line_only,
    pieces_of,
    schedule_vehicles,
    trips_of,
)
from tminus.engines.transport.shuttles.fleet import EMPTY_COST, VEHICLE_COST, WAIT_COST


def town(seed: int, many: int, terminals: int = 4) -> tuple[list[Trip], Deadheads]:
    draw = np.random.default_rng(seed)
    names = [f"T{n}" for n in range(terminals)]
    far = draw.integers(5, 25, (terminals, terminals))
    runs = {(a, b): int(far[i, j]) for i, a in enumerate(names) for j, b in enumerate(names) if i != j}
    trips = []
    for number in range(many):
        a, b = draw.choice(terminals, 2, replace=False)
        depart = int(draw.integers(360, 720))
        arrive = depart + int(far[a, b]) + 5
        trips.append(Trip(f"t{number}", "L", names[a], names[b], depart, arrive, arrive + 4))
    return trips, Deadheads(runs)


def cost_of_pairs(trips: list[Trip], deadheads: Deadheads, depot: str) -> int:
    """The same as an assignment of every trip to its successor or the depot."""
    many = len(trips)
    cost = np.full((2 * many, 2 * many), 10**9)
    for i, one in enumerate(trips):
        for j, then in enumerate(trips):
            run = deadheads.between(one.destination, then.origin)
            if run is not None and one.ready + run <= then.depart:
                cost[i, j] = EMPTY_COST * run + WAIT_COST * (then.depart - one.ready - run)
        cost[i, many + i] = EMPTY_COST * (deadheads.between(one.destination, depot) or 0)
        cost[many + i, i] = VEHICLE_COST + EMPTY_COST * (deadheads.between(depot, one.origin) or 0)
    cost[many:, many:] = 0
    rows, columns = linear_sum_assignment(cost)
    return int(cost[rows, columns].sum())


def cost_of_blocks(blocks: tuple[Block, ...]) -> int:
    waited = sum(
        (block.back_at_depot - block.leaves_depot)
        - block.empty_min
        - sum(trip.ready - trip.depart for trip in block.trips)
        for block in blocks
    )
    return sum(VEHICLE_COST + EMPTY_COST * block.empty_min for block in blocks) + WAIT_COST * waited


@pytest.mark.parametrize("seed", range(8))
def test_blocks_cost_what_the_best_assignment_costs(seed: int) -> None:
    trips, deadheads = town(seed, 40)
    plan = schedule_vehicles(trips, deadheads, "T0")
    assert faults_of(plan, deadheads) == ()
    assert cost_of_blocks(plan.blocks) == cost_of_pairs(trips, deadheads, "T0")
    at_once = int(most_at_once(trips).what.split()[0])
    assert at_once <= plan.proof.value <= min(first_free(trips, deadheads), own_line_only(trips))


def test_one_vehicle_goes_to_and_fro() -> None:
    out, back = ShuttleLine("out", "A", "B", 10, 50), ShuttleLine("in", "B", "A", 10, 50)
    trips = trips_of(out, [40, 40], 30, 600) + trips_of(back, [40, 40], 30, 615)
    plan = schedule_vehicles(trips, Deadheads({("A", "B"): 8, ("B", "A"): 8}), "A")
    assert len(plan.blocks) == 1
    (block,) = plan.blocks
    assert [trip.depart for trip in block.trips] == [630, 645, 660, 675]
    assert (block.leaves_depot, block.back_at_depot, block.empty_min) == (630, 690, 0)


def test_trips_carry_all_who_come_and_keep_the_usual_service() -> None:
    line = ShuttleLine("S", "A", "B", 20, 60, most_headway_min=20)
    trips = trips_of(line, [0, 10, 500], 30, 600, load=0.9)
    by_slot = [sum(600 + 30 * slot < trip.depart <= 630 + 30 * slot for trip in trips) for slot in range(3)]
    assert by_slot == [0, 2, 10]  # nobody, the service, 500 / 54
    assert all(trip.arrive - trip.depart == 20 for trip in trips)
    with pytest.raises(TransportError, match="load: 0"):
        trips_of(line, [1], 30, 600, load=0)
    with pytest.raises(TransportError, match="-1 persons"):
        trips_of(line, [-1], 30, 600)


def test_too_small_a_fleet_names_the_minute() -> None:
    trips, deadheads = town(1, 60)
    with pytest.raises(InfeasiblePlan, match=r"vehicles are needed, there are 3: \d+ trips at once at \d\d:\d\d"):
        schedule_vehicles(trips, deadheads, "T0", fleet=3)


def test_a_terminal_the_depot_cannot_reach_is_named() -> None:
    trips, deadheads = town(1, 10)
    with pytest.raises(InfeasiblePlan, match=r"Yard and T\d are not joined"):
        schedule_vehicles(trips, deadheads, "Yard")


def test_no_trips_need_no_vehicle() -> None:
    plan = schedule_vehicles([], Deadheads({}), "A")
    assert (plan.blocks, plan.proof.value, plan.proof.gap) == ((), 0, 0)


def test_faults_are_found() -> None:
    trips, deadheads = town(2, 12)
    plan = schedule_vehicles(trips, deadheads, "T0")
    lost = Deadheads({key: minutes + 60 for key, minutes in deadheads.minutes.items()})
    assert any("is not at" in fault for fault in faults_of(plan, lost))


def test_pieces_are_cut_at_the_last_relief() -> None:
    def trip(depart: int) -> Trip:
        return Trip(str(depart), "L", "A", "B", depart, depart + 40, depart + 45)

    block = Block(1, tuple(trip(600 + 60 * n) for n in range(8)), 590, 1080, 20)
    pieces = pieces_of(block, most_min=200, relief_min=10)
    assert [(piece.from_min, piece.to_min, piece.trips) for piece in pieces] == [
        (590, 780, 3),
        (780, 960, 3),
        (960, 1080, 2),
    ]
    assert not any(piece.too_long for piece in pieces)
    assert [piece.too_long for piece in pieces_of(block, most_min=200, relief_min=30)] == [True]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (("S", "A", "A", 5, 5), "ends where it begins"),
        (("S", "A", "B", 0, 5), "ride_min 0"),
        (("S", "A", "B", 5, 0), "capacity 0"),
    ],
)
def test_lines_that_cannot_be_are_refused(line: tuple[str, str, str, int, float], says: str) -> None:
    with pytest.raises(TransportError, match=says):
        ShuttleLine(*line)
