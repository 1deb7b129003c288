"""Assignment books: sheets of tasks as people keep them, read into a :class:`~tminus.engines.schedule.Plan`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tminus.engines.schedule import (
    Baseline,
    Plan,
    Progress,
    Task,
    WorkCalendar,
    week_calendar,
)
from tminus.formats.book_outline import in_outline_order, name_rows
from tminus.formats.book_row import BookRow, Reading, empty, text_of
from tminus.formats.book_task import baseline_of, links_of, progress_of, task_of
from tminus.formats.calendar_sheet import is_calendar_sheet, read_calendar_sheet
from tminus.formats.columns import GUIDE, ColumnMapping, recognise, signature
from tminus.formats.problems import BadFile, Problem, Rejected
from tminus.formats.tables import Sheet, read_tables

HEADER_WITHIN = 25
"""Title rows above the headings: at most this many."""

Told = Callable[[int, int], None]
"""Called with rows done and rows in all."""


@dataclass(frozen=True, slots=True)
class Book:
    """What was read: the plan, every value that cannot be taken, and how the columns were understood."""

    plan: Plan
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    mapping: ColumnMapping
    signature: str
    places: Mapping[str, tuple[str, int]]
    """The sheet and row each task stands in."""

    def checked(self) -> Plan:
        """:raises Rejected: any row cannot be taken."""
        if self.problems:
            raise Rejected(list(self.problems))
        return self.plan


def read_book(
    path: Path,
    *,
    content: bytes | None = None,
    mapping: ColumnMapping | None = None,
    calendars: Mapping[str, WorkCalendar] | None = None,
    told: Told | None = None,
) -> Book:
    """Read an assignment book (xlsx, xls, ods, csv).

    ``calendars``: those its Calendar column may name, the default first; those of the workbook's own Calendars sheet
    stand behind them. Every value that cannot be taken is listed; nothing is guessed in its place.

    :raises BadFile: not a table, or no sheet with a Task column.
    """
    sheets = read_tables(path, content)
    problems: list[Problem] = []
    calendars = _calendars(path, sheets, calendars or {}, problems)
    order = mapping.date_order if mapping else None
    reading = Reading(path.name, calendars, next(iter(calendars)), order, problems)
    rows, headings, fields = _rows(path, sheets, mapping, reading)
    name_rows(rows, reading)
    tasks, progress = _tasks(rows, reading, told)
    links = links_of(rows, reading, {task.id for task in tasks})
    baseline = {row.id: pair for row in rows if (pair := baseline_of(row, reading)) != (None, None)}
    plan = Plan(
        name=path.stem,
        tasks=tuple(in_outline_order(tasks, rows, reading)),
        links=tuple(links),
        calendars=dict(calendars),
        default_calendar=reading.default,
        progress=progress,
        baselines=(Baseline(0, baseline),) if baseline else (),
        source=path.suffix.lower().lstrip("."),
    )
    used = ColumnMapping({code: headings[number] for code, number in fields.items()}, reading.order)
    places = {row.id: (row.sheet, row.number) for row in rows}
    return Book(plan, tuple(reading.problems), tuple(reading.notes), tuple(headings), used, signature(headings), places)


# From sheets to rows ------------------------------------


def _calendars(
    path: Path, sheets: list[Sheet], given: Mapping[str, WorkCalendar], problems: list[Problem]
) -> dict[str, WorkCalendar]:
    """Those given, then the workbook's own; a week of five days where there are none."""
    found = dict(given)
    for sheet in sheets:
        if is_calendar_sheet(sheet):
            for id, calendar in read_calendar_sheet(path.name, sheet, problems).items():
                found.setdefault(id, calendar)
    return found or {"standard": week_calendar("standard")}


def _rows(
    path: Path, sheets: list[Sheet], mapping: ColumnMapping | None, reading: Reading
) -> tuple[list[BookRow], list[str], dict[str, int]]:
    rows: list[BookRow] = []
    headings: list[str] = []
    fields: dict[str, int] = {}
    for sheet in sheets:
        if sheet.name == GUIDE or is_calendar_sheet(sheet):
            continue
        found = _header(sheet, mapping)
        if found is None:
            if sheet.rows:
                reading.notes.append(f"sheet {sheet.name}: no Task column, left out")
            continue
        at, columns = found
        names = [str(cell or "").strip() for cell in sheet.rows[at]]
        if not headings:
            headings, fields = names, columns
        rows += _sheet_rows(sheet, at, names, columns)
    if not fields:
        raise NoTaskColumn(path, [sheet for sheet in sheets if sheet.name != GUIDE and not is_calendar_sheet(sheet)])
    return rows, headings, fields


class NoTaskColumn(BadFile):
    """No column is known to name the task; ``headings``: what seems to be the first sheet's heading row."""

    def __init__(self, path: Path, sheets: list[Sheet]) -> None:
        super().__init__(
            f"{path.name}: no sheet has a column headed Task (任务); allowed: a table with at least that heading"
        )
        rows = next((sheet.rows[:HEADER_WITHIN] for sheet in sheets if sheet.rows), [])
        fullest = max(rows, key=lambda row: sum(isinstance(cell, str) and not empty(cell) for cell in row), default=[])
        self.headings = [text_of(cell) if not empty(cell) else "" for cell in fullest]


def _header(sheet: Sheet, mapping: ColumnMapping | None) -> tuple[int, dict[str, int]] | None:
    best: tuple[int, dict[str, int]] | None = None
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns = recognise(row, mapping)
        named = columns.keys() & {"name", "name_zh", "name_en"}
        if named and (best is None or len(columns) > len(best[1])):
            best = number, columns
    return best


def _sheet_rows(sheet: Sheet, at: int, names: list[str], columns: dict[str, int]) -> Iterator[BookRow]:
    other = [(number, name) for number, name in enumerate(names) if name and number not in columns.values()]
    for offset, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        cells = {code: row[number] for code, number in columns.items() if number < len(row) and not empty(row[number])}
        if not cells:
            continue
        extra = {name: text_of(row[number]) for number, name in other if number < len(row) and not empty(row[number])}
        yield BookRow(sheet.name, offset, cells, extra)


def _tasks(rows: list[BookRow], reading: Reading, told: Told | None) -> tuple[list[Task], dict[str, Progress]]:
    parents = {row.parent for row in rows}
    tasks, progress = [], {}
    for number, row in enumerate(rows):
        tasks.append(task_of(row, reading, summary=row.id in parents))
        reported = progress_of(row, reading)
        if reported != Progress():
            progress[row.id] = reported
        if told and number % 1000 == 0:
            told(number, len(rows))
    if told:
        told(len(rows), len(rows))
    return tasks, progress
