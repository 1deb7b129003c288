"""What no schedule can be shorter than: links alone, work over capacity, and destructive bounds by energy.

The energetic test (Erschler, Lopez & Thuriot 1991; Baptiste, Le Pape & Nuijten 1999): within a horizon every activity
has a window; the work that must fall into an interval whatever the starts cannot exceed what the resource gives there.
A horizon that fails cannot be met, so the bound is one more.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.resources.packed import Packed, earliest
from tminus.engines.schedule.resources.problem import Ints, Problem

MOST_FOR_ENERGY = 150
"""Activities up to which the cubic energetic test is tried; larger problems get the linear bounds only."""

MOST_PAIRS = 400_000
"""Heads times activities that the bound by work looks at."""


def lower_bound(problem: Problem, packed: Packed) -> int:
    """The greatest of the bounds below, in slots; cubic up to so many activities, linear beyond."""
    heads, tails = earliest(packed.forward), earliest(packed.backward)
    bound = max(critical_path(problem, heads), work_bound(problem, heads, tails))
    if problem.size <= MOST_FOR_ENERGY:
        bound = energetic_bound(problem, heads, tails, bound)
    return bound


def critical_path(problem: Problem, heads: Ints) -> int:
    return int((heads + problem.durations).max(initial=0))


def work_bound(problem: Problem, heads: Ints, tails: Ints) -> int:
    """Per resource: of every set of activities that start late and have much to follow, head + work + tail."""
    found = 0
    for r, capacity in enumerate(problem.capacities):
        used = np.flatnonzero((problem.demands[:, r] > 0) & (problem.durations > 0))
        if len(used) and capacity > 0:
            work = problem.demands[used, r] * problem.durations[used]
            found = max(found, _by_heads(heads[used], tails[used], work, int(capacity)))
    return found


def _by_heads(heads: Ints, tails: Ints, work: Ints, capacity: int) -> int:
    """Over pairs of limits: activities with head ≥ a and tail ≥ b make at least a + ⌈work / capacity⌉ + b.

    Only so many of the earliest heads are tried that this stays linear; from a late one there is little work left.
    """
    order = np.argsort(-tails, kind="stable")
    heads, tails, work = heads[order], tails[order], work[order]
    firsts = np.unique(heads)[: max(4, MOST_PAIRS // len(heads))]
    best = 0
    for a in firsts:
        total = np.cumsum(np.where(heads >= a, work, 0))
        best = max(best, int(np.where(total > 0, a - (-total // capacity) + tails, 0).max()))
    return best


def energetic_bound(problem: Problem, heads: Ints, tails: Ints, bound: int) -> int:
    """The least horizon ≥ ``bound`` whose windows pass the energetic test; failing is monotone in the horizon."""
    resource = [r for r in range(len(problem.capacities)) if (problem.demands[:, r] > 0).any()]
    while any(
        _energy_fails(heads, tails, problem.durations, problem.demands[:, r].copy(), int(problem.capacities[r]), bound)
        for r in resource
    ):
        bound += 1
    return bound


@njit(cache=True, nogil=True)
def _energy_fails(heads, tails, durations, demand, capacity, horizon):  # type: ignore[no-untyped-def]
    """Whether an interval between some earliest and some latest instant is overdrawn.

    For each left end the work that must lie right of it is summed for every right end at once by its slope: the
    work of one activity inside [a, b] is min(d, its part right of a if leftmost, part left of b if rightmost, b − a).
    """
    n = len(durations)
    for k in range(2 * n):
        i = k % n
        a = heads[i] if k < n else horizon - tails[i] - durations[i]
        for m in range(2 * n):
            j = m % n
            b = horizon - tails[j] if m < n else heads[j] + durations[j]
            if b <= a:
                continue
            energy = 0
            for q in range(n):
                if demand[q] > 0:
                    left = min(durations[q], heads[q] + durations[q] - a)
                    right = min(durations[q], b - (horizon - tails[q] - durations[q]))
                    inside = min(min(left, right), b - a)
                    if inside > 0:
                        energy += inside * demand[q]
            if energy > capacity * (b - a):
                return True
    return False
