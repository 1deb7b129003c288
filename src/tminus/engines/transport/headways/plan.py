"""When vehicles leave, so that people wait least: departures of one line or of several that share a fleet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

import numpy as np

from tminus.engines.limit import Limit, LimitKind
from tminus.engines.transport.difference import Change
from tminus.engines.transport.errors import InfeasiblePlan
from tminus.engines.transport.headways.fleet_prices import FleetBound, fleet_bound
from tminus.engines.transport.headways.lines import Bools, LineDemand, departures_of
from tminus.engines.transport.headways.policies import even, everyday, greedy
from tminus.engines.transport.headways.search import improved, runnable
from tminus.engines.transport.headways.simulate import LineDay, simulate_lines
from tminus.engines.transport.headways.waiting import expected_waiting
from tminus.engines.transport.proof import Binding, Proof

UNIT = "person-minutes of waiting"
FELT = 1e-3


@dataclass(frozen=True, slots=True)
class HeadwayParams:
    """``trials`` of changed departures, ``rounds`` of fleet prices; the same ``seed``, the same timetable."""

    trials: int = 300_000
    rounds: int = 250
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class HeadwayPlan:
    """``table`` [line, minute] departures; ``day``: simulated from them alone; ``others`` by policy."""

    demand: LineDemand
    table: Bools
    day: LineDay
    proof: Proof
    others: dict[str, LineDay]

    def departures(self, line: int) -> list[int]:
        """Minutes of the day."""
        return [self.demand.first_min + int(minute) for minute in np.flatnonzero(self.table[line])]


def plan_headways(
    demand: LineDemand, params: HeadwayParams | None = None, published: Sequence[Sequence[int]] | None = None
) -> HeadwayPlan:
    """Departures with the least waiting, expected over the scenarios.

    :param published: minutes of departure by line counted from the demand's first: compared with, and a start.
    :raises InfeasiblePlan: the least headways alone need more than the fleet.
    """
    params, began = params or HeadwayParams(), perf_counter()
    _check_fleet(demand)
    policies = {"do_nothing": everyday(demand), "planned": even(demand), "greedy": greedy(demand)}
    if published is not None:
        policies["published"] = departures_of(published, demand.minutes)
    starts = [runnable(demand, table) for table in policies.values()]
    start = min(starts, key=lambda table: expected_waiting(demand, table))
    table = improved(demand, start, params.trials // 2, params.seed)
    searched = perf_counter()
    bound = fleet_bound(demand, table, params.rounds)
    proved = perf_counter()
    repaired = improved(demand, runnable(demand, bound.table), params.trials - params.trials // 2, params.seed + 1)
    table = min((table, repaired), key=lambda one: expected_waiting(demand, one))
    seconds = {"search": searched - began + perf_counter() - proved, "bound": proved - searched}
    proof = Proof(UNIT, expected_waiting(demand, table), bound.value, seconds, _binding(demand, bound, table))
    others = {name: simulate_lines(demand, one) for name, one in policies.items()}
    return HeadwayPlan(demand, table, simulate_lines(demand, table), proof, others)


def _check_fleet(demand: LineDemand) -> None:
    """Lines whose most headway must be kept need so many vehicles at the least."""
    needed = {line.name: line.cycle_min / line.most_headway_min for line in demand.lines}
    if sum(needed.values()) > demand.fleet + 1e-9:
        cut = tuple(
            f"{name} needs {many:.1f} vehicles" for name, many in sorted(needed.items(), key=lambda one: -one[1])
        )
        raise InfeasiblePlan(f"headways: {demand.fleet} vehicles cannot keep the most headways", cut)


def _binding(demand: LineDemand, bound: FleetBound, table: Bools) -> tuple[Binding, ...]:
    """Stretches in which another vehicle would shorten the waiting, the dearest first; else headways at their least."""
    busy = bound.prices > FELT
    edges = np.flatnonzero(np.diff(np.concatenate([[False], busy, [False]]).astype(int)))
    found = [
        Binding(
            Limit(LimitKind.FLEET, value=demand.fleet), demand.first_min + int(begin), demand.first_min + int(end),
            float(bound.prices[begin:end].sum()),
        )
        for begin, end in zip(edges[::2], edges[1::2], strict=True)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.price)) or _least_headways(demand, table)


def _least_headways(demand: LineDemand, table: Bools) -> tuple[Binding, ...]:
    found = []
    for line, departs in zip(demand.lines, table, strict=True):
        minutes = np.flatnonzero(departs)
        tight = minutes[1:][np.diff(minutes) <= line.least_headway_min]
        if len(tight):
            begin, end = demand.first_min + int(tight[0]), demand.first_min + int(tight[-1]) + 1
            found.append(Binding(Limit(LimitKind.LEAST_HEADWAY, line.name), begin, end, 0.0))
    return tuple(found)


def changed_departures(plan: HeadwayPlan, published: Sequence[Sequence[int]]) -> tuple[Change, ...]:
    """Departures that are new, and published ones that are not run; minutes counted from the demand's first."""
    told = departures_of(published, plan.demand.minutes)
    changes = []
    for at, line in enumerate(plan.demand.lines):
        for minute in np.flatnonzero(told[at] != plan.table[at]):
            when = plan.demand.first_min + int(minute)
            run = bool(plan.table[at, minute])
            changes.append(Change(line.name, when, when, None if run else 1.0, 1.0 if run else None))
    return tuple(changes)
