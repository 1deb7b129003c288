"""The earliest-arrival flow: at no moment can more people be out by any other plan.

With one sink behind all exits and people who may take any of them such a flow exists (Gale 1959), and a flow of least
total arrival time is one (Jarvis & Ratliff 1982): minimal-cost flow on the time-expanded network, cost the arrival
step. Among those, few detours are taken, so that nobody strolls where waiting would do. That the weight of detours
has not bought a later arrival is proved of every flow before it is given out.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from ortools.graph.python import min_cost_flow

from tminus.engines.crowd.evacuation.expansion import LEAVE, WALK, Clocks, Expansion, expand
from tminus.engines.crowd.evacuation.instance import Instance
from tminus.engines.crowd.evacuation.ways import Ints
from tminus.engines.crowd.problem import CrowdError

TRIES = 4


def earliest_arrival(instance: Instance, clock: Clocks, last: int) -> tuple[Expansion, Ints]:
    """The time-expanded network up to step ``last``, by which everybody can be out, and [arc] persons on it."""
    graph = expand(instance, clock, last)
    weight = last + 2
    for _ in range(TRIES):
        flow = _cheapest(graph, _costs(graph, clock, weight), instance.total)
        if is_earliest(graph, flow):
            return graph, flow
        weight *= 64
    raise RuntimeError("evacuation: no earliest arrival found")


def _cheapest(graph: Expansion, cost: Ints, persons: int) -> Ints:
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(graph.tail, graph.head, graph.capacity, cost)
    flow.set_node_supply(graph.source, persons)
    flow.set_node_supply(graph.sink, -persons)
    status = flow.solve()
    if status == flow.BAD_COST_RANGE:
        raise CrowdError("evacuation: too many steps to weigh them exactly; allowed: a longer step")
    if status != flow.OPTIMAL:
        raise RuntimeError(f"minimal-cost flow: {status}")
    return np.asarray(flow.flows(np.arange(len(graph.tail))), np.int64)


def _costs(graph: Expansion, clock: Clocks, weight: int) -> Ints:
    """``weight`` a step of arrival, 1 a step of detour."""
    cost = np.zeros(len(graph.tail), np.int64)
    walk, leave = graph.what == WALK, graph.what == LEAVE
    detour = np.zeros(int(clock.ways.max()) + 1, np.int64)
    detour[clock.ways] = clock.detour
    cost[walk] = detour[graph.of[walk]]
    cost[leave] = graph.step[leave] * weight
    return cost


def is_earliest(graph: Expansion, flow: Ints) -> bool:
    """Whether no one arrival can be made earlier by sending people otherwise, which proves all of it.

    Looked for from the latest arrival on: if what is left of the network leads from an arrival that could be undone to
    a copy of an exit at an earlier step, a circle of negative cost is closed, and only then is there one.
    """
    leave = np.flatnonzero(graph.what == LEAVE)
    inner = np.flatnonzero((graph.head != graph.sink) & (graph.tail != graph.source))
    copies = graph.source
    step = np.full(copies, -1, np.int64)
    step[graph.tail[leave]] = graph.step[leave]
    late = leave[flow[leave] > 0]
    late = late[np.argsort(-graph.step[late], kind="stable")]
    out, back = (_by(graph, inner, ends, copies) for ends in (graph.tail, graph.head))
    room = graph.capacity - flow
    return bool(_no_earlier(graph.tail, graph.head, room, flow, *out, *back, step, graph.tail[late]))


def _by(graph: Expansion, arcs: Ints, ends: Ints, copies: int) -> tuple[Ints, Ints]:
    order = arcs[np.argsort(ends[arcs], kind="stable")]
    return np.searchsorted(ends[order], np.arange(copies + 1)), order


@njit(cache=True)
def _no_earlier(
    tail: Ints,
    head: Ints,
    room: Ints,
    flow: Ints,
    out_at: Ints,
    out: Ints,
    in_at: Ints,
    into: Ints,
    step: Ints,
    late: Ints,
) -> bool:
    seen, queue = np.zeros(len(step), np.bool_), np.empty(len(step), np.int64)
    for origin in late:
        if seen[origin]:
            continue
        seen[origin] = True
        queue[0], first, last = origin, 0, 1
        while first < last:
            node = queue[first]
            first += 1
            if 0 <= step[node] < step[origin]:
                return False
            for n in range(out_at[node], out_at[node + 1]):
                arc = out[n]
                if room[arc] > 0 and not seen[head[arc]]:
                    seen[head[arc]] = True
                    queue[last] = head[arc]
                    last += 1
            for n in range(in_at[node], in_at[node + 1]):
                arc = into[n]
                if flow[arc] > 0 and not seen[tail[arc]]:
                    seen[tail[arc]] = True
                    queue[last] = tail[arc]
                    last += 1
    return True
