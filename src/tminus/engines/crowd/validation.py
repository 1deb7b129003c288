"""What is doubtful about a network before anybody walks on it: every element named, with what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from tminus.engines.crowd.kinds import WALKED, LinkKind, NodeKind
from tminus.engines.crowd.network import Link, Network, Node

SHARED = tuple(kind for kind in WALKED if kind not in (LinkKind.ESCALATOR, LinkKind.DOOR))
"""Kinds people may walk both ways side by side; two escalators or doors are two."""
NARROW_M = 0.6
"""A person is about 0.6 m wide (Fruin 1971: body ellipse of 18 × 24 inches); nothing narrower is walked two abreast."""


class Doubt(StrEnum):
    """Kinds of what is doubtful."""

    ISOLATED = "isolated"
    """A node without links."""
    UNREACHABLE = "unreachable"
    """A node no link leads to: nobody comes here who does not begin here."""
    DEAD_END = "dead_end"
    """A junction people can enter and not leave."""
    COMPONENT = "component"
    """Nodes that no link joins to the greatest part of the network."""
    ZERO_WIDTH = "zero_width"
    """A link walked on that is narrower than a person."""
    ZERO_LENGTH = "zero_length"
    """A link walked faster than can be told apart: below a decimetre."""
    PARALLEL = "parallel"
    """Links between the same nodes in the same direction with the same length: which is taken is chance."""
    OPPOSED = "opposed"
    """Two one-way links that may be one two-way corridor drawn twice: as two they share no room."""
    FULL = "full"
    """A node that may hold nobody."""


@dataclass(frozen=True, slots=True)
class NetworkProblem:
    """``kind`` of doubt about ``element`` (``others``: with which), in words."""

    kind: Doubt
    element: str
    words: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.element}: {self.words}"


Joined = Sequence[tuple[str, str]]


def validate(network: Network, joined: Joined = ()) -> list[NetworkProblem]:
    """Everything doubtful, nodes before links, in the order of the network; nothing of it forbids a simulation.

    ``joined``: pairs of nodes vehicles carry people between, the first to the second.
    """
    return [
        *_lonely(network, joined),
        *_components(network, joined),
        *(one for node in network.nodes for one in _of_node(node)),
        *(one for link in network.links for one in _of_link(link)),
        *_doubled(network.links),
    ]


def _ends(network: Network, joined: Joined) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of where each way along a link begins and ends; two-way links are two ways."""
    at = {node.id: n for n, node in enumerate(network.nodes)}
    pairs = [(at[link.start], at[link.end]) for link in network.links]
    pairs += [(at[link.end], at[link.start]) for link in network.links if link.twoway]
    pairs += [(at[start], at[end]) for start, end in joined]
    both = np.array(pairs, np.int64).reshape(len(pairs), 2)
    return both[:, 0], both[:, 1]


def _lonely(network: Network, joined: Joined) -> Iterator[NetworkProblem]:
    begins, ends = _ends(network, joined)
    leaving = np.bincount(begins, minlength=len(network.nodes))
    coming = np.bincount(ends, minlength=len(network.nodes))
    for node, out, into in zip(network.nodes, leaving, coming, strict=True):
        if not out and not into:
            yield NetworkProblem(Doubt.ISOLATED, node.id, "has no links")
        elif not into and node.kind is NodeKind.JUNCTION:
            yield NetworkProblem(Doubt.UNREACHABLE, node.id, "no link leads here")
        elif not out and node.kind is NodeKind.JUNCTION:
            yield NetworkProblem(Doubt.DEAD_END, node.id, "no link leads away from this junction")


def _components(network: Network, joined: Joined) -> Iterator[NetworkProblem]:
    begins, ends = _ends(network, joined)
    if not len(begins):
        return
    n = len(network.nodes)
    _, part = connected_components(csr_array((np.ones(len(begins)), (begins, ends)), shape=(n, n)), directed=False)
    sizes = np.bincount(part)
    linked = np.bincount(np.concatenate((begins, ends)), minlength=n) > 0
    for number in np.flatnonzero(sizes < sizes.max(initial=0)):
        members = [network.nodes[k].id for k in np.flatnonzero((part == number) & linked)]
        if members:
            words = f"{len(members)} nodes not joined to the other {n - len(members)}"
            yield NetworkProblem(Doubt.COMPONENT, members[0], words, tuple(members[1:]))


def _of_node(node: Node) -> Iterator[NetworkProblem]:
    if node.capacity_p is not None and node.capacity_p < 1:
        yield NetworkProblem(Doubt.FULL, node.id, f"holds {node.capacity_p:g} persons: nobody comes in")


def _of_link(link: Link) -> Iterator[NetworkProblem]:
    if link.kind not in WALKED:
        return
    if link.width_m < NARROW_M:
        yield NetworkProblem(
            Doubt.ZERO_WIDTH, link.id, f"is {link.width_m:g} m wide, less than a person ({NARROW_M} m)"
        )
    if link.length_m < 0.1:
        yield NetworkProblem(Doubt.ZERO_LENGTH, link.id, f"is {link.length_m:g} m long")


def _doubled(links: Sequence[Link]) -> Iterator[NetworkProblem]:
    between: defaultdict[tuple[str, str], list[Link]] = defaultdict(list)
    for link in links:
        same, against = between[(link.start, link.end)], between[(link.end, link.start)]
        beside = [*same, *(one for one in against if one not in same and (link.twoway or one.twoway))]
        for other in beside:
            if other.kind is link.kind and other.length_m == link.length_m:
                words = f"joins {link.start} and {link.end} as {other.id} does, over the same {link.length_m:g} m"
                yield NetworkProblem(Doubt.PARALLEL, link.id, words, (other.id,))
        for other in against:
            if not link.twoway and not other.twoway and link.kind in SHARED and _alike(link, other):
                words = f"runs against {other.id}: one two-way link if both share the same {link.width_m:g} m"
                yield NetworkProblem(Doubt.OPPOSED, link.id, words, (other.id,))
        same.append(link)


def _alike(one: Link, other: Link) -> bool:
    return one.kind is other.kind and one.length_m == other.length_m and one.width_m == other.width_m
