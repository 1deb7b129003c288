"""Which way people take: for every destination and node the first way of a quickest route."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
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


@dataclass(frozen=True, slots=True)
class Split:
    """Up to two ways onward for every destination and node, and the share of people who take the first.

    All [destination, node]; ``other`` is ``NO_WAY`` where there is no second one.
    """

    first: NDArray[np.int32]
    other: NDArray[np.int32]
    share: NDArray[np.float32]

    @classmethod
    def all_on(cls, first: NDArray[np.int32]) -> Split:
        """Everybody takes the first."""
        return cls(first, np.full_like(first, NO_WAY), np.ones(first.shape, np.float32))

    def drawn_to(self, best: NDArray[np.int32], weight: float) -> Split:
        """``weight`` of the people change to ``best``; of three ways the least taken is given up."""
        first, other, share = self.first.copy(), self.other.copy(), self.share.astype(np.float64)
        to_first, to_other = best == first, best == other
        new = ~to_first & ~to_other & (best != NO_WAY)
        share = np.where(to_first, share + weight * (1 - share), share * (1 - weight))
        swap = new & (share < (1 - weight) - share)  # the first keeps less than the other
        first[swap], share[swap] = other[swap], (1 - weight) - share[swap]
        kept = share[new]
        other[new] = best[new]
        share[new] = kept / (kept + weight)
        return Split(first, other, share.astype(np.float32))


def next_ways(net: Compiled, destinations: NDArray[np.int32], costs: NDArray[np.float64]) -> NDArray[np.int32]:
    """[destination, node] the way a quickest route begins with, ``NO_WAY`` where there is none (or one is there)."""
    return quickest(net, destinations, costs, times_to(net, destinations, costs))


def quickest(
    net: Compiled, destinations: NDArray[np.int32], costs: NDArray[np.float64], times: NDArray[np.float64]
) -> NDArray[np.int32]:
    """As :func:`next_ways`, of ``times`` that are known."""
    found = np.full(times.shape, NO_WAY, np.int32)
    order = np.argsort(net.start, kind="stable")
    at = net.start[order]
    first = np.concatenate(([0], np.nonzero(np.diff(at))[0] + 1, [len(at)])) if len(at) else np.zeros(1, np.int64)
    _quickest(order, first, net.start, net.end, costs, times, found)
    found[np.arange(len(destinations)), destinations] = NO_WAY
    return found


@njit(cache=True, nogil=True)
def _quickest(order, first, start, end, costs, times, found):  # type: ignore[no-untyped-def]
    """Into ``found`` the way of the least cost and time onward; of equal ones the first, none if all are infinite."""
    for d in range(found.shape[0]):
        for group in range(len(first) - 1):
            best, way = np.inf, -1
            for k in range(first[group], first[group + 1]):
                value = costs[order[k]] + times[d, end[order[k]]]
                if value < best:
                    best, way = value, order[k]
            found[d, start[order[first[group]]]] = way
