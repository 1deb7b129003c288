"""All timetables of a small plan as CP-SAT sees them, and a few that are none: so what it proves holds.

Nodes begin at steps of their own working time (:mod:`.starts`). A row is shared out exactly: its slots are sorted by
which calendars work in them; among slots of one sort every task that works there lies without a gap, so each sort is
one cumulative. What lies behind the end looked at takes nothing and is as late as just behind it. Left out: which of
its tasks opens a summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tminus.engines.schedule.bounds import OPEN, SILENT, STARTED
from tminus.engines.schedule.levelling.decode import Placed
from tminus.engines.schedule.levelling.histogram import slots_between
from tminus.engines.schedule.levelling.problem import Problem
from tminus.engines.schedule.levelling.starts import Starts, starts_of, steps_asked
from tminus.engines.schedule.passes import FIRST, NEVER
from tminus.engines.schedule.resources.exact import load, one_thread
from tminus.engines.schedule.worktime import Ints

MOST_NODES = 90
"""Of the network; summaries are up to three each."""

FURTHER = 3
"""The end looked at lies so large a part of the whole behind the timetable's own: what is put off beyond it is free."""


@dataclass(frozen=True, slots=True)
class Least:
    """No timetable has fewer late gates, nor with as few less weighted tardiness (minutes). ``starts``: what the solver
    found, instants by place, if anything."""

    gates_late: int
    tardiness: float
    starts: dict[int, int] | None


def least_of(problem: Problem, placed: Placed, seconds: float, seed: int) -> Least | None:
    """A bound by at most ``seconds`` on the clock of one thread, begun from ``placed``; none: too wide to be looked at,
    work has begun, or there are several ways of doing something."""
    several = np.diff(problem.options.ptr) > 1
    if problem.size > MOST_NODES or several.any() or (problem.held.state == STARTED).any():
        return None
    starts = _starts(problem, placed)
    return None if starts is None else _Relaxation(problem, placed, starts).solve(seconds, seed)


def _starts(problem: Problem, placed: Placed) -> dict[int, Starts] | None:
    seen = np.empty(2 * problem.size, dtype=np.int64)
    seen[0::2], seen[1::2] = placed.finish, placed.start
    free = np.nonzero(problem.held.state == OPEN)[0].tolist()
    for place in [*free, *np.nonzero(problem.held.state == SILENT)[0].tolist()]:
        seen[2 * place : 2 * place + 2] = NEVER
    end = int(placed.finish[free].max()) if free else 0
    end += (end - int(placed.start[free].min())) // FURTHER if free else 0
    found = {}
    for place in free:
        one = starts_of(problem, int(placed.choice.option[place]), place, seen, end)
        if one is None:
            return None
        found[place] = one
    return found


class _Relaxation:
    def __init__(self, problem: Problem, placed: Placed, starts: dict[int, Starts]) -> None:
        self.cp = load()
        self.problem, self.placed, self.starts = problem, placed, starts
        self.model = self.cp.CpModel()
        self.far = sum(one.high - one.low + 1 + one.work for one in starts.values()) + 10_000
        self.step: dict[int, Any] = {}
        self.inside: dict[int, Any] = {}
        self.index: dict[int, Any] = {}
        for place, one in starts.items():
            self._add(place, one)
        self._link()
        self._share()
        self.most_late = self._aim()

    def _add(self, place: int, one: Starts) -> None:
        """``step`` goes on as far as it likes; ``index`` is the step, or the one that stands for all beyond."""
        model = self.model
        step = model.new_int_var(one.low, one.high + self.far, "")
        inside, index = model.new_bool_var(""), model.new_int_var(0, one.high - one.low + 1, "")
        model.add(step <= one.high).only_enforce_if(inside)
        model.add(step > one.high).only_enforce_if(inside.negated())
        model.add(index == step - one.low).only_enforce_if(inside)
        model.add(index == one.high - one.low + 1).only_enforce_if(inside.negated())
        model.add_hint(step, one.low + self._now(one))
        model.add_hint(inside, self._now(one) <= one.high - one.low)
        model.add_hint(index, self._now(one))
        self.step[place], self.inside[place], self.index[place] = step, inside, index

    def _now(self, one: Starts) -> int:
        """Which of its starts it has: a milestone in the morning counts as the evening before."""
        return max(int(np.searchsorted(one.start, self.placed.start[one.place], side="right")) - 1, 0)

    def _of(self, one: Starts, values: Ints) -> Any:
        """An expression with these values, one for each start."""
        ahead = values - np.arange(one.low, one.low + len(values))
        if (ahead == ahead[0]).all():
            return self.step[one.place] + int(ahead[0])
        made = self.model.new_int_var(int(values.min()), int(values.max()), "")
        self.model.add_element(self.index[one.place], values.tolist(), made)
        self.model.add_hint(made, int(values[self._now(one)]))
        return made

    def _link(self) -> None:
        rows = self.problem.network.forward
        into = np.repeat(np.arange(self.problem.size), np.diff(rows.ptr))
        for row in np.nonzero(rows.kind != FIRST)[0].tolist():
            pred, succ = self.starts.get(int(rows.ends[row])), self.starts.get(int(into[row]))
            if pred is not None and succ is not None:
                self.model.add(self.step[succ.place] >= self._of(pred, steps_asked(self.problem, row, pred, succ)))

    # Resources ----------------------------------------

    def _share(self) -> None:
        o, option = self.problem.options, self.placed.choice.option
        users: dict[int, list[tuple[Starts, int]]] = {}
        for place, one in self.starts.items():
            for k in range(int(o.take_ptr[option[place]]), int(o.take_ptr[option[place] + 1])):
                if one.work > 0 and o.take[k] > 0:
                    users.setdefault(int(o.take_row[k]), []).append((one, int(o.take[k])))
        for row, some in users.items():
            self._share_row(row, some)

    def _share_row(self, row: int, users: Sequence[tuple[Starts, int]]) -> None:
        rest = self._rest(row, users)
        if self.problem.kept[row]:
            self._cumulative(np.arange(len(rest)), rest, users)
            return
        sort = np.zeros(len(rest), dtype=np.int64)
        bits = {c: 1 << bit for bit, c in enumerate(dict.fromkeys(one.calendar for one, _ in users))}
        for c, bit in bits.items():
            sort[self._slots(c)] |= bit
        for which in np.unique(sort[sort > 0]).tolist():
            there = [(one, units) for one, units in users if which & bits[one.calendar]]
            self._cumulative(np.nonzero(sort == which)[0], rest, there)

    def _slots(self, c: int) -> Ints:
        slots = self.problem.slots
        return np.asarray(slots.of[slots.ptr[c] : slots.ptr[c + 1]], dtype=np.int64)

    def _rest(self, row: int, users: Sequence[tuple[Starts, int]]) -> Ints:
        """Thousandths in each slot that what is fixed leaves, overtime with them."""
        problem, placed = self.problem, self.placed
        rest = placed.free[row].astype(np.int64)
        for one, units in users:
            held = slots_between(problem, one.calendar, int(placed.start[one.place]), int(placed.finish[one.place]))
            if len(held):
                rest[slice(held[0], held[-1] + 1) if problem.kept[row] else held] += units
        return np.asarray(np.maximum(rest, 0), dtype=np.int64)

    def _cumulative(self, axis: Ints, rest: Ints, users: Sequence[tuple[Starts, int]]) -> None:
        """``axis``: slots side by side; between the first and last that may be used, what is not left is used."""
        model = self.model
        intervals, demands, first, last = [], [], len(axis), 0
        for one, units in users:
            of = self._slots(one.calendar)
            length = -(-one.work // self.problem.slots.minutes)
            steps = np.arange(one.low, one.high + 1)
            begin, end = np.searchsorted(axis, of[steps]), np.searchsorted(axis, of[steps + length - 1], side="right")
            first, last = min(first, int(begin[0])), max(last, int(end[-1]))
            begin, size = np.append(begin, begin[-1]), np.append(end - begin, (end - begin)[-1])
            start, length_, end_ = self._of(one, begin), self._of_size(one, size), self._of(one, begin + size)
            intervals.append(model.new_optional_interval_var(start, length_, end_, self.inside[one.place], ""))
            demands.append(units)
        left = rest[axis[first:last]]
        most = int(left.max()) if len(left) else 0
        edges = np.concatenate([[0], np.nonzero(np.diff(left))[0] + 1, [len(left)]]).tolist() if len(left) else []
        for a, b in pairwise(edges):
            if left[a] < most:
                intervals.append(model.new_fixed_size_interval_var(first + a, b - a, ""))
                demands.append(most - int(left[a]))
        model.add_cumulative(intervals, demands, most)

    def _of_size(self, one: Starts, size: Ints) -> Any:
        return int(size[0]) if (size == size[0]).all() else self._of(one, size)

    # Worth ----------------------------------------

    def _aim(self) -> int:
        """Gates first, then lateness. Answers more lateness than there may be."""
        costs: list[Any] = []
        gates: list[Any] = []
        most = 1
        for place, one in self.starts.items():
            cost = np.asarray(np.floor(one.late * float(self.problem.weight[place])), dtype=np.int64)
            if cost[-1] > 0:
                costs.append(self._of(one, cost))
                most += int(cost[-1])
            if self.problem.gate[place] and one.late[-1] > 0:
                gates.append(self._gate(one))
        self.model.minimize(sum(costs) + most * sum(gates))
        return most

    def _gate(self, one: Starts) -> Any:
        late = self.model.new_bool_var("")
        fine = one.low + int(np.searchsorted(one.late > 0, True)) - 1
        self.model.add(self.step[one.place] <= fine).only_enforce_if(late.negated())
        self.model.add_hint(late, one.low + self._now(one) > fine)
        return late

    def solve(self, seconds: float, seed: int) -> Least | None:
        solver = one_thread(self.cp, seconds, seed)
        status = solver.solve(self.model)
        if status not in (self.cp.OPTIMAL, self.cp.FEASIBLE, self.cp.UNKNOWN):
            return None
        bound = max(int(np.ceil(solver.best_objective_bound - 1e-6)), 0)
        starts = None
        if status != self.cp.UNKNOWN:
            starts = {p: int(one.start[solver.value(self.index[p])]) for p, one in self.starts.items()}
        return Least(bound // self.most_late, float(bound % self.most_late), starts)
