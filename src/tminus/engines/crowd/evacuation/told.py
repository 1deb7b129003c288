"""Paths told as people read them: the plan, what becomes of each origin, routes, directions at each node."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tminus.engines.crowd.evacuation.expansion import Clocks
from tminus.engines.crowd.evacuation.instance import Instance
from tminus.engines.crowd.evacuation.paths import Paths
from tminus.engines.crowd.evacuation.plan import Direction, EvacuationPlan, OriginPlan, Route
from tminus.engines.crowd.evacuation.quickest import Cut

Group = tuple[float, int, tuple[str, ...]]


class Told:
    """Paths of one instance, put into words."""

    def __init__(self, instance: Instance, clock: Clocks, paths: Paths) -> None:
        self._instance, self._paths = instance, paths
        self._names, self._step_s = instance.ways.nodes, clock.step_s
        origin = instance.to_exit_s[paths.origin]
        self._leaves = np.maximum(paths.step[paths.first[:-1]] * clock.step_s - origin, 0.0)
        self._arrives = (paths.arrive + 1) * clock.step_s

    def plan(
        self, bound_s: float, cut: Cut, diagram: str, seconds: dict[str, float], groups: tuple[Group, ...] | None = None
    ) -> EvacuationPlan:
        """The plan these paths are; ``groups`` where they are not a path each (:meth:`groups`)."""
        paths, step_s = self._paths, self._step_s
        arrived = np.cumsum(np.bincount(paths.arrive, paths.persons)).astype(np.int64)
        times = np.arange(1, len(arrived) + 1, dtype=np.float64) * step_s
        return EvacuationPlan(
            persons=self._instance.total,
            planned_s=float(times[-1]),
            bound_s=bound_s,
            mean_s=float(np.diff(arrived, prepend=0) @ times / self._instance.total),
            step_s=step_s,
            times_s=times,
            arrived=arrived,
            origins=self.origins(),
            routes=self.routes(),
            directions=self.directions(),
            groups=self.groups() if groups is None else groups,
            cut=cut,
            diagram=diagram,
            seconds=seconds,
        )

    def origins(self) -> tuple[OriginPlan, ...]:
        """One an origin, the last to be out first."""
        return tuple(sorted((self._origin(n) for n in np.unique(self._paths.origin)), key=lambda one: -one.out_s))

    def _origin(self, node: int) -> OriginPlan:
        mine = np.flatnonzero(self._paths.origin == node)
        persons = self._paths.persons[mine]
        by_exit = np.bincount(self._paths.exit[mine], persons)
        ordered = sorted(np.flatnonzero(by_exit), key=lambda n: -by_exit[n])
        return OriginPlan(
            origin=self._names[node],
            persons=int(persons.sum()),
            shares={self._names[n]: float(by_exit[n] / persons.sum()) for n in ordered},
            left_s=float(self._leaves[mine].max() + self._step_s),
            out_s=float(self._arrives[mine].max()),
        )

    def routes(self) -> tuple[Route, ...]:
        """Every sequence of ways walked, the most walked first."""
        gathered: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for n, ways in enumerate(self._ways()):
            gathered[ways].append(n)
        found = [self._route(ways, np.array(rows)) for ways, rows in gathered.items()]
        return tuple(sorted(found, key=lambda one: (-one.persons, one.origin, one.links)))

    def _ways(self) -> list[tuple[int, ...]]:
        first, way = self._paths.first, self._paths.way.tolist()
        return [tuple(way[first[n] : first[n + 1]]) for n in range(len(self._paths.persons))]

    def _route(self, ways: tuple[int, ...], rows: np.ndarray) -> Route:
        known = self._instance.ways
        nodes = (known.nodes[known.start[ways[0]]], *(known.nodes[known.end[w]] for w in ways))
        return Route(
            origin=nodes[0],
            exit=nodes[-1],
            nodes=nodes,
            links=tuple(known.links[known.link[w]] for w in ways),
            persons=int(self._paths.persons[rows].sum()),
            first_leaves_s=float(self._leaves[rows].min()),
            last_arrives_s=float(self._arrives[rows].max()),
        )

    def directions(self) -> tuple[Direction, ...]:
        """At each node, where people go on to, over the whole time."""
        known, paths = self._instance.ways, self._paths
        persons = np.bincount(paths.way, np.repeat(paths.persons, np.diff(paths.first)), len(known))
        through = np.bincount(known.start, persons, len(known.nodes))
        used = np.flatnonzero(persons > 0)
        ordered = used[np.lexsort((-persons[used], known.start[used]))]
        return tuple(
            Direction(
                node=known.nodes[known.start[w]],
                link=known.links[known.link[w]],
                to=known.nodes[known.end[w]],
                persons=int(persons[w]),
                share=float(persons[w] / through[known.start[w]]),
            )
            for w in ordered
        )

    def groups(self) -> tuple[Group, ...]:
        """Second of setting out, persons, nodes on the way: what walks the plan again."""
        return tuple(sorted(self.in_order(), key=lambda one: one[0]))

    def in_order(self) -> list[Group]:
        """As :meth:`groups`, a path each, in the order of the paths."""
        known = self._instance.ways
        nodes = [(known.nodes[known.start[w[0]]], *(known.nodes[known.end[n]] for n in w)) for w in self._ways()]
        return list(zip(self._leaves.tolist(), self._paths.persons.tolist(), nodes, strict=True))
