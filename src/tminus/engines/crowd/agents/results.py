"""What is kept of a simulation, slot by slot, and the day's figures made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.start import gate_nodes
from tminus.engines.crowd.agents.state import (
    DEPARTED,
    EVENT_AT,
    LEFT_OUT,
    MOVES,
    SAMPLES,
    SECONDS_A_BIN,
    SQUEEZES,
    STEP,
    Net,
    State,
    copy_of,
)
from tminus.engines.crowd.compiled import BOARD, Compiled
from tminus.engines.crowd.day_result import DayResult, GateFigures, Incident, WithoutWay
from tminus.engines.crowd.scenario import Scenario
from tminus.engines.crowd.timetable import ride_figures
from tminus.engines.crowd.tipping import tipping_links

QUANTILES = (0.5, 0.9, 0.99)


@dataclass
class Recording:
    """Sums of the slots that are over; all lists run over slots."""

    slot_s: float
    looks: list[int] = field(default_factory=list)
    on: list[NDArray[np.float64]] = field(default_factory=list)
    peak: list[NDArray[np.float32]] = field(default_factory=list)
    peak_at: list[NDArray[np.float32]] = field(default_factory=list)
    left: list[NDArray[np.int32]] = field(default_factory=list)
    nodes: list[NDArray[np.float64]] = field(default_factory=list)
    gates: list[NDArray[np.float64]] = field(default_factory=list)
    spent: list[NDArray[np.float64]] = field(default_factory=list)
    entered: list[NDArray[np.int64]] = field(default_factory=list)
    samples_before: int = 0

    @classmethod
    def empty(cls, scenario: Scenario) -> Recording:
        """Nothing yet."""
        return cls(scenario.slot_s)

    def copy(self) -> Recording:
        """Its own lists of the same sums, which nobody changes."""
        kept = {f.name: list(getattr(self, f.name)) for f in fields(self) if isinstance(getattr(self, f.name), list)}
        return Recording(self.slot_s, samples_before=self.samples_before, **kept)

    def keep(self, state: State) -> None:
        """A slot is over: keep what was seen of it and begin anew."""
        samples = int(state.tally[SAMPLES])
        self.looks.append(samples - self.samples_before)
        self.samples_before = samples
        for name, part in _parts(state):
            getattr(self, name).append(part.copy())
            part[...] = 0


def _parts(state: State) -> Sequence[tuple[str, NDArray[np.generic]]]:
    return (
        ("on", state.seen_on),
        ("peak", state.seen_peak),
        ("peak_at", state.seen_peak_at),
        ("left", state.left),
        ("nodes", state.seen_nodes),
        ("gates", state.gate_seen),
        ("spent", state.ways["spent"]),
        ("entered", state.ways["entered"]),
    )


def result_of(
    scenario: Scenario, net: Compiled, fixed: Net, state: State, events: NDArray[np.void], kept: Recording
) -> DayResult:
    """The figures of everything kept, the slot begun included."""
    kept = kept.copy()
    seen = copy_of(state)
    if state.tally[SAMPLES] > kept.samples_before or not kept.looks:
        kept.keep(seen)
    looks = np.maximum(np.array(kept.looks), 1)[:, None]
    links = len(scenario.network.links)
    on = np.array(kept.on).reshape(len(kept.looks), links)
    window = state.recent.shape[1] - 1
    peak = np.array(kept.peak).reshape(len(kept.looks), links) * fixed.per_m2 / window
    slot = peak.argmax(axis=0) if links else np.zeros(0, np.int64)
    waiting = np.array(kept.nodes)[:, : len(scenario.network.nodes)]
    end_s = float(state.tally[STEP] * scenario.step_s)
    outflow = _outflow(np.array(kept.left), fixed.element_way)
    return DayResult(
        agents=len(scenario.demand),
        link_moves=int(state.tally[MOVES]),
        simulated_s=end_s,
        agent_seconds=_agent_seconds(state, fixed, end_s),
        slot_s=scenario.slot_s,
        diagram=scenario.network.default.name,
        links=tuple(link.id for link in scenario.network.links),
        nodes=tuple(node.id for node in scenario.network.nodes),
        occupancy=(on / looks).astype(np.float32),
        density=(on / looks * fixed.per_m2).astype(np.float32),
        peak_density=peak.astype(np.float32),
        max_density=peak.max(axis=0, initial=0.0).astype(np.float32),
        max_density_at_s=np.array(kept.peak_at).reshape(-1, links)[slot, np.arange(links)].astype(np.float32),
        outflow=outflow,
        waiting=(waiting / looks).astype(np.float32),
        person_s_by_level=state.levels.copy(),
        arrived_s=state.arrived.copy(),
        lost_s=np.maximum(state.lost, 0.0),  # who walked freely lost nothing, but for rounding
        stuck=_stuck(state, fixed, scenario, end_s),
        gates=_gates(scenario, state, np.array(kept.gates), looks),
        rides=ride_figures(net, scenario.runs, events, state.ride_seen, int(state.tally[EVENT_AT])),
        incidents=_incidents(net, state),
        left_out=int(state.tally[LEFT_OUT]),
        without_way=_without_way(net, state),
        near_tip=tipping_links(scenario.network, peak, outflow),
    )


def _outflow(left: NDArray[np.int32], ways: NDArray[np.int32]) -> NDArray[np.int32]:
    found = left[:, np.maximum(ways, 0)]
    found[:, ways < 0] = 0
    return found


def _present(state: State) -> NDArray[np.bool_]:
    """[agent] who has set off and not arrived."""
    set_off = np.arange(len(state.agents)) < state.tally[DEPARTED]
    return np.asarray(set_off & np.isnan(state.arrived), bool)


def _staying(state: State, fixed: Net, end_s: float) -> NDArray[np.bool_]:
    """[agent] who stays somewhere beyond the end."""
    return np.asarray((state.agents["way"] >= 2 * fixed.moved) & (state.agents["due"] >= end_s) & _present(state), bool)


def _agent_seconds(state: State, fixed: Net, end_s: float) -> float:
    staying = _staying(state, fixed, end_s)
    beyond = float((state.agents["due"][staying] - end_s).sum())
    return float(state.time[0] + _present(state).sum() * end_s + beyond)


def _stuck(state: State, fixed: Net, scenario: Scenario, end_s: float) -> NDArray[np.bool_]:
    """[agent] who has waited for the stuck time where nobody has moved for as long, or has no way.

    Who waits for a vehicle of a line that still runs is not.
    """
    long_ago = end_s - scenario.stuck_s
    here = _present(state) & ~_staying(state, fixed, end_s) & (state.agents["due"] < long_ago)
    dead = state.ways["free_at"] < long_ago
    dead[(state.ways["what"] == BOARD) & (state.ways["open"] != 0)] = False  # a vehicle is still to come
    for gate in state.gates:
        dead[2 * fixed.moved + gate["node"]] = gate["last_served"] < long_ago
    dead[state.agents["way"][_lost(state)]] = True
    return np.asarray((here & dead[state.agents["way"]]) | _lost_mask(state), bool)


def _lost_at(state: State, node: int) -> list[int]:
    """Agents without a way from ``node``, in the order in which they came to have none."""
    found = []
    agent = int(state.nodes["lost_head"][node])
    while agent >= 0:
        found.append(agent)
        agent = int(state.agents["following"][agent])
    return found


def _lost(state: State) -> NDArray[np.int64]:
    """Agents without a way."""
    nodes = np.flatnonzero(state.nodes["lost_head"] >= 0)
    return np.array([agent for node in nodes for agent in _lost_at(state, int(node))], np.int64)


def _without_way(net: Compiled, state: State) -> tuple[WithoutWay, ...]:
    found = []
    for node in np.flatnonzero(state.nodes["lost_head"] >= 0):
        agents = _lost_at(state, int(node))
        since = float(state.agents["due"][agents].min())
        found.append(WithoutWay(net.nodes[node], len(agents), round(since, 3)))
    return tuple(sorted(found, key=lambda one: (-one.persons, one.node)))


def _lost_mask(state: State) -> NDArray[np.bool_]:
    found = np.zeros(len(state.agents), bool)
    found[_lost(state)] = True
    return found


def _gates(scenario: Scenario, state: State, seen: NDArray[np.float64], looks: NDArray[np.int64]) -> GateFigures:
    ids = gate_nodes(scenario)
    seen = seen.reshape(len(looks), len(ids), 4)
    served = seen[:, :, 2]
    with np.errstate(invalid="ignore", divide="ignore"):
        wait = seen[:, :, 3] / served
    return GateFigures(
        ids=ids,
        queue=(seen[:, :, 0] / looks).astype(np.float32),
        longest_queue=seen[:, :, 1].max(axis=0).astype(np.float32),
        served=served.astype(np.int32),
        wait_s=wait.astype(np.float32),
        wait_quantiles_s=np.array([_quantiles(row) for row in state.waits], np.float32).reshape(len(ids), 3),
        longest_wait_s=np.array([_longest(row) for row in state.waits], np.float32),
    )


def _quantiles(counts: NDArray[np.int32]) -> list[float]:
    """Upper ends of the bins the quantiles lie in; NaN: nobody was served."""
    cumulated = np.cumsum(counts)
    if not cumulated[-1]:
        return [np.nan] * len(QUANTILES)
    zero = counts[0] / cumulated[-1]
    return [
        0.0 if q <= zero * 0.5 else (int(np.searchsorted(cumulated, q * cumulated[-1])) + 1) * SECONDS_A_BIN
        for q in QUANTILES
    ]


def _longest(counts: NDArray[np.int32]) -> float:
    some = np.nonzero(counts)[0]
    return float((some[-1] + 1) * SECONDS_A_BIN) if some.size else 0.0


def _incidents(net: Compiled, state: State) -> tuple[Incident, ...]:
    return tuple(
        Incident(float(at), "gridlock", _names(net, ways), int(persons))
        for (at, _, persons, _), ways in zip(
            state.squeezes[: state.tally[SQUEEZES]], state.squeezed[: state.tally[SQUEEZES]], strict=True
        )
    )


def _names(net: Compiled, ways: NDArray[np.int32]) -> tuple[str, ...]:
    """The links of a circle; a queue of people who want onto one is named by it."""
    return tuple(dict.fromkeys(net.links[net.element[way % net.moved]].id for way in ways if way >= 0))
