"""The site of a folder on a day: what it tells is taken, what it does not is assumed and said."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tests.formats.event_folder.documented import EVENT, documented_folder
from tminus.engines.forecast.arrivals import SITE, DailyAttendance, Site
from tminus.formats.event_folder import read_folder, write_folder
from tminus.formats.event_folder.forecast_day import forecast_day, forecast_site
from tminus.formats.event_folder.history import read_history
from tminus.formats.event_folder.site import day_context, site_of
from tminus.formats.problems import BadFile, Rejected

DAY = date(2026, 11, 6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return documented_folder(tmp_path / "event")


def _site(folder: Path, day: date = DAY) -> Site:
    return site_of(read_folder(folder), day)


def test_the_documented_folder_is_read_whole(folder: Path) -> None:
    site = _site(folder)
    assert (site.opening_minute, site.closing_minute, site.last_entry) == (540, 1080, 1020)
    assert [one.id for one in site.audiences] == ["buyer", "visitor"]
    buyer = site.audiences[0]
    assert buyer.modes == {"metro": 0.7, "car": 0.3} and buyer.halls == {"hall-1": 1, "hall-2": 3}
    assert [(one.first_minute, one.mean_minute, one.sd_min, one.share) for one in buyer.waves] == [
        (490, 590, 45, 0.7), (660, 780, 70, 0.3),
    ]  # fmt: skip
    assert site.audiences[1].gates == {"gate-w"}
    assert [(one.id, one.mode) for one in site.terminals] == [("fair", "metro"), ("park", "car")]
    np.testing.assert_allclose(site.walk_min[0], np.array([200, 380]) / 1.34 / 60)
    assert site.walk_min[1, 1] < site.walk_min[1, 0] == np.inf or site.walk_min[1, 0] > 5
    assert site.origins == ("town", "harbour")
    assert site.travel_min is not None and site.origin_weight is not None
    np.testing.assert_allclose(site.travel_min[:, 0], [12.5, 5.5])
    np.testing.assert_allclose(site.origin_weight, [3, 1])
    assert [(one.audience, one.minute, one.persons, one.hall, one.end) for one in site.booked] == [
        ("buyer", 840, 900, "hall-1", 930)
    ]


def test_a_gate_with_rows_of_its_own_for_the_day_has_no_others(folder: Path) -> None:
    lanes = {one.id: [(part.begin, part.end, part.lanes) for part in one.opened] for one in _site(folder).gates}
    assert lanes == {"gate-w": [(510, 1020, 12)], "gate-e": [(510, 720, 2)]}
    usual = {one.id: one.opened[0].lanes for one in _site(folder, date(2026, 11, 7)).gates}
    assert usual == {"gate-w": 12, "gate-e": 6}
    assert not _site(folder, date(2026, 11, 7)).booked


def test_what_is_missing_is_assumed_and_said(folder: Path) -> None:
    for name in ("audiences.csv", "gates.csv", "origins.csv", "programme.csv", "history.csv", "links.csv"):
        (folder / name).unlink()
    (folder / "event.json").write_text(json.dumps({key: value for key, value in EVENT.items() if key[:3] != "vis"}))
    site = _site(folder)
    said = " | ".join(site.rests_on)
    for words in ("visiting hours 09:00", "audiences are not known", "lanes of the gates", "straight lines"):
        assert words in said
    found = forecast_day(folder, read_folder(folder), DAY, DailyAttendance(mean=8_000), paths=20, seed=0)
    assert found.site.arrivals_by(SITE)[1].sum(axis=(1, 2)).mean() == pytest.approx(8_000, rel=0.15)


def test_nothing_but_gates_is_enough(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(json.dumps(EVENT))
    (tmp_path / "nodes.csv").write_text("id,kind\ng,gate\n")
    assert "all come on foot" in " ".join(_site(tmp_path).rests_on)
    (tmp_path / "nodes.csv").write_text("id,kind\ng,hall\n")
    with pytest.raises(BadFile, match="no gate on this day"):
        _site(tmp_path)


def test_it_is_the_same_after_writing_and_reading(folder: Path, tmp_path: Path) -> None:
    found = read_folder(folder)
    write_folder(found, tmp_path / "again")
    again = read_folder(tmp_path / "again")
    assert again == found
    one, other = site_of(found, DAY), site_of(again, DAY)
    assert one.audiences == other.audiences and one.gates == other.gates and one.booked == other.booked


@pytest.mark.parametrize(
    ("file", "old", "new", "row", "column", "value"),
    [
        ("audiences.csv", "metro:0.7;car:0.3", "metro;car", 2, "modes", "metro;car"),
        ("audiences.csv", "08:10/09:50/45/0.7", "09:50/08:10/45/0.7", 2, "waves",
         "09:50/08:10/45/0.7;11:00/13:00/70/0.3"),
        ("audiences.csv", ",0.6,", ",0,", 2, "share", "0"),
        ("gates.csv", "gate-e,,08:30,17:00,6", "gate-x,,08:30,17:00,6", 3, "node", "gate-x"),
        ("gates.csv", "08:30,12:00", "8.30,12:00", 4, "from", "8.30"),
        ("gates.csv", "12:00,2,4.5", "12:00,2,0", 4, "service_s", "0"),
        ("origins.csv", "town,3", "town,-3", 2, "weight", "-3"),
        ("programme.csv", "buyer,900", "guest,900", 2, "audience", "guest"),
        ("programme.csv", "2026-11-06", "6 November", 2, "day", "6 November"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_taken_is_named(
    folder: Path, file: str, old: str, new: str, row: int, column: str, value: str
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Rejected) as caught:
        read_folder(folder)
    named = {(problem.file, problem.row, problem.column, problem.value) for problem in caught.value.problems}
    assert (file, row, column, value) in named


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("audiences.csv", "metro:1,", "boat:1,", "'boat' of visitor; allowed: modes that end here: car, metro"),
        ("audiences.csv", "hall-1:1;hall-2:3", "hall-9:1", "'hall-9' of buyer; allowed: a hall of nodes.csv"),
        ("audiences.csv", ",gate-w", ",gate-q", "'gate-q' of visitor; allowed: a gate of nodes.csv"),
        ("gates.csv", "gate-w,,08:30,17:00", "gate-w,,17:30,17:00", "'17:00' at gate-w; allowed: after 17:30"),
        ("event.json", '"open": "09:00"', '"open": "nine"', "visiting_hours"),
        ("event.json", '"close": "18:00"', '"close": "08:00"', "closing at minute 480"),
    ],
)
def test_what_does_not_fit_together_is_named(folder: Path, file: str, old: str, new: str, told: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BadFile, match=told):
        _site(folder)


def test_days_are_of_the_kinds_of_the_calendar(folder: Path) -> None:
    (folder / "calendar.json").write_text(
        '{"working_weekdays": [0, 1, 2, 3, 4], "holidays": ["2026-10-01", "2026-10-03"], "workdays": ["2026-10-10"]}'
    )
    found = read_folder(folder)
    kinds = {day: day_context(found, date(2026, 10, day)).kind for day in (1, 3, 9, 10, 11)}
    assert kinds == {1: "holiday", 3: "holiday", 9: "workday", 10: "workday", 11: "weekend"}


def test_files_of_history_are_taken_together(folder: Path) -> None:
    (folder / "history.csv").write_text(
        "time,node,in,out\n2026-11-05 09:00,gate-w,640,3\n2026-11-05 09:15,gate-w,710,\n2026-11-06 00:15,gate-w,0,40\n"
    )
    flow = np.full((2, 8, 1, 2), 7, dtype=np.float32)
    np.savez(
        folder / "history.npz", flow=flow, dates=np.array(["2026-11-04", "2026-11-05"]), nodes=np.array(["town"]),
        channels=np.array(["in", "out"]), slot_minutes=np.array(15), first_minute=np.array(480),
    )  # fmt: skip
    panel = read_history(folder)
    assert panel is not None
    assert (panel.nodes, panel.first_minute, panel.slot_minutes) == (("gate-w", "town"), 480, 15)
    assert [one.day for one in panel.days] == [date(2026, 11, 4), date(2026, 11, 5)]
    at = (9 * 60 - 480) // 15
    assert panel.values[1, at, 0].tolist() == [640, 3] and np.isnan(panel.values[1, at + 1, 0, 1])
    assert panel.values[1, (24 * 60 + 15 - 480) // 15, 0, 1] == 40  # the day goes on past midnight
    assert np.isnan(panel.values[0, :, 0]).all() and (panel.values[:, :8, 1] == 7).all()


def test_a_feed_beside_brings_its_stations(folder: Path) -> None:
    import zipfile

    with zipfile.ZipFile(folder / "gtfs.zip", "w") as archive:
        archive.writestr("stops.txt", "stop_id,stop_name,stop_lat,stop_lon\nhill,Hill,1,1\nharbour,Harbour,2,2\n")
        archive.writestr("routes.txt", "route_id,route_type\nr,1\n")
        archive.writestr("trips.txt", "route_id,service_id,trip_id\nr,s,t\n")
        archive.writestr(
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt,8:00:00,8:00:00,hill,1\n"
            "t,8:09:00,8:09:00,harbour,2\n",
        )
    (folder / "origins.csv").unlink()
    (folder / "history.csv").unlink()
    day = forecast_day(folder, read_folder(folder), DAY, DailyAttendance(mean=2_000), paths=10, seed=0)
    assert set(day.site.site.origins) == {"town", "harbour", "hill"}
    assert day.site.site.travel_min is not None
    assert day.site.site.travel_min[day.site.site.origins.index("hill"), 0] == pytest.approx(9 + 5.5)


def test_the_site_alone_is_as_in_the_whole_forecast(folder: Path) -> None:
    told = DailyAttendance(DAY, mean=9_000, cv=0.2)
    asked = {"paths": 20, "seed": 3, "as_of": date(2026, 11, 5)}
    whole = forecast_day(folder, read_folder(folder), DAY, told, **asked).site  # type: ignore[arg-type]
    alone = forecast_site(folder, read_folder(folder), DAY, told, **asked)  # type: ignore[arg-type]
    np.testing.assert_array_equal(alone.entries, whole.entries)
    np.testing.assert_array_equal(alone.leaving, whole.leaving)
    assert alone.rests_on == whole.rests_on
