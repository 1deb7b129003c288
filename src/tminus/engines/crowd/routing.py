"""Which way people take: for every destination and node the first way of a quickest route."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tminus.engines.crowd.compiled import Compiled

NO_WAY = -1
_TINY = 1e-9


def free_costs(net: Compiled) -> NDArray[np.float64]:
    """[way] seconds when nobody else is about; of boarding, half a headway."""
    return np.maximum(net.free_s, _TINY)


def times_to(net: Compiled, destinations: NDArray[np.int32], costs: NDArray[np.float64]) -> NDArray[np.float64]:
    """[destination, node] seconds of the quickest route, infinite where there is none; ``costs``: [way]."""
    usable = np.isfinite(costs)
    here, there, cost = net.end[usable], net.start[usable], costs[usable]
    order = np.lexsort((-cost, there, here))  # of parallel ways the quickest is written last
    keys = here[order].astype(np.int64) * len(net.nodes) + there[order]
    last = np.concatenate((keys[1:] != keys[:-1], [True])) if len(keys) else np.zeros(0, bool)
    chosen = order[last]
    n = len(net.nodes)
    reversed_graph = csr_array((np.maximum(cost[chosen], _TINY), (here[chosen], there[chosen])), shape=(n, n))
    found = dijkstra(reversed_graph, indices=np.asarray(destinations)) if len(destinations) else np.zeros((0, n))
    return np.atleast_2d(np.asarray(found, np.float64))


def next_ways(net: Compiled, destinations: NDArray[np.int32], costs: NDArray[np.float64]) -> NDArray[np.int32]:
    """[destination, node] the way a quickest route begins with, ``NO_WAY`` where there is none (or one is there)."""
    times = times_to(net, destinations, costs)
    found = np.full(times.shape, NO_WAY, np.int32)
    order = np.argsort(net.start, kind="stable")
    at = net.start[order]
    first = np.concatenate(([0], np.nonzero(np.diff(at))[0] + 1)) if len(at) else np.zeros(0, np.int64)
    for d in range(len(destinations)):
        value = costs[order] + times[d, net.end[order]]
        if not len(first):
            break
        best = np.minimum.reduceat(value, first)
        group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(at))))
        is_best = np.nonzero(value == best[group])[0][::-1]
        found[d, at[is_best]] = order[is_best]
        found[d, at[first][~np.isfinite(best)]] = NO_WAY
    found[np.arange(len(destinations)), destinations] = NO_WAY
    return found
