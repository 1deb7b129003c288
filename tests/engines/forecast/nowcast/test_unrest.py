"""Intervals grow when the last slots were far from usual, and cover the days on which they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tminus.engines.forecast import FlowForecaster, FlowPanel, NowcastParams
from tminus.engines.forecast.evaluation import Protocol, evaluate
from tminus.engines.forecast.prediction import LEVELS

RIDGE = NowcastParams(model="ridge")


def restless_city(days: int = 28) -> FlowPanel:
    """Every third day counts wander twice as far, each node by itself."""
    panel = city(days, nodes=16, seed=2)
    draw = np.random.Generator(np.random.Philox(5))
    steps = draw.normal(0, 0.04, panel.values.shape) * np.where(np.arange(days) % 3 == 0, 4, 1)[:, None, None, None]
    return replace(panel, values=np.rint(panel.values * np.exp(np.cumsum(steps, axis=1))).astype(np.float32))


def width(panel: FlowPanel, day: int, until: int) -> float:
    model = FlowForecaster(RIDGE).fit(panel.of_days(slice(0, day)))
    today = panel.of_days([day])
    values = today.values.copy()
    values[:, until:] = np.nan
    found = model.nowcast(replace(today, values=values))
    apart = found.quantile(LEVELS[9]) - found.quantile(LEVELS[1])
    return float((apart / (found.mean + 1)).mean())


def test_a_restless_day_has_wider_intervals() -> None:
    panel = restless_city()
    assert width(panel, 27, 18) > 1.1 * width(panel, 26, 18)


def test_before_anything_is_counted_a_day_is_as_sure_as_any() -> None:
    panel = restless_city()
    learned = FlowForecaster(RIDGE).fit(panel.of_days(slice(0, 26)))
    today = panel.of_days([26])
    blank = replace(today, values=np.full_like(today.values, np.nan))
    board = learned._board(blank, None)[0]
    unrest = learned._fitted()[0].unrest
    assert unrest is not None
    assert (unrest.power > 0.2).all() and (unrest.power <= 1).all()
    assert unrest.factor(replace(board, targets=slice(2 * panel.slots, 2 * panel.slots + 1)), 1) == pytest.approx(1)


def test_the_worst_days_are_covered_better(monkeypatch: pytest.MonkeyPatch) -> None:
    panel = restless_city()
    protocol = Protocol((0, 20), (20, 28), 4, 4, "strict")
    params = NowcastParams(model="ridge", mode="strict")
    found = evaluate(panel, protocol, params).as_json()
    monkeypatch.setattr("tminus.engines.forecast.nowcast.unrest.MOST", 0.0)
    monkeypatch.setattr("tminus.engines.forecast.nowcast.unrest.LEAST", 0.0)
    without = evaluate(panel, protocol, params).as_json()
    worst = [min(day["coverage80"] for day in one["per_day"]) for one in (found, without)]
    assert worst[0] > worst[1] + 0.02
    assert sum(one["wql"] for one in found["horizons"]) < sum(one["wql"] for one in without["horizons"])
