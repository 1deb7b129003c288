"""What people do without a plan: open a lane when the queue grows, the same lanes all day, or what was published."""

from __future__ import annotations

import numpy as np

from tminus.engines.crowd.gate_plan.problem import Floats, GateDay, Ints

OPEN_ABOVE, CLOSE_BELOW = 40.0, 10.0
"""The greedy policy: persons waiting a lane at which one more is opened, and one closed; looked at every step."""


def greedy(day: GateDay, arrivals: Floats, open_above: float = OPEN_ABOVE, close_below: float = CLOSE_BELOW) -> Ints:
    """[path, gate, step] lanes of who opens one when each has more than ``open_above`` persons waiting."""
    found = np.zeros(arrivals.shape, np.int64)
    a_step = day.a_step()
    for p, path in enumerate(arrivals):
        for g, gate in enumerate(day.gates):
            lanes, queue = max(gate.min_lanes, 1), 0.0
            for t, coming in enumerate(path[g]):
                if queue > open_above * lanes:
                    lanes = min(lanes + 1, gate.max_lanes)
                elif queue < close_below * lanes:
                    lanes = max(lanes - 1, gate.min_lanes, 1)
                found[p, g, t] = lanes
                queue = max(queue + coming - lanes * a_step[g], 0.0)
    return found


def same_all_day(day: GateDay) -> Ints:
    """[gate, slot] lanes that serve the mean of the busiest hours: nothing is done about peaks.

    As many as are needed for the mean of the steps in which anybody comes.
    """
    mean = day.arrivals.mean(axis=0)
    busy = np.array([row[row > 0].mean() if (row > 0).any() else 0.0 for row in mean])
    lanes = np.ceil(busy / day.a_step()).astype(np.int64)
    least = np.array([gate.min_lanes for gate in day.gates])
    most = np.array([gate.max_lanes for gate in day.gates])
    return np.repeat(np.clip(lanes, least, most)[:, None], day.slots, axis=1)
