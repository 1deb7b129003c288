"""CP-SAT for what the genetic search cannot do: proofs, and the best of a small part.

OR-Tools is imported by :func:`load` alone (about a second), which callers invoke before they start a clock.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from tminus.engines.schedule.resources.problem import Ints, Problem


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found below the length asked for."""

    starts: Ints | None
    bound: int
    """No schedule is shorter."""
    closed: bool
    """Nothing shorter than ``starts``, or than the horizon asked for, exists."""


def load() -> Any:
    """OR-Tools' CP-SAT; slow the first time."""
    return importlib.import_module("ortools.sat.python.cp_model")


def one_thread(cp: Any, seconds: float, seed: int) -> Any:
    """A solver with a limit in seconds of wall time."""
    solver = cp.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    return solver


def shorter_than(
    problem: Problem, makespan: int, *, bound: int, heads: Ints, tails: Ints, seconds: float, seed: int = 0
) -> Answer:
    """Look for a schedule of fewer than ``makespan`` slots, one thread.

    ``heads`` and ``tails`` are what must lie before and after each activity's start and finish; they cut the windows.
    """
    cp = load()
    model = cp.CpModel()
    horizon = makespan - 1
    starts = [
        model.new_int_var(int(heads[i]), max(int(heads[i]), horizon - int(tails[i] + problem.durations[i])), f"s{i}")
        for i in range(problem.size)
    ]
    last = model.new_int_var(bound, horizon, "last")
    intervals = [
        model.new_fixed_size_interval_var(starts[i], int(problem.durations[i]), f"i{i}") for i in range(problem.size)
    ]
    for p, s, lag in zip(problem.pred.tolist(), problem.succ.tolist(), problem.lag.tolist(), strict=True):
        model.add(starts[s] >= starts[p] + lag)
    for i in range(problem.size):
        model.add(last >= starts[i] + int(problem.durations[i] + tails[i]))
    for r, capacity in enumerate(problem.capacities.tolist()):
        users = np.flatnonzero((problem.demands[:, r] > 0) & (problem.durations > 0)).tolist()
        model.add_cumulative([intervals[i] for i in users], problem.demands[users, r].tolist(), capacity)
    model.minimize(last)
    return _solve(cp, model, starts, last, horizon, seconds, seed)


def _solve(cp: Any, model: Any, starts: list[Any], last: Any, horizon: int, seconds: float, seed: int) -> Answer:
    solver = one_thread(cp, seconds, seed)
    status = solver.solve(model)
    if status == cp.INFEASIBLE:
        return Answer(None, horizon + 1, True)
    if status in (cp.OPTIMAL, cp.FEASIBLE):
        found = np.array([solver.value(start) for start in starts], dtype=np.int64)
        return Answer(found, round(solver.best_objective_bound), status == cp.OPTIMAL)
    return Answer(None, round(solver.best_objective_bound) if status == cp.UNKNOWN else 0, False)
