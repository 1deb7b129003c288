"""What a simulated day came to, as aggregates: nobody's walk is kept, only when trips ended and how long they took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something people would have to solve: a circle of full links that was resolved by squeezing past one another.

    ``at_s``: when; ``elements``: the links concerned; ``persons``: how many had to squeeze.
    """

    at_s: float
    kind: str
    elements: tuple[str, ...]
    persons: int


@dataclass(frozen=True, slots=True)
class WithoutWay:
    """``persons`` at ``node`` from where no way that is open leads to where they want; ``since_s``: the first of them.

    They wait and set off when a way opens; who still waits at the end is stuck.
    """

    node: str
    persons: int
    since_s: float


@dataclass(frozen=True, slots=True)
class GateFigures:
    """Queues and waits at gates; waits without those still waiting at the end.

    :param ids: [gate]. ``queue``: [slot, gate] mean persons waiting; ``longest_queue``: [gate] at any sampled instant.
    :param served: [slot, gate] persons. ``wait_s``: [slot, gate] mean wait of who was served; NaN: nobody.
    :param wait_quantiles_s: [gate, 3] P50, P90, P99 of the day. ``longest_wait_s``: [gate].
    """

    ids: tuple[str, ...]
    queue: Floats
    longest_queue: Floats
    served: NDArray[np.int32]
    wait_s: Floats
    wait_quantiles_s: Floats
    longest_wait_s: Floats


@dataclass(frozen=True, slots=True)
class RideFigures:
    """Vehicles: one row a departure of a run from a stop.

    :param run: [row] id. ``line``, ``stop``: [row]. ``depart_s``: [row].
    :param boarded: [row]; ``on_board``: [row] after departure; ``left_behind``: [row] who wanted to and could not.
    """

    run: tuple[str, ...]
    line: tuple[str, ...]
    stop: tuple[str, ...]
    depart_s: NDArray[np.float64]
    boarded: NDArray[np.int32]
    on_board: NDArray[np.int32]
    left_behind: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class DayResult:
    """The day by slot, link and node. Densities are of a link's whole ground, both directions together.

    :param links: [link] ids as handed in; ``nodes``: [node].
    :param occupancy: [slot, link] mean persons on it; ``density``: [slot, link] mean persons/m².
    :param peak_density: [slot, link] the greatest mean over 60 s; ``max_density``: [link] of the day;
        ``max_density_at_s``: [link] when those 60 s began.
    :param outflow: [slot, link, 2] persons who left it at its end, at its start.
    :param waiting: [slot, node] mean persons staying, waiting for a gate or a vehicle, or about to set off.
    :param person_s_by_level: [link, 6] seconds spent by people at levels of service A … F.
    :param arrived_s: [agent] when the last leg ended, NaN: not; ``lost_s``: [agent] beyond walking and riding freely.
    :param stuck: [agent] whether it stood without a move for the stuck time at the end, or had no way.
    """

    agents: int
    link_moves: int
    simulated_s: float
    agent_seconds: float
    slot_s: float
    diagram: str
    links: tuple[str, ...]
    nodes: tuple[str, ...]
    occupancy: Floats
    density: Floats
    peak_density: Floats
    max_density: Floats
    max_density_at_s: Floats
    outflow: NDArray[np.int32]
    waiting: Floats
    person_s_by_level: NDArray[np.float64]
    arrived_s: NDArray[np.float64]
    lost_s: Floats
    stuck: NDArray[np.bool_]
    gates: GateFigures
    rides: RideFigures
    incidents: tuple[Incident, ...]
    left_out: int = 0
    """Stays that were given up because the node was full for longer than people's patience."""
    without_way: tuple[WithoutWay, ...] = ()
    """By node, who has no way at the end, the most first."""
    near_tip: tuple[str, ...] = ()
    """Two-way links that were about to jam or did, the densest first: agents and fluid may differ (:mod:`.tipping`)."""

    @property
    def arrived(self) -> int:
        """Agents whose last leg has ended."""
        return int(np.isfinite(self.arrived_s).sum())

    @property
    def en_route(self) -> int:
        """Agents neither arrived nor stuck."""
        return self.agents - self.arrived - int(self.stuck.sum())
