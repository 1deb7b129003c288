"""The walking network as directed ways: seconds to walk each, persons a second through it, nearest exits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tminus.engines.crowd.compiled import compile_network
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.problem import CrowdError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_LIMIT_P_S = 1e6
"""Persons a second of a link without width or capacity."""


@dataclass(frozen=True, slots=True)
class Ways:
    """One row a direction people may walk; a two-way link is two rows, each with its whole capacity.

    :param nodes: ids; ``links``: ids. ``link``, ``start``, ``end``: [way] positions.
    :param travel_s: [way] seconds of somebody alone. ``capacity_p_s``: [way] persons a second.
    :param storage_p: [node] persons who may stay there; infinite where nothing is said.
    """

    nodes: tuple[str, ...]
    links: tuple[str, ...]
    link: Ints
    start: Ints
    end: Ints
    travel_s: Floats
    capacity_p_s: Floats
    storage_p: Floats

    def __len__(self) -> int:
        return len(self.link)


def ways_of(network: Network, closed: Collection[str] = ()) -> Ways:
    """The ways of the network as the simulation walks them, without the links ``closed``.

    :raises CrowdError: a closed link that is not there.
    """
    known = {link.id: n for n, link in enumerate(network.links)}
    if unknown := [one for one in closed if one not in known]:
        raise CrowdError(f"closed link {unknown[0]!r} is not in the network")
    found = compile_network(network)
    open_ = ~np.isin(found.element, [known[one] for one in closed])
    return Ways(
        nodes=found.nodes,
        links=tuple(known),
        link=found.element[open_].astype(np.int64),
        start=found.start[open_].astype(np.int64),
        end=found.end[open_].astype(np.int64),
        travel_s=found.free_s[open_],
        capacity_p_s=np.minimum(found.capacity[open_], NO_LIMIT_P_S),
        storage_p=found.node_capacity,
    )


def nearest(count: int, start: Ints, end: Ints, weight: Floats, targets: Ints) -> Floats:
    """[node] least sum of ``weight`` from each node to the nearest of ``targets``; infinite where none is reached."""
    order = np.lexsort((weight, start, end))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(end[order]) != 0) | (np.diff(start[order]) != 0)
    kept = order[first]  # of parallel ways the shortest: a sparse matrix would add them up
    backwards = csr_array((weight[kept], (end[kept], start[kept])), shape=(count, count))
    return np.asarray(dijkstra(backwards, indices=targets, min_only=True), np.float64)
