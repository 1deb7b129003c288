"""Networks as others publish them: read and walkable, or refused in one clear line."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import pytest

from tminus.engines.crowd.validation import Doubt, validate
from tminus.formats.crowd.scenario_folder import ReadScenario, read_scenario
from tminus.formats.problems import BadFile

DATA = Path(os.environ.get("TMINUS_DATA", "data")) / "crowd"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="TMINUS_DATA names no folder of downloaded data")


def read(folder: Path, files: dict[str, str], ends: tuple[str, str], start: str = "") -> ReadScenario:
    for name, source in files.items():
        (folder / name).write_bytes((DATA / source).read_bytes())
    (folder / "od.csv").write_text(f"origin,destination,from_s,to_s,persons\n{ends[0]},{ends[1]},0,60,5\n", "utf-8")
    if start:
        (folder / "scenario.json").write_text(f'{{"start": "{start}"}}', "utf-8")
    return read_scenario(folder)


def test_a_metro_of_three_hundred_stations_is_one_network(tmp_path: Path) -> None:
    files = {
        "stations.csv": "shanghai_metro/stations_shanghai.csv",
        "arcs.csv": "shanghai_metro/metroarcs_shanghai.csv",
    }
    found = read(tmp_path, files, ("Metro_EastXujing", "Metro_EastXujing"))
    assert (len(found.scenario.network.nodes), len(found.scenario.network.links)) == (434, 1168)
    assert {one.kind for one in validate(found.scenario.network)} == {Doubt.OPPOSED}


@pytest.mark.parametrize(
    ("feed", "start", "ends", "nodes", "runs"),
    [
        ("cairns_gtfs.zip", "2014-05-26T06:00", ("750000", "750001"), 416, 622),
        ("sample_gtfs.zip", "2007-01-01T06:00", ("BEATTY_AIRPORT", "BULLFROG"), 8, 140),
        ("sample_gtfs_2.zip", "2007-01-01T06:00", ("BEATTY_AIRPORT", "BULLFROG"), 8, 140),
    ],
)
def test_a_feed_is_a_network_of_its_stops(
    tmp_path: Path, feed: str, start: str, ends: tuple[str, str], nodes: int, runs: int
) -> None:
    scenario = read(tmp_path, {"gtfs.zip": f"gtfs/{feed}"}, ends, start).scenario
    assert (len(scenario.network.nodes), len(scenario.runs)) == (nodes, runs)
    hops = [(a.node, b.node) for run in scenario.runs for a, b in pairwise(run.stops)]
    assert validate(scenario.network, hops) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"stations.csv": "shanghai_metro/stationInfo.csv", "arcs.csv": "shanghai_metro/metroarcs_shanghai.csv"},
            "stations.csv: has no column node_id",
        ),
        ({"nodes.csv": "uxsim/siouxfalls_nodes.csv", "links.csv": "uxsim/siouxfalls_links.csv"}, "has no column id"),
        ({"network.geojson": "crowdwalk/Hokudai-SatsuEki.00.orig.osm"}, "network.geojson: is not valid JSON"),
        ({"network.geojson": "crowdwalk/ginza00.map.xml"}, "network.geojson: is not valid JSON"),
    ],
)
def test_what_is_of_another_kind_is_said_in_a_line(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(BadFile, match=said) as caught:
        read(tmp_path, files, ("1", "2"))
    assert "\n" not in str(caught.value)
