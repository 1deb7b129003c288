"""What no timetable can do better than: dates without scarce resources, and dates by the sheer amount of work.

By work: all that must be done before a task is finished, and the task itself, asks of a row a certain number of
unit-minutes; they are not there before a certain instant, however cleverly they are shared out. Of several ways of
doing a task the least of each is counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.back_schedule import forward
from tminus.engines.schedule.bounds import DONE
from tminus.engines.schedule.levelling.objective import Value, tardiness
from tminus.engines.schedule.levelling.problem import Problem
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.worktime import DAY, Ints

MOST_ENDS = 400
"""So many tasks with dates of their own are looked at with all that comes before them."""


@dataclass(frozen=True, slots=True)
class LowerBound:
    """No timetable has fewer late gates or less weighted tardiness (minutes). ``end``: of the last task, an instant.

    ``least``: no timetable has fewer late gates than its first, nor with as few less tardiness than its second.
    """

    gates_late: int
    tardiness: float
    end: int
    least: tuple[int, float] = (0, 0.0)

    def as_json(self) -> dict[str, Any]:
        gates_late, tardiness = self.best
        return {"gates_late": gates_late, "tardiness_days": round(tardiness / DAY, 4)}

    @property
    def best(self) -> tuple[int, float]:
        """Gates, then tardiness: no timetable is better."""
        return max((self.gates_late, self.tardiness), self.least)

    def proves(self, value: Value) -> bool:
        """Whether nothing can be better in late gates and tardiness."""
        return value.overspent == 0 and (value.gates_late, value.tardiness) <= self.best

    def gap(self, value: Value) -> float:
        """By how much the tardiness may still shrink with no more late gates, as a share of it: 0 … 1."""
        gates_late, tardiness = self.best
        if gates_late < value.gates_late:
            tardiness = self.tardiness
        return max(1 - tardiness / value.tardiness, 0.0) if value.tardiness > 0 else 0.0


def lower_bound_of(problem: Problem) -> LowerBound:
    early = _without_resources(problem)
    finish = early[1].copy()
    rows: list[_Row] = []
    if problem.rows and len(problem.slots.at):
        work = _work_by_row(problem)
        rows = [_Row(problem, row, work[row]) for row in range(len(problem.rows))]
        for place in _ends(problem, finish):
            before = _before(problem, place)
            finish[place] = max(finish[place], *(row.done_at(before, early[0]) for row in rows))
    late = tardiness(problem, early[0], finish)
    leaf = problem.network.node >= 0
    end = int(finish[leaf].max()) if leaf.any() else 0
    weighted = late * problem.weight
    everybody = np.ones(problem.size, dtype=np.bool_)
    least = max((row.least_tardiness(early[0], everybody) for row in rows), default=0.0)
    least = max(float(weighted.sum()), least, _row_by_row(problem, rows, early[0], weighted))
    return LowerBound(int((problem.gate & (late > 0)).sum()), least, end)


def _row_by_row(problem: Problem, rows: list[_Row], start: Ints, late: NDArray[np.float64]) -> float:
    """Each node counted with one row, the scarcest it asks of: of each row the greater of two bounds, all together."""
    if not rows:
        return 0.0
    scarce = np.array([row.work.sum() / max(int(row.there[-1]), 1) for row in rows])
    asks = np.array([row.work > 0 for row in rows])
    mine = np.where(asks.any(axis=0), np.argmax(np.where(asks, scarce[:, None], -1.0), axis=0), -1)
    found = float(late[mine < 0].sum())
    for number, row in enumerate(rows):
        some = mine == number
        found += max(float(late[some].sum()), row.least_tardiness(start, some))
    return found


def _without_resources(problem: Problem) -> tuple[Ints, Ints]:
    """Early dates when each task takes its quickest way; in the hours of the first way where several differ."""
    options, held = problem.options, problem.held
    several = np.diff(options.ptr) > 1
    if not several.any():
        found = forward(problem.network, held)
        return found.start, found.finish
    work = np.array([options.work[a:b].min() for a, b in pairwise(options.ptr)], dtype=np.int64)
    calendars = [np.unique(options.calendar[a:b]) for a, b in pairwise(options.ptr)]
    mixed = [len(some) > 1 for some in calendars]
    calendar = np.where(mixed, 0, problem.network.calendar)  # the clock on the wall is quicker than any hours
    found = forward(replace(problem.network, calendar=calendar), replace(held, work=work))
    return found.start, found.finish


def _ends(problem: Problem, finish: Ints) -> list[int]:
    """Nodes with a date of their own that may be in danger, those with the least room first."""
    held = problem.held
    dated = (held.latest_finish != -NEVER) & (held.state != DONE)
    follows = np.zeros(problem.size, dtype=np.bool_)
    follows[problem.network.forward.ends] = True
    wanted = np.nonzero(dated & (problem.gate | ~follows))[0]
    return sorted((int(i) for i in wanted), key=lambda i: int(held.latest_finish[i] - finish[i]))[:MOST_ENDS]


def _before(problem: Problem, place: int) -> Ints:
    """The node and all that must be finished before it can be."""
    rows = problem.network.forward
    seen = np.zeros(problem.size, dtype=np.bool_)
    seen[place] = True
    for i in range(place, -1, -1):
        if seen[i]:
            for k in range(rows.ptr[i], rows.ptr[i + 1]):
                if rows.kind[k] in (0, 2) and rows.lag[k] >= 0:  # finish to start, finish to finish
                    seen[rows.ends[k]] = True
    return np.nonzero(seen)[0]


def _work_by_row(problem: Problem) -> Ints:
    """Unit-minutes each node asks of each row at the least, (rows, nodes); nothing of what is done."""
    o = problem.options
    option = np.repeat(np.arange(len(o.work), dtype=np.int64), np.diff(o.take_ptr))
    asked = np.zeros((len(problem.rows), len(o.work)), dtype=np.int64)
    np.add.at(asked, (o.take_row, option), o.take * o.work[option])
    least = np.minimum.reduceat(asked, o.ptr[:-1], axis=1)
    return np.where(problem.held.state == DONE, 0, least)


class _Row:
    """One row: the work asked of it, and the unit-minutes there are before each slot ends."""

    def __init__(self, problem: Problem, row: int, work: Ints) -> None:
        self.problem, self.row, self.work = problem, row, work
        slots, o = problem.slots, problem.options
        option = np.repeat(np.arange(len(o.work), dtype=np.int64), np.diff(o.take_ptr))
        worked = np.zeros(len(slots.at), dtype=np.bool_)
        for c in np.unique(o.calendar[option[o.take_row == row]]):
            worked[slots.of[slots.ptr[c] : slots.ptr[c + 1]]] = True
        self.rate = np.where(worked, problem.capacity[row], 0).astype(np.int64)
        self.there = np.cumsum(self.rate) * slots.minutes

    def done_at(self, some: Ints, start: Ints) -> int:
        """The instant before which what ``some`` nodes ask cannot be done; ``NEVER``: nothing is known."""
        asking = some[self.work[some] > 0]
        if not len(asking):
            return NEVER
        return int(self._instants(np.array([self.work[asking].sum()]), int(start[asking].min()))[0])

    def least_tardiness(self, start: Ints, among: NDArray[np.bool_]) -> float:
        """Weighted minutes late in all, of those ``among``: the smallest amounts of work are done first, one after
        another. Either in the order of their dates, all of the least weight; or all with the last of the dates, the
        heaviest first. (Sums of lateness over two lists are least when both are sorted.)"""
        held = self.problem.held
        some = np.nonzero(among & (self.work > 0) & (held.latest_finish != -NEVER))[0]
        if not len(some):
            return 0.0
        finished = self._instants(np.cumsum(np.sort(self.work[some])), int(start[some].min()))
        due, weight = np.sort(held.latest_finish[some]), np.sort(self.problem.weight[some])[::-1]
        by_date = float(np.maximum(finished - due, 0).sum()) * float(weight[-1])
        return max(by_date, float((np.maximum(finished - due[-1], 0) * weight).sum()))

    def _instants(self, work: Ints, first: int) -> Ints:
        """When so much work can be done, counted from ``first``."""
        slots = self.problem.slots
        begin = int(np.searchsorted(slots.at, first - slots.minutes, side="right"))
        wanted = work + (int(self.there[begin - 1]) if begin else 0)
        k = np.searchsorted(self.there, wanted)
        inside = np.minimum(k, len(self.there) - 1)
        before = self.there[inside] - self.rate[inside] * slots.minutes
        at = slots.at[inside] - -(wanted - before) // np.maximum(self.rate[inside], 1)
        return np.where(k < len(self.there), at, NEVER)
