"""Registrations with a time slot move a day's arrivals; earlier days' slots are what their counts are held against."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.engines.forecast.arrivals.sites import harbour_fair
from tests.formats.event_folder.documented import documented_folder
from tminus.engines.forecast.arrivals import SITE, DailyAttendance, SiteDay, Tickets
from tminus.formats.event_folder import read_folder
from tminus.formats.event_folder.forecast_day import forecast_site
from tminus.formats.event_folder.timed_tickets import timed_registrations, with_earlier_tickets, with_tickets
from tminus.formats.registrations import FILE

DAY = date(2026, 11, 7)
HEADS = "Registered,Visit date,Audience,Persons,Cancelled,Time slot\n"
ROWS = (
    "2026-09-01,2026-11-07,buyer,300,,14:00",
    "2026-09-01,2026-11-07,buyer,100,,",
    "2026-09-01,2026-11-07,group,5,,9:00",
)


def registered(path: Path, *rows: str) -> None:
    path.mkdir(exist_ok=True)
    (path / FILE).write_text(HEADS + "\n".join(rows) + "\n", encoding="utf-8")


def test_the_sites_audiences_get_their_tickets_and_it_is_said(tmp_path: Path) -> None:
    registered(tmp_path, *ROWS)
    found = with_tickets(harbour_fair(), timed_registrations(tmp_path), DAY, DAY)
    assert found.tickets == (Tickets("buyer", 0.75, ((840, 300.0),)),), "the site knows no groups"
    assert found.rests_on == ("times that registrations have booked: buyer 75%",)
    plain = harbour_fair()
    assert with_tickets(plain, timed_registrations(tmp_path), date(2026, 11, 8), DAY) is plain


def test_without_slots_nothing_changes(tmp_path: Path) -> None:
    assert timed_registrations(tmp_path) is None
    registered(tmp_path, "2026-09-01,2026-11-07,buyer,300,,")
    assert timed_registrations(tmp_path) is None


def test_counts_are_held_against_the_mean_tickets_of_their_days(tmp_path: Path) -> None:
    rows = ("2026-09-01,2026-11-05,buyer,90,,10:00", "2026-09-01,2026-11-05,buyer,30,,12:00",
            "2026-09-01,2026-11-06,buyer,5,,10:00", "2026-09-01,2026-11-06,buyer,5,,")  # fmt: skip
    registered(tmp_path, *rows)
    days = [date(2026, 11, 5), date(2026, 11, 6)]
    (held,) = with_earlier_tickets(harbour_fair(), timed_registrations(tmp_path), days).tickets
    assert held.share == pytest.approx(0.75)
    (ten, at_ten), (noon, at_noon) = held.slots
    assert (ten, noon) == (600, 720) and at_ten / at_noon == pytest.approx((0.75 + 0.5) / 0.25)
    assert with_earlier_tickets(harbour_fair(), None, days).tickets == ()


def middle(day: SiteDay) -> float:
    arrivals = day.arrivals_by(SITE)[1][:, 0].mean(axis=0)
    return float((arrivals * day.grid.starts).sum() / arrivals.sum())


def test_a_folders_day_follows_the_slots_its_visitors_booked(tmp_path: Path) -> None:
    path = documented_folder(tmp_path / "event")
    audiences = [row["id"] for row in read_folder(path).table("audiences")]

    def forecast(slot: str) -> SiteDay:
        rows = [f"2026-09-01,2026-11-07,{name},100,,{slot}" for name in audiences if name in {"buyer", "visitor"}]
        registered(path, *rows)
        attendance = DailyAttendance(DAY, mean=5_000)
        return forecast_site(path, read_folder(path), DAY, attendance, paths=40, seed=0, as_of=date(2026, 11, 1))

    times = [middle(forecast(slot)) for slot in ("10:00", "13:00")]
    assert 100 < times[1] - times[0] <= 190, times
