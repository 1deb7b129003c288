"""The walking network as people hand it in: nodes, and links of length, width and kind between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tminus.engines.crowd.diagram import FundamentalDiagram, weidmann
from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.problem import CrowdError


@dataclass(frozen=True, slots=True)
class Node:
    """A place. ``x``, ``y``: metres, or degrees east and north where ``Network.geographic``.

    ``area_m2``: ground people may stand on, for densities of waiting. ``capacity_p``: nobody comes in beyond it; they
    wait on the links before it. Both none: not known, never full.
    """

    id: str
    kind: NodeKind = NodeKind.JUNCTION
    x: float = 0.0
    y: float = 0.0
    area_m2: float | None = None
    capacity_p: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A way from ``start`` to ``end``; ``twoway``: both directions share its width and its storage.

    ``capacity_p_s``: greatest flow of the whole width, persons a second; none: the diagram's times the width.
    ``free_speed_m_s``: of somebody alone, the diagram's scaled to it; none: the kind's. ``travel_s``: of a ride.
    """

    id: str
    start: str
    end: str
    length_m: float
    width_m: float = 0.0
    kind: LinkKind = LinkKind.CORRIDOR
    capacity_p_s: float | None = None
    free_speed_m_s: float | None = None
    twoway: bool = False
    travel_s: float | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes and links; ``diagrams`` by kind of link, ``default`` for the others.

    :raises CrowdError: a link to a node that is not there, an id twice, a length or width that cannot be walked.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    default: FundamentalDiagram = field(default_factory=weidmann)
    diagrams: dict[LinkKind, FundamentalDiagram] = field(default_factory=dict)
    geographic: bool = False

    def __post_init__(self) -> None:
        _unique("node", [n.id for n in self.nodes])
        _unique("link", [link.id for link in self.links])
        known = {n.id for n in self.nodes}
        for link in self.links:
            _check_link(link, known)

    def diagram_of(self, link: Link) -> FundamentalDiagram:
        """The diagram people walk by on ``link``."""
        return self.diagrams.get(link.kind, self.default)


def _unique(what: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise CrowdError(f"{what} {one!r} stands twice; allowed: every id once")
        seen.add(one)


def _check_link(link: Link, known: set[str]) -> None:
    for end in (link.start, link.end):
        if end not in known:
            raise CrowdError(f"link {link.id!r}: node {end!r} is not in the network")
    if link.start == link.end:
        raise CrowdError(f"link {link.id!r} leads from {link.start!r} to itself; allowed: two different nodes")
    ride = link.kind is LinkKind.RIDE
    if not (0 < link.length_m < 1e7) and not ride:
        raise CrowdError(f"link {link.id!r}: length {link.length_m:g} m; allowed: above 0")
    if not ride and not (0 < link.width_m < 1e4):
        raise CrowdError(f"link {link.id!r}: width {link.width_m:g} m; allowed: above 0")
    if link.capacity_p_s is not None and not (0 < link.capacity_p_s < 1e6):
        raise CrowdError(f"link {link.id!r}: capacity {link.capacity_p_s:g} persons/s; allowed: above 0")
    if link.free_speed_m_s is not None and not (0 < link.free_speed_m_s < 100):
        raise CrowdError(f"link {link.id!r}: free speed {link.free_speed_m_s:g} m/s; allowed: above 0")
