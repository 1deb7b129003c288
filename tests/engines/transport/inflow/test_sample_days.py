"""Caps for a day that is not known: what they hold on the busy day and on all the others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.transport.inflow.cases import line, random_case, to_c
from tminus.engines.transport import TransportError
from tminus.engines.transport.inflow import (
    InflowParams,
    StationDemand,
    busy_day,
    plan_for_days,
    plan_inflow,
    policies_on,
    route_trees,
    simulate_inflow,
)
from tminus.engines.transport.inflow.sample_days import guarding_caps, lasting


def varied(demand: StationDemand, many: int, seed: int = 1) -> tuple[StationDemand, ...]:
    """Days, stations and slots that are busier or quieter than the mean."""
    draw = np.random.default_rng(seed)
    stations, slots = demand.persons.shape[0], demand.slots
    return tuple(
        replace(
            demand,
            persons=demand.persons
            * draw.lognormal(0, 0.05)
            * draw.lognormal(0, 0.08, (stations, 1, 1))
            * draw.lognormal(0, 0.03, (stations, 1, slots)),
        )
        for _ in range(many)
    )


def test_the_busy_day_is_the_quantile_of_each_station_bound_where_the_mean_is() -> None:
    days = [to_c((100 * n, 50), (0, 10 * n)) for n in range(1, 12)]
    busy = busy_day(days, 0.9)
    assert busy.arriving[0] == pytest.approx([1000, 0])
    assert busy.arriving[1] == pytest.approx([50, 100])
    assert busy.persons[0, 2, 0] == pytest.approx(1000)


def test_one_day_is_planned_as_it_is() -> None:
    network, demand = random_case(2)
    one, same = plan_for_days(network, (demand,)), plan_inflow(network, demand)
    assert (one.caps == same.caps).all()
    assert one.proof.value == same.proof.value


@pytest.mark.parametrize("seed", [0, 2])
def test_more_days_are_kept_than_by_the_busy_days_plan_alone_or_with_no_caps(seed: int) -> None:
    network, demand = random_case(seed)
    paths = varied(demand, 20, seed)
    plan = plan_for_days(network, paths, 0.9, InflowParams(capacity_share=0.97))
    alone = plan_inflow(network, plan.demand, InflowParams(capacity_share=0.97))
    days = policies_on(network, paths, {"plan": plan.caps, "alone": alone.caps})
    assert list(days) == ["plan", "alone", "do_nothing", "greedy"]
    assert days["plan"].paths_kept >= 19
    assert days["plan"].paths_kept > max(days["alone"].paths_kept, days["do_nothing"].paths_kept)
    assert days["plan"].left_persons < 1


def test_on_the_day_planned_for_more_caps_hold_nobody_back_besides() -> None:
    network, demand = random_case(1)
    plan = plan_inflow(network, demand)
    caps = lasting(plan, guarding_caps(plan))
    assert np.isfinite(caps).sum() > np.isfinite(plan.caps).sum()
    day = simulate_inflow(network, route_trees(network), demand, caps)
    assert day.exceeded_arc_minutes == 0
    assert day.total_delay_person_min == pytest.approx(plan.proof.value, rel=0.02)


def test_a_cap_that_would_end_lets_no_queue_in_at_once() -> None:
    plan = plan_inflow(line(60), to_c((900, 0), (300, 0), (0, 0), (0, 0)))
    busier = to_c((1500, 0), (300, 0), (0, 0), (0, 0))
    trees = route_trees(plan.network)
    open_again = simulate_inflow(plan.network, trees, busier, plan.caps)
    held = simulate_inflow(plan.network, trees, busier, lasting(plan, plan.caps))
    assert open_again.loads.max() > 300
    assert held.exceeded_arc_minutes == 0


def test_paths_that_cannot_be_are_refused() -> None:
    with pytest.raises(TransportError, match="quantile 1 of 1 paths"):
        busy_day([to_c((1, 1))], 1.0)
    with pytest.raises(TransportError, match="of 0 paths"):
        busy_day([], 0.5)
    with pytest.raises(TransportError, match="other stations or slots"):
        busy_day([to_c((1, 1)), to_c((1, 1), (1, 1))], 0.5)
