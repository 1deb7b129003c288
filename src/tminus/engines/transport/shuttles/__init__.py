"""Shuttles: trips from those who come, and the fewest vehicles that run them.

>>> trips = trips_of(line, persons_by_slot, slot_min=15, first_min=600)     # doctest: +SKIP
>>> schedule_vehicles(trips, deadheads, depot="Yard").proof.value           # doctest: +SKIP
"""

from tminus.engines.transport.shuttles.check import faults_of, first_free, own_line_only
from tminus.engines.transport.shuttles.demand import ShuttleDemand
from tminus.engines.transport.shuttles.depots import running_cost, schedule_from_depots
from tminus.engines.transport.shuttles.fleet import Block, VehiclePlan, most_at_once, schedule_vehicles
from tminus.engines.transport.shuttles.pieces import Piece, pieces_of
from tminus.engines.transport.shuttles.riders import RiderDay, ride
from tminus.engines.transport.shuttles.trips import Deadheads, ShuttleLine, Trip, trips_of

__all__ = [
    "Block",
    "Deadheads",
    "Piece",
    "RiderDay",
    "ShuttleDemand",
    "ShuttleLine",
    "Trip",
    "VehiclePlan",
    "faults_of",
    "first_free",
    "most_at_once",
    "own_line_only",
    "pieces_of",
    "ride",
    "running_cost",
    "schedule_from_depots",
    "schedule_vehicles",
    "trips_of",
]
