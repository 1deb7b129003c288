"""Networks whose walks are whole steps of a second and whose capacities whole persons a step."""

from __future__ import annotations

from random import Random

from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link, Network, Node

FREE_M_S = 1.34


def link(name: str, start: str, end: str, walk_s: float, per_s: float, twoway: bool = False) -> Link:
    """A corridor by what matters to a flow: seconds and persons a second."""
    return Link(name, start, end, FREE_M_S * walk_s, 1.0, capacity_p_s=per_s, twoway=twoway)


def network(links: list[Link], exits: str = "e", rooms: dict[str, float] | None = None) -> Network:
    names = sorted({end for one in links for end in (one.start, one.end)})
    kinds = {name: NodeKind.EXIT if name in exits.split() else NodeKind.JUNCTION for name in names}
    return Network(tuple(Node(n, kinds[n], capacity_p=(rooms or {}).get(n)) for n in names), tuple(links))


def drawn(random: Random, places: int, ways: int, exits: int, most: int) -> tuple[Network, dict[str, int]]:
    """A random network every place of which can be left, and who is where."""
    names = [f"n{n}" for n in range(places)]
    out = names[:exits]
    links = [
        link(f"s{n}", names[n], names[random.randrange(n)], random.randint(1, 3), random.randint(1, 3))
        for n in range(exits, places)
    ]
    while len(links) < ways:
        a, b = random.sample(names, 2)
        links.append(link(f"x{len(links)}", a, b, random.randint(1, 3), random.randint(1, 3), random.random() < 0.5))
    rooms = {name: float(random.randint(0, 2)) for name in names[exits:] if random.random() < 0.3}
    people = {name: random.randint(0, most) for name in names[exits:]}
    return network(links, " ".join(out), rooms), people
