"""Lines that take people away from a place, the people who come to each, and the vehicles they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.errors import TransportError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
MOST_MINUTES = 2880


@dataclass(frozen=True, slots=True)
class Line:
    """A vehicle takes ``capacity`` persons and may depart again ``cycle_min`` minutes later.

    Its departures are ``least_headway_min`` to ``most_headway_min`` minutes apart; ``usual_headway_min`` is that of its
    everyday timetable, what happens when nobody does anything.
    """

    name: str
    capacity: float
    cycle_min: int
    least_headway_min: int = 2
    most_headway_min: int = 60
    usual_headway_min: int = 10

    def __post_init__(self) -> None:
        """:raises TransportError: figures that cannot be."""
        if not 0 < self.capacity < float("inf"):
            raise TransportError(f"line {self.name}: capacity {self.capacity}; allowed: above 0 persons")
        if not 1 <= self.cycle_min <= MOST_MINUTES:
            raise TransportError(f"line {self.name}: cycle_min {self.cycle_min}; allowed: 1 … {MOST_MINUTES}")
        if not 1 <= self.least_headway_min <= self.most_headway_min:
            raise TransportError(
                f"line {self.name}: headways {self.least_headway_min} … {self.most_headway_min} min;"
                " allowed: at least 1, the most not below the least"
            )
        if self.usual_headway_min < 1:
            raise TransportError(f"line {self.name}: usual_headway_min {self.usual_headway_min}; allowed: 1 or more")


@dataclass(frozen=True, slots=True, eq=False)
class LineDemand:
    """``arriving`` [line, scenario, minute] persons who come to the stop; minute 0 is ``first_min`` of the day.

    Scenarios are sample paths of the forecast, all as likely; one alone is a day taken for certain.
    """

    lines: tuple[Line, ...]
    arriving: Floats
    fleet: int
    first_min: int = 0
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """:raises TransportError: numbers that cannot be, or of another shape."""
        shape = self.arriving.shape
        object.__setattr__(self, "names", tuple(line.name for line in self.lines))
        if self.arriving.ndim != 3 or shape[0] != len(self.lines) or not all(shape):
            raise TransportError(f"arriving: of shape {shape}; allowed: [{len(self.lines)} lines, scenarios, minutes]")
        if shape[2] > MOST_MINUTES:
            raise TransportError(f"arriving: {shape[2]} minutes; allowed: at most {MOST_MINUTES}")
        if not np.isfinite(self.arriving).all() or (self.arriving < 0).any():
            raise TransportError("arriving: negative or no number; allowed: 0 or more persons")
        if self.fleet < 1:
            raise TransportError(f"fleet: {self.fleet}; allowed: at least 1 vehicle")
        if len(set(self.names)) < len(self.names):
            raise TransportError("lines: one twice; allowed: each line once")

    @property
    def minutes(self) -> int:
        return int(self.arriving.shape[2])

    @property
    def come(self) -> Floats:
        """Persons who have come by the end of a minute, [line, scenario, minute]."""
        return np.asarray(np.cumsum(self.arriving, axis=2))


def departures_of(timetable: Sequence[Sequence[int]], minutes: int) -> Bools:
    """Minutes of departure by line as a table [line, minute].

    :raises TransportError: a minute out of the day.
    """
    table = np.zeros((len(timetable), minutes), dtype=np.bool_)
    for at, departures in enumerate(timetable):
        for minute in departures:
            if not 0 <= minute < minutes:
                raise TransportError(f"departure at minute {minute}; allowed: 0 … {minutes - 1}")
            table[at, minute] = True
    return table


def vehicles_out(demand: LineDemand, table: Bools) -> NDArray[np.int64]:
    """Vehicles under way in each minute, all lines together."""
    out = np.zeros(demand.minutes, dtype=np.int64)
    for line, departs in zip(demand.lines, table, strict=True):
        steps = np.cumsum(departs)
        out += steps
        out[line.cycle_min :] -= steps[: -line.cycle_min] if line.cycle_min < len(steps) else 0
    return out
