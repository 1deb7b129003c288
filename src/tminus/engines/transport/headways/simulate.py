"""A stop minute by minute with every cohort of passengers, from the timetable alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from tminus.engines.transport.headways.lines import Bools, Floats, LineDemand
from tminus.engines.transport.headways.waiting import LEFT_MIN


@dataclass(frozen=True, slots=True, eq=False)
class LineDay:
    """What a timetable leads to, means of the scenarios; waiting as plans count it, those left included."""

    waiting_person_min: float
    mean_wait_min: float
    longest_wait_min: float
    longest_queue: float
    left_behind: float
    left_at_end: float
    departures: int
    vehicles: int
    broken: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        figures = {name: getattr(self, name) for name in self.__slots__ if name != "broken"}
        rounded = {name: round(value, 2) if isinstance(value, float) else value for name, value in figures.items()}
        return rounded | {"broken": list(self.broken)}


def simulate_lines(demand: LineDemand, table: Bools) -> LineDay:
    """Every scenario of every line; ``broken`` names headways and vehicles that are not kept."""
    scenarios = demand.arriving.shape[1]
    days = [
        _stop(demand.arriving[at, scenario], line.capacity, table[at])
        for at, line in enumerate(demand.lines)
        for scenario in range(scenarios)
    ]
    sums = np.array([day[:4] for day in days]).sum(axis=0) / scenarios
    persons = float(demand.arriving.sum()) / scenarios
    longest, queue = max(day[4] for day in days), max(day[5] for day in days)
    vehicles, broken = _check(demand, table)
    waiting, waited, behind, left = (float(value) for value in sums)
    mean = waited / persons if persons else 0.0
    return LineDay(waiting, mean, float(longest), float(queue), behind, left, int(table.sum()), vehicles, broken)


def _stop(arriving: Floats, capacity: float, departs: Bools) -> tuple[float, float, float, float, float, float]:
    """Waiting with and without those left at the end, left behind by a vehicle, left; longest wait and queue."""
    waiting: deque[list[float]] = deque()
    total = behind = longest = highest = 0.0
    for minute, persons in enumerate(arriving):
        if persons > 0:
            waiting.append([minute, float(persons)])
        if departs[minute]:
            longest = max(longest, _board(waiting, capacity, minute))
            behind += sum(one[1] for one in waiting)
        queue = sum(one[1] for one in waiting)
        total, highest = total + queue, max(highest, queue)
    left = sum(one[1] for one in waiting)
    return total + LEFT_MIN * left, total, behind, left, longest, highest


def _board(waiting: deque[list[float]], capacity: float, minute: int) -> float:
    """Who came first boards first; the longest wait of those who do."""
    room = capacity
    longest = minute - waiting[0][0] if waiting else 0.0
    while waiting and room > 0:
        taken = min(room, waiting[0][1])
        waiting[0][1] -= taken
        room -= taken
        if waiting[0][1] <= 1e-9:
            waiting.popleft()
    return longest


def _check(demand: LineDemand, table: Bools) -> tuple[int, tuple[str, ...]]:
    """Vehicles needed, each back after its cycle, and what the timetable breaks."""
    events: list[tuple[int, int]] = []
    broken = []
    for at, line in enumerate(demand.lines):
        minutes = np.flatnonzero(table[at])
        gaps = np.diff(minutes)
        if len(gaps) and gaps.min() < line.least_headway_min:
            broken.append(f"{line.name}: headway {gaps.min()} min, least {line.least_headway_min}")
        events += [(int(minute) + line.cycle_min, -1) for minute in minutes] + [(int(minute), 1) for minute in minutes]
    out = most = 0
    for _, change in sorted(events):
        out += change
        most = max(most, out)
    if most > demand.fleet:
        broken.append(f"{most} vehicles out, fleet {demand.fleet}")
    return most, tuple(broken)
