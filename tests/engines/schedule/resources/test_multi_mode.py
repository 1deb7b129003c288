"""Several modes and budgets: brute force, reversal, one mode, determinism, what is left out, what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.schedule.resources.small_multi_mode import alone, random_modes, shortest_in_modes
from tests.engines.schedule.resources.small_problems import random_problem
from tminus.engines.schedule.resources.mode_bound import mode_bound
from tminus.engines.schedule.resources.mode_packed import pack_modes
from tminus.engines.schedule.resources.mode_proof import shorter_in_modes
from tminus.engines.schedule.resources.multi_mode import MultiModeProblem, make_multi_mode
from tminus.engines.schedule.resources.optimise import OptimiseParams, optimise
from tminus.engines.schedule.resources.optimise_modes import OptimisedModes, OptimiseModesParams, optimise_modes
from tminus.engines.schedule.resources.problem import ProblemError
from tminus.engines.schedule.resources.usable_modes import usable
from tminus.engines.schedule.resources.validator import makespan, violation_in_modes

SCHEDULES = OptimiseModesParams(schedules=4000)


def checked(problem: MultiModeProblem, found: OptimisedModes) -> OptimisedModes:
    assert found.starts is not None
    assert found.modes is not None
    assert violation_in_modes(problem, found.modes, found.starts) is None
    assert found.makespan == makespan(problem.in_modes(found.modes), found.starts)
    assert found.lower_bound <= found.makespan
    return found


@pytest.mark.parametrize("seed", range(12))
def test_the_search_finds_the_shortest_over_all_mode_lists_and_bounds_never_exceed_it(seed: int) -> None:
    problem = random_modes(seed, 4 + seed % 2, 4 - seed % 2, tight=0.3 + 0.1 * (seed % 4), gaps=seed % 3 == 1)
    truth = shortest_in_modes(problem)
    found = optimise_modes(problem, SCHEDULES)
    assert found.makespan == truth
    if truth is not None:
        assert checked(problem, found).proved == (found.lower_bound == truth)


@pytest.mark.parametrize("seed", range(4))
def test_eight_activities_of_which_two_have_modes(seed: int) -> None:
    problem = random_modes(seed, 8, 2, tight=0.8, links=0.8)
    assert checked(problem, optimise_modes(problem, SCHEDULES)).makespan == shortest_in_modes(problem)


@pytest.mark.parametrize("seed", range(6))
def test_the_solver_proves_what_brute_force_finds(seed: int) -> None:
    problem = random_modes(seed + 50, 4, tight=0.4)
    truth = shortest_in_modes(problem)
    assert truth is not None
    answer = shorter_in_modes(problem, pack_modes(problem), problem.horizon, bound=0, seconds=5)
    assert answer.closed
    assert answer.starts is not None
    assert answer.modes is not None
    assert violation_in_modes(problem, answer.modes, answer.starts) is None
    assert (makespan(problem.in_modes(answer.modes), answer.starts), answer.bound) == (truth, truth)
    assert shorter_in_modes(problem, pack_modes(problem), truth - 1, bound=0, seconds=5).closed
    found = optimise_modes(problem, OptimiseModesParams(seconds=1))
    assert (found.makespan, found.lower_bound, found.proved) == (truth, truth, True)


@pytest.mark.parametrize("seed", range(30))
def test_the_bound_is_none_only_where_budgets_cannot_be_kept(seed: int) -> None:
    problem = random_modes(seed, 4, tight=0.1)
    short = replace(problem, budgets=np.maximum(problem.budgets - seed % 6, 0))
    truth, reduced = shortest_in_modes(short), usable(short)
    bound = None if reduced is None else mode_bound(reduced[0], pack_modes(reduced[0]))
    if truth is not None:
        assert bound is not None
        assert bound <= truth
    found = optimise_modes(short, OptimiseModesParams(seconds=2))
    assert (found.makespan, found.proved) == (truth, True)


@pytest.mark.parametrize("seed", range(20))
def test_leaving_out_modes_and_budgets_changes_nothing(seed: int) -> None:
    problem = random_modes(seed, 4, tight=0.15 * (seed % 5))
    reduced = usable(problem)
    truth = shortest_in_modes(problem)
    if reduced is None:
        assert truth is None
        return
    small, original = reduced
    assert shortest_in_modes(small) == truth
    rows = problem.mode_ptr[small.activity] + original
    assert np.array_equal(problem.durations[rows], small.durations)
    assert np.array_equal(problem.demands[rows], small.demands)


def test_what_is_left_out() -> None:
    """Too much of a resource, of a budget beside the others, longer for nothing less, equal; a budget for all."""
    modes = [
        [(3, [9], [0, 1]), (4, [1], [2, 1])],
        [(3, [1], [9, 1]), (3, [2], [1, 1]), (4, [2], [1, 1]), (3, [2], [1, 1]), (5, [1], [0, 2])],
    ]
    reduced = usable(make_multi_mode(modes, [4], [10, 4], []))
    assert reduced is not None
    small, original = reduced
    assert original.tolist() == [1, 1, 4]
    assert small.mode_ptr.tolist() == [0, 1, 3]
    assert small.budgets.tolist() == []  # without the dear mode nobody can overspend


@pytest.mark.parametrize("seed", range(4))
def test_a_reversed_problem_is_as_long(seed: int) -> None:
    problem = random_modes(seed + 20, 8, gaps=True)
    mirrored = replace(problem, pred=problem.succ, succ=problem.pred)
    one, other = (optimise_modes(given, SCHEDULES) for given in (problem, mirrored))
    assert one.makespan == other.makespan


@pytest.mark.parametrize("seed", range(6))
def test_with_one_mode_each_it_is_the_other_search(seed: int) -> None:
    problem = random_problem(seed, 12, 2)
    one = optimise(problem, OptimiseParams(schedules=3000))
    several = checked(alone(problem), optimise_modes(alone(problem), SCHEDULES))
    assert several.makespan == one.makespan


def test_more_money_never_takes_longer() -> None:
    lengths = [optimise_modes(random_modes(8, 7, tight=part), SCHEDULES).makespan for part in (0.4, 0.5, 0.7, 1.0)]
    assert None not in lengths
    assert lengths == sorted(lengths, key=lambda length: -(length or 0))
    assert len(set(lengths)) > 1


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    problem = random_modes(3, 40, links=0.05)
    one, same = (optimise_modes(problem, OptimiseModesParams(schedules=3000, seed=5)) for _ in range(2))
    other = optimise_modes(problem, OptimiseModesParams(schedules=3000, seed=6))
    assert one.starts is not None
    assert np.array_equal(one.starts, same.starts)
    assert np.array_equal(one.modes, same.modes)
    assert not (np.array_equal(one.starts, other.starts) and np.array_equal(one.modes, other.modes))


def test_hundreds_of_activities_get_a_checked_schedule_without_the_solver() -> None:
    problem = random_modes(1, 300, tight=0.4, links=0.01)
    found = checked(problem, optimise_modes(problem, OptimiseModesParams(schedules=400)))
    assert found.makespan is not None
    assert found.makespan < problem.horizon / 2


def test_capacities_that_need_several_words() -> None:
    wide = make_multi_mode([[(2, [1 << 30] * 3, [1]), (3, [1 << 30] * 3, [0])]] * 3, [1 << 30] * 3, [2], [])
    assert len(pack_modes(wide).rows.capacity) > 1
    assert optimise_modes(wide, SCHEDULES).makespan == 2 + 2 + 3


def test_a_mode_that_asks_for_more_than_there_is_is_never_taken() -> None:
    problem = make_multi_mode([[(1, [5], []), (3, [1], [])], [(2, [1], [])]], [1], [], [])
    found = checked(problem, optimise_modes(problem, SCHEDULES))
    assert (found.makespan, found.proved) == (5, True)


def test_no_schedule_is_proved_before_anything_is_searched() -> None:
    found = optimise_modes(make_multi_mode([[(1, [1], [3])], [(1, [1], [3]), (2, [1], [2])]], [1], [4], []), SCHEDULES)
    assert (found.makespan, found.proved, found.starts, found.modes) == (None, True, None, None)


def test_nothing_to_do_takes_no_time() -> None:
    found = optimise_modes(make_multi_mode([], [3], [1], []), SCHEDULES)
    assert (found.makespan, found.proved) == (0, True)


def test_what_cannot_be_taken_is_said() -> None:
    with pytest.raises(ProblemError, match=r"activity 1: its modes ask for \[\[3\], \[4\]\]; allowed: one of at most"):
        make_multi_mode([[(1, [1], [])], [(1, [3], []), (2, [4], [])]], [2], [], [])
    with pytest.raises(ProblemError, match="activity 0: no modes; allowed: 1 or more"):
        make_multi_mode([[], [(1, [1], [])]], [2], [], [])
    with pytest.raises(ProblemError, match=r"spending: \[1\]; allowed: 0 figures"):
        make_multi_mode([[(1, [1], [1])]], [2], [], [])
    with pytest.raises(ProblemError, match="links: activity 4; allowed: 0 … 0"):
        make_multi_mode([[(1, [1], [])]], [2], [], [(0, 4)])
    with pytest.raises(ProblemError, match="gap: -1; allowed: 0 or more"):
        make_multi_mode([[(1, [1], [])]] * 2, [2], [], [(0, 1, -1)])
    with pytest.raises(ProblemError, match="circle"):
        optimise_modes(make_multi_mode([[(1, [1], [])]] * 2, [2], [], [(0, 1), (1, 0)]))
    with pytest.raises(ProblemError, match="slots in turn; allowed"):
        optimise_modes(make_multi_mode([[(1 << 30, [1], [])]] * 2, [2], [], []))


def test_what_is_no_schedule_is_said() -> None:
    problem = make_multi_mode([[(2, [2], [3]), (4, [1], [1])]] * 2, [3], [4], [])
    ask = np.array
    assert violation_in_modes(problem, ask([0, 0]), ask([0, 2])) == "budget 0 spends 6 of 4"
    assert violation_in_modes(problem, ask([0, 2]), ask([0, 2])) == "activity 1 is done in mode 2 of 2"
    assert violation_in_modes(problem, ask([0]), ask([0, 2])) == "1 modes for 2 activities"
    assert violation_in_modes(problem, ask([0, 1]), ask([0, 1])) is None
    tight = replace(problem, capacities=ask([2]))
    assert violation_in_modes(tight, ask([0, 1]), ask([0, 1])) == "resource 0 gives 3 of 2 at 1"
    assert violation_in_modes(replace(problem, capacities=ask([1])), ask([0, 1]), ask([0, 2])) == (
        "activity 0 asks for more than there is in mode 0"
    )
