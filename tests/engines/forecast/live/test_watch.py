"""Alarms: people told apart from counters, and silence on ordinary days."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.engines.forecast.live.days import counted, forecast_day, watch, watched
from tminus.engines.forecast.live import Counts

SLOT = forecast_day().grid.slot_of


@pytest.mark.parametrize("days", [4, pytest.param(30, marks=pytest.mark.slow)])
def test_ordinary_days_are_quiet(days: int) -> None:
    alarms = [alarm for seed in range(100, 100 + days) for alarm in watched(counted(seed)).alarms]
    assert len(alarms) <= max(1, days // 5), [alarm.words for alarm in alarms]


def _double(values: np.ndarray) -> None:
    values[0, SLOT(600) : SLOT(780), 0] *= 2


def _dead(values: np.ndarray) -> None:
    values[1, SLOT(600) : SLOT(780), 0] = 0


def _closed(values: np.ndarray) -> None:
    hours = slice(SLOT(600), SLOT(720))
    values[1, hours, 0] += values[0, hours, 0]
    values[0, hours, 0] = 0


def _silent(values: np.ndarray) -> None:
    values[0, SLOT(600) : SLOT(780)] = np.nan


def _surge(values: np.ndarray) -> None:
    values[:, SLOT(630) : SLOT(720), 0] *= 2.6


def _nobody_comes(values: np.ndarray) -> None:
    values[:, SLOT(600) : SLOT(720), 0] *= 0.15


def _beyond_lanes(values: np.ndarray) -> None:
    values[1, SLOT(600) : SLOT(690), 0] = 12_000


def _more_out_than_in(values: np.ndarray) -> None:
    values[:, SLOT(780) : SLOT(900), 1] += 4_000


@pytest.mark.parametrize(
    ("what", "kind", "node", "fault"),
    [
        (_double, "double_counting", "west", True),
        (_dead, "dead", "east", True),
        (_closed, "gate_closed", "west", False),
        (_silent, "silent", "west", True),
        (_surge, "too_many", "site", False),
        (_nobody_comes, "too_few", "site", False),
        (_beyond_lanes, "impossible", "east", True),
        (_more_out_than_in, "disagreement", "site", True),
    ],
)
def test_the_likely_kind_is_told(what: Callable[[np.ndarray], None], kind: str, node: str, fault: bool) -> None:
    found = 0
    for seed in (201, 202, 203, 204):
        values = counted(seed)
        what(values)
        alarms = watched(values, 960).alarms
        matching = [one for one in alarms if (one.kind, one.node, one.is_fault) == (kind, node, fault)]
        found += bool(matching)
        for one in matching:
            assert one.minute < one.until and one.node in one.words
            assert one.low is None or one.high is None or one.low <= one.high
    assert found >= 3


def test_thrice_as_many_from_the_first_hour_on_are_told_in_it() -> None:
    told = []
    for seed in range(301, 306):
        values = 3 * counted(seed)
        begun = int(np.argmax(values[..., 0].sum(axis=0) > 300))
        alarms = [one for one in watched(values, 900).alarms if one.kind == "too_many" and one.node == "site"]
        told.append(bool(alarms) and SLOT(alarms[0].minute) <= begun + 4)
    assert sum(told) >= 3  # a day that began late and small says nothing yet


def test_what_is_not_believed_is_named() -> None:
    values = counted(207)
    _beyond_lanes(values)
    found = watched(values, 780)
    assert any(words.startswith("east: ") and "stand in for them" in words for words in found.degraded)


def test_a_counter_at_fault_does_not_move_the_scale() -> None:
    values = counted(207)
    double = values.copy()
    _double(double)
    assert watched(double, 780).now.scale.mean == pytest.approx(watched(values, 780).now.scale.mean, abs=0.12)


def test_the_same_counts_end_in_the_same_state_whenever_they_are_looked_at() -> None:
    values = counted(208)
    once = watched(values, 900)
    for minute in (600, 700, 900):
        again = watched(values, minute)
    assert (again.now.day.entries == once.now.day.entries).all() and again.alarms == once.alarms


def test_what_comes_later_raises_no_alarm_now() -> None:
    values = counted(209)
    changed = values.copy()
    changed[:, SLOT(780) :, 0] = 5e4
    assert watched(changed, 780).alarms == watched(values, 780).alarms


def test_what_is_not_counted_is_named() -> None:
    values = counted(210)
    values[0] = np.nan
    found = watch().until(Counts(("west", "east"), values, np.zeros(values.shape[:2]), ()), 780)
    assert any(words.startswith("west: 0 % of what was expected") for words in found.degraded)
