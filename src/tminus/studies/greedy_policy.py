"""What a duty officer does who watches queues and knows no forecast: the policy a plan must beat."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tminus.formats.event_folder.day_scenarios import Befalls, DayScenario, Does, Happening, Measure
from tminus.studies.gate_task import SLOT_MIN, STEP_MIN, GateTask, gate_task
from tminus.studies.prepared_day import PreparedDay
from tminus.studies.relief import (
    BUS_P,
    LEAST_BUS_HEADWAY_S,
    RELIEF_MIN,
    denser_headways,
    relief_stops,
    site_lines,
)

OPEN_ABOVE = 40.0
"""Persons waiting a lane at which a gate is opened before its time; looked at every five minutes."""
SEND_ABOVE_MIN, SENT = 20.0, 20.0
"""Minutes of waiting at which so many per cent of the next half hour's people are sent to the gate with the least, if
they wait not half as long there."""
REACTS_MIN = 30.0
"""Until the first bus is there, and more trains, after a line has closed."""


def greedy(ready: PreparedDay, scenario: DayScenario) -> tuple[Measure, ...]:
    """Gates opened early when a queue stands there, people sent on from the longest queue, buses to the next station.

    Queues are those of the forecast's mean day; every rule looks at what stands there, none ahead.
    """
    task = gate_task(ready, scenario)
    at_gates = _at_gates(task) if task is not None else ()
    closed = [one for one in scenario.happenings if one.kind is Befalls.LINE_CLOSED]
    return (*at_gates, *(measure for one in closed for measure in _after_closing(ready, one)))


def _at_gates(task: GateTask) -> Iterator[Measure]:
    come = task.day.arrivals.mean(axis=0)
    a_step, steps = task.day.a_step(), task.day.slot_steps
    queue = np.zeros(len(come))
    opened: dict[int, float] = {}
    for t in range(come.shape[1]):
        slot, at = t // steps, task.begin_min + STEP_MIN * t
        lanes = task.published[:, slot].astype(float)
        for g in opened:
            lanes[g] = max(lanes[g], task.there[g, slot])
        if t % steps == 0:
            yield from _sent(task, queue, np.maximum(lanes, task.there[:, slot]), at)
        queue = np.maximum(queue + come[:, t] - lanes * a_step, 0.0)
        for g in np.flatnonzero((queue > OPEN_ABOVE * task.there[:, slot]) & (lanes == 0)).tolist():
            opened.setdefault(g, at + STEP_MIN)
    for g, since in opened.items():
        until = task.begin_min + SLOT_MIN * int(np.argmax(task.published[g] > 0))
        if since < until:
            yield Measure(Does.LANES, task.day.gates[g].id, float(task.there[g, 0]), since, until)


def _sent(task: GateTask, queue: np.ndarray, lanes: np.ndarray, at: float) -> Iterator[Measure]:
    wait_min = queue / np.maximum(lanes * task.day.a_step() / STEP_MIN, 1e-9)
    longest, least = int(wait_min.argmax()), int(wait_min.argmin())
    if wait_min[longest] > SEND_ABOVE_MIN and wait_min[least] < wait_min[longest] / 2:
        gates = task.day.gates
        yield Measure(Does.REDIRECT, gates[longest].id, SENT, at, at + SLOT_MIN, gates[least].id)


def _after_closing(ready: PreparedDay, closed: Happening) -> Iterator[Measure]:
    """Buses as fast as they load, to the nearest station that still has trains; the lines that are left run denser."""
    begin, end = closed.from_min + REACTS_MIN, min(closed.to_min, closed.from_min + REACTS_MIN + RELIEF_MIN)
    stops = relief_stops(ready, closed.element)
    for stop in dict.fromkeys(stop for stop, _, _ in stops):
        nearest = next(there for here, there, _ in stops if here == stop)
        yield Measure(Does.SHUTTLE, stop, LEAST_BUS_HEADWAY_S, begin, end, nearest, BUS_P)
    for line in site_lines(ready):
        if line != closed.element:
            yield from denser_headways(ready, line, begin, end)
