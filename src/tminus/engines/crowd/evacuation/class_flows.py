"""Flows of people with exits of their own: one class after another, each the earliest that the others leave room for.

No plan is best at every moment where people are bound to different exits, and the quickest is hard to find. So classes
are planned in an order, each with its earliest-arrival flow in what those before it left of ways and places. Whoever is
out last comes first next time, until that has been tried; the best order is kept, and told beside a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tminus.engines.crowd.evacuation.expansion import BEGIN, LEAVE, STAY, WALK, Clocks, Expansion, expand
from tminus.engines.crowd.evacuation.instance import Instance
from tminus.engines.crowd.evacuation.layers import flow_by_layers
from tminus.engines.crowd.evacuation.parties import ExitClass
from tminus.engines.crowd.evacuation.ways import Ints

MOST_ORDERS = 12
LONGER = 1.5


@dataclass(frozen=True, slots=True)
class ClassFlow:
    """``graph`` of one class and [arc] persons on it; ``done``: the step in which the last is out."""

    graph: Expansion
    flow: Ints
    done: int

    @property
    def late(self) -> int:
        """Sum of everybody's steps."""
        leave = self.graph.what == LEAVE
        return int((self.flow[leave] * self.graph.step[leave]).sum())


def flows_of(instance: Instance, clock: Clocks, classes: Sequence[ExitClass], last: int) -> list[ClassFlow]:
    """By class, with the best order found; ``last``: a step by which it might be done.

    :raises CrowdError: more copies of places than there is room for.
    """
    order = sorted(range(len(classes)), key=lambda k: -_walk(instance, classes[k]))
    best, last = _some(instance, clock, classes, order, last)
    tried = {tuple(order)}
    found = best
    for _ in range(min(MOST_ORDERS, len(classes)) - 1):
        slowest = max(range(len(classes)), key=lambda k: (found[k].done, -order.index(k)))
        order = [slowest, *(k for k in order if k != slowest)]
        if tuple(order) in tried:
            break
        tried.add(tuple(order))
        again = _in_order(instance, clock, classes, order, last)
        if again is None:
            break
        found = again
        best = min(best, found, key=_cost)
    return best


def _walk(instance: Instance, of: ExitClass) -> float:
    """Persons and how far they are: who is many or far comes first."""
    away = np.flatnonzero(of.persons)
    return float(instance.to_exit_s[away].max(initial=0.0)) + of.total / max(len(of.exits), 1)


def _cost(flows: Sequence[ClassFlow]) -> tuple[int, int]:
    return max(one.done for one in flows), sum(one.late for one in flows)


def _some(
    instance: Instance, clock: Clocks, classes: Sequence[ExitClass], order: Sequence[int], last: int
) -> tuple[list[ClassFlow], int]:
    """The flows in this order with as many steps as they need. With enough of them all get out one after another."""
    while True:
        found = _in_order(instance, clock, classes, order, last)
        if found is not None:
            return found, last
        last = int(last * LONGER) + 1


def _in_order(
    instance: Instance, clock: Clocks, classes: Sequence[ExitClass], order: Sequence[int], last: int
) -> list[ClassFlow] | None:
    """None: not everybody gets out by ``last``."""
    whole = expand(instance, clock, last)
    left = whole.capacity.copy()
    waiting = instance.persons.copy()
    found: dict[int, ClassFlow] = {}
    for k in order:
        waiting = waiting - classes[k].persons
        graph, kept = _graph_of(whole, left, classes[k], waiting)
        flow = flow_by_layers(graph, clock)
        leave = graph.what == LEAVE
        if flow[leave].sum() != classes[k].total:
            return None
        found[k] = ClassFlow(graph, flow, int(graph.step[leave & (flow > 0)].max()))
        left[kept] -= np.where((graph.what == WALK) | (graph.what == STAY), flow, 0)
    return [found[k] for k in range(len(classes))]


def _graph_of(whole: Expansion, left: Ints, of: ExitClass, waiting: Ints) -> tuple[Expansion, Ints]:
    """The network with what is left of it, for one class; and which arcs of the whole these are.

    Room at places is kept for who is there at the beginning and planned later (``waiting`` [node]).
    """
    theirs = (whole.what != LEAVE) | np.isin(whole.of, of.exits)
    theirs &= (whole.what != BEGIN) | np.isin(whole.of, np.flatnonzero(of.persons))
    kept = np.flatnonzero(theirs)
    capacity, what, of_what = left[kept], whole.what[kept], whole.of[kept]
    place = np.where(what == WALK, 0, of_what)
    capacity = np.where(what == BEGIN, of.persons[place], capacity)
    capacity = np.where(what == STAY, np.maximum(capacity - waiting[place], 0), capacity)
    graph = replace(
        whole, tail=whole.tail[kept], head=whole.head[kept], capacity=capacity, what=what, of=of_what,
        step=whole.step[kept],
    )  # fmt: skip
    return graph, kept
