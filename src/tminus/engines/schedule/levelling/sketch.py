"""A stretch of a timetable roughly: all on one axis of slots, each task as long on it as it is now.

Rough where calendars differ: a task that moves over a weekend keeps its length. What comes out is an order, not dates;
where everything stands now is always possible, so that a solver begins with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from tminus.engines.schedule.bounds import OPEN
from tminus.engines.schedule.levelling.decode import Placed
from tminus.engines.schedule.levelling.problem import Problem
from tminus.engines.schedule.levelling.serial import asked
from tminus.engines.schedule.passes import FIRST, NEVER
from tminus.engines.schedule.resources.exact import load, one_thread
from tminus.engines.schedule.worktime import Ints, start_at


class Sketch:
    """``free`` nodes around ``placed``, a timetable placed forwards; followers that are not free may move on to where
    ``late`` (starts and finishes) has them."""

    def __init__(self, problem: Problem, placed: Placed, late: tuple[Ints, Ints], free: Sequence[int]) -> None:
        self.cp = load()
        self.model = self.cp.CpModel()
        self.problem, self.placed, self.free = problem, placed, list(free)
        at = problem.slots.at
        self.start, self.finish = np.searchsorted(at, placed.start), np.searchsorted(at, placed.finish)
        self.late = tuple(
            np.maximum(np.searchsorted(at, side), now)
            for side, now in zip(late, (self.start, self.finish), strict=True)
        )
        self.end = int(self.finish[self.free].max() + (self.finish - self.start)[self.free].max())
        self.low: dict[int, int] = {}
        self.step = self._steps()
        self._link()
        self._share()
        self._aim()

    def _steps(self) -> dict[int, Any]:
        seen = np.empty(2 * self.problem.size, dtype=np.int64)
        seen[0::2], seen[1::2] = self.placed.finish, self.placed.start
        places = np.array(self.free)
        seen[2 * places], seen[2 * places + 1] = NEVER, NEVER
        found = {}
        for place in self.free:
            now, length = int(self.start[place]), int(self.finish[place] - self.start[place])
            self.low[place] = min(self._earliest(place, seen), now)
            found[place] = self.model.new_int_var(self.low[place], max(self.end - length, now), "")
            self.model.add_hint(found[place], now)
        return found

    def _earliest(self, place: int, seen: Ints) -> int:
        problem, held = self.problem, self.problem.held
        rows, o, table = problem.network.forward, problem.options, problem.network.time.table
        option = int(self.placed.choice.option[place])
        c, work = int(o.calendar[option]), int(o.work[option])
        w, _ = asked(
            False, place, rows.ptr, rows.ends, rows.kind, rows.lag, rows.lag_calendar, c, work,
            held.earliest_start[place], held.earliest_finish[place], seen, table,
        )  # fmt: skip
        return int(np.searchsorted(problem.slots.at, start_at(table, c, w)))

    def _link(self) -> None:
        problem = self.problem
        rows = problem.network.forward
        into = np.repeat(np.arange(problem.size), np.diff(rows.ptr))
        free = np.zeros(problem.size, dtype=np.bool_)
        free[self.free] = True
        for row in np.nonzero(free[rows.ends] & (rows.kind != FIRST))[0].tolist():
            pred, succ, kind = int(rows.ends[row]), int(into[row]), int(rows.kind[row])
            from_ = (self.start if kind & 1 else self.finish)[pred]
            lag = -(-int(rows.lag[row]) // problem.slots.minutes)
            if succ in self.step:
                to = (self.finish if kind >> 1 else self.start)[succ]
                apart = min(lag, int(to - from_)) + int(from_ - self.start[pred]) - int(to - self.start[succ])
                self.model.add(self.step[succ] >= self.step[pred] + apart)
            elif problem.held.state[succ] == OPEN:
                room = int(self.late[kind >> 1][succ] - from_) - lag
                self.model.add(self.step[pred] <= int(self.start[pred]) + max(room, 0))

    def _share(self) -> None:
        o, choice = self.problem.options, self.placed.choice
        users: dict[int, list[tuple[int, int]]] = {}
        for place in self.free:
            option = int(choice.option[place])
            if self.finish[place] > self.start[place]:
                for k in range(int(o.take_ptr[option]), int(o.take_ptr[option + 1])):
                    users.setdefault(int(o.take_row[k]), []).append((place, int(o.take[k])))
        for row, some in users.items():
            self._cumulative(row, some)

    def _cumulative(self, row: int, users: list[tuple[int, int]]) -> None:
        """What is free now, and what the free tasks hold now from start to finish, can be shared out anew."""
        low = min(self.low[place] for place, _ in users)
        rest = np.maximum(self.placed.free[row, low : self.end].astype(np.int64), 0)
        if not self.placed.choice.over.any():
            rest = np.maximum(rest - int(self.problem.overtime[row]), 0)
        closed = self.problem.capacity[row, low : self.end] == 0
        for place, units in users:
            rest[self.start[place] - low : self.finish[place] - low] += units
        rest[closed] = max(int(rest.max()), 1)  # nobody works there; tasks lie over it as they do now
        most = int(rest.max())
        intervals, demands = [], []
        for place, units in users:
            length = int(self.finish[place] - self.start[place])
            intervals.append(self.model.new_fixed_size_interval_var(self.step[place], length, ""))
            demands.append(units)
        edges = np.concatenate([[0], np.nonzero(np.diff(rest))[0] + 1, [len(rest)]]).tolist()
        for a, b in pairwise(edges):
            if rest[a] < most:
                intervals.append(self.model.new_fixed_size_interval_var(low + a, b - a, ""))
                demands.append(most - int(rest[a]))
        self.model.add_cumulative(intervals, demands, most)

    def _aim(self) -> None:
        """Gates first, then lateness by weight, then everything early."""
        problem, held = self.problem, self.problem.held
        late: list[Any] = []
        gates: list[Any] = []
        for place in self.free:
            due = held.latest_finish[place]
            end = self.step[place] + int(self.finish[place] - self.start[place])
            if due == -NEVER:
                continue
            at = int(np.searchsorted(problem.slots.at, due))
            now = max(int(self.finish[place]) - at, 0)
            by = self.model.new_int_var(0, max(self.end - at, now, 0), "")
            self.model.add(by >= end - at)
            self.model.add_hint(by, now)
            late.append(by * max(round(float(problem.weight[place]) * 10), 1))
            if problem.gate[place]:
                gates.append(self._gate(end, at, now))
        scale = len(self.free) * (self.end + 1)
        self.model.minimize((sum(late) + sum(gates) * 10 * scale) * scale + sum(self.step.values()))

    def _gate(self, end: Any, at: int, now: int) -> Any:
        gate = self.model.new_bool_var("")
        self.model.add(end <= at).only_enforce_if(gate.negated())
        self.model.add_hint(gate, int(now > 0))
        return gate

    def solve(self, effort: float, seconds: float, seed: int) -> tuple[dict[int, int], bool] | None:
        """Starts of the free nodes as instants, and whether nothing is better; one thread. ``effort``: of the solver's
        own deterministic time, about a second of a processor; ``seconds``: on the clock, in any case."""
        solver = one_thread(self.cp, seconds, seed)
        solver.parameters.max_deterministic_time = effort
        solver.parameters.linearization_level = 0
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.symmetry_level = 0
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE):
            return None
        at = self.problem.slots.at
        last = len(at) - 1
        return {p: int(at[min(solver.value(step), last)]) for p, step in self.step.items()}, status == self.cp.OPTIMAL
