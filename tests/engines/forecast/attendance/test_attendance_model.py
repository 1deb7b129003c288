"""Attendance of an event: what it learns from, how wide it is, and that it keeps within its caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.engines.forecast.attendance.made_up_event import EXPECTED, made_up_event
from tminus.engines.forecast import LEVELS, DayContext, ForecastError
from tminus.engines.forecast.attendance import Analogue, AttendanceModel, AttendanceParams, EventOutlook, Registrations

FEW = AttendanceParams(paths=800)
OPENING = date(2026, 11, 5)


def _days(length: int = 6) -> tuple[DayContext, ...]:
    return tuple(DayContext(day=OPENING + timedelta(days=n)) for n in range(length))


def _outlook(**more: object) -> EventOutlook:
    return EventOutlook(OPENING, OPENING + timedelta(days=5), expected_visits=EXPECTED, **more)  # type: ignore[arg-type]


EARLY = OPENING - timedelta(days=90)


def test_before_anything_is_known_it_is_wide_and_says_so() -> None:
    found = AttendanceModel(_outlook(), params=FEW).forecast(_days(), as_of=EARLY)
    assert 0.8 * EXPECTED < found.mean.sum() < 1.2 * EXPECTED
    assert np.all(found.quantile(0.9) > 1.8 * found.quantile(0.1))
    assert "no day of this event has been counted" in found.rests_on[0]
    assert any("assumed" in line for line in found.rests_on)
    assert any("no registrations" in line for line in found.rests_on)
    assert found.quantiles.shape == (len(LEVELS), 6)
    assert np.all(np.diff(found.quantiles, axis=0) >= 0)
    assert np.all(found.quantiles >= 0)
    assert found.samples is None


def test_each_origin_knows_more() -> None:
    widths = []
    for n in (-90, -30, -1, 3):
        one = []
        for seed in range(12):
            truth = made_up_event(seed)
            as_of = truth.outlook.opening + timedelta(days=n)
            model = AttendanceModel(truth.outlook, params=FEW)
            found = model.forecast(
                truth.days, as_of=as_of, counted=truth.counted(as_of), registrations=truth.registrations
            )
            one.append(np.log(found.quantile(0.9)[-1] / found.quantile(0.1)[-1]))
        widths.append(float(np.mean(one)))
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.65 * widths[0]


def _held(registered: bool, origins: tuple[int, ...], seeds: range) -> float:
    """Share of days ahead within their 80 % interval, over made-up events."""
    inside: list[bool] = []
    for seed in seeds:
        truth = made_up_event(seed)
        model = AttendanceModel(truth.outlook, params=FEW)
        for n in origins:
            as_of = truth.outlook.opening + timedelta(days=n)
            known = truth.registrations if registered else None
            found = model.forecast(
                truth.days, as_of=as_of, counted=truth.counted(as_of), registrations=known, seed=seed
            )
            ahead = np.array([day > as_of for day in truth.dates])
            low, high = found.quantile(0.1)[ahead], found.quantile(0.9)[ahead]
            inside += [*((low <= truth.visits[ahead]) & (truth.visits[ahead] <= high))]
    return float(np.mean(inside))


@pytest.mark.slow
def test_eighty_per_cent_hold_eighty_per_cent() -> None:
    """On 150 made-up events at four origins, and without registrations at two."""
    assert 0.78 <= _held(True, (-60, -14, -1, 2), range(1000, 1150)) <= 0.86
    assert 0.72 <= _held(False, (-30, 2), range(1000, 1150)) <= 0.86


def test_counted_days_stand_and_move_the_others() -> None:
    model = AttendanceModel(_outlook(), params=FEW)
    before = model.forecast(_days(), as_of=OPENING - timedelta(days=1))
    counts = {OPENING: 90_000.0, OPENING + timedelta(days=1): 95_000.0}
    after = model.forecast(_days(), as_of=OPENING + timedelta(days=1), counted=counts)
    assert np.all(after.quantiles[:, 0] == 90_000.0)
    assert np.all(after.mean[2:] > 1.25 * before.mean[2:])
    assert "2 of 6 days counted" in after.rests_on[-1]


def test_the_future_is_not_looked_at() -> None:
    truth = made_up_event(3)
    as_of = truth.outlook.opening - timedelta(days=20)
    number = (as_of - truth.registrations.first).days + 1
    other = truth.registrations.net.copy()
    other[:, :, number:] *= 7
    model = AttendanceModel(truth.outlook, params=FEW)
    one = model.forecast(truth.days, as_of=as_of, registrations=truth.registrations)
    two = model.forecast(
        truth.days,
        as_of=as_of,
        counted=truth.counted(truth.dates[-1]),
        registrations=replace(truth.registrations, net=other),
    )
    assert np.array_equal(one.quantiles, two.quantiles)


def test_registrations_say_more_than_the_expectation() -> None:
    truth = made_up_event(5)
    as_of = truth.outlook.opening - timedelta(days=1)
    wrong = EventOutlook(truth.outlook.opening, truth.outlook.closing, expected_visits=EXPECTED * 2)
    model = AttendanceModel(wrong, params=FEW)
    found = model.forecast(truth.days, as_of=as_of, registrations=truth.registrations)
    without = model.forecast(truth.days, as_of=as_of)
    actual = truth.visits.sum()
    assert abs(np.log(found.mean.sum() / actual)) < 0.5 * abs(np.log(without.mean.sum() / actual))
    assert found.audiences == ("visitor", "buyer", "group")
    assert np.allclose(found.audience_shares.sum(axis=0), 1.0)


def test_analogue_events_replace_assumptions() -> None:
    analogues = tuple(Analogue(f"expo {n}", "level_ratio", value) for n, value in enumerate((-0.5, -0.45, -0.55)))
    plain = AttendanceModel(_outlook(), params=FEW).forecast(_days(), as_of=EARLY)
    told = AttendanceModel(_outlook(), analogues, params=FEW).forecast(_days(), as_of=EARLY)
    assert told.mean.sum() < 0.8 * plain.mean.sum()
    assert any("corrected by 3 earlier events" in line for line in told.rests_on)


def test_rain_and_policy_count() -> None:
    days = list(_days())
    days[2] = replace(days[2], weather={"rain_mm": 40.0})
    days[3] = replace(days[3], policy={"free entry": 1.0})
    analogue = (Analogue("fair", "free entry", 0.6),) * 3
    plain = AttendanceModel(_outlook(), params=FEW).forecast(_days(), as_of=EARLY)
    found = AttendanceModel(_outlook(), analogue, params=FEW).forecast(days, as_of=EARLY)
    assert found.mean[2] / found.mean[1] < 0.95 * plain.mean[2] / plain.mean[1]
    assert found.mean[3] / found.mean[1] > 1.2 * plain.mean[3] / plain.mean[1]


def test_caps_hold_and_move_people() -> None:
    full = OPENING + timedelta(days=2)
    capped = _outlook(capacity={full: 40_000.0}, choice_share=1.0)
    found = AttendanceModel(capped, params=FEW).forecast(_days(), as_of=EARLY, keep_samples=True)
    assert found.samples is not None
    assert found.samples[:, 2].max() <= 40_000.0 + 1e-6
    assert found.mean[3] > found.demand[3] + 1
    assert np.isclose(found.mean.sum() + found.turned_away, found.demand.sum())
    lost = AttendanceModel(replace(capped, choice_share=0.0), params=FEW).forecast(_days(), as_of=EARLY)
    assert lost.turned_away > 1000
    assert lost.mean[3] == pytest.approx(lost.demand[3])


def test_same_seed_same_bytes() -> None:
    model = AttendanceModel(_outlook(), params=FEW)
    one, two, other = (model.forecast(_days(), as_of=EARLY, seed=seed).quantiles for seed in (1, 1, 2))
    assert one.tobytes() == two.tobytes()
    assert one.tobytes() != other.tobytes()


def test_a_long_event_has_ramp_and_rush() -> None:
    closing = OPENING + timedelta(days=183)
    event = EventOutlook(OPENING, closing, country="CN", expected_visits=20e6)
    days = _days(184)
    found = AttendanceModel(event, params=AttendanceParams(paths=300)).forecast(days, as_of=EARLY)
    assert found.mean[5:12].mean() < found.mean[80:100].mean() < found.mean[-9:-1].mean()
    counted = {OPENING + timedelta(days=n): 40_000.0 for n in range(60)}
    low = AttendanceModel(event, params=AttendanceParams(paths=300)).forecast(
        days, as_of=OPENING + timedelta(days=59), counted=counted
    )
    assert low.mean[60:].sum() < 0.75 * found.mean[60:].sum()


def test_a_closed_or_wild_day_does_not_spoil_the_others() -> None:
    model = AttendanceModel(_outlook(), params=FEW)
    usual = {OPENING + timedelta(days=n): 50_000.0 for n in range(3)}
    plain = model.forecast(_days(), as_of=OPENING + timedelta(days=2), counted=usual)
    for count in (0.0, 300.0, 5e6):
        odd = usual | {OPENING + timedelta(days=3): count}
        found = model.forecast(_days(), as_of=OPENING + timedelta(days=3), counted=odd)
        assert np.all(found.quantiles[:, 3] == count)
        assert 0.75 < found.mean[4] / plain.mean[4] < 1.35
        assert found.quantile(0.9)[4] < 2 * plain.quantile(0.9)[4]
    closed = model.forecast(_days(), as_of=OPENING, counted={OPENING: 0.0})
    assert any("taken as closed" in line for line in closed.rests_on)
    assert closed.mean[1:].sum() > 0.7 * EXPECTED * 5 / 6


@given(
    net=arrays(np.float64, (2, 6, 40), elements=st.sampled_from([0.0, 1.0, 37.0, -12.0, 5e5])),
    counts=st.dictionaries(st.integers(0, 5), st.sampled_from([0.0, 1.0, 80_000.0, 9e6])),
    back=st.integers(-60, 6),
)
@settings(max_examples=40, deadline=None)
def test_hostile_numbers_give_a_forecast(net: np.ndarray, counts: dict[int, float], back: int) -> None:
    days = _days()
    dates = tuple(day.day for day in days if day.day is not None)
    registrations = Registrations(("visitor", "group"), dates, OPENING - timedelta(days=34), net)
    found = AttendanceModel(_outlook(), params=AttendanceParams(paths=100)).forecast(
        days,
        as_of=OPENING + timedelta(days=back),
        counted={OPENING + timedelta(days=n): count for n, count in counts.items()},
        registrations=registrations,
    )
    assert np.all(np.isfinite(found.quantiles))
    assert np.all(found.quantiles >= 0)
    assert np.all(np.diff(found.quantiles, axis=0) >= 0)
    assert np.all(np.isfinite(found.mean))
    assert np.allclose(found.audience_shares.sum(axis=0), 1.0)


@pytest.mark.parametrize(
    ("days", "counted", "said"),
    [
        ((), {}, "at least one day"),
        ((DayContext(),), {}, "no date"),
        (_days()[::-1], {}, "not in order"),
        ((DayContext(day=OPENING + timedelta(days=6)),), {}, "2026-11-11; allowed: 2026-11-05 … 2026-11-10"),
        (_days(), {OPENING: -1.0}, "2026-11-05: -1"),
    ],
)
def test_what_cannot_be_forecast(days: tuple[DayContext, ...], counted: dict[date, float], said: str) -> None:
    with pytest.raises(ForecastError, match=said):
        AttendanceModel(_outlook(), params=FEW).forecast(days, as_of=OPENING, counted=counted)


@pytest.mark.parametrize(
    "wrong",
    [
        {"expected_visits": 0.0}, {"daily_level": float("inf")}, {"choice_share": 1.2}, {"closing": date(2026, 11, 1)},
        {"capacity": {OPENING: -1.0}},
    ],
)  # fmt: skip
def test_what_no_event_is(wrong: dict[str, object]) -> None:
    with pytest.raises(ForecastError, match="allowed"):
        EventOutlook(**({"opening": OPENING, "closing": OPENING} | wrong))  # type: ignore[arg-type]
