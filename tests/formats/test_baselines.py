"""Baselines in assignment books: which one is written, with the difference, and read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tminus.engines.schedule import Baseline, Duration, Plan, Task, week_calendar
from tminus.formats.assignment_book import read_book
from tminus.formats.baselines import days_late
from tminus.formats.book_writer import book_csv, book_rows, book_xlsx
from tminus.formats.problems import Rejected

WEEK = week_calendar("standard", hours=((540, 1020),))
A, B = datetime(2026, 6, 1, 9), datetime(2026, 6, 3, 17)
PLAN = Plan(
    "p",
    (Task("A", "a", duration=Duration(480), start=A, finish=B), Task("B", "b", duration=Duration(480))),
    calendars={"standard": WEEK},
    default_calendar="standard",
)
THEN = Baseline(0, {"A": (A, datetime(2026, 6, 1, 17))})
CONTRACT = Baseline(2, {"A": (A, datetime(2026, 6, 5, 5)), "B": (None, B)}, "As contracted")


def test_the_first_with_a_name_else_the_first() -> None:
    assert PLAN.main_baseline() is None
    assert replace(PLAN, baselines=(Baseline(3, {}), THEN)).main_baseline() is THEN
    assert replace(PLAN, baselines=(THEN, CONTRACT)).main_baseline() is CONTRACT


def test_days_count_the_calendar_and_say_who_is_behind() -> None:
    assert days_late(B, datetime(2026, 6, 1, 17)) == 2.0
    assert days_late(B, datetime(2026, 6, 5, 5)) == -1.5
    assert days_late(B, None) is None


def test_a_plan_without_baseline_has_no_such_columns() -> None:
    assert book_rows(PLAN)[0] == []


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("write", "name"), [(book_csv, "book.csv"), (book_xlsx, "book.xlsx")])
def test_written_and_read_back(tmp_path: Path, write, name: str, language: str) -> None:  # type: ignore[no-untyped-def]
    plan = replace(PLAN, baselines=(THEN, CONTRACT))
    heads, rows = book_rows(plan, None, language)  # type: ignore[arg-type]
    said = [dict(zip(heads, row[-3:], strict=True)) for row in rows]
    assert [list(one.values())[2] for one in said] == [-1.5, None]
    (tmp_path / name).write_bytes(write(plan, None, language))
    found = read_book(tmp_path / name, calendars={"standard": WEEK}).checked()
    assert found.baselines == (replace(CONTRACT, number=0, name=""),)
    assert all(not task.extra for task in found.tasks)


def test_a_baseline_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text("ID,Task,Baseline start,Baseline finish\nA,a,2026-06-03,2026-06-01\n")
    with pytest.raises(Rejected, match=r"Baseline finish.*not before Baseline start"):
        read_book(tmp_path / "book.csv").checked()
