"""Small scenes the tests are played on: chains of links, crowds that set off together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.diagram import FundamentalDiagram, tabulated, weidmann
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Change, GateShift, Routing, Scenario
from tminus.engines.crowd.simulate import simulate

DOOR_M = 0.1
"""Length of a door: the step through it is not what a test is about."""


def network(links: Sequence[Link], diagram: FundamentalDiagram | None = None, nodes: Sequence[Node] = ()) -> Network:
    """The network of ``links``; nodes nobody describes are junctions."""
    known = {node.id: node for node in nodes}
    ends = dict.fromkeys(end for link in links for end in (link.start, link.end))
    return Network(tuple(known.get(end, Node(end)) for end in ends), tuple(links), diagram or weidmann())


def crowd(
    persons: int, origin: str, destination: str, depart_s: float = 0.0, speed_m_s: float | None = None
) -> list[Trip]:
    """So many who set off together."""
    return [Trip(depart_s, origin, (Leg(destination),), speed_m_s)] * persons


def play(
    of: Network,
    trips: Iterable[Trip] | Demand,
    *,
    gates: tuple[GateShift, ...] = (),
    changes: tuple[Change, ...] = (),
    routing: Routing | None = None,
    step_s: float = 1.0,
    slot_s: float = 900.0,
    stuck_s: float = 300.0,
    until_s: float | None = None,
) -> DayResult:
    """The day of a scene, seed 0."""
    demand = trips if isinstance(trips, Demand) else Demand.of(trips)
    day = Scenario(of, demand, gates, (), changes, routing or Routing(), step_s, stuck_s, slot_s)
    return simulate(day, seed=0, until_s=until_s)


def last_s(result: DayResult) -> float:
    """When the last one arrived, seconds after the start; infinite where somebody never did."""
    return float(result.arrived_s.max()) if result.arrived == result.agents else float("inf")


def door(id: str, start: str, end: str, capacity_p_s: float, width_m: float = 1.0) -> Link:
    """An opening that passes so many a second."""
    return Link(id, start, end, DOOR_M, width_m, capacity_p_s=capacity_p_s)


def steady(speed_m_s: float, capacity_p_m_s: float, jam_p_m2: float) -> FundamentalDiagram:
    """The triangular diagram: one speed up to the capacity, one wave back from the jam."""
    critical = capacity_p_m_s / speed_m_s
    density = np.concatenate(([0.0], np.linspace(critical, jam_p_m2, 2000)))
    flow = capacity_p_m_s * (jam_p_m2 - density[1:]) / (jam_p_m2 - critical)
    speed = np.concatenate(([speed_m_s], np.minimum(flow / density[1:], speed_m_s)))
    return tabulated("triangular", "Newell 1993", density, np.minimum.accumulate(speed))
