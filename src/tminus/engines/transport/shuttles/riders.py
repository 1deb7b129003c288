"""What trips mean for those who come: waits at the stops of a forecast's sample days, from the trips alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from tminus.engines.transport.shuttles.demand import ShuttleDemand
from tminus.engines.transport.shuttles.trips import Trip

SEEING = 0.01
"""A day is kept where no more than this share of the people see a full vehicle leave: minutes are whole."""
NOBODY_P = 0.5
AFTER_MIN = 120
"""Minutes after the last slot in which trips still take people."""


@dataclass(frozen=True, slots=True)
class RiderDay:
    """Means of the paths; waits of those who are carried. ``paths_kept``: hardly anybody sees a full vehicle leave."""

    mean_wait_min: float
    longest_wait_min: float
    left_behind: float
    left_persons: float
    paths: int
    paths_kept: int

    def as_json(self) -> dict[str, Any]:
        figures = {name: getattr(self, name) for name in self.__slots__}
        return {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}


def ride(demand: ShuttleDemand, trips: Sequence[Trip]) -> RiderDay:
    """Every line's people on every path: they come evenly in a slot, and whoever came first boards first."""
    minutes = demand.persons.shape[2] * demand.slot_min + AFTER_MIN
    sums = np.zeros((demand.paths, 4))
    longest = 0.0
    for line, persons in zip(demand.lines, demand.persons, strict=True):
        room = np.zeros(minutes + 1)
        for trip in trips:
            if trip.line == line.name and 0 <= trip.depart - demand.first_min <= minutes:
                room[trip.depart - demand.first_min] += line.capacity
        for path, row in enumerate(persons):
            come = np.zeros(minutes)
            come[: len(row) * demand.slot_min] = np.repeat(row / demand.slot_min, demand.slot_min)
            *figures, worst = _stop(come, room)
            sums[path] += figures
            longest = max(longest, worst)
    waited, carried, behind, left = sums.T
    come_p = demand.persons.sum(axis=(0, 2))
    return RiderDay(
        mean_wait_min=float(waited.sum() / max(carried.sum(), 1e-9)),
        longest_wait_min=float(longest),
        left_behind=float(behind.mean()),
        left_persons=float(left.mean()),
        paths=demand.paths,
        paths_kept=int(((behind <= SEEING * come_p + NOBODY_P) & (left <= NOBODY_P)).sum()),
    )


@njit(cache=True)
def _stop(come, room):  # type: ignore[no-untyped-def]
    """Person-minutes waited and persons carried, left behind by full vehicles and left; the longest wait."""
    waiting = come.copy()
    oldest, waited, carried, behind, longest, queue = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for minute in range(len(room)):  # vehicles leave at a minute's begin: who came before it may board
        if minute:
            queue += come[minute - 1]
        free = room[minute]
        while free > 0 and oldest < minute:
            gone = min(free, waiting[oldest])
            if gone > 1e-9:
                wait = minute - oldest - 0.5
                waited += gone * wait
                carried += gone
                longest = max(longest, wait)
                waiting[oldest] -= gone
                free -= gone
                queue -= gone
            if waiting[oldest] > 1e-9:
                break
            oldest += 1
        if room[minute] > 0 and queue > 1e-6:
            behind += queue
    return waited, carried, behind, max(queue, 0.0), longest
