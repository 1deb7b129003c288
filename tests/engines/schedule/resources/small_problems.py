"""Small random problems, and the truth about them by trying everything."""

from __future__ import annotations

from itertools import permutations

import numpy as np

from tminus.engines.schedule.resources.problem import Problem, make_problem
from tminus.engines.schedule.resources.validator import violation


def random_problem(seed: int, size: int, resources: int = 2, *, widest: int = 4, lags: bool = False) -> Problem:
    """Links forward in number; with ``lags`` start-to-start ones of any length, else finish-to-start."""
    chance = np.random.default_rng(seed)
    durations = chance.integers(0, 5, size).tolist()
    demands = chance.integers(0, widest, (size, resources)).tolist()
    links = []
    for j in range(1, size):
        for i in range(j):
            if chance.random() < 0.25:
                links.append((i, j, int(chance.integers(0, 5)) if lags else durations[i]))
    return make_problem(durations, demands, [widest] * resources, links)


def with_greatest_lags(seed: int, size: int) -> Problem:
    """As :func:`random_problem`, and some activities must follow another before long; it may have no schedule."""
    base = random_problem(seed, size, 1, lags=True)
    chance = np.random.default_rng(seed + 1000)
    links = list(zip(base.pred.tolist(), base.succ.tolist(), base.lag.tolist(), strict=True))
    for _ in range(3):
        i, j = sorted(chance.choice(size, 2, replace=False).tolist())
        links.append((j, i, -int(chance.integers(1, 7))))
    return make_problem(base.durations.tolist(), base.demands.tolist(), base.capacities.tolist(), links)


def shortest_by_lists(problem: Problem) -> int:
    """Over every order of the activities, each as early as possible: some such schedule is optimal for regular aims."""
    return min(
        _by_list(problem, order) for order in permutations(range(problem.size)) if _follows_links(problem, order)
    )


def _follows_links(problem: Problem, order: tuple[int, ...]) -> bool:
    place = np.argsort(order)
    return bool(np.all(place[problem.pred] < place[problem.succ]))


def _by_list(problem: Problem, order: tuple[int, ...]) -> int:
    used = np.zeros((problem.horizon + 1, len(problem.capacities)), dtype=np.int64)
    start = np.zeros(problem.size, dtype=np.int64)
    for i in order:
        into = problem.succ == i
        t = int((start[problem.pred[into]] + problem.lag[into]).max(initial=0))
        length = int(problem.durations[i])
        while length and (used[t : t + length] + problem.demands[i] > problem.capacities).any():
            t += 1
        start[i] = t
        used[t : t + length] += problem.demands[i]
    assert violation(problem, start) is None
    return int((start + problem.durations).max())


def shortest_by_starts(problem: Problem) -> int | None:
    """Over all starts within the horizon, by depth first; ``None`` where there is no schedule."""
    most = problem.horizon
    best: int | None = None
    start = np.zeros(problem.size, dtype=np.int64)

    def place(i: int) -> None:
        nonlocal best
        if i == problem.size:
            if violation(problem, start) is None:
                length = int((start + problem.durations).max())
                best = length if best is None else min(best, length)
            return
        for t in range((best - 1 if best is not None else most) - int(problem.durations[i]) + 1):
            start[i] = t
            if _links_hold(problem, start, i):
                place(i + 1)

    place(0)
    return best


def _links_hold(problem: Problem, start: np.ndarray[tuple[int], np.dtype[np.int64]], last: int) -> bool:
    known = (problem.pred <= last) & (problem.succ <= last)
    return bool(np.all(start[problem.succ[known]] >= start[problem.pred[known]] + problem.lag[known]))
