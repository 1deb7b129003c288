"""``baselines.csv`` of an event folder: out and in again, and what cannot be taken."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tminus.engines.schedule import Baseline
from tminus.formats.event_folder.baselines import baselines_in, table_of
from tminus.formats.event_folder.folder import Rows, read_folder, read_folder_plan, rows_csv, table_rows, write_folder
from tminus.formats.problems import Rejected

AT = datetime(2026, 6, 1, 8)
AGREED = (
    Baseline(0, {"A": (AT, AT), "B": (None, datetime(2026, 6, 2))}),
    Baseline(4, {"GONE": (AT, None)}, "As contracted, 合同"),
)
EVENT = """{"schema": "tminus-event/1", "id": "e", "name": {"en": "E"}, "timezone": "Asia/Shanghai",
 "opening": "2026-11-05", "closing": "2026-11-10"}"""


def rows(text: str) -> Rows:
    return table_rows(Path("baselines.csv"), text.encode())


def folder(path: Path, baselines: bytes) -> Path:
    (path / "event.json").write_text(EVENT)
    (path / "plan.csv").write_text("ID,Task\nA,Site\nB,Pave\n")
    (path / "baselines.csv").write_bytes(baselines)
    return path


def written() -> bytes:
    heads, lines = table_of(AGREED)
    return rows_csv(Rows(heads, tuple(dict(zip(heads, line, strict=True)) for line in lines)))


def test_out_and_in_again() -> None:
    assert baselines_in(table_rows(Path("baselines.csv"), written())) == (AGREED, [])


def test_a_folder_keeps_its_file_and_its_plan_has_them(tmp_path: Path) -> None:
    read = read_folder(folder(tmp_path, written()))
    assert read.plan is not None
    assert read.plan.baselines == AGREED
    assert read_folder_plan(tmp_path).baselines == AGREED
    write_folder(read, tmp_path / "again")
    assert (tmp_path / "again" / "baselines.csv").read_bytes() == written()


def test_what_cannot_be_taken_is_told_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match=r"baselines\.csv, row 2, column Start"):
        read_folder(folder(tmp_path, b"Baseline,Name,ID,Start,Finish\n0,,A,soon,\n"))


@pytest.mark.parametrize(
    ("row", "column", "allowed"),
    [
        ("one,,A,2026-06-01 08:00,", "Baseline", "a whole number, 0 to 1000"),
        ("1001,,A,2026-06-01 08:00,", "Baseline", "a whole number, 0 to 1000"),
        ("0,Other,B,2026-06-01 08:00,", "Name", "the same in all rows"),
        ("0,,,2026-06-01 08:00,", "ID", "once in each baseline"),
        ("0,,A,2026-06-01 08:00,", "ID", "once in each baseline"),
        ("0,,B,,", "Start", "a start, a finish, or both"),
        ("0,,B,,1 June", "Finish", "a date like"),
        ("0,,B,2026-06-02,2026-06-01", "Finish", "not before Start"),
    ],
)
def test_each_wrong_value_is_told(row: str, column: str, allowed: str) -> None:
    _, problems = baselines_in(rows(f"Baseline,Name,ID,Start,Finish\n0,,A,2026-06-01,\n{row}\n"))
    assert [(one.row, one.column) for one in problems] == [(3, column)]
    assert allowed in problems[0].allowed


def test_a_missing_column_is_told() -> None:
    _, problems = baselines_in(rows("Baseline,Name,ID,Start\n"))
    assert [(one.column, one.allowed) for one in problems] == [("Finish", "a column of this name")]
