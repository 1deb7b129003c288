"""Vehicles and spaces: published values, simulation, and the queue carried from slot to slot."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from tminus.engines.transport import InfeasiblePlan, TransportError
from tminus.engines.transport.supply import (
    SupplyParams,
    blocked,
    delayed,
    least_servers,
    least_spaces,
    mean_wait_min,
    plan_supply,
    run_day,
    spaces_needed,
    waits_longer,
)


def test_erlang_values() -> None:
    assert blocked(0.5, 1) == pytest.approx(1 / 3)
    assert blocked(10, 10) == pytest.approx(0.21458, abs=1e-5)  # Erlang B tables
    assert delayed(0.8, 1) == pytest.approx(0.8)  # M/M/1: the load itself
    assert mean_wait_min(0.8, 1, 1.0) == pytest.approx(4.0)  # M/M/1: load / (1 − load) services
    assert delayed(2.0, 3) == pytest.approx(4 / 9)  # by hand
    assert waits_longer(0.8, 1, 1.0, 5.0) == pytest.approx(0.8 * np.exp(-1.0))
    assert delayed(3.0, 3) == waits_longer(4.0, 3, 1, 1) == 1.0
    assert mean_wait_min(3, 3, 1) == float("inf")
    assert blocked(1e4, 10_100) < 0.01  # no overflow


def test_the_fewest_servers_do_and_one_fewer_does_not() -> None:
    many = least_servers(20.0, 30.0, 5.0, 0.9)
    assert waits_longer(20.0, many, 30.0, 5.0) <= 0.1 < waits_longer(20.0, many - 1, 30.0, 5.0)
    assert least_servers(0.0, 30.0, 5.0, 0.9) == 0
    with pytest.raises(TransportError, match="load -1"):
        least_servers(-1, 1, 1, 0.5)


def test_erlang_waits_agree_with_customers_drawn_at_random() -> None:
    draw = np.random.default_rng(1)
    arrivals = np.cumsum(draw.exponential(1.0, 200_000))
    services = draw.exponential(8.0, 200_000)
    free = [0.0] * 10
    waited = np.empty(len(arrivals))
    for at, (come, lasts) in enumerate(zip(arrivals, services, strict=True)):
        begin = max(come, heapq.heappop(free))
        waited[at] = begin - come
        heapq.heappush(free, begin + lasts)
    assert waited.mean() == pytest.approx(mean_wait_min(8.0, 10, 8.0), rel=0.05)
    assert (waited > 4).mean() == pytest.approx(waits_longer(8.0, 10, 8.0, 4.0), rel=0.05)


def test_spaces() -> None:
    assert least_spaces(0.0, 0.9) == 0
    assert least_spaces(1.0, 0.7357) == 1  # P(X ≤ 1) = 2 / e
    spaces = spaces_needed(np.array([60.0, 60.0, 0.0, 0.0, 0.0]), 30, 60.0, 0.5)
    assert list(spaces) == [60, 120, 60, 0, 0]
    with pytest.raises(TransportError, match="stay_min 0"):
        spaces_needed(np.ones(2), 30, 0, 0.5)


def test_a_steady_day_takes_what_erlang_says() -> None:
    params = SupplyParams(round_trip_min=30, party=2, target_min=5, level=0.9)
    plan = plan_supply(np.full((1, 16), 60.0), 15, 600, params)
    assert (plan.vehicles == least_servers(60.0, 30, 5, 0.9)).all()
    assert (plan.within == 1).all()
    assert plan.proof.bound == pytest.approx(60 * 16 / 4)
    assert plan.proof.value >= plan.proof.bound


def test_after_a_rush_vehicles_that_are_still_out_are_made_up_for() -> None:
    persons = np.zeros((1, 12))
    persons[0, 4:6] = 400
    params = SupplyParams(round_trip_min=60, party=4, target_min=5, level=0.9)
    plan = plan_supply(persons, 15, 600, params)
    assert plan.within.min() >= 0.9
    assert run_day(persons[0], 15, plan.by_erlang, params).min() <= plan.within.min()
    assert (plan.vehicles >= plan.by_erlang).all()


def test_the_busy_day_of_the_paths_is_planned_for() -> None:
    paths = np.outer(np.linspace(1, 2, 11), np.full(8, 50.0))
    params = SupplyParams(round_trip_min=30, quantile=0.9)
    assert plan_supply(paths, 15, 0, params).persons[0] == pytest.approx(95)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InfeasiblePlan, match=r"the fleet of 3 is too small: \d+ vehicles at 10:00"):
        plan_supply(np.full((1, 4), 60.0), 15, 600, SupplyParams(round_trip_min=30, fleet=3))
    with pytest.raises(TransportError, match="paths"):
        plan_supply(np.full((1, 4), -1.0), 15, 600, SupplyParams(round_trip_min=30))
    with pytest.raises(TransportError, match="level 1"):
        SupplyParams(round_trip_min=30, level=1)
