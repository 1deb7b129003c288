"""A metro as a graph: nodes, directed arcs with capacity and riding time, and the stations where people enter.

An interchange may be one node, or an entrance with a platform a line, joined by walking arcs: then changing takes time
and each line has its own capacity.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, isfinite

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.errors import TransportError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_TRAVEL_MIN = 600


@dataclass(frozen=True, slots=True)
class MetroArc:
    """One direction of a ride or walk; ``capacity_per_min``: persons a minute that may start on it (inf: any)."""

    origin: str
    destination: str
    capacity_per_min: float
    travel_min: float
    line: str = ""

    @property
    def name(self) -> str:
        return f"{self.origin} → {self.destination}" + (f" ({self.line})" if self.line else "")


@dataclass(frozen=True, slots=True)
class Gate:
    """Where people enter: persons a minute at most and, while people wait, at least; ``queue_limit`` persons before it.

    ``least_per_min`` holds up to what arrives, so that a station is never closed altogether.
    """

    station: str
    most_per_min: float = inf
    least_per_min: float = 0.0
    queue_limit: float = inf


@dataclass(frozen=True, slots=True)
class MetroNetwork:
    """Arcs between ``nodes``; people enter and leave at the gates' stations.

    :raises TransportError: a node twice or unknown, a capacity, time or gate that cannot be.
    """

    nodes: tuple[str, ...]
    arcs: tuple[MetroArc, ...]
    gates: tuple[Gate, ...]

    def __post_init__(self) -> None:
        known = set(self.nodes)
        if len(known) < len(self.nodes):
            twice = next(node for node in self.nodes if self.nodes.count(node) > 1)
            raise TransportError(f"node {twice}: is there twice; allowed: each node once")
        for arc in self.arcs:
            _check_arc(arc, known)
        if not self.gates:
            raise TransportError("gates: none; allowed: at least one station where people enter")
        if len({gate.station for gate in self.gates}) < len(self.gates):
            raise TransportError("gates: a station twice; allowed: one gate a station")
        for gate in self.gates:
            _check_gate(gate, known)

    @property
    def stations(self) -> tuple[str, ...]:
        return tuple(gate.station for gate in self.gates)

    @property
    def capacities(self) -> Floats:
        """Persons a minute, [arc]."""
        return np.array([arc.capacity_per_min for arc in self.arcs], dtype=np.float64)

    def travel_minutes(self) -> Ints:
        """Whole minutes, [arc]: parts of a minute count as one, as in the published formulation."""
        return np.array([ceil(arc.travel_min) for arc in self.arcs], dtype=np.int64)


def _check_arc(arc: MetroArc, known: set[str]) -> None:
    for node in (arc.origin, arc.destination):
        if node not in known:
            raise TransportError(f"arc {arc.name}: node {node} is unknown; allowed: nodes of the network")
    if arc.origin == arc.destination:
        raise TransportError(f"arc {arc.name}: ends where it begins; allowed: two nodes")
    if not 0 < arc.travel_min <= MOST_TRAVEL_MIN:
        raise TransportError(
            f"arc {arc.name}: travel_min {arc.travel_min}; allowed: above 0, at most {MOST_TRAVEL_MIN}"
        )
    if not arc.capacity_per_min >= 0:
        raise TransportError(f"arc {arc.name}: capacity {arc.capacity_per_min}; allowed: 0 or more persons a minute")


def _check_gate(gate: Gate, known: set[str]) -> None:
    if gate.station not in known:
        raise TransportError(f"gate {gate.station}: is no node; allowed: nodes of the network")
    if (
        not gate.most_per_min > 0
        or not 0 <= gate.least_per_min <= gate.most_per_min
        or not isfinite(gate.least_per_min)
    ):
        raise TransportError(
            f"gate {gate.station}: {gate.least_per_min} … {gate.most_per_min} persons a minute;"
            " allowed: 0 ≤ least ≤ most, most above 0"
        )
    if not gate.queue_limit >= 0:
        raise TransportError(f"gate {gate.station}: queue_limit {gate.queue_limit}; allowed: 0 or more persons")
