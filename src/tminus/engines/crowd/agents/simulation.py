"""The day, agent by agent: run it, stop it, take it up again with something changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.advance import advance
from tminus.engines.crowd.agents.crossing import find_lost
from tminus.engines.crowd.agents.results import Recording, result_of
from tminus.engines.crowd.agents.start import begin
from tminus.engines.crowd.agents.state import STEP, State, copy_of
from tminus.engines.crowd.agents.switches import switches_of
from tminus.engines.crowd.compiled import WALKED, compile_network
from tminus.engines.crowd.costs import costs_now, seats_by_way
from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.routing import Split, free_costs, next_ways
from tminus.engines.crowd.scenario import Change, Scenario

Told = Callable[[float, int, int], None]
"""Told of progress: seconds simulated, agents that have set off, agents that are gone."""

FREE, ADVISED = 0, 1
"""Tables of ways: of who knows the way, of who follows what is advised as things stand."""


@dataclass(frozen=True)
class Snapshot:
    """A simulation at a second, to go on from as often as wanted."""

    at_s: float
    state: State
    recording: Recording


class Simulation:
    """One day of a scenario.

    The same seed gives the same day, and the same people draw the same numbers in every scenario, so that two scenarios
    differ by what was changed and nothing else.

    :param guidance: by slot, the ways those who follow advice are told; else they look for themselves.
    :raises CrowdError: what cannot be simulated.
    """

    def __init__(self, scenario: Scenario, *, seed: int = 0, guidance: Sequence[Split] = ()) -> None:
        self.scenario = scenario
        self._guidance = guidance
        self.compiled = compile_network(scenario.network, scenario.runs)
        self._seats = seats_by_way(self.compiled, scenario.runs)
        self._fixed, self._state, self._events = begin(self.compiled, scenario, seed)
        self._switches = switches_of(self.compiled, scenario, scenario.changes)
        self._recording = Recording.empty(scenario)
        self._know()
        self._route()

    @property
    def now_s(self) -> float:
        """Seconds since the start."""
        return float(self._state.tally[STEP] * self.scenario.step_s)

    def run(self, until_s: float | None = None, on_progress: Told | None = None) -> bool:
        """Go on until ``until_s``, or until nothing is left to happen; whether nothing is left."""
        last = np.iinfo(np.int64).max if until_s is None else self._steps(until_s)
        while True:
            here = int(self._state.tally[STEP])
            self._switch(here)
            target = min(last, self._next_stop(here))
            ended = bool(advance(self._fixed, self._state, self._events, target, bool(self._switches)))
            self._keep(ended)
            if on_progress is not None:
                on_progress(self.now_s, *(int(n) for n in self._state.tally[1:3]))
            if ended or target >= last:
                return ended

    def snapshot(self) -> Snapshot:
        """Everything as it stands."""
        return Snapshot(self.now_s, copy_of(self._state), self._recording.copy())

    def resume(self, snapshot: Snapshot, changes: tuple[Change, ...] = ()) -> None:
        """Go back (or on) to ``snapshot``; from there ``changes`` hold besides the scenario's own."""
        self._state = copy_of(snapshot.state)
        self._recording = snapshot.recording.copy()
        everything = switches_of(self.compiled, self.scenario, self.scenario.changes + changes)
        self._switches = [switch for switch in everything if switch.at_s >= snapshot.at_s]
        self._know()
        self._route()

    @property
    def destinations(self) -> NDArray[np.int32]:
        """[row] nodes the tables of ways are for."""
        return self._fixed.destination

    def experienced(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """[slot, way] seconds everybody who came in spent (waiting for the way included), and how many came in."""
        moved = self.compiled.moved
        return np.array(self._recording.spent)[:, :moved], np.array(self._recording.entered)[:, :moved]

    def result(self) -> DayResult:
        """The day so far."""
        return result_of(self.scenario, self.compiled, self._fixed, self._state, self._events, self._recording)

    def _steps(self, seconds: float) -> int:
        return round(seconds / self.scenario.step_s)

    def _next_stop(self, here: int) -> int:
        stops = [(here // self._steps(self.scenario.slot_s) + 1) * self._steps(self.scenario.slot_s)]
        if self._switches:
            stops.append(max(self._steps(self._switches[0].at_s), here + 1))
        if self.scenario.routing.reactive_s > 0:
            every = max(self._steps(self.scenario.routing.reactive_s), 1)
            stops.append((here // every + 1) * every)
        return min(stops)

    def _switch(self, here: int) -> None:
        routes = False
        while self._switches and self._steps(self._switches[0].at_s) <= here:
            switch = self._switches.pop(0)
            switch.apply(self._fixed, self._state)
            routes = routes or switch.routes
        every = self.scenario.routing.reactive_s
        looks = every > 0 and here % max(self._steps(every), 1) == 0
        told = bool(self._guidance) and here % self._steps(self.scenario.slot_s) == 0
        if routes:
            self._know()
        if routes or looks or told:
            self._route()

    def _know(self) -> None:
        """The ways of who knows his way, as the network is now."""
        costs = np.where(self.compiled.what == WALKED, self._state.ways["free_s"][: self.compiled.moved], 0.0)
        costs = self._open(np.maximum(costs, free_costs(self.compiled) * (self.compiled.what != WALKED)))
        self._known = Split.all_on(next_ways(self.compiled, self._fixed.destination, costs))

    def _route(self) -> None:
        """Ways anew for who follows advice: as the network is now, and as full."""
        splits = [self._known]
        if self._guidance:
            slot = int(self._state.tally[STEP]) // self._steps(self.scenario.slot_s)
            splits.append(self._guidance[min(slot, len(self._guidance) - 1)])
        elif self.scenario.routing.reactive_s > 0:
            costs = self._open(costs_now(self.compiled, self._state, self._fixed, self._seats))
            splits.append(Split.all_on(next_ways(self.compiled, self._fixed.destination, costs)))
        self._fixed = self._fixed._replace(ways=np.stack([split.first for split in splits]))
        if self._guidance:
            others, firsts = np.stack([s.other for s in splits]), np.stack([s.share for s in splits])
            self._fixed = self._fixed._replace(others=others, firsts=firsts)
        find_lost(self._fixed, self._state)

    def _open(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        closed = self._state.ways["open"][: self.compiled.moved] == 0
        gates = self._state.gates
        shut = np.isin(self.compiled.end, gates["node"][gates["open"] == 0])
        costs = costs + self.scenario.routing.gate_s * np.isin(self.compiled.end, gates["node"])
        return np.where(closed | shut, np.inf, costs)

    def _keep(self, ended: bool) -> None:
        here = int(self._state.tally[STEP])
        if ended or here % self._steps(self.scenario.slot_s) == 0:
            self._recording.keep(self._state)


def simulate_agents(
    scenario: Scenario, *, seed: int = 0, until_s: float | None = None, on_progress: Told | None = None
) -> DayResult:
    """The whole day, or up to ``until_s``."""
    simulation = Simulation(scenario, seed=seed)
    simulation.run(until_s, on_progress)
    return simulation.result()
