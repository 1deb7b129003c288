"""What is kept of a fluid day, slot by slot, and the day's figures made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.compiled import Compiled
from tminus.engines.crowd.day_result import DayResult, GateFigures, Incident, WithoutWay
from tminus.engines.crowd.fluid.start import gates_of
from tminus.engines.crowd.fluid.state import EVENT_AT, LAST_MOVE, LEFT_OUT, SQUEEZES, STEP, WAIT_BIN_S, Fixed, Flow
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.timetable import ride_figures
from tminus.engines.crowd.tipping import tipping_links

QUANTILES = (0.5, 0.9, 0.99)
SAME_S = 300.0
"""Squeezes onto one way that are not further apart are one incident."""
PARTS = ("seen_on", "seen_peak", "seen_peak_at", "left", "seen_nodes", "gate_seen")


@dataclass
class Kept:
    """Sums of the slots that are over, each a list over slots."""

    steps: list[int] = field(default_factory=list)
    parts: dict[str, list[NDArray[np.float64]]] = field(default_factory=lambda: {name: [] for name in PARTS})
    before: int = 0

    def keep(self, flow: Flow) -> None:
        """A slot is over: keep what was seen of it and begin anew."""
        here = int(flow.tally[STEP])
        if here == self.before:
            return
        self.steps.append(here - self.before)
        self.before = here
        for name in PARTS:
            part = getattr(flow, name)
            self.parts[name].append(part.copy())
            part[...] = 0

    def all(self, name: str) -> NDArray[np.float64]:
        """[slot, …]"""
        return np.array(self.parts[name])


def result_of(
    scenario: Scenario, net: Compiled, fixed: Fixed, flow: Flow, events: NDArray[np.void], kept: Kept, *, over: bool
) -> DayResult:
    """The figures; ``over``: the day ended by itself, so whoever has not arrived is stuck."""
    kept.keep(flow)
    if not kept.steps:
        kept.steps.append(1)
        for name in PARTS:
            kept.parts[name].append(getattr(flow, name).copy())
    steps = np.array(kept.steps)[:, None]
    links = len(scenario.network.links)
    on = kept.all("seen_on") / steps
    peak = kept.all("seen_peak") * fixed.per_m2 / fixed.looks
    slot = peak.argmax(axis=0)
    end_s = float(flow.tally[STEP] * fixed.step)
    quiet = (flow.tally[STEP] - flow.tally[LAST_MOVE]) * fixed.step > fixed.stuck_s
    begun = scenario.demand.depart_s < end_s
    outflow = _outflow(kept.all("left"), fixed.element_way)
    return DayResult(
        agents=len(scenario.demand),
        link_moves=round(float(flow.moves[0])),
        simulated_s=end_s,
        agent_seconds=float(flow.moves[1]),
        slot_s=scenario.slot_s,
        diagram=scenario.network.default.name,
        links=tuple(link.id for link in scenario.network.links),
        nodes=tuple(node.id for node in scenario.network.nodes),
        occupancy=on.astype(np.float32),
        density=(on * fixed.per_m2).astype(np.float32),
        peak_density=peak.astype(np.float32),
        max_density=peak.max(axis=0, initial=0.0).astype(np.float32),
        max_density_at_s=kept.all("seen_peak_at")[slot, np.arange(links)].astype(np.float32),
        outflow=outflow,
        waiting=(kept.all("seen_nodes")[:, : len(scenario.network.nodes)] / steps).astype(np.float32),
        person_s_by_level=flow.levels.copy(),
        arrived_s=flow.arrived.copy(),
        lost_s=np.where(np.isfinite(flow.arrived), flow.lost, 0.0).astype(np.float32),
        stuck=np.isnan(flow.arrived) & begun & (over or bool(quiet)),
        gates=_gates(scenario, flow, kept.all("gate_seen"), steps),
        rides=ride_figures(
            net, scenario.runs, events, np.rint(flow.ride_seen).astype(np.int32), int(flow.tally[EVENT_AT])
        ),
        incidents=_incidents(net, flow),
        left_out=int(flow.tally[LEFT_OUT]),
        without_way=_without_way(net, fixed, flow),
        near_tip=tipping_links(scenario.network, peak, outflow),
    )


def _without_way(net: Compiled, fixed: Fixed, flow: Flow) -> tuple[WithoutWay, ...]:
    """Who stands at a node that no way leads on from, in whole persons; parts of one that are left are nobody."""
    standing = flow.packets["queue"] - fixed.moved
    packets = flow.packets[(standing >= 0) & (standing < fixed.nodes)]
    node, row = packets["queue"] - fixed.moved, packets["kind"] % fixed.rows
    table = np.minimum(packets["kind"] // fixed.rows, len(fixed.ways) - 1)
    lost = (fixed.ways[table, row, node] < 0) & (fixed.destination[row] != node)
    found = []
    for one in np.unique(node[lost]):
        mine = packets[lost & (node == one)]
        persons = round(float(mine["amount"].sum()))
        if persons:
            found.append(WithoutWay(net.nodes[one], persons, round(float(mine["due"].min()), 3)))
    return tuple(sorted(found, key=lambda one: (-one.persons, one.node)))


def _outflow(left: NDArray[np.float64], ways: NDArray[np.int32]) -> NDArray[np.int32]:
    """Whole persons whose sum over slots stays within half a one."""
    whole = np.diff(np.rint(np.cumsum(left, axis=0)), axis=0, prepend=0.0).astype(np.int32)
    found = whole[:, np.maximum(ways, 0)]
    found[:, ways < 0] = 0
    return found


def _gates(scenario: Scenario, flow: Flow, seen: NDArray[np.float64], steps: NDArray[np.int64]) -> GateFigures:
    served = seen[:, :, 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = np.where(served > 1e-6, seen[:, :, 3] / served, np.nan)
    return GateFigures(
        ids=gates_of(scenario),
        queue=(seen[:, :, 0] / steps).astype(np.float32),
        longest_queue=seen[:, :, 1].max(axis=0).astype(np.float32),
        served=np.diff(np.rint(np.cumsum(served, axis=0)), axis=0, prepend=0.0).astype(np.int32),
        wait_s=wait.astype(np.float32),
        wait_quantiles_s=np.array([_quantiles(row) for row in flow.waits], np.float32).reshape(-1, len(QUANTILES)),
        longest_wait_s=np.array([_longest(row) for row in flow.waits], np.float32),
    )


def _quantiles(weights: NDArray[np.float64]) -> list[float]:
    """Upper ends of the bins the quantiles lie in, 0 of the first; NaN: nobody was served."""
    summed = np.cumsum(weights)
    if not summed[-1] > 0:
        return [np.nan] * len(QUANTILES)
    at = [int(np.searchsorted(summed, q * summed[-1])) for q in QUANTILES]
    return [0.0 if n == 0 else (n + 1) * WAIT_BIN_S for n in at]


def _longest(weights: NDArray[np.float64]) -> float:
    some = np.flatnonzero(weights > 1e-6)
    return float((some[-1] + 1) * WAIT_BIN_S) if some.size else 0.0


def _incidents(net: Compiled, flow: Flow) -> tuple[Incident, ...]:
    found: dict[int, list[list[float]]] = {}
    for at, way, persons in flow.squeezes[: int(flow.tally[SQUEEZES])]:
        mine = found.setdefault(int(way), [])
        if mine and at - mine[-1][2] <= SAME_S:
            mine[-1][1] += persons
            mine[-1][2] = at
        else:
            mine.append([at, persons, at])
    told = sorted((one[0], way, one[1]) for way, mine in found.items() for one in mine)
    links = {way: net.links[net.element[way]].id for way in found}
    return tuple(Incident(float(at), "gridlock", (links[way],), round(persons)) for at, way, persons in told)
