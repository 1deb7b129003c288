"""Gates of an event let people in one by one and out freely: each gate node becomes one for each direction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.problem import CrowdError

OUT = "-out"


def way_out_of(gate: str) -> str:
    """The id of the node people leave by where they came in by ``gate``."""
    return gate + OUT


def two_sided(network: Network, gates: Collection[str], inside: Collection[str]) -> Network:
    """``network`` with a node to come in and one to go out for each gate, and half the width of its ways for each.

    :param inside: nodes of the site (halls); what can be reached from them without passing a gate is inside.
    :raises CrowdError: a gate that does not stand between inside and outside.
    """
    within = _reached(network, gates, inside)
    nodes = [part for node in network.nodes for part in _parts(node, gates)]
    links = [part for link in network.links for part in _split(link, gates, within)]
    for gate in gates:
        sides = {end in within for link in network.links for end in _beyond(link, gate)}
        if sides != {True, False}:
            raise CrowdError(f"gate {gate!r} does not lead from outside to the halls; allowed: ways to both sides")
    return replace(network, nodes=tuple(nodes), links=tuple(links))


def _reached(network: Network, gates: Collection[str], begin: Collection[str]) -> set[str]:
    beside: dict[str, list[str]] = defaultdict(list)
    for link in network.links:
        beside[link.start].append(link.end)
        beside[link.end].append(link.start)
    found, open_ends = set(begin), list(begin)
    while open_ends:
        for node in beside[open_ends.pop()]:
            if node not in found and node not in gates:
                found.add(node)
                open_ends.append(node)
    return found


def _parts(node: Node, gates: Collection[str]) -> list[Node]:
    return [node, replace(node, id=way_out_of(node.id))] if node.id in gates else [node]


def _beyond(link: Link, gate: str) -> list[str]:
    return [end for end in (link.start, link.end) if end != gate and gate in (link.start, link.end)]


def _split(link: Link, gates: Collection[str], within: Collection[str]) -> list[Link]:
    gate = next((end for end in (link.start, link.end) if end in gates), None)
    if gate is None:
        return [link]
    other = link.end if gate == link.start else link.start
    ends = ((gate, other), (other, way_out_of(gate))) if other in within else ((other, gate), (way_out_of(gate), other))
    each = replace(
        link,
        twoway=False,
        width_m=link.width_m / 2,
        capacity_p_s=None if link.capacity_p_s is None else link.capacity_p_s / 2,
    )
    (a, b), (c, d) = ends
    return [replace(each, start=a, end=b), replace(each, id=way_out_of(link.id), start=c, end=d)]
