"""Timetables a plan is compared with: the everyday one, one at even headways, a dispatcher who watches the queue."""

from __future__ import annotations

import numpy as np

from tminus.engines.transport.headways.lines import Bools, Line, LineDemand, departures_of
from tminus.engines.transport.headways.search import runnable

FULL_ENOUGH = 0.8
"""A dispatcher sends a vehicle when the queue would fill so much of it."""


def everyday(demand: LineDemand) -> Bools:
    """Nothing done: the usual headways, as far as the fleet can run them."""
    return runnable(
        demand, departures_of([_every(line.usual_headway_min, demand) for line in demand.lines], demand.minutes)
    )


def even(demand: LineDemand) -> Bools:
    """The fleet shared by the people who come, at even headways: what is planned without a forecast of when."""
    load = demand.arriving.sum(axis=(1, 2)) / [line.capacity for line in demand.lines]
    share = np.maximum(load / max(load.sum(), 1e-9) * demand.fleet, 0.2)
    headways = [
        max(int(np.ceil(line.cycle_min / vehicles)), line.least_headway_min)
        for line, vehicles in zip(demand.lines, share, strict=True)
    ]
    return runnable(demand, departures_of([_every(headway, demand) for headway in headways], demand.minutes))


def greedy(demand: LineDemand) -> Bools:
    """A vehicle goes when the queue, on average, nearly fills it, or when the most headway is reached."""
    come = demand.come.mean(axis=1)
    table = np.zeros((len(demand.lines), demand.minutes), dtype=np.bool_)
    gone, last = np.zeros(len(demand.lines)), np.full(len(demand.lines), -1)
    out = np.zeros(demand.minutes, dtype=np.int64)
    for minute in range(demand.minutes):
        for at in np.argsort(-(come[:, minute] - gone)):
            line = demand.lines[at]
            if out[minute] < demand.fleet and _due(line, come[at, minute] - gone[at], minute - int(last[at])):
                table[at, minute] = True
                gone[at] = min(come[at, minute], gone[at] + line.capacity)
                last[at] = minute
                out[minute : minute + line.cycle_min] += 1
    return table


def _due(line: Line, queue: float, since: int) -> bool:
    waits = queue > 0 and since >= line.most_headway_min
    return since >= line.least_headway_min and (queue >= FULL_ENOUGH * line.capacity or waits)


def _every(headway: int, demand: LineDemand) -> list[int]:
    return list(range(headway - 1, demand.minutes, headway))
