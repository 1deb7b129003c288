"""Blocks looked at as a dispatcher would, and vehicles as they would be sent without a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tminus.engines.transport.shuttles.fleet import VehiclePlan
from tminus.engines.transport.shuttles.trips import Deadheads, Trip


def faults_of(plan: VehiclePlan, deadheads: Deadheads) -> tuple[str, ...]:
    """What cannot be run: every trip once, every vehicle where and when it is needed, from its depot and back."""
    faults = []
    run = Counter(trip.name for block in plan.blocks for trip in block.trips)
    faults += [f"{trip.name}: run {run[trip.name]} times" for trip in plan.trips if run[trip.name] != 1]
    for block in plan.blocks:
        where, when = block.depot, block.leaves_depot
        for trip in block.trips:
            way = deadheads.between(where, trip.origin)
            if way is None or when + way > trip.depart:
                faults.append(f"vehicle {block.vehicle}: is not at {trip.origin} for {trip.name}")
            where, when = trip.destination, trip.ready
        home = deadheads.between(where, block.depot)
        if home is None or when + home > block.back_at_depot:
            faults.append(f"vehicle {block.vehicle}: is not back at {block.depot}")
    return tuple(faults)


def first_free(trips: Sequence[Trip], deadheads: Deadheads) -> int:
    """Vehicles when each trip takes the nearest that is free, else one from the depot: the greedy dispatcher."""
    free: list[tuple[int, str]] = []
    vehicles = 0
    for trip in sorted(trips, key=lambda one: (one.depart, one.name)):
        best = None
        for number, (ready, where) in enumerate(free):
            run = deadheads.between(where, trip.origin)
            if run is not None and ready + run <= trip.depart and (best is None or (run, -ready) < best[0]):
                best = (run, -ready), number
        if best is None:
            vehicles += 1
        else:
            del free[best[1]]
        free.append((trip.ready, trip.destination))
    return vehicles


def own_line_only(trips: Sequence[Trip]) -> int:
    """Vehicles when each shuttles between the two ends of its line: what is planned line by line."""
    pairs: dict[frozenset[str], list[Trip]] = {}
    for trip in trips:
        pairs.setdefault(frozenset((trip.origin, trip.destination)), []).append(trip)
    return sum(first_free(own, Deadheads({})) for own in pairs.values())
