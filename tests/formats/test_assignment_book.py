"""Assignment books as people keep them."""

from __future__ import annotations

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from tminus.engines.schedule import Duration, Link, LinkKind, TaskKind
from tminus.formats.assignment_book import read_book
from tminus.formats.book_writer import book_csv, template_xlsx
from tminus.formats.columns import COLUMNS, ColumnMapping
from tminus.formats.problems import BadFile, Rejected

BOOK = Path("book.csv")


def csv(text: str) -> bytes:
    return text.encode()


def test_chinese_headings_under_title_rows() -> None:
    content = csv("展会任务书,,,\n2026年8月,,,\n编号,任务,工期,前置任务\n1,铺路,5天,\n2,划线,2天,1FS+1天\n")
    plan = read_book(BOOK, content=content).checked()
    assert [task.name for task in plan.tasks] == ["铺路", "划线"]
    assert plan.links == (Link("1", "2", LinkKind.FS, Duration(480)),)


@pytest.mark.parametrize("code", COLUMNS)
def test_every_heading_in_both_languages_is_recognised(code: str) -> None:
    for heading in COLUMNS[code]:
        heads = [heading] if code in ("name", "name_zh", "name_en") else ["Task", heading]
        book = read_book(BOOK, content=csv(",".join(heads) + "\nx" + "," * (len(heads) - 1) + "\n"))
        assert book.mapping.fields.get(code) == heading


def test_a_mapping_is_kept_as_json_and_states_the_order_of_dates() -> None:
    mapping = ColumnMapping({"name": "What", "start": "From"}, "dmy")
    again = ColumnMapping.from_json(json.loads(json.dumps(mapping.as_json())))
    [task] = read_book(BOOK, content=csv("What,From\nPave,03/04/2026\n"), mapping=again).checked().tasks
    assert task.start == datetime(2026, 4, 3, 9)
    with pytest.raises(BadFile):
        read_book(BOOK, content=csv("What,From\nPave,03/04/2026\n"))
    with pytest.raises(ValueError, match="allowed: id, name"):
        ColumnMapping.from_json({"fields": {"colour": "C"}})


@pytest.mark.parametrize(
    "content",
    [
        "ID,Task,Parent\nA,All,\nB,Part,A\nC,Leaf,B\n",
        "ID,Task,Outline level\nA,All,1\nB,Part,2\nC,Leaf,3\n",
        "ID,Task,WBS\nA,All,1\nB,Part,1.1\nC,Leaf,1.1.1\n",
    ],
)
def test_the_outline_by_parent_level_or_wbs(content: str) -> None:
    plan = read_book(BOOK, content=csv(content)).checked()
    assert [(task.id, task.parent) for task in plan.tasks] == [("A", None), ("B", "A"), ("C", "B")]
    assert [task.kind for task in plan.tasks] == [TaskKind.SUMMARY, TaskKind.SUMMARY, TaskKind.TASK]


def test_the_outline_by_indentation_in_a_workbook_of_two_sheets() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, rows in (("East", ["All", "  Part"]), ("West", ["Other"])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["ID", "Task"])
            for number, text in enumerate(rows, start=1):
                sheet.write_row(number, 0, [f"{name}{number}", text])
        book.add_worksheet("Notes").write(0, 0, "nothing here")
    found = read_book(Path("book.xlsx"), content=target.getvalue())
    assert [(task.id, task.parent) for task in found.checked().tasks] == [
        ("East1", None),
        ("East2", "East1"),
        ("West1", None),
    ]
    assert found.notes == ("sheet Notes: no Task column, left out",)


@pytest.mark.parametrize(
    ("rows", "row", "column", "value"),
    [
        ("A,x,5q,,,,", 2, "Duration", "5q"),
        ("A,x,1d,Z,,,", 2, "Predecessors", "Z"),
        ("A,x,1d,A,,,", 2, "Predecessors", "A"),
        ("A,x,1d,,Q,,", 2, "Parent", "Q"),
        ("A,x,1d,,A,,", 2, "Parent", "A"),
        ("A,x,1d,,,03/04/2026,", 2, "Start", "03/04/2026"),
        ("A,x,1d,,,,200", 2, "Progress", "200"),
        ("A,x,1d,,,,\n\nA,y,1d,,,,", 4, "ID", "A"),
        ("A,x,1d,,B,,\nB,y,1d,,A,,", 2, "Parent", "B"),
        ("A,,1d,,,,", 2, "Task", ""),
    ],
)
def test_a_value_that_cannot_be_taken_is_named(rows: str, row: int, column: str, value: str) -> None:
    content = csv("ID,Task,Duration,Predecessors,Parent,Start,Progress\n" + rows + "\n")
    with pytest.raises(Rejected) as caught:
        read_book(BOOK, content=content).checked()
    problem = caught.value.problems[0]
    assert (problem.file, problem.row, problem.column, problem.value) == ("book.csv", row, column, value)
    assert problem.allowed


def test_all_that_is_wrong_is_listed() -> None:
    book = read_book(BOOK, content=csv("ID,Task,Duration\nA,x,1q\nB,y,2q\nC,z,3d\n"))
    assert [problem.row for problem in book.problems] == [2, 3]


def test_a_formula_is_text_in_every_file_we_write() -> None:
    plan = read_book(BOOK, content=csv("ID,Task,Notes\n=1+1,\"=cmd|'/C calc'!A0\",@x\n")).checked()
    cells = book_csv(plan).decode("utf-8-sig").splitlines()[1].split(",")
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]
    assert read_book(BOOK, content=book_csv(plan)).checked().tasks == plan.tasks


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_template_is_a_book_without_tasks(language: str) -> None:
    book = read_book(Path("template.xlsx"), content=template_xlsx(language))  # type: ignore[arg-type]
    assert not book.plan.tasks
    assert not book.problems
    assert {"id", "name", "duration", "predecessors", "deadline", "gate"} <= set(book.mapping.fields)


@pytest.mark.slow
def test_fifty_thousand_rows_are_read_with_progress() -> None:
    rows = "".join(f"T{n},Task {n},3d,{f'T{n - 1}' if n % 7 else ''}\n" for n in range(50_000))
    told: list[tuple[int, int]] = []
    plan = read_book(BOOK, content=csv("ID,Task,Duration,Predecessors\n" + rows), told=lambda d, t: told.append((d, t)))
    assert len(plan.checked().tasks) == 50_000
    assert told[-1] == (50_000, 50_000)
    assert len(told) > 10


def test_the_task_mode_of_ms_project_is_understood() -> None:
    content = csv("Task,Task mode,Active\nA,Manually Scheduled,Yes\nB,自动计划,No\nC,,\n")
    tasks = read_book(BOOK, content=content).checked().tasks
    assert [(task.manual, task.active) for task in tasks] == [(True, True), (False, False), (False, True)]
    [problem] = read_book(BOOK, content=csv("Task,Task mode\nA,perhaps\n")).problems
    assert "Manually Scheduled, Auto Scheduled" in problem.allowed
