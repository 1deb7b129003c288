"""Windows of the solver: what stands stays in its place, nothing gets longer, what waits to be closed is closed."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from tests.engines.schedule.resources.small_problems import random_problem, shortest_by_lists
from tests.engines.schedule.resources.test_portfolio import large
from tminus.engines.schedule.resources.optimise import OptimiseParams, make_ready, optimise
from tminus.engines.schedule.resources.packed import pack
from tminus.engines.schedule.resources.problem import Ints, Problem, make_problem
from tminus.engines.schedule.resources.validator import makespan, violation
from tminus.engines.schedule.resources.windows import WindowParams, Windows

GENEROUS = 10.0
"""Seconds: the solver ends by itself long before."""


def one_by_one(problem: Problem) -> Ints:
    """Everything in turn, however long that takes."""
    starts, at = np.zeros(problem.size, dtype=np.int64), 0
    for i in pack(problem).forward.order:
        into = problem.succ == i
        starts[i] = max(at, int((starts[problem.pred[into]] + problem.lag[into]).max(initial=0)))
        at = int(starts[i] + problem.durations[i])
    assert violation(problem, starts) is None
    return starts


@pytest.mark.parametrize("seed", range(6))
def test_a_window_over_everything_finds_the_shortest(seed: int) -> None:
    """Early finishes of everything heavy need not be the least last finish; then passes and rounds make it so."""
    problem = random_problem(seed, 7, lags=seed % 2 == 1)
    found = Windows(problem, pack(problem), one_by_one(problem), seed, WindowParams(activities=7))
    before = found.makespan
    found.step(GENEROUS)
    assert violation(problem, found.best) is None
    assert shortest_by_lists(problem) <= found.makespan <= before
    assert found.makespan == makespan(problem, found.best)
    assert found.makespan <= shortest_by_lists(problem) + 1


@pytest.mark.parametrize("seed", range(3))
def test_every_window_leaves_a_schedule_no_longer_than_before(seed: int) -> None:
    problem = random_problem(seed, 60, 3, widest=6, lags=seed == 2)
    found = Windows(problem, pack(problem), one_by_one(problem), seed, WindowParams(activities=9))
    lengths = [found.makespan]
    for _ in range(20):
        found.step(GENEROUS)
        assert violation(problem, found.best) is None
        lengths.append(found.makespan)
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < lengths[0]


def test_only_the_window_moves_before_it_is_closed() -> None:
    problem = large(200)
    packed = pack(problem)
    found = Windows(problem, packed, one_by_one(problem), 0)
    window = np.argsort(found.best, kind="stable")[50:70]
    moved = found._solve(window, GENEROUS)
    assert moved is not None
    others = np.setdiff1d(np.arange(problem.size), window)
    assert np.array_equal(moved[others], found.best[others])
    assert not np.array_equal(moved[window], found.best[window])
    assert violation(problem, moved) is None


def test_windows_go_over_the_whole_schedule_before_they_begin_again() -> None:
    problem = make_problem([1] * 40, [[1]] * 40, [1], [])
    found = Windows(problem, pack(problem), np.arange(40), 0, WindowParams(activities=10))
    seen: list[int] = []
    found._solve = lambda window, seconds: seen.extend(found.best[window].tolist())  # type: ignore[method-assign, func-returns-value, assignment]
    for _ in range(7):
        found.step(1)
    assert set(seen) == set(range(40))


def test_some_hundred_activities_are_searched_in_windows_within_the_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = large(450)
    make_ready(problem)
    lengths = []
    step = Windows.step

    def counted(self: Windows, seconds: float) -> None:
        step(self, seconds)
        lengths.append(self.makespan)

    monkeypatch.setattr(Windows, "step", counted)
    began = perf_counter()
    found = optimise(problem, OptimiseParams(seconds=1.0))
    assert perf_counter() - began < 4
    assert found.starts is not None
    assert found.makespan is not None
    assert violation(problem, found.starts) is None
    assert found.makespan == found.lower_bound or found.makespan == lengths[-1]
