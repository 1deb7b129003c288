"""Readings end in the same counts whatever their order, and bad counters are known by what they say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.arrivals import DayGrid
from tminus.engines.forecast.live import Counts, Reading, Tally, counts_of

GRID = DayGrid(480, 15, 8)
NODES = ("west", "east")


def _counts(readings: list[Reading]) -> Counts:
    tally = Tally()
    tally.update(readings)
    return counts_of(tally, NODES, GRID)


def _minutes(node: str = "west", counter: str = "1", step: int = 5) -> list[Reading]:
    random = np.random.default_rng(4)
    return [
        Reading(480 + at, node, int(random.poisson(30)), int(random.poisson(9)), counter, number)
        for number, at in enumerate(range(0, 120, step))
    ]


@given(st.data())
def test_late_twice_or_out_of_order_ends_in_the_same_state(data: st.DataObject) -> None:
    readings = [*_minutes(), *_minutes("east", "2"), *_minutes("west", "3", 15)]
    sent = data.draw(st.permutations(readings + data.draw(st.lists(st.sampled_from(readings), max_size=30))))
    expected, found = _counts(readings), _counts(sent)
    np.testing.assert_array_equal(found.values, expected.values)
    np.testing.assert_array_equal(found.covered, expected.covered)
    assert found.troubles == expected.troubles == ()


THREE = [Reading(480, "west", entering, leaving, "1") for entering, leaving in ((3, 0), (5, 0), (4, 9))]


@given(st.permutations(THREE))
def test_different_figures_for_one_time_are_doubtful_and_the_larger_kept(sent: list[Reading]) -> None:
    found = _counts(sent)
    assert found.values[0, 0, 0] == 5
    assert [one.kind for one in found.troubles] == ["double"]


def test_counters_of_a_node_are_summed_into_slots() -> None:
    one, two = _minutes(), _minutes(counter="2")
    both = _counts([*one, *two])
    np.testing.assert_allclose(both.values[0], 2 * _counts(one).values[0])
    assert both.values[0, 0, 0] == 2 * sum(each.entering for each in one[:3])
    assert np.isnan(both.values[1]).all()


def test_a_slot_partly_read_is_scaled_up_and_one_hardly_read_not_known() -> None:
    readings = _minutes(step=3)
    kept = [one for one in readings if not 495 < one.minute < 500 and not 511 < one.minute < 525]
    found = _counts(kept)
    whole = _counts(readings)
    assert found.values[0, 1, 0] == pytest.approx(whole.values[0, 1, 0], rel=0.4)
    assert found.covered[0, 1] == pytest.approx(0.8)
    assert np.isnan(found.values[0, 2]).all()


def test_a_counter_that_stands_still_is_not_believed() -> None:
    readings = _minutes()
    stuck = [replace(one, entering=31, leaving=8) if one.minute >= 520 else one for one in readings]
    found = _counts(stuck)
    assert {one.kind for one in found.troubles} == {"stuck"}
    assert np.isnan(found.values[0, 4:]).all() and np.isfinite(found.values[0, :2]).all()
    quiet = [replace(one, entering=0, leaving=0) for one in readings]
    assert _counts(quiet).troubles == () and (_counts(quiet).values[0] == 0).all()


def test_numbers_that_begin_anew_and_negative_figures_are_told() -> None:
    readings = _minutes()
    anew = [replace(one, seq=n % 12) for n, one in enumerate(readings)]
    assert [(one.kind, one.minute) for one in _counts(anew).troubles] == [("reset", 540)]
    below = [*readings[:5], Reading(505, "west", -4, 3, "1", 5), *readings[6:]]
    assert [one.kind for one in _counts(below).troubles] == ["negative"]
    assert (_counts(below).values[0, :, 0] > 0).all()


def test_running_totals_are_named_and_their_differences_taken() -> None:
    readings = _minutes(step=3)
    sums = np.cumsum([(one.entering, one.leaving) for one in readings], axis=0)
    totals = [replace(one, entering=float(a), leaving=float(b)) for one, (a, b) in zip(readings, sums, strict=True)]
    found = _counts(totals)
    assert [one.kind for one in found.troubles] == ["running_total"]
    np.testing.assert_allclose(found.values[0], _counts(readings).values[0])


def test_a_counter_of_everybody_twice_is_not_believed_and_one_that_rounds_is() -> None:
    readings = _minutes(step=3)
    twice = [replace(one, entering=2 * one.entering, leaving=2 * one.leaving) for one in readings]
    found = _counts(twice)
    assert {one.kind for one in found.troubles} == {"doubled"} and np.isnan(found.values[0]).all()
    tens = [replace(one, entering=10 * one.entering, leaving=10 * one.leaving) for one in readings]
    assert _counts(tens).troubles == () and np.isfinite(_counts(tens).values[0]).all()


def test_readings_of_other_nodes_and_days_are_passed_over() -> None:
    found = _counts([Reading(30, "west", 9, 9), Reading(500, "moon", 9, 9)])
    assert np.nansum(found.values) == 0


def test_no_number_is_one_clear_error() -> None:
    with pytest.raises(ForecastError, match="'west'"):
        Reading(480, "west", float("nan"), 0)
