"""Vehicles of a simulated day: by slot, how full they run from stop to stop and who is left behind where."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.scenario import Run

Hop = tuple[str, int, int]
DIRECTIONS = "+-"
"""Ends of the names of a line's two directions."""


def vehicles_of(result: DayResult, runs: Sequence[Run], place: Mapping[str, int]) -> dict[str, Any]:
    """``lines`` by name; ``hops``: a line from stop to stop with departures, persons on board and places by slot;
    ``stops``: a line at a stop with who got on and who was left behind by slot; ``aboard``: persons riding on the mean
    of a slot, each ride counted in the slot it began in.

    :param runs: the timetable; rides of a run it has not are told by their stop alone. ``place``: of nodes, by id.
    """
    slots = len(result.occupancy)
    room = {run.id: run.capacity_p for run in runs}
    goes_on = _next_stops(runs)
    aboard = np.zeros(slots)
    hops: dict[Hop, Any] = defaultdict(lambda: np.zeros((3, slots), np.int64))
    stops: dict[tuple[str, int], Any] = defaultdict(lambda: np.zeros((2, slots), np.int64))
    rides = result.rides
    for row in np.argsort(rides.depart_s, kind="stable"):
        run, line, stop = rides.run[row], line_name(rides.line[row]), rides.stop[row]
        slot = min(int(rides.depart_s[row] // result.slot_s), slots - 1)
        stops[line, place[stop]][:, slot] += (rides.boarded[row], rides.left_behind[row])
        if ahead := goes_on.get((run, stop)):
            node, ride_s = ahead.popleft()
            hops[line, place[stop], place[node]][:, slot] += (1, rides.on_board[row], room[run])
            aboard[slot] += rides.on_board[row] * ride_s / result.slot_s
    lines = sorted({*map(line_name, rides.line)}, key=_order)
    number = {line: n for n, line in enumerate(lines)}
    return {
        "lines": lines,
        "hops": [
            {"line": number[line], "from": a, "to": b, **dict(zip(("runs", "on", "room"), of.tolist(), strict=True))}
            for (line, a, b), of in hops.items()
        ],
        "stops": [
            {"line": number[line], "node": node, **dict(zip(("boarded", "left"), of.tolist(), strict=True))}
            for (line, node), of in stops.items()
            if of.any()
        ],
        "aboard": np.round(aboard).astype(int).tolist(),
    }


def line_name(line: str) -> str:
    """Without the sign that tells its two directions apart."""
    return line[:-1] if len(line) > 1 and line[-1] in DIRECTIONS else line


def _next_stops(runs: Sequence[Run]) -> dict[tuple[str, str], deque[tuple[str, float]]]:
    """Where a run goes on to from a stop and in how many seconds, in the order it comes by."""
    found: dict[tuple[str, str], deque[tuple[str, float]]] = defaultdict(deque)
    for run in runs:
        for one, other in pairwise(run.stops):
            found[run.id, one.node].append((other.node, other.arrive_s - one.depart_s))
    return found


def _order(name: str) -> tuple[int, str]:
    """2 before 10, numbers before names."""
    return (int(name), "") if name.isdecimal() else (10**9, name)
