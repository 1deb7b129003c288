"""The nowcast as a control room uses it: laws it must keep whatever the counts are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tminus.engines.forecast import FlowForecaster, FlowPanel, Forecast, ForecastError, NowcastParams

SMALL = NowcastParams(history=4, horizon=3, model="ridge", folds=3)
ORIGIN = 15


def until(panel: FlowPanel, slot: int) -> FlowPanel:
    values = panel.values.copy()
    values[:, slot + 1 :] = np.nan
    return replace(panel, values=values)


def nowcast(panel: FlowPanel, params: NowcastParams = SMALL, origin: int = ORIGIN) -> Forecast:
    """The last day of a panel from the ones before."""
    model = FlowForecaster(params).fit(panel.of_days(slice(0, len(panel.days) - 1)))
    return model.nowcast(until(panel.of_days([len(panel.days) - 1]), origin))


@pytest.fixture(scope="module")
def fitted() -> tuple[FlowForecaster, FlowPanel]:
    panel = city(15)
    return FlowForecaster(SMALL).fit(panel.of_days(slice(0, 14))), panel.of_days([14])


def test_steps_follow_the_last_count(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    found = fitted[0].nowcast(until(fitted[1], ORIGIN))
    assert found.minutes == (330 + 16 * 30, 330 + 17 * 30, 330 + 18 * 30)
    assert found.mean.shape == (3, 6, 2)
    assert found.degraded == ()


@pytest.mark.parametrize("model", ["profile", "ridge", "lightgbm"])
def test_quantiles_never_cross_nor_fall_below_zero(model: str) -> None:
    quiet = city(12, scale=1.0, seed=3)
    found = nowcast(quiet, replace(SMALL, model=model, trees=10, rows=5000))  # type: ignore[arg-type]
    assert (np.diff(found.quantiles, axis=0) >= 0).all()
    assert (found.quantiles >= 0).all()
    assert (found.mean >= 0).all()


def test_a_day_twice_as_busy_is_seen_in_the_forecast(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    model, today = fitted
    usual = model.nowcast(until(today, ORIGIN))
    busy = model.nowcast(until(replace(today, values=today.values * 2), ORIGIN))
    assert busy.mean.sum() > 1.5 * usual.mean.sum()


def test_order_of_nodes_does_not_matter() -> None:
    panel = city(12)
    order = [3, 1, 5, 0, 4, 2]
    turned = replace(panel, values=panel.values[:, :, order], nodes=tuple(panel.nodes[at] for at in order))
    np.testing.assert_allclose(nowcast(turned).mean, nowcast(panel).mean[:, order], rtol=2e-3, atol=0.05)


@pytest.mark.parametrize("times", [0.1, 50.0])
def test_other_units_give_the_same_forecast_in_those_units(times: float) -> None:
    panel = city(12)
    scaled = replace(panel, values=panel.values * np.float32(times))
    one, other = nowcast(panel), nowcast(scaled)
    np.testing.assert_allclose(other.mean, one.mean * times, rtol=0.02, atol=0.05 * times)
    np.testing.assert_allclose(other.quantiles, one.quantiles * times, rtol=0.05, atol=0.5 * times)


def test_counts_after_the_origin_change_nothing(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    model, today = fitted
    one = model.nowcast(until(today, ORIGIN))
    again = model.nowcast(until(replace(today, values=today.values), ORIGIN))
    np.testing.assert_array_equal(one.quantiles, again.quantiles)


def test_strict_knows_no_more_than_its_window() -> None:
    panel = city(12)
    params = replace(SMALL, mode="strict")
    model = FlowForecaster(params).fit(panel.of_days(slice(0, 11)))
    today = until(panel.of_days([11]), ORIGIN)
    values = today.values.copy()
    values[:, : ORIGIN - params.history + 1] += 500
    one, other = model.nowcast(today), model.nowcast(replace(today, values=values))
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-5)
    values[:, ORIGIN] += 500
    assert model.nowcast(replace(today, values=values)).mean.sum() > 1.05 * one.mean.sum()


def test_paths_have_the_forecasts_quantiles(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    model, today = fitted
    found = model.nowcast(until(today, ORIGIN))
    paths = model.sample_paths(2000, seed=4)
    assert paths.shape == (2000, *found.mean.shape)
    for level in (0.2, 0.5, 0.8):
        np.testing.assert_allclose(np.quantile(paths, level, axis=0), found.quantile(level), rtol=0.06, atol=2)
    np.testing.assert_array_equal(paths, model.sample_paths(2000, seed=4))


def test_contributions_sum_to_the_mean(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    model, today = fitted
    found = model.nowcast(until(today, ORIGIN))
    why = model.explain("S2", 2, "out")
    assert why.profile + why.day_type + why.event + why.live == pytest.approx(why.mean, rel=1e-5)
    assert why.mean == pytest.approx(float(found.mean[1, 2, 1]), rel=1e-6)


def test_coverage_observed_moves_the_widths() -> None:
    panel = city(13)
    model = FlowForecaster(SMALL).fit(panel.of_days(slice(0, 12)))
    today = panel.of_days([12])
    first = model.nowcast(until(today, ORIGIN))
    report = model.observe(replace(today, values=today.values + 10_000))
    assert report.coverage80 == 0
    assert report.scored == first.mean.size
    assert min(min(row) for row in report.widths) > 1


def test_the_end_of_the_day_is_told(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    found = fitted[0].nowcast(until(fitted[1], 34))
    assert len(found.minutes) == 1
    assert "the day ends: 1 steps" in found.degraded


def test_a_silent_node_is_named_and_still_forecast(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    model, today = fitted
    values = until(today, ORIGIN).values.copy()
    values[:, 10:, 2] = np.nan
    found = model.nowcast(replace(today, values=values))
    assert any("S2" in line for line in found.degraded)
    assert found.mean[0, 2].sum() > 20


def test_before_the_first_count_the_profile_speaks(fitted: tuple[FlowForecaster, FlowPanel]) -> None:
    found = fitted[0].nowcast(until(fitted[1], -1))
    assert found.minutes[0] == 330
    assert "nothing counted today yet: profile only" in found.degraded


def test_round_the_clock_the_next_day_is_reached() -> None:
    panel = city(9, minutes=60, round_clock=True, channels=1)
    found = nowcast(panel, origin=22)
    assert found.minutes == (23 * 60, 24 * 60, 25 * 60)
    assert np.isfinite(found.mean).all()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (lambda panel: replace(panel, nodes=tuple("ABCDEF")), "other nodes"),
        (lambda panel: city(2), "2 days; allowed: one"),
        (lambda panel: city(1, slots=30), "other slots"),
    ],
)
def test_another_panel_is_one_clear_error(fitted: tuple[FlowForecaster, FlowPanel], what, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ForecastError, match=said):
        fitted[0].nowcast(what(fitted[1]))


def test_what_comes_too_early_is_one_clear_error() -> None:
    model = FlowForecaster(SMALL)
    with pytest.raises(ForecastError, match="not fitted"):
        model.nowcast(city(1))
    model.fit(city(8))
    with pytest.raises(ForecastError, match="nowcast"):
        model.observe(city(1))
    with pytest.raises(ForecastError, match="horizon 9"):
        model.nowcast(city(1), horizon=9)
