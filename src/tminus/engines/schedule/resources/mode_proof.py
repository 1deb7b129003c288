"""CP-SAT for problems with modes: something shorter, or the proof that there is none; one thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tminus.engines.schedule.resources import exact
from tminus.engines.schedule.resources.mode_packed import ModePacked
from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.problem import Ints


@dataclass(frozen=True, slots=True)
class ModeAnswer:
    """What the solver found within the horizon asked for; see :class:`.exact.Answer`."""

    starts: Ints | None
    modes: Ints | None
    bound: int
    closed: bool


def shorter_in_modes(
    problem: MultiModeProblem, packed: ModePacked, horizon: int, *, bound: int, seconds: float, seed: int = 0
) -> ModeAnswer:
    """Look for a schedule that ends by ``horizon``; every activity gets an interval for each of its modes.

    Windows are cut by heads and tails in shortest modes. ``closed`` without starts: there is none.
    """
    cp = exact.load()
    model = cp.CpModel()
    last = model.new_int_var(min(bound, horizon), horizon, "last")
    starts, ends = _windows(model, packed, last, horizon)
    taken = [model.new_bool_var(f"m{row}") for row in range(len(problem.durations))]
    intervals = _intervals(model, problem, starts, ends, taken)
    for p, s, gap in zip(problem.pred.tolist(), problem.succ.tolist(), problem.gap.tolist(), strict=True):
        model.add(starts[s] >= ends[p] + gap)
    for r, capacity in enumerate(problem.capacities.tolist()):
        users = np.flatnonzero((problem.demands[:, r] > 0) & (problem.durations > 0)).tolist()
        model.add_cumulative([intervals[row] for row in users], problem.demands[users, r].tolist(), capacity)
    for b, budget in enumerate(problem.budgets.tolist()):
        model.add(sum(int(problem.spending[row, b]) * taken[row] for row in range(len(taken))) <= budget)
    model.minimize(last)
    return _solve(cp, model, problem, (starts, taken), horizon, seconds, seed)


def _windows(model: Any, packed: ModePacked, last: Any, horizon: int) -> tuple[list[Any], list[Any]]:
    starts, ends = [], []
    for i in range(packed.size):
        head, tail, least = int(packed.heads[i]), int(packed.tails[i]), int(packed.shortest[i])
        starts.append(model.new_int_var(head, max(head, horizon - tail - least), f"s{i}"))
        ends.append(model.new_int_var(head + least, max(head + least, horizon - tail), f"e{i}"))
        model.add(last >= ends[i] + tail)
    return starts, ends


def _intervals(
    model: Any, problem: MultiModeProblem, starts: list[Any], ends: list[Any], taken: list[Any]
) -> list[Any]:
    """One a row, there when its mode is taken; exactly one of an activity's is."""
    intervals = []
    for i in range(problem.size):
        rows = range(int(problem.mode_ptr[i]), int(problem.mode_ptr[i + 1]))
        model.add_exactly_one(taken[row] for row in rows)
        for row in rows:
            length = int(problem.durations[row])
            intervals.append(model.new_optional_interval_var(starts[i], length, ends[i], taken[row], f"i{row}"))
    return intervals


def _solve(
    cp: Any, model: Any, problem: MultiModeProblem, asked: tuple[list[Any], list[Any]], horizon: int, seconds: float,
    seed: int,
) -> ModeAnswer:  # fmt: skip
    solver = exact.one_thread(cp, seconds, seed)
    # With it OR-Tools 9.15 refutes schedules that exist, where intervals of a cumulative are optional: of 156 PSPLIB
    # instances of known optimum 2. Without it none, and it is faster.
    solver.parameters.use_disjunctive_constraint_in_cumulative = False
    status = solver.solve(model)
    starts, taken = asked
    if status == cp.INFEASIBLE:
        return ModeAnswer(None, None, horizon + 1, True)
    bound = round(solver.best_objective_bound)
    if status not in (cp.OPTIMAL, cp.FEASIBLE):
        return ModeAnswer(None, None, bound if status == cp.UNKNOWN else 0, False)
    found = np.array([solver.value(start) for start in starts], dtype=np.int64)
    rows = np.array([row for row in range(len(taken)) if solver.value(taken[row])], dtype=np.int64)
    return ModeAnswer(found, rows - problem.mode_ptr[:-1], bound, bool(status == cp.OPTIMAL))
