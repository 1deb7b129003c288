"""Who comes to shuttles on a forecast's sample paths, and the trips made for them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.shuttles.trips import ShuttleLine, Trip, trips_of

Floats = NDArray[np.float64]
MOST_TRIPS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class ShuttleDemand:
    """``persons`` [line, path, slot], even in a slot; slot 0 begins at ``first_min``. Paths are all as likely.

    :raises TransportError: numbers that cannot be, or of another shape.
    """

    lines: tuple[ShuttleLine, ...]
    persons: Floats
    slot_min: int
    first_min: int

    def __post_init__(self) -> None:
        shape = self.persons.shape
        if self.persons.ndim != 3 or shape[0] != len(self.lines) or not all(shape[1:]):
            raise TransportError(f"persons: of shape {shape}; allowed: [{len(self.lines)} lines, paths, slots]")
        if not np.isfinite(self.persons).all() or (self.persons < 0).any():
            raise TransportError("persons: negative or no number; allowed: 0 or more")
        if not 1 <= self.slot_min <= 1440:
            raise TransportError(f"slot_min: {self.slot_min}; allowed: 1 … 1440 minutes")

    @property
    def paths(self) -> int:
        return int(self.persons.shape[1])

    def trips(self, quantile: float = 0.9, load: float = 0.9) -> list[Trip]:
        """As many as carry each slot's people, as busy as on that share of the paths, at ``load`` of the capacity.

        :raises TransportError: a quantile or load that cannot be.
        """
        if not 0 < quantile < 1:
            raise TransportError(f"quantile: {quantile:g}; allowed: between 0 and 1")
        busy = np.quantile(self.persons, quantile, axis=1)
        return self._each(busy, load)

    def usual_trips(self) -> list[Trip]:
        """What runs where nothing is done: the service there is anyway, while anybody comes on any path."""
        return self._each(np.where(self.persons.max(axis=1) > 0, 1e-6, 0.0), 1.0)

    def _each(self, persons: Floats, load: float) -> list[Trip]:
        room = np.array([line.capacity for line in self.lines])[:, None] * max(load, 1e-9)
        if (many := float((persons / room).sum())) > MOST_TRIPS:
            raise TransportError(f"persons: would take {many:,.0f} trips; allowed: at most {MOST_TRIPS:,}")
        return [
            trip
            for line, row in zip(self.lines, persons, strict=True)
            for trip in trips_of(line, row.tolist(), self.slot_min, self.first_min, load)
        ]
