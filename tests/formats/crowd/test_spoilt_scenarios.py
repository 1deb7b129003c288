"""Scenarios spoilt at random, always the same ones: read, or refused in one line; never anything else."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.formats.crowd.scenario_files import FILES, write
from tests.formats.crowd.test_read_network import FEED
from tminus.formats.crowd.scenario_folder import read_scenario
from tminus.formats.problems import BadFile

ROUNDS = 40
CELLS = [
    "", "-1", "nan", "inf", "1e999", "x", '"', '""', '"a,b"', "\x00", "\ufeff", "9" * 30, "1_000", "+5", "１２", "٣",
    "\n",
    "hall:", "hall:1:2", "25:99", "08:00", "\r", ";", "é", "🙂", ",,",
]  # fmt: skip
VALUES = [None, -1, float("nan"), float("inf"), "x", [], {}, True, "1e5", [1], {"a": 1}, 10**30, "@", ""]
NETWORK = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": "station", "kind": "station", "area_m2": 5},
            "geometry": {"type": "Point", "coordinates": [121.0, 31.0]},
        },
        {
            "type": "Feature",
            "properties": {"id": "w", "width_m": 3, "twoway": 1, "kind": "corridor", "capacity_p_s": 2},
            "geometry": {"type": "LineString", "coordinates": [[121.0, 31.0], [121.001, 31.0]]},
        },
    ],
}
SETTINGS = {
    "name": "x",
    "start": "2026-11-06T08:00",
    "step_s": 1,
    "fundamental_diagram": {"name": "a", "density_p_m2": [0, 4], "speed_m_s": [1.3, 0]},
    "fundamental_diagrams": {"stair": "sfpe"},
    "routing": {"reactive_s": 60, "advised": 0.5},
    "vehicles": {"capacity_p": 100, "door_p_s": 4},
}


def spoilt_text(draw: random.Random, text: str) -> str:
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(text) + 1)
        text = text[:at] + draw.choice(CELLS) + text[at + draw.randint(0, 6) :]
    return text


def spoilt_json(draw: random.Random, value: Any) -> Any:
    if draw.random() < 0.08:
        return draw.choice(VALUES)
    if isinstance(value, dict):
        return {key: spoilt_json(draw, inner) for key, inner in value.items() if draw.random() > 0.03}
    return [spoilt_json(draw, inner) for inner in value] if isinstance(value, list) else value


def read_or_refused(folder: Path) -> None:
    try:
        read_scenario(folder)
    except BadFile as error:
        assert str(error).strip()


@pytest.mark.parametrize("name", FILES)
def test_tables(tmp_path, name):
    draw = random.Random(name)
    for _ in range(ROUNDS):
        read_or_refused(write(tmp_path, **{name.partition(".")[0]: spoilt_text(draw, FILES[name])}))


@pytest.mark.parametrize("name", FEED)
def test_feeds(tmp_path, name):
    draw = random.Random(name)
    (tmp_path / "scenario.json").write_text('{"start": "2026-11-06T08:00"}')
    (tmp_path / "trips.csv").write_text("depart_s,origin,destination\n0,town,E\n")
    for _ in range(ROUNDS):
        with zipfile.ZipFile(tmp_path / "gtfs.zip", "w") as archive:
            for file, text in FEED.items():
                archive.writestr(file, spoilt_text(draw, text) if file == name else text)
        read_or_refused(tmp_path)


def test_json(tmp_path):
    draw = random.Random("json")
    (tmp_path / "trips.csv").write_text("depart_s,origin,destination\n1,station,station\n")
    for number in range(4 * ROUNDS):
        for name, whole, turn in (("network.geojson", NETWORK, 0), ("scenario.json", SETTINGS, 1)):
            told = spoilt_json(draw, whole) if number % 2 == turn else whole
            (tmp_path / name).write_text(json.dumps(told))
        read_or_refused(tmp_path)


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}", bytes(range(256)), b""])
@pytest.mark.parametrize("name", ["network.geojson", "scenario.json", "trips.csv", "gates.csv"])
def test_what_is_no_such_file_at_all(tmp_path, name, content):
    write(tmp_path)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadFile):
        read_scenario(tmp_path)
