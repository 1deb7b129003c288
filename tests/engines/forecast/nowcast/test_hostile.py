"""Counts no model should have to see: a usable forecast that says what was wrong, or one clear error."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tests.engines.forecast.nowcast.test_forecaster import SMALL, nowcast, until
from tminus.engines.forecast import FlowForecaster, FlowPanel, ForecastError


def usable(panel: FlowPanel) -> tuple[str, ...]:
    found = nowcast(panel)
    assert np.isfinite(found.mean).all()
    assert np.isfinite(found.quantiles).all()
    assert (np.diff(found.quantiles, axis=0) >= 0).all()
    return found.degraded


def changed(panel: FlowPanel, where: tuple[object, ...], to: float) -> FlowPanel:
    values = panel.values.copy()
    values[where] = to
    return replace(panel, values=values)


def test_nothing_ever_counted_is_one_error() -> None:
    with pytest.raises(ForecastError, match="nothing was counted"):
        FlowForecaster(SMALL).fit(changed(city(5), (slice(None),), np.nan))


def test_one_day_is_enough_and_its_interval_is_wide() -> None:
    panel = city(2)
    usable(panel)
    found, came = nowcast(panel), panel.values[1, 16:19]
    inside = (came >= found.quantile(0.05)) & (came <= found.quantile(0.95))
    assert inside.mean() > 0.6
    assert (found.quantile(0.5) < 3 * came + 50).all()


@pytest.mark.parametrize("value", [0.0, 7.0, 1e8])
def test_constant_counts(value: float) -> None:
    panel = changed(city(8), (slice(None),), value)
    found = nowcast(panel)
    assert found.mean == pytest.approx(value, rel=0.05, abs=0.05)


def test_negative_and_infinite_counts_are_missing_and_named() -> None:
    panel = changed(changed(city(10), (3, 4, 1), -5.0), (2, 3, 0), np.inf)
    said = " ".join(usable(panel))
    assert "2 counts below zero" in said
    assert "2 counts infinite" in said


def test_a_node_never_counted_and_a_day_without_counts_are_named() -> None:
    panel = changed(changed(city(10), (slice(None), slice(None), 4), np.nan), (3,), np.nan)
    said = " ".join(usable(panel))
    assert "never counted: S4" in said
    assert "nothing counted on 2026-03-05" in said


def test_missing_slots_are_not_zeros() -> None:
    whole = city(14)
    values = whole.values.copy()
    draw = np.random.Generator(np.random.Philox(5))
    values[:-1][draw.random(values[:-1].shape) < 0.3] = np.nan
    gappy = replace(whole, values=values)
    assert "slots missing" in " ".join(usable(gappy))
    assert nowcast(gappy).mean.sum() == pytest.approx(nowcast(whole).mean.sum(), rel=0.1)


def test_a_stuck_counter_is_found_and_left_out() -> None:
    panel = city(10)
    stuck = changed(panel, (slice(6, 9), slice(None), 2), 4321.0)
    assert "stuck counter" in " ".join(usable(stuck))
    assert nowcast(stuck).mean[:, 2].max() < 2 * nowcast(panel).mean[:, 2].max()


def test_a_huge_reading_does_not_carry_the_others_away() -> None:
    panel = city(10)
    model = FlowForecaster(SMALL).fit(panel.of_days(slice(0, 9)))
    today = until(panel.of_days([9]), 15)
    usual = model.nowcast(today)
    huge = model.nowcast(changed(today, (0, 15, 0, 0), 1e7))
    assert np.isfinite(huge.mean).all()
    assert (huge.mean[:, 3:] < 10 * usual.mean[:, 3:] + 100).all()


def test_a_node_that_is_closed_in_the_morning_needs_no_sign() -> None:
    usable(changed(city(10), (slice(None), slice(0, 20), 1), np.nan))


def test_a_day_of_daylight_saving_lacks_its_hour() -> None:
    panel = city(10, minutes=60, round_clock=True)
    usable(changed(panel, (6, 2), np.nan))
