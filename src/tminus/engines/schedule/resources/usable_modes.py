"""Modes and budgets that matter: the others are left out before anything is searched.

Sprecher, Hartmann & Drexl, OR Spektrum 19 (1997): a mode is not executable if it asks for more than there is, of a
budget also once everything else is done as cheaply as can be; inefficient if another of the same activity is no longer
and asks for no more of anything; a budget is redundant if the most expensive modes together keep it. Each of the three
may bring about another, so they are repeated until nothing changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.problem import Ints

Mask = NDArray[np.bool_]


def usable(problem: MultiModeProblem) -> tuple[MultiModeProblem, Ints] | None:
    """The problem without modes and budgets that do not matter, and the mode each of its rows was before.

    ``None``: some activity has no mode left, so there is no schedule.
    """
    keep, matters = problem.fits, np.ones(len(problem.budgets), dtype=np.bool_)
    activity = problem.activity
    while True:
        before = int(keep.sum()), int(matters.sum())
        keep = keep & _affordable(problem, keep, matters, activity)
        if len(np.unique(activity[keep])) < problem.size:
            return None
        keep = keep & ~_inefficient(problem, keep, matters)
        matters = matters & ~_redundant(problem, keep, activity)
        if before == (int(keep.sum()), int(matters.sum())):
            return _without(problem, keep, matters, activity)


def _extremes(problem: MultiModeProblem, keep: Mask, activity: Ints, least: bool) -> Ints:
    """(activities, budgets): the least or the most each can spend in the modes kept."""
    start = 1 << 60 if least else 0
    found = np.full((problem.size, len(problem.budgets)), start, dtype=np.int64)
    pick = np.minimum if least else np.maximum
    pick.at(found, activity[keep], problem.spending[keep])
    return found


def _affordable(problem: MultiModeProblem, keep: Mask, matters: Mask, activity: Ints) -> Mask:
    least = _extremes(problem, keep, activity, True)
    if not keep.any() or least.max(initial=0) >= 1 << 60:
        return np.zeros_like(keep)
    others = least.sum(axis=0) - least
    fine: Mask = np.all((others[activity] + problem.spending <= problem.budgets) | ~matters, axis=1)
    return fine


def _inefficient(problem: MultiModeProblem, keep: Mask, matters: Mask) -> Mask:
    """Of modes that ask for the same, the first stays."""
    asked = np.column_stack([problem.durations, problem.demands, problem.spending[:, matters]])
    worse = np.zeros_like(keep)
    for first, last in zip(problem.mode_ptr[:-1], problem.mode_ptr[1:], strict=True):
        own = np.flatnonzero(keep[first:last]) + first
        if len(own) > 1:
            less = np.all(asked[own][:, None] <= asked[own][None], axis=2)
            beats = less & (~less.T | (own[:, None] < own[None]))
            worse[own] = beats.any(axis=0)
    return worse


def _redundant(problem: MultiModeProblem, keep: Mask, activity: Ints) -> Mask:
    most = _extremes(problem, keep, activity, False).sum(axis=0)
    spare: Mask = most <= problem.budgets
    return spare


def _without(problem: MultiModeProblem, keep: Mask, matters: Mask, activity: Ints) -> tuple[MultiModeProblem, Ints]:
    rows = np.flatnonzero(keep)
    ptr = np.concatenate([[0], np.cumsum(np.bincount(activity[rows], minlength=problem.size))])
    reduced = MultiModeProblem(
        ptr.astype(np.int64),
        problem.durations[rows],
        problem.demands[rows],
        problem.spending[rows][:, matters],
        problem.capacities,
        problem.budgets[matters],
        problem.pred,
        problem.succ,
        problem.gap,
    )
    return reduced, rows - problem.mode_ptr[activity[rows]]
