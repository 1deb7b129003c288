"""The earliest-arrival flow: at no moment can more people be out by any other plan.

With one sink behind all exits and people who may take any of them such a flow exists (Gale 1959). It is found layer by
layer (:mod:`.layers`), with as few steps of detour as such a flow can have, so that nobody strolls where waiting would
do. That no arrival can be made earlier is proved of every flow by a search of its own before it is given out.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.crowd.evacuation.expansion import LEAVE, Clocks, Expansion, expand
from tminus.engines.crowd.evacuation.instance import Instance
from tminus.engines.crowd.evacuation.layers import by_end, flow_by_layers
from tminus.engines.crowd.evacuation.ways import Ints


def earliest_arrival(instance: Instance, clock: Clocks, last: int) -> tuple[Expansion, Ints]:
    """The time-expanded network up to step ``last``, by which everybody can be out, and [arc] persons on it."""
    graph = expand(instance, clock, last)
    flow = flow_by_layers(graph, clock)
    if flow[graph.what == LEAVE].sum() != instance.total or not is_earliest(graph, flow):
        raise RuntimeError("evacuation: no earliest arrival found")
    return graph, flow


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
    out, back = (by_end(inner, ends, copies) for ends in (graph.tail, graph.head))
    room = graph.capacity - flow
    return bool(_no_earlier(graph.tail, graph.head, room, flow, *out, *back, step, graph.tail[late]))


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
