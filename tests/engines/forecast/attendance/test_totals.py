"""Daily totals months ahead: laws on made-up cities, and accuracy on a real one where its data are there."""

from __future__ import annotations

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.attendance import TotalsParams, forecast_totals
from tminus.engines.forecast.calendars import DayKind, calendar_days

FIRST = date(2015, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(900)]
AHEAD = [DAYS[-1] + timedelta(days=n) for n in range(1, 121)]
FEW = TotalsParams(origins=3)


def _city(days: list[date], *, noise: float = 0.03, seed: int = 0) -> NDArray[np.float64]:
    """A city of a million: growth, weekends 30 % lower, holidays 45 % lower, make-up days 8 % lower."""
    effect = {DayKind.WORKDAY: 0.0, DayKind.WEEKEND: -0.3, DayKind.HOLIDAY: -0.45, DayKind.MAKE_UP: -0.08}
    kinds = np.array([effect[told.kind] for told in calendar_days("CN", days)])
    growth = 0.05 * np.array([(day - FIRST).days for day in days]) / 365
    return np.asarray(1e6 * np.exp(kinds + growth + noise * np.random.default_rng(seed).standard_normal(len(days))))


def _mape(found: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    return float(np.mean(np.abs(found / truth - 1)))


def test_a_regular_city_is_foreseen() -> None:
    found = forecast_totals(DAYS, _city(DAYS), AHEAD, country="CN", params=FEW)
    truth = _city(AHEAD, noise=0.0)
    assert _mape(found.point, truth) < 0.02
    assert np.all(np.diff(found.quantiles, axis=0) >= 0)
    assert np.all(found.quantiles >= 0)
    assert np.all(found.mean >= found.point)
    assert found.degraded == ()


def test_outliers_and_missing_days_hardly_matter() -> None:
    totals = _city(DAYS)
    wild = totals.copy()
    wild[::45] *= 0.3
    wild[100:130] = np.nan
    found = forecast_totals(DAYS, wild, AHEAD, country="CN", params=FEW)
    assert _mape(found.point, _city(AHEAD, noise=0.0)) < 0.03
    assert found.degraded == ("30 days within the observed time are not known",)


def test_the_level_follows_a_shift() -> None:
    totals = _city(DAYS)
    totals[600:] *= 0.7
    found = forecast_totals(DAYS, totals, AHEAD, country="CN", params=FEW)
    assert _mape(found.point, 0.7 * _city(AHEAD, noise=0.0)) < 0.04


def test_make_up_days_are_known_from_their_notice_only() -> None:
    """Until 22 March 2019 the second and third of May 2019 were workdays."""
    known = [FIRST + timedelta(days=n) for n in range((date(2019, 3, 20) - FIRST).days)]
    ahead = [date(2019, 5, 2), date(2019, 5, 3)]
    honest = forecast_totals(known, _city(known), ahead, country="CN", params=FEW)
    later = forecast_totals(known, _city(known), ahead, country="CN", params=FEW, hindsight=True)
    assert np.all(honest.point > 1.2 * later.point)


@given(scale=st.floats(0.01, 1000.0))
@settings(max_examples=5, deadline=None)
def test_units_do_not_matter(scale: float) -> None:
    days, totals = DAYS[:300], _city(DAYS[:300])
    ahead = [days[-1] + timedelta(days=n) for n in range(1, 15)]
    one = forecast_totals(days, totals, ahead, params=FEW)
    other = forecast_totals(days, totals * scale, ahead, params=FEW)
    assert np.allclose(other.quantiles, scale * one.quantiles, rtol=1e-6)


def test_intervals_hold_what_they_say() -> None:
    inside = []
    for seed in range(4):
        truth = _city([*DAYS, *AHEAD], seed=seed)
        found = forecast_totals(DAYS, truth[: len(DAYS)], AHEAD, country="CN", params=FEW)
        actual = truth[len(DAYS) :]
        inside.append(np.mean((found.quantile(0.1) <= actual) & (actual <= found.quantile(0.9))))
    assert 0.72 <= float(np.mean(inside)) <= 0.95


def test_a_short_history_is_said_to_be_short() -> None:
    found = forecast_totals(DAYS[:20], _city(DAYS[:20]), AHEAD[:0] or [DAYS[20]], country="CN")
    assert "too few days" in found.degraded[0]


@pytest.mark.parametrize(
    ("days", "totals", "ahead", "said"),
    [
        (DAYS[:20], [1.0] * 19, [DAYS[30]], "19 values of 20 days"),
        (DAYS[:20][::-1], [1.0] * 20, [DAYS[30]], "not in order"),
        (DAYS[:20], [*[1.0] * 19, -5.0], [DAYS[30]], "2015-01-20: -5"),
        (DAYS[:20], [*[1.0] * 19, float("inf")], [DAYS[30]], "2015-01-20: inf"),
        (DAYS[:10], [1.0] * 10, [DAYS[30]], "at least 14"),
        (DAYS[:20], [1.0] * 20, [DAYS[19]], "after the last observed day"),
        (DAYS[:20], [1.0] * 20, [], "at least one"),
    ],
)
def test_what_cannot_be_forecast(days: list[date], totals: list[float], ahead: list[date], said: str) -> None:
    with pytest.raises(ForecastError, match=said):
        forecast_totals(days, totals, ahead)


@pytest.mark.slow
def test_beijing_half_a_year_ahead() -> None:
    """Two origins of the benchmark, 91 … 180 days ahead: the whole is in benchmarks/forecast/daily.py."""
    path = Path(os.environ.get("TMINUS_DATA", "data")) / "forecast" / "china_metro_daily_2012_2019.csv"
    if not path.exists():
        pytest.skip("the daily totals of three cities are not here (TMINUS_DATA names their folder)")
    with path.open(encoding="utf-8") as lines:
        series = {date.fromisoformat(row["date"]): float(row["bj"]) for row in csv.DictReader(lines) if row["bj"]}
    errors = []
    for origin in (date(2018, 3, 1), date(2018, 12, 1)):
        known = [day for day in series if day < origin]
        ahead = [origin + timedelta(days=n) for n in range(91, 181)]
        found = forecast_totals(known, [series[day] for day in known], ahead, country="CN")
        errors += [abs(value / series[day] - 1) for day, value in zip(ahead, found.point, strict=True) if day in series]
    assert float(np.mean(errors)) < 0.05


HOSTILE = {
    "constant": np.full(400, 5.0),
    "two values": np.where(np.arange(400) % 2 == 0, 1e-6, 1e12),
    "mostly unknown": np.where(np.arange(400) % 27 == 0, 100.0, np.nan),
    "zeros": np.where(np.arange(400) % 3 == 0, 0.0, 100.0),
    "one spike": np.where(np.arange(400) == 399, 1e15, 100.0),
    "growing fast": np.exp(np.arange(400) / 20),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_series_give_a_usable_forecast(name: str) -> None:
    found = forecast_totals(DAYS[:400], HOSTILE[name], DAYS[400:800:20], country="CN", params=FEW)
    assert np.all(np.isfinite(found.quantiles))
    assert np.all(np.isfinite(found.mean))
    assert np.all(np.diff(found.quantiles, axis=0) >= 0)
    known = HOSTILE[name][HOSTILE[name] > 0]
    assert np.all(found.point <= 20 * np.nanmax(known))
    assert np.all(found.point >= np.nanmin(known) / 20)


def test_years_ahead_are_wider() -> None:
    far = [DAYS[-1] + timedelta(days=n) for n in (10, 1200)]
    found = forecast_totals(DAYS, _city(DAYS), far, country="CN", params=FEW)
    width = np.log(found.quantile(0.9) / found.quantile(0.1))
    assert width[1] > 2 * width[0]
    with pytest.raises(ForecastError, match="2099"):
        forecast_totals(DAYS, _city(DAYS), [date(2101, 1, 1)], country="CN", params=FEW)
