"""Vehicles from several depots, each back at its own: bounded by the flow that may mix them, planned from its blocks.

With several depots the problem is no flow any more (A. A. Bertossi, P. Carraresi, G. Gallo 1987: NP-hard). Letting
every vehicle leave from and return to the depot that is nearest, whichever, is one, and no plan is better. Its blocks
are given to depots at the least running, as many as each has room for, and each depot's trips are then chained anew.
The number of vehicles is that of the bound; what may be lost is running.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from time import perf_counter

import numpy as np
from scipy.optimize import linear_sum_assignment

from tminus.engines.transport.errors import InfeasiblePlan, TransportError
from tminus.engines.transport.proof import Proof
from tminus.engines.transport.shuttles.fleet import (
    EMPTY_COST,
    WAIT_COST,
    Block,
    Network,
    VehiclePlan,
    blocks_of,
    check_fleet,
    in_order,
    most_at_once,
    schedule_vehicles,
)
from tminus.engines.transport.shuttles.trips import Deadheads, Trip

UNJOINED = 10**9


def schedule_from_depots(
    trips: Sequence[Trip], deadheads: Deadheads, depots: Mapping[str, int | None], fleet: int | None = None
) -> VehiclePlan:
    """The fewest vehicles, then little running; ``depots``: how many vehicles each has, None: as many as are needed.

    :raises InfeasiblePlan: a terminal or block no depot is joined to, or too few vehicles.
    :raises TransportError: no depot.
    """
    if not depots:
        raise TransportError("shuttles: no depot; allowed: one or more")
    if len(depots) == 1:
        ((only, room),) = depots.items()
        return schedule_vehicles(trips, deadheads, only, min((n for n in (fleet, room) if n is not None), default=None))
    began = perf_counter()
    ordered = in_order(trips)
    out, back = _nearest(ordered, deadheads, tuple(depots))
    network = Network(ordered, deadheads, out, back)
    built = perf_counter()
    mixed = blocks_of(ordered, network.solve(), deadheads, out, back, [""] * len(ordered))
    solved = perf_counter()
    peak = most_at_once(ordered)
    check_fleet(len(mixed), fleet, peak)
    blocks = _chained_anew(_given(mixed, deadheads, depots), deadheads)
    seconds = {"build": built - began, "solve": solved - built, "depots": perf_counter() - solved}
    proof = Proof("vehicles", len(blocks), len(mixed), seconds, (peak,) if ordered else ())
    least, spent = running_cost(mixed), running_cost(blocks)
    gap = max(1 - least / spent, 0.0) if spent and len(blocks) == len(mixed) else 0.0
    return VehiclePlan(tuple(depots), ordered, blocks, proof, gap)


def running_cost(blocks: Sequence[Block]) -> int:
    """Empty running and waiting, weighed as in the flow."""
    return sum(EMPTY_COST * block.empty_min + WAIT_COST * block.waits_min for block in blocks)


def _nearest(trips: Sequence[Trip], deadheads: Deadheads, depots: Sequence[str]) -> tuple[list[int], list[int]]:
    out = [_least([deadheads.between(depot, trip.origin) for depot in depots], trip.origin) for trip in trips]
    back = [
        _least([deadheads.between(trip.destination, depot) for depot in depots], trip.destination) for trip in trips
    ]
    return out, back


def _least(runs: Sequence[int | None], terminal: str) -> int:
    there = [run for run in runs if run is not None]
    if not there:
        raise InfeasiblePlan("shuttles: no depot serves all terminals", (f"{terminal} is joined to none",))
    return min(there)


def _given(blocks: Sequence[Block], deadheads: Deadheads, depots: Mapping[str, int | None]) -> dict[str, list[Block]]:
    """Depot → blocks it runs: the least running to and from, within the depots' vehicles."""
    berths = [name for name, room in depots.items() for _ in range(len(blocks) if room is None else room)]
    if len(berths) < len(blocks):
        told = ", ".join(f"{name} has {room}" for name, room in depots.items())
        raise InfeasiblePlan(f"shuttles: {len(blocks)} vehicles are needed", (told,))
    run = {name: [_to_and_from(block, deadheads, name) for block in blocks] for name in depots}
    cost = np.array([run[name] for name in berths], dtype=np.int64).reshape(len(berths), len(blocks)).T
    rows, columns = linear_sum_assignment(cost)
    found: dict[str, list[Block]] = {name: [] for name in depots}
    for row, column in zip(rows, columns, strict=True):
        if cost[row, column] >= UNJOINED:
            first, last = blocks[row].trips[0], blocks[row].trips[-1]
            ends = f"{first.origin} and {last.destination} are joined to no depot with a vehicle left"
            raise InfeasiblePlan("shuttles: a vehicle finds no depot", (ends,))
        found[berths[column]].append(blocks[row])
    return found


def _to_and_from(block: Block, deadheads: Deadheads, depot: str) -> int:
    out = deadheads.between(depot, block.trips[0].origin)
    back = deadheads.between(block.trips[-1].destination, depot)
    return UNJOINED if out is None or back is None else out + back


def _chained_anew(given: Mapping[str, list[Block]], deadheads: Deadheads) -> tuple[Block, ...]:
    """Each depot's trips as it would run them alone: never more vehicles, never more running."""
    blocks = [block for depot, own in given.items() if own for block in _alone(own, deadheads, depot)]
    blocks.sort(key=lambda block: (block.trips[0].depart, block.trips[0].name))
    return tuple(replace(one, vehicle=number) for number, one in enumerate(blocks, 1))


def _alone(blocks: Sequence[Block], deadheads: Deadheads, depot: str) -> Sequence[Block]:
    try:
        return schedule_vehicles([trip for block in blocks for trip in block.trips], deadheads, depot).blocks
    except InfeasiblePlan:  # not joined to a terminal inside a block: the blocks as they are
        return [_housed(block, deadheads, depot) for block in blocks]


def _housed(block: Block, deadheads: Deadheads, depot: str) -> Block:
    out = deadheads.between(depot, block.trips[0].origin) or 0
    back = deadheads.between(block.trips[-1].destination, depot) or 0
    between = sum(deadheads.between(a.destination, b.origin) or 0 for a, b in pairwise(block.trips))
    leaves, home = block.trips[0].depart - out, block.trips[-1].ready + back
    return Block(block.vehicle, block.trips, leaves, home, out + back + between, depot)
