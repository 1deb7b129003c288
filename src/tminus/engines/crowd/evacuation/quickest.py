"""The quickest time everybody can be out: bisection on maximal flows, and the cut that forbids a quicker one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow

from tminus.engines.crowd.evacuation.expansion import (
    BEGIN,
    BOUND_UNITS,
    STAY,
    WALK,
    Clocks,
    Expansion,
    clocks,
    expand,
)
from tminus.engines.crowd.evacuation.instance import Instance
from tminus.engines.crowd.evacuation.ways import Floats, Ints

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Part of the cut: ``element`` (a link, a node, an origin) is used to the full from ``from_s`` to ``to_s``.

    ``kind``: ``link`` (its capacity), ``node`` (its room), ``walk`` (an origin too far away, ``to_s`` its walk).
    ``persons``: how many it lets through in that time; of ``walk``: who is there.
    """

    kind: str
    element: str
    from_s: float
    to_s: float
    persons: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Why nobody can be quicker: ``behind`` persons have to come through ``elements``; ``through`` of them can."""

    behind: int
    through: int
    elements: tuple[Bottleneck, ...]


def most_out(instance: Instance, clock: Clocks, last: int) -> int:
    """How many can be out by the end of step ``last``; of a bound: thousandths of persons."""
    return int(_solved(expand(instance, clock, last)).optimal_flow())


def _solved(graph: Expansion) -> max_flow.SimpleMaxFlow:
    flow = max_flow.SimpleMaxFlow()
    flow.add_arcs_with_capacity(graph.tail, graph.head, graph.capacity)
    status = flow.solve(graph.source, graph.sink)
    if status != flow.OPTIMAL:
        raise RuntimeError(f"maximal flow: {status}")
    return flow


def quickest_step(instance: Instance, clock: Clocks, guess: int | None = None) -> int:
    """The first step at whose end everybody can be out; found around ``guess``."""
    needed = instance.total * (1 if clock.rounding == "up" else BOUND_UNITS)
    a_step = needed / instance.total * steady(instance) * clock.step_s
    low, high, width, before = int(clock.begin.max()) - 1, 1 << 40, 1, 0
    at = max(_coarse(instance, clock) if guess is None else guess, low + 1)
    while True:
        missing = needed - most_out(instance, clock, at)
        if missing > 0:  # on at the pace since the last look, at first that of a crowd that flows without end
            pace = (before - missing) / (at - low) if before else a_step
            before, low, at = missing, at, at + max(math.ceil(missing / max(pace, a_step / 1024)), 1)
        else:
            high, at, width = at, at - width, 2 * width
        if high - low == 1:
            return high
        at = min(max(at, low + 1), high - 1)


COARSE = 8


def _coarse(instance: Instance, clock: Clocks) -> int:
    """About where the step will be, from one of steps eight times as long."""
    least = int(least_seconds(instance) / clock.step_s)
    if least < 4 * COARSE:
        return least
    longer = clocks(instance, clock.step_s * COARSE, clock.rounding)
    return max(quickest_step(instance, longer, least // COARSE) * COARSE - COARSE // 2, least)


def quickest_s(instance: Instance, step_s: float) -> float:
    """A time [s] no plan can be below, within a step of the best such bound for the step."""
    if not instance.total:
        return 0.0
    return quickest_step(instance, clocks(instance, step_s, "down")) * step_s


def least_seconds(instance: Instance) -> float:
    """A simpler bound: the longest walk; and all of them through the narrowest places at once."""
    walk = instance.to_exit_s[instance.origins]
    return float(max(walk.max(), walk.min() + instance.total / steady(instance)))


def steady(instance: Instance) -> float:
    """Persons a second from all origins to all exits when it flows without end."""
    ways, count = instance.ways, len(instance.ways.nodes)
    arcs = _static_arcs(instance)
    flow = max_flow.SimpleMaxFlow()
    capacity = np.concatenate((np.ceil(ways.capacity_p_s * BOUND_UNITS), np.full(len(arcs[0]) - len(ways), 1e12)))
    flow.add_arcs_with_capacity(*arcs, capacity.astype(np.int64))
    flow.solve(count, count + 1)
    return max(float(flow.optimal_flow()) / BOUND_UNITS, _SLACK)


def _static_arcs(instance: Instance) -> tuple[Ints, Ints]:
    ways, count, origins, exits = instance.ways, len(instance.ways.nodes), instance.origins, instance.exits
    tail = np.concatenate((ways.start, np.full(len(origins), count), exits))
    return tail, np.concatenate((ways.end, origins, np.full(len(exits), count + 1)))


def cut_before(instance: Instance, clock: Clocks, last: int) -> Cut:
    """What forbids everybody being out before step ``last`` ends, as small a cut as lies nearest to the people."""
    if far := _far(instance, instance.origins[clock.begin[instance.origins] > last - 1]):
        return far
    unit = 1 if clock.rounding == "up" else BOUND_UNITS
    graph = expand(instance, clock, last - 1)
    side = np.zeros(graph.sink + 1, bool)
    side[np.asarray(_solved(graph).get_source_side_min_cut(), np.int64)] = True
    crossing = np.flatnonzero(side[graph.tail] & ~side[graph.head])
    held = np.flatnonzero((graph.what == BEGIN) & side[graph.head])
    elements = [*_links(instance, clock, graph, crossing), *_rooms(instance, clock, graph, crossing)]
    through = int(graph.capacity[crossing[graph.what[crossing] != BEGIN]].sum())
    ordered = tuple(sorted(elements, key=lambda one: -one.persons))
    return Cut(int(graph.capacity[held].sum()) // unit, through // unit, ordered)


def too_far(instance: Instance, within_s: float) -> Cut | None:
    """Who has to walk longer than ``within_s`` even alone; None: nobody."""
    return _far(instance, instance.origins[instance.to_exit_s[instance.origins] > within_s])


def _far(instance: Instance, origins: Ints) -> Cut | None:
    walk, names, persons = instance.to_exit_s, instance.ways.nodes, instance.persons
    ordered = sorted(origins, key=lambda n: -walk[n])
    elements = tuple(Bottleneck("walk", names[n], 0.0, float(walk[n]), int(persons[n])) for n in ordered)
    return Cut(int(persons[origins].sum()), 0, elements) if elements else None


def _links(instance: Instance, clock: Clocks, graph: Expansion, crossing: Ints) -> list[Bottleneck]:
    rows = crossing[graph.what[crossing] == WALK]
    ways, unit = instance.ways, 1 if clock.rounding == "up" else BOUND_UNITS
    found = []
    for link in np.unique(ways.link[graph.of[rows]]):
        mine = rows[ways.link[graph.of[rows]] == link]
        begun = graph.step[mine] * clock.step_s - instance.to_exit_s[ways.start[graph.of[mine]]]
        found.append(_element("link", ways.links[link], begun, clock.step_s, int(graph.capacity[mine].sum()) // unit))
    return found


def _rooms(instance: Instance, clock: Clocks, graph: Expansion, crossing: Ints) -> list[Bottleneck]:
    rows, unit = crossing[graph.what[crossing] == STAY], 1 if clock.rounding == "up" else BOUND_UNITS
    found = []
    for node in np.unique(graph.of[rows]):
        mine = rows[graph.of[rows] == node]
        begun = graph.step[mine] * clock.step_s - instance.to_exit_s[node]
        found.append(
            _element("node", instance.ways.nodes[node], begun, clock.step_s, int(graph.capacity[mine].max()) // unit)
        )
    return found


def _element(kind: str, name: str, begun: Floats, step_s: float, persons: int) -> Bottleneck:
    return Bottleneck(kind, name, max(float(begun.min()), 0.0), float(begun.max()) + step_s, persons)
