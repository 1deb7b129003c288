"""``tminus schedule`` with Primavera's files and options."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.formats.primavera.files import activity, link, table, xer
from tminus.cli import main

PAIR = Path(__file__).parents[1] / "formats" / "primavera" / "pair"


def scheduled(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    main(["schedule", *map(str, words), "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize("name", ["hall.xer", "hall.xml"])
def test_both_formats_are_scheduled_and_agree_with_their_own_dates(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = scheduled(capsys, PAIR / name)
    assert (found["opening"], found["today"]) == ("2026-06-12", "2026-06-01")
    assert set(found["agreement"].values()) == {4}
    rows = {row["id"]: row for row in found["tasks"]}
    assert rows["A1000"]["late_finish"] == "2026-06-03T17:00:00"
    assert rows["A1040"]["finish"] == rows["A1030"]["finish"]  # the level of effort spans what it is linked to


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """B began before A was done; a lag of two days on the weekend."""
    rows = [
        activity("A", 24),
        activity("B", 32, status_code="TK_Active", act_start_date="2026-05-28 08:00", remain_drtn_hr_cnt="16"),
        activity("C", 8, clndr_id="2"),
        activity("D", 40),
    ]
    path = tmp_path / "plan.xer"
    path.write_bytes(xer(rows, [link("A", "B"), link("D", "C", "FS", 16)]))
    return path


def test_options(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def early(*words: str) -> dict[str, tuple[str, bool]]:
        rows = scheduled(capsys, begun, "--policy", "asap", *words)["tasks"]
        return {row["id"]: (row["early_finish"][5:13], row["critical"]) for row in rows}

    assert early()["B"][0] == "06-05T17"
    assert early("--logic", "override")["B"][0] == "06-02T17"
    assert early()["C"][0] == "06-10T16"
    assert early("--lag-calendar", "successor")["C"][0] == "06-08T16"
    assert {id for id, (_, critical) in early("--longest-path").items() if critical} == {"C", "D"}
    assert early("--float", "start")["A"] == early("--float", "min")["A"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--logic", "loose"), "--logic: 'loose'; allowed: retained, override, actual_dates"),
        (("--lag-calendar", "mine"), "--lag-calendar: 'mine'; allowed: successor, predecessor, plan, clock"),
        (("--float", "most"), "--float: 'most'; allowed: start, finish, min"),
        (("--project", "SEA"), "plan.xer: project 'SEA'; allowed: EXPO"),
    ],
)
def test_words_that_are_none_of_an_options(
    begun: Path, words: tuple[str, str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["schedule", str(begun), *words])
    assert left.value.code == 2
    assert message in capsys.readouterr().err


def test_one_of_several_projects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"proj_id": "9", "proj_short_name": "EXPO", "scd_end_date": "2026-10-30 17:00"},
        {"proj_id": "10", "proj_short_name": "ROADS", "scd_end_date": "2026-10-30 17:00"},
    ]  # fmt: skip
    path = tmp_path / "both.xer"
    path.write_bytes(xer([activity("A"), activity("B", proj_id="10")], None, table("PROJECT", *rows)))
    with pytest.raises(SystemExit):
        main(["schedule", str(path)])
    assert "holds 2 projects: EXPO, ROADS; allowed: one (name it with --project)" in capsys.readouterr().err
    found = scheduled(capsys, path, "--project", "ROADS", "--today", "2026-06-01")
    assert [row["id"] for row in found["tasks"]] == ["B"]
