"""The fluid day: run it slot by slot, with what changes in between."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.switches import LAST_RUN_GRID_S
from tminus.engines.crowd.compiled import BOARD, Compiled, compile_network
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.fluid.advance import advance
from tminus.engines.crowd.fluid.results import Kept, result_of
from tminus.engines.crowd.fluid.start import begin, gates_of
from tminus.engines.crowd.fluid.state import DEPARTED, FULL, GONE, STEP, Fixed, Flow
from tminus.engines.crowd.fluid.vehicles import give_up_waiting
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.riding import board_id
from tminus.engines.crowd.routing import Split, next_ways
from tminus.engines.crowd.scenario import Change, Field, Scenario

Told = Callable[[float, int, int], None]


class FluidDay:
    """One day of a scenario. It draws no random numbers: service takes its mean, advice is followed by shares.

    :param guidance: by slot, the ways those who follow advice are told, as :mod:`.equilibrium` finds them; else they
        look for themselves.
    :raises CrowdError: what cannot be simulated.
    """

    def __init__(self, scenario: Scenario, *, guidance: Sequence[Split] = ()) -> None:
        self.scenario = scenario
        self.compiled: Compiled = compile_network(scenario.network, scenario.runs)
        self._guidance = guidance
        self._fixed, self._flow, self._events = begin(self.compiled, scenario, guided=bool(guidance))
        self._gates = {id: g for g, id in enumerate(gates_of(scenario))}
        closing = _last_runs(scenario)
        self._changes = sorted([*_shifts(scenario), *closing, *scenario.changes], key=lambda one: one.at_s)
        for change in self._changes:
            self._checked(change)
        self._kept = Kept()
        self._route()

    def run(self, until_s: float | None = None, on_progress: Told | None = None) -> DayResult:
        """The day up to ``until_s``, or until nothing is left to happen."""
        step, flow = self._fixed.step, self._flow
        last = np.iinfo(np.int64).max if until_s is None else round(until_s / step)
        ended = False
        while not ended and flow.tally[STEP] < last:
            here = int(flow.tally[STEP])
            self._change(here)
            target = min(last, self._next_stop(here))
            ended = bool(advance(self._fixed, flow, self._events, target, bool(self._changes)))
            if ended or flow.tally[STEP] % round(self.scenario.slot_s / step) == 0:
                self._kept.keep(flow)
            if on_progress is not None:
                on_progress(float(flow.tally[STEP] * step), int(flow.tally[DEPARTED]), int(flow.tally[GONE]))
        if flow.tally[FULL]:
            raise CrowdError("fluid: too many packets; allowed: fewer destinations, or the agents")
        return result_of(
            self.scenario, self.compiled, self._fixed, flow, self._events, self._kept, over=until_s is None
        )

    def _next_stop(self, here: int) -> int:
        step = self._fixed.step
        slot = round(self.scenario.slot_s / step)
        stops = [(here // slot + 1) * slot]
        if self._changes:
            stops.append(max(round(self._changes[0].at_s / step), here + 1))
        if self.scenario.routing.reactive_s > 0:
            every = max(round(self.scenario.routing.reactive_s / step), 1)
            stops.append((here // every + 1) * every)
        return min(stops)

    def _change(self, here: int) -> None:
        step, every, routes = self._fixed.step, self.scenario.routing.reactive_s, False
        while self._changes and round(self._changes[0].at_s / step) <= here:
            change = self._changes.pop(0)
            self._apply(change)
            routes = routes or change.field in (Field.OPEN, Field.DIRECTION, Field.SPEED)
        told = bool(self._guidance) and here % round(self.scenario.slot_s / step) == 0
        if routes or told or (every > 0 and here % max(round(every / step), 1) == 0):
            self._route()

    def _checked(self, change: Change) -> None:
        link = change.field not in (Field.LANES, Field.MEAN) and change.element in self._link_at
        if not link and change.element not in self._gates:
            raise CrowdError(f"change of {change.field} of {change.element!r}: there is no such link or gate")
        if change.value < 0 and change.field is not Field.DIRECTION:
            raise CrowdError(f"{change.field} of {change.element!r}: {change.value:g}; allowed: 0 or more")

    @property
    def _link_at(self) -> dict[str, int]:
        return {link.id: n for n, link in enumerate(self.compiled.links)}

    def _apply(self, change: Change) -> None:
        flow, fixed = self._flow, self._fixed
        if change.element in self._gates:
            gate = self._gates[change.element]
            if change.field is Field.OPEN:
                flow.queues[fixed.moved + fixed.nodes + gate]["open"] = int(change.value != 0)
            else:
                (flow.lanes if change.field is Field.LANES else flow.mean)[gate] = change.value
            return
        there, back = self.compiled.ways_of[self._link_at[change.element]]
        for way in (one for one in (there, back) if one >= 0):
            self._set_way(way, change, forward=way == there)
            if self.compiled.what[way] == BOARD and not flow.queues[way]["open"]:
                give_up_waiting(fixed, flow, way)

    def _set_way(self, way: int, change: Change, *, forward: bool) -> None:
        queue, net, value = self._flow.queues[way : way + 1], self.compiled, change.value
        if change.field is Field.OPEN:
            queue["open"] = int(value != 0)
        elif change.field is Field.DIRECTION:
            queue["open"] = int(value >= 0 if forward else value <= 0)
        elif change.field is Field.CAPACITY:
            queue["headway"] = 1.0 / (net.capacity[way] if math.isnan(value) else value)
        else:
            length = net.links[net.element[way]].length_m
            queue["free_s"] = net.free_s[way] if math.isnan(value) else length / value

    def _route(self) -> None:
        """Ways as the network is now: of who knows the way, and of who follows advice."""
        fixed, free = self._fixed, np.maximum(self._flow.queues["free_s"][: self.compiled.moved], 1e-9)
        splits = [Split.all_on(next_ways(self.compiled, fixed.destination, self._open(free)))]
        if self._guidance:
            slot = int(self._flow.tally[STEP] * fixed.step / self.scenario.slot_s + 1e-9)
            splits.append(self._guidance[min(slot, len(self._guidance) - 1)])
        elif self.scenario.routing.reactive_s > 0:
            costs = self._open(costs_now(fixed, self._flow))
            splits.append(Split.all_on(next_ways(self.compiled, fixed.destination, costs)))
        self._fixed = fixed._replace(ways=np.stack([split.first for split in splits]))
        if self._guidance:
            others, firsts = np.stack([one.other for one in splits]), np.stack([one.share for one in splits])
            self._fixed = self._fixed._replace(others=others, firsts=firsts)

    def _open(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        fixed, queues = self._fixed, self._flow.queues
        shut = queues["end"][fixed.moved + fixed.nodes :][queues["open"][fixed.moved + fixed.nodes :] == 0]
        closed = (queues["open"][: fixed.moved] == 0) | np.isin(self.compiled.end, shut)
        gates = queues["end"][fixed.moved + fixed.nodes :]
        costs = costs + self.scenario.routing.gate_s * np.isin(self.compiled.end, gates)
        return np.where(closed, np.inf, costs)


def costs_now(fixed: Fixed, flow: Flow) -> NDArray[np.float64]:
    """[way] seconds for somebody who sets out on it now, a gate's wait on the ways that lead to it."""
    ways = flow.queues[: fixed.moved]
    both = ways["on"] + np.where(ways["opposite"] >= 0, flow.queues["on"][ways["opposite"]], 0.0)
    table = fixed.relative[ways["diagram"]]
    place = np.minimum((both * ways["density_step"]).astype(np.int64), table.shape[1] - 1)
    walking = ways["free_s"] / table[np.arange(len(ways)), place]
    # who is beyond what walks at capacity waits at the end
    waiting = np.maximum(ways["on"] * ways["headway"] - walking, 0.0)
    gates = flow.queues[fixed.moved + fixed.nodes :]
    waiting += before_ways(fixed, flow) * ways["headway"]
    wait = np.zeros(fixed.nodes)
    with np.errstate(divide="ignore", invalid="ignore"):
        wait[gates["end"]] = np.nan_to_num(gates["on"] * flow.mean / flow.lanes, nan=0.0, posinf=1e6)
    return np.asarray(walking + waiting + wait[ways["end"]], np.float64)


def before_ways(fixed: Fixed, flow: Flow) -> NDArray[np.float64]:
    """[way] persons who stand at its beginning and want onto it."""
    packets = flow.packets[(flow.packets["queue"] >= fixed.moved) & (flow.packets["queue"] < fixed.moved + fixed.nodes)]
    table = np.minimum(packets["kind"] // fixed.rows, len(fixed.ways) - 1)
    onward = fixed.ways[table, packets["kind"] % fixed.rows, packets["queue"] - fixed.moved]
    there = onward >= 0
    return np.asarray(np.bincount(onward[there], packets["amount"][there], fixed.moved), np.float64)


def _last_runs(scenario: Scenario) -> list[Change]:
    """After a line's last departure people look for another way, as the agents do."""
    last: dict[str, float] = {}
    for run in scenario.runs:
        for stop in run.stops[:-1]:
            id = board_id(run.line, stop.node)
            last[id] = max(last.get(id, 0.0), stop.depart_s)
    grid = LAST_RUN_GRID_S
    return [Change(math.ceil((at + 1.0) / grid) * grid, id, Field.OPEN, 0.0) for id, at in last.items()]


def _shifts(scenario: Scenario) -> list[Change]:
    """Lanes and seconds of service by time; between shifts a gate is closed."""
    found = []
    for id in gates_of(scenario):
        shifts = [shift for shift in scenario.gates if shift.node == id]
        for at in sorted({t for shift in shifts for t in (shift.from_s, shift.to_s)}):
            running = [shift for shift in shifts if shift.from_s <= at < shift.to_s]
            found.append(Change(max(at, 0.0), id, Field.LANES, running[-1].lanes if running else 0))
            if running:
                found.append(Change(max(at, 0.0), id, Field.MEAN, running[-1].mean_s))
    return found


def simulate_fluid(scenario: Scenario, *, until_s: float | None = None, on_progress: Told | None = None) -> DayResult:
    """The whole day, or up to ``until_s``, as a fluid.

    :raises CrowdError: what cannot be simulated.
    """
    return FluidDay(scenario).run(until_s, on_progress)
