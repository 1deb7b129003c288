"""A line or a station out of service: whose passengers go where, and that it is said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.formats.event_folder.documented import documented_folder
from tminus.engines.forecast import DayContext, FlowPanel
from tminus.engines.forecast.arrivals import SITE, DailyAttendance
from tminus.formats.event_folder import EventFolder, read_folder
from tminus.formats.event_folder.forecast_day import DayForecast, forecast_day
from tminus.formats.event_folder.network import network_of
from tminus.formats.event_folder.out_of_service import OutOfService, Rerouted, closed_panel, rerouted
from tminus.formats.problems import BadFile

DAY = date(2026, 11, 6)
# Line 1: far – mid – hub – fair. Line 2: side – hub. "side" is 600 m from "mid"; nobody walks to or from "far".
NODES = {
    "far": ("station", 120.90, 31.0), "mid": ("station", 120.95, 31.0), "hub": ("station", 121.00, 31.03),
    "side": ("station", 120.956, 31.0), "fair": ("station", 121.04, 31.0), "gate": ("gate", 121.041, 31.0),
    "ranks": ("taxi_rank", 121.042, 31.0),
}  # fmt: skip
LINKS = [
    ("far", "mid", "rail", "1", 300), ("mid", "hub", "rail", "1", 300), ("hub", "fair", "rail", "1", 300),
    ("side", "hub", "rail", "2", 400), ("fair", "gate", "walk", "", 100), ("ranks", "gate", "walk", "", 100),
]  # fmt: skip
BOARDINGS = {"far": 400, "mid": 300, "hub": 200, "side": 100}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    tables = {
        "nodes": ["id,kind,lon,lat"] + [f"{code},{kind},{lon},{lat}" for code, (kind, lon, lat) in NODES.items()],
        "links": ["id,from,to,length_m,kind,line,travel_s"]
        + [f"l{n},{a},{b},100,{kind},{line},{s}" for n, (a, b, kind, line, s) in enumerate(LINKS)],
        "gates": ["node,day,from,to,lanes,service_s", "gate,,08:30,17:00,20,3"],
        "audiences": ["id,name_en,name_zh,share,modes", "visitor,Visitors,观众,1,metro:0.8;taxi:0.2"],
    }
    for name, lines in tables.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "event.json").write_text(
        json.dumps({
            "schema": "tminus-event/1", "id": "fair", "name": {"en": "Fair", "zh": "博览会"},
            "timezone": "Asia/Shanghai", "opening": "2026-11-05", "closing": "2026-11-10",
        })
    )  # fmt: skip
    values = np.zeros((5, 72, 4, 2), np.float32)
    values[:, 10:20] = np.array(list(BOARDINGS.values()), np.float32)[None, None, :, None] / 10
    days = np.array([str(date(2026, 10, 26) + timedelta(days=n)) for n in range(5)])
    np.savez(
        tmp_path / "history.npz", flow=values, dates=days, nodes=np.array([*BOARDINGS]), slot_minutes=15,
        channels=np.array(["in", "out"]), first_minute=330,
    )  # fmt: skip
    return tmp_path


def forecast(path: Path, closed: OutOfService | None = None, folder: EventFolder | None = None) -> DayForecast:
    attendance = DailyAttendance(DAY, np.full(60, 20_000.0), 20_000.0)
    folder = folder or read_folder(path)
    return forecast_day(path, folder, DAY, attendance, paths=60, seed=0, out_of_service=closed)


def boarding(found: DayForecast) -> dict[str, float]:
    assert found.stations is not None
    total = found.stations.entering.sum(axis=2).mean(axis=0)
    return dict(zip(found.stations.stations, map(float, total), strict=True))


def by_mode(found: DayForecast) -> dict[str, float]:
    names, paths = found.site.arrivals_by("mode")
    return dict(zip(names, map(float, paths.sum(axis=2).mean(axis=0)), strict=True))


def test_the_lines_of_a_station_are_those_of_its_tracks(path: Path) -> None:
    network = network_of(read_folder(path))
    lines = {one.id: one.lines for one in network.stations}
    assert lines == {"far": ("1",), "mid": ("1",), "hub": ("1", "2"), "side": ("2",), "fair": ("1",)}
    assert network.lines == ("1", "2") and [one.id for one in network.gates] == ["gate"]


def test_passengers_of_a_line_without_trains_walk_to_the_next_station_or_travel_otherwise(path: Path) -> None:
    found = rerouted(network_of(read_folder(path)), OutOfService(lines=("2",)))
    assert (found.gone, found.kept, found.goes_to) == (frozenset({"side"}), {"side": 0.0, "hub": 0.5}, {"side": "mid"})
    before, after = forecast(path), forecast(path, OutOfService(lines=("2",)))
    assert after.closed == {"side"} and boarding(after)["side"] < 1
    assert boarding(after)["mid"] > boarding(before)["mid"] + 90, "those of side, everyday passengers and visitors"
    assert boarding(after)["hub"] < 0.65 * boarding(before)["hub"], "line 2's half of the station is lost"
    assert by_mode(after)["taxi"] > 1.05 * by_mode(before)["taxi"]
    total = [one.site.arrivals_by(SITE)[1].sum() for one in (before, after)]
    assert total[0] == pytest.approx(total[1]), "nobody stays at home for it"
    assert any("no trains on line 2: stations left without any 1, with other lines 1" in line for line in said(after))
    assert any("walk to the nearest one served" in line for line in said(after))


def said(found: DayForecast) -> tuple[str, ...]:
    assert found.stations is not None
    return found.stations.rests_on


def test_nobody_is_invented_where_the_site_itself_has_no_trains(path: Path) -> None:
    found = forecast(path, OutOfService(lines=("1",)))
    assert by_mode(found) == pytest.approx({"taxi": 20_000}, rel=0.01), "all by the other mode"
    folder = read_folder(path)
    metro_only = tuple({**row, "modes": "metro:1"} for row in folder.table("audiences"))
    alone = replace(folder, tables={**folder.tables, "audiences": replace(folder.table("audiences"), rows=metro_only)})
    with pytest.raises(BadFile, match="comes by metro alone"):
        forecast(path, OutOfService(lines=("1",)), alone)


def test_a_closed_station_keeps_the_trains_through_it(path: Path) -> None:
    found = forecast(path, OutOfService(stations=("mid",)))
    there = boarding(found)
    assert found.closed == {"mid"} and there["mid"] < 1 and there["far"] > 100, "trains from far still pass"
    assert there["side"] > boarding(forecast(path))["side"] + 250


@pytest.mark.parametrize(("closed", "said"), [
    (OutOfService(lines=("9",)), "closed lines: '9'; allowed: 1, 2"),
    (OutOfService(stations=("nowhere",)), "closed stations: 'nowhere'; allowed: far, mid"),
])  # fmt: skip
def test_what_is_not_there_cannot_be_closed(path: Path, closed: OutOfService, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        forecast(path, closed)


def test_a_gap_stays_a_gap_and_spoils_nothing_else() -> None:
    values = np.full((1, 96, 2, 2), 10, np.float32)
    values[0, 5, 0] = np.nan
    panel = FlowPanel(values, (DayContext(DAY),), 15, 0, ("side", "mid"))
    moved = closed_panel(panel, Rerouted(frozenset({"side"}), {"side": 0.0}, {"side": "mid"}))
    assert moved is not None and moved.values[0, 4, 1, 0] == 20 and moved.values[0, 5, 1, 0] == 10
    assert np.isnan(moved.values[0, 5, 0, 0]) and panel.values[0, 4, 1, 0] == 10, (
        "the counts themselves are not touched"
    )


def test_a_station_without_a_place_can_be_closed_though_nobody_finds_another_near(tmp_path: Path) -> None:
    folder = read_folder(documented_folder(tmp_path / "event"))
    found = rerouted(network_of(folder), OutOfService(stations=("town",)))
    assert found.gone == {"town"} and not found.goes_to and not network_of(folder).lines
