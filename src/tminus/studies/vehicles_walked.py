"""Departures carried out: people come to the stops one by one, and vehicles take who is there, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.demand import Demand
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import Run, Scenario, StopTime
from tminus.engines.crowd.simulate import simulate
from tminus.engines.transport.headways import HeadwayPlan, simulate_lines
from tminus.engines.transport.shuttles import ShuttleDemand, Trip, ride
from tminus.studies.plan_walk import MOST_PERSONS, PlanWalk, drawn_seconds

STANDS_S = 20.0
"""A vehicle is there so long before it leaves; boarding itself takes no time, as in the plans."""
AFTER_S = 7200.0
ALIGHT_S = 1.0
"""What getting out takes on the crowd engine, no wait."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A line from its first stop: seconds at which people come and vehicles leave."""

    line: str
    come_s: NDArray[np.float64]
    departs_s: tuple[float, ...]
    capacity: int
    ride_s: float


@dataclass(frozen=True, slots=True)
class Waits:
    """``wait_s`` of those who got away; ``left``: who did not."""

    wait_s: NDArray[np.float64]
    left: int


def walk_stops(stops: Sequence[Stop], seed: int = 0) -> Waits:
    """Everybody of every stop on the crowd engine."""
    many = [len(stop.come_s) for stop in stops]
    start = np.repeat(np.arange(len(stops), dtype=np.int32), many)
    come = np.concatenate([stop.come_s for stop in stops])
    order = np.argsort(come, kind="stable")
    names = [f"{stop.line} {side}" for side in ("street", "end") for stop in stops]
    demand = Demand.direct(names, come[order], start[order], start[order] + np.int32(len(stops)))
    runs = tuple(_run(stop, number, at) for stop in stops for number, at in enumerate(stop.departs_s))
    network = _network(stops)
    last = max((run.stops[-1].depart_s for run in runs), default=0.0)
    day = simulate(Scenario(network, demand, runs=runs), seed=seed, until_s=max(last, float(come.max())) + AFTER_S)
    there = np.isfinite(day.arrived_s)
    rides = np.array([stop.ride_s for stop in stops])[start[order]]
    waited = (day.arrived_s - demand.depart_s - rides)[there] - ALIGHT_S
    return Waits(np.maximum(waited, 0.0), int((~there).sum()))


def _network(stops: Sequence[Stop]) -> Network:
    """A step from the street to each stop; vehicles make the rest."""
    nodes = [Node(f"{stop.line} {part}") for stop in stops for part in ("street", "stop", "end")]
    steps = [
        Link(f"{stop.line} step", f"{stop.line} street", f"{stop.line} stop", 0.1, 5000.0, capacity_p_s=1e5)
        for stop in stops
    ]
    return Network(tuple(nodes), tuple(steps))


def _run(stop: Stop, number: int, at: float) -> Run:
    there = at + stop.ride_s
    stops = (
        StopTime(f"{stop.line} stop", max(at - STANDS_S, 0.0), at),
        StopTime(f"{stop.line} end", there, there + STANDS_S),
    )
    return Run(f"{stop.line} {number + 1}", stop.line, stops, stop.capacity)


def walk_headways(plan: HeadwayPlan, seed: int = 0) -> PlanWalk | None:
    """As many of the plan's sample paths as may be walked; None: not even one."""
    began = perf_counter()
    demand = plan.demand
    many = _paths(demand.arriving.sum(axis=(0, 2)))
    if not many:
        return None
    random = np.random.default_rng(seed)
    days = [
        walk_stops(
            [
                Stop(
                    line.name,
                    drawn_seconds(demand.arriving[at, path], 60.0, random),
                    tuple((float(minute) + 1) * 60 for minute in np.flatnonzero(plan.table[at])),
                    int(line.capacity),
                    line.cycle_min * 30.0,
                )
                for at, line in enumerate(demand.lines)
            ],
            seed,
        )
        for path in range(many)
    ]
    planned = simulate_lines(replace(demand, arriving=demand.arriving[:, :many]), plan.table)
    left = {"planned_left": planned.left_at_end}
    return _told(days, planned.mean_wait_min, left, perf_counter() - began)


def walk_shuttles(demand: ShuttleDemand, trips: Sequence[Trip], seed: int = 0) -> PlanWalk | None:
    """As many of the sample paths as may be walked; None: not even one."""
    began = perf_counter()
    many = _paths(demand.persons.sum(axis=(0, 2)))
    if not many:
        return None
    random = np.random.default_rng(seed)
    days = [
        walk_stops(
            [
                Stop(
                    line.name,
                    drawn_seconds(demand.persons[at, path], demand.slot_min * 60.0, random),
                    _departures(trips, line.name, demand.first_min),
                    int(line.capacity),
                    line.ride_min * 60.0,
                )
                for at, line in enumerate(demand.lines)
            ],
            seed,
        )
        for path in range(many)
    ]
    planned = ride(replace(demand, persons=demand.persons[:, :many]), trips)
    return _told(days, planned.mean_wait_min, {"planned_left": planned.left_persons}, perf_counter() - began)


def _departures(trips: Sequence[Trip], line: str, first_min: int) -> tuple[float, ...]:
    """Seconds; who left before anybody came is left out."""
    return tuple((trip.depart - first_min) * 60.0 for trip in trips if trip.line == line and trip.depart >= first_min)


def _paths(persons: NDArray[np.float64]) -> int:
    """How many paths from the first on are not too many people; none of whom nobody comes."""
    upto = np.cumsum(persons)
    return int(np.searchsorted(upto, MOST_PERSONS, side="right")) if upto[-1] >= 1 else 0


def _told(days: Sequence[Waits], planned_min: float, left: dict[str, float], seconds: float) -> PlanWalk:
    waits = np.concatenate([day.wait_s for day in days]) / 60
    gone = sum(day.left for day in days)
    others = left | {
        "simulated_left": gone / len(days),
        "simulated_longest_wait_min": float(waits.max(initial=0.0)),
        "paths_walked": float(len(days)),
    }
    mean = float(waits.mean()) if len(waits) else 0.0
    return PlanWalk("mean_wait_min", planned_min, mean, len(waits) + gone, seconds, others)
