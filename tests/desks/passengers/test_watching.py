"""Today against the forecast: counted beside expected, the rest of the day anew, alarms; unknown is not zero."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.desks.passengers.counters import new_counter
from tests.desks.passengers.test_forecasts import FILES, act, hand_in, issue, show, signed_in
from tests.harbour import Harbour
from tminus.desks.passengers.forecasting import watching
from tminus.desks.passengers.intake.reading import Given
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter
from tminus.formats.tables import read_tables
from tminus.platform.models import ClockShift, Job

NOW = datetime(2026, 11, 6, 11, 30)


@pytest.fixture
def open_day(planned: Harbour, settings: Any, tmp_path: Path) -> Iterator[Harbour]:
    """The harbour on its second day, forecast from files, a counter at each gate."""
    settings.MEDIA_ROOT = tmp_path / "files"
    event = planned.event
    event.settings["further"] = {"attendance": {"daily_level": 30_000}}
    event.save()
    for what, text in FILES.items():
        act(planned, "passengers.forecast.take", {"file": hand_in(planned, what, text)["file"]})
    ClockShift.objects.filter(event=event).update(event_from=NOW.replace(tzinfo=event.zone))
    watching._AT_HAND.clear()
    yield planned


def counted(harbour: Harbour, share: dict[str, float]) -> None:
    """Each gate counts ``share`` of half of the day's visits within three hours."""
    visits = show(harbour, "passengers.forecast.today")["visits"]["before"]["mean"]
    zone = harbour.event.zone
    for node in share:
        counter = Counter.objects.filter(event=harbour.event, node=node).order_by("code")[0]
        total = share[node] * visits / 2
        begin = datetime(2026, 11, 6, 8, 30, tzinfo=zone)
        each = round(total / 36)
        readings = [Given(int((begin + timedelta(minutes=5 * n)).timestamp()), -1, each, 0) for n in range(36)]
        early = [Given(int((begin - timedelta(minutes=5 * n)).timestamp()), -1, 0, 0) for n in range(1, 37)]
        store({counter: [*reversed(early), *readings]}, int(begin.timestamp()))


def with_counters(harbour: Harbour) -> None:
    for code, node in (("g1", "gate-1"), ("g2", "gate-2"), ("g3", "gate-1")):
        new_counter(harbour.event, code, node=node, edge=True, every_s=300, key_hash=code)


def test_it_says_what_is_missing(planned: Harbour) -> None:
    assert show(planned, "passengers.forecast.today")["why"] == "not_open"
    ClockShift.objects.filter(event=planned.event).update(event_from=NOW.replace(tzinfo=planned.event.zone))
    assert show(planned, "passengers.forecast.today")["why"] == "nothing"
    page = signed_in(planned).get("/e/harbour/today/forecast/")
    assert b"nothing yet that a forecast could rest on" in page.content


def test_without_a_count_nothing_is_taken_for_zero(open_day: Harbour) -> None:
    assert show(open_day, "passengers.forecast.today")["why"] == "no_counters"
    with_counters(open_day)
    found = show(open_day, "passengers.forecast.today")
    assert found["why"] == "" and all(row["counted"] is None for row in found["gates"])
    assert all(value is None for value in found["site"]["counted"])
    assert found["visits"]["now"]["mean"] == pytest.approx(found["visits"]["before"]["mean"], rel=0.05)
    assert b"not every gate is counted" in signed_in(open_day).get("/e/harbour/today/forecast/").content


def test_counts_move_the_rest_of_the_day(open_day: Harbour) -> None:
    with_counters(open_day)
    before = show(open_day, "passengers.forecast.today")
    counted(open_day, {"gate-1": 3.0, "gate-2": 3.0})
    found = show(open_day, "passengers.forecast.today")
    assert all(row["counted"] > row["expected"]["p90"] for row in found["gates"])
    assert found["visits"]["now"]["mean"] > 1.5 * before["visits"]["before"]["mean"]
    assert "more than expected" in signed_in(open_day).get("/e/harbour/today/forecast/").content.decode()


def test_more_than_a_gate_lets_in_is_an_alarm_with_its_place(open_day: Harbour) -> None:
    with_counters(open_day)
    counted(open_day, {"gate-1": 30.0, "gate-2": 1.0})
    found = show(open_day, "passengers.forecast.today")
    assert {(row["kind"], row["name"]) for row in found["alarms"]} >= {("impossible", "Gate 1")}
    page = signed_in(open_day).get("/e/harbour/today/forecast/").content.decode()
    assert "more counted than can pass" in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_says_how_the_day_goes(open_day: Harbour, language: str) -> None:
    with_counters(open_day)
    counted(open_day, {"gate-1": 1.0, "gate-2": 1.0})
    client = signed_in(open_day, "leader")
    client.cookies["django_language"] = language
    page = client.get("/e/harbour/today/forecast/").content.decode()
    Job.objects.all().delete()
    issue(open_day)
    for level in ("site", "gate"):
        day = show(open_day, "passengers.forecast.day", {"day": "2026-11-06", "level": level, "node": "gate-1"})
        entries = next(one for one in day["curves"] if one["measure"] == "entries")
        assert sum(value or 0 for value in entries["counted"]) > 0, "beside the forecast what was counted"
    found = show(open_day, "passengers.forecast.today")
    total = sum(row["counted"] for row in found["gates"])
    assert f"{total:,}" in page and f"{found['counted_until']:%H:%M}" == "11:30"
    assert ("came in" if language == "en" else "入场") in page
    assert signed_in(open_day, "observer").get("/e/harbour/today/forecast/").status_code == 403


def test_files_taken_anew_are_what_is_expected(open_day: Harbour) -> None:
    with_counters(open_day)
    before = show(open_day, "passengers.forecast.today")["visits"]["before"]["mean"]
    open_day.event.refresh_from_db()
    more = FILES["registrations"].replace(",1200\n", ",9000\n")
    act(open_day, "passengers.forecast.take", {"file": hand_in(open_day, "registrations", more)["file"]})
    assert show(open_day, "passengers.forecast.today")["visits"]["before"]["mean"] > before


def test_what_the_page_shows_is_a_workbook(open_day: Harbour) -> None:
    client = signed_in(open_day)
    assert client.get("/e/harbour/today/forecast/export.xlsx").status_code == 404
    with_counters(open_day)
    counted(open_day, {"gate-1": 1.0, "gate-2": 1.0})
    found = show(open_day, "passengers.forecast.today")
    given = client.get("/e/harbour/today/forecast/export.xlsx")
    assert "harbour-today-2026-11-06.xlsx" in given.headers["Content-Disposition"]
    slots, gates, alarms = read_tables(Path("today.xlsx"), given.content)
    assert [row[1] for row in slots.rows[1:]] == found["site"]["counted"]
    assert {row[0]: row[1] for row in gates.rows[1:]} == {row["name"]: row["counted"] for row in found["gates"]}
    assert len(alarms.rows) == 1 + len(found["alarms"])
