"""The quickest way from every station to every other, changes of line included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.network import Ints, MetroNetwork

NOWHERE = -1
UNREACHED = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True, eq=False)
class RouteTrees:
    """One tree of quickest ways a station. Nodes are numbers in the network's order, stations in the gates' order.

    ``arc_into`` [station, node]: the last arc on the way there, −1 where there is none; ``minutes`` [station, node].
    """

    gate_nodes: Ints
    arc_from: Ints
    arc_into: Ints
    minutes: Ints

    @property
    def longest(self) -> int:
        """Minutes of the longest way."""
        return int(self.minutes[self.minutes < UNREACHED].max())


def route_trees(network: MetroNetwork) -> RouteTrees:
    """Quickest ways by whole minutes; of parallel arcs the quicker, then the roomier is taken."""
    number = {node: at for at, node in enumerate(network.nodes)}
    begins = np.array([number[arc.origin] for arc in network.arcs], dtype=np.int64)
    ends = np.array([number[arc.destination] for arc in network.arcs], dtype=np.int64)
    gates = np.array([number[station] for station in network.stations], dtype=np.int64)
    minutes = network.travel_minutes()
    taken = _best_parallel(begins * len(number) + ends, minutes, network.capacities)
    graph = csr_array((minutes[taken].astype(float), (begins[taken], ends[taken])), shape=(len(number), len(number)))
    far, before = dijkstra(graph, indices=gates, return_predecessors=True)
    pair = np.full(len(number) * len(number), NOWHERE, dtype=np.int64)
    pair[begins[taken] * len(number) + ends[taken]] = taken
    into = np.where(before >= 0, pair[np.maximum(before, 0) * len(number) + np.arange(len(number))], NOWHERE)
    whole = np.where(np.isfinite(far), far, UNREACHED).astype(np.int64)
    return RouteTrees(gates, begins, into.astype(np.int64), whole)


def _best_parallel(pairs: Ints, minutes: Ints, capacities: np.ndarray) -> Ints:
    """Of arcs between the same two nodes the one people take."""
    order = np.lexsort((-capacities, minutes, pairs))
    first = np.ones(len(order), dtype=bool)
    first[1:] = pairs[order][1:] != pairs[order][:-1]
    return order[first].astype(np.int64)


def check_reached(network: MetroNetwork, trees: RouteTrees, demand: StationDemand) -> None:
    """:raises TransportError: another number of stations, or people who want to go where no way leads."""
    many = len(network.gates)
    if demand.persons.shape[0] != many:
        raise TransportError(f"persons: of {demand.persons.shape[0]} stations; allowed: the network's {many}")
    reached = trees.minutes[:, trees.gate_nodes] < UNREACHED
    lost = np.argwhere((demand.persons.sum(axis=2) > 0) & ~reached)
    if lost.size:
        begin, end = (network.stations[at] for at in lost[0])
        raise TransportError(f"from {begin} to {end}: no way leads there; allowed: stations that arcs join")
