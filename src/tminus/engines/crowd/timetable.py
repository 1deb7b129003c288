"""Timetabled vehicles as the simulations see them: stops one after another, arrivals and departures by time."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.compiled import Compiled
from tminus.engines.crowd.day_result import RideFigures
from tminus.engines.crowd.riding import board_id, inside, ride_id
from tminus.engines.crowd.scenario import Run

EVENT = np.dtype(
    [
        ("at", "f8"),
        ("arrive", "f8"),
        ("run", "i4"),
        ("place", "i4"),  # of the run's stop in the lists of who is aboard
        ("last", "i4"),  # place of the run's last stop
        ("boarding", "i1"),
        ("node", "i4"),  # the platform
        ("door_s", "f8"),  # seconds a person
    ],
    align=True,
)


class _Places:
    """Numbers of ways and nodes of lines at stops; each is looked up once, however many vehicles come by."""

    def __init__(self, net: Compiled) -> None:
        self._net = net
        self._way = {link.id: net.ways_of[e][0] for e, link in enumerate(net.links)}
        self._stops: dict[tuple[str, str], tuple[int, int, int]] = {}
        self._rides: dict[tuple[str, str, str], int] = {}

    def stop(self, line: str, stop: str) -> tuple[int, int, int]:
        """The node inside the vehicle, the platform, and the way to board (−1: nobody ever boards there)."""
        if (line, stop) not in self._stops:
            aboard, platform = self._net.node(inside(line, stop)), self._net.node(stop)
            self._stops[line, stop] = (aboard, platform, self._way.get(board_id(line, stop), -1))
        return self._stops[line, stop]

    def ride(self, line: str, here: str, there: str) -> int:
        """The way from one stop to the next."""
        if (line, here, there) not in self._rides:
            self._rides[line, here, there] = self._way[ride_id(line, here, there)]
        return self._rides[line, here, there]


def vehicles_of(net: Compiled, runs: tuple[Run, ...]) -> tuple[dict[str, Any], NDArray[np.void]]:
    """The stops of all runs one after another, and arrivals and departures by time."""
    place = _Places(net)
    stop_way: list[int] = []
    node: list[int] = []
    board: list[int] = []
    seconds: list[float] = []
    events: list[tuple[float, ...]] = []
    for number, run in enumerate(runs):
        line, calls, first = run.line, run.stops, len(stop_way)
        last = first + len(calls) - 1
        door_s = 0.0 if np.isinf(run.door_p_s) else 1.0 / run.door_p_s
        for k, (stop, on) in enumerate(zip(calls, (*calls[1:], None), strict=True), start=first):
            aboard, platform, boards = place.stop(line, stop.node)
            node.append(aboard)
            if k > first:
                events.append((stop.arrive_s, stop.arrive_s, number, k, last, 0, platform, door_s))
            if on is not None:
                events.append((stop.depart_s, stop.arrive_s, number, k, last, 1, platform, door_s))
            stop_way.append(-1 if on is None else place.ride(line, stop.node, on.node))
            seconds.append(0.0 if on is None else on.arrive_s - stop.depart_s)
            board.append(-1 if on is None else boards)
    found = np.array(events, EVENT) if events else np.zeros(0, EVENT)
    order = np.lexsort((found["boarding"], found["place"], found["at"])) if events else np.zeros(0, np.int64)
    stops = {
        "stop_way": np.array(stop_way, np.int32),
        "stop_node": np.array(node, np.int32),
        "stop_board": np.array(board, np.int32),
        "ride_s": np.array(seconds, np.float64),
    }
    return stops, found[order]


def ride_figures(
    net: Compiled, runs: tuple[Run, ...], events: NDArray[np.void], seen: NDArray[np.int32], over: int
) -> RideFigures:
    """Departures among the first ``over`` events; ``seen``: [event, 3] boarded, on board, left behind."""
    rows = np.flatnonzero(events["boarding"].astype(bool) & (np.arange(len(events)) < over))
    gone = [runs[int(k)] for k in events["run"][rows]]
    return RideFigures(
        run=tuple(run.id for run in gone),
        line=tuple(run.line for run in gone),
        stop=tuple(net.nodes[int(v)] for v in events["node"][rows]),
        depart_s=events["at"][rows].copy(),
        boarded=seen[rows, 0],
        on_board=seen[rows, 1],
        left_behind=seen[rows, 2],
    )
