"""Travel times through a network, by shortest path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tminus.engines.forecast.panel import ForecastError


@dataclass(frozen=True, slots=True)
class Ride:
    """A way from one node to the next that takes ``travel_s`` seconds, waiting included."""

    origin: str
    destination: str
    travel_s: float
    both_ways: bool = False


def travel_times(rides: Sequence[Ride], origins: Sequence[str], destinations: Sequence[str]) -> NDArray[np.float64]:
    """[origin, destination] minutes of the quickest way; infinite where there is none.

    :raises ForecastError: a ride of negative length.
    """
    place = _places(rides, (*origins, *destinations))
    begins, ends, seconds = _edges(rides, place)
    if seconds.size and not (seconds >= 0).all():
        worst = rides[int(np.argmin(seconds)) % len(rides)]
        raise ForecastError(f"{worst.origin} → {worst.destination}: {worst.travel_s} s; allowed: at least 0")
    # of two ways between the same nodes the quicker one; 0 would be no way at all to the sparse form
    order = np.lexsort((seconds, ends, begins))
    begins, ends, seconds = begins[order], ends[order], np.maximum(seconds[order], 1e-6)
    first = np.ones(len(begins), dtype=bool)
    first[1:] = (np.diff(begins) != 0) | (np.diff(ends) != 0)
    graph = csr_array((seconds[first], (ends[first], begins[first])), shape=(len(place), len(place)))
    to = np.array([place[one] for one in destinations], dtype=np.intp)
    away = dijkstra(graph, indices=to)  # turned round: from the few destinations to all
    found: NDArray[np.float64] = away[:, [place[one] for one in origins]].T / 60
    return found


def _places(rides: Sequence[Ride], more: Sequence[str]) -> Mapping[str, int]:
    names = [name for ride in rides for name in (ride.origin, ride.destination)]
    return {name: number for number, name in enumerate(dict.fromkeys([*names, *more]))}


def _edges(
    rides: Sequence[Ride], place: Mapping[str, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
    ways = [(ride.origin, ride.destination, ride.travel_s) for ride in rides]
    ways += [(ride.destination, ride.origin, ride.travel_s) for ride in rides if ride.both_ways]
    begins = np.array([place[begin] for begin, _, _ in ways], dtype=np.intp)
    ends = np.array([place[end] for _, end, _ in ways], dtype=np.intp)
    return begins, ends, np.array([seconds for _, _, seconds in ways], dtype=np.float64)
