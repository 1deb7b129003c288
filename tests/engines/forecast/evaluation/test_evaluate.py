"""Scores: the right targets, the right sums, and never a look at what is to come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tminus.engines.forecast import ForecastError, NowcastParams
from tminus.engines.forecast.evaluation import Protocol, Tally, evaluate
from tminus.engines.forecast.evaluation.evaluate import _Run
from tminus.engines.forecast.evaluation.protocol import targets
from tminus.engines.forecast.prediction import LEVELS

PROTOCOL = Protocol((0, 10), (10, 12), history=4, horizon=3)


def params(protocol: Protocol = PROTOCOL, **more: Any) -> NowcastParams:
    settings: dict[str, Any] = {"model": "ridge", "folds": 3, "trees": 8, "rows": 4000} | more
    return NowcastParams(history=protocol.history, horizon=protocol.horizon, mode=protocol.mode, **settings)


def test_windows_lie_within_the_day() -> None:
    found = [targets(PROTOCOL, 10, step, 36, round_clock=False) for step in (1, 2, 3)]
    assert [(int(one[0]), int(one[-1]), len(one)) for one in found] == [(4, 33, 30), (5, 34, 30), (6, 35, 30)]


def test_the_hangzhou_protocol_has_66_windows_a_day() -> None:
    protocol = Protocol((0, 18), (20, 25), history=4, horizon=4)
    assert [len(targets(protocol, 22, step, 73, round_clock=False)) for step in (1, 2, 3, 4)] == [66] * 4


def test_last_slots_are_counted_over_targets() -> None:
    protocol = Protocol((0, 20), (20, 25), history=5, horizon=1, last_slots=355)
    assert [len(targets(protocol, day, 1, 72, round_clock=False)) for day in range(20, 25)] == [67, 72, 72, 72, 72]


def test_of_every_third_window_all_steps_are_scored() -> None:
    protocol = replace(PROTOCOL, every=3)
    found = [targets(protocol, 10, step, 36, round_clock=False) for step in (1, 2, 3)]
    assert found[0].tolist() == list(range(4, 34, 3))
    assert all((one - found[0] == step).all() for step, one in enumerate(found))


def test_every_third_window_scores_a_third() -> None:
    whole, third = (evaluate(city(12), replace(PROTOCOL, every=every), params(model="profile")) for every in (1, 3))
    assert third.steps[0].n * 3 == whole.steps[0].n
    with pytest.raises(ForecastError, match="every 0th window"):
        evaluate(city(12), replace(PROTOCOL, every=0), params())


def test_round_the_clock_windows_cross_midnight() -> None:
    protocol = Protocol((0, 5), (5, 7), history=12, horizon=12)
    first, last = (targets(protocol, day, 12, 24, round_clock=True) for day in (5, 6))
    assert (int(first[0]), len(first), len(last)) == (23, 1, 24)


def test_sums_are_those_of_the_definitions() -> None:
    actual = np.array([10.0, 0.0, 4.0], dtype=np.float32)
    mean = np.array([8.0, 1.0, 4.0], dtype=np.float32)
    quantiles = np.tile(mean, (len(LEVELS), 1))
    quantiles[LEVELS.index(0.9)] += 1
    tally = Tally()
    tally.add(actual, mean, quantiles)
    found = tally.as_json()
    assert found["mae"] == pytest.approx(1.0)
    assert found["rmse"] == pytest.approx((5 / 3) ** 0.5)
    assert found["mape"] == pytest.approx(0.1)
    assert found["wmape"] == pytest.approx(3 / 14)
    assert found["coverage80"] == pytest.approx(1 / 3)
    pinball = [2 * level + (1 - level) for level in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)]
    high = 0.9 * 1 + 0.1 * 2 + 0.1 * 1
    assert found["wql"] == pytest.approx(2 * (sum(pinball) + high) / 9 / 14, rel=1e-6)


@pytest.mark.parametrize("mode", ["strict", "operational"])
@pytest.mark.parametrize("model", ["profile", "ridge", "lightgbm"])
def test_a_document_of_every_model_and_mode(mode: str, model: str) -> None:
    protocol = replace(PROTOCOL, mode=mode)  # type: ignore[arg-type]
    found = evaluate(city(12), protocol, params(protocol, model=model)).as_json()
    assert found["n_scored"] == 2 * 30 * 6 * 2 * 3
    assert [one["minutes"] for one in found["horizons"]] == [30, 60, 90]
    assert [one["day"] for one in found["per_day"]] == ["2026-03-12", "2026-03-13"]
    assert all(0 < one["wmape"] < 0.3 for one in found["horizons"])
    assert all(0.4 < one["coverage80"] <= 1 for one in found["horizons"])


def test_learning_beats_the_profile_and_the_profile_the_last_value() -> None:
    panel = city(16, nodes=8, seed=2)
    protocol = Protocol((0, 13), (13, 16), history=4, horizon=2)
    maes = {
        model: evaluate(panel, protocol, params(protocol, model=model)).as_json()["horizons"][0]["mae"]
        for model in ("profile", "ridge")
    }
    naive = np.abs(np.diff(panel.values[13:], axis=1)).mean()
    assert maes["ridge"] < 0.9 * maes["profile"]
    assert maes["ridge"] < naive


@pytest.mark.parametrize("round_clock", [False, True])
@pytest.mark.parametrize("mode", ["strict", "operational"])
def test_changing_the_future_changes_nothing(mode: str, round_clock: bool) -> None:
    """Everything from one slot on is replaced; every forecast with an origin before it must stay as it was."""
    panel = city(12, minutes=60, slots=18, round_clock=round_clock, nodes=4)
    day, slot = 10, 9
    values = panel.values.copy()
    values[day, slot:], values[day + 1 :] = 9999, 0
    protocol = replace(PROTOCOL, test=(9, 12), train=(0, 9), mode=mode)  # type: ignore[arg-type]
    one, other = (_forecasts(each, protocol) for each in (panel, replace(panel, values=values)))
    first = (day - 9) * panel.slots + slot
    for step in (1, 2, 3):
        known = slice(0, first + step)  # targets whose origin lies before the change
        np.testing.assert_allclose(one[step][:, known], other[step][:, known], rtol=1e-5, atol=1e-4)
    assert (one[1][:, first + 1] != other[1][:, first + 1]).any()


def _forecasts(panel: Any, protocol: Protocol) -> dict[int, np.ndarray[Any, Any]]:
    """[level, flat target slot, series] of all test days by step."""
    run = _Run.begin(panel, protocol, params(protocol))
    out: dict[int, list[Any]] = {step: [] for step in range(1, protocol.horizon + 1)}
    for number, day in enumerate(range(*protocol.test)):
        if run.due(number, protocol.test[1] - protocol.test[0]):
            run.learn_again(day)
        for step, _, quantiles in run.forecasts(day):
            out[step].append(quantiles)
        run.score(day)
    return {step: np.concatenate(parts, axis=1) for step, parts in out.items()}


def test_zeros_are_masked_only_when_asked() -> None:
    panel = city(12, scale=0.5)
    masked = evaluate(panel, replace(PROTOCOL, mask_zeros=True), params()).as_json()["n_scored"]
    assert masked < evaluate(panel, PROTOCOL, params()).as_json()["n_scored"]


def test_one_channel_is_scored() -> None:
    found = evaluate(city(12), replace(PROTOCOL, channels=("in",)), params()).as_json()
    assert found["n_scored"] == 2 * 30 * 6 * 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"train": (0, 99)}, "train days 0:99"),
        ({"test": (8, 12)}, "before training ends"),
        ({"horizon": 40}, "too long"),
        ({"channels": ("up",)}, "channel 'up'"),
        ({"last_slots": 0}, "last slots 0"),
        ({"history": 0}, "1 slot or more"),
    ],
)
def test_a_protocol_that_does_not_fit_is_one_error(change: dict[str, Any], said: str) -> None:
    protocol = replace(PROTOCOL, **change)
    with pytest.raises(ForecastError, match=said):
        evaluate(city(12), protocol, params(protocol))
