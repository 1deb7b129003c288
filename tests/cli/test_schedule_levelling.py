"""``tminus schedule --resources``."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tminus.cli import main

PLAN = """ID,Task,Duration,Predecessors,Place
A,Truss,2d,,Hall
B,Screens,2d,,Hall
C,Rehearsal,1d,"A, B",Hall
"""
CREW = "Table,Resource,Task\nresources,crew,\nneeds,crew,A\nneeds,crew,B\n"
WHEN = ["--opening", "2026-11-05", "--today", "2026-10-12"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "plan.csv").write_text(PLAN, "utf-8")
    (tmp_path / "crew.csv").write_text(CREW, "utf-8")
    return [str(tmp_path / "plan.csv"), *WHEN, "--resources", str(tmp_path / "crew.csv")]


def test_levelled_dates_stand_beside_the_planned_ones(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    main(["schedule", *files, "--json", "--out", str(out)])
    document = json.loads(capsys.readouterr().out)
    by_id = {task["id"]: task for task in document["tasks"]}
    assert by_id["A"]["finish"] == by_id["B"]["finish"] == "2026-11-03T17:00:00"
    assert sorted(by_id[id]["levelled_finish"] for id in "AB") == ["2026-10-30T17:00:00", "2026-11-03T17:00:00"]
    section = document["levelling"]
    assert (section["proved"], section["faults"], section["value"]["gates_late"]) == (True, [], 0)
    loads = list(csv.DictReader((out / "histogram.csv").read_text("utf-8-sig").splitlines()))
    assert max(float(row["After"]) for row in loads) == 1
    assert sum(float(row["Overload before (h)"]) for row in loads) == 16
    assert {file.name for file in out.iterdir()} >= {"levelling.csv", "levelled.xlsx", "levelled.xml", "schedule.xml"}


def test_the_table_names_what_binds(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", *files, "--optimise", "0.1"])
    shown = capsys.readouterr().out
    assert "Levelled" in shown
    assert "proved" in shown
    assert "crew" in shown


def test_the_same_seed_prints_the_same(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    documents = []
    for _ in range(2):
        main(["schedule", *files, "--json", "--seed", "3"])
        document = json.loads(capsys.readouterr().out)
        for measured in ("elapsed_s", "tables_s"):
            document.pop(measured, None)
        document["levelling"].pop("elapsed_s")
        documents.append(document)
    assert documents[0] == documents[1]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "1e9"])
def test_seconds_out_of_range_are_refused(files: list[str], seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["schedule", *files, f"--optimise={seconds}"])
    assert stopped.value.code == 2
    assert "--optimise" in capsys.readouterr().err
