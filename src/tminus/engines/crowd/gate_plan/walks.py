"""How far it is from gate to gate by the ways of the network, for people who are sent to another one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.compiled import Compiled, compile_network
from tminus.engines.crowd.gate_plan.problem import Detour
from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Network
from tminus.engines.crowd.routing import times_to


def detours_by_ways(network: Network, gates: Sequence[str], longest_s: float = np.inf) -> tuple[Detour, ...]:
    """Every gate to every other one that can be walked to in ``longest_s`` seconds, alone, through no third gate.

    Rides are not taken. Pairs no way joins are left out: nobody can be sent there.

    :raises CrowdError: a gate that is not in the network.
    """
    net = compile_network(network)
    walks = walks_s(net, [net.node(gate) for gate in gates])
    return tuple(
        Detour(one, other, float(walks[a, b]))
        for a, one in enumerate(gates)
        for b, other in enumerate(gates)
        if a != b and walks[a, b] <= longest_s and np.isfinite(walks[a, b])
    )


def walks_s(net: Compiled, gates: Sequence[int]) -> NDArray[np.float64]:
    """[from, to] seconds between ``gates`` (positions of nodes), infinite where no way leads."""
    rides = np.array([link.kind is LinkKind.RIDE for link in net.links], bool)[net.element]
    into = np.isin(net.end, gates)
    found = np.zeros((len(gates), len(gates)))
    for b, gate in enumerate(gates):
        costs = np.where(rides | (into & (net.end != gate)), np.inf, net.free_s)
        found[:, b] = times_to(net, np.array([gate], np.int32), costs)[0, list(gates)]
    return found
