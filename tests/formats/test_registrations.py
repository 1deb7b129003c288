"""Registrations out of tables as people keep them; what cannot be taken is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tminus.engines.forecast.arrivals import Tickets
from tminus.formats.problems import BadFile, Rejected
from tminus.formats.registrations import COLUMNS, MOST_DAYS, RegistrationsFile, read_registrations

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "registrations.md").read_text(encoding="utf-8")
HEADS = "Registered,Visit date,Audience,Persons,Cancelled,Time slot\n"


def written(tmp_path: Path, text: str) -> RegistrationsFile:
    path = tmp_path / "registrations.csv"
    path.write_text(text, encoding="utf-8")
    return read_registrations(path)


def test_the_example_of_the_reference_page(tmp_path: Path) -> None:
    found = written(tmp_path, PAGE.split("```csv\n")[1].split("```")[0])
    table = found.registrations
    assert table.audiences == ("exhibitor", "buyer", "visitor", "group")
    assert table.visit_days == (date(2026, 11, 7), date(2026, 11, 8))
    assert table.held(date(2026, 6, 7)).sum() == 0
    assert table.held(date(2026, 9, 13)).tolist() == [[0, 0], [1271, 0], [0, 0], [46, 0]]
    assert table.held(date(2026, 11, 8)).tolist() == [[0, 12], [1240, 0], [0, 1], [46, 0]]
    assert found.slots == {date(2026, 11, 7): {540: 46.0}, date(2026, 11, 8): {810: 1.0}}


def test_tickets_are_those_held_at_the_end_of_the_day_asked(tmp_path: Path) -> None:
    rows = [
        "2026-09-01,2026-11-07,visitor,60,,09:00", "2026-09-01,2026-11-07,visitor,20,2026-10-01,09:00",
        "2026-09-05,2026-11-07,visitor,40,,", "2026-10-05,2026-11-07,visitor,100,,13:00-14:00",
        "2026-09-01,2026-11-07,buyer,50,,", "2026-09-01,2026-11-08,visitor,9,,10:00",
    ]  # fmt: skip
    found, visit = written(tmp_path, HEADS + "\n".join(rows) + "\n"), date(2026, 11, 7)
    assert found.tickets(visit, date(2026, 8, 31)) == ()
    assert found.tickets(visit, date(2026, 9, 3)) == (Tickets("visitor", 1.0, ((540, 80.0),)),)
    assert found.tickets(visit, date(2026, 9, 30)) == (Tickets("visitor", 80 / 120, ((540, 80.0),)),)
    assert found.tickets(visit, date(2026, 10, 2)) == (Tickets("visitor", 0.6, ((540, 60.0),)),)
    assert found.tickets(visit, visit) == (Tickets("visitor", 0.8, ((540, 60.0), (780, 100.0))),)
    assert found.tickets(date(2026, 11, 9), visit) == ()


def test_headings_are_documented() -> None:
    for code, names in COLUMNS.items():
        assert f"| `{code}` | {' · '.join(names)} |" in PAGE


def test_a_bare_yes_never_counted(tmp_path: Path) -> None:
    found = written(tmp_path, HEADS + "2026-09-01,2026-11-07,visitor,9,yes,\n2026-09-01,2026-11-07,visitor,3,,\n")
    assert found.registrations.held(date(2026, 9, 1)).tolist() == [[3.0]]


def test_a_workbook_with_chinese_headings(tmp_path: Path) -> None:
    path = tmp_path / "登记.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    dates = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["序号", "参观日期", "登记日期", "观众类别", "人数"])
    sheet.write_row(1, 0, [1])
    sheet.write_datetime(1, 1, date(2026, 11, 7), dates)
    sheet.write_datetime(1, 2, date(2026, 10, 1), dates)
    sheet.write_row(1, 3, ["采购商", 25])
    book.close()
    found = read_registrations(path).registrations
    assert (found.audiences, found.first, found.net.sum()) == (("buyer",), date(2026, 10, 1), 25)


@pytest.mark.parametrize(
    ("row", "column", "allowed"),
    [
        ("2026-09-01,,visitor,1,,", "Visit date", "a value"),
        ("soon,2026-11-07,visitor,1,,", "Registered", "2026-08-17"),
        ("2026-11-08,2026-11-07,visitor,1,,", "Registered", "not after the visit"),
        ("2026-09-01,2026-11-07,press,1,,", "Audience", "exhibitor, buyer, visitor, group"),
        ("2026-09-01,2026-11-07,visitor,-3,,", "Persons", "a whole number"),
        ("2026-09-01,2026-11-07,visitor,2.5,,", "Persons", "a whole number"),
        ("2026-09-01,2026-11-07,visitor,nan,,", "Persons", "a whole number"),
        ("2026-09-01,2026-11-07,visitor,1e99,,", "Persons", "a whole number"),
        ("2026-09-01,2026-11-07,visitor,1,2026-08-01,", "Cancelled", "not before the registration"),
        ("2026-09-01,2026-11-07,visitor,1,perhaps,", "Cancelled", "the day it was cancelled"),
        ("2026-09-01,2026-11-07,visitor,1,,noon", "Time slot", "09:00"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, row: str, column: str, allowed: str) -> None:
    with pytest.raises(Rejected) as error:
        written(tmp_path, f"{HEADS}2026-09-01,2026-11-07,visitor,1,,\n{row}\n")
    problem = error.value.problems[0]
    assert (problem.file, problem.row, problem.column) == ("registrations.csv", 3, column)
    assert allowed in problem.allowed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Visit date,Persons\n2026-11-07,3\n", "no column headed Registered or 登记日期"),
        (HEADS, "no registrations"),
        (HEADS + "1990-01-01,2026-11-07,visitor,1,,\n", f"at most {MOST_DAYS}"),
        ("", "is empty"),
    ],
)
def test_what_is_no_such_table(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        written(tmp_path, text)


def test_a_file_whose_every_row_is_wrong_ends_soon(tmp_path: Path) -> None:
    with pytest.raises(Rejected) as error:
        written(tmp_path, HEADS + "never,never,nobody,none,,\n" * 5000)
    assert len(error.value.problems) == 1000
