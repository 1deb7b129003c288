"""``tminus schedule`` with reported progress, and with conflicts: what the document and the table say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tminus.cli import main

PLAN = (
    "ID,Task,Duration,Predecessors,Unit,Phase,Gate\nP,Permit,10d,,office,approval,\n"
    "A,Build,10d,P,works,,\nB,Fit out,10d,A,works,,yes\nC,Signs,3d,,works,,\n"
)
PROGRESS = "ID,Actual start,Actual finish,Remaining\nP,2026-08-03,,4d\nA,2026-08-12,,8d\nC,2026-08-03,2026-08-06,\n"


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    (tmp_path / "plan.csv").write_text(PLAN)
    (tmp_path / "progress.csv").write_text(PROGRESS)
    return ["schedule", str(tmp_path / "plan.csv"), "--opening", "2026-09-14", "--today", "2026-08-17",
            "--progress", str(tmp_path / "progress.csv")]  # fmt: skip


def document(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    main([*arguments, "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_progress_adds_earned_schedule_and_work_out_of_sequence(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = document(capsys, *given)
    assert found["out_of_sequence"] == [
        {"task": "A", "waits_for": "P", "link": "FS", "since": "2026-08-12T09:00:00",
         "finish": "2026-09-01T17:00:00", "finish_override": "2026-08-26T17:00:00"}
    ]  # fmt: skip
    earned = found["earned_schedule"]
    assert earned["earned"] == pytest.approx((6 + 2 + 3) / 33, abs=1e-6)
    assert set(earned) == {"planned", "earned", "actual_days", "earned_days", "sv_t_days", "spi_t",
                           "planned_finish", "ieac_t"}  # fmt: skip
    assert earned["sv_t_days"] == pytest.approx(earned["earned_days"] - earned["actual_days"], abs=1e-3)
    assert "reforecast" not in found


def test_a_baseline_is_what_progress_is_held_against(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tmp_path / "base.csv"
    base.write_text("ID,Task,Start,Finish\nP,Permit,2026-08-03,2026-08-14\nB,Fit out,2026-08-31,2026-09-11\n")
    found = document(capsys, *given, "--baseline", str(base))["earned_schedule"]
    assert found["planned"] == pytest.approx(0.5) and found["earned"] == pytest.approx(0.3)
    assert found["planned_finish"] == "2026-09-11T17:00:00"


def test_with_risk_what_was_learned_is_told(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, *given, "--risk", "300")["reforecast"]
    assert set(found) == {"factors", "checkpoints", "ends", "deterministic"}
    assert [(one["unit"], one["kind"], one["finished"], one["running"]) for one in found["factors"]] == [
        ("office", "approval", 0, 1),
        ("works", "standard", 1, 1),
    ]
    assert found["ends"]["p10"] <= found["ends"]["p50"] <= found["ends"]["p90"]
    assert [one["date"] for one in found["checkpoints"]][-1] == "2026-09-14"


def test_a_conflict_says_why_and_what_would_help(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = document(capsys, *given)["conflicts"]
    assert [one["kind"] for one in found["because"]] == ["gaps", "link", "link", "limit"]
    assert found["met"] is True
    assert found["repairs"][0] == {
        "how": "overlap", "task": "B", "before": "A", "days": 2.0, "gained_days": 2.0, "meets": True,
    }  # fmt: skip
    assert found["together"] == found["repairs"][:1]


def test_the_table_says_it_in_words(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([*given, "--risk", "100"])
    said = " ".join(capsys.readouterr().out.split())
    assert "+2 d begin B 2 d before A is finished" in said
    assert "SPI(t)" in said and "learned from progress: gates done" in said
    assert "A since 2026-08-12 before FS P allowed it" in said


def test_a_plan_in_time_says_nothing_of_repairs(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    given[given.index("--opening") + 1] = "2026-12-01"
    assert document(capsys, *given)["conflicts"] == []
