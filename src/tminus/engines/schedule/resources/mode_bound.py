"""What no schedule can be shorter than while modes may still be chosen: a linear programme.

A share of every mode is taken. Links hold between the shares' lengths, the work that shares ask of a resource fits
between the heads and tails of those that need it, budgets are kept. The least last finish, rounded up, is a bound;
no solution at all is a proof that there is no schedule.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix

from tminus.engines.schedule.resources.mode_packed import ModePacked
from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.problem import Ints

MOST_ROWS = 6_000
"""Modes up to which the programme is solved (about a second); beyond, shortest modes and least work bound."""

CUTS = (0.0, 0.1, 0.2, 0.4)
"""Quantiles of heads, and of tails, between which a resource's work is looked at."""

SLACK = 1e-5
"""What the solver's tolerances may have added, in slots."""


def mode_bound(problem: MultiModeProblem, packed: ModePacked) -> int | None:
    """Slots; ``None``: the budgets cannot be kept, so there is no schedule. Every mode must fit the capacities."""
    simple = max(int((packed.heads + packed.shortest).max(initial=0)), _least_work(problem))
    if len(problem.durations) > MOST_ROWS or problem.size == 0:
        return simple
    value = _solve(problem, packed)
    return None if value is None else max(simple, int(np.ceil(value - SLACK)))


def _least_work(problem: MultiModeProblem) -> int:
    """Per resource: every activity in the mode that asks for least work, over capacity."""
    work = problem.durations[:, None] * problem.demands
    least = np.minimum.reduceat(work, problem.mode_ptr[:-1], axis=0).sum(axis=0) if problem.size else work.sum(axis=0)
    there = problem.capacities > 0
    return int((-(-least[there] // problem.capacities[there])).max(initial=0))


class _Programme:
    """Rows ``values · x ≤ limit``, gathered one by one. Columns: a share of each mode, starts, the last finish."""

    def __init__(self) -> None:
        self.columns: list[Ints] = []
        self.values: list[np.ndarray[tuple[int], np.dtype[np.float64]]] = []
        self.limits: list[float] = []

    def add(self, columns: object, values: object, limit: float) -> None:
        self.columns.append(np.asarray(columns, dtype=np.int64))
        self.values.append(np.asarray(values, dtype=np.float64))
        self.limits.append(limit)

    def matrix(self, width: int) -> csr_matrix:
        ptr = np.concatenate([[0], np.cumsum([len(columns) for columns in self.columns])])
        return csr_matrix(
            (np.concatenate(self.values), np.concatenate(self.columns), ptr), shape=(len(self.limits), width)
        )


def _solve(problem: MultiModeProblem, packed: ModePacked) -> float | None:
    """The least last finish; ``None``: infeasible."""
    rows, n = len(problem.durations), problem.size
    width = rows + n + 1
    asked = _Programme()
    _add_links(asked, problem)
    _add_work(asked, problem, packed)
    for b, budget in enumerate(problem.budgets.tolist()):
        used = np.flatnonzero(problem.spending[:, b])
        asked.add(used, problem.spending[used, b], budget)
    one = csr_matrix((np.ones(rows), (problem.activity, np.arange(rows))), shape=(n, width))
    cost = np.zeros(width)
    cost[-1] = 1
    solved = linprog(
        cost,
        A_ub=asked.matrix(width),
        b_ub=np.array(asked.limits),
        A_eq=one,
        b_eq=np.ones(n),
        bounds=np.column_stack([np.concatenate([np.zeros(rows), packed.heads, [0]]), np.full(width, np.inf)]),
        method="highs",
    )
    if solved.status == 2:  # infeasible
        return None
    return float(solved.fun) if solved.status == 0 else 0.0


def _add_links(asked: _Programme, problem: MultiModeProblem) -> None:
    """A start lies after the finish of what it waits for; the end after every finish."""
    rows, n = len(problem.durations), problem.size
    own = [np.arange(a, b) for a, b in zip(problem.mode_ptr[:-1], problem.mode_ptr[1:], strict=True)]
    for p, s, gap in zip(problem.pred.tolist(), problem.succ.tolist(), problem.gap.tolist(), strict=True):
        asked.add([*own[p], rows + p, rows + s], [*problem.durations[own[p]], 1, -1], -gap)
    for i in set(range(n)) - set(problem.pred.tolist()):
        asked.add([*own[i], rows + i, rows + n], [*problem.durations[own[i]], 1, -1], 0)


def _add_work(asked: _Programme, problem: MultiModeProblem, packed: ModePacked) -> None:
    """What starts after a head and has a tail to follow works between the two."""
    activity, end = problem.activity, len(problem.durations) + problem.size
    work = problem.durations[:, None] * problem.demands
    firsts = {int(value) for value in np.quantile(packed.heads, CUTS)}
    lasts = {int(value) for value in np.quantile(packed.tails, CUTS)}
    for r, capacity in enumerate(problem.capacities.tolist()):
        for a in firsts:
            for b in lasts:
                between = (packed.heads >= a) & (packed.tails >= b)
                used = np.flatnonzero((work[:, r] > 0) & between[activity])
                if len(used):
                    asked.add([*used, end], [*work[used, r], -capacity], -capacity * (a + b))
