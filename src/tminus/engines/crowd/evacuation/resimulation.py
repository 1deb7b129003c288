"""A plan walked again, agent by agent: people slow one another down, queue back into the links behind, and merge.

Everybody sets out when the plan says so and walks its route. The plan knows capacities and walks alone; what
it does not know is what this adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.compiled import Compiled, compile_network
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.evacuation.assigned import AssignedPlan
from tminus.engines.crowd.evacuation.plan import EvacuationPlan
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.routing import free_costs, next_ways
from tminus.engines.crowd.scenario import Change, Field, Scenario
from tminus.engines.crowd.simulate import simulate


@dataclass(frozen=True, slots=True)
class Resimulation:
    """What came of a plan: ``out_s`` [persons who got out] sorted, seconds; ``stuck``: who did not."""

    out_s: NDArray[np.float64]
    stuck: int
    densest: str
    densest_p_m2: float

    @property
    def last_s(self) -> float:
        """When the last was out."""
        return float(self.out_s[-1]) if len(self.out_s) else 0.0

    def out_after(self, share: float) -> float:
        """Seconds until that share of who got out was."""
        return float(np.quantile(self.out_s, share, method="inverted_cdf")) if len(self.out_s) else 0.0

    def as_json(self) -> dict[str, Any]:
        """Figures of ``tminus evacuate``."""
        return {
            "simulated_s": round(self.last_s, 1),
            "mean_s": round(float(self.out_s.mean()), 1) if len(self.out_s) else 0.0,
            "p50_s": round(self.out_after(0.5), 1),
            "p90_s": round(self.out_after(0.9), 1),
            "stuck": self.stuck,
            "densest": {"link": self.densest, "p_m2": round(self.densest_p_m2, 2)},
        }


def walk_again(network: Network, plan: EvacuationPlan, closed: tuple[str, ...] = (), seed: int = 0) -> Resimulation:
    """The plan of ``network`` simulated with every link's room and everybody in one another's way."""
    return _told(simulate(scenario_of(network, plan, closed), seed=seed))


def walk_apart(
    network: Network, plan: AssignedPlan, closed: tuple[str, ...] = (), seed: int = 0
) -> tuple[Resimulation, dict[str, float]]:
    """As :func:`walk_again`; and by group, seconds from its first who is out to its last, infinite: one never is."""
    day = simulate(scenario_of(network, plan.plan, closed), seed=seed)
    ends = np.cumsum([persons for _, persons, _ in plan.plan.groups])
    out_s = np.where(np.isnan(day.arrived_s), np.inf, day.arrived_s)
    parts = zip(plan.group, plan.plan.groups, ends, strict=True)
    return _told(day), {
        name: float(out_s[end - persons : end].max() - out_s[end - persons : end].min())
        for name, (_, persons, _), end in parts
        if name
    }


def scenario_of(network: Network, plan: EvacuationPlan, closed: tuple[str, ...] = ()) -> Scenario:
    """Everybody as the plan has them: second of setting out, and places to pass where the nearest way is another."""
    shut = tuple(Change(0.0, link, Field.OPEN, 0.0) for link in closed)
    compiled = compile_network(network)
    costs = free_costs(compiled)
    costs[np.isin(compiled.element, [n for n, link in enumerate(network.links) if link.id in closed])] = np.inf
    tables = next_ways(compiled, np.arange(len(compiled.nodes), dtype=np.int32), costs)
    legs = {nodes: _legs(compiled, tables, nodes) for nodes in {nodes for _, _, nodes in plan.groups}}
    trips = [Trip(at, nodes[0], legs[nodes]) for at, persons, nodes in plan.groups for _ in range(persons)]
    return Scenario(network, Demand.of(trips), changes=shut)


def _legs(compiled: Compiled, tables: NDArray[np.int32], nodes: tuple[str, ...]) -> tuple[Leg, ...]:
    """As few places as make the nearest ways between them the route."""
    route = [compiled.node(one) for one in nodes]
    legs, here = [], 0
    while here + 1 < len(route):
        further = range(len(route) - 1, here + 1, -1)
        here = next((k for k in further if _leads(compiled, tables, route[here : k + 1])), here + 1)
        legs.append(Leg(nodes[here]))
    return tuple(legs)


def _leads(compiled: Compiled, tables: NDArray[np.int32], route: list[int]) -> bool:
    target = route[-1]
    ways = [int(tables[target, node]) for node in route[:-1]]
    return all(way >= 0 and compiled.end[way] == after for way, after in zip(ways, route[1:], strict=True))


def _told(day: DayResult) -> Resimulation:
    arrived = np.sort(day.arrived_s[np.isfinite(day.arrived_s)])
    densest = int(day.max_density.argmax()) if len(day.max_density) else -1
    return Resimulation(
        out_s=arrived,
        stuck=day.agents - len(arrived),
        densest=day.links[densest] if densest >= 0 else "",
        densest_p_m2=float(day.max_density[densest]) if densest >= 0 else 0.0,
    )
