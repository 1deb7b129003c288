"""CP-SAT on a few activities at a time: those of a window of a schedule are free, all others stand.

The solver moves the window's work to the left, the heavy first; passes from both ends then close what that opened.
What comes out no longer is kept, so that windows drift even where the last finish stays. Large neighbourhood search
after Palpant, Artigues & Michelon, Annals of OR 131 (2004). OR-Tools must be loaded (:func:`.exact.load`) before.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.resources import exact
from tminus.engines.schedule.resources.packed import Packed
from tminus.engines.schedule.resources.problem import Ints, Problem
from tminus.engines.schedule.resources.serial import place, turn

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class WindowParams:
    """Tuned on generated problems of 500 and 2,000 activities with seeds no benchmark takes."""

    activities: int = 25
    """Free at a time, next to each other by start; more take the solver longer than they gain."""
    seconds: float = 0.05
    """Wall time of the solver at most, a window."""


class Windows:
    """A schedule, improved window by window from its beginning to its end and again."""

    def __init__(
        self, problem: Problem, packed: Packed, starts: Ints, seed: int, params: WindowParams | None = None
    ) -> None:
        self.problem, self.packed, self.seed, self.params = problem, packed, seed, params or WindowParams()
        self.cp = exact.load()
        self.free = np.empty((packed.horizon + 2, len(packed.capacity)), dtype=np.int64)
        self.heads = np.empty(packed.horizon + 4, dtype=np.int64)
        self.rank = np.argsort(packed.forward.order)
        self.weight = np.maximum(1, problem.demands.sum(axis=1) * problem.durations)
        self.best = starts.copy()
        self.makespan = int((starts + problem.durations).max(initial=0))
        self.tried = 0

    def run_until(self, deadline_s: float, enough: int) -> int:
        """Improve until :func:`time.perf_counter` passes ``deadline_s`` or the makespan is ``enough``; the makespan."""
        while self.makespan > enough and (left := deadline_s - perf_counter()) > 0:
            self.step(min(left, self.params.seconds))
        return self.makespan

    def step(self, seconds: float) -> None:
        """One window; the next begins in its middle, the first of a round anywhere in the first half of one."""
        size = min(self.params.activities, self.problem.size)
        half = max(1, size // 2)
        places = max(1, -(-(self.problem.size - size) // half) + 1)
        turn_of, at = divmod(self.tried, places)
        first = min(at * half + turn_of * 7 % half, self.problem.size - size)
        self.tried += 1
        order = np.lexsort((self.rank, self.best))
        moved = self._solve(order[first : first + size], seconds)
        if moved is None:
            return
        length, starts = self._close(moved)
        if length <= self.makespan:
            self.makespan, self.best = length, starts

    def _close(self, starts: Ints) -> tuple[int, Ints]:
        """Forward in order of start, backward, forward."""
        packed, way = self.packed, self.packed.forward
        rows = packed.demand, packed.capacity, packed.guard, self.free
        order, closed = np.lexsort((self.rank, starts)), starts.copy()
        length = int(place(order, packed.durations, way.ptr, way.before, way.lag, *rows, closed))
        for way in (packed.backward, packed.forward):
            by_start = way is packed.backward and not packed.finish_to_start
            turn(way.order, closed, packed.durations, length, by_start, self.heads, order)
            length = int(place(order, packed.durations, way.ptr, way.before, way.lag, *rows, closed))
        return length, closed

    def _solve(self, window: Ints, seconds: float) -> Ints | None:
        """Starts with the window's activities moved; ``None``: the solver found nothing in time."""
        problem, cp = self.problem, self.cp
        inside = np.zeros(problem.size, dtype=np.bool_)
        inside[window] = True
        low, high = self._limits(inside)
        model = cp.CpModel()
        chosen = window.tolist()
        starts = {i: model.new_int_var(int(low[i]), int(high[i]), "") for i in chosen}
        intervals = {i: model.new_fixed_size_interval_var(starts[i], int(problem.durations[i]), "") for i in chosen}
        for i in chosen:
            model.add_hint(starts[i], int(self.best[i]))
        for k in np.flatnonzero(inside[problem.pred] & inside[problem.succ]).tolist():
            model.add(starts[int(problem.succ[k])] >= starts[int(problem.pred[k])] + int(problem.lag[k]))
        ends = int(low[window].min()), int((high + problem.durations)[window].max())
        self._add_resources(model, inside, intervals, *ends)
        model.minimize(sum(int(self.weight[i]) * start for i, start in starts.items()))
        solver = exact.one_thread(cp, max(0.01, seconds), self.seed)
        if solver.solve(model) not in (cp.OPTIMAL, cp.FEASIBLE):
            return None
        moved = self.best.copy()
        for i, start in starts.items():
            moved[i] = solver.value(start)
        return moved

    def _limits(self, inside: Mask) -> tuple[Ints, Ints]:
        """Earliest and latest starts that links to what stands leave; nothing goes beyond the window's last finish."""
        problem, best = self.problem, self.best
        last = int((best + problem.durations)[inside].max())
        low, high = np.zeros(problem.size, dtype=np.int64), last - problem.durations
        into = inside[problem.succ] & ~inside[problem.pred]
        np.maximum.at(low, problem.succ[into], best[problem.pred[into]] + problem.lag[into])
        out = inside[problem.pred] & ~inside[problem.succ]
        np.minimum.at(high, problem.pred[out], best[problem.succ[out]] - problem.lag[out])
        return low, high

    def _add_resources(self, model: Any, inside: Mask, intervals: dict[int, Any], low: int, high: int) -> None:
        """What stands takes its units away as intervals that cannot move."""
        problem = self.problem
        finish = self.best + problem.durations
        standing = np.flatnonzero(~inside & (finish > low) & (self.best < high) & (problem.durations > 0))
        begins, ends = np.maximum(self.best[standing], low) - low, np.minimum(finish[standing], high) - low
        for r, capacity in enumerate(problem.capacities.tolist()):
            users = [i for i in intervals if problem.demands[i, r] and problem.durations[i]]
            change = np.zeros(high - low + 1, dtype=np.int64)
            np.add.at(change, begins, problem.demands[standing, r])
            np.subtract.at(change, ends, problem.demands[standing, r])
            used = np.cumsum(change)[:-1]
            edges = [0, *(np.flatnonzero(np.diff(used)) + 1).tolist(), high - low]
            taken = [(a, b) for a, b in pairwise(edges) if used[a]]
            model.add_cumulative(
                [intervals[i] for i in users]
                + [model.new_fixed_size_interval_var(low + a, b - a, "") for a, b in taken],
                [int(problem.demands[i, r]) for i in users] + [int(used[a]) for a, _ in taken],
                capacity,
            )
