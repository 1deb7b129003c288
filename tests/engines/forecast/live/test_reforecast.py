"""The rest of the day from what was counted: nearer, narrower, and it still adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.live.days import counted, forecast_day
from tminus.engines.forecast.arrivals import SITE
from tminus.engines.forecast.arrivals.gate_queue import gate_capacity
from tminus.engines.forecast.live import Reforecast, reforecast, scale_of


def _at(values: np.ndarray, minute: int) -> Reforecast:
    return reforecast(forecast_day(), values, forecast_day().grid.slot_of(minute))


def test_the_scale_has_mean_and_spread_of_its_draws() -> None:
    scale = scale_of(np.random.default_rng(1).gamma(25, 1.2 / 25, 20_000))
    assert scale.mean == pytest.approx(1.2, rel=0.01) and scale.sd == pytest.approx(0.24, rel=0.03)


@pytest.mark.parametrize("minute", [600, 720, 840])
def test_intervals_are_kept_on_simulated_days(minute: int) -> None:
    slot = forecast_day().grid.slot_of(minute)
    inside = []
    for seed in range(24):
        values = counted(seed)
        rest = _at(values, minute).day.entries_by(SITE)[1][:, 0, slot:].sum(axis=1)
        low, high = np.quantile(rest, [0.1, 0.9])
        inside.append(low <= values[:, slot:, 0].sum() <= high)
    assert 0.6 <= np.mean(inside) <= 0.97  # 24 days: ± 0.16 at 95 %


def test_a_large_day_is_recognised_and_the_total_known_better_hour_by_hour() -> None:
    values = counted(3, mean=39_000, cv=0.0)
    totals = [_at(values, minute).day.entries_by(SITE)[1].sum(axis=(1, 2)) for minute in (480, 720, 900)]
    spread = [float(total.std()) for total in totals]
    assert spread == sorted(spread, reverse=True) and spread[2] < 0.3 * spread[0]
    assert abs(totals[2].mean() - values[..., 0].sum()) < 1_000
    assert abs(totals[0].mean() - 30_000) < 1_500
    assert _at(values, 900).scale.mean == pytest.approx(1.3, abs=0.06)


def test_it_adds_up_in_every_path_and_all_are_out_after_closing() -> None:
    values = counted(5)
    found = _at(values, 780)
    day = found.day
    for level in ("audience", "gate", "mode", "terminal"):
        np.testing.assert_allclose(day.arrivals_by(level)[1].sum(axis=1), day.arrivals_by(SITE)[1][:, 0], atol=1e-6)
        np.testing.assert_allclose(day.departures_by(level)[1].sum(axis=1), day.departures_by(SITE)[1][:, 0], atol=1e-6)
    entered = np.cumsum(day.entries_by(SITE)[1][:, 0], axis=1)
    left = np.cumsum(day.departures_by(SITE)[1][:, 0], axis=1)
    np.testing.assert_allclose(entered - left, day.on_site_by(SITE)[1][:, 0], atol=1e-6)
    at_gates = np.cumsum(day.entries_by("gate")[1], axis=2) + day.queue
    np.testing.assert_allclose(np.cumsum(day.arrivals_by("gate")[1], axis=2), at_gates, atol=1e-5)
    assert (entered - left)[:, -1].max() < 1e-6
    assert min(day.arrivals.min(), day.entries.min(), day.leaving.min(), day.queue.min()) >= 0
    np.testing.assert_allclose(entered[:, found.slot - 1], values[:, : found.slot, 0].sum())
    np.testing.assert_allclose(left[:, found.slot - 1], values[:, : found.slot, 1].sum())


def test_what_comes_later_changes_nothing() -> None:
    values = counted(5)
    changed = values.copy()
    changed[:, forecast_day().grid.slot_of(780) :] = 1e6
    one, other = (_at(each, 780) for each in (values, changed))
    assert (one.day.entries == other.day.entries).all() and (one.day.leaving == other.day.leaving).all()


def test_slots_nobody_counted_are_as_expected_not_empty() -> None:
    values = counted(5)
    gap = values.copy()
    begin, end = (forecast_day().grid.slot_of(minute) for minute in (570, 630))
    gap[0, begin:end] = np.nan
    day = _at(gap, 780).day
    missed = values[0, begin:end, 0].sum()
    assert day.entries_by("gate")[1][:, 0, begin:end].sum(axis=1).mean() == pytest.approx(missed, rel=0.5)
    assert _at(gap, 780).scale.mean == pytest.approx(_at(values, 780).scale.mean, abs=0.1)


def test_more_exits_than_people_are_told() -> None:
    values = counted(5)
    values[:, 20:24, 1] = 9_000
    found = _at(values, 780)
    assert any("more exits were counted" in words for words in found.degraded)
    assert found.day.on_site_by(SITE)[1].min() >= 0


def test_nothing_counted_yet_is_the_forecast_of_the_day_before() -> None:
    values = np.full((2, forecast_day().grid.slots, 2), np.nan)
    found = _at(values, 840)
    mine, before = (day.entries_by(SITE)[1].sum(axis=(1, 2)) for day in (found.day, forecast_day()))
    assert mine.mean() == pytest.approx(before.mean(), rel=0.05)
    assert mine.std() == pytest.approx(before.std(), rel=0.25)


def test_no_more_come_than_are_admitted() -> None:
    values = counted(3, mean=39_000, cv=0.0)
    limited = replace(forecast_day(), attendance=replace(forecast_day().attendance, most=36_000.0))
    totals = reforecast(limited, values, forecast_day().grid.slot_of(720)).day.entries_by(SITE)[1].sum(axis=(1, 2))
    assert _at(values, 720).day.entries_by(SITE)[1].sum(axis=(1, 2)).max() > 36_000
    assert totals.max() <= 36_000 + 1e-6 and np.median(totals) > 35_000


def test_lanes_that_let_in_more_than_thought_are_named_and_taken_as_seen() -> None:
    day = forecast_day()
    values = counted(3)
    thought = gate_capacity(day.site, day.grid)
    slot = day.grid.slot_of(720)
    values[0, slot - 6 : slot, 0] = 1.5 * thought[0, slot - 6 : slot]
    found = reforecast(day, values, slot)
    assert any(words.startswith("west: 1.5 times as many") for words in found.degraded)


def _holds(values: Sequence[np.ndarray], minute: int) -> float:
    slot = forecast_day().grid.slot_of(minute)
    inside = []
    for one in values:
        rest = _at(one, minute).day.entries_by(SITE)[1][:, 0, slot:].sum(axis=1)
        low, high = np.quantile(rest, [0.1, 0.9])
        inside.append(low <= one[:, slot:, 0].sum() <= high)
    return float(np.mean(inside))


@pytest.mark.parametrize("minute", [660, 780])
def test_intervals_are_honest_where_the_truth_is_another(minute: int) -> None:
    """Thrice the people, steadily; and a quarter of the morning coming two hours later."""
    days = [counted(seed) for seed in range(12)]
    late = []
    for one in days:
        moved = one.copy()
        begin, width = forecast_day().grid.slot_of(480), 16
        part = 0.25 * one[:, begin : begin + width, 0]
        moved[:, begin : begin + width, 0] -= part
        moved[:, begin + 8 : begin + 8 + width, 0] += part
        late.append(np.rint(moved))
    assert _holds([3 * one for one in days], minute) >= 0.5
    assert _holds(late, minute) >= 0.5
