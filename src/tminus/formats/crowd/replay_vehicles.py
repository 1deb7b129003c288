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


def vehicles_of(result: DayResult, runs: Sequence[Run], place: Mapping[str, int]) -> dict[str, Any]:
    """``lines`` by name; ``hops``: a line from stop to stop with departures, persons on board and places by slot;
    ``stops``: a line at a stop with who got on and who was left behind by slot.

    :param runs: the timetable; rides of a run it has not are told by their stop alone. ``place``: of nodes, by id.
    """
    slots = len(result.occupancy)
    room = {run.id: run.capacity_p for run in runs}
    goes_on = _next_stops(runs)
    hops: dict[Hop, Any] = defaultdict(lambda: np.zeros((3, slots), np.int64))
    stops: dict[tuple[str, int], Any] = defaultdict(lambda: np.zeros((2, slots), np.int64))
    rides = result.rides
    for row in np.argsort(rides.depart_s, kind="stable"):
        run, line, stop = rides.run[row], rides.line[row], rides.stop[row]
        slot = min(int(rides.depart_s[row] // result.slot_s), slots - 1)
        stops[line, place[stop]][:, slot] += (rides.boarded[row], rides.left_behind[row])
        if ahead := goes_on.get((run, stop)):
            hops[line, place[stop], place[ahead.popleft()]][:, slot] += (1, rides.on_board[row], room[run])
    lines = sorted({*rides.line}, key=_order)
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
    }


def _next_stops(runs: Sequence[Run]) -> dict[tuple[str, str], deque[str]]:
    """Where a run goes on to from a stop, in the order it comes by."""
    found: dict[tuple[str, str], deque[str]] = defaultdict(deque)
    for run in runs:
        for one, other in pairwise(run.stops):
            found[run.id, one.node].append(other.node)
    return found


def _order(name: str) -> tuple[int, str]:
    """2 before 10, numbers before names."""
    return (int(name), "") if name.isdecimal() else (10**9, name)
