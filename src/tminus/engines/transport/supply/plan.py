"""Vehicles of a round-trip fleet by slot: taxis, park-and-ride buses."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.limit import Limit, LimitKind
from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.errors import InfeasiblePlan, TransportError
from tminus.engines.transport.proof import Binding, Proof
from tminus.engines.transport.supply.erlang import least_servers

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SupplyParams:
    """``level`` of people wait no longer than ``target_min``, on as busy a day as share ``quantile`` of the paths.

    ``party``: persons a vehicle takes at once; ``round_trip_min``: until it is back for the next.
    """

    round_trip_min: float
    party: float = 1.5
    target_min: float = 10.0
    level: float = 0.9
    quantile: float = 0.9
    fleet: int | None = None

    def __post_init__(self) -> None:
        """:raises TransportError: figures that cannot be."""
        fits = 1 <= self.round_trip_min <= 1440 and 0 < self.party <= 1000 and 0 <= self.target_min <= 1440
        if not fits or not 0 < self.level < 1 or not 0 < self.quantile < 1:
            raise TransportError(
                f"round_trip_min {self.round_trip_min}, party {self.party}, target_min {self.target_min}, level"
                f" {self.level}, quantile {self.quantile}; allowed: 1 … 1440, 0 … 1000, 0 … 1440, and between 0 and 1"
            )


@dataclass(frozen=True, slots=True, eq=False)
class SupplyPlan:
    """``vehicles`` [slot]; ``by_erlang`` what Erlang's formula alone asks; ``within`` [slot] share that waits no longer
    than the target when the planned-for day is run minute by minute.
    """

    persons: Floats
    slot_min: int
    first_min: int
    vehicles: Ints
    by_erlang: Ints
    within: Floats
    proof: Proof

    def as_json(self) -> dict[str, Any]:
        slots = range(len(self.vehicles))
        return {
            "slots": [
                {
                    "from": clock_text(self.first_min + slot * self.slot_min),
                    "persons": round(float(self.persons[slot]), 1),
                    "vehicles": int(self.vehicles[slot]),
                    "by_erlang": int(self.by_erlang[slot]),
                    "within_target": round(float(self.within[slot]), 4),
                }
                for slot in slots
            ],
            "most_vehicles": int(self.vehicles.max()),
            "proof": self.proof.as_json(),
        }


def plan_supply(paths: Floats, slot_min: int, first_min: int, params: SupplyParams) -> SupplyPlan:
    """Vehicles by slot for the forecast ``paths`` [path, slot] of persons.

    Erlang's formula gives each slot's vehicles as if it lasted for ever; then the day is run minute by minute, and
    where a queue carried over makes people wait longer, vehicles are added from a round trip before on.

    :raises InfeasiblePlan: more than the fleet are needed; the slots are named.
    :raises TransportError: persons that cannot be.
    """
    began = perf_counter()
    if paths.ndim != 2 or not paths.size or not np.isfinite(paths).all() or (paths < 0).any():
        raise TransportError("paths: negative, no number or of another shape; allowed: persons [path, slot]")
    persons = np.quantile(paths, params.quantile, axis=0)
    loads = persons / params.party / slot_min * params.round_trip_min
    by_erlang = np.array(
        [least_servers(float(load), params.round_trip_min, params.target_min, params.level) for load in loads]
    )
    vehicles, within = _carried(persons, slot_min, by_erlang, params)
    _check_fleet(vehicles, slot_min, first_min, params)
    hours = slot_min / 60
    bound = float(np.ceil(loads - 1e-9).sum()) * hours
    top = int(vehicles.argmax())
    begin = first_min + top * slot_min
    binding = (Binding(Limit(LimitKind.VEHICLES_OUT, value=int(vehicles[top])), begin, begin + slot_min, 0.0),)
    proof = Proof("vehicle-hours", float(vehicles.sum()) * hours, bound, {"plan": perf_counter() - began}, binding)
    return SupplyPlan(persons, slot_min, first_min, vehicles, by_erlang, within, proof)


def _carried(persons: Floats, slot_min: int, by_erlang: Ints, params: SupplyParams) -> tuple[Ints, Floats]:
    """Vehicles added one at a time to the first slot that falls short, and to those its queue comes from."""
    vehicles = by_erlang.copy()
    back = int(np.ceil(params.round_trip_min / slot_min))
    most = int(np.ceil(persons.sum() / params.party)) + len(persons)
    while True:
        within = run_day(persons, slot_min, vehicles, params)
        short = np.flatnonzero((within < params.level - 1e-9) & (persons > 0))
        if not len(short) or vehicles.max() > most:
            return vehicles, within
        vehicles[max(short[0] - back, 0) : short[0] + 1] += 1


def run_day(persons: Floats, slot_min: int, vehicles: Ints, params: SupplyParams) -> Floats:
    """Share of each slot's people that wait no longer than the target: a point queue, minute by minute."""
    return np.asarray(_run(persons, slot_min, vehicles, round(params.round_trip_min), params.party, params.target_min))


@njit(cache=True)
def _run(persons, slot_min, vehicles, round_trip, party, target):  # type: ignore[no-untyped-def]
    slots = len(persons)
    minutes = slots * slot_min
    come, gone = np.zeros(minutes + 1), 0.0
    for minute in range(minutes):
        come[minute + 1] = come[minute] + persons[minute // slot_min] / slot_min
    left = np.zeros(minutes + round_trip + 1)  # vehicles that leave in a minute
    served = np.zeros(minutes + 1)
    out = 0.0
    for minute in range(minutes):
        if minute >= round_trip:
            out -= left[minute - round_trip]
        free = max(vehicles[minute // slot_min] - out, 0.0)
        left[minute] = min(free, (come[minute + 1] - gone) / party)
        out += left[minute]
        gone += left[minute] * party
        served[minute + 1] = gone
    within = np.ones(slots)
    for slot in range(slots):
        good = 0.0
        for minute in range(slot * slot_min, (slot + 1) * slot_min):
            by = min(minute + 1 + int(target), minutes)
            upto = min(max(served[by], come[minute]), come[minute + 1])
            if minute + 1 + int(target) > minutes:  # the day ends before the target does
                upto = come[minute + 1]
            good += upto - come[minute]
        if persons[slot] > 0:
            within[slot] = good / persons[slot]
    return within


def _check_fleet(vehicles: Ints, slot_min: int, first_min: int, params: SupplyParams) -> None:
    if params.fleet is None or vehicles.max() <= params.fleet:
        return
    over = np.flatnonzero(vehicles > params.fleet)
    worst = sorted(over, key=lambda slot: -vehicles[slot])
    cut = tuple(f"{vehicles[slot]} vehicles at {clock_text(first_min + int(slot) * slot_min)}" for slot in worst)
    raise InfeasiblePlan(f"supply: the fleet of {params.fleet} is too small", cut)
