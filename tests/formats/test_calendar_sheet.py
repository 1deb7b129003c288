"""A workbook that names calendars says on a sheet of its own when they work."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tminus.engines.schedule import Plan, Task, country_calendar, week_calendar
from tminus.formats.assignment_book import Book, read_book
from tminus.formats.book_writer import book_xlsx

BOOK = Path("book.xlsx")
HEAD = ["Calendar", "Day", "Hours", "Known as"]


def workbook(rows: list[list[Any]], calendar: str = "crane", head: list[str] | None = None) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    day = made.add_format({"num_format": "yyyy-mm-dd"})
    for name, table in (
        ("Tasks", [["ID", "Task", "Calendar"], ["1", "Lift", calendar]]),
        ("Calendars", [head or HEAD, *rows]),
    ):
        sheet = made.add_worksheet(name)
        for number, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, column, value, day)
                else:
                    sheet.write(number, column, value)
    made.close()
    return target.getvalue()


def read(content: bytes, **more: Any) -> Book:
    return read_book(BOOK, content=content, **more)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_calendars_written_read_back_with_names_holidays_and_what_is_provisional(language: Any) -> None:
    calendars = {
        "night": week_calendar("night", name="Night shift", working_weekdays=range(7), hours=((0, 360), (1320, 1440))),
        "CN": country_calendar("CN", [2026, 2027]),
    }
    plan = Plan("book", (Task("1", "Pave", calendar="night"),), (), calendars, "CN", source="xlsx")
    found = read(book_xlsx(plan, language=language)).checked()
    assert found == replace(plan, tasks=found.tasks)
    assert found.calendars["CN"].provisional_years == {2027}
    assert found.tasks[0].calendar == "night"


def test_a_sheet_kept_by_hand() -> None:
    rows = [
        ["crane", "Monday", "8:00–12:00, 13:00–17:00", "Crane crew"],
        ["crane", "周二", "08:00-12:00；13:00-17:00"],
        ["crane", datetime(2026, 10, 5), "off"],
        ["crane", "2026-10-10", "9:00-15:00"],
    ]
    book = read(workbook(rows))
    assert book.notes == ()
    calendar = book.checked().calendars["crane"]
    assert calendar.name == "Crane crew"
    assert calendar.week == (((480, 720), (780, 1020)),) * 2 + ((),) * 5
    assert calendar.exceptions == {date(2026, 10, 5): (), date(2026, 10, 10): ((540, 900),)}
    assert book.plan.default_calendar == "crane"


def test_calendars_given_come_first_and_hold_against_the_sheets() -> None:
    rows = [["crane", "Monday", "08:00-12:00"], ["standard", "Monday", "00:00-24:00"]]
    given = {"standard": week_calendar("standard")}
    plan = read(workbook(rows), calendars=given).checked()
    assert plan.default_calendar == "standard"
    assert plan.calendars["standard"] == given["standard"]
    assert list(plan.calendars) == ["standard", "crane"]


@pytest.mark.parametrize(
    ("row", "column", "allowed"),
    [
        (["crane", "Someday", "08:00-12:00"], "Day", "Monday … Sunday"),
        (["crane", "Monday", "morning"], "Hours", "08:00-12:00, 13:00-17:00 in order"),
        (["crane", "Monday", "12:00-08:00"], "Hours", "in order within one day"),
        (["crane", "Monday", "08:00-10:00, 09:00-11:00"], "Hours", "in order within one day"),
        (["crane", "Monday", "08:00-25:00"], "Hours", "in order within one day"),
        (["crane", "provisional", "soon"], "Hours", "years like 2027 2028"),
        (["crane", "Monday", "off"], "Hours", "it never works"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_row(row: list[str], column: str, allowed: str) -> None:
    problem = read(workbook([row])).problems[0]
    assert (problem.sheet, problem.column) == ("Calendars", column)
    assert allowed in problem.allowed
    assert problem.row == (0 if "never" in allowed else 2)


def test_a_sheet_of_tasks_may_be_called_calendars() -> None:
    content = workbook([["2", "Unload", ""]], calendar="", head=["ID", "Task", "Notes"])
    assert [task.name for task in read(content).checked().tasks] == ["Lift", "Unload"]
