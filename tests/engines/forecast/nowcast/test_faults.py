"""Faults that leave believable figures are found, named, and nothing is learned from them; honest counts are kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tests.engines.forecast.nowcast.test_forecaster import SMALL, nowcast, until
from tminus.engines.forecast import FlowForecaster, FlowPanel
from tminus.engines.forecast.nowcast.audit import audited
from tminus.engines.forecast.nowcast.faults import doubled, repeated_days, resets

TAUGHT = 12


def with_values(panel: FlowPanel, values: np.ndarray) -> FlowPanel:  # type: ignore[type-arg]
    return replace(panel, values=values.astype(np.float32))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("scale", [0.5, 3.0, 200.0])
def test_honest_counts_are_kept(seed: int, scale: float) -> None:
    counts = city(20, slots=66, minutes=15, nodes=30, seed=seed, scale=scale).values
    assert not repeated_days(counts, TAUGHT).any()
    assert not doubled(counts, TAUGHT).any()
    assert not resets(counts).any()


@pytest.mark.parametrize("scale", [8.0, 200.0])
def test_a_day_delivered_again_is_marked_whole_in_training(scale: float) -> None:
    counts = city(14, slots=66, minutes=15, scale=scale).values.copy()
    counts[6, :, 2:] = counts[4, :, 2:]
    marks = repeated_days(counts, TAUGHT)
    assert marks[6, :, 2:].all()
    assert marks.sum() == marks[6, :, 2:].size


def test_of_a_day_to_come_only_what_is_already_known_to_repeat_is_marked() -> None:
    counts = city(14).values.copy()
    counts[13] = counts[12]
    marks = repeated_days(counts, TAUGHT)
    assert not marks[13, :3].any()
    assert marks[13, 20:].all()
    later = counts.copy()
    later[13, 20:] += 1
    np.testing.assert_array_equal(repeated_days(later, TAUGHT)[13, :20], marks[13, :20])


def test_a_timetable_without_noise_is_not_taken_for_a_fault() -> None:
    counts = np.tile(city(1).values, (14, 1, 1, 1))
    assert not repeated_days(counts, TAUGHT).any()


def test_everybody_counted_twice_is_marked() -> None:
    counts = city(14).values.copy()
    counts[5, :, 1] *= 2
    counts[13, :, 3] *= 2
    marks = doubled(counts, TAUGHT)
    assert marks[5, :, 1].all()
    assert marks[13, 34:, 3].all()
    assert not marks[13, :15].any()
    others = marks.copy()
    others[5, :, 1] = others[13, :, 3] = False
    assert not others.any()


def test_counts_that_are_always_even_are_not_judged() -> None:
    counts = city(14).values * 2
    counts[5] *= 2
    assert not doubled(counts, TAUGHT).any()


def test_a_meter_that_begins_again_is_named() -> None:
    panel = city(10)
    values = panel.values.copy()
    values[3, 20, 1, 0] = -values[3, :20, 1, 0].sum()
    values[4, 20, 1, 0] = -1
    counts, said = audited(with_values(panel, values), 10)
    assert "meter reset: 1 counts at S1 on 2026-03-05: taken as missing" in said
    assert "1 counts below zero: taken as missing" in said
    assert np.isnan(counts[3:5, 20, 1, 0]).all()


def test_nothing_is_learned_from_faults_and_the_forecast_names_them() -> None:
    panel = city(15)
    values = panel.values.copy()
    values[9] = values[5]
    values[12, :, 4] *= 2
    faulty, honest = nowcast(with_values(panel, values)), nowcast(panel)
    assert any(one.startswith("a day delivered again") and "2026-03-11" in one for one in faulty.degraded)
    assert any(one.startswith("everybody counted twice") and "S4" in one for one in faulty.degraded)
    np.testing.assert_allclose(faulty.mean, honest.mean, rtol=0.15, atol=3)
    gone = values.copy()
    gone[9] = np.nan
    gone[12, :, 4] = np.nan
    without = FlowForecaster(SMALL).fit(with_values(panel, gone).of_days(slice(0, 14)))
    learned = FlowForecaster(SMALL).fit(with_values(panel, values).of_days(slice(0, 14)))
    assert without._learned is not None
    assert learned._learned is not None
    for one, other in zip(without._learned.linear, learned._learned.linear, strict=True):
        np.testing.assert_array_equal(one.own.own, other.own.own)


@pytest.mark.parametrize(
    ("fault", "said"),
    [(lambda day, before: day * 2, "everybody counted twice"), (lambda day, before: before, "a day delivered again")],
)
def test_faults_of_today_are_named_and_not_followed(fault, said: str) -> None:  # type: ignore[no-untyped-def]
    panel = city(15)
    model = FlowForecaster(SMALL).fit(panel.of_days(slice(0, 14)))
    honest = until(panel.of_days([14]), 34)
    values = honest.values.copy()
    values[0, :, 1] = fault(values[0, :, 1], panel.values[12, :, 1])
    values[0, 35:] = np.nan
    found = model.nowcast(with_values(honest, values))
    assert any(one.startswith(said) and "of today at S1" in one for one in found.degraded)
    assert model.nowcast(honest).degraded[-1].startswith("the day ends")
    assert not any(one.startswith(said) for one in model.nowcast(honest).degraded)
