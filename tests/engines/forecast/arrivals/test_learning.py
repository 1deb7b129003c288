"""Counted days teach: towards what was counted, and no more than their number allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tests.engines.forecast.arrivals.sites import harbour_fair
from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.arrivals import ArrivalParams, DailyAttendance, Site, SiteDay, Wave, expand, learn

OPENING = date(2026, 11, 5)
LATE = Wave(600, 780, 60)


def _truth(site: Site) -> Site:
    """The same site, where everybody comes three hours later and stays half as long."""
    audiences = tuple(replace(one, waves=(LATE,), stay_min=150, stay_sd_min=50) for one in site.audiences)
    return replace(site, audiences=audiences)


def _days(site: Site, number: int) -> FlowPanel:
    counted: list[SiteDay] = [
        expand(_truth(site), DailyAttendance(mean=20_000), paths=1, seed=seed) for seed in range(number)
    ]
    shown = expand(site, DailyAttendance(mean=1), paths=1).grid
    values = np.full((number, shown.slots, 2, 2), np.nan, dtype=np.float32)
    for at, day in enumerate(counted):
        for channel, (_, flows) in enumerate((day.entries_by("gate"), day.departures_by("gate"))):
            offset = (day.grid.first_minute - shown.first_minute) // 15
            slots = min(day.grid.slots, shown.slots - offset)
            values[at, offset : offset + slots, :, channel] = flows[0].T[:slots]
    days = tuple(DayContext(OPENING + timedelta(at)) for at in range(number))
    return FlowPanel(values, days, 15, shown.first_minute, ("west", "east"))


def _error(day: SiteDay, truth: SiteDay) -> float:
    """Persons of 20,000 in the wrong slot."""
    at = (truth.grid.first_minute - day.grid.first_minute) // 15
    mine, real = (one.entries_by("site")[1][:, 0].mean(axis=0) for one in (day, truth))
    padded = np.zeros_like(mine)
    padded[at : at + real.size] = real[: mine.size - at]
    return float(np.abs(mine - padded).sum() / 2)


def test_more_days_come_nearer_to_the_truth() -> None:
    site = harbour_fair(lanes=200)
    visits = DailyAttendance(mean=20_000, cv=0)
    truth = expand(_truth(site), visits, paths=200, seed=99)
    errors = []
    for number in (0, 1, 3, 8):
        learned = learn(site, _days(site, number)) if number else None
        errors.append(_error(expand(site, visits, paths=200, learned=learned), truth))
    assert errors == sorted(errors, reverse=True)
    assert errors[0] > 5_000
    assert errors[3] < 0.4 * errors[0]


def test_stays_are_learned_from_exits() -> None:
    site = harbour_fair(lanes=200)
    one, eight = (learn(site, _days(site, number)) for number in (1, 8))
    assert eight.stay_factor < one.stay_factor < 1


def test_without_counted_gates_nothing_is_learned() -> None:
    site = harbour_fair()
    days = (DayContext(OPENING),)
    elsewhere = FlowPanel(np.ones((1, 10, 1, 2), np.float32), days, 15, 480, ("metro",))
    unknown = FlowPanel(np.full((1, 10, 2, 2), np.nan, np.float32), days, 15, 480, ("west", "east"))
    for history in (None, elsewhere, unknown):
        learned = learn(site, history)
        assert (learned.bias == 1).all() and learned.stay_factor == 1 and not learned.rests_on


def test_everything_adds_up_after_learning_too_and_it_says_so() -> None:
    site = harbour_fair(lanes=20)
    learned = learn(site, _days(site, 3))
    day = expand(site, DailyAttendance(mean=20_000), paths=20, learned=learned)
    entered = np.cumsum(day.entries_by("site")[1], axis=2)
    left = np.cumsum(day.departures_by("site")[1], axis=2)
    np.testing.assert_allclose(entered - left, day.on_site_by("site")[1], atol=1e-6)
    np.testing.assert_allclose(np.cumsum(day.arrivals_by("site")[1], axis=2), entered + day.waiting_by("site")[1])
    assert any(words.startswith("times of arrival at gates from 3 counted days") for words in day.rests_on)
    assert 2 < learned.effective_days < 3


def test_a_gap_in_the_counts_is_not_taken_for_an_empty_gate() -> None:
    site = harbour_fair(lanes=200)
    days = _days(site, 4)
    holes = replace(days, values=days.values.copy())
    holes.values[1:3, 30:36, 0] = np.nan
    whole, gappy = (
        expand(site, DailyAttendance(mean=20_000, cv=0), paths=100, learned=learn(site, one)).entries_by("gate")[1]
        for one in (days, holes)
    )
    np.testing.assert_allclose(gappy.mean(axis=0).sum(axis=1), whole.mean(axis=0).sum(axis=1), rtol=0.1)


def test_slots_that_do_not_fit_are_one_clear_error() -> None:
    history = FlowPanel(np.ones((1, 10, 1, 2), np.float32), (DayContext(OPENING),), 20, 480, ("west",))
    with pytest.raises(ForecastError, match="slots of 20 min from minute 480; allowed: slots of 15"):
        learn(harbour_fair(), history)


def test_the_prior_weighs_as_many_days_as_it_says() -> None:
    site = harbour_fair(lanes=200)
    trusting, doubting = (learn(site, _days(site, 3), params=ArrivalParams(prior_days=days)) for days in (0.5, 50))
    assert np.abs(doubting.bias - 1).max() < np.abs(trusting.bias - 1).max()
