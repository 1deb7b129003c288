"""Networks from GeoJSON, metro tables and a GTFS feed with pathways."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.validation import validate
from tminus.formats.crowd.read_geojson import read_geojson
from tminus.formats.crowd.read_metro import read_metro
from tminus.formats.crowd.read_network import read_tables
from tminus.formats.crowd.scenario_folder import read_scenario
from tminus.formats.crowd.settings import Settings
from tminus.formats.problems import BadFile

EXAMPLE = Path(__file__).parents[3] / "examples" / "lanwan-expo"


def _feature(shape: str, coordinates: list, **properties: object) -> dict:
    return {"type": "Feature", "geometry": {"type": shape, "coordinates": coordinates}, "properties": properties}


def _geojson(folder: Path, *features: dict) -> Path:
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "network.geojson").write_text(text, encoding="utf-8")
    return folder


def test_points_are_nodes_and_lines_are_links(tmp_path):
    _geojson(
        tmp_path,
        _feature("Point", [121.0, 31.0], id="a", kind="station"),
        _feature("LineString", [[121.0, 31.0], [121.001, 31.0], [121.001, 31.001]], id="w", width_m=3, twoway=1),
        _feature("LineString", [[121.001, 31.001], [121.002, 31.001]], id="v", width_m=2, kind="stairs", length_m=50),
        _feature("Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]], id="p"),
    )
    found = read_geojson(tmp_path, Settings())
    walk, stairs = found.network.links
    assert walk.start == "a" and walk.end == stairs.start and walk.twoway and not stairs.twoway
    assert walk.length_m == pytest.approx(95.3 + 111.2, abs=0.2), "along the line, in metres"
    assert (stairs.kind, stairs.length_m) == (LinkKind.STAIR, 50)
    assert found.shapes["w"][1] == (121.001, 31.0) and len(found.network.nodes) == 3
    assert found.warnings == ("network.geojson: 1 features are neither points nor lines and not read",)


def test_geojson_in_metres_where_the_scenario_says_so(tmp_path):
    line = _feature("LineString", [[0, 0], [30, 40]], id="w", width_m=3)
    network = read_geojson(_geojson(tmp_path, line), Settings(degrees=False)).network
    assert network.links[0].length_m == pytest.approx(50) and not network.geographic


LINE = [[0, 0], [0.001, 0]]


@pytest.mark.parametrize(
    ("feature", "told"),
    [
        (_feature("LineString", LINE, width_m=3), "feature 1, column id: ''"),
        (_feature("LineString", LINE, id="w"), "feature 1, column width_m: ''"),
        (_feature("LineString", LINE, id="w", width_m="wide"), "feature 1, column width_m: 'wide'"),
        (_feature("LineString", [[0, 0]], id="w", width_m=3), "feature 1, column coordinates"),
        (_feature("LineString", LINE, **{"id": "w", "width_m": 3, "from": "x"}), "feature 1, column from: 'x'"),
        (_feature("LineString", LINE, id="w", width_m=3, kind="river"), "feature 1, column kind: 'river'"),
        (_feature("Point", ["east", 0], id="a"), "feature 1, column coordinates"),
    ],
)
def test_a_feature_that_cannot_be_taken_is_named(tmp_path, feature, told):
    with pytest.raises(BadFile) as caught:
        read_geojson(_geojson(tmp_path, feature), Settings())
    assert told in str(caught.value)


def test_no_geojson_at_all(tmp_path):
    (tmp_path / "network.geojson").write_text("{")
    with pytest.raises(BadFile, match="not valid JSON"):
        read_geojson(tmp_path, Settings())
    (tmp_path / "network.geojson").write_text("[]")
    with pytest.raises(BadFile, match="no list of features"):
        read_geojson(tmp_path, Settings())


def test_metro_tables_become_rides_and_changes(tmp_path):
    (tmp_path / "stations.csv").write_text(
        "node_id,station_id,station_name,node_type,line,lon,lat\n"
        "X,1,X,central,,121.0,31.0\nX_L1,1,X,line,Line 1,121.0005,31.0\nY,2,Y,regular,Line 1,121.02,31.0\n"
    )
    (tmp_path / "arcs.csv").write_text(
        "origin,destination,capacity,traveltime,category\nX,X_L1,9999,1,Pedestrian\nX_L1,Y,1500,2,Line 1\n"
    )
    network = read_metro(tmp_path / "stations.csv", tmp_path / "arcs.csv", Settings()).network
    change, ride = network.links
    assert [node.kind for node in network.nodes] == [NodeKind.STATION, NodeKind.PLATFORM, NodeKind.STATION]
    assert (ride.kind, ride.travel_s, ride.capacity_p_s) == (LinkKind.RIDE, 120, 25)
    assert change.length_m / network.default.free_speed_m_s == pytest.approx(60)
    assert change.width_m * network.default.capacity_p_m_s == pytest.approx(9999 / 60)


def test_an_event_folder_is_a_network(tmp_path):
    found = read_tables(EXAMPLE, Settings())
    kinds = {link.kind for link in found.network.links}
    assert {LinkKind.RIDE, LinkKind.CORRIDOR, LinkKind.STAIR, LinkKind.DOOR, LinkKind.ESCALATOR} <= kinds
    rail = next(link for link in found.network.links if link.id == "l0001")
    assert (rail.kind, rail.travel_s, rail.capacity_p_s, rail.twoway) == (LinkKind.RIDE, 187, 12.4, True)
    assert found.network.geographic
    assert found.warnings and all("not for people" in one or "junction" in one for one in found.warnings)
    assert validate(found.network) is not None


FEED = {
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        "hall,Hall,31.0,121.0,1,\nP1,Platform 1,31.0,121.001,0,hall\nE,Entrance,31.0,121.002,2,hall\n"
        "town,Town,31.05,121.0,0,\n"
    ),
    "routes.txt": "route_id,route_short_name,route_type\nr,7,1\n",
    "trips.txt": "trip_id,route_id,service_id\nt1,r,wk\nt2,r,wk\nsunday,r,we\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "wk,1,1,1,1,1,0,0,20260101,20261231\nwe,0,0,0,0,0,1,1,20260101,20261231\n"
    ),
    "stop_times.txt": (
        "trip_id,stop_id,stop_sequence,arrival_time,departure_time\n"
        "t1,town,1,08:00:00,08:00:30\nt1,P1,2,08:10:00,08:11:00\n"
        "t2,town,1,00:00:00,00:00:00\nt2,P1,2,00:09:00,00:09:00\n"
        "sunday,town,1,10:00:00,10:00:00\nsunday,P1,2,10:09:00,10:09:00\n"
    ),
    "frequencies.txt": "trip_id,start_time,end_time,headway_secs\nt2,09:00:00,09:30:00,600\n",
    "pathways.txt": (
        "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time,stair_count,min_width\n"
        "w1,E,P1,1,1,40,,,3\nw2,P1,E,2,0,12,,-20,2\nw3,E,P1,5,1,,30,,\n"
    ),
}


def _feed(folder: Path, **changed: str) -> Path:
    with zipfile.ZipFile(folder / "gtfs.zip", "w") as archive:
        for name, text in FEED.items():
            archive.writestr(name, changed.get(name.partition(".")[0], text))
    (folder / "scenario.json").write_text('{"start": "2026-11-06T08:00"}')
    (folder / "trips.csv").write_text("depart_s,origin,destination\n0,town,E\n")
    return folder


def test_a_feed_gives_the_vehicles_of_the_day_and_the_ways_of_its_stations(tmp_path):
    found = read_scenario(_feed(tmp_path))
    scenario = found.scenario
    assert sorted(run.id for run in scenario.runs) == ["t1", "t2/1", "t2/2", "t2/3"], (
        "not on Sundays; every ten minutes"
    )
    run = next(run for run in scenario.runs if run.id == "t1")
    assert (run.line, run.capacity_p) == ("7", 1200)
    assert [(stop.node, stop.arrive_s, stop.depart_s) for stop in run.stops] == [("town", 0, 30), ("P1", 600, 660)]
    later = next(run for run in scenario.runs if run.id == "t2/2")
    assert [stop.depart_s for stop in later.stops] == [4200, 4740]
    walk, stair, lift = scenario.network.links
    assert (walk.length_m, walk.width_m, walk.twoway) == (40, 3, True)
    assert (stair.kind, stair.twoway) == (LinkKind.STAIR_DOWN, False)
    assert lift.length_m / (lift.free_speed_m_s or 0) == pytest.approx(30)
    assert {node.id for node in scenario.network.nodes} == {"P1", "E", "town"}
    assert any("assumed persons a vehicle" in one and "route type 1: 1200" in one for one in found.warnings)
    assert any("pathways.txt: ways without min_width" in one for one in found.warnings)


def test_stops_call_at_nodes_of_the_same_name(tmp_path):
    _feed(tmp_path)
    (tmp_path / "nodes.csv").write_text("id,kind,lon,lat\nhall,station,121.0,31.0\ngate,gate,121.002,31.0\n")
    (tmp_path / "links.csv").write_text("id,from,to,length_m,width_m,twoway\nw,hall,gate,190,5,1\n")
    (tmp_path / "trips.csv").write_text("depart_s,origin,destination\n0,town,gate\n")
    scenario = read_scenario(_feed_without_pathways(tmp_path)).scenario
    assert {stop.node for run in scenario.runs for stop in run.stops} == {"hall", "town"}
    assert [node.id for node in scenario.network.nodes] == ["hall", "gate", "town"]


def _feed_without_pathways(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "gtfs.zip", "w") as archive:
        for name, text in FEED.items():
            if name != "pathways.txt":
                archive.writestr(name, text)
    return folder


def test_a_day_the_feed_does_not_reach(tmp_path):
    _feed(tmp_path)
    (tmp_path / "scenario.json").write_text('{"start": "2027-11-06T08:00"}')
    with pytest.raises(BadFile, match="no trip runs on 2027-11-06"):
        read_scenario(tmp_path)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("pathways", "w1,E,P1,1", "w1,E,P1,9", "pathways.txt, row 2, column pathway_mode: '9'"),
        ("pathways", "w1,E,P1,1", "w1,E,Z,1", "pathways.txt, row 2, column to_stop_id: 'Z'"),
        ("frequencies", "600", "0", "frequencies.txt, row 2, column headway_secs: '0'"),
        ("stop_times", "t1,town,1", "t1,moon,1", "stop_times.txt, row 2, column stop_id: 'moon'"),
        ("stop_times", "08:00:00", "8 o'clock", "stop_times.txt, row 2, column arrival_time"),
    ],
)
def test_a_feed_that_cannot_be_taken(tmp_path, file, old, new, told):
    with pytest.raises(BadFile) as caught:
        read_scenario(_feed(tmp_path, **{file: FEED[f"{file}.txt"].replace(old, new)}))
    assert told in str(caught.value)
