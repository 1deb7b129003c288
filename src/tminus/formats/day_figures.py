"""Figures of days as a table: weather or policies of days to come, visits of days that are over."""

from __future__ import annotations

from datetime import date
from math import isfinite
from pathlib import Path

from tminus.formats.book_row import empty
from tminus.formats.columns import plain
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected
from tminus.formats.tables import read_tables
from tminus.formats.values import Cell, moment

DAY_HEADINGS = ("Day", "日期", "Date")
VISITS_HEADINGS = ("Visits", "人次", "Visitors", "Attendance", "入场人次")
COUNTED_FILE = "attendance.csv"
COUNTED_HERE = "counted_visits.csv"
"""Of the console's counters; a day that ``attendance.csv`` tells is as told there."""


def read_day_figures(path: Path, content: bytes | None = None) -> dict[date, dict[str, float]]:
    """Day → figure by its heading; an empty cell is not known.

    :raises BadFile: not such a table; :class:`Rejected`: values that cannot be taken, every one named.
    """
    sheet = next((sheet for sheet in read_tables(path, content) if sheet.rows), None)
    heads = [str(head or "").strip() for head in sheet.rows[0]] if sheet else []
    at = next((n for n, head in enumerate(heads) if plain(head) in set(map(plain, DAY_HEADINGS))), None)
    if at is None or sheet is None:
        raise BadFile(f"{path.name}: has no column headed {' or '.join(DAY_HEADINGS[:2])}; allowed: a row a day")
    found: dict[date, dict[str, float]] = {}
    problems: list[Problem] = []
    for number, row in enumerate(sheet.rows[1:], start=sheet.first_row + 1):
        if all(empty(cell) for cell in row):
            continue
        try:
            day = moment(row[at] if at < len(row) else None)[0].date()
        except BadValue as error:
            problems.append(
                Problem(path.name, number, heads[at], str(row[at] if at < len(row) else "")[:80], str(error))
            )
            continue
        if day in found:
            problems.append(Problem(path.name, number, heads[at], str(day), "each day once"))
        found[day] = _figures(row, heads, at, (path.name, number), problems)
    if problems:
        raise Rejected(problems)
    return found


def _figures(
    row: list[Cell], heads: list[str], at: int, place: tuple[str, int], problems: list[Problem]
) -> dict[str, float]:
    found: dict[str, float] = {}
    for n, (head, cell) in enumerate(zip(heads, row, strict=False)):
        if n == at or not head or empty(cell):
            continue
        try:
            value = float(str(cell).replace(",", ""))
        except ValueError:
            value = float("nan")
        if isfinite(value):
            found[head] = value
        else:
            problems.append(Problem(*place, head, str(cell)[:80], "a number, or empty where not known"))
    return found


def read_counted_visits(path: Path, content: bytes | None = None) -> dict[date, float]:
    """Visits of days that are over.

    :raises BadFile: no column of visits; :class:`Rejected`: a value that is none, or below zero.
    """
    figures = read_day_figures(path, content)
    known = set(map(plain, VISITS_HEADINGS))
    heads = {head for row in figures.values() for head in row if plain(head) in known}
    if figures and not heads:
        raise BadFile(f"{path.name}: has no column headed {' or '.join(VISITS_HEADINGS[:2])} with numbers")
    found = {day: row[head] for day, row in figures.items() for head in sorted(heads) if head in row}
    if below := [day for day, visits in found.items() if visits < 0]:
        raise BadFile(f"{path.name}, {below[0]}: {found[below[0]]:g} visits; allowed: a number of at least 0")
    return found
