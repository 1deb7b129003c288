"""Shortest schedules: brute force, reversal, determinism, budgets."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from tests.engines.schedule.resources.small_problems import random_problem, shortest_by_lists
from tminus.engines.schedule.resources.genetic import SIZE, Genetic
from tminus.engines.schedule.resources.genetic_params import FEW, MOST_FEW, GeneticParams
from tminus.engines.schedule.resources.lower_bounds import lower_bound
from tminus.engines.schedule.resources.optimise import OptimiseParams, optimise
from tminus.engines.schedule.resources.packed import WHOLE, pack
from tminus.engines.schedule.resources.problem import Problem, ProblemError, make_problem
from tminus.engines.schedule.resources.validator import violation

SCHEDULES = OptimiseParams(schedules=3000)


@pytest.mark.parametrize("seed", range(25))
def test_the_search_finds_the_shortest_of_all_lists_and_bounds_never_exceed_it(seed: int) -> None:
    problem = random_problem(seed, 7)
    truth = shortest_by_lists(problem)
    found = optimise(problem, SCHEDULES)
    assert found.starts is not None
    assert found.makespan == truth
    assert found.lower_bound <= truth
    assert violation(problem, found.starts) is None
    assert found.proved == (found.lower_bound == truth)


@pytest.mark.parametrize("seed", range(8))
def test_the_solver_proves_what_brute_force_finds(seed: int) -> None:
    problem = random_problem(seed, 7, widest=3)
    found = optimise(problem, OptimiseParams(seconds=20))
    assert found.proved
    assert found.makespan == found.lower_bound == shortest_by_lists(problem)


@pytest.mark.parametrize("seed", range(8))
def test_start_to_start_lags_are_kept_both_ways(seed: int) -> None:
    problem = random_problem(seed, 6, lags=True)
    found = optimise(problem, SCHEDULES)
    assert found.makespan == shortest_by_lists(problem)


@pytest.mark.parametrize("seed", range(6))
def test_a_reversed_problem_is_as_long(seed: int) -> None:
    problem = random_problem(seed, 8)
    mirrored = Problem(
        problem.durations,
        problem.demands,
        problem.capacities,
        problem.succ,
        problem.pred,
        problem.durations[problem.succ],
    )
    one, other = optimise(problem, SCHEDULES), optimise(mirrored, SCHEDULES)
    assert one.makespan == other.makespan
    assert one.starts is not None
    assert one.makespan is not None
    turned = one.makespan - one.starts - problem.durations
    assert violation(mirrored, turned - turned.min()) is None


def test_the_same_seed_gives_the_same_starts_and_another_seed_other_ones() -> None:
    problem = random_problem(3, 40, 3)
    same = [optimise(problem, OptimiseParams(schedules=2000, seed=5)).starts for _ in range(2)]
    other = optimise(problem, OptimiseParams(schedules=2000, seed=6)).starts
    assert np.array_equal(same[0], same[1])
    assert not np.array_equal(same[0], other)


def test_many_resources_of_great_capacity_need_several_words() -> None:
    wide = make_problem([2, 2, 2], [[1 << 30] * 3] * 3, [1 << 30] * 3, [])
    assert len(pack(wide).capacity) > 1
    found = optimise(wide, SCHEDULES)
    assert found.makespan == 6
    assert found.proved


def test_no_more_schedules_are_built_than_the_budget_and_a_child() -> None:
    search = Genetic(pack(random_problem(4, 30)), 0, 1000)
    search.run(1000)
    assert 1000 <= search.schedules <= 1002


def test_a_longer_search_is_never_worse_and_goes_on_where_it_stopped() -> None:
    packed = pack(random_problem(8, 50, 3))
    steps, whole = Genetic(packed, 1, 4000), Genetic(packed, 1, 4000)
    lengths = [steps.run(until) for until in (500, 1000, 4000)]
    assert lengths == sorted(lengths, reverse=True)
    assert whole.run(4000) == lengths[-1]


@pytest.mark.parametrize("params", [GeneticParams(), FEW])
def test_the_population_shrinks_to_the_part_that_is_left_and_is_of_schedules(params: GeneticParams) -> None:
    packed = pack(random_problem(5, 40, 3, widest=5))
    search = Genetic(packed, 3, 4000, params)
    search.run(4000)
    size = int(search.tally[SIZE])
    wanted = max(4, int(params.population(4000, packed.size) * params.left))
    assert wanted <= size <= wanted + 1, "the last child may come before the last leaves"
    assert {tuple(sorted(order)) for order in search.population[:size]} == {tuple(range(packed.size))}
    assert search.fitness[:size].min() // WHOLE == search.makespan


def test_of_a_child_without_hope_one_pass_is_built_and_it_is_not_taken() -> None:
    packed = pack(random_problem(5, 40, 3, widest=5))
    search = Genetic(packed, 3, 4000, GeneticParams(left=1.0, hopeless=-1000))
    most = search.params.population(4000, packed.size)
    search.run(3 * most)
    first = search.population.copy()
    search.run(4000)
    assert search.schedules == 4000
    assert np.array_equal(search.population, first)


def test_problems_of_few_activities_have_figures_of_their_own() -> None:
    assert Genetic(pack(random_problem(5, MOST_FEW)), 0, 1000).params is FEW
    assert Genetic(pack(random_problem(5, MOST_FEW + 1)), 0, 1000).params == GeneticParams()


def test_seconds_are_kept() -> None:
    problem = random_problem(9, 60, 4, widest=5)
    optimise(problem, SCHEDULES)
    began = perf_counter()
    optimise(problem, OptimiseParams(seconds=0.5, most_for_proof=0))
    assert perf_counter() - began < 2.5


def test_a_single_machine_is_bound_by_its_work() -> None:
    problem = make_problem([3, 4, 5], [[1], [1], [1]], [1], [])
    assert lower_bound(problem, pack(problem)) == 12
    assert optimise(problem, SCHEDULES).proved


def test_energy_bounds_what_neither_links_nor_work_do() -> None:
    """Two of three must overlap in the middle of chains of equal length: work alone is below the truth."""
    durations, links = [4, 2, 4, 4, 2, 4], [(0, 1), (1, 2), (3, 4), (4, 5)]
    problem = make_problem(durations, [[0], [1], [0], [0], [1], [0]], [1], links)
    truth = shortest_by_lists(problem)
    assert lower_bound(problem, pack(problem)) == truth == 12


def test_nothing_to_do_takes_no_time() -> None:
    found = optimise(make_problem([], [], [3], []), SCHEDULES)
    assert (found.makespan, found.proved) == (0, True)


def test_circles_and_demands_above_capacity_are_refused() -> None:
    with pytest.raises(ProblemError, match="circle"):
        optimise(make_problem([1, 1], [[0], [0]], [1], [(0, 1), (1, 0)]))
    with pytest.raises(ProblemError, match="activity 1, resource 0: demand 3; allowed: at most 2"):
        make_problem([1, 1], [[0], [3]], [2], [])
    with pytest.raises(ProblemError, match="no such activity"):
        make_problem([1], [[0]], [2], [(0, 1)])


def test_what_is_no_schedule_is_said() -> None:
    problem = make_problem([2, 2], [[2], [2]], [3], [(0, 1)])
    assert violation(problem, np.array([0, 1])) == "1 starts at 1, 0 at 0: less than 2 later"
    loose = make_problem([2, 2], [[2], [2]], [3], [])
    assert violation(loose, np.array([0, 1])) == "resource 0 gives 4 of 3 at 1"
    assert violation(loose, np.array([0, 2])) is None
    assert violation(loose, np.array([-1, 2])) is not None
