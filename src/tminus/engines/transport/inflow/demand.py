"""Who comes to which station, when, and to go where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.inflow.network import Floats


@dataclass(frozen=True, slots=True, eq=False)
class StationDemand:
    """``persons`` [origin, destination, slot] in the order of the network's gates; evenly spread inside a slot.

    ``first_min``: minute of the day at which slot 0 begins. What forecasts say of a day comes in as it is: the mean, or
    one of their sample paths.

    :raises TransportError: numbers that cannot be, or another shape.
    """

    persons: Floats
    slot_min: int
    first_min: int = 0

    def __post_init__(self) -> None:
        shape = self.persons.shape
        if self.persons.ndim != 3 or shape[0] != shape[1] or not shape[2]:
            raise TransportError(f"persons: of shape {shape}; allowed: [station, station, slot]")
        if not 1 <= self.slot_min <= 240:
            raise TransportError(f"slot_min: {self.slot_min}; allowed: 1 … 240 minutes")
        if not np.isfinite(self.persons).all() or (self.persons < 0).any():
            raise TransportError("persons: negative or no number; allowed: 0 or more")

    @property
    def slots(self) -> int:
        return int(self.persons.shape[2])

    @property
    def minutes(self) -> int:
        return self.slots * self.slot_min

    @property
    def arriving(self) -> Floats:
        """Persons coming to each station, [station, slot]."""
        return np.asarray(self.persons.sum(axis=1))

    def minute_of(self, slot: int) -> int:
        """Minute of the day at which a slot begins."""
        return self.first_min + slot * self.slot_min
