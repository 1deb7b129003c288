"""Small random problems of several modes, and the truth about them by trying every mode list."""

from __future__ import annotations

from itertools import product

import numpy as np

from tests.engines.schedule.resources.small_problems import shortest_by_lists
from tminus.engines.schedule.resources.multi_mode import Mode, MultiModeProblem, make_multi_mode
from tminus.engines.schedule.resources.problem import Problem


def random_modes(
    seed: int, size: int, several: int | None = None, *, tight: float = 0.5, gaps: bool = False, links: float = 0.3
) -> MultiModeProblem:
    """Links forward in number; ``several`` activities (default all) have two or three modes, the others one.

    Budgets lie the part ``tight`` of the way from the cheapest modes together to the dearest.
    """
    chance = np.random.default_rng(seed)
    modes: list[list[Mode]] = []
    for i in range(size):
        count = int(chance.integers(2, 4)) if several is None or i < several else 1
        modes.append(
            [
                (int(chance.integers(0, 6)), chance.integers(0, 4, 2).tolist(), chance.integers(0, 6, 2).tolist())
                for _ in range(count)
            ]
        )
    cheapest = np.sum([np.min([mode[2] for mode in own], axis=0) for own in modes], axis=0)
    dearest = np.sum([np.max([mode[2] for mode in own], axis=0) for own in modes], axis=0)
    budgets = (cheapest + tight * (dearest - cheapest)).astype(int).tolist()
    pairs = [
        (i, j, int(chance.integers(0, 3)) if gaps else 0)
        for j in range(size)
        for i in range(j)
        if chance.random() < links
    ]
    return make_multi_mode(modes, [4, 4], budgets, pairs)


def shortest_in_modes(problem: MultiModeProblem) -> int | None:
    """Over every mode list within the budgets and every order of activities; ``None`` where no list is."""
    best: int | None = None
    for modes in product(*(range(count) for count in np.diff(problem.mode_ptr))):
        rows = problem.mode_ptr[:-1] + np.array(modes)
        if np.all(problem.spending[rows].sum(axis=0) <= problem.budgets) and problem.fits[rows].all():
            length = shortest_by_lists(problem.in_modes(np.array(modes)))
            best = length if best is None else min(best, length)
    return best


def alone(problem: Problem) -> MultiModeProblem:
    """The same problem, each activity with its one mode and nothing to spend; links finish-to-start."""
    rows = zip(problem.durations.tolist(), problem.demands.tolist(), strict=True)
    links = list(zip(problem.pred.tolist(), problem.succ.tolist(), strict=True))
    return make_multi_mode([[(d, asked, [])] for d, asked in rows], problem.capacities.tolist(), [], links)
