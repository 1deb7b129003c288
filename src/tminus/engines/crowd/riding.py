"""Vehicles as part of the network: a node inside every line's vehicle at every stop, ways to board, ride and alight."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Link, Network
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Run

LONGEST_EXPECTED_WAIT_S = 1800.0
"""Of a line that leaves once only, for choosing ways."""


def inside(line: str, stop: str) -> str:
    """The id of the node inside a vehicle of ``line`` that stands at ``stop``."""
    return f"{stop}@{line}"


def rides_of(network: Network, runs: tuple[Run, ...]) -> tuple[tuple[str, ...], tuple[Link, ...]]:
    """Nodes inside vehicles, and the ways to board (half a headway), to ride (mean of the runs) and to alight.

    :raises CrowdError: a stop that is no node of the network.
    """
    known = {n.id for n in network.nodes}
    departures: dict[tuple[str, str], list[float]] = defaultdict(list)
    ridden: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    stops: dict[tuple[str, str], None] = {}
    for run in runs:
        for stop in run.stops:
            if stop.node not in known:
                raise CrowdError(f"run {run.id!r}: stop {stop.node!r} is not in the network")
            stops.setdefault((run.line, stop.node))
        for here, there in zip(run.stops, run.stops[1:], strict=False):
            departures[run.line, here.node].append(here.depart_s)
            ridden[run.line, here.node, there.node].append(there.arrive_s - here.depart_s)
    links = [_alight(line, stop) for line, stop in stops]
    links += [_board(line, stop, _expected_wait(times)) for (line, stop), times in departures.items()]
    links += [_ride(line, here, there, float(np.mean(s))) for (line, here, there), s in ridden.items()]
    return tuple(inside(line, stop) for line, stop in stops), tuple(links)


def _expected_wait(departures: list[float]) -> float:
    times = np.sort(np.asarray(departures))
    if len(times) < 2:
        return LONGEST_EXPECTED_WAIT_S
    return float(min(np.median(np.diff(times)) / 2, LONGEST_EXPECTED_WAIT_S))


def board_id(line: str, stop: str) -> str:
    """The id of the way from a platform into the vehicles of ``line``."""
    return f">{inside(line, stop)}"


def ride_id(line: str, here: str, there: str) -> str:
    """The id of the way a vehicle of ``line`` rides from one stop to the next."""
    return f"{here}>{there}@{line}"


def _made(id: str, start: str, end: str, kind: LinkKind, seconds: float) -> Link:
    return Link(id, start, end, 1.0, 1.0, kind, travel_s=max(seconds, 1.0))


def _alight(line: str, stop: str) -> Link:
    return _made(f"{inside(line, stop)}>", inside(line, stop), stop, LinkKind.ALIGHT, 1.0)


def _board(line: str, stop: str, wait_s: float) -> Link:
    return _made(board_id(line, stop), stop, inside(line, stop), LinkKind.BOARD, wait_s)


def _ride(line: str, here: str, there: str, seconds: float) -> Link:
    return _made(ride_id(line, here, there), inside(line, here), inside(line, there), LinkKind.RIDE, seconds)
