"""Whether start times are a schedule: links kept and no resource overdrawn; independent of how they were found."""

from __future__ import annotations

import numpy as np

from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.problem import Ints, Problem


class InvalidSchedule(AssertionError):
    """A method answered with start times that break its own problem; a defect of the program, never of the input."""


def violation(problem: Problem, starts: Ints) -> str | None:
    """The first rule that ``starts`` (one slot an activity) break, in words; ``None`` for a schedule."""
    if starts.shape != problem.durations.shape:
        return f"{len(starts)} starts for {problem.size} activities"
    if starts.size and starts.min() < 0:
        return f"activity {int(starts.argmin())} starts at {starts.min()}, before 0"
    short = np.flatnonzero(starts[problem.succ] < starts[problem.pred] + problem.lag)
    if len(short):
        k = int(short[0])
        pred, succ = int(problem.pred[k]), int(problem.succ[k])
        return f"{succ} starts at {starts[succ]}, {pred} at {starts[pred]}: less than {problem.lag[k]} later"
    return _overdrawn(problem, starts)


def _overdrawn(problem: Problem, starts: Ints) -> str | None:
    """Demand changes only where an activity starts or ends: sum the changes in order of time, ends first."""
    runs = np.flatnonzero(problem.durations > 0)
    at = np.concatenate([starts[runs] + problem.durations[runs], starts[runs]])
    change = np.concatenate([-problem.demands[runs], problem.demands[runs]])
    order = np.argsort(at, kind="stable")  # ends were put first
    used = np.cumsum(change[order], axis=0)
    over = np.argwhere(used > problem.capacities)
    if not len(over):
        return None
    k, r = (int(value) for value in over[0])
    return f"resource {r} gives {used[k, r]} of {problem.capacities[r]} at {at[order[k]]}"


def require_valid(problem: Problem, starts: Ints) -> Ints:
    """The same starts.

    :raises InvalidSchedule: they are none.
    """
    wrong = violation(problem, starts)
    if wrong is not None:
        raise InvalidSchedule(wrong)
    return starts


def violation_in_modes(problem: MultiModeProblem, modes: Ints, starts: Ints) -> str | None:
    """As :func:`violation`, each activity in its mode (counted from 0), budgets looked at as well."""
    if modes.shape != (problem.size,):
        return f"{len(modes)} modes for {problem.size} activities"
    count = np.diff(problem.mode_ptr)
    odd = np.flatnonzero((modes < 0) | (modes >= count))
    if len(odd):
        return f"activity {odd[0]} is done in mode {modes[odd[0]]} of {count[odd[0]]}"
    rows = problem.mode_ptr[:-1] + modes
    spent = problem.spending[rows].sum(axis=0)
    over = np.flatnonzero(spent > problem.budgets)
    if len(over):
        return f"budget {over[0]} spends {spent[over[0]]} of {problem.budgets[over[0]]}"
    unfit = np.flatnonzero(~problem.fits[rows])
    if len(unfit):
        return f"activity {unfit[0]} asks for more than there is in mode {modes[unfit[0]]}"
    return violation(problem.in_modes(modes), starts)


def require_valid_in_modes(problem: MultiModeProblem, modes: Ints, starts: Ints) -> Ints:
    """The same starts.

    :raises InvalidSchedule: they are none in these modes.
    """
    wrong = violation_in_modes(problem, modes, starts)
    if wrong is not None:
        raise InvalidSchedule(wrong)
    return starts


def makespan(problem: Problem, starts: Ints) -> int:
    """The last finish, in slots."""
    return int((starts + problem.durations).max(initial=0))
