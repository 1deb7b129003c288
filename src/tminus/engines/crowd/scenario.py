"""A day to simulate: network and demand, gates, timetable, and what changes at which second."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError


@dataclass(frozen=True, slots=True)
class GateShift:
    """``lanes`` open at a gate from ``from_s`` to ``to_s``, each serving a person in ``mean_s`` seconds on average.

    ``cv``: standard deviation of the service over its mean (gamma distributed; 0: always the same).
    """

    node: str
    from_s: float
    to_s: float
    lanes: int
    mean_s: float
    cv: float = 0.0

    def __post_init__(self) -> None:
        if not (self.to_s > self.from_s and 0 <= self.lanes <= 4096 and self.mean_s > 0 and 0 <= self.cv <= 10):
            raise CrowdError(
                f"gate {self.node!r}: {self}; allowed: to after from, lanes 0 … 4096, mean above 0 s, cv 0 … 10"
            )


@dataclass(frozen=True, slots=True)
class StopTime:
    """A vehicle stands at ``node`` from ``arrive_s`` to ``depart_s``."""

    node: str
    arrive_s: float
    depart_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """One vehicle's journey along ``stops``; ``capacity_p`` persons, ``door_p_s`` persons a second in and out."""

    id: str
    line: str
    stops: tuple[StopTime, ...]
    capacity_p: int
    door_p_s: float = float("inf")

    def __post_init__(self) -> None:
        times = [t for stop in self.stops for t in (stop.arrive_s, stop.depart_s)]
        if len(self.stops) < 2 or times != sorted(times) or self.capacity_p < 0 or not self.door_p_s > 0:
            raise CrowdError(f"run {self.id!r}: allowed: two stops or more in the order of time, capacity 0 or more")


class Field(StrEnum):
    """What may change at a second."""

    OPEN = "open"
    """Of a link or a gate: 0 closed, 1 open. Who is on a closed link walks on; nobody enters."""
    CAPACITY = "capacity_p_s"
    """Of a link: persons a second; NaN gives it back what it had."""
    SPEED = "free_speed_m_s"
    """Of a link: of somebody alone (rain, crowd control)."""
    DIRECTION = "direction"
    """Of a two-way link: 0 both, 1 only from start to end, −1 only back."""
    LANES = "lanes"
    """Of a gate."""
    MEAN = "mean_s"
    """Of a gate: seconds of service."""


@dataclass(frozen=True, slots=True)
class Change:
    """From ``at_s`` on ``field`` of link or node ``element`` is ``value``."""

    at_s: float
    element: str
    field: Field
    value: float


@dataclass(frozen=True, slots=True)
class Routing:
    """How ways are chosen.

    ``reactive_s``: those who follow advice take the ways that are quickest as things stand, looked at anew every so
    many seconds; 0: everybody takes the ways that are quickest when nobody else is about. ``advised``: the share of
    people who follow advice. ``gate_s``: the detour people would rather make than pass a gate more than they must, as
    nobody lets himself be searched twice for a short cut through the site.
    """

    reactive_s: float = 0.0
    advised: float = 1.0
    gate_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything :func:`simulate` needs; seconds count from the start.

    ``step_s``: how often neighbouring links look at one another; what happens between is kept to the fraction.
    ``stuck_s``: after so long without a move people in a closed circle of full links squeeze past one another, which is
    reported. ``patience_s``: so long people wait before a node that is full; then they leave it out of their plans,
    unless their trip ends there. ``slot_s``: of what is recorded.
    """

    network: Network
    demand: Demand
    gates: tuple[GateShift, ...] = ()
    runs: tuple[Run, ...] = ()
    changes: tuple[Change, ...] = ()
    routing: Routing = field(default_factory=Routing)
    step_s: float = 1.0
    stuck_s: float = 300.0
    slot_s: float = 900.0
    patience_s: float = float("inf")

    def __post_init__(self) -> None:
        if not self.patience_s >= 0:
            raise CrowdError(f"patience {self.patience_s:g} s; allowed: 0 or more")
        if not (0.01 <= self.step_s <= 60):
            raise CrowdError(f"step {self.step_s:g} s; allowed: 0.01 … 60")
        if not (self.stuck_s >= self.step_s and self.slot_s >= self.step_s):
            raise CrowdError("stuck time and slot; allowed: not shorter than the step")
        if not 0 <= self.routing.advised <= 1:
            raise CrowdError(f"share of people who follow advice {self.routing.advised:g}; allowed: 0 … 1")
