"""Resources files: every form says the same, and what cannot be taken is named to the cell."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tminus.engines.schedule import Duration, Plan, Task, week_calendar
from tminus.engines.schedule.levelling import Mask, Mode, Need, Site, Step, Supply, SupplyKind
from tminus.formats.problems import BadFile, Rejected
from tminus.formats.resources_file import read_resources

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "resources.md"
TASKS = tuple(Task(id, id, duration=Duration(2400)) for id in ("T1", "T2"))
PLAN = Plan("p", TASKS, (), {"standard": week_calendar()}, "standard")


def _block(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)```", REFERENCE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def _read(tmp_path: Path, name: str, text: str):  # type: ignore[no-untyped-def]
    (tmp_path / name).write_text(text, "utf-8")
    return read_resources(tmp_path / name, PLAN)


def test_the_csv_example_of_the_reference_is_read(tmp_path: Path) -> None:
    found = _read(tmp_path, "r.csv", _block("csv"))
    step = Step(datetime(2026, 10, 1), datetime(2026, 10, 8), 2)
    assert found.supplies[0] == Supply("Riggers", units=6, steps=(step,))
    assert found.supplies[2] == Supply("Ann", kind=SupplyKind.PERSON, skills=("weld", "sign"))
    assert found.needs == (Need("T1", "Riggers", 4), Need("T1", "Crane", 1), Need("T2", "weld", 1))
    assert found.sites == (Site("Hall A", most_tasks=2),)
    night, always = ((0, 420), (1320, 1440)), ((0, 1440),)
    assert found.masks[0] == Mask("noise", (night,) * 7)  # type: ignore[arg-type]
    rain = found.masks[1]
    assert (rain.week, str(rain.start), str(rain.until)) == ((always,) * 7, "2026-09-03", "2026-09-04")
    assert [(mark.task, mark.mark) for mark in found.marks] == [("T1", "noise"), ("T1", "rain")]


def test_the_json_example_of_the_reference_is_read(tmp_path: Path) -> None:
    found = _read(tmp_path, "r.json", _block("json"))
    assert found.supplies[0].calendar == "two shifts"
    assert found.supplies[0].overtime_units == 2
    assert found.supplies[1].kind is SupplyKind.BUDGET
    assert found.modes == (Mode("T1", "usual"), Mode("T1", "fast", Duration(960), 9000))
    assert found.calendars["two shifts"].day_minutes == 960


def test_a_chinese_workbook_and_a_folder_say_the_same(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "r.xlsx"))
    rows = {"资源": [["资源", "类型", "数量"], ["起重机", "设备", 2]], "需求": [["任务", "资源"], ["T1", "起重机"]]}
    for name, table in rows.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    book.add_worksheet("somebody's own").write(0, 0, "?")
    book.close()
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "resources.csv").write_text("Resource,Kind,Capacity\n起重机,equipment,2\n", "utf-8")
    (tmp_path / "f" / "needs.csv").write_text("Task,Resource\nT1,起重机\n", "utf-8")
    assert read_resources(tmp_path / "r.xlsx", PLAN) == read_resources(tmp_path / "f", PLAN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Table,Resource,Kind\nresources,R,robot\n", ["row 2", "Kind", "'robot'", "crew (班组)"]),
        ("Table,Resource,Capacity\nresources,R,many\n", ["row 2", "Capacity", "'many'", "0 or more"]),
        ("Table,Resource,Capacity\nresources,R,-1\n", ["'-1'"]),
        ("Table,Resource\nteams,R\n", ["row 2", "'teams'", "Resources"]),
        ("Table,Mark,Hours\nmasks,noise,late\n", ["Hours", "'late'", "22:00-07:00"]),
        ("Table,Mark,Days\nmasks,noise,Funday\n", ["Days", "'Funday'", "Monday"]),
        ("Table,Resource,From,Until,Capacity\ncapacity,R,2026-01-01,2026-01-02,1\n", ["Resource", "'R'"]),
        ("Resource,From\nR,03/04/2026\n", ["row 2", "From", "2026-04-03"]),
        ("Task,Units\nT1,2\n", ["no table", "Resources"]),
        ("Table,Task,Resource\nresources,,R\nneeds,T9,R\n", ["'T9'"]),
        ("Table,Task,Resource\nresources,,R\nneeds,,R\n", ["row 3", "Task"]),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(BadFile) as error:
        _read(tmp_path, "r.csv", text)
    assert all(one in str(error.value) for one in [*said, "r.csv"])


@pytest.mark.parametrize("document", ["[1]", '{"crews": []}', '{"needs": 3}', "no"])
def test_json_of_another_form_is_refused(tmp_path: Path, document: str) -> None:
    with pytest.raises(BadFile, match="allowed"):
        _read(tmp_path, "r.json", document)


def test_every_wrong_value_is_named_at_once(tmp_path: Path) -> None:
    rows = [{"resource": "R", "capacity": "x"}, {"resource": "S", "kind": "y", "colour": 1}]
    with pytest.raises(Rejected) as error:
        _read(tmp_path, "r.json", json.dumps({"resources": rows}))
    assert {problem.column for problem in error.value.problems} == {"Capacity", "Kind", "colour"}
