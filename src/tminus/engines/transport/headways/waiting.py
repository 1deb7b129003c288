"""The waiting that departures lead to: persons at the stop at each minute's end, summed up."""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.transport.headways.lines import Bools, Floats, LineDemand

LEFT_MIN = 60.0
"""Whoever is left behind by the last departure counts as waiting so many minutes more."""


def expected_waiting(demand: LineDemand, table: Bools) -> float:
    """Person-minutes, mean of the scenarios, all lines together."""
    come = demand.come
    return sum(float(waiting_of(come[at], line.capacity, table[at])) for at, line in enumerate(demand.lines))


@njit(cache=True)
def waiting_of(come, capacity, departs):  # type: ignore[no-untyped-def]
    """Of one line: ``come`` [scenario, minute] is summed up, ``departs`` [minute]; vehicles leave at a minute's end."""
    scenarios, minutes = come.shape
    total = 0.0
    for scenario in range(scenarios):
        gone = 0.0
        for minute in range(minutes):
            if departs[minute]:
                gone = min(come[scenario, minute], gone + capacity)
            total += come[scenario, minute] - gone
        total += LEFT_MIN * (come[scenario, minutes - 1] - gone)
    return total / scenarios


def gone_by(come: Floats, capacity: float, departs: Bools) -> Floats:
    """Persons gone by each minute's end, [scenario, minute]."""
    gone = np.zeros(come.shape)
    now = np.zeros(len(come))
    for minute in range(come.shape[1]):
        if departs[minute]:
            now = np.minimum(come[:, minute], now + capacity)
        gone[:, minute] = now
    return gone
