"""Event load, policies and weather: known effects are found, and what has none changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tests.engines.forecast.nowcast.test_forecaster import ORIGIN, until
from tminus.engines.forecast import DayContext, FlowForecaster, FlowPanel, NowcastParams
from tminus.engines.forecast.evaluation import Protocol, evaluate
from tminus.engines.forecast.nowcast.known_effects import learn_effects
from tminus.engines.forecast.panel import ForecastError

PROFILE = NowcastParams(horizon=1, model="profile")
VENUE = 2
PER_LOAD = 5.0
"""Times its usual level the venue has more at 100,000 persons."""


def with_event(panel: FlowPanel, loads: np.ndarray, told: bool = True) -> FlowPanel:  # type: ignore[type-arg]
    values = panel.values.copy()
    values[:, :, VENUE] *= (1 + PER_LOAD * loads / 100_000)[:, None, None].astype(np.float32)
    days = tuple(
        replace(one, event_load=float(load) if told else None) for one, load in zip(panel.days, loads, strict=True)
    )
    return replace(panel, values=np.round(values), days=days)


def loads_of(days: int, seed: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    draw = np.random.Generator(np.random.Philox(seed))
    return np.where(draw.random(days) < 0.3, draw.uniform(30_000, 120_000, days), 0)


def weights_of(days: int) -> np.ndarray:  # type: ignore[type-arg]
    age = np.subtract.outer(np.arange(days), np.arange(days)).astype(float)
    raw = np.where(age > 0, np.exp(-np.abs(age) / 12), 0.0)
    raw[0, 1] = 1
    return raw / raw.sum(axis=1, keepdims=True)


def test_a_known_effect_lies_within_its_interval_as_often_as_it_should() -> None:
    """Rain takes 1 % a millimetre off all and a fare twice that off one of five; 200 made months."""
    draw, days, inside = np.random.Generator(np.random.Philox(3)), 30, []
    weights = weights_of(days)
    for _ in range(200):
        rain = np.where(draw.random(days) < 0.35, draw.gamma(2, 5, days), 0)
        fare = (draw.random(days) < 0.5).astype(float)
        factor = (1 - 0.01 * rain[:, None]) * np.ones(5)
        factor[:, 1] -= 0.2 * fare
        level = factor * np.exp(draw.normal(0, 0.06, (days, 1)) + draw.normal(0, 0.04, (days, 5)))
        contexts = [DayContext(policy={"fare": f}, weather={"rain_mm": r}) for f, r in zip(fare, rain, strict=True)]
        effects = learn_effects((1000 * level[:, None, :]).astype(np.float32), contexts, weights)
        assert effects is not None
        truth = {("weather rain_mm", at): -0.01 for at in (-1, 0, 1)} | {
            ("policy fare", 1): -0.2,
            ("policy fare", 0): 0.0,
        }
        for one in effects.sizes():
            if (one.name, one.series) in truth:
                usual = 1 - 0.01 * rain.mean() if one.name == "weather rain_mm" else 1
                wanted = truth[one.name, one.series] / (usual if one.name == "weather rain_mm" else 1)
                inside.append(abs(one.change - wanted) < 2 * one.standard_error)
    assert 0.88 < np.mean(inside) < 0.99


def test_an_event_makes_its_station_busy_and_no_other() -> None:
    loads = loads_of(35)
    panel = with_event(city(35), loads)
    protocol = Protocol((0, 28), (28, 35), 4, 1)
    unaware = with_event(city(35), loads, told=False)
    with_it, without = (evaluate(one, protocol, PROFILE).steps[0].as_json() for one in (panel, unaware))
    assert (with_it["mae"] or 0) < 0.7 * (without["mae"] or 0)
    model = FlowForecaster(PROFILE).fit(panel.of_days(slice(0, 28)))
    found = {(one.name, one.series): one for one in model.effect_sizes()}
    assert found["event load", 2 * VENUE].change * 100_000 == pytest.approx(PER_LOAD, rel=0.15)
    assert abs(found["event load", 0].change) * 100_000 < 0.3


def test_what_the_event_adds_is_told_apart() -> None:
    loads = loads_of(29)
    loads[28] = 60_000
    panel = with_event(city(29), loads)
    model = FlowForecaster(PROFILE).fit(panel.of_days(slice(0, 28)))
    found = model.nowcast(until(panel.of_days([28]), ORIGIN))
    venue, other = model.explain("S2", 1), model.explain("S0", 1)
    assert venue.event == pytest.approx(0.75 * venue.mean, rel=0.15)
    assert abs(other.event) < 0.1 * other.mean
    assert venue.profile + venue.day_type + venue.event + venue.live == pytest.approx(venue.mean, rel=1e-5)
    assert venue.mean == pytest.approx(float(found.mean[0, VENUE, 0]), rel=1e-6)


def test_what_has_no_effect_changes_nothing_beyond_noise() -> None:
    worse = []
    for seed in range(8):
        panel = city(28, seed=seed)
        draw = np.random.Generator(np.random.Philox(100 + seed))
        days = tuple(
            replace(one, weather={"rain_mm": float(r)}, policy={"fare": float(p)})
            for one, r, p in zip(panel.days, draw.gamma(1, 4, 28), draw.integers(0, 2, 28), strict=True)
        )
        protocol = Protocol((0, 21), (21, 28), 4, 1)
        told, plain = (evaluate(one, protocol, PROFILE).steps[0] for one in (replace(panel, days=days), panel))
        worse.append(told.absolute / plain.absolute - 1)
    assert abs(np.mean(worse)) < 0.02
    assert sum(one == 0 for one in worse) >= 6


def test_a_regressor_that_never_changed_in_training_is_named_and_not_used() -> None:
    panel = city(15)
    model = FlowForecaster(PROFILE).fit(panel.of_days(slice(0, 14)))
    today = until(panel.of_days([14]), ORIGIN)
    usual = model.nowcast(today)
    busy = model.nowcast(replace(today, days=(replace(today.days[0], event_load=90_000.0),)))
    np.testing.assert_array_equal(usual.mean, busy.mean)
    assert "event load: was the same on all training days, not used" in busy.degraded
    assert model.effect_sizes() == ()


def test_a_load_far_beyond_those_seen_does_not_run_away() -> None:
    loads = loads_of(29)
    loads[28] = 5e7
    panel = with_event(city(29), loads)
    model = FlowForecaster(PROFILE).fit(panel.of_days(slice(0, 28)))
    found = model.nowcast(until(panel.of_days([28]), ORIGIN))
    assert found.mean[0, VENUE, 0] < 12 * 2.3 * 200


def test_gaps_and_wild_days_do_not_make_an_effect() -> None:
    panel = with_event(city(28), loads_of(28))
    values = panel.values.copy()
    values[3:6, :20] = np.nan
    values[9] *= 6
    values[:, :, 4] = np.nan
    model = FlowForecaster(PROFILE).fit(replace(panel, values=values))
    venue = next(one for one in model.effect_sizes() if one.series == 2 * VENUE)
    assert venue.change * 100_000 == pytest.approx(PER_LOAD, rel=0.3)


def test_effects_before_a_fit_are_one_clear_error() -> None:
    with pytest.raises(ForecastError, match="not fitted"):
        FlowForecaster(PROFILE).effect_sizes()
