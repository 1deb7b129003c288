"""A fleet party by party: by hand, against the same day looked at vehicle by vehicle, and what others would do."""

from __future__ import annotations

import heapq

import numpy as np
import pytest

from tminus.engines.transport import TransportError
from tminus.engines.transport.supply import (
    SupplyParams,
    called_as_queues_grow,
    changed_vehicles,
    mean_wait_min,
    parties_of,
    plan_supply,
    same_all_day,
    simulate_supply,
)

RUSH = np.zeros((3, 12))
RUSH[:, 3:6] = [[120], [200], [300]]
PARAMS = SupplyParams(round_trip_min=40, party=2, target_min=10, level=0.9)


def test_one_vehicle_by_hand() -> None:
    params = SupplyParams(round_trip_min=30, party=1, target_min=10, level=0.5)
    day = simulate_supply((np.array([0.0, 10.0, 20.0]),), 15, np.ones(8, dtype=np.int64), params)
    assert (day.mean_wait_min, day.longest_wait_min) == (20.0, 40.0)  # they leave at 0, 30 and 60
    assert day.within_target == pytest.approx(1 / 3)
    assert (day.longest_queue, day.left_persons, day.paths_kept) == (2.0, 0.0, 0)
    assert day.vehicle_hours == 2.0


def test_a_vehicle_that_comes_on_duty_takes_who_waits() -> None:
    params = SupplyParams(round_trip_min=60, party=3)
    day = simulate_supply((np.array([1.0, 2.0]),), 15, np.array([0, 2, 2, 0]), params)
    assert day.longest_wait_min == 14.0
    nobody = simulate_supply((np.array([1.0, 2.0]),), 15, np.array([0, 0]), params)
    assert (nobody.left_persons, nobody.within_target, nobody.mean_wait_min) == (6.0, 0.0, 0.0)


def test_the_same_as_vehicle_by_vehicle() -> None:
    """A heap of vehicles that come back, all day the same many."""
    (come,) = parties_of(RUSH[2:], 15, PARAMS.party, seed=4)
    free = [0.0] * 60
    waited = []
    for one in come:
        begin = max(one, heapq.heappop(free))
        waited.append(begin - one)
        heapq.heappush(free, begin + PARAMS.round_trip_min)
    day = simulate_supply((come,), 15, np.full(12, 60), PARAMS)
    assert day.mean_wait_min == pytest.approx(np.mean(waited))
    assert day.longest_wait_min == pytest.approx(max(waited))


def test_a_long_steady_day_waits_less_than_erlang_says() -> None:
    """Round trips that always last the same make people wait about half as long as those drawn at random."""
    steady = np.full((1, 2000), 30.0)
    params = SupplyParams(round_trip_min=20, party=2)
    day = simulate_supply(parties_of(steady, 15, 2.0), 15, np.full(2000, 23), params)
    by_erlang = mean_wait_min(20.0, 23, 20.0)
    assert 0.4 * by_erlang < day.mean_wait_min < 0.7 * by_erlang


def test_the_plan_keeps_more_days_than_doing_nothing_and_greedy() -> None:
    paths = RUSH + 20
    plan = plan_supply(paths, 15, 600, PARAMS)
    parties = parties_of(paths, 15, PARAMS.party)
    days = [
        simulate_supply(parties, 15, vehicles, PARAMS)
        for vehicles in (plan.vehicles, same_all_day(paths, 15, PARAMS), called_as_queues_grow(paths, 15, PARAMS))
    ]
    planned, nothing, greedy = days
    assert planned.paths_kept >= 2 > nothing.paths_kept + greedy.paths_kept
    assert planned.mean_wait_min < min(nothing.mean_wait_min, greedy.mean_wait_min)


def test_policies_by_hand() -> None:
    assert (same_all_day(RUSH, 15, PARAMS) == np.ceil(RUSH[:, 3].mean() / 2 / 15 * 40)).all()
    assert (same_all_day(RUSH, 15, PARAMS, usual=7) == 7).all()
    greedy = called_as_queues_grow(RUSH[:1], 15, SupplyParams(40, 2, fleet=150), usual=0)
    assert list(greedy[0, :5]) == [0, 0, 0, 0, 150]  # sees 120 persons and those waiting: 320 vehicles, has 150


def test_changed_vehicles_are_joined() -> None:
    plan = plan_supply(RUSH, 15, 600, PARAMS)
    assert changed_vehicles(plan, plan.vehicles) == ()
    (change,) = changed_vehicles(plan, np.where(np.arange(12) < 2, plan.vehicles + 1, plan.vehicles))
    assert (change.from_min, change.to_min, change.was) == (600, 630, float(plan.vehicles[0] + 1))


def test_too_many_parties_are_refused() -> None:
    with pytest.raises(TransportError, match="parties on all paths; allowed: at most"):
        parties_of(np.full((2, 4), 1e7), 15, 1.0)
