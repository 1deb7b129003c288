"""A forecast day walked: everybody has a plan, comes in by a gate once, and gets home."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.problem import CrowdError
from tminus.engines.crowd.simulate import simulate
from tminus.engines.forecast.arrivals import (
    ArrivalParams,
    Audience,
    DailyAttendance,
    Gate,
    Hall,
    Opened,
    Site,
    SiteDay,
    Terminal,
    expand,
)
from tminus.studies.activity_plans import LEAST_STAY_MIN, demand_of, people_of
from tminus.studies.gates_two_sided import two_sided, way_out_of
from tminus.studies.simulated_day import START_MIN, middling_sample, scenario_of

VISITS = 1500


def site_day() -> SiteDay:
    site = Site(
        opening_minute=540,
        closing_minute=1080,
        audiences=(Audience("visitor", 1.0, {"metro": 0.6, "car": 0.4}, stay_min=200, stay_sd_min=60),),
        gates=(Gate("gate", (Opened(510, 1020, 8, 4.0),)),),
        terminals=(Terminal("station", "metro"), Terminal("parking", "car")),
        walk_min=np.array([[6.0], [4.0]]),
        halls=(Hall("one", 2.0), Hall("two", 1.0)),
        hall_walk_min=np.array([[3.0, 5.0]]),
        origins=("north", "south"),
        origin_weight=np.array([3.0, 1.0]),
        travel_min=np.array([[20.0, np.inf], [30.0, np.inf]]),
    )
    attendance = DailyAttendance(date(2026, 11, 7), None, float(VISITS))
    return expand(site, attendance, paths=5, seed=1, params=ArrivalParams())


def network() -> Network:
    nodes = tuple(Node(id) for id in ("north", "south", "station", "parking", "plaza", "gate", "inner", "one", "two"))
    ways = (
        ("north", "station", 1600), ("south", "station", 2400), ("station", "plaza", 300), ("parking", "plaza", 200),
        ("plaza", "gate", 60), ("gate", "inner", 40), ("inner", "one", 100), ("inner", "two", 200),
    )  # fmt: skip
    return Network(nodes, tuple(Link(f"{a}-{b}", a, b, m, 12, twoway=True) for a, b, m in ways))


def test_people_are_as_many_as_forecast_and_stay_within_the_day() -> None:
    day = site_day()
    people = people_of(day, 2, np.random.default_rng(0))
    assert len(people) == int(np.asarray(day.arrivals)[2].sum())
    assert (people.leave_min >= people.arrive_min + LEAST_STAY_MIN).all()
    assert np.quantile(people.leave_min, 0.99) < 1080 + 60
    assert people.arrive_min.min() >= day.grid.starts[0]


def test_plans_lead_through_the_gate_to_halls_and_back_to_where_people_came_from() -> None:
    demand = demand_of(site_day(), 0, seed=3)
    for agent in range(0, len(demand), 97):
        legs = [demand.nodes[n] for n in demand.leg_node[demand.first_leg[agent] : demand.first_leg[agent + 1]]]
        assert legs[0] == "gate"
        assert legs[-2] == way_out_of("gate")
        assert set(legs[1:-2]) <= {"one", "two"}
        assert len(legs) > 3
    origins = np.array(demand.nodes)[demand.origin]
    assert (origins == "north").sum() > 1.5 * (origins == "south").sum() > 0
    assert set(origins) == {"north", "south", "parking"}


def test_the_same_seed_gives_the_same_people() -> None:
    one, same, other = (demand_of(site_day(), 1, seed=seed) for seed in (4, 4, 5))
    assert np.array_equal(one.depart_s, same.depart_s)
    assert np.array_equal(one.leg_node, same.leg_node)
    assert not np.array_equal(one.depart_s, other.depart_s)


def test_a_gate_is_passed_one_way_in_and_another_out() -> None:
    split = two_sided(network(), ["gate"], ["one", "two"])
    ways = {(link.start, link.end) for link in split.links if "gate" in link.start or "gate" in link.end}
    assert ways == {("plaza", "gate"), ("gate", "inner"), ("inner", "gate-out"), ("gate-out", "plaza")}
    assert {link.width_m for link in split.links if not link.twoway} == {6.0}
    with pytest.raises(CrowdError, match="'north' does not lead from outside to the halls"):
        two_sided(network(), ["north"], ["one"])


def test_a_forecast_day_is_walked_to_its_end() -> None:
    day = site_day()
    scenario = scenario_of(day, network(), seed=1)
    result = simulate(scenario, seed=1)
    assert result.agents == int(np.asarray(day.arrivals)[middling_sample(day)].sum())
    assert result.gates.served.sum() == result.agents - int(result.stuck.sum()) - result.en_route
    assert result.arrived > 0.98 * result.agents
    home_min = START_MIN + np.nanmedian(result.arrived_s) / 60
    assert 720 < home_min < 1080
