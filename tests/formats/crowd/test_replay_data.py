"""The document screens draw a day from: its figures are the result's."""

from __future__ import annotations

import gzip
import json
from datetime import datetime

import numpy as np
import pytest

from tests.formats.crowd.scenario_files import write
from tminus.engines.crowd.demand import Demand, Leg, Trip
from tminus.engines.crowd.kinds import NodeKind
from tminus.engines.crowd.network import Link, Network, Node
from tminus.engines.crowd.scenario import GateShift, Run, Scenario, StopTime
from tminus.engines.crowd.simulate import simulate
from tminus.formats.crowd.element_names import ElementNames, read_element_names
from tminus.formats.crowd.replay_data import replay_data
from tminus.formats.crowd.scenario_folder import read_scenario
from tminus.formats.problems import BadFile

START = datetime(2026, 11, 6, 8)
NAMES = ElementNames({"hall": ("Hall", "展馆"), "station": ("Station", ""), "gate": ("Gate", "入口")}, {"walk": "2"})


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """Four hundred people at a narrow gate, some by a train for eighty."""
    od = "depart_s,origin,destination,via\n" + "".join(f"{n},station,station,hall:300\n" for n in range(0, 800, 2))
    read = read_scenario(write(tmp_path_factory.mktemp("day"), trips=od, controls=None))
    scenario, result = read.scenario, simulate(read.scenario)
    told = replay_data(
        "Small", scenario.network, result, START, {}, names=NAMES, runs=scenario.runs, shifts=scenario.gates
    )
    return scenario, result, json.loads(json.dumps(told, allow_nan=False))


def test_what_is_on_ways_and_at_nodes_is_the_results(day):
    _, result, told = day
    walk = next(n for n, way in enumerate(told["ways"]) if way["id"] == "walk")
    assert told["persons"][str(walk)] == np.round(result.occupancy[:, walk].astype(float), 1).tolist()
    assert told["density"][str(walk)] == np.round(result.peak_density[:, walk].astype(float), 2).tolist()
    assert told["passed"][0][str(walk)] == result.outflow[:, walk, 0].tolist()
    assert set(told["waiting"]) <= {str(n) for n in range(len(told["nodes"]))}
    assert len(told["times"]) == len(told["levels"]) == len(result.occupancy)
    assert told["times"][1] == "2026-11-06T08:15:00" and told["start"] == "2026-11-06T08:00:00"


def test_ways_lead_between_the_nodes_named(day):
    _, _, told = day
    walk = next(way for way in told["ways"] if way["id"] == "walk")
    ends = [told["nodes"][walk[end]] for end in ("from", "to")]
    assert [one["en"] for one in ends] == ["Station", "Gate"] and [one["zh"] for one in ends] == ["Station", "入口"]
    assert walk["line"] == "2" and walk["walked"] == 1 and "shape" not in walk


def test_gates_tell_queue_wait_and_lanes(day):
    _, result, told = day
    (gate,) = told["gates"]
    assert told["nodes"][gate["node"]]["id"] == "gate" and gate["lanes"][0] == 2
    assert sum(gate["served"]) == result.gates.served.sum() and gate["longest"] == result.gates.longest_queue[0]
    waits = result.gates.wait_s[:, 0]
    assert gate["wait_s"] == [round(float(one)) if np.isfinite(one) else None for one in waits]
    served = result.gates.served[:, 0]
    mean = float(np.nansum(waits * served) / served.sum())
    assert told["day"]["mean_wait_s"] == pytest.approx(mean, abs=0.06)


def test_the_curves_add_up(day):
    _, result, told = day
    curves = told["curves"]
    hall = next(n for n, node in enumerate(told["nodes"]) if node["kind"] == "hall")
    assert curves["halls"] == np.round(result.waiting[:, hall].astype(float)).astype(int).tolist()
    assert all(site >= halls for site, halls in zip(curves["site"], curves["halls"], strict=True))
    assert curves["home"][-1] == result.arrived and curves["home"] == sorted(curves["home"])


def test_the_worst_place_is_the_queue_at_the_gate(day):
    _, result, told = day
    first = told["worst"][0]
    queue = result.gates.queue[:, 0]
    assert first["kind"] == "gate" and first["slot"] == int(queue.argmax()) and first["persons"] == round(queue.max())
    assert first["minutes"] == round(float(queue.sum()) * 15) and first["from"] <= first["slot"] <= first["to"]
    assert [one["minutes"] for one in told["worst"]] == sorted((one["minutes"] for one in told["worst"]), reverse=True)


def test_a_crowded_way_is_told_with_its_level_and_minutes():
    network = Network((Node("a"), Node("b"), Node("c")), (Link("ab", "a", "b", 40, 4), Link("bc", "b", "c", 5, 0.5)))
    trips = Demand.of([Trip(float(n) / 4, "a", (Leg("c"),)) for n in range(400)])
    result = simulate(Scenario(network, trips))
    told = replay_data("Jam", network, result, None, {})
    first = next(one for one in told["worst"] if one["at"] == 0)
    assert first["kind"] == "way" and first["level"] in "DEF" and told["levels"][first["slot"]][0] == first["level"]
    pressed = result.person_s_by_level[0, 4:].sum() / 60
    assert first["minutes"] == round(pressed) and pressed > 0
    assert told["curves"]["site"] == [0] * len(told["times"])  # no gates: nothing is a site


def test_vehicles_fill_from_stop_to_stop_and_leave_people_behind():
    network = Network((Node("a"), Node("b"), Node("c")), (Link("ab", "a", "b", 900, 4),))
    times = (("a", 60, 90), ("b", 200, 220), ("c", 400, 400))
    runs = tuple(
        Run(f"r{late}", "7+", tuple(StopTime(stop, come + late, go + late) for stop, come, go in times), 30)
        for late in (0, 300)
    )
    demand = Demand.of([Trip(0.0, "a", (Leg("c"),)) for _ in range(70)])
    result = simulate(Scenario(network, demand, runs=runs), until_s=1800)
    told = replay_data("Line", network, result, None, {}, runs=runs)["vehicles"]
    assert told["lines"] == ["7"]
    ab = next(one for one in told["hops"] if (one["from"], one["to"]) == (0, 1))
    assert ab["runs"][0] == 2 and ab["on"][0] == 60 and ab["room"][0] == 60
    assert {(one["from"], one["to"]) for one in told["hops"]} == {(0, 1), (1, 2)}
    stop = next(one for one in told["stops"] if one["node"] == 0)
    assert told["aboard"][0] == round((60 * (200 - 90) + 60 * (400 - 220)) / 900)
    assert stop["boarded"][0] == 60 and stop["left"][0] == int(result.rides.left_behind.sum()) == 50


def test_the_site_has_a_window_of_its_own_in_a_city():
    nodes = [
        Node("far", x=9000.0),
        Node("gate", NodeKind.GATE, 100, 0),
        Node("hall", NodeKind.HALL, 0, 0),
        Node("hall-2", NodeKind.HALL, 0, 200),
    ]
    network = Network(tuple(nodes), (Link("l", "far", "gate", 10, 2), Link("k", "gate", "hall", 10, 2)))
    result = simulate(
        Scenario(network, Demand.of([Trip(0.0, "far", (Leg("hall"),))]), (GateShift("gate", 0, 900, 1, 2.0),))
    )
    windows = replay_data("City", network, result, None, {})["windows"]
    west, south, east, north = windows["site"]
    assert west < -9000 and east - west < 500 and windows["city"][2] > 0 and north - south < 500


def test_names_are_read_and_stand_in_for_one_another(tmp_path):
    (tmp_path / "nodes.csv").write_text("id,kind,name_en,name_zh\na,gate,West,西\nb,,,东\nc,,,\n", encoding="utf-8")
    (tmp_path / "links.csv").write_text("id,from,to,line\nl,a,b,2\nk,b,c,\n", encoding="utf-8")
    names = read_element_names(tmp_path)
    assert names.of("a") == ("West", "西") and names.of("b") == ("东", "东") and names.of("c") == ("c", "c")
    assert names.of("a-out") == ("West, way out", "西（出）") and dict(names.lines) == {"l": "2"}
    assert read_element_names(tmp_path / "none") == ElementNames()
    (tmp_path / "nodes.csv").write_bytes(b"id\n\xff\xfe")
    with pytest.raises(BadFile, match=r"nodes\.csv"):
        read_element_names(tmp_path)


def test_a_day_of_nobody_is_told(day):
    scenario, _, _ = day
    empty = simulate(Scenario(scenario.network, Demand.of([])), until_s=900)
    told = replay_data({"en": "Empty", "zh": "空"}, scenario.network, empty, None, {})
    assert told["worst"] == [] and told["persons"] == {} and told["name"]["zh"] == "空"
    assert len(gzip.compress(json.dumps(told, allow_nan=False).encode())) < 5000
