"""What no timetable can do better than: dates without scarce resources, and dates by the sheer amount of work.

By work: all that must be done before a task is finished, and the task itself, asks of a row a certain number of
unit-minutes; they are not there before a certain instant, however cleverly they are shared out. Of several ways of
doing a task the least of each is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

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
    """No timetable has fewer late gates or less weighted tardiness (minutes). ``end``: of the last task, an instant."""

    gates_late: int
    tardiness: float
    end: int

    def as_json(self) -> dict[str, Any]:
        return {"gates_late": self.gates_late, "tardiness_days": round(self.tardiness / DAY, 4)}

    def proves(self, value: Value) -> bool:
        """Whether nothing can be better in late gates and tardiness."""
        return value.overspent == 0 and (value.gates_late, value.tardiness) <= (self.gates_late, self.tardiness)

    def gap(self, value: Value) -> float:
        """By how much the tardiness may still shrink, as a share of it: 0 … 1."""
        return max(1 - self.tardiness / value.tardiness, 0.0) if value.tardiness > 0 else 0.0


def lower_bound_of(problem: Problem) -> LowerBound:
    early = _without_resources(problem)
    finish = early[1].copy()
    if problem.rows and len(problem.slots.at):
        for place in _ends(problem, finish):
            finish[place] = max(finish[place], _by_work(problem, place, early[0]))
    late = tardiness(problem, early[0], finish)
    leaf = problem.network.node >= 0
    end = int(finish[leaf].max()) if leaf.any() else 0
    return LowerBound(int((problem.gate & (late > 0)).sum()), float((late * problem.weight).sum()), end)


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
    from dataclasses import replace

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


def _by_work(problem: Problem, place: int, start: Ints) -> int:
    """The instant before which the work up to and including ``place`` cannot be done."""
    some = _before(problem, place)
    some = some[problem.held.state[some] != DONE]
    best = NEVER
    for row in range(len(problem.rows)):
        work, first = _work_on(problem, some, row, start)
        if work:
            best = max(best, _done_at(problem, row, work, first))
    return best


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


def _work_on(problem: Problem, some: Ints, row: int, start: Ints) -> tuple[int, int]:
    """Least unit-minutes ``some`` ask of ``row``, and the earliest start among those that ask."""
    o, total, first = problem.options, 0, -NEVER
    for i in some:
        least = min(
            sum(
                int(o.take[k]) * int(o.work[option])
                for k in range(o.take_ptr[option], o.take_ptr[option + 1])
                if o.take_row[k] == row
            )
            for option in range(o.ptr[i], o.ptr[i + 1])
        )
        if least:
            total, first = total + least, min(first, int(start[i]))
    return total, first


def _done_at(problem: Problem, row: int, work: int, first: int) -> int:
    """Where ``work`` unit-minutes of a row are there, counted from ``first``; all its slots taken."""
    slots = problem.slots
    begin = int(np.searchsorted(slots.at, first - slots.minutes, side="right"))
    worked = np.zeros(len(slots.at), dtype=np.bool_)
    for c in np.unique(problem.options.calendar[_asking(problem, row)]):
        worked[slots.of[slots.ptr[c] : slots.ptr[c + 1]]] = True
    there = np.cumsum(np.where(worked, problem.capacity[row], 0)[begin:].astype(np.int64)) * slots.minutes
    k = int(np.searchsorted(there, work))
    if k >= len(there):
        return NEVER
    before = int(there[k - 1]) if k else 0
    rate = int(problem.capacity[row, begin + k])
    inside = -(-(work - before) // rate)
    slot_start = int(slots.at[begin + k])
    return slot_start + inside


def _asking(problem: Problem, row: int) -> Ints:
    """Options that ask for ``row``."""
    o = problem.options
    option = np.repeat(np.arange(len(o.work), dtype=np.int64), np.diff(o.take_ptr))
    return np.asarray(option[o.take_row == row], dtype=np.int64)
