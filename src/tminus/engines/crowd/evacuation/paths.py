"""A flow over time taken apart into paths: who walks from where, when, by which ways, to which exit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.crowd.evacuation.expansion import BEGIN, LEAVE, WALK, Expansion
from tminus.engines.crowd.evacuation.ways import Ints


@dataclass(frozen=True, slots=True)
class Paths:
    """One row a group of people who walk together.

    :param persons: [path]. ``origin``, ``exit``: [path] nodes. ``arrive``: [path] step at the exit.
    :param first: [path + 1] where each begins in ``way`` and ``step``: the ways it walks and the step of entering each.
    """

    persons: Ints
    origin: Ints
    exit: Ints
    arrive: Ints
    first: Ints
    way: Ints
    step: Ints


def paths_of(graph: Expansion, flow: Ints) -> Paths:
    """Every path of ``flow``; their persons add up to it."""
    used = np.flatnonzero(flow > 0)
    # leaving first, then walking, then staying: who may go on goes on
    order = used[np.lexsort((used, _RANK[graph.what[used]], graph.tail[used]))]
    begins = np.searchsorted(graph.tail[order], np.arange(graph.sink + 2))
    starts = used[graph.what[used] == BEGIN]
    persons, length, arcs = _strip(
        begins.astype(np.int64), graph.head[order], flow[order].copy(), graph.head[starts], flow[starts], graph.sink
    )
    arc = order[arcs]
    owner = np.repeat(np.arange(len(persons)), length)
    walk = graph.what[arc] == WALK
    left = graph.what[arc] == LEAVE
    return Paths(
        persons=persons,
        origin=_origins(graph, starts, flow, persons),
        exit=graph.of[arc[left]],
        arrive=graph.step[arc[left]],
        first=np.concatenate(([0], np.cumsum(np.bincount(owner[walk], minlength=len(persons))))).astype(np.int64),
        way=graph.of[arc[walk]],
        step=graph.step[arc[walk]],
    )


_RANK = np.array([1, 2, 3, 0], np.int8)


def _origins(graph: Expansion, starts: Ints, flow: Ints, persons: Ints) -> Ints:
    """Paths come origin by origin: the one whose people reach as far as this path does."""
    reached = np.searchsorted(np.cumsum(flow[starts]), np.cumsum(persons))
    return graph.of[starts[reached]]


@njit(cache=True)
def _strip(
    begins: Ints, head: Ints, left: Ints, start: Ints, amount: Ints, sink: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Walk from each start along arcs with flow left until the sink, take off the least, again until none is left."""
    at = begins.copy()
    persons, length, arcs = (
        [np.int64(0) for _ in range(0)],
        [np.int64(0) for _ in range(0)],
        [np.int64(0) for _ in range(0)],
    )
    for s in range(len(start)):
        remaining = amount[s]
        while remaining > 0:
            node, least, begun = start[s], remaining, len(arcs)
            while node != sink:
                while left[at[node]] == 0:
                    at[node] += 1
                arc = at[node]
                arcs.append(arc)
                least = min(least, left[arc])
                node = head[arc]
            for n in range(begun, len(arcs)):
                left[arcs[n]] -= least
            persons.append(least)
            length.append(np.int64(len(arcs) - begun))
            remaining -= least
    return np.array(persons), np.array(length), np.array(arcs)
