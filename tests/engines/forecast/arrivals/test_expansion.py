"""A day expanded: everything adds up in every path, whatever the site."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.forecast.arrivals.sites import any_sites, harbour_fair
from tminus.engines.forecast import ForecastError
from tminus.engines.forecast.arrivals import (
    SITE,
    ArrivalParams,
    Booked,
    DailyAttendance,
    Gate,
    Opened,
    Site,
    SiteDay,
    Tickets,
    event_at_stations,
    expand,
)  # fmt: skip

LEVELS_OF_WAYS = (SITE, "audience", "gate", "mode", "terminal")


def _same(one: np.ndarray, other: np.ndarray) -> None:
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-6)


def _adds_up(day: SiteDay) -> None:
    for level in LEVELS_OF_WAYS:
        _same(day.arrivals_by(level)[1].sum(axis=1), day.arrivals_by(SITE)[1][:, 0])
        _same(day.departures_by(level)[1].sum(axis=1), day.departures_by(SITE)[1][:, 0])
    for level in ("audience", "gate"):
        _same(day.entries_by(level)[1].sum(axis=1), day.entries_by(SITE)[1][:, 0])
    for level in ("audience", "hall"):
        _same(day.on_site_by(level)[1].sum(axis=1), day.on_site_by(SITE)[1][:, 0])


def _conserved(day: SiteDay) -> None:
    arrived, entered = (np.cumsum(found("gate")[1], axis=2) for found in (day.arrivals_by, day.entries_by))
    _same(arrived, entered + day.queue)
    _same(day.queue[:, :, -1], day.turned_away.sum(axis=2))
    came, went = (np.cumsum(found(SITE)[1][:, 0], axis=1) for found in (day.entries_by, day.departures_by))
    _same(came - went, day.on_site_by(SITE)[1][:, 0])
    assert (came - went >= -1e-6).all()
    _same(came[:, -1], went[:, -1])
    for flows in (day.entries, day.queue, day.leaving, day.turned_away, day.on_site_by("hall")[1]):
        assert (flows >= 0).all()


@settings(max_examples=40, deadline=None)
@given(any_sites(), st.integers(0, 40_000), st.integers(0, 1000))
def test_every_path_of_every_site_adds_up(site: Site, visits: int, seed: int) -> None:
    samples = np.array([0.0, visits, visits * 1.3, 1.0])
    day = expand(site, DailyAttendance(samples=samples), paths=4, seed=seed)
    _same(day.arrivals_by(SITE)[1].sum(axis=(1, 2)), np.rint(samples))
    _adds_up(day)
    _conserved(day)
    forecast = day.gate_forecast()
    assert (np.diff(forecast.quantiles, axis=0) >= 0).all()
    assert (forecast.quantiles >= 0).all() and (forecast.mean >= 0).all()
    mean = day.entries_by(SITE)[1][:, 0].mean(axis=0)
    np.testing.assert_allclose(forecast.mean[..., 0].sum(axis=1), mean, rtol=1e-5, atol=1e-3)


@settings(max_examples=25, deadline=None)
@given(any_sites().filter(lambda site: site.origins), st.integers(1, 20_000))
def test_stations_take_in_whom_the_terminals_let_out(site: Site, visits: int) -> None:
    day = expand(site, DailyAttendance(mean=visits), paths=3)
    stations = event_at_stations(day)
    metro = day.arrivals_by("mode")[0].index("metro")
    came = day.arrivals_by("mode")[1][:, metro].sum(axis=1)
    went = day.departures_by("mode")[1][:, metro].sum(axis=1)
    _same(stations.entering.sum(axis=(1, 2)), came + went)
    _same(stations.leaving.sum(axis=(1, 2)), came + went)
    assert stations.entering.min() >= 0 and stations.leaving.min() >= 0


def test_nobody_is_there_after_the_clearing_nor_enters_before_opening() -> None:
    day = expand(harbour_fair(), DailyAttendance(mean=20_000), paths=50)
    starts = day.grid.starts
    assert day.on_site_by(SITE)[1][:, 0, starts >= 1080 + 30].max() < 1e-6
    assert day.entries[..., starts < 540 - 15].max() == 0
    assert day.arrivals[..., starts >= 1080 - 60].max() == 0
    peak = day.on_site_by(SITE)[1][:, 0].mean(axis=0)
    assert 10_000 < peak.max() < 20_000
    assert 660 < starts[int(peak.argmax())] < 900


def test_too_few_lanes_make_a_queue_and_enough_make_none() -> None:
    wide, narrow = (
        expand(harbour_fair(lanes), DailyAttendance(mean=40_000, cv=0), paths=20, seed=4) for lanes in (400, 6)
    )
    after = wide.grid.starts >= 540 + 15
    assert wide.queue[..., after].max() < 1e-6
    assert narrow.queue[..., after].max() > 3_000
    most = 6 / 4 * 60 * 15  # lanes / service · a slot
    assert narrow.entries_by("gate")[1][:, 0].max() == pytest.approx(most)
    _same(wide.arrivals, narrow.arrivals)


def test_who_is_still_waiting_at_the_last_entry_is_turned_away_and_told() -> None:
    day = expand(harbour_fair(lanes=1), DailyAttendance(mean=20_000), paths=10)
    assert day.turned_away.sum() > 0
    _conserved(day)


def test_who_would_come_to_a_gate_that_has_closed_goes_to_another() -> None:
    site = harbour_fair(lanes=60)
    early = replace(site, gates=(site.gates[0], Gate("east", (Opened(540, 720, 30, 4.0),))))
    day = expand(early, DailyAttendance(mean=20_000, cv=0), paths=20)
    _conserved(day)
    assert day.arrivals_by("gate")[1][:, 1, day.grid.starts >= 720].sum() == 0
    assert day.turned_away.sum(axis=(1, 2)).mean() < 50
    assert day.arrivals_by(SITE)[1][:, 0, day.grid.starts >= 720].sum() > 0


def test_a_gate_of_unknown_lanes_lets_everybody_in_at_once() -> None:
    site = replace(harbour_fair(), gates=(Gate("west"), Gate("east")))
    day = expand(site, DailyAttendance(mean=5_000), paths=10)
    assert day.queue[..., day.grid.starts >= 540].max() == 0


def test_the_same_seed_gives_the_same_day_and_another_one_another() -> None:
    one, again, other = (
        expand(harbour_fair(), DailyAttendance(mean=3_000), paths=5, seed=seed).arrivals for seed in (1, 1, 2)
    )
    assert (one == again).all() and (one != other).any()


SURE_OF_TIMES = ArrivalParams(shift_sd_min=0, unknown_shift_sd_min=0)


def _middle(day: SiteDay, audience: int) -> float:
    """Mean minute of arrival of an audience."""
    arrivals = day.arrivals_by("audience")[1][:, audience].mean(axis=0)
    return float((arrivals * (day.grid.starts + 7.5)).sum() / arrivals.sum())


def test_a_programme_for_all_brings_people_about_its_time() -> None:
    site = harbour_fair(booked=(Booked("buyer", 840, 6_000), Booked("visitor", 840, 4_000)))
    day = expand(site, DailyAttendance(mean=10_000, cv=0), paths=200, params=SURE_OF_TIMES)
    for audience in (0, 1):
        assert _middle(day, audience) == pytest.approx(840 - SURE_OF_TIMES.booked_early_min, abs=3)


def test_timed_tickets_bring_people_about_their_times_and_nobody_else() -> None:
    plain = harbour_fair(booked=(Booked("buyer", 700, 3_000, "h1", 760),))
    held = Tickets("buyer", 1.0, ((780, 1_000), (900, 3_000)))
    half = replace(held, share=0.5)
    days = [
        expand(replace(plain, tickets=tickets), DailyAttendance(mean=10_000, cv=0), paths=200, params=SURE_OF_TIMES)
        for tickets in ((), (half,), (held,))
    ]
    without, with_half, with_all = (_middle(day, 0) for day in days)
    assert with_all == pytest.approx((780 + 3 * 900) / 4 - SURE_OF_TIMES.booked_early_min, abs=3)
    assert with_half == pytest.approx((without + with_all) / 2, abs=4)
    assert _middle(days[2], 1) == pytest.approx(_middle(days[0], 1), abs=1), "visitors hold none"
    _adds_up(days[2])


def test_a_programme_fills_its_hall_while_it_lasts() -> None:
    site = harbour_fair(booked=(Booked("buyer", 840, 5_000, "h1", 900),))
    day = expand(site, DailyAttendance(mean=10_000), paths=30)
    names, inside = day.on_site_by("hall")
    share = inside[:, names.index("h1")].sum(axis=0) / np.maximum(inside[:, :2].sum(axis=(0, 1)), 1)
    at = day.grid.slot_of
    assert share[at(850)] > 2 * share[at(750)]


def test_gates_nearer_to_where_people_come_from_get_more_of_them() -> None:
    near, far = harbour_fair(), replace(harbour_fair(), walk_min=np.array([[9.0, 3.0], [10.0, 4.0]]))
    west = [
        expand(site, DailyAttendance(mean=10_000), paths=20).arrivals_by("gate")[1][:, 0].sum() for site in (near, far)
    ]
    assert west[0] > 2 * west[1]


def test_order_of_gates_and_audiences_does_not_matter() -> None:
    site = harbour_fair()
    turned = replace(
        site, gates=site.gates[::-1], audiences=site.audiences[::-1], walk_min=site.walk_min[:, ::-1],
        hall_walk_min=site.hall_walk_min[::-1],
    )  # fmt: skip
    one, other = (
        expand(
            each,
            DailyAttendance(mean=50_000, cv=0),
            paths=400,
            params=ArrivalParams(
                shift_sd_min=0,
                unknown_shift_sd_min=0,
                way_concentration=1e4,
                unknown_way_concentration=1e4,
                unknown_stay_cv=0,
                audience_concentration=1e4,
                slot_concentration=1e4,
            ),
        ).gate_forecast()
        for each in (site, turned)
    )
    np.testing.assert_allclose(one.mean, other.mean[:, ::-1], rtol=0.05, atol=40)


def test_twice_the_visits_are_twice_the_people_everywhere() -> None:
    one, two = (
        expand(harbour_fair(lanes=500), DailyAttendance(mean=mean, cv=0), paths=300).gate_forecast().mean
        for mean in (20_000, 40_000)
    )
    np.testing.assert_allclose(two, 2 * one, rtol=0.1, atol=40)


def test_the_interval_of_the_total_is_that_of_attendance() -> None:
    samples = np.random.default_rng(3).normal(30_000, 3_000, 400).clip(0)
    day = expand(harbour_fair(), DailyAttendance(samples=samples), paths=400)
    found = day.arrivals_by(SITE)[1].sum(axis=(1, 2))
    _same(np.quantile(found, [0.1, 0.9]), np.quantile(np.rint(samples), [0.1, 0.9]))


def test_it_says_what_it_rests_on() -> None:
    day = expand(harbour_fair(), DailyAttendance(mean=100, rests_on=("40 registrations",)), paths=2)
    assert "40 registrations" in day.rests_on
    assert any("no gate has been counted" in words for words in day.rests_on)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda: replace(harbour_fair(), closing_minute=500), "closing at minute 500"),
        (lambda: replace(harbour_fair(), walk_min=np.ones((1, 2))), "walk_min: shape"),
        (lambda: replace(harbour_fair(), terminals=()), "no terminal"),
        (lambda: replace(harbour_fair(), audiences=harbour_fair().audiences * 2), "'buyer' is there twice"),
        (lambda: harbour_fair(booked=(Booked("nobody", 600, 1),)), "'nobody'"),
        (lambda: replace(harbour_fair(), tickets=(Tickets("nobody", 0.5, ((600, 1),)),)), "'nobody'"),
        (lambda: Tickets("buyer", 1.5, ((600, 1),)), "share 1.5"),
        (lambda: Tickets("buyer", 0.5, ((600, 0),)), "persons above 0"),
        (lambda: expand(harbour_fair(), DailyAttendance(mean=1), paths=0), "0 sample paths"),
        (lambda: DailyAttendance(), "neither samples nor a mean"),
        (lambda: DailyAttendance(mean=-1), "mean -1"),
        (lambda: DailyAttendance(samples=np.array([np.nan])), "samples must be"),
        (
            lambda: expand(
                replace(harbour_fair(), walk_min=np.array([[np.inf, np.inf], [1.0, 1.0]])), DailyAttendance(mean=1)
            ),
            "'station'.*cannot|no gate open",
        ),
    ],
)
def test_what_cannot_be_is_one_clear_error(wrong: object, told: str) -> None:
    with pytest.raises(ForecastError, match=told):
        wrong()  # type: ignore[operator]
