"""Fewer than expected so far: a smaller day, or a later one; both are kept in mind while counts cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from tminus.engines.forecast.live import LiveParams
from tminus.engines.forecast.live.shape_of_day import CountedHours
from tminus.engines.forecast.live.timing import at_another_time, likely

PARAMS = LiveParams()
SHAPE = np.array([10.0, 20, 30, 20, 15, 5])


def paths(many: int = 400) -> np.ndarray:
    """[path, hour] of days of about 10,000 persons, alike in shape."""
    return np.exp(np.random.default_rng(0).normal(0, 0.12, (many, 1))) * SHAPE * 100


def seen(arrivals: np.ndarray, factor: float, past: int = 3, full: bool = False) -> CountedHours:
    return CountedHours(factor * SHAPE[:past] * 100, arrivals[:, :past], np.array([full] * past))


@pytest.mark.parametrize("factor", [1.0, 0.9, 1.1])
def test_as_expected_nothing_is_changed(factor: float) -> None:
    arrivals = paths()
    counted, before = seen(arrivals, factor), np.full(arrivals.shape, factor)
    assert likely(arrivals, counted, PARAMS) == 0
    assert at_another_time(before, arrivals, counted, 3, PARAMS, np.random.default_rng(1)) is before


def test_half_of_the_persons_may_be_late_and_then_they_still_come() -> None:
    arrivals = paths()
    counted, before = seen(arrivals, 0.5), np.full(arrivals.shape, 0.5)
    share = likely(arrivals, counted, PARAMS)
    assert 0.2 < share < 0.9
    after = at_another_time(before, arrivals, counted, 3, PARAMS, np.random.default_rng(1))
    later = (after[:, 3:] != before[:, 3:]).any(axis=1)
    assert later.mean() == pytest.approx(share, abs=0.01)
    np.testing.assert_array_equal(after[:, :3], before[:, :3])
    whole = (after * arrivals).sum(axis=1)
    np.testing.assert_allclose(whole[later], arrivals[later].sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(whole[~later], 0.5 * arrivals[~later].sum(axis=1), rtol=1e-9)


def test_more_than_the_whole_day_expected_is_no_matter_of_times() -> None:
    arrivals = paths()
    assert likely(arrivals, seen(arrivals, 3.0), PARAMS) == 0
    assert likely(arrivals, seen(arrivals, 1.5), PARAMS) < likely(arrivals, seen(arrivals, 0.6), PARAMS)


def test_full_lanes_do_not_say_when_people_come() -> None:
    arrivals = paths()
    assert likely(arrivals, seen(arrivals, 0.5, full=True), PARAMS) == 0
