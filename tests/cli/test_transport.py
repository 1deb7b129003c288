"""``tminus transport`` as people and scripts call it, on the example's files."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tminus.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "transport"
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "transport.md"
COMMANDS: dict[str, tuple[str, list[str], tuple[str, ...]]] = {
    "inflow": ("metro", [], ("inflow_caps.csv", "inflow_queues.csv", "inflow_arcs.csv", "inflow.json")),
    "headways": (
        "headways", ["--fleet", "14", "--trials", "3000", "--rounds", "5"],
        ("departures.csv", "vehicles.csv", "headways.json"),
    ),
    "shuttles": ("shuttles", ["--depot", "Yard"], ("trips.csv", "blocks.csv", "pieces.csv", "shuttles.json")),
    "supply": ("taxis.csv", ["--round-trip-min", "40"], ("supply.csv", "supply.json")),
}  # fmt: skip


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["transport", *arguments, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        main(["transport", *arguments])
    assert stopped.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert not any("Traceback" in line for line in lines)
    return lines[-1]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_document_has_the_documented_keys_and_files_are_written(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, options, files = COMMANDS[command]
    document = told(capsys, command, str(EXAMPLES / place), *options, "--out", str(tmp_path / "out"))
    page = REFERENCE.read_text(encoding="utf-8")
    assert all(f"`{key}`" in page for key in document)
    assert all(f"`{key}`" in page for key in document["proof"])
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(files)
    assert all(f"`{name}`" in page for name in files)
    assert document["proof"]["bound"] <= document["proof"]["value"] * (1 + 1e-9)
    main(["transport", command, str(EXAMPLES / place), *options])
    assert capsys.readouterr().out


def test_inflow_exceeds_nothing_where_greedy_does_and_its_caps_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = told(capsys, "inflow", str(EXAMPLES / "metro"), "--out", str(tmp_path))
    plan, nothing, greedy = document["policies"]
    assert plan["exceeded_arc_minutes"] == 0 < nothing["exceeded_arc_minutes"]
    assert greedy["exceeded_arc_minutes"] > 0
    assert plan["delay_person_min"] < 1.05 * greedy["delay_person_min"]
    rows = list(csv.DictReader((tmp_path / "inflow_caps.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == len(document["caps"]) > 20
    again = told(capsys, "inflow", str(EXAMPLES / "metro"), "--published", str(tmp_path / "inflow_caps.csv"))
    assert again["changes"] == []
    other = told(
        capsys, "inflow", str(EXAMPLES / "metro"), "--published", str(tmp_path / "inflow_caps.csv"),
        "--demand-factor", "0.5",
    )  # fmt: skip
    assert {one["now"] for one in other["changes"]} == {None}


@pytest.mark.slow
def test_demand_kept_as_arrays_is_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("stations.csv", "arcs.csv"):
        shutil.copy(EXAMPLES / "metro" / name, tmp_path / name)
    rows = list(csv.DictReader((EXAMPLES / "metro" / "od.csv").read_text(encoding="utf-8").splitlines()))
    names = sorted({row["From"] for row in rows} | {row["To"] for row in rows})
    persons = np.zeros((len(names), len(names), 72))
    for row in rows:
        hour, minute = map(int, row["Time"].split(":"))
        persons[names.index(row["From"]), names.index(row["To"]), (hour * 60 + minute - 360) // 15] += float(
            row["Persons"]
        )
    np.savez(tmp_path / "od.npz", persons=persons, stations=np.array(names), slot_min=15, first_min=360)
    arrays = told(capsys, "inflow", str(tmp_path))
    assert arrays["caps"] == told(capsys, "inflow", str(EXAMPLES / "metro"))["caps"]
    np.savez(tmp_path / "od.npz", persons=persons[:3], stations=np.array(names), slot_min=15)
    assert "od.npz, persons" in refused(capsys, "inflow", str(tmp_path))
    (tmp_path / "od.npz").write_bytes(b"PK none")
    assert "is no .npz of plain arrays" in refused(capsys, "inflow", str(tmp_path))


def test_inflow_is_planned_from_sample_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("stations.csv", "arcs.csv"):
        shutil.copy(EXAMPLES / "metro" / name, tmp_path / name)
    rows = list(csv.reader((EXAMPLES / "metro" / "od.csv").read_text(encoding="utf-8").splitlines()))
    days = [[*row[:3], str(float(row[3]) * busy), busy] for busy in (0.9, 1.0, 1.04) for row in rows[1:]]
    with (tmp_path / "od.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[*rows[0], "Path"], *days])
    document = told(capsys, "inflow", str(tmp_path), "--quantile", "0.9")
    plan, nothing, greedy = document["policies"]
    assert document["paths"] == plan["paths"] == 3
    assert plan["paths_kept"] >= 2 > greedy["paths_kept"] + nothing["paths_kept"]
    assert "allowed: between 0 and 1" in refused(capsys, "inflow", str(tmp_path), "--quantile", "1")


def test_supply_is_compared_on_every_path_and_spaces_are_planned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [str(EXAMPLES / "taxis.csv"), "--round-trip-min", "40", "--stay-min", "300"]
    document = told(capsys, "supply", *options, "--out", str(tmp_path))
    plan, nothing, greedy = document["policies"]
    assert [one["policy"] for one in document["policies"]] == ["plan", "do_nothing", "greedy"]
    assert plan["paths_kept"] >= 4 > greedy["paths_kept"] and plan["mean_wait_min"] < nothing["mean_wait_min"]
    assert document["simulated"]["paths_kept"] == plan["paths_kept"] and document["paths"] == 5
    assert document["most_spaces"] == max(row["spaces"] for row in document["slots"]) > 1000
    again = told(capsys, "supply", *options, "--published", str(tmp_path / "supply.csv"))
    assert again["changes"] == [] and again["policies"][3]["policy"] == "published"
    usual = told(capsys, "supply", *options[:3], "--usual", "500", "--published", str(tmp_path / "supply.csv"))
    assert usual["policies"][1]["most_vehicles"] == 500 and usual["most_spaces"] is None


@pytest.mark.slow
def test_plans_are_walked_again_before_they_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for command, near in (("headways", 0.15), ("shuttles", 0.1), ("inflow", 0.15)):
        place, options, _ = COMMANDS[command]
        walked = told(capsys, command, str(EXAMPLES / place), *options)["simulated"]
        assert walked["by"] == "crowd engine" and walked["persons"] > 10_000
        assert walked["simulated"] == pytest.approx(walked["planned"], rel=near)
        main(["transport", command, str(EXAMPLES / place), *options, "--no-simulate"])
        assert "simulated" in (said := capsys.readouterr().out) and "the plan's own recursion" in said


def test_shuttles_from_several_depots_and_sample_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(EXAMPLES / "shuttles", tmp_path / "files")
    rows = list(csv.reader((EXAMPLES / "shuttles" / "demand.csv").read_text(encoding="utf-8").splitlines()))
    with (tmp_path / "files" / "demand.csv").open("w", newline="", encoding="utf-8") as file:
        days = [[*row[:2], float(row[2]) * busy, busy] for busy in (0.8, 1.0, 1.2) for row in rows[1:]]
        csv.writer(file).writerows([[*rows[0], "Path"], *days])
    folder = str(tmp_path / "files")
    document = told(capsys, "shuttles", folder, "--depot", "Yard:20", "--depot", "Car park", "--quantile", "0.6")
    assert sum(document["depots"].values()) == document["vehicles"] and document["depots"]["Yard"] <= 20
    assert {block["depot"] for block in document["blocks"]} == {"Yard", "Car park"}
    assert document["proof"]["gap"] == 0 and 0 <= document["running_gap"] < 0.2
    kept = {row["policy"]: row["paths_kept"] for row in document["policies"]}
    assert kept == {"plan": 2, "greedy": 2, "line_by_line": 2, "do_nothing": 0}
    busier = told(capsys, "shuttles", folder, "--depot", "Yard", "--quantile", "0.99")
    assert busier["policies"][0]["paths_kept"] == 3 and busier["trips"] > document["trips"]


@pytest.mark.slow
def test_published_departures_and_trips_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("headways", "shuttles"):
        place, options, files = COMMANDS[command]
        told(capsys, command, str(EXAMPLES / place), *options, "--out", str(tmp_path))
        published = ["--published", str(tmp_path / files[0])]
        assert told(capsys, command, str(EXAMPLES / place), *options, *published)["changes"] is not None
    lines = (tmp_path / "trips.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "trips.csv").write_text("\n".join(lines[:-1]), encoding="utf-8")
    document = told(
        capsys, "shuttles", str(EXAMPLES / "shuttles"), "--depot", "Yard", "--published", str(tmp_path / "trips.csv")
    )
    assert [one["now"] for one in document["changes"]] == [1.0]
    (tmp_path / "deadheads.csv").write_bytes((EXAMPLES / "shuttles" / "deadheads.csv").read_bytes())
    assert told(capsys, "shuttles", str(tmp_path), "--depot", "Yard")["trips"] == document["trips"] - 1


@pytest.mark.parametrize(
    ("command", "file", "content", "says"),
    [
        ("inflow", "arcs.csv", "From,To,Travel min\nMill,Nowhere,3\n", "arcs.csv, row 2, column To: 'Nowhere'"),
        ("inflow", "arcs.csv", "From,To,Travel min\nMill,Mill,3\n", "another station than the first"),
        ("inflow", "arcs.csv", "From,To,Travel min\nMill,Square,-3\n", "column Travel min: '-3'"),
        ("inflow", "arcs.csv", "From,Travel min\n", "has no column headed To"),
        ("inflow", "arcs.csv", "From,To,Travel min\nMill,Square,3\n", "no way leads there"),
        ("inflow", "stations.csv", "ID,Most per min\nMill,0\n", "column Most per min: '0'"),
        ("inflow", "stations.csv", "ID,Kind\nMill,castle\n", "column Kind: 'castle'"),
        ("inflow", "od.csv", "Time,From,To,Persons\n25:99,Mill,Venue,3\n", "column Time: '25:99'"),
        ("inflow", "od.csv", "Time,From,To,Persons\n08:00,Mill,Venue,nan\n", "column Persons: 'nan'"),
        ("inflow", "od.csv", "Time,From,To,Persons\n", "no rows"),
        ("headways", "lines.csv", "Line,Capacity,Cycle min\nStation,x,30\n", "column Capacity: 'x'"),
        ("headways", "arrivals.csv", "Time,Line,Persons\n20:00,Moon,3\n", "column Line: 'Moon'"),
        (
            "headways",
            "arrivals.csv",
            "Time,Line,Persons\n20:00,Station,3\n20:07,Station,3\n20:10,Station,3\n",
            "one grid",
        ),
        ("shuttles", "deadheads.csv", "From,To,Minutes\nYard,Venue,-1\n", "column Minutes: '-1'"),
        ("shuttles", "deadheads.csv", "From,To,Minutes\nYard,Venue,5\n", "the depot does not serve all terminals"),
        ("shuttles", "trips.csv", "Trip,From,To,Departure,Arrival\n1,A,B,08:00,07:00\n", "after the departure"),
        ("shuttles", "lines.csv", "Line,From,To,Ride min,Capacity\nX,A,A,5,50\n", "another terminal"),
    ],
)
def test_what_cannot_be_taken_is_one_line(
    command: str, file: str, content: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, options, _ = COMMANDS[command]
    shutil.copytree(EXAMPLES / place, tmp_path / "files")
    (tmp_path / "files" / file).write_text(content, encoding="utf-8")
    assert says in refused(capsys, command, str(tmp_path / "files"), *options)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["inflow", "metro", "--demand-factor", "0"], "--demand-factor: 0"),
        (["inflow", "metro", "--capacity-share", "nan"], "--capacity-share: nan"),
        (["inflow", "metro", "--strict", "--demand-factor", "20"], "no plan keeps every capacity"),
        (["inflow", "nowhere"], "cannot be read"),
        (["headways", "headways", "--fleet", "0"], "--fleet: 0"),
        (["headways", "headways", "--fleet", "1"], "1 vehicles cannot keep the most headways"),
        (["shuttles", "shuttles", "--depot", "Moon"], "Moon and"),
        (["shuttles", "shuttles", "--depot", "Yard", "--depot", "Yard"], "--depot: 'Yard'"),
        (["shuttles", "shuttles", "--depot", "Yard:x"], "--depot: 'Yard:x'"),
        (["shuttles", "shuttles", "--depot", "Yard:2", "--depot", "Car park:1"], "Yard has 2, Car park has 1"),
        (["shuttles", "shuttles", "--depot", "Yard", "--quantile", "2"], "quantile: 2"),
        (["shuttles", "shuttles", "--depot", "Yard", "--fleet", "2"], "vehicles are needed, there are 2"),
        (["shuttles", "shuttles", "--depot", "Yard", "--load", "9"], "--load: 9"),
        (["supply", "taxis.csv", "--round-trip-min", "40", "--level", "1"], "level 1"),
        (["supply", "taxis.csv", "--round-trip-min", "40", "--fleet", "9"], "the fleet of 9 is too small"),
        (["supply", "taxis.csv", "--round-trip-min", "40", "--stay-min", "0"], "stay_min 0"),
        (["supply", "taxis.csv", "--round-trip-min", "40", "--stay-min", "9", "--per-car", "0"], "--per-car: 0"),
        (["supply", "nowhere.csv", "--round-trip-min", "40"], "cannot be read"),
        (["balloons"], "No such command"),
    ],
)
def test_options_that_cannot_be_are_one_line(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    place = [str(EXAMPLES / arguments[1])] if len(arguments) > 1 else []
    assert says in refused(capsys, arguments[0], *place, *arguments[2:])
