"""Crews, machines, budgets, skills, places and forbidden hours out of a workbook, CSV, a folder of CSV, or JSON.

Columns and examples: docs/reference/resources.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from tminus.engines.schedule import DayHours, Plan, PlanError, WorkCalendar
from tminus.engines.schedule.levelling import (
    Mark,
    Mask,
    Mode,
    Need,
    Resources,
    Site,
    Step,
    Supply,
    SupplyKind,
    check_resources,
)
from tminus.formats.calendar_file import calendar_from_json
from tminus.formats.calendar_sheet import DAYS, DAYS_ZH, is_calendar_sheet, read_calendar_sheet
from tminus.formats.columns import GUIDE, plain
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected, read_bytes
from tminus.formats.resource_tables import TABLE_HEADINGS, TABLES, table_headed, table_named
from tminus.formats.tables import Sheet, read_tables
from tminus.formats.values import Cell, duration, end_of_day, moment, yes_no

KINDS = {
    SupplyKind.CREW: ("crew", "班组", "work", "工时"),
    SupplyKind.EQUIPMENT: ("equipment", "设备", "machine"),
    SupplyKind.PERSON: ("person", "人员"),
    SupplyKind.BUDGET: ("budget", "预算", "cost", "成本"),
    SupplyKind.MATERIAL: ("material", "材料"),
}
HOURS_ALLOWED = "22:00-07:00, or several with commas; empty: all day"
T = TypeVar("T")
DAYS_ALLOWED = "Monday … Sunday, 周一 … 周日, Mon-Fri, or empty for every day"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells by field, and where it stands."""

    cells: Mapping[str, Cell]
    file: str
    sheet: str
    row: int


@dataclass(slots=True)
class Lines:
    """Rows by table, calendars, and everything that could not be taken."""

    rows: dict[str, list[Line]] = field(default_factory=lambda: {code: [] for code in TABLES})
    calendars: dict[str, WorkCalendar] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_resources(path: Path, plan: Plan) -> Resources:
    """Resources for ``plan``, checked against it.

    :raises BadFile: not such a file, or (:class:`Rejected`) values that cannot be taken; each is named with file,
        sheet, row, column and what is allowed.
    """
    lines = Lines()
    if path.is_dir():
        _read_folder(path, lines)
    elif path.suffix.lower() == ".json":
        _read_json(path, lines)
    else:
        _read_sheets(path, lines)
    day = plan.calendars[plan.default_calendar].day_minutes if plan.default_calendar else 1440
    made = _Making(lines, day).resources()
    if lines.problems:
        raise Rejected(lines.problems)
    try:
        check_resources(made, plan)
    except PlanError as error:
        raise BadFile(f"{path.name}: {error}") from error
    return made


# Where rows come from ----------------------------------------


def _read_folder(path: Path, lines: Lines) -> None:
    files = [file for file in sorted(path.glob("*.csv")) if table_named(file.stem)]
    if not files:
        allowed = ", ".join(f"{code}.csv" for code in TABLES)
        raise BadFile(f"{path}: holds none of the tables of a resources file; allowed: {allowed}")
    for file in files:
        for sheet in read_tables(file):
            _take_sheet(file.name, sheet, table_named(file.stem), lines)


def _read_sheets(path: Path, lines: Lines) -> None:
    known = 0
    for sheet in read_tables(path):
        if is_calendar_sheet(sheet):
            lines.calendars |= read_calendar_sheet(path.name, sheet, lines.problems)
            known += 1
            continue
        heads = sheet.rows[0] if sheet.rows else []
        code = table_named(sheet.name) if sheet.name else None
        mixed = next((n for n, head in enumerate(heads) if plain(head) in map(plain, TABLE_HEADINGS)), None)
        if mixed is not None and code is None:
            _take_mixed(path.name, sheet, mixed, lines)
        elif code is not None or (not sheet.name and (code := table_headed(heads)) is not None):
            _take_sheet(path.name, sheet, code, lines)
        elif sheet.name:
            continue  # a sheet of somebody's own
        else:
            continue
        known += 1
    if not known:
        sheets = ", ".join(table.names[0] for table in TABLES.values())
        raise BadFile(f"{path.name}: holds no table of a resources file; allowed: sheets {sheets}, Calendars, {GUIDE}")


def _take_sheet(file: str, sheet: Sheet, code: str | None, lines: Lines) -> None:
    assert code is not None  # noqa: S101 - looked at by the callers
    heads = sheet.rows[0] if sheet.rows else []
    columns = TABLES[code].find(heads)
    _missing(file, sheet.name, code, columns)
    for number, row in enumerate(sheet.rows[1:], start=sheet.first_row + 1):
        _take_row(file, sheet.name, number, code, row, columns, lines)


def _take_mixed(file: str, sheet: Sheet, mixed: int, lines: Lines) -> None:
    """Rows of several tables under one another; a column says which."""
    heads = list(sheet.rows[0])
    for number, row in enumerate(sheet.rows[1:], start=sheet.first_row + 1):
        name = str(row[mixed] if mixed < len(row) and row[mixed] is not None else "").strip()
        if not any(cell not in (None, "") for cell in row):
            continue
        code = table_named(name)
        if code is None:
            allowed = ", ".join(table.names[0] for table in TABLES.values())
            lines.problems.append(Problem(file, number, str(heads[mixed]), name, allowed, sheet.name))
            continue
        columns = TABLES[code].find([None if n == mixed else head for n, head in enumerate(heads)])
        _missing(file, sheet.name, code, columns)
        _take_row(file, sheet.name, number, code, row, columns, lines)


def _missing(file: str, sheet: str, code: str, columns: Mapping[str, int]) -> None:
    for needed in TABLES[code].needed:
        if needed not in columns:
            where = f"{file}, sheet {sheet}" if sheet else file
            allowed = " or ".join(TABLES[code].columns[needed][:2])
            raise BadFile(f"{where}: table {code} has no column headed {allowed}")


def _take_row(
    file: str, sheet: str, number: int, code: str, row: Sequence[Cell], columns: Mapping[str, int], lines: Lines
) -> None:
    cells = {name: row[at] for name, at in columns.items() if at < len(row) and row[at] not in (None, "")}
    if cells:
        lines.rows[code].append(Line(cells, file, sheet, number))


def _read_json(path: Path, lines: Lines) -> None:
    allowed = ", ".join([*TABLES, "calendars"])
    try:
        document: Any = json.loads(read_bytes(path))
    except ValueError as error:
        raise BadFile(f"{path.name}: not JSON ({error}); allowed: an object of {allowed}") from error
    if not isinstance(document, dict) or not set(document) <= {*TABLES, "calendars"}:
        wrong = next((key for key in document if key not in {*TABLES, "calendars"}), document)
        raise BadFile(f"{path.name}: {str(wrong)[:80]!r}; allowed: an object of {allowed}")
    for id, calendar in dict(document.get("calendars") or {}).items():
        lines.calendars[id] = calendar_from_json(id, calendar, f"{path.name}, calendars.{id}")
    for code in TABLES:
        rows = document.get(code) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise BadFile(f"{path.name}, {code}: allowed: a list of objects")
        for number, row in enumerate(rows, start=1):
            _take_object(path.name, code, number, row, lines)


def _take_object(file: str, code: str, number: int, row: Mapping[str, Any], lines: Lines) -> None:
    known = TABLES[code].columns
    for key, value in row.items():
        if key not in known:
            lines.problems.append(Problem(file, number, key, str(value)[:80], ", ".join(known), code))
        elif isinstance(value, (dict, list)) and key != "skills":
            lines.problems.append(Problem(file, number, key, str(value)[:80], "a text, number or yes and no", code))
    for needed in TABLES[code].needed:
        if row.get(needed) in (None, ""):
            lines.problems.append(Problem(file, number, needed, "", "a value", code))
    cells = {
        key: ", ".join(map(str, value)) if isinstance(value, list) else value
        for key, value in row.items()
        if key in known and value not in (None, "")
    }
    lines.rows[code].append(Line(cells, file, code, number))


# What rows say ----------------------------------------


@dataclass(slots=True)
class _Making:
    """Rows made into resources; what cannot be taken goes to the problems."""

    lines: Lines
    day_minutes: int

    def resources(self) -> Resources:
        steps: dict[str, list[Step]] = {}
        for line in self.lines.rows["capacity"]:
            made = Step(self._at(line, "from"), self._at(line, "until", end=True), self._number(line, "capacity", 0))
            steps.setdefault(self._text(line, "resource"), []).append(made)
        supplies = tuple(
            self._supply(line, steps) for line in self.lines.rows["resources"] if self._whole(line, "resource")
        )
        known = {supply.id for supply in supplies}
        for line in self.lines.rows["capacity"]:
            if (name := self._text(line, "resource")) not in known:
                self._wrong(
                    line, "resource", name, f"a resource of the table resources: {', '.join(sorted(known)[:8])}"
                )
        rows = self.lines.rows
        return Resources(
            supplies=supplies,
            needs=tuple(self._need(line) for line in rows["needs"] if self._whole(line, "task", "resource")),
            modes=tuple(self._mode(line) for line in rows["modes"] if self._whole(line, "task", "mode")),
            sites=tuple(self._site(line) for line in rows["places"] if self._whole(line, "place")),
            masks=tuple(self._mask(line) for line in rows["masks"] if self._whole(line, "mark")),
            marks=tuple(self._marks()),
            calendars=self.lines.calendars,
        )

    def _supply(self, line: Line, steps: Mapping[str, list[Step]]) -> Supply:
        id = self._text(line, "resource")
        return Supply(
            id=id,
            name=self._text(line, "name"),
            kind=self._value(line, "kind", _kind, SupplyKind.CREW),
            units=self._number(line, "capacity", 1.0),
            calendar=self._text(line, "calendar") or None,
            start=self._at(line, "from") if "from" in line.cells else None,
            until=self._at(line, "until", end=True) if "until" in line.cells else None,
            steps=tuple(steps.get(id, ())),
            overtime_units=self._number(line, "overtime", 0.0),
            cost_per_hour=self._number(line, "cost_per_hour", 0.0),
            skills=_listed(self._text(line, "skills")),
            held=self._value(line, "held", yes_no, False),
        )

    def _need(self, line: Line) -> Need:
        mode = self._text(line, "mode")
        return Need(self._text(line, "task"), self._text(line, "resource"), self._number(line, "units", 1.0), mode)

    def _mode(self, line: Line) -> Mode:
        length = self._value(line, "duration", lambda cell: duration(cell, self.day_minutes), None)
        return Mode(self._text(line, "task"), self._text(line, "mode"), length, self._number(line, "cost", 0.0))

    def _site(self, line: Line) -> Site:
        tasks = self._number(line, "most_tasks", -1)
        people = self._number(line, "most_people", -1)
        place = self._text(line, "place")
        return Site(place, int(tasks) if tasks >= 0 else None, people if people >= 0 else None)

    def _mask(self, line: Line) -> Mask:
        days = self._value(line, "days", _days, frozenset(range(7)))
        all_day: tuple[tuple[int, int], ...] = ((0, 1440),)
        spans = self._value(line, "hours", _hours, all_day)
        week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for day in days:
            for start, until in spans:
                if start < until:
                    week[day].append((start, until))
                else:  # over midnight, into the next day
                    week[day].append((start, 1440))
                    week[(day + 1) % 7] += [(0, until)] if until else []
        first = self._at(line, "from").date() if "from" in line.cells else None
        last = self._value(line, "until", lambda cell: moment(cell)[0].date(), None)
        hours: list[DayHours] = [tuple(sorted(of)) for of in week]
        return Mask(self._text(line, "mark"), tuple(hours), first, last)  # type: ignore[arg-type]  # seven days

    def _marks(self) -> Iterator[Mark]:
        for line in self.lines.rows["marks"]:
            if self._whole(line, "task", "mark"):
                for mark in _listed(self._text(line, "mark")):
                    yield Mark(self._text(line, "task"), mark)

    # Cells

    def _whole(self, line: Line, *names: str) -> bool:
        """Whether the row has what its table needs; a row without is a problem."""
        for name in names:
            if not self._text(line, name):
                self._wrong(line, name, "", "a value")
                return False
        return True

    def _text(self, line: Line, name: str) -> str:
        cell = line.cells.get(name)
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return "" if cell is None else str(cell).strip()

    def _value(self, line: Line, name: str, read: Callable[[Cell], T], otherwise: T) -> T:
        if name not in line.cells:
            return otherwise
        try:
            return read(line.cells[name])
        except BadValue as error:
            self._wrong(line, name, self._text(line, name), str(error))
            return otherwise

    def _number(self, line: Line, name: str, otherwise: float) -> float:
        return self._value(line, name, _not_negative, otherwise)

    def _at(self, line: Line, name: str, *, end: bool = False) -> datetime:
        """An instant; a bare date of an end means all of that day."""
        otherwise = datetime(2200, 1, 1) if end else datetime(1900, 1, 1)
        return self._value(line, name, end_of_day if end else lambda cell: moment(cell)[0], otherwise)

    def _wrong(self, line: Line, name: str, value: str, allowed: str) -> None:
        heading = next(iter(of for table in TABLES.values() for key, of in table.columns.items() if key == name))[0]
        self.lines.problems.append(Problem(line.file, line.row, heading, value[:200], allowed, line.sheet))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;，；、]", text) if part.strip())


def _not_negative(cell: Cell) -> float:
    try:
        number = float(str(cell).replace(",", "").replace("%", "").strip())
    except ValueError:
        raise BadValue("a number, 0 or more") from None
    number = number / 100 if str(cell).strip().endswith("%") else number
    if not 0 <= number < 1e12:
        raise BadValue("a number, 0 or more")
    return number


def _kind(cell: Cell) -> SupplyKind:
    text = str(cell).strip().lower()
    for kind, words in KINDS.items():
        if text in words:
            return kind
    raise BadValue(", ".join(f"{words[0]} ({words[1]})" for words in KINDS.values()))


def _days(cell: Cell) -> frozenset[int]:
    found: set[int] = set()
    for part in _listed(str(cell)):
        ends = [_weekday(end) for end in re.split(r"\s*(?:[-–—~至])\s*", part)]
        first, last = ends[0], ends[-1]
        found |= {day % 7 for day in range(first, last + 1 if last >= first else last + 8)}
    return frozenset(found)


def _weekday(text: str) -> int:
    for names in (DAYS, DAYS_ZH):
        for number, name in enumerate(names):
            if text.strip().lower() in (name.lower(), name[:3].lower()):
                return number
    raise BadValue(DAYS_ALLOWED)


def _hours(cell: Cell) -> tuple[tuple[int, int], ...]:
    spans = []
    for part in _listed(str(cell)):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise BadValue(HOURS_ALLOWED)
        start, until = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        if start >= 1440 or until > 1440 or int(found[2]) > 59 or int(found[4]) > 59 or start == until:
            raise BadValue(HOURS_ALLOWED)
        spans.append((start, until))
    return tuple(spans)
