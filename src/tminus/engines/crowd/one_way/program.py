"""One-way systems as a mixed-integer programme over static flows, a commodity a destination.

Of every corridor one use is chosen. A quarter-hour lets through the capacity of the whole width one way, and
``TWO_WAY_SHARE`` of it where both directions share it. Who finds no room is left over at a price above any walk, so
that first as many as can get through, then walk as little as can be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array

from tminus.engines.crowd.compiled import Compiled, compile_network
from tminus.engines.crowd.one_way.problem import TWO_WAY_SHARE, OneWayTask, Way

Floats = NDArray[np.float64]
Uses = dict[str, Way]


@dataclass(frozen=True, slots=True)
class StaticFlow:
    """What uses come to: ``walk_s`` person-seconds, ``left`` persons without room, ``bound`` of the cost proved.

    :param flow: [way] persons in the slot.
    """

    uses: Uses
    walk_s: float
    left: float
    cost: float
    bound: float
    flow: Floats


def left_price_s(net: Compiled) -> float:
    """Seconds one left-over person costs: more than the longest way there is."""
    return float(net.free_s.sum()) + 1.0


def best_uses(task: OneWayTask, fixed: Uses | None = None, budget_s: float = 10.0) -> StaticFlow | None:
    """The best uses (or the flow under ``fixed`` ones); None: nothing found in ``budget_s`` seconds."""
    net = compile_network(task.network)
    goals = sorted({end for _, end in task.demand})
    uses = {id: ((fixed[id],) if fixed else ways) for id, ways in task.choices.items()}
    binary = [(id, way) for id, ways in uses.items() for way in ways]
    rows = _Rows(net, len(goals), binary)
    supply = _supply(task, net, goals)
    rows.conserve(supply)
    rows.capacities(task)
    price = left_price_s(net)
    left_over = np.full(len(goals) * len(net.nodes), price)
    cost = np.concatenate((np.tile(net.free_s, len(goals)), left_over, np.zeros(len(binary))))
    upper = np.full(len(cost), np.inf)
    upper[len(goals) * net.moved : len(cost) - len(binary)] = np.maximum(supply, 0.0).ravel()
    upper[len(cost) - len(binary) :] = 1.0
    whole = np.zeros(len(cost))
    whole[len(cost) - len(binary) :] = 1
    found = milp(
        cost,
        constraints=LinearConstraint(rows.matrix(len(cost)), np.array(rows.low), np.array(rows.high)),
        bounds=Bounds(np.zeros(len(cost)), upper),
        integrality=whole,
        options={"time_limit": budget_s, "mip_rel_gap": 1e-4},
    )
    if found.x is None:
        return None
    flows = found.x[: len(goals) * net.moved].reshape(len(goals), net.moved)
    left = float(found.x[len(goals) * net.moved : len(cost) - len(binary)].sum())
    chosen = {id: way for (id, way), used in zip(binary, found.x[len(cost) - len(binary) :], strict=True) if used > 0.5}
    walk = float((flows @ net.free_s).sum())
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    return StaticFlow(chosen, walk, left, walk + price * left, float(bound), flows.sum(axis=0))


def _supply(task: OneWayTask, net: Compiled, goals: list[str]) -> Floats:
    """[destination, node] persons who set out, below 0 where they want to."""
    found = np.zeros((len(goals), len(net.nodes)))
    for (start, end), persons in task.demand.items():
        found[goals.index(end), net.node(start)] += persons
        found[goals.index(end), net.node(end)] -= persons
    return found


class _Rows:
    """Rows of the programme. Columns: flow [destination, way], left over [destination, node], uses."""

    def __init__(self, net: Compiled, goals: int, binary: list[tuple[str, Way]]) -> None:
        self._net, self._goals, self._binary = net, goals, binary
        self._entries: list[tuple[int, int, float]] = []
        self.low: list[float] = []
        self.high: list[float] = []
        self._first_left = goals * net.moved
        self._first_use = self._first_left + goals * len(net.nodes)

    def matrix(self, columns: int) -> csr_array:
        row, column, value = zip(*self._entries, strict=True)
        return coo_array((value, (row, column)), shape=(len(self.low), columns)).tocsr()

    def _row(self, entries: list[tuple[int, float]], low: float, high: float) -> None:
        self._entries += [(len(self.low), column, value) for column, value in entries]
        self.low.append(low)
        self.high.append(high)

    def conserve(self, supply: Floats) -> None:
        """Who sets out and is not left over leaves; who comes leaves or is there. Left over ones never come."""
        net = self._net
        for d in range(self._goals):
            goal = int(np.flatnonzero(supply[d] < 0)[0])
            for node in range(len(net.nodes)):
                if node == goal:
                    continue
                out = [(d * net.moved + int(w), 1.0) for w in np.flatnonzero(net.start == node)]
                come = [(d * net.moved + int(w), -1.0) for w in np.flatnonzero(net.end == node)]
                left = (self._first_left + d * len(net.nodes) + node, 1.0)
                self._row([*out, *come, left], float(supply[d, node]), float(supply[d, node]))

    def capacities(self, task: OneWayTask) -> None:
        """Of every link, in the slot; of those with a choice, by its use; one use each."""
        net = self._net
        for link, (there, back) in zip(task.network.links, net.ways_of, strict=False):
            most = min(float(net.capacity[there]) * task.slot_s, 1e9)
            uses = {way: self._first_use + n for n, (id, way) in enumerate(self._binary) if id == link.id}
            directions = [way for way in (there, back) if way >= 0]
            everybody = [(d * net.moved + way, 1.0) for d in range(self._goals) for way in directions]
            if not uses:
                self._row(everybody, -np.inf, most * (TWO_WAY_SHARE if len(directions) > 1 else 1.0))
                continue
            self._row([(column, 1.0) for column in uses.values()], 1.0, 1.0)
            room = {Way.BOTH: TWO_WAY_SHARE * most, Way.FORWARD: most, Way.BACK: most}
            self._row([*everybody, *((uses[w], -room[w]) for w in room if w in uses)], -np.inf, 0.0)
            for way, allowed in ((there, (Way.BOTH, Way.FORWARD)), (back, (Way.BOTH, Way.BACK))):
                mine = [(d * net.moved + way, 1.0) for d in range(self._goals)]
                self._row([*mine, *((uses[w], -room[w]) for w in allowed if w in uses)], -np.inf, 0.0)
