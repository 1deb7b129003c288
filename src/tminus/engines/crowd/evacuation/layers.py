"""The earliest-arrival flow layer by layer: as many as can be out in step 0, then in step 1, and so on.

Once as many as possible are out by a step, no later path takes one of them back: paths begin where people are and end
at the exits of the layer (the copies of one step). So a maximal flow at every step is one flow that grows. Each layer
is filled by shortest augmenting paths, detours their length (successive shortest paths; Ahuja, Magnanti & Orlin 1993,
ch. 9), so that of all such flows it is one with the fewest steps of detour. Potentials carry on from layer to layer.
Where a search back from the exits meets nobody, nobody can ever come: later searches leave those copies out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.agents.compiling import inner, outer
from tminus.engines.crowd.evacuation.expansion import BEGIN, LEAVE, STAY, WALK, Clocks, Expansion
from tminus.engines.crowd.evacuation.heap import pop, push
from tminus.engines.crowd.evacuation.ways import Ints

# mypy: disable-error-code="no-untyped-def"

NEVER = 1 << 40
NODE_BITS, HOP_BITS = 22, 16
"""Of a key of the search: enough for ``expansion.MOST_COPIES``; links beyond 65,535 count as so many."""


class Graph(NamedTuple):
    """What does not change; arcs are walks and stays only."""

    tail: Ints
    head: Ints
    capacity: Ints
    cost: Ints  # steps of detour
    out_at: Ints
    out: Ints
    in_at: Ints
    into: Ints
    step: Ints  # [copy]
    begins: Ints  # [copy] the arc by which people set out there, −1: nobody does
    leaves: Ints  # [copy] the arc by which people are out there, −1: no exit
    layer_at: Ints
    by_layer: Ints  # copies by step


class Search(NamedTuple):
    """What changes."""

    flow: Ints
    left: Ints  # [copy] who has not set out
    potential: Ints  # [copy] least detour from the people, NEVER: nobody comes there
    apart: Ints  # [copy] to the exits of the layer, potentials taken off
    level: Ints  # [copy] links to them, −1: not reached
    next_arc: Ints
    dead: NDArray[np.bool_]
    done: NDArray[np.bool_]
    reached: Ints
    path: Ints
    by: Ints  # arcs of the path, ~arc: backwards
    heap: Ints


def flow_by_layers(graph: Expansion, clock: Clocks) -> Ints:
    """[arc] persons: at each step as many out as any flow has, and of such flows the fewest steps of detour."""
    net = _graph(graph, clock)
    copies = graph.source
    ints = [np.zeros(copies + 1, np.int64) for _ in range(7)]
    left, potential, apart, level, next_arc, reached, path = ints
    begin = graph.what == BEGIN
    left[graph.head[begin]] = graph.capacity[begin]
    potential[:], apart[:], level[:] = NEVER, NEVER, -1
    flow = np.zeros(len(graph.tail), np.int64)
    dead, done = np.zeros(copies, np.bool_), np.zeros(copies, np.bool_)
    heap = np.zeros(2 * len(graph.tail) + copies + 1, np.int64)  # a copy is reached anew by an arc at most
    search = Search(flow, left, potential, apart, level, next_arc, dead, done, reached, path, np.zeros_like(path), heap)
    _fill(net, search)
    return flow


def _graph(graph: Expansion, clock: Clocks) -> Graph:
    copies, what = graph.source, graph.what
    within = np.flatnonzero((what == WALK) | (what == STAY))
    cost = detours(graph, clock)
    step = np.zeros(copies, np.int64)
    step[graph.tail[within]] = graph.step[within]
    step[graph.head[within]] = graph.step[within] + np.where(what[within] == WALK, cost[within], 1)
    begins, leaves = np.full(copies, -1, np.int64), np.full(copies, -1, np.int64)
    begin, leave = np.flatnonzero(what == BEGIN), np.flatnonzero(what == LEAVE)
    begins[graph.head[begin]], leaves[graph.tail[leave]] = begin, leave
    step[graph.head[begin]], step[graph.tail[leave]] = graph.step[begin], graph.step[leave]
    by_layer = np.argsort(step, kind="stable")
    layer_at = np.searchsorted(step[by_layer], np.arange(int(step.max(initial=0)) + 2))
    out, into = by_end(within, graph.tail, copies), by_end(within, graph.head, copies)
    arcs = (graph.tail, graph.head, graph.capacity, cost)
    return Graph(*arcs, *out, *into, step, begins, leaves, layer_at.astype(np.int64), by_layer)


def detours(graph: Expansion, clock: Clocks) -> Ints:
    """[arc] steps of detour, 0 of all but walks."""
    detour = np.zeros(int(clock.ways.max(initial=0)) + 1, np.int64)
    detour[clock.ways] = clock.detour
    walk = graph.what == WALK
    return np.where(walk, detour[np.where(walk, graph.of, 0)], 0)


def by_end(arcs: Ints, ends: Ints, copies: int) -> tuple[Ints, Ints]:
    """``arcs`` by ``ends``: where each copy's begin, and all of them."""
    order = arcs[np.argsort(ends[arcs], kind="stable")]
    return np.searchsorted(ends[order], np.arange(copies + 1)), order


@outer
def _fill(net, s):
    for layer in range(len(net.layer_at) - 1):
        least = _begin(net, s, layer)
        while least < NEVER:
            count, further = _look_back(net, s, layer, least)
            if further == NEVER - 1:
                for n in range(count):
                    s.dead[s.reached[n]] = True
                break
            least += further
            _raise(s, count, further)
            _send_all(net, s, count, least)
            for n in range(count):
                s.level[s.reached[n]] = -1


@inner
def _begin(net, s, layer):
    """Potentials of the layer's copies, which nobody has come to yet; the least of an exit."""
    s.heap[0] = 0
    for n in range(net.layer_at[layer], net.layer_at[layer + 1]):
        copy = net.by_layer[n]
        best = 0 if net.begins[copy] >= 0 else NEVER
        for k in range(net.in_at[copy], net.in_at[copy + 1]):
            arc = net.into[k]
            before = net.tail[arc]
            if net.step[before] < layer and not s.dead[before] and net.capacity[arc] > 0:
                best = min(best, s.potential[before] + net.cost[arc])
        s.potential[copy] = best
        if best < NEVER:
            push(s.heap, (best << NODE_BITS) | copy)
    _spread(net, s, layer)
    least = NEVER
    for n in range(net.layer_at[layer], net.layer_at[layer + 1]):
        copy = net.by_layer[n]
        if net.leaves[copy] >= 0:
            least = min(least, s.potential[copy])
    return least


@inner
def _spread(net, s, layer):
    """Ways within the layer are no detours: who comes to their beginning comes to their end."""
    while s.heap[0] > 0:
        key = pop(s.heap)
        copy = key & ((1 << NODE_BITS) - 1)
        if key >> NODE_BITS > s.potential[copy]:
            continue
        for k in range(net.out_at[copy], net.out_at[copy + 1]):
            arc = net.out[k]
            after = net.head[arc]
            if net.step[after] == layer and net.capacity[arc] > 0 and s.potential[after] > s.potential[copy]:
                s.potential[after] = s.potential[copy]
                push(s.heap, (s.potential[copy] << NODE_BITS) | after)


@inner
def _look_back(net, s, layer, least):
    """Look from the layer's exits for people who have not set out.

    Copies reached (written down) and by how much the nearest people are further than ``least``; NEVER: nobody is found.
    """
    s.heap[0] = 0
    count, found = 0, NEVER - 1
    for n in range(net.layer_at[layer], net.layer_at[layer + 1]):
        copy = net.by_layer[n]
        if net.leaves[copy] >= 0 and s.potential[copy] < NEVER and not s.dead[copy]:
            count = _reach(s, copy, s.potential[copy] - least, 0, count)
    while s.heap[0] > 0:
        key = pop(s.heap)
        copy, apart = key & ((1 << NODE_BITS) - 1), key >> (NODE_BITS + HOP_BITS)
        if apart > found:
            break
        if s.done[copy]:
            continue
        s.done[copy] = True
        if s.left[copy] > 0:
            found = min(found, apart - s.potential[copy])
        count = _reach_from(net, s, copy, apart - s.potential[copy], found, count)
    for n in range(count):
        s.done[s.reached[n]] = False
        if found == NEVER - 1:
            s.apart[s.reached[n]], s.level[s.reached[n]] = NEVER, -1
    return count, found


@inner
def _reach_from(net, s, copy, here, found, count):
    """Every copy no further than ``found`` from which there is something left to ``copy``; how many are reached."""
    level = s.level[copy] + 1
    for k in range(net.in_at[copy], net.in_at[copy + 1]):
        arc = net.into[k]
        before = net.tail[arc]
        if net.capacity[arc] > s.flow[arc] and here + net.cost[arc] + s.potential[before] <= found:
            count = _reach(s, before, here + net.cost[arc] + s.potential[before], level, count)
    for k in range(net.out_at[copy], net.out_at[copy + 1]):
        arc = net.out[k]
        after = net.head[arc]
        if s.flow[arc] > 0 and here - net.cost[arc] + s.potential[after] <= found:
            count = _reach(s, after, here - net.cost[arc] + s.potential[after], level, count)
    return count


@inner
def _reach(s, copy, apart, level, count):
    """``copy`` is ``apart`` from the exits if no nearer is known; how many have been reached."""
    if apart >= s.apart[copy] or s.done[copy] or s.dead[copy]:
        return count
    if s.apart[copy] == NEVER:
        s.reached[count] = copy
        count += 1
    s.apart[copy], s.level[copy] = apart, level
    push(s.heap, (apart << (NODE_BITS + HOP_BITS)) | (min(level, (1 << HOP_BITS) - 1) << NODE_BITS) | copy)
    return count


@inner
def _raise(s, count, further):
    """Potentials with which the shortest paths found cost nothing."""
    for n in range(count):
        copy = s.reached[n]
        s.potential[copy] += max(further - s.apart[copy], 0)
        s.apart[copy] = NEVER
        s.next_arc[copy] = 0


@inner
def _send_all(net, s, count, least):
    """As many as go by shortest paths, each link of which leads one level nearer to an exit."""
    for n in range(count):
        origin = s.reached[n]
        if s.left[origin] == 0 or s.potential[origin] != 0:
            continue
        while s.left[origin] > 0:
            length = _path(net, s, origin, least)
            if length < 0:
                break
            _send(net, s, origin, length)


@inner
def _path(net, s, origin, least):
    """Write down a path from ``origin`` to an exit of the layer; its links, −1: there is none."""
    length = 0
    s.path[0] = origin
    while True:
        copy = s.path[length]
        if s.level[copy] == 0 and s.potential[copy] == least:
            return length
        arc, after = _onward(net, s, copy)
        if after >= 0:
            length += 1
            s.path[length], s.by[length] = after, arc
        elif length == 0:
            return -1
        else:
            length -= 1
            s.next_arc[s.path[length]] += 1


@inner
def _onward(net, s, copy):
    """The next arc that leads nearer at no cost, and where to; −1: none is left."""
    forwards = net.out_at[copy + 1] - net.out_at[copy]
    both = forwards + net.in_at[copy + 1] - net.in_at[copy]
    while s.next_arc[copy] < both:
        k = s.next_arc[copy]
        if k < forwards:
            arc = net.out[net.out_at[copy] + k]
            after, room, cost, by = net.head[arc], net.capacity[arc] - s.flow[arc], net.cost[arc], arc
        else:
            arc = net.into[net.in_at[copy] + k - forwards]
            after, room, cost, by = net.tail[arc], s.flow[arc], -net.cost[arc], ~arc
        if room > 0 and s.level[after] == s.level[copy] - 1 and s.potential[copy] + cost == s.potential[after]:
            return by, after
        s.next_arc[copy] += 1
    return 0, -1


@inner
def _send(net, s, origin, length):
    """As many along the path written down as it has room for."""
    amount = s.left[origin]
    for n in range(1, length + 1):
        arc = s.by[n]
        amount = min(amount, net.capacity[arc] - s.flow[arc] if arc >= 0 else s.flow[~arc])
    for n in range(1, length + 1):
        arc = s.by[n]
        if arc >= 0:
            s.flow[arc] += amount
        else:
            s.flow[~arc] -= amount
    s.left[origin] -= amount
    s.flow[net.begins[origin]] += amount
    s.flow[net.leaves[s.path[length]]] += amount
