"""``tminus simulate`` and ``tminus verify`` as people and scripts call them."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.formats.crowd.scenario_files import FILES, write
from tests.studies.small_event import write_small_event
from tminus.cli import main
from tminus.engines.crowd.verification import case
from tminus.formats.crowd.day_document import ROW

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference" / "simulate.md"
OUT = {
    "summary.json", "occupancy.parquet", "occupancy.csv", "flows.parquet", "flows.csv", "gates.csv", "waiting.csv",
    "rides.csv", "arrivals.csv", "levels.geojson", "replay.html",
}  # fmt: skip
NEEDED = {
    "agents", "arrived", "en_route", "stuck", "link_moves", "simulated_s", "elapsed_s", "agent_seconds", "max_density",
    "queues", "incidents", "fundamental_diagram",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example of the reference page."""
    text = REFERENCE.read_text(encoding="utf-8")
    place = tmp_path / "day"
    place.mkdir()
    for name, content in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (place / name).write_text(content, encoding="utf-8")
    return place


def _told(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    main(["simulate", *map(str, arguments), "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_documented_example(folder, capsys):
    told = _told(capsys, folder)
    page = REFERENCE.read_text(encoding="utf-8")
    assert set(told) >= NEEDED and all(f"`{key}`" in page for key in told)
    assert (told["agents"], told["arrived"], told["en_route"], told["stuck"]) == (200, 200, 0, 0)
    assert told["link_moves"] == 400 and told["fundamental_diagram"] == "Weidmann"
    gate = told["queues"]["gate"]
    assert gate["served"] == 200 and all(f"`{key}`" in page for key in gate)
    assert told["last_arrival_s"] == pytest.approx(200 * 4 / 2 + 60, rel=0.1), "two lanes of four seconds each"


def test_until_leaves_people_on_their_way(folder, capsys):
    told = _told(capsys, folder, "--until", "200")
    assert told["simulated_s"] == 200 and told["en_route"] > 0
    assert told["agents"] == told["arrived"] + told["en_route"] + told["stuck"]


def test_the_same_seed_is_the_same_day(folder, capsys):
    days = [_told(capsys, folder, "--seed", seed) for seed in (1, 1, 2)]
    for day in days:
        for key in ("elapsed_s", "read_s", "seed"):
            day.pop(key)
    assert days[0] == days[1] != days[2]


def test_replications_are_rows_and_percentiles(folder, capsys):
    told = _told(capsys, folder, "--replications", "3", "--seed", "5")
    page = REFERENCE.read_text(encoding="utf-8")
    rows = told["replications"]
    assert [row["seed"] for row in rows] == [5, 6, 7]
    assert set(rows[0]) == {*ROW, "seed", "elapsed_s"} and all(f"`{key}`" in page or key in told for key in rows[0])
    waits = sorted(row["mean_lost_s"] for row in rows)
    assert told["P50"]["mean_lost_s"] == pytest.approx(waits[1]) and len(set(waits)) == 3
    assert rows[1] == {
        **_row(_told(capsys, folder, "--seed", "6", "--replications", "2")),
        "elapsed_s": rows[1]["elapsed_s"],
    }


def _row(told: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = told["replications"][0]
    return first


def test_files_are_the_documented_ones(folder, tmp_path, capsys):
    out = tmp_path / "out"
    told = _told(capsys, folder, "--out", out)
    assert {one.name for one in out.iterdir()} == OUT
    page = REFERENCE.read_text(encoding="utf-8").partition("## Files of")[2]
    for name in OUT - {"summary.json", "replay.html", "levels.geojson"}:
        if name.endswith(".csv"):
            headings = next(csv.reader((out / name).read_text(encoding="utf-8").splitlines()))
            line = next(line for line in page.splitlines() if line.startswith(f"| `{name}`"))
            assert all(f"`{heading}`" in line for heading in headings), name
    assert json.loads((out / "summary.json").read_text(encoding="utf-8")) == told
    assert "2026-11-06T08:00:00" in (out / "gates.csv").read_text(encoding="utf-8")


def test_what_a_person_reads(folder, capsys):
    main(["simulate", str(folder)])
    shown = capsys.readouterr().out
    assert "Two lanes, seed 0" in shown and "gate" in shown and "Walked by Weidmann" in shown


def test_warnings_go_to_standard_error(tmp_path, capsys):
    trips = "depart_s,origin,destination,colour\n0,station,hall,red\n"
    main(["simulate", str(write(tmp_path, trips=trips)), "--json"])
    caught = capsys.readouterr()
    assert "column 'colour' is not known" in caught.err and json.loads(caught.out)["warnings"]


def test_doubts_about_the_network_are_told(tmp_path, capsys):
    nodes = FILES["nodes.csv"] + "".join(f"lost-{n},junction,{n},5\n" for n in range(25))
    main(["simulate", str(write(tmp_path, nodes=nodes)), "--json"])
    caught = capsys.readouterr()
    doubts = json.loads(caught.out)["doubts"]
    assert len(doubts) == 25 and doubts[0] == {
        "kind": "isolated", "element": "lost-0", "words": "has no links", "others": [],
    }  # fmt: skip
    assert "network: lost-19: has no links" in caught.err and "network: 5 more doubts" in caught.err


def test_the_example_folder_is_small_and_everybody_gets_home(capsys):
    example = ROOT / "examples" / "concert-evening"
    assert sum(one.stat().st_size for one in example.iterdir()) <= 50_000
    told = _told(capsys, example)
    assert told["agents"] == told["arrived"] == 11_800
    assert (
        not told["warnings"]
        and not told["doubts"]
        and told["queues"]["gate-s"]["longest"] > 0
        and told["left_behind"] > 0
    )


@pytest.mark.parametrize(
    ("changed", "arguments", "told"),
    [
        ({"trips": "depart_s,origin\n1,station\n"}, (), "trips.csv: has no column destination"),
        ({"trips": FILES["trips.csv"] + "x,station,hall,,,\n"}, (), "trips.csv, row 5, column depart_s: 'x'"),
        ({}, ("--engine", "magic"), "--engine: 'magic'; allowed: agents, fluid"),
        ({}, ("--until", "-5"), "--until: -5; allowed"),
        ({}, ("--replications", "0"), "--replications: 0; allowed"),
        ({}, ("--seed", "-1"), "--seed: -1; allowed"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(tmp_path, capsys, changed, arguments, told):
    with pytest.raises(SystemExit) as caught:
        main(["simulate", str(write(tmp_path, **changed)), *arguments])
    lines = capsys.readouterr().err.strip().splitlines()
    assert caught.value.code == 2 and len(lines) == 1 and told in lines[0]


def test_no_folder(tmp_path, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["simulate", str(tmp_path / "none")])
    assert caught.value.code == 2 and "is not a folder" in capsys.readouterr().err


def _verified(monkeypatch, outcome: case.Outcome) -> None:
    one = case.Case("id", "Walking", "A person", "somebody", "s", lambda: outcome)
    monkeypatch.setattr("tminus.engines.crowd.verification.CASES", (one,))


def test_verify_tells_every_test(monkeypatch, capsys):
    _verified(monkeypatch, case.near(40.1, 40.0, 0.5))
    main(["verify", "crowd", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (told["passed"], told["failed"]) == (1, 0) and told["cases"][0]["measured"] == 40.1
    main(["verify", "crowd"])
    shown = capsys.readouterr().out
    assert "A person" in shown and "1 of 1 passed" in shown and "do not apply" in shown


def test_verify_fails_with_a_test(monkeypatch, capsys):
    _verified(monkeypatch, case.near(41.0, 40.0, 0.5))
    with pytest.raises(SystemExit) as caught:
        main(["verify", "crowd", "--markdown"])
    assert caught.value.code == 1 and "**fails**" in capsys.readouterr().out


def test_verify_knows_its_engines(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["verify", "moon"])
    assert caught.value.code == 2 and "allowed: crowd" in capsys.readouterr().err


@pytest.mark.slow
def test_a_day_of_an_event_folder_is_forecast_and_walked(capsys: pytest.CaptureFixture[str]) -> None:
    main(["simulate", str(ROOT / "examples" / "lanwan-expo"), "--day", "2026-11-07", "--until", "14400", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert 250_000 < told["agents"] < 350_000
    assert told["start"] == "2026-11-07T05:00:00"
    assert told["en_route"] > 0.1 * told["agents"]  # by nine many have set off
    assert told["stuck"] == 0
    assert set(told["queues"]) == {"gate-w", "gate-e", "gate-n", "gate-s"}
    assert any("registered" in line for line in told["warnings"])


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--day", "2026-13-07"], "--day: '2026-13-07'"),
        (["--day", "2026-11-07", "--sample", "200"], "--sample: 200; allowed: 0 … 199"),
        (["--sample", "1"], "--sample: 1; allowed: with --day or --scenario alone"),
    ],
)
def test_what_day_and_sample_allow_is_told(
    capsys: pytest.CaptureFixture[str], folder: Path, options: list[str], told: str
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["simulate", str(folder), *options])
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("services.csv", "line,from_node,to_node,from,to,headway_s,capacity_p\n1,far.1,end.1,05:00,09:00,-5,400\n",
         "services.csv, row 2, column headway_s: '-5'"),
        ("day_scenarios.json", '{"scenarios": [', "day_scenarios.json: "),
        ("day_scenarios.json",
         '{"scenarios": [{"id": "x", "name": {}, "day": "2026-11-06", "measures": '
         '[{"kind": "lanes", "element": "gate-q", "value": 3}]}]}',
         "day_scenarios.json, x, lanes, element: 'gate-q'; allowed: gate-a, gate-b"),
    ],
)  # fmt: skip
def test_a_folder_whose_days_cannot_be_walked_is_not_valid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, content: str, said: str
) -> None:
    folder = write_small_event(tmp_path / "small")
    main(["validate", str(folder)])
    assert "1 timetabled_lines" in capsys.readouterr().out
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["validate", str(folder)])
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
