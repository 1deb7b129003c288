"""The walking network as directed ways: seconds to walk each, persons a second through it, nearest exits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tminus.engines.crowd.kinds import capacity_where_unsaid
from tminus.engines.crowd.network import Link, Network
from tminus.engines.crowd.problem import CrowdError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


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
    """The ways of the walking network without the links ``closed``.

    :raises CrowdError: a closed link that is not there.
    """
    known = {link.id for link in network.links}
    if unknown := [one for one in closed if one not in known]:
        raise CrowdError(f"closed link {unknown[0]!r} is not in the network")
    at = {node.id: n for n, node in enumerate(network.nodes)}
    rows = [
        (n, at[start], at[end], *walked_alone(network, link))
        for n, link in enumerate(network.links)
        if link.id not in closed
        for start, end in _directions(link)
    ]
    columns = list(zip(*rows, strict=True)) or [()] * 5
    return Ways(
        nodes=tuple(at),
        links=tuple(link.id for link in network.links),
        link=np.array(columns[0], np.int64),
        start=np.array(columns[1], np.int64),
        end=np.array(columns[2], np.int64),
        travel_s=np.array(columns[3], np.float64),
        capacity_p_s=np.array(columns[4], np.float64),
        storage_p=np.array([np.inf if n.capacity_p is None else n.capacity_p for n in network.nodes], np.float64),
    )


def _directions(link: Link) -> Sequence[tuple[str, str]]:
    there = (link.start, link.end)
    return (there, there[::-1]) if link.twoway else (there,)


def walked_alone(network: Network, link: Link) -> tuple[float, float]:
    """Seconds somebody alone needs for ``link``, and persons a second of its whole width.

    A free speed of its own scales the diagram: both follow it.
    """
    diagram = network.diagram_of(link)
    speed = diagram.free_speed_m_s if link.free_speed_m_s is None else link.free_speed_m_s
    travel = link.length_m / speed if link.travel_s is None else link.travel_s
    stated = capacity_where_unsaid(link.kind, link.width_m) if link.capacity_p_s is None else link.capacity_p_s
    capacity = diagram.capacity_p_m_s * link.width_m * speed / diagram.free_speed_m_s if stated is None else stated
    if not capacity > 0:
        raise CrowdError(f"link {link.id!r}: no width and no capacity; allowed: one of them above 0")
    return travel, capacity


def nearest(count: int, start: Ints, end: Ints, weight: Floats, targets: Ints) -> Floats:
    """[node] least sum of ``weight`` from each node to the nearest of ``targets``; infinite where none is reached."""
    order = np.lexsort((weight, start, end))
    first = np.ones(len(order), bool)
    first[1:] = (np.diff(end[order]) != 0) | (np.diff(start[order]) != 0)
    kept = order[first]  # of parallel ways the shortest: a sparse matrix would add them up
    backwards = csr_array((weight[kept], (end[kept], start[kept])), shape=(count, count))
    return np.asarray(dijkstra(backwards, indices=targets, min_only=True), np.float64)
