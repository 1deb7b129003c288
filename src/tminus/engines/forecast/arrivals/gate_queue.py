"""Queues before the gates: a fluid, first come first in."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.site import Gate, Site


@dataclass(frozen=True, slots=True)
class Entered:
    """``entries[path, gate, audience, slot]``, ``queue[path, gate, slot]`` persons waiting at the slot's end, and
    ``turned_away[path, gate, audience]`` who still waited when the gate admitted nobody any more.

    Of every path, gate and slot: arrivals so far = entries so far + queue (+ turned away, after the last slot).
    """

    entries: NDArray[np.float64]
    queue: NDArray[np.float64]
    turned_away: NDArray[np.float64]


def gate_capacity(site: Site, grid: DayGrid) -> NDArray[np.float64]:
    """[gate, slot] persons that can enter: Σ lanes · open seconds / service time; infinite while a gate whose lanes
    are not known is open, from opening to last entry.
    """
    return np.stack([_capacity(one, site, grid) for one in site.gates])


def _capacity(gate: Gate, site: Site, grid: DayGrid) -> NDArray[np.float64]:
    if not gate.opened:
        return np.where(grid.overlap(site.opening_minute, site.last_entry) > 0, np.inf, 0.0)
    found = np.zeros(grid.slots)
    for one in gate.opened:
        open_s = grid.overlap(one.begin, min(one.end, site.last_entry)) * grid.slot_minutes * 60
        found += open_s * one.lanes / one.service_s
    return found


def through_gates(arrivals: NDArray[np.float64], capacity: NDArray[np.float64]) -> Entered:
    """E(t) = min(Q(t) + A(t), μ · lanes · dt); audiences enter in the order of their arrival.

    :param arrivals: [path, gate, audience, slot] persons.
    :param capacity: [gate, slot] persons.
    """
    flows = np.ascontiguousarray(arrivals, dtype=np.float64)
    entries, queue, away = _serve(flows, np.ascontiguousarray(capacity))
    return Entered(entries, queue, away)


@numba.njit(cache=True)
def _serve(
    arrivals: NDArray[np.float64], capacity: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    paths, gates, audiences, slots = arrivals.shape
    entries = np.zeros(arrivals.shape)
    queue = np.zeros((paths, gates, slots))
    away = np.zeros((paths, gates, audiences))
    left = np.zeros((slots, audiences))
    for p in range(paths):
        for g in range(gates):
            oldest, waiting = 0, 0.0
            for t in range(slots):
                came = 0.0
                for k in range(audiences):
                    left[t, k] = arrivals[p, g, k, t]
                    came += left[t, k]
                waiting += came
                room = min(waiting, capacity[g, t])
                while room > 0.0 and oldest <= t:
                    cohort = 0.0
                    for k in range(audiences):
                        cohort += left[oldest, k]
                    share = 1.0 if cohort <= room else room / cohort
                    for k in range(audiences):
                        part = left[oldest, k] * share
                        entries[p, g, k, t] += part
                        left[oldest, k] = 0.0 if share == 1.0 else left[oldest, k] - part
                    if share < 1.0:
                        waiting -= room
                        room = 0.0
                    else:
                        waiting -= cohort
                        room -= cohort
                        oldest += 1
                if oldest > t:
                    waiting = 0.0
                queue[p, g, t] = max(waiting, 0.0)
            for t in range(oldest, slots):
                for k in range(audiences):
                    away[p, g, k] += left[t, k]
    return entries, queue, away
