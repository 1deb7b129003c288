"""What a timetable is worth: gates first, then lateness, overtime, money, earliness, changes to what was published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tminus.engines.schedule.bounds import DONE, OPEN
from tminus.engines.schedule.levelling.asked import SCALE
from tminus.engines.schedule.levelling.decode import Flags, Placed
from tminus.engines.schedule.levelling.problem import Problem
from tminus.engines.schedule.passes import NEVER, work_between
from tminus.engines.schedule.worktime import DAY, Ints


class Value(NamedTuple):
    """Smaller is better, the earlier entry first.

    ``overspent``: units over a budget. ``gates_late``: gates behind a date of their own. ``tardiness``: minutes behind
    own dates, deadlines and opening, by weight. ``overtime``: unit-minutes. ``cost``: of ways and working time.
    ``earliness``: minutes before (policy ``asap``: behind) the dates aimed at, by weight. ``changes``, ``moved``: tasks
    that start otherwise than published, and by how many minutes in all.
    """

    overspent: float
    gates_late: int
    tardiness: float
    overtime: float
    cost: float
    earliness: float
    changes: int
    moved: float

    @property
    def promised(self) -> tuple[float, int, float, float]:
        """What must get better for a published timetable to be touched."""
        return self.overspent, self.gates_late, self.tardiness, self.overtime

    def as_json(self) -> dict[str, Any]:
        return {
            "overspent": round(self.overspent, 3),
            "gates_late": self.gates_late,
            "tardiness_days": round(self.tardiness / DAY, 4),
            "overtime_hours": round(self.overtime / 60, 2),
            "cost": round(self.cost, 2),
            "earliness_days": round(self.earliness / DAY, 2),
            "changes": self.changes,
            "moved_days": round(self.moved / DAY, 2),
        }


@dataclass(frozen=True, slots=True)
class Aim:
    """``late``: as late as possible, not later than ``finish``; else as soon as possible. By place; ``published_*``:
    ``NEVER`` where nothing was."""

    late: bool
    start: Ints
    finish: Ints
    early_finish: Ints
    published_start: Ints
    published_finish: Ints
    wants_late: Flags
    """Places that stay as late as possible under a policy of as soon as possible."""


def tardiness(problem: Problem, start: Ints, finish: Ints) -> Ints:
    """Minutes each node is behind a date of its own; zero for what is done."""
    held = problem.held
    by_finish = _behind(problem, finish, held.latest_finish)
    by_start = _behind(problem, start, held.latest_start)
    return np.where(held.state == DONE, 0, np.maximum(np.maximum(by_finish, by_start), 0))


def _behind(problem: Problem, at: Ints, latest: Ints) -> Ints:
    """Minutes ``at`` is behind ``latest``; none where no working time lies between, as a start the next morning."""
    network = problem.network
    bound = np.where(latest == -NEVER, at, latest)
    worked = work_between(network.calendar, bound, at, network.time.table) > 0
    return np.where(worked | (network.work == 0), at - bound, 0)


def value_of(problem: Problem, placed: Placed, aim: Aim) -> Value:
    late = tardiness(problem, placed.start, placed.finish)
    open_ = (problem.held.state == OPEN) & (problem.network.node >= 0)
    published = aim.published_finish != NEVER
    wanted = np.where(published, aim.published_finish, aim.finish if aim.late else aim.early_finish)
    away = wanted - placed.finish if aim.late else placed.finish - wanted
    moved = np.where(open_ & published, np.abs(placed.start - aim.published_start), 0)
    overspent, cost = _money(problem, placed)
    return Value(
        overspent=overspent,
        gates_late=int((problem.gate & (late > 0)).sum()),
        tardiness=float((late * problem.weight).sum()),
        overtime=_overtime(problem, placed),
        cost=cost,
        earliness=float((np.where(open_, np.maximum(away, 0), 0) * problem.weight).sum()),
        changes=int((moved > 0).sum()),
        moved=float(moved.sum()),
    )


def _overtime(problem: Problem, placed: Placed) -> float:
    if not problem.overtime.any():
        return 0.0
    into = np.where(problem.capacity > 0, problem.overtime[:, None] - placed.free, 0)
    return float(np.maximum(into, 0).sum()) / SCALE * problem.slots.minutes


def _money(problem: Problem, placed: Placed) -> tuple[float, float]:
    """Units over budgets, and what the chosen ways cost."""
    if not problem.priced.any() and not problem.spends.size:
        return 0.0, 0.0
    option = placed.choice.option
    spent = problem.spends[:, option].sum(axis=1)
    return float(np.maximum(spent - problem.budgets, 0).sum()), float(problem.priced[option].sum())
