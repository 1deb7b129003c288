"""Longest distances between starts, when some lags are greatest ones; what pairs of activities imply.

``far[i, j]``: start *j* lies at least so much after start *i*. Two activities that cannot run side by side, and of
which the first cannot come last, are in order (Bartusch, Möhring & Radermacher 1988); each order found lengthens
distances, until nothing changes or a circle of positive length says that there is no schedule.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.resources.problem import Problem

Far = NDArray[np.int64]

UNBOUND = -(1 << 40)
"""No distance: farther back than any plan reaches."""


def distances(problem: Problem, horizon: int | None = None) -> Far | None:
    """Distances (n + 1, n + 1), the last row and column being the instant 0; ``None``: there is no schedule.

    With a horizon those of schedules that end by it, so ``None`` proves that all are longer. Cubic in time.
    """
    n = problem.size
    far = np.full((n + 1, n + 1), UNBOUND, dtype=np.int64)
    np.fill_diagonal(far, 0)
    np.maximum.at(far, (problem.pred, problem.succ), problem.lag)
    far[n, :n] = np.maximum(far[n, :n], 0)
    if horizon is not None:
        far[:n, n] = problem.durations - horizon
    alone = _in_turn(problem)
    return far if _close(far) and _order_pairs(far, problem.durations, alone) else None


def _in_turn(problem: Problem) -> NDArray[np.bool_]:
    """Pairs of activities that cannot run side by side."""
    run = problem.durations > 0
    clash = np.zeros((problem.size, problem.size), dtype=np.bool_)
    for r, capacity in enumerate(problem.capacities):
        demand = np.where(run, problem.demands[:, r], 0)
        clash |= (demand[:, None] + demand[None, :] > capacity) & (demand[:, None] > 0) & (demand[None, :] > 0)
    return clash


@njit(cache=True, nogil=True)
def _close(far):  # type: ignore[no-untyped-def]
    """Floyd and Warshall; whether no circle is of positive length."""
    n = len(far)
    for k in range(n):
        for i in range(n):
            if far[i, k] == UNBOUND:
                continue
            for j in range(n):
                if far[k, j] != UNBOUND:
                    far[i, j] = max(far[i, j], far[i, k] + far[k, j])
        if far[k, k] > 0:
            return False
    return np.diag(far).max() <= 0


@njit(cache=True, nogil=True)
def _order_pairs(far, durations, alone):  # type: ignore[no-untyped-def]
    n, changed = len(durations), True
    while changed:
        changed = False
        for i in range(n):
            for j in range(n):
                if i != j and alone[i, j] and -far[i, j] < durations[j] and far[i, j] < durations[i]:
                    if not _lengthen(far, i, j, durations[i]):
                        return False
                    changed = True
    return True


@njit(cache=True, nogil=True)
def _lengthen(far, i, j, least):  # type: ignore[no-untyped-def]
    """Put a link into closed distances; whether no circle became positive."""
    n = len(far)
    if far[j, i] != UNBOUND and far[j, i] + least > 0:
        return False
    for a in range(n):
        if far[a, i] == UNBOUND:
            continue
        through = far[a, i] + least
        for b in range(n):
            if far[j, b] != UNBOUND and through + far[j, b] > far[a, b]:
                far[a, b] = through + far[j, b]
    return True


def distance_bound(problem: Problem, far: Far, enough: int) -> int:
    """The least length up to ``enough`` that pairs cannot refute, by bisection: a few closures."""
    n = problem.size
    low = int((far[n, :n] + problem.durations).max(initial=0))
    high = max(low, enough)
    while low < high:
        middle = (low + high) // 2
        if distances(problem, middle) is None:
            low = middle + 1
        else:
            high = middle
    return low
