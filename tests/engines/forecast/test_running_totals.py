"""Totals told from counts, whatever the counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tminus.engines.forecast.running_totals import differences


def _counts(seed: int, number: int, mean: float) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.poisson(mean * np.linspace(0.3, 1.5, number)[:, None] * [1.0, 0.2], (number, 2)).astype(float)


@given(st.integers(0, 10_000), st.integers(24, 60), st.sampled_from([30.0, 120.0, 600.0]))
def test_totals_give_back_the_counts_and_counts_stay(seed: int, number: int, mean: float) -> None:
    counts = _counts(seed, number, mean)
    assert differences(counts) is None
    found = differences(np.cumsum(counts, axis=0) + 40_000)
    assert found is not None and np.isnan(found[0]).all()
    np.testing.assert_allclose(found[1:], counts[1:])


@pytest.mark.parametrize("at", [9, 20, 31])
def test_a_reset_loses_nothing_after_it(at: int) -> None:
    counts = _counts(3, 40, 200)
    totals = np.concatenate([np.cumsum(counts[:at], axis=0) + 9_000, np.cumsum(counts[at:], axis=0)])
    found = differences(totals)
    assert found is not None
    np.testing.assert_allclose(found[1:], counts[1:])


def test_a_counter_just_switched_on_keeps_its_first_count() -> None:
    counts = _counts(4, 30, 200)
    found = differences(np.cumsum(counts, axis=0))
    assert found is not None
    np.testing.assert_allclose(found, counts)


def test_few_constant_or_empty_readings_are_counts() -> None:
    for values in (np.cumsum(_counts(1, 8, 50), axis=0), np.full((40, 2), 7.0), np.zeros((40, 2)), np.zeros((0, 2))):
        assert differences(values) is None


@pytest.mark.parametrize("seed", range(8))
def test_a_morning_in_which_ever_more_come_is_counts(seed: int) -> None:
    random = np.random.default_rng(seed)
    for step in (0.0, 0.3, 0.6, 1.0):
        for most in (30.0, 400.0, 5_000.0):
            ramp = most * np.exp(-np.arange(18)[::-1] * step) * (np.arange(18) > 4)
            rising = np.sort(random.poisson(ramp)).astype(float)  # never falls
            for values in (rising, np.repeat([0.0, most], 20)):
                assert differences(np.stack([values, np.zeros(len(values))], axis=1)) is None


@pytest.mark.parametrize("seed", range(6))
def test_a_few_persons_now_and_then_are_counts(seed: int) -> None:
    random = np.random.default_rng(seed)
    for values in (np.repeat(np.arange(60) % 5, 2), np.sort(random.poisson(1.0, (12, 10)), axis=1).ravel()):
        assert differences(np.stack([values, 0 * values], axis=1).astype(float)) is None
