"""``tminus schedule --risk`` as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tminus.cli import main

PLAN = (
    "ID,Task,Duration,Predecessors,Gate,Unit,Optimistic,Pessimistic\n"
    "A,Pave,10d,,,Works,9d,16d\nB,Paint,5d,A,,Works,,\nC,Open road,0d,B,yes,,,\n"
)
DRIVERS = "ID,Cause,Probability,Impact,Unit\npermits,Permits come late,30 %,1.5,Works\n"
DAYS = ["--opening", "2026-11-05", "--today", "2026-08-17"]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    (tmp_path / "plan.csv").write_text(PLAN)
    (tmp_path / "drivers.csv").write_text(DRIVERS)
    return str(tmp_path / "plan.csv"), str(tmp_path / "drivers.csv")


def answered(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main(["schedule", *arguments, *DAYS, "--json"])
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def test_the_document_gains_the_documented_keys(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    plan, drivers = files
    document = answered(capsys, plan, "--risk", "2000", "--drivers", drivers, "--buffer-days", "3")
    opening = document["checkpoints"][-1]
    assert {"p_ready", "p_ready_se", "expected_readiness", "p50", "p80", "p90", "due", "tasks"} <= set(opening)
    assert 0 < opening["p_ready"] < 1
    assert opening["p50"] <= opening["p80"] <= opening["p90"]
    assert set(document["criticality"]) == {"A", "B", "C"}
    assert document["criticality"]["C"] == 1
    (driver,) = document["drivers"]
    assert driver["id"] == "permits"
    assert driver["tasks"] == 2
    assert driver["cost_days"] > 0
    assert driver["p_ready_worst"] < driver["p_ready"] < driver["p_ready_without"]
    assert document["risk"]["samples"] == 2000


def test_the_same_seed_the_same_bytes(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    plan, drivers = files
    first, again, other = (
        answered(capsys, plan, "--risk", "500", "--drivers", drivers, "--seed", seed) for seed in ("3", "3", "4")
    )
    for document in (first, again, other):
        document["risk"].pop("elapsed_s")
        for name in [name for name in document if name.endswith("_s")]:
            document.pop(name)
    assert first == again != other


def test_buffered_plans_the_latest_dates_that_are_likely_enough(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    plan, drivers = files
    asked = [plan, "--drivers", drivers, "--policy", "buffered", "--target"]
    likely, likelier = (answered(capsys, *asked, target) for target in ("0.7", "0.95"))
    assert likely["buffer"]["reached"]
    assert 0 < likely["buffer"]["buffer_days"] < likelier["buffer"]["buffer_days"]
    starts = [next(row["start"] for row in document["tasks"] if row["id"] == "A") for document in (likely, likelier)]
    assert starts[1] < starts[0]
    assert likely["checkpoints"][-1]["p_ready"] == pytest.approx(likely["buffer"]["p_ready"], abs=0.04)


def test_people_read_tables(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    plan, drivers = files
    main(["schedule", plan, *DAYS, "--drivers", drivers])
    shown = capsys.readouterr().out
    for title in ("How likely", "What it hangs on", "Most often critical"):
        assert title in shown


def test_a_cause_that_names_no_task_of_the_plan_is_one_line(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    plan, drivers = files
    Path(drivers).write_text("ID,Impact,Tasks\npermits,2,Z9\n")
    with pytest.raises(SystemExit) as stopped:
        main(["schedule", plan, *DAYS, "--drivers", drivers])
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert "drivers.csv: cause 'permits': no task 'Z9'" in said
    assert said.count("\n") == 1
