"""A scenario's network as arrays: every direction of a link is a *way*.

A timetable adds a node for every stop of a line (the vehicle's inside) with a way to board, a way to ride on and a way
to alight, so that routes are chosen over walking and riding at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.diagram import FundamentalDiagram
from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Link, Network
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.scenario import Run

WALKED, BOARD, RIDE, ALIGHT = 0, 1, 2, 3
"""What a way is to the simulation."""

_CODE = {LinkKind.BOARD: BOARD, LinkKind.RIDE: RIDE, LinkKind.ALIGHT: ALIGHT}

ROOM_PER_LANE_M = 0.7
"""Width in which one person can stand aside for others to pass, so many can be passed at a blocked end."""
MOST_PASSED = 64


@dataclass(frozen=True)
class Compiled:
    """Ways and nodes by number; ``moved`` ways.

    Arrays [way] unless told: ``start``, ``end`` nodes; ``element`` position of the link in ``links``; ``opposite`` the
    other direction or −1; ``what`` one of WALKED, BOARD, RIDE, ALIGHT; ``free_s`` seconds alone; ``capacity`` persons a
    second; ``area`` m²; ``diagram`` which; ``passing`` who may be passed at a blocked end.
    ``relative``: [diagram, diagram.GRID + 1] speed over free speed, not below that at the critical density.
    ``waves``: [way, WAVES, 2] seconds until a gap is at the beginning, and persons it meets (diagram.Wave).
    """

    nodes: tuple[str, ...]
    links: tuple[Link, ...]
    index: dict[str, int]
    moved: int
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    element: NDArray[np.int32]
    opposite: NDArray[np.int32]
    what: NDArray[np.int8]
    free_s: NDArray[np.float64]
    capacity: NDArray[np.float64]
    area: NDArray[np.float64]
    diagram: NDArray[np.int8]
    passing: NDArray[np.int8]
    relative: NDArray[np.float32]
    jam: NDArray[np.float64]
    critical: NDArray[np.float64]
    waves: NDArray[np.float64]
    node_capacity: NDArray[np.float64]
    incoming: tuple[NDArray[np.int32], NDArray[np.int32]]
    ways_of: tuple[tuple[int, int], ...]
    """By link: the way forward and the way back, −1: none."""
    free_speed: float

    def node(self, id: str) -> int:
        """The number of node ``id``.

        :raises CrowdError: there is none.
        """
        try:
            return self.index[id]
        except KeyError:
            raise CrowdError(f"node {id!r} is not in the network") from None


def compile_network(network: Network, runs: tuple[Run, ...] = ()) -> Compiled:
    """The arrays of ``network`` with the stops of ``runs``."""
    from tminus.engines.crowd.riding import rides_of  # here: riding needs what stands above

    inside, rides = rides_of(network, runs)
    links = tuple(network.links) + rides
    nodes = tuple(n.id for n in network.nodes) + inside
    index = {id: i for i, id in enumerate(nodes)}
    if len(index) != len(nodes):
        raise CrowdError("a stop of a line has the id of a node; allowed: ids without '@'")
    curves, which = _curves(network, links)
    ways_of, origin = _directions(links)
    element = np.array([e for e, _ in origin], np.int32)
    forward = np.array([f for _, f in origin], bool)
    a = np.array([index[link.start] for link in links], np.int32)[element]
    b = np.array([index[link.end] for link in links], np.int32)[element]
    start, end = (np.where(forward, *ends).astype(np.int32) for ends in ((a, b), (b, a)))
    capacities = [n.capacity_p for n in network.nodes]
    return Compiled(
        nodes=nodes,
        links=links,
        index=index,
        moved=len(origin),
        start=start,
        end=end,
        element=element,
        opposite=np.array([ways_of[e][1 if f else 0] for e, f in origin], np.int32),
        what=np.array([_CODE.get(link.kind, WALKED) for link in links], np.int8)[element],
        free_s=np.array([_free_s(link, network.diagram_of(link)) for link in links])[element],
        capacity=np.array([_capacity(link, network.diagram_of(link)) for link in links])[element],
        area=np.array([max(link.length_m * link.width_m, 1e-3) for link in links])[element],
        diagram=np.array(which, np.int8)[element],
        passing=np.array([min(max(int(link.width_m / ROOM_PER_LANE_M), 1), MOST_PASSED) for link in links], np.int8)[
            element
        ],
        relative=np.array([_relative(c) for c in curves], np.float32),
        jam=np.array([c.jam_p_m2 for c in curves]),
        critical=np.array([c.critical_p_m2 for c in curves]),
        waves=np.array([_waves(link, network.diagram_of(link)) for link in links])[element],
        node_capacity=np.array([np.inf if c is None else c for c in capacities] + [np.inf] * len(inside)),
        incoming=incoming_ways(start, end, len(nodes), _boarding(links)[element]),
        ways_of=ways_of,
        free_speed=network.default.free_speed_m_s,
    )


def incoming_ways(
    start: NDArray[np.int32], end: NDArray[np.int32], nodes: int, boarding: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """First positions [nodes + 1] and the queues people come to a node by.

    These are the ways that end there (nobody reaches the end of a way to board: a vehicle fetches him), the queues
    before the ways that begin there, numbered from ``moved`` on, and the node's own, from twice that on.
    """
    moved = len(end)
    ways = np.concatenate((np.nonzero(~boarding)[0], moved + np.arange(moved + nodes))).astype(np.int32)
    at = np.concatenate((end[~boarding], start, np.arange(nodes))).astype(np.int32)
    order = np.argsort(at, kind="stable")
    first = np.zeros(nodes + 1, np.int32)
    np.cumsum(np.bincount(at, minlength=nodes), out=first[1:])
    return first, ways[order]


def _boarding(links: tuple[Link, ...]) -> NDArray[np.bool_]:
    return np.array([link.kind is LinkKind.BOARD for link in links], bool)


def _directions(links: tuple[Link, ...]) -> tuple[tuple[tuple[int, int], ...], list[tuple[int, bool]]]:
    ways_of: list[tuple[int, int]] = []
    origin: list[tuple[int, bool]] = []
    for e, link in enumerate(links):
        back = len(origin) + 1 if link.twoway else -1
        ways_of.append((len(origin), back))
        origin += [(e, True), (e, False)] if link.twoway else [(e, True)]
    return tuple(ways_of), origin


def _curves(network: Network, links: tuple[Link, ...]) -> tuple[list[FundamentalDiagram], list[int]]:
    curves: list[FundamentalDiagram] = []
    place: dict[int, int] = {}
    which = []
    for link in links:
        curve = network.diagram_of(link)
        if id(curve) not in place:
            place[id(curve)] = len(curves)
            curves.append(curve)
        which.append(place[id(curve)])
    return curves or [network.default], which


def _relative(curve: FundamentalDiagram) -> NDArray[np.float64]:
    """Nobody walks slower *on* the way than at the critical density: what is slower is waiting at its end."""
    slowest = float(curve.speed_at(curve.critical_p_m2))
    return np.maximum(curve.speeds_m_s, slowest) / curve.free_speed_m_s


def _scale(link: Link, curve: FundamentalDiagram) -> float:
    return (link.free_speed_m_s or curve.free_speed_m_s) / curve.free_speed_m_s


def _free_s(link: Link, curve: FundamentalDiagram) -> float:
    if link.travel_s is not None:
        return link.travel_s
    return link.length_m / (link.free_speed_m_s or curve.free_speed_m_s)


def _capacity(link: Link, curve: FundamentalDiagram) -> float:
    if link.capacity_p_s is not None:
        return link.capacity_p_s
    return curve.capacity_p_m_s * _scale(link, curve) * link.width_m if link.width_m else np.inf


def _waves(link: Link, curve: FundamentalDiagram) -> list[tuple[float, float]]:
    area, scale = link.length_m * link.width_m, _scale(link, curve)
    return [(link.length_m / (wave.speed_m_s * scale), wave.meets_p_m2 * area) for wave in curve.waves]
