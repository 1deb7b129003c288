"""Shuttle lines, the trips that carry those who come, and the ways between terminals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tminus.engines.transport.errors import TransportError


@dataclass(frozen=True, slots=True)
class ShuttleLine:
    """One direction. ``layover_min``: before the vehicle goes on; ``most_headway_min``: the service there is anyway."""

    name: str
    origin: str
    destination: str
    ride_min: int
    capacity: float
    layover_min: int = 5
    most_headway_min: int = 30

    def __post_init__(self) -> None:
        """:raises TransportError: figures that cannot be."""
        if self.origin == self.destination:
            raise TransportError(f"line {self.name}: ends where it begins; allowed: two terminals")
        for what, value, least in (
            ("ride_min", self.ride_min, 1), ("layover_min", self.layover_min, 0),
            ("most_headway_min", self.most_headway_min, 1),
        ):  # fmt: skip
            if value < least:
                raise TransportError(f"line {self.name}: {what} {value}; allowed: at least {least}")
        if not 0 < self.capacity < float("inf"):
            raise TransportError(f"line {self.name}: capacity {self.capacity}; allowed: above 0 persons")


@dataclass(frozen=True, slots=True)
class Trip:
    """A ride with people; minutes of the day. The vehicle is free again ``ready`` at the destination."""

    name: str
    line: str
    origin: str
    destination: str
    depart: int
    arrive: int
    ready: int


@dataclass(frozen=True, slots=True, eq=False)
class Deadheads:
    """Minutes of empty runs between terminals; a pair that is not there cannot be run. Staying takes none."""

    minutes: Mapping[tuple[str, str], int]

    def between(self, origin: str, destination: str) -> int | None:
        return 0 if origin == destination else self.minutes.get((origin, destination))


def trips_of(
    line: ShuttleLine, persons: Sequence[float], slot_min: int, first_min: int, load: float = 1.0
) -> list[Trip]:
    """As many trips a slot as carry its people at ``load`` of the capacity, evenly apart; at least the usual service.

    :raises TransportError: a load or persons that cannot be.
    """
    if not 0 < load <= 1.5:
        raise TransportError(f"load: {load}; allowed: above 0, at most 1.5")
    trips: list[Trip] = []
    for slot, people in enumerate(persons):
        if not 0 <= people < float("inf"):
            raise TransportError(f"line {line.name}: {people} persons; allowed: 0 or more")
        many = max(
            ceil(people / (line.capacity * load) - 1e-9), ceil(slot_min / line.most_headway_min) if people else 0
        )
        for number in range(many):
            depart = first_min + slot * slot_min + round((number + 1) * slot_min / many)
            arrive = depart + line.ride_min
            name = f"{line.name} {len(trips) + 1}"
            trips.append(
                Trip(name, line.name, line.origin, line.destination, depart, arrive, arrive + line.layover_min)
            )
    return trips
