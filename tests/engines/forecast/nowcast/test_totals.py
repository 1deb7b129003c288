"""Running totals in a panel are named and their differences taken; counts stay; nothing to come is looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.engines.forecast.city import city
from tests.engines.forecast.nowcast.test_forecaster import SMALL, until
from tminus.engines.forecast import FlowForecaster
from tminus.engines.forecast.nowcast.audit import audited
from tminus.engines.forecast.nowcast.totals import totals, totals_today

TAUGHT = 12


@pytest.mark.parametrize(("slots", "minutes"), [(66, 15), (18, 60), (36, 30)])
@pytest.mark.parametrize("scale", [0.5, 3.0, 200.0])
def test_honest_counts_are_kept(slots: int, minutes: int, scale: float) -> None:
    counts = city(16, slots=slots, minutes=minutes, nodes=20, seed=3, scale=scale).values
    marks, same = totals(counts, TAUGHT)
    assert not marks.any() and same is counts
    assert not any(totals_today(day).any() for day in counts[TAUGHT:])


def test_of_training_days_the_differences_are_taken_and_it_is_said() -> None:
    panel = city(14, slots=66, minutes=15)
    values = panel.values.copy()
    values[4:6, :, 1] = np.cumsum(values[4:6, :, 1], axis=1)
    values[7, :, 2] = 50_000 + np.cumsum(values[7, :, 2], axis=0)
    values[7, 30:33, 2] = np.nan
    counts, said = audited(replace(panel, values=values), TAUGHT)
    np.testing.assert_array_equal(counts[4:6, :, 1], panel.values[4:6, :, 1])
    assert np.isnan(counts[7, 0, 2]).all() and np.isnan(counts[7, 30:33, 2]).all()
    np.testing.assert_array_equal(counts[7, 1:30, 2], panel.values[7, 1:30, 2])
    (line,) = [one for one in said if one.startswith("running totals")]
    assert "S1, S2" in line and line.endswith("the differences between them are taken")


def test_of_a_day_to_come_only_what_came_before_is_looked_at() -> None:
    counts = city(14, slots=66, minutes=15).values.copy()
    counts[13, :, 1] = np.cumsum(counts[13, :, 1], axis=0)
    marks, taken = totals(counts, TAUGHT)
    assert marks[13, 25:, 1].all() and not marks[13, :11].any()
    later = counts.copy()
    later[13, 40:, 1] = 3.0
    again, taken_again = totals(later, TAUGHT)
    np.testing.assert_array_equal(again[13, :40], marks[13, :40])
    np.testing.assert_array_equal(taken_again[13, :40], taken[13, :40])


def test_a_nowcast_does_not_follow_totals_of_today() -> None:
    panel = city(15)
    model = FlowForecaster(SMALL).fit(panel.of_days(slice(0, 14)))
    honest = until(panel.of_days([14]), 34)
    values = honest.values.copy()
    values[0, :35, 1] = np.cumsum(values[0, :35, 1], axis=0)
    found, expected = model.nowcast(replace(honest, values=values)), model.nowcast(honest)
    assert any(one.startswith("running totals") and "S1" in one for one in found.degraded)
    assert not any(one.startswith("running totals") for one in expected.degraded)
    np.testing.assert_allclose(found.mean[:, 1], expected.mean[:, 1], rtol=0.5, atol=15)
