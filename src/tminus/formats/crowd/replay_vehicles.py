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
    aboard = [0.0] * slots
    hops: dict[Hop, Any] = defaultdict(lambda: [[0] * slots for _ in range(3)])
    stops: dict[tuple[str, int], Any] = defaultdict(lambda: [[0] * slots for _ in range(2)])
    rides = result.rides
    at = np.minimum(rides.depart_s // result.slot_s, slots - 1).astype(np.int64).tolist()
    boarded, on_board, left = (values.tolist() for values in (rides.boarded, rides.on_board, rides.left_behind))
    for row in np.argsort(rides.depart_s, kind="stable").tolist():
        run, line, stop, slot = rides.run[row], line_name(rides.line[row]), rides.stop[row], at[row]
        got_on, stayed = stops[line, place[stop]]
        got_on[slot] += boarded[row]
        stayed[slot] += left[row]
        if ahead := goes_on.get((run, stop)):
            node, ride_s = ahead.popleft()
            began, on, places = hops[line, place[stop], place[node]]
            began[slot] += 1
            on[slot] += on_board[row]
            places[slot] += room[run]
            aboard[slot] += on_board[row] * ride_s / result.slot_s
    lines = sorted({*map(line_name, rides.line)}, key=_order)
    number = {line: n for n, line in enumerate(lines)}
    return {
        "lines": lines,
        "hops": [
            {"line": number[line], "from": a, "to": b, **dict(zip(("runs", "on", "room"), of, strict=True))}
            for (line, a, b), of in hops.items()
        ],
        "stops": [
            {"line": number[line], "node": node, **dict(zip(("boarded", "left"), of, strict=True))}
            for (line, node), of in stops.items()
            if any(map(any, of))
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
