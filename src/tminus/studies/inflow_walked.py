"""Station inflow control carried out: people come to the gates one by one, and trains take so many a minute.

The plan keeps trains from being overrun; here whoever finds no room waits on the platform, so what is lost beyond the
wait at the gate is what the plan did not see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Change, Field, Scenario
from tminus.engines.crowd.simulate import simulate
from tminus.engines.transport.inflow import InflowPlan, StationDemand, route_trees, simulate_inflow
from tminus.studies.plan_walk import MOST_PERSONS, PlanWalk, drawn_seconds

Floats = NDArray[np.float64]
LEAST_P_S = 1e-3
"""A gate that lets nobody in lets in one in a quarter of an hour."""
MOST_PER_MIN = 1e7
"""Arcs that take more take anybody."""
AFTER_S = 4 * 3600.0
STEP_S = 1.0
"""To a platform; the arc is as much quicker."""
STUCK_S = 6 * 3600.0
"""Longer than anybody waits: nobody squeezes past anybody in a metro."""


def walk_inflow(plan: InflowPlan, paths: Sequence[StationDemand], seed: int = 0) -> PlanWalk | None:
    """The middling one of the sample ``paths`` under the plan's caps; None: too many people, or none."""
    began = perf_counter()
    totals = np.array([one.persons.sum() for one in paths])
    path = paths[int(np.argsort(totals, kind="stable")[len(paths) // 2])]
    away = path.persons.sum() - path.persons.trace().sum()  # who wants to go where they are rides nothing
    if path.persons.sum() > MOST_PERSONS or away < 1:
        return None
    planned = simulate_inflow(plan.network, route_trees(plan.network), path, plan.caps)
    demand = _people(plan, path, seed)
    network, slot_s = _network(plan), path.slot_min * 60.0
    scenario = Scenario(network, demand, changes=tuple(_changes(plan)), stuck_s=STUCK_S, slot_s=slot_s)
    day = simulate(scenario, seed=seed, until_s=path.minutes * 60.0 + AFTER_S)
    lost_min = float(np.nansum(day.lost_s)) / 60 / max(len(demand), 1)
    gates = _at_gates_min(plan, day) / max(len(demand), 1)
    return PlanWalk(
        "mean_wait_min",
        planned.total_delay_person_min / float(path.persons.sum()),
        lost_min,
        len(demand),
        perf_counter() - began,
        {
            "simulated_at_gates_min": gates,
            "simulated_on_platforms_min": max(lost_min - gates, 0.0),
            "planned_left": float(planned.left.sum()),
            "simulated_left": float(day.agents - day.arrived),
        },
    )


def _network(plan: InflowPlan) -> Network:
    """Street → gate → concourse → the metro's node; from each node to a platform of every arc, and the arc.

    A link lets in so many a second and holds any number. Each arc has its own platform: who waits there is in
    nobody's way who goes on by another.
    """
    metro = plan.network
    stations = metro.stations
    nodes = [Node(f"at {name}", NodeKind.STATION) for name in metro.nodes]
    nodes += [Node(f"{part} {station}") for part in ("street", "concourse") for station in stations]
    links = [Link(f"gate {s}", f"street {s}", f"concourse {s}", 0, 0, LinkKind.RIDE, travel_s=1.0) for s in stations]
    links += [Link(f"in {s}", f"concourse {s}", f"at {s}", 0, 0, LinkKind.RIDE, travel_s=1.0) for s in stations]
    for n, (arc, minutes) in enumerate(zip(metro.arcs, metro.travel_minutes(), strict=True)):
        room = max(arc.capacity_per_min / 60, LEAST_P_S) if arc.capacity_per_min < MOST_PER_MIN else None
        seconds = float(minutes) * 60 - STEP_S
        nodes.append(Node(f"platform {n}", NodeKind.PLATFORM))
        links.append(Link(f"to {n}", f"at {arc.origin}", f"platform {n}", 0, 0, LinkKind.RIDE, travel_s=STEP_S))
        links.append(
            Link(f"arc {n}", f"platform {n}", f"at {arc.destination}", 0, 0, LinkKind.RIDE, room, travel_s=seconds)
        )
    return Network(tuple(nodes), tuple(links))


def _changes(plan: InflowPlan) -> Iterator[Change]:
    slot_s = plan.demand.slot_min * 60.0
    for station, row in zip(plan.network.stations, plan.caps, strict=True):
        before = np.inf
        for slot, cap in enumerate(row):
            if cap != before:
                value = max(float(cap) / 60, LEAST_P_S) if np.isfinite(cap) else float("nan")
                yield Change(slot * slot_s, f"gate {station}", Field.CAPACITY, value)
            before = cap


def _people(plan: InflowPlan, path: StationDemand, seed: int) -> Demand:
    """Whole people of every pair, each at any moment of a slot."""
    stations = plan.network.stations
    random = np.random.default_rng(seed)
    names = tuple(f"{part} {station}" for part in ("street", "at") for station in stations)
    come, start, end = list[Floats](), list[int](), list[int]()
    for a, b in np.argwhere(path.persons.sum(axis=2) > 0).tolist():
        if a != b:
            come.append(drawn_seconds(path.persons[a, b], path.slot_min * 60.0, random))
            start.append(a)
            end.append(len(stations) + b)
    many = [len(one) for one in come]
    return Demand.direct(
        names,
        np.concatenate(come),
        np.repeat(np.array(start, np.int32), many),
        np.repeat(np.array(end, np.int32), many),
    )


def _at_gates_min(plan: InflowPlan, day: DayResult) -> float:
    """Person-minutes in the streets before the gates."""
    streets = [day.nodes.index(f"street {station}") for station in plan.network.stations]
    return float(day.waiting[:, streets].sum()) * day.slot_s / 60
