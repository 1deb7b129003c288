"""What fits together: always a schedule, the same one again, tight where resources are short alike."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.schedule.resources.small_problems import random_problem, shortest_by_lists
from tests.engines.schedule.resources.test_portfolio import large
from tminus.engines.schedule.resources.fitting import GAVE_UP, Choice, fit, prepare
from tminus.engines.schedule.resources.lower_bounds import lower_bound
from tminus.engines.schedule.resources.packed import earliest, pack
from tminus.engines.schedule.resources.portfolio import Portfolio
from tminus.engines.schedule.resources.problem import Ints, Problem, make_problem
from tminus.engines.schedule.resources.validator import makespan, violation

ENOUGH = 1e12


def fitted(problem: Problem, choice: Choice, most: float = ENOUGH, tries: int = 1) -> tuple[int, Ints]:
    packed = pack(problem)
    starts = np.zeros(problem.size, dtype=np.int64)
    given = prepare(problem, packed, earliest(packed.backward) + packed.durations)
    found, _ = fit(given, choice, tries, most, np.array([7], dtype=np.uint64), starts)
    return int(found), starts


@pytest.mark.parametrize("seed", range(20))
def test_it_is_a_schedule_whatever_the_links_and_no_shorter_than_the_shortest(seed: int) -> None:
    problem = random_problem(seed, 7, 3, lags=seed % 2 == 1)
    length, starts = fitted(problem, Choice(tried=1 + seed % 4), tries=1 + seed % 3)
    assert violation(problem, starts) is None
    assert length == makespan(problem, starts) >= shortest_by_lists(problem)


def test_what_fits_together_goes_together() -> None:
    """By size alone 6 would go first, then 5, and neither leaves room for what fills it; 6 + 4 and 5 + 5 do."""
    problem = make_problem([1] * 4, [[6], [5], [5], [4]], [10], [])
    assert fitted(problem, Choice())[0] == 2


def test_the_resource_with_most_to_come_is_filled_first() -> None:
    work = [[2, 0]] * 9 + [[0, 2]] * 3 + [[1, 2]] * 3
    length, _ = fitted(make_problem([1] * 15, work, [2, 2], []), Choice(tail_of_one=0.0, tail_of_set=0.0))
    assert length <= 13  # 21 halves of the first: 11 at best; 9 alone, then the rest beside nothing


def test_zero_resources_and_no_activities() -> None:
    assert fitted(make_problem([3, 4], [[], []], [], [(0, 1)]), Choice(), tries=3)[0] == 7
    assert fitted(make_problem([0, 0], [[1], [1]], [1], [(0, 1)]), Choice())[0] == 0


def test_it_gives_up_where_it_would_take_too_long() -> None:
    assert fitted(large(300), Choice(), 1000.0)[0] == GAVE_UP


def short_alike(seed: int = 5) -> Problem:
    chance = np.random.default_rng(seed)
    durations = chance.integers(1, 11, 2000)
    demands = np.where(chance.random((2000, 4)) < 0.5, chance.integers(1, 8, (2000, 4)), 0)
    succ = chance.integers(1, 2000, 3000)
    pred = np.maximum(succ - chance.integers(1, 500, 3000), 0)
    return Problem(durations, demands, np.full(4, 20), pred, succ, durations[pred])


def test_parts_tried_several_times_are_a_schedule_the_same_one_again_and_mostly_tighter() -> None:
    once = several = 0
    for seed in range(6):
        problem = short_alike(seed)
        once += fitted(problem, Choice())[0]
        length, starts = fitted(problem, Choice(), tries=5)
        several += length
        assert violation(problem, starts) is None
        assert length == makespan(problem, starts)
    assert several < 0.999 * once
    assert np.array_equal(fitted(problem, Choice(), tries=5)[1], starts)


def test_resources_short_alike_are_packed_tighter_than_by_any_order() -> None:
    problem = short_alike()
    packed = pack(problem)
    bound = lower_bound(problem, packed)
    length, starts = fitted(problem, Choice())
    assert violation(problem, starts) is None
    found = Portfolio(problem, packed)
    for _ in range(4):
        found._round()
    assert bound <= length < found.makespan
    assert found.run(found.schedules + 1, 0) == found.makespan  # too few for a round
    assert found.fit(ENOUGH)
    assert found.makespan == length
