"""Small metros whose answers can be said by hand, and random ones."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tminus.engines.transport.inflow import Gate, MetroArc, MetroNetwork, StationDemand


def line(capacity: float = 60.0, gates: tuple[Gate, ...] | None = None) -> MetroNetwork:
    """A – B – C, both ways, five minutes each."""
    arcs = tuple(MetroArc(a, b, capacity, 5) for a, b in ("AB", "BC", "CB", "BA"))
    return MetroNetwork(("A", "B", "C"), arcs, gates or tuple(map(Gate, "ABC")))


def to_c(*persons: tuple[float, float], slot_min: int = 10) -> StationDemand:
    """People of A and of B who want to C, a pair a slot."""
    demand = np.zeros((3, 3, len(persons)))
    demand[0, 2], demand[1, 2] = zip(*persons, strict=True)
    return StationDemand(demand, slot_min, 480)


def random_case(seed: int) -> tuple[MetroNetwork, StationDemand]:
    """Two crossing lines of random sizes, with a rush in the middle of six hours."""
    draw = np.random.default_rng(seed)
    red, blue = ([f"{name}{n}" for n in range(int(draw.integers(3, 6)))] for name in "rb")
    blue[1] = red[1]
    pairs = [*pairwise(red), *pairwise(blue)]
    nodes = tuple(dict.fromkeys(red + blue))
    arcs = tuple(
        MetroArc(*way, float(draw.integers(40, 90)), int(draw.integers(1, 6)))
        for a, b in pairs
        for way in ((a, b), (b, a))
    )
    rush = np.exp(-0.5 * ((np.arange(24) - 9) / 3) ** 2)
    persons = draw.uniform(0, 110, (len(nodes), len(nodes), 1)) * rush
    persons[np.arange(len(nodes)), np.arange(len(nodes))] = 0.0
    return MetroNetwork(nodes, arcs, tuple(map(Gate, nodes))), StationDemand(persons, 15, 420)
