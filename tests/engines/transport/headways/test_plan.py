"""Departures: against every timetable there is, against the programme, and by law."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from tminus.engines.transport import InfeasiblePlan, TransportError
from tminus.engines.transport.headways import (
    HeadwayParams,
    Line,
    LineDemand,
    changed_departures,
    departures_of,
    expected_waiting,
    plan_headways,
    simulate_lines,
    solve_envelope,
    vehicles_out,
)
from tminus.engines.transport.headways.fleet_prices import fleet_bound
from tminus.engines.transport.headways.priced_dates import best_departures

QUICK = HeadwayParams(trials=10_000, rounds=60)


def rush(minutes: int, persons: float, seed: int = 0, scenarios: int = 1) -> np.ndarray:
    at = np.arange(minutes)
    bell = np.exp(-0.5 * ((at - 0.4 * minutes) / (0.15 * minutes)) ** 2)
    draw = np.random.default_rng(seed).uniform(0.5, 1.5, (scenarios, minutes)) * bell
    return np.asarray(draw / draw.sum(axis=1, keepdims=True) * persons)


def every_timetable(minutes: int) -> list[np.ndarray]:
    return [np.array(bits, dtype=np.bool_)[None] for bits in product((0, 1), repeat=minutes)]


@pytest.mark.parametrize("seed", range(6))
def test_departures_of_one_line_are_the_best_of_all_timetables(seed: int) -> None:
    line = Line("S", 90, 6, least_headway_min=2, most_headway_min=12)
    demand = LineDemand((line,), rush(12, 500, seed)[None], fleet=1 + seed % 3)
    allowed = [
        expected_waiting(demand, table)
        for table in every_timetable(12)
        if (vehicles_out(demand, table) <= demand.fleet).all() and not simulate_lines(demand, table).broken
    ]
    plan = plan_headways(demand, QUICK)
    assert plan.proof.value == pytest.approx(min(allowed))
    assert plan.proof.bound <= min(allowed) + 1e-6
    assert plan.day.broken == ()


@pytest.mark.parametrize("seed", range(5))
def test_priced_departures_are_the_best_of_all_timetables(seed: int) -> None:
    draw = np.random.default_rng(seed)
    line = Line("S", 80, 5, least_headway_min=1 + seed % 3, most_headway_min=11)
    demand, prices = LineDemand((line,), rush(11, 400, seed)[None], fleet=99), draw.uniform(0, 200, 11)
    best = min(
        expected_waiting(demand, table) + prices[table[0]].sum()
        for table in every_timetable(11)
        if not simulate_lines(demand, table).broken
    )
    value, departures, _ = best_departures(demand.come[0, 0], line, prices)
    assert value == pytest.approx(best)
    found = departures_of([departures], 11)
    assert expected_waiting(demand, found) + prices[found[0]].sum() == pytest.approx(best)
    assert best_departures(demand.come[0, 0], line, prices, most_labels=2)[0] <= best + 1e-6


def test_the_programme_and_the_prices_agree_on_the_bound() -> None:
    lines = Line("A", 60, 10, 2), Line("B", 40, 14, 2)
    arriving = np.stack([rush(40, 500, 1), rush(40, 300, 2)])
    demand = LineDemand(lines, arriving, fleet=4)
    plan = plan_headways(demand, HeadwayParams(trials=60_000, rounds=150))
    table, bound = solve_envelope(demand, 20)
    assert simulate_lines(demand, table).broken == ()
    assert plan.proof.value <= expected_waiting(demand, table) * 1.01
    assert max(bound, plan.proof.bound) <= plan.proof.value + 1e-6
    assert plan.proof.bound >= 0.9 * bound


def test_the_bound_holds_for_the_mean_over_scenarios() -> None:
    demand = LineDemand((Line("A", 60, 20, 2),), rush(60, 700, 3, scenarios=8)[None], fleet=4)
    plan = plan_headways(demand, QUICK)
    assert fleet_bound(demand, plan.table, 80).value <= plan.proof.value
    assert plan.proof.gap < 0.15
    assert plan.day.waiting_person_min == pytest.approx(plan.proof.value)


def test_the_plan_beats_the_policies_it_is_compared_with() -> None:
    demand = LineDemand((Line("A", 100, 30, 2),), rush(120, 3000, 4)[None], fleet=6, first_min=1080)
    plan = plan_headways(demand, QUICK)
    assert set(plan.others) == {"do_nothing", "planned", "greedy"}
    for day in plan.others.values():
        assert plan.proof.value <= day.waiting_person_min
        assert day.broken == ()
    assert plan.proof.binding[0].what == "fleet of 6 vehicles"
    assert plan.departures(0)[0] >= 1080


def test_simulated_cohorts_wait_as_counted() -> None:
    arriving = np.zeros((1, 1, 6))
    arriving[0, 0, :2] = 50, 40
    demand = LineDemand((Line("A", 60, 3),), arriving, fleet=1)
    day = simulate_lines(demand, departures_of([[1, 4]], 6))
    assert day.waiting_person_min == 50 + 30 + 30 + 30  # end of minutes 0 … 3
    assert day.left_behind == 30
    assert day.longest_wait_min == 3
    assert day.mean_wait_min == pytest.approx(140 / 90)
    assert simulate_lines(demand, departures_of([[1, 3]], 6)).broken == ("2 vehicles out, fleet 1",)
    assert "headway 1 min" in simulate_lines(demand, departures_of([[1, 2]], 6)).broken[0]


def test_changes_against_the_published_timetable() -> None:
    demand = LineDemand((Line("A", 100, 30, 2),), rush(60, 900, 5)[None], fleet=3, first_min=600)
    plan = plan_headways(demand, QUICK)
    own = [[minute - 600 for minute in plan.departures(0)]]
    assert changed_departures(plan, own) == ()
    changes = changed_departures(plan, [own[0][1:]])
    assert [(one.from_min, one.was, one.now) for one in changes] == [(plan.departures(0)[0], None, 1.0)]
    assert "published" in plan_headways(demand, QUICK, [[5, 40]]).others


def test_the_same_seed_makes_the_same_timetable() -> None:
    demand = LineDemand((Line("A", 100, 30, 2),), rush(60, 900, 5)[None], fleet=3)
    assert (plan_headways(demand, QUICK).table == plan_headways(demand, QUICK).table).all()


def test_a_fleet_that_cannot_keep_the_most_headways_is_named() -> None:
    demand = LineDemand((Line("A", 60, 90, 2, 20), Line("B", 60, 20, 2, 20)), np.ones((2, 1, 60)), fleet=5)
    with pytest.raises(InfeasiblePlan, match=r"5 vehicles cannot keep the most headways: A needs 4\.5 vehicles"):
        plan_headways(demand)


@pytest.mark.parametrize(
    ("figures", "says"),
    [((0, 5), "capacity 0"), ((5, 0), "cycle_min 0"), ((5, 5, 0), "headways 0"), ((5, 5, 9, 3), "headways 9")],
)
def test_lines_that_cannot_be_are_refused(figures: tuple[int, ...], says: str) -> None:
    with pytest.raises(TransportError, match=says):
        Line("A", *figures)
    with pytest.raises(TransportError, match="arriving"):
        LineDemand((Line("A", 5, 5),), np.full((1, 1, 3), -1.0), fleet=1)
    with pytest.raises(TransportError, match="fleet"):
        LineDemand((Line("A", 5, 5),), np.zeros((1, 1, 3)), fleet=0)
    with pytest.raises(TransportError, match="minute 9"):
        departures_of([[9]], 9)
