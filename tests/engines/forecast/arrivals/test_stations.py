"""Stations: the event's visitors over everyday traffic."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tests.engines.forecast.arrivals.sites import harbour_fair
from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.arrivals import (
    DailyAttendance,
    DayGrid,
    Ride,
    baseline_of,
    event_at_stations,
    expand,
    over_baseline,
    travel_times,
)
from tminus.engines.forecast.arrivals.stations import moved


def _history(days: int = 12) -> FlowPanel:
    random = np.random.default_rng(5)
    level = np.array([200.0, 400.0])[None, None, :, None] * np.where(np.arange(days) % 2, 2.0, 1.0)[:, None, None, None]
    values = random.poisson(np.broadcast_to(level, (days, 72, 2, 2))).astype(np.float32)
    values *= random.normal(1, 0.1, days).astype(np.float32)[:, None, None, None]
    kinds = [DayContext(date(2026, 9, 1) + timedelta(n), "weekend" if n % 2 else "workday") for n in range(days)]
    return FlowPanel(values, tuple(kinds), 15, 330, ("a", "d"))


def test_origins_send_in_the_morning_what_the_terminal_lets_out_later() -> None:
    day = expand(harbour_fair(), DailyAttendance(mean=20_000), paths=20)
    stations = event_at_stations(day)
    at = stations.stations.index
    mean = stations.forecast().mean[..., 0]
    minutes = np.array(stations.grid.starts)
    sent, near = ((mean[:, at(name)] * minutes).sum() / mean[:, at(name)].sum() for name in "ca")
    assert near - sent == pytest.approx(47 - 12, abs=2)
    assert mean[:, at("b")].sum() > mean[:, at("c")].sum()


def test_everyday_traffic_is_that_of_days_of_its_kind_and_joint_over_stations() -> None:
    everyday = baseline_of(_history(60), "weekend")
    paths = everyday.paths(DayGrid(300, 15, 80), 300, seed=1)
    assert paths[0, :, 0].sum(axis=1).mean() == pytest.approx(72 * 400, rel=0.08)
    totals = paths[0].sum(axis=2)
    assert np.corrcoef(totals[:, 0], totals[:, 1])[0, 1] > 0.8
    assert 0.05 < totals[:, 0].std() / totals[:, 0].mean() < 0.2
    assert (paths >= 0).all() and paths[..., :2].max() == 0


def test_the_event_comes_on_top_and_policy_changes_only_the_rest() -> None:
    day = expand(harbour_fair(), DailyAttendance(mean=20_000), paths=30)
    event, everyday = event_at_stations(day), baseline_of(_history(), "workday")
    total, halved = (over_baseline(event, everyday, policy=policy) for policy in (0.0, -0.5))
    alone = everyday.paths(event.grid, 30, 0)
    at = total.stations.index
    np.testing.assert_allclose(
        total.entering[:, at("a")], alone[0][:, 0] + event.entering[:, event.stations.index("a")]
    )
    np.testing.assert_allclose((total.leaving - halved.leaving)[:, at("d")], 0.5 * alone[1][:, 1])
    assert any("no counts of other days" in words for words in total.rests_on)
    with pytest.raises(ForecastError, match="policy -2"):
        over_baseline(event, everyday, policy=-2)


def test_days_of_the_event_are_no_everyday_traffic() -> None:
    history = _history(3)
    loaded = FlowPanel(
        history.values,
        tuple(DayContext(one.day, one.kind, event_load=1e5) for one in history.days),
        15,
        330,
        ("a", "d"),
    )
    with pytest.raises(ForecastError, match="no day without the event"):
        baseline_of(loaded, "workday")
    assert "only 1 are of kind" in " ".join(baseline_of(_history(3), "weekend").rests_on)


@pytest.mark.parametrize("minutes", [0, 7, 15, 31, -7, -15, -31, 9_000, -9_000])
def test_moving_a_flow_loses_nobody(minutes: float) -> None:
    flow = np.random.default_rng(1).random((3, 20))
    grid = DayGrid(300, 15, 20)
    np.testing.assert_allclose(moved(flow, minutes, grid).sum(axis=1), flow.sum(axis=1))
    single = np.zeros((1, 20))
    single[0, 10] = 1
    middle = float((moved(single, minutes, grid)[0] * np.arange(20)).sum())
    assert middle == pytest.approx(np.clip(10 + minutes / 15, 0, 19))


def test_travel_times_take_the_quickest_way() -> None:
    rides = [
        Ride("a", "b", 120, True), Ride("b", "c", 60), Ride("a", "c", 600), Ride("a", "b", 90), Ride("c", "x", 0),
    ]  # fmt: skip
    found = travel_times(rides, ["a", "b", "c", "lost"], ["c", "x"])
    np.testing.assert_allclose(found[:3], [[2.5, 2.5], [1, 1], [0, 0]], atol=1e-6)
    assert np.isinf(found[3]).all()
    with pytest.raises(ForecastError, match="-5"):
        travel_times([Ride("a", "b", -5)], ["a"], ["b"])
