"""The gates of a day of a scenario as a planning task: who comes to each when, by sample paths, and which lanes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.gate_plan import Detour, GateBank, GateDay
from tminus.formats.crowd.ground import distance_m
from tminus.formats.event_folder.day_scenarios import DayScenario
from tminus.studies.gate_lanes import lanes_of
from tminus.studies.more_visitors import visitors_wanted
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.simulated_day import START_MIN, gate_shifts

EARLY_MIN = 30.0
"""Staff are there so long before a gate opens: it may be opened by that much earlier."""
PLANNED_MIN = 300.0
"""Gates are planned for five hours from then on, in which most people come, or until lanes out of service are back."""
SLOT_MIN, STEP_MIN = 30, 5
TARGET_S = 300.0
"""Nobody waits longer, as far as that can be: a step of the plan, so that all waiting counts."""
OUT_OF_SERVICE_S = 3600.0
"""A gate without lanes stands in the plan as one that serves nobody to speak of."""
FOLLOW = 0.6
"""Assumed: so many go to another gate when they are told to before they set off, on screens and in messages."""
WALK_M_S, WINDING = 1.34, 1.3


@dataclass(frozen=True, slots=True)
class GateTask:
    """``day``: what is planned; ``published``, ``there``: [gate, slot] lanes as planned so far, and in service at all.

    ``begin_min``: minutes after midnight of slot 0.
    """

    day: GateDay
    published: NDArray[np.int64]
    there: NDArray[np.int64]
    begin_min: float


def gate_task(ready: PreparedDay, scenario: DayScenario) -> GateTask | None:
    """None: no lanes are known, so nobody waits."""
    shifts = gate_shifts(ready.forecast)
    if not shifts:
        return None
    open_s = min(shift.from_s for shift in shifts)
    begin = max(float(np.floor((open_s / 60 + START_MIN - EARLY_MIN) / SLOT_MIN) * SLOT_MIN), START_MIN)
    slots = int(PLANNED_MIN / SLOT_MIN)
    gates = list(dict.fromkeys(shift.node for shift in shifts))
    today = lanes_of(
        shifts, replace(scenario, measures=())
    )  # policies begin from what is planned, not from one another
    middles = [((begin + SLOT_MIN * (n + 0.5)) - START_MIN) * 60 for n in range(slots)]
    published = np.array(
        [
            [sum(s.lanes for s in today if s.node == gate and s.from_s <= at < s.to_s) for at in middles]
            for gate in gates
        ]
    )
    opened = np.array([(START_MIN + open_s / 60 - begin) // SLOT_MIN], int)[0]
    published = published[:, : _until_change(published, int(opened))]
    slots = published.shape[1]
    there = published.copy()
    there[:, :opened] = published[:, opened : opened + 1]
    least = there.min(axis=1)
    mean_s = [next(shift.mean_s for shift in shifts if shift.node == gate) for gate in gates]
    banks = tuple(
        GateBank(gate, int(n), s) if n else GateBank(gate, 1, OUT_OF_SERVICE_S)
        for gate, n, s in zip(gates, least, mean_s, strict=True)
    )
    day = GateDay(
        banks, _arrivals(ready, scenario, gates, begin, slots), STEP_MIN * 60.0, SLOT_MIN // STEP_MIN, TARGET_S,
        _detours(ready, gates), FOLLOW,
    )  # fmt: skip
    return GateTask(day, published, there, begin)


def _until_change(published: NDArray[np.int64], opened: int) -> int:
    """Slots up to the first, after opening, in which a gate has other lanes: what is out of service comes back."""
    other = np.flatnonzero((published != published[:, opened : opened + 1]).any(axis=0)[opened:])
    return opened + int(other[0]) if len(other) else published.shape[1]


def _arrivals(
    ready: PreparedDay, scenario: DayScenario, gates: list[str], begin: float, slots: int
) -> NDArray[np.float64]:
    """[path, gate, step] persons; who comes before the first step stands there when it begins."""
    names, by_gate = ready.forecast.arrivals_by("gate")
    starts, length = ready.forecast.grid.starts, ready.forecast.grid.slot_minutes
    people = by_gate.sum(axis=(1, 2)).mean()
    factor = visitors_wanted(round(people), scenario.happenings, ready.forecast.attendance.most) / max(people, 1.0)
    steps = slots * SLOT_MIN // STEP_MIN
    edges = begin + STEP_MIN * np.arange(steps + 1)
    bounds = np.append(starts, starts[-1] + length)
    cumulated = np.concatenate((np.zeros((*by_gate.shape[:2], 1)), np.cumsum(by_gate, axis=2)), axis=2) * factor
    found = np.zeros((by_gate.shape[0], len(gates), steps))
    for g, gate in enumerate(gates):
        of_gate = cumulated[:, names.index(gate)]
        at_edges = np.array([np.interp(edges, bounds, path) for path in of_gate])
        found[:, g] = np.diff(at_edges, axis=1)
        found[:, g, 0] += at_edges[:, 0]
    return found


def _detours(ready: PreparedDay, gates: list[str]) -> tuple[Detour, ...]:
    place = {node.id: (node.x, node.y) for node in ready.network.nodes}
    geographic = ready.network.geographic
    return tuple(
        Detour(a, b, distance_m(place[a], place[b], degrees=geographic) * WINDING / WALK_M_S)
        for a, b in permutations(gates, 2)
    )
