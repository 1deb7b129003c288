"""A scenario read from its folder, and every mistake told with file, row, column and what is allowed."""

from __future__ import annotations

from datetime import datetime
from math import inf, isnan

import numpy as np
import pytest

from tests.formats.crowd.scenario_files import FILES, write
from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.scenario import Change, Field, GateShift, Routing, StopTime
from tminus.formats.crowd.scenario_folder import read_scenario
from tminus.formats.problems import BadFile, Rejected


def test_a_whole_scenario(tmp_path):
    found = read_scenario(write(tmp_path))
    scenario = found.scenario
    assert (found.name, found.start, found.warnings) == ("Small", datetime(2026, 11, 6, 8), ())
    assert [node.kind for node in scenario.network.nodes] == [NodeKind.STATION, NodeKind.GATE, NodeKind.HALL]
    walk, door = scenario.network.links
    assert (walk.length_m, walk.width_m, walk.twoway, walk.capacity_p_s) == (80, 4, True, None)
    assert (door.kind, door.capacity_p_s) == (LinkKind.DOOR, pytest.approx(1.3 * 0.7))
    assert scenario.gates == (GateShift("gate", 0, 3600, 2, 3.5, 0.5),)
    assert scenario.changes == (Change(600, "walk", Field.OPEN, 0), Change(900, "gate", Field.LANES, 1))
    (run,) = scenario.runs
    assert (run.line, run.capacity_p, run.door_p_s) == ("S", 80, inf)
    assert run.stops == (StopTime("station", 0, 10), StopTime("gate", 100, 110))


def test_trips_by_departure_with_their_stays(tmp_path):
    demand = read_scenario(write(tmp_path)).scenario.demand
    assert demand.ids == ("a", "b", "c") and demand.depart_s.tolist() == [0, 60, 60]
    assert demand.first_leg.tolist() == [0, 3, 4, 5]
    assert [demand.nodes[n] for n in demand.leg_node] == ["hall", "gate", "station", "hall", "hall"]
    assert demand.leg_dwell_s.tolist() == [600, 30.5, 0, 0, 0]
    assert demand.speed_m_s[0] == 1.5 and np.isnan(demand.speed_m_s[1:]).all()


def test_only_a_network_and_trips_are_needed(tmp_path):
    write(tmp_path, scenario=None, gates=None, controls=None, timetable=None)
    found = read_scenario(tmp_path)
    assert found.name == tmp_path.name and not found.dated
    assert (found.scenario.gates, found.scenario.runs, found.scenario.changes) == ((), (), ())


def test_missing_kinds_are_junctions_and_corridors(tmp_path):
    nodes = "id,x,y\nstation,0,0\ngate,80,0\nhall,130,0\n"
    links = "id,from,to,length_m,width_m,kind\nwalk,station,gate,80,4,\ndoor,gate,hall,5,1,\n"
    scenario = read_scenario(write(tmp_path, nodes=nodes, links=links)).scenario
    assert {node.kind for node in scenario.network.nodes} == {NodeKind.JUNCTION}
    assert {link.kind for link in scenario.network.links} == {LinkKind.CORRIDOR}
    assert not any(link.twoway for link in scenario.network.links)


def test_lon_and_lat_give_the_length_nobody_states(tmp_path):
    nodes = "id,kind,lon,lat\nstation,station,121.0,31.0\ngate,gate,121.001,31.0\nhall,hall,121.001,31.002\n"
    links = "id,from,to,length_m,width_m\nwalk,station,gate,,4\ndoor,gate,hall,5,1\n"
    network = read_scenario(write(tmp_path, nodes=nodes, links=links)).scenario.network
    assert network.geographic and network.links[0].length_m == pytest.approx(95.3, abs=0.1)


def test_times_of_the_day_count_from_the_start(tmp_path):
    trips = "depart,origin,destination\n08:01,station,hall\n08:00:30,station,hall\n24:10,hall,station\n"
    gates = "node,day,from,to,lanes,service_s\ngate,,08:30,17:00,12,3\ngate,2026-11-06,09:00,10:00,4,3\n"
    controls = "at,element,field,value\n10:00,walk,capacity_p_s,\n"
    scenario = read_scenario(write(tmp_path, trips=trips, gates=gates, controls=controls)).scenario
    assert scenario.demand.depart_s.tolist() == [30, 60, 58_200]
    assert scenario.gates == (GateShift("gate", 3600, 7200, 4, 3.0, 0.0),), "the day's own rows stand for it"
    assert scenario.changes[0].at_s == 7200 and isnan(scenario.changes[0].value)


def test_flows_between_places_set_off_evenly(tmp_path):
    write(tmp_path, trips=None)
    (tmp_path / "od.csv").write_text(
        "origin,destination,from_s,to_s,persons\nstation,hall,0,100,4\nhall,station,50,50,2\nstation,hall,0,9,0\n"
    )
    demand = read_scenario(tmp_path).scenario.demand
    assert demand.depart_s.tolist() == [12.5, 37.5, 50, 50, 62.5, 87.5]
    assert [demand.nodes[n] for n in demand.origin] == ["station", "station", "hall", "hall", "station", "station"]


def test_a_column_nobody_knows_is_a_warning(tmp_path):
    trips = "depart_s,origin,destination,colour\n0,station,hall,red\n"
    (warning,) = read_scenario(write(tmp_path, trips=trips)).warnings
    assert warning.startswith("trips.csv: column 'colour' is not known and not read; known: depart_s,")


def test_settings_are_taken(tmp_path):
    told = (
        '{"step_s": 0.5, "stuck_s": 60, "slot_s": 300, "patience_s": 90, "fundamental_diagram": "sfpe",'
        ' "fundamental_diagrams": {"door": {"name": "own", "density_p_m2": [0, 4], "speed_m_s": [1.2, 0]}},'
        ' "routing": {"reactive_s": 120, "advised": 0.5, "gate_s": 120}, "colour": 1}'
    )
    found = read_scenario(write(tmp_path, scenario=told))
    scenario = found.scenario
    assert (scenario.step_s, scenario.stuck_s, scenario.slot_s, scenario.patience_s) == (0.5, 60, 300, 90)
    assert scenario.routing == Routing(120, 0.5, 120)
    assert [scenario.network.diagram_of(link).name for link in scenario.network.links] == ["SFPE", "own"]
    assert found.warnings[0].startswith("scenario.json: 'colour' is not known")


TRIP = "depart_s,origin,destination,via\n"
LINK = "id,from,to,length_m,width_m,kind\n"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("trips", "origin,destination\nstation,hall\n", "trips.csv: has no column depart_s"),
        ("trips", "depart_s,origin\n1,station\n", "trips.csv: has no column destination"),
        ("trips", TRIP + "1,station,hall,\n\nx,station,hall,\n", "trips.csv, row 4, column depart_s: 'x'"),
        ("trips", TRIP + "1,nowhere,hall,\n", "trips.csv, row 2, column origin: 'nowhere'"),
        ("trips", TRIP + "1,station,hall,hall\n", "trips.csv, row 2, column via: 'hall'"),
        ("trips", TRIP + "1,station,hall,moon:60\n", "trips.csv, row 2, column via: 'moon:60'"),
        ("trips", TRIP + "1,station,hall,hall:-1\n", "column via: 'hall:-1'"),
        ("trips", TRIP + "inf,station,hall,\n", "trips.csv, row 2, column depart_s: 'inf'"),
        ("trips", TRIP + "1,station\n", "trips.csv, row 2: 2 cells; allowed: 4"),
        ("trips", "", "trips.csv: is empty"),
        ("nodes", "id,kind\nstation,station\n", "nodes.csv: has no columns x and y (metres), nor lon and lat"),
        ("nodes", "id,x,y\nstation,0,0\nstation,1,0\n", "nodes.csv, row 3, column id: 'station'"),
        ("nodes", "id,lon,lat\nstation,200,0\n", "nodes.csv, row 2, column lon: '200'"),
        ("links", "id,from,to,length_m\nwalk,station,gate,80\n", "links.csv: has no column width_m"),
        ("links", LINK + "walk,station,gate,80,0,\n", "links.csv, row 2, column width_m: '0'"),
        ("links", LINK + "walk,station,moon,80,4,\n", "links.csv, row 2, column to: 'moon'"),
        ("links", LINK + "walk,station,station,80,4,\n", "links.csv, row 2, column to: 'station'"),
        ("links", LINK + "walk,station,gate,80,4,river\n", "links.csv, row 2, column kind: 'river'"),
        ("links", LINK + "walk,station,gate,-1.5,4,\n", "links.csv, row 2, column length_m: '-1.5'"),
        ("links", LINK + "walk,station,gate,80,,rail\n", "links.csv, row 2, column free_speed_m_s: ''"),
        ("gates", "node,from_s,to_s,lanes\ngate,0,1,1\n", "gates.csv: has no column mean_s"),
        ("gates", "node,from_s,to_s,lanes,mean_s\ngate,0,3600,1.5,3\n", "gates.csv, row 2, column lanes: '1.5'"),
        ("gates", "node,from_s,to_s,lanes,mean_s\ngate,60,60,1,3\n", "gates.csv, row 2, column to_s: '60'"),
        ("gates", "node,from,to,lanes,mean_s\ngate,8,9,1,3\n", "gates.csv, row 2, column from: '8'"),
        ("controls", "at_s,element,field,value\n0,walk,colour,1\n", "controls.csv, row 2, column field: 'colour'"),
        ("controls", "at_s,element,field,value\n0,walk,open,2\n", "controls.csv, row 2, column value: '2'"),
        ("controls", "at_s,element,field,value\n0,walk,lanes,2\n", "controls.csv, row 2, column element: 'walk'"),
        ("controls", "at_s,element,field,value\n0,moon,open,1\n", "controls.csv, row 2, column element: 'moon'"),
        ("timetable", "run,node,depart_s\nr,gate,0\n", "timetable.csv, row 2, column capacity_p"),
        ("timetable", "run,node,depart_s,capacity_p\nr,gate,0,5\n", "timetable.csv: run 'r'"),
        ("scenario", "[1]", "scenario.json: list; allowed: a JSON object"),
        ("scenario", '{"step_s": 0}', "scenario.json: step_s 0; allowed: a number from 0.01 to 60"),
        ("scenario", '{"start": "morning"}', "scenario.json: start 'morning'; allowed: a date-time"),
        ("scenario", '{"fundamental_diagram": "mine"}', "scenario.json: fundamental_diagram 'mine'; allowed: weidmann"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(tmp_path, file, text, told):
    with pytest.raises(BadFile) as caught:
        read_scenario(write(tmp_path, **{file: text}))
    assert told in str(caught.value) and "\n" not in str(caught.value) and "allowed" in str(caught.value)


def test_how_many_rows_are_wrong_is_said(tmp_path):
    with pytest.raises(Rejected, match=r"row 2, column origin: 'x'.*\(and 1 more\)"):
        read_scenario(write(tmp_path, trips=TRIP + "1,x,hall,\n1,y,hall,\n"))


@pytest.mark.parametrize("missing", ["nodes", "links", "trips"])
def test_a_missing_file_is_named(tmp_path, missing):
    with pytest.raises(BadFile, match=f"{missing}\\.csv"):
        read_scenario(write(tmp_path, **{missing: None}))


def test_no_folder_at_all(tmp_path):
    with pytest.raises(BadFile, match="is not a folder"):
        read_scenario(tmp_path / "none")


def test_sheets_of_other_programs_are_read(tmp_path):
    write(tmp_path)
    text = (
        FILES["trips.csv"]
        .replace("hall:600;gate:30.5", '"hall:600|gate:30.5"')
        .replace(",", ";")
        .replace("|", ";")
        .replace("\n", "\r\n")
    )
    (tmp_path / "trips.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert len(read_scenario(tmp_path).scenario.demand) == 3


def test_names_in_chinese_in_either_encoding(tmp_path):
    write(tmp_path, gates=None, controls=None, timetable=None)
    for name in ("nodes.csv", "links.csv", "trips.csv"):
        (tmp_path / name).write_bytes(FILES[name].replace("station", "车站").encode("gb18030"))
    assert read_scenario(tmp_path).scenario.network.nodes[0].id == "车站"


def test_many_trips_without_an_object_a_row(tmp_path):
    rows = 100_000
    text = TRIP + "".join(f"{rows - n},station,gate,hall:{n}\n" for n in range(rows))
    demand = read_scenario(write(tmp_path, trips=text)).scenario.demand
    assert len(demand) == rows and demand.depart_s[0] == 1 and demand.leg_dwell_s[0] == rows - 1
    assert not demand.ids
