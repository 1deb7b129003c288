"""Schedules under greatest lags: truth by trying all starts, infeasibility, proofs."""

from __future__ import annotations

import pytest

from tests.engines.schedule.resources.small_problems import shortest_by_starts, with_greatest_lags
from tminus.engines.schedule.resources.distances import distance_bound, distances
from tminus.engines.schedule.resources.optimise import OptimiseParams, optimise
from tminus.engines.schedule.resources.problem import make_problem
from tminus.engines.schedule.resources.validator import violation

BUDGET = OptimiseParams(schedules=1500)


@pytest.mark.parametrize("seed", range(24))
def test_what_there_is_is_found_and_what_there_is_not_never(seed: int) -> None:
    problem = with_greatest_lags(seed, 4)
    truth = shortest_by_starts(problem)
    found = optimise(problem, BUDGET)
    if truth is None:
        assert found.makespan is None
    else:
        assert found.starts is not None
        assert violation(problem, found.starts) is None
        assert found.makespan == truth
        assert found.lower_bound <= truth


def test_both_kinds_of_problem_are_among_them() -> None:
    kinds = {shortest_by_starts(with_greatest_lags(seed, 4)) is None for seed in range(24)}
    assert kinds == {True, False}


def test_a_circle_of_lags_proves_that_there_is_no_schedule() -> None:
    problem = make_problem([3, 1], [[1], [1]], [1], [(0, 1, 3), (1, 0, -2)])
    found = optimise(problem, BUDGET)
    assert (found.makespan, found.proved, found.starts) == (None, True, None)


def test_two_that_cannot_overlap_and_must_stay_close_prove_it_too() -> None:
    """Each may start at most one slot after the other, both last two, and only one fits: no circle of lags shows it."""
    problem = make_problem([2, 2], [[1], [1]], [1], [(0, 1, -1), (1, 0, -1)])
    assert distances(problem) is None


def test_pairs_lengthen_the_bound() -> None:
    problem = make_problem([4, 4, 1], [[1], [1], [0]], [1], [(2, 0, 0), (0, 2, -20)])
    far = distances(problem)
    assert far is not None
    assert distance_bound(problem, far, problem.horizon) == 8
    found = optimise(problem, BUDGET)
    assert (found.makespan, found.proved) == (8, True)
