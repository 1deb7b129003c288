"""Registrations and visits of the demonstration event: plausible, and good enough to forecast from."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from tests.examples.lanwan_folder import FOLDER, document, table
from tminus.engines.forecast import DayContext
from tminus.engines.forecast.attendance import AttendanceForecast, AttendanceModel
from tminus.formats.analogues import FIGURES
from tminus.formats.event_folder.attendance import FolderAttendance, read_folder_attendance

OPENING = date(2026, 11, 5)


@pytest.fixture(scope="module")
def known() -> FolderAttendance:
    return read_folder_attendance(FOLDER, document("event.json"))


def _forecast(known: FolderAttendance, t: int) -> AttendanceForecast:
    assert known.registrations is not None
    days = [DayContext(day=OPENING + timedelta(days=n)) for n in range(6)]
    return AttendanceModel(known.outlook, known.analogues).forecast(
        days,
        as_of=OPENING + timedelta(days=t),
        counted=known.counted,
        registrations=known.registrations.registrations,
    )


def test_six_days_with_a_peak_of_about_three_hundred_thousand(known: FolderAttendance) -> None:
    assert sorted(known.counted) == [OPENING + timedelta(days=n) for n in range(6)]
    assert 290_000 < max(known.counted.values()) < 310_000
    assert max(known.counted, key=lambda day: known.counted[day]).weekday() == 5


def test_registrations_grow_and_have_all_audiences(known: FolderAttendance) -> None:
    assert known.registrations is not None
    registrations = known.registrations.registrations
    assert registrations.audiences == ("exhibitor", "buyer", "visitor", "group")
    held = [registrations.held(OPENING + timedelta(days=t)).sum() for t in (-149, -80, -30, -7, -1, 5)]
    assert held == sorted(held)
    assert held[0] > 0
    assert 1.1 < held[-1] / sum(known.counted.values()) < 1.4
    cancelled = sum(int(row["Persons"]) for row in table("registrations") if row["Cancelled"])
    assert 0.02 < cancelled / held[-1] < 0.08


@pytest.mark.parametrize("t", [-80, -30, -1, 1])
def test_the_truth_lies_within(known: FolderAttendance, t: int) -> None:
    found = _forecast(known, t)
    truth = np.array([known.counted[day] for day in found.days])
    inside = (found.quantile(0.05) <= truth) & (truth <= found.quantile(0.95))
    assert inside.sum() >= 5
    assert np.all(found.quantiles <= 320_000)


def test_later_is_narrower(known: FolderAttendance) -> None:
    """The peak day stands at its cap from the beginning: there only the lower end moves."""
    early, late = (_forecast(known, t) for t in (-80, -1))
    widths = [found.quantile(0.9) - found.quantile(0.1) for found in (early, late)]
    assert np.sum(np.delete(widths[1], 2)) < 0.75 * np.sum(np.delete(widths[0], 2))


def test_analogues_are_sourced_and_known() -> None:
    for row in table("analogues"):
        assert row["Source"]
        assert row["What"] in FIGURES
