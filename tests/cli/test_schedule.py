"""``tminus schedule`` and ``tminus validate`` as people and scripts call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tminus.cli import GROUPS, main, overview

LANWAN = Path(__file__).parents[2] / "examples" / "lanwan-expo"
PLAN = "ID,Task,Duration,Predecessors,Gate\nA,Pave,10d,,\nB,Paint,5d,A,\nC,Open road,0d,B,yes\n"
DAYS = ["--opening", "2026-11-05", "--today", "2026-08-17"]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.csv"
    path.write_text(PLAN)
    return path


def failed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a user's mistake says: exit code 2 and one line."""
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    assert stopped.value.code == 2
    assert said.err.startswith("tminus: ")
    assert said.err.count("\n") == 1
    return said.err


def test_json_has_the_documented_keys(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", str(plan), *DAYS, "--json"])
    document = json.loads(capsys.readouterr().out)
    assert {"opening", "today", "policy", "tasks", "checkpoints", "conflicts", "elapsed_s"} <= set(document)
    last = {row["id"]: row for row in document["tasks"]}
    assert last["B"]["finish"] == "2026-11-04T17:00:00"
    assert last["A"]["finish"] == "2026-10-28T17:00:00"
    assert {
        "id", "name", "start", "finish", "early_start", "early_finish", "late_start", "late_finish",
        "forecast_finish", "total_float_days", "free_float_days", "critical", "status",
    } <= set(last["A"])  # fmt: skip
    assert {"date", "t_minus", "due", "done", "at_risk", "failed", "tasks"} <= set(document["checkpoints"][0])
    assert document["checkpoints"][0]["t_minus"] % 10 == 0


def test_people_read_a_table(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", str(plan), *DAYS])
    shown = capsys.readouterr().out
    assert "Checkpoints" in shown
    assert "Least float" in shown


def test_out_writes_the_documented_files_which_read_back(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["schedule", str(plan), *DAYS, "--json", "--out", str(tmp_path / "out")])
    first = json.loads(capsys.readouterr().out)
    names = {file.name for file in (tmp_path / "out").iterdir()}
    assert names == {
        "schedule.json", "schedule.xlsx", "schedule.csv", "schedule.xml", "schedule.ics", "checkpoints.csv",
        "schedule.xer", "schedule-p6.xml",
    }  # fmt: skip
    for name in ("schedule.xlsx", "schedule.csv", "schedule.xml", "schedule.xer", "schedule-p6.xml"):
        main(["schedule", str(tmp_path / "out" / name), *DAYS, "--json"])
        again = json.loads(capsys.readouterr().out)
        assert [(t["id"], t["start"], t["finish"]) for t in again["tasks"]] == [
            (t["id"], t["start"], t["finish"]) for t in first["tasks"]
        ]


def test_a_circle_of_links_exits_2_with_the_circle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("ID,Task,Predecessors\nA,a,B\nB,b,A\n")
    with pytest.raises(SystemExit) as stopped:
        main(["schedule", str(path), *DAYS, "--json"])
    said = capsys.readouterr()
    document = json.loads(said.out)
    assert stopped.value.code == 2
    assert document["tasks"] == []
    assert document["conflicts"][0]["reason"] == "cycle"
    assert {"A", "B"} <= set(document["conflicts"][0]["chain"])
    assert said.err.count("\n") == 1


def test_an_infeasible_plan_exits_0_with_its_conflicts(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", str(plan), "--opening", "2026-08-20", "--today", "2026-08-17", "--json"])
    conflicts = json.loads(capsys.readouterr().out)["conflicts"]
    assert conflicts
    assert conflicts[0]["short_by_days"] > 0


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (["--opening", "03/04/2026"], "03/04/2026"),
        (["--opening", "soon"], "soon"),
        (["--policy", "never"], "never"),
        (["--risk", "0"], "--risk: 0"),
        (["--optimise", "5"], "assigns no resources"),
        (["--resources", "r.csv"], "r.csv: cannot be read"),
        (["--drivers", "d.csv"], "d.csv"),
        (["--risk", "9", "--seed", "-1"], "--seed: -1"),
        (["--risk", "9", "--policy", "buffered", "--target", "2"], "target 2"),
        (["--buffer-days", "nan"], "nan"),
        (["--buffer-days", "-1"], "-1"),
        (["--checkpoint-days", "0"], "checkpoint-days"),
        (["--checkpoint-days", "x"], "checkpoint-days"),
        (["--calendar", "XX"], "XX"),
        (["--baseline", "none.csv"], "none.csv"),
        (["--progress", "none.csv"], "none.csv"),
        (["--mapping", "none.json"], "none.json"),
        (["--colour", "red"], "--colour"),
    ],
)
def test_a_mistake_is_one_line(plan: Path, capsys: pytest.CaptureFixture[str], extra: list[str], named: str) -> None:
    assert named in failed(capsys, "schedule", plan, *DAYS, *extra)


def test_no_opening_exits_2(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--opening" in failed(capsys, "schedule", plan, "--today", "2026-08-17")


def test_an_event_folder_is_a_plan_file(capsys: pytest.CaptureFixture[str]) -> None:
    main(["schedule", str(LANWAN), "--today", "2026-08-17", "--json"])
    document = json.loads(capsys.readouterr().out)
    assert document["opening"] == "2026-11-05"
    assert len(document["tasks"]) > 500
    assert any(row["status"] == "done" for row in document["tasks"])


def test_validate_names_every_value(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", str(LANWAN), "--json"])
    assert json.loads(capsys.readouterr().out)["valid"] is True
    (tmp_path / "event.json").write_bytes((LANWAN / "event.json").read_bytes())
    (tmp_path / "units.csv").write_text("id,name_en,kind\nA,,palace\n")
    with pytest.raises(SystemExit) as stopped:
        main(["validate", str(tmp_path), "--json"])
    document = json.loads(capsys.readouterr().out)
    assert stopped.value.code == 2
    assert {(p["file"], p["row"], p["column"], p["value"]) for p in document["problems"]} == {
        ("units.csv", 2, "name_en", ""),
        ("units.csv", 2, "kind", "palace"),
    }


def test_an_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert "schedule" in failed(capsys, "frobnicate")


def test_the_overview_and_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--version"])
    assert capsys.readouterr().out.startswith("tminus ")
    assert all(name in overview() for name in GROUPS)
