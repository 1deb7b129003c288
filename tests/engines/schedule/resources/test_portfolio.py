"""Thousands of activities: the fast passes place as the plain ones do, and improving never makes it longer."""

from __future__ import annotations

import numpy as np
import pytest

from tests.engines.schedule.resources.small_problems import random_problem
from tminus.engines.schedule.resources.optimise import OptimiseParams, optimise
from tminus.engines.schedule.resources.packed import classes_of, pack
from tminus.engines.schedule.resources.portfolio import Portfolio, shaken
from tminus.engines.schedule.resources.problem import Problem
from tminus.engines.schedule.resources.serial import place, place_far
from tminus.engines.schedule.resources.validator import violation


def large(tasks: int, resources: int = 4, seed: int = 0) -> Problem:
    chance = np.random.default_rng(seed)
    durations = chance.integers(0, 11, tasks)
    demands = np.where(chance.random((tasks, resources)) < 0.5, chance.integers(1, 8, (tasks, resources)), 0)
    succ = chance.integers(1, tasks, 2 * tasks)
    pred = np.maximum(succ - chance.integers(1, 60, 2 * tasks), 0)
    return Problem(durations, demands, np.array([20, 22, 25, 28][:resources]), pred, succ, durations[pred])


@pytest.mark.parametrize("seed", range(6))
def test_skipping_places_exactly_where_scanning_does(seed: int) -> None:
    problem = large(400, seed=seed) if seed % 2 else random_problem(seed, 60, 3)
    packed = pack(problem)
    way, order = packed.forward, packed.forward.order
    free = np.empty((packed.horizon + 2, len(packed.capacity)), dtype=np.int64)
    plain, fast = np.zeros(packed.size, dtype=np.int64), np.zeros(packed.size, dtype=np.int64)
    classes = classes_of(problem)
    first = np.zeros(len(classes[2]), dtype=np.int64)
    rows = (way.ptr, way.before, way.lag, packed.demand, packed.capacity, packed.guard)
    length = place(order, packed.durations, *rows, free, plain)
    assert place_far(order, packed.durations, *rows, *classes, first, free, fast) == length
    assert np.array_equal(plain, fast)
    assert violation(problem, fast) is None


def test_shaken_orders_keep_links() -> None:
    packed = pack(large(300))
    found = Portfolio(large(300), packed)
    way = packed.backward
    for most in (1, 10, 50):
        shaken(
            way.order, way.ptr, way.before, found.start, packed.durations, found.makespan, False, most,
            found.state, found.key, found.heads, found.order,
        )  # fmt: skip
        place_of = np.argsort(found.order)
        assert sorted(found.order) == list(range(300))
        for i in range(300):
            before = way.before[way.ptr[i] : way.ptr[i + 1]]
            assert (place_of[before] < place_of[i]).all()


def test_many_tasks_get_a_checked_schedule_near_the_bound_and_the_same_one_again() -> None:
    problem = large(6_000)
    one, other = (optimise(problem, OptimiseParams(schedules=30)) for _ in range(2))
    assert one.starts is not None
    assert other.starts is not None
    assert np.array_equal(one.starts, other.starts)
    assert violation(problem, one.starts) is None
    assert one.makespan is not None
    first = Portfolio(problem, pack(problem)).makespan
    assert one.lower_bound <= one.makespan < first
    assert one.makespan < 1.05 * one.lower_bound
