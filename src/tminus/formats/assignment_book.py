"""Assignment books: sheets of tasks as people keep them, read into a :class:`~tminus.engines.schedule.Plan`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    DayHours,
    Duration,
    Link,
    Plan,
    Progress,
    Task,
    TaskKind,
    WorkCalendar,
    week_calendar,
)
from tminus.formats import values
from tminus.formats.columns import GUIDE, ColumnMapping, recognise, signature
from tminus.formats.predecessors import predecessors
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected
from tminus.formats.tables import Sheet, read_tables
from tminus.formats.values import Cell, DateOrder, Hours

T = TypeVar("T")
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


@dataclass(slots=True)
class _Row:
    """One row on its way to a task."""

    sheet: str
    number: int
    cells: dict[str, Cell]
    extra: dict[str, str]
    id: str = ""
    parent: str | None = None


@dataclass(slots=True)
class _Reading:
    file: str
    calendars: Mapping[str, WorkCalendar]
    default: str
    order: DateOrder | None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def calendar(self) -> WorkCalendar:
        return self.calendars[self.default]

    def hours(self) -> Hours:
        days = [hours for hours in self.calendar.week if hours]
        return Hours(days[0][0][0], days[0][-1][1]) if days else Hours()

    def refuse(self, row: _Row, column: str, value: object, allowed: str) -> None:
        text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        self.problems.append(Problem(self.file, row.number, column, text[:200], allowed, row.sheet))


def read_book(
    path: Path,
    *,
    content: bytes | None = None,
    mapping: ColumnMapping | None = None,
    calendars: Mapping[str, WorkCalendar] | None = None,
    told: Told | None = None,
) -> Book:
    """Read an assignment book (xlsx, xls, ods, csv).

    ``calendars``: those its Calendar column may name, the default first. Every value that cannot be taken is listed;
    nothing is guessed in its place.

    :raises BadFile: not a table, or no sheet with a Task column.
    """
    calendars = calendars or {"standard": week_calendar("standard")}
    reading = _Reading(path.name, calendars, next(iter(calendars)), mapping.date_order if mapping else None)
    rows, headings, fields = _rows(path, content, mapping, reading)
    _name(rows, reading)
    tasks, progress = _tasks(rows, reading, told)
    links = _links(rows, reading, {task.id for task in tasks})
    plan = Plan(
        name=path.stem,
        tasks=tuple(_ordered(tasks, rows, reading)),
        links=tuple(links),
        calendars=dict(calendars),
        default_calendar=reading.default,
        progress=progress,
        source=path.suffix.lower().lstrip("."),
    )
    used = ColumnMapping({code: headings[number] for code, number in fields.items()}, reading.order)
    places = {row.id: (row.sheet, row.number) for row in rows}
    return Book(plan, tuple(reading.problems), tuple(reading.notes), tuple(headings), used, signature(headings), places)


# From sheets to rows ------------------------------------


def _rows(
    path: Path, content: bytes | None, mapping: ColumnMapping | None, reading: _Reading
) -> tuple[list[_Row], list[str], dict[str, int]]:
    rows: list[_Row] = []
    headings: list[str] = []
    fields: dict[str, int] = {}
    for sheet in read_tables(path, content):
        if sheet.name == GUIDE:
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
        raise BadFile(
            f"{path.name}: no sheet has a column headed Task (任务); allowed: a table with at least that heading"
        )
    return rows, headings, fields


def _header(sheet: Sheet, mapping: ColumnMapping | None) -> tuple[int, dict[str, int]] | None:
    best: tuple[int, dict[str, int]] | None = None
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        columns = recognise(row, mapping)
        named = columns.keys() & {"name", "name_zh", "name_en"}
        if named and (best is None or len(columns) > len(best[1])):
            best = number, columns
    return best


def _sheet_rows(sheet: Sheet, at: int, names: list[str], columns: dict[str, int]) -> Iterator[_Row]:
    other = [(number, name) for number, name in enumerate(names) if name and number not in columns.values()]
    for offset, row in enumerate(sheet.rows[at + 1 :], start=at + 2):
        cells = {code: row[number] for code, number in columns.items() if number < len(row) and not _empty(row[number])}
        if not cells:
            continue
        extra = {name: _text(row[number]) for number, name in other if number < len(row) and not _empty(row[number])}
        yield _Row(sheet.name, offset, cells, extra)


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _text(cell: Cell) -> str:
    """A cell as text: a whole number without its ``.0``."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


# Identities and outline ----------------------------------


def _name(rows: list[_Row], reading: _Reading) -> None:
    """Give each row its identity and its parent: a Parent column, an outline level, dotted WBS, or indentation."""
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        row.id = _text(row.cells.get("id")) or _text(row.cells.get("wbs")) or str(number)
        if row.id in seen:
            reading.refuse(row, "ID", row.id, f"each ID once; it stands in row {seen[row.id]} already")
            row.id = f"{row.id}\x00{number}"
        seen[row.id] = row.number
    if any("parent" in row.cells for row in rows):
        _by_parent(rows, reading, seen)
    elif any("level" in row.cells for row in rows):
        _by_depth(rows, [_level(row, reading) for row in rows])
    elif any("wbs" in row.cells for row in rows):
        _by_wbs(rows)
    else:
        _by_depth(rows, [_indent(row) for row in rows])


def _by_parent(rows: list[_Row], reading: _Reading, seen: Mapping[str, int]) -> None:
    for row in rows:
        parent = _text(row.cells.get("parent"))
        if not parent:
            continue
        if parent == row.id or parent not in seen:
            reading.refuse(row, "Parent", parent, "the ID of another row, or empty")
        else:
            row.parent = parent


def _level(row: _Row, reading: _Reading) -> int:
    try:
        return int(float(_text(row.cells.get("level")) or 1))
    except ValueError:
        reading.refuse(row, "Outline level", row.cells.get("level"), "1, 2, 3 …")
        return 1


def _indent(row: _Row) -> int:
    name = row.cells.get("name")
    raw = name if isinstance(name, str) else ""
    return len(raw) - len(raw.lstrip(" \t　")) if raw.strip() else 0


def _by_depth(rows: list[_Row], depths: list[int]) -> None:
    above: list[tuple[int, str]] = []
    for row, depth in zip(rows, depths, strict=True):
        while above and above[-1][0] >= depth:
            above.pop()
        row.parent = above[-1][1] if above else None
        above.append((depth, row.id))


def _by_wbs(rows: list[_Row]) -> None:
    ids = {_text(row.cells.get("wbs")): row.id for row in rows}
    for row in rows:
        parts = _text(row.cells.get("wbs")).split(".")
        for length in range(len(parts) - 1, 0, -1):
            if (found := ids.get(".".join(parts[:length]))) is not None:
                row.parent = found
                break


# From rows to tasks --------------------------------------


def _tasks(rows: list[_Row], reading: _Reading, told: Told | None) -> tuple[list[Task], dict[str, Progress]]:
    parents = {row.parent for row in rows}
    tasks, progress = [], {}
    for number, row in enumerate(rows):
        tasks.append(_task(row, reading, summary=row.id in parents))
        reported = _progress(row, reading)
        if reported != Progress():
            progress[row.id] = reported
        if told and number % 1000 == 0:
            told(number, len(rows))
    if told:
        told(len(rows), len(rows))
    return tasks, progress


def _task(row: _Row, reading: _Reading, *, summary: bool) -> Task:
    cells, hours = row.cells, reading.hours()
    start = _take(row, reading, "start", "Start", lambda cell: hours.start_on(cell, reading.order))
    finish = _take(row, reading, "finish", "Finish", lambda cell: hours.finish_on(cell, reading.order))
    if start and finish and finish < start:
        reading.refuse(row, "Finish", finish, "not before Start")
    calendar = _text(cells.get("calendar")) or None
    if calendar and calendar not in reading.calendars:
        reading.refuse(row, "Calendar", calendar, ", ".join(reading.calendars) + ", or empty")
        calendar = None
    duration = _duration(row, reading, start, finish, calendar)
    name, name_zh = _names(row)
    if not name and not name_zh:
        reading.refuse(row, "Task", "", "a name")
    kind = TaskKind.SUMMARY if summary else TaskKind.MILESTONE if duration.minutes == 0 else TaskKind.TASK
    return Task(
        id=row.id.split("\x00")[0],
        name=name or name_zh,
        name_zh=name_zh,
        parent=row.parent.split("\x00")[0] if row.parent else None,
        kind=kind,
        duration=duration,
        calendar=calendar,
        constraints=_constraints(row, reading),
        deadline=_take(row, reading, "deadline", "Deadline", lambda cell: values.end_of_day(cell, reading.order)),
        start=start,
        finish=finish,
        unit=_text(cells.get("unit")),
        responsible=_text(cells.get("responsible")),
        supporting=tuple(part for part in _split(_text(cells.get("supporting"))) if part),
        place=_text(cells.get("place")),
        phase=_text(cells.get("phase")),
        gate=bool(_take(row, reading, "gate", "Gate", values.yes_no)),
        area=_text(cells.get("area")),
        dimension=_text(cells.get("dimension")),
        weight=_weight(row, reading),
        notes=_text(cells.get("notes")),
        wbs=_text(cells.get("wbs")),
        extra=row.extra,
    )


def _names(row: _Row) -> tuple[str, str]:
    """Both names; a Task column in Chinese beside an English one is the Chinese name."""
    name, zh, en = (_text(row.cells.get(code)) for code in ("name", "name_zh", "name_en"))
    if en:
        return en, zh or name
    return name, zh


def _split(text: str) -> list[str]:
    for separator in ";；、，":
        text = text.replace(separator, ",")
    return [part.strip() for part in text.split(",")]


def _take(row: _Row, reading: _Reading, code: str, column: str, read: Callable[[Cell], T]) -> T | None:
    cell = row.cells.get(code)
    if cell is None:
        return None
    try:
        return read(cell)
    except (BadValue, OverflowError) as error:
        reading.refuse(row, column, cell, str(error))
        return None


def _duration(
    row: _Row, reading: _Reading, start: datetime | None, finish: datetime | None, calendar: str | None
) -> Duration:
    day = reading.calendars[calendar or reading.default].day_minutes
    if "duration" in row.cells:
        found = _take(row, reading, "duration", "Duration", lambda cell: values.duration(cell, day))
        return found or Duration(0)
    if start and finish and start <= finish:
        return Duration(working_minutes(reading.calendars[calendar or reading.default], start, finish))
    return Duration(day)


def working_minutes(calendar: WorkCalendar, start: datetime, finish: datetime) -> int:
    """Working minutes between two instants, day by day."""
    total, day = 0, start.date()
    while day <= finish.date():
        low = (start - _midnight(day)).total_seconds() / 60
        high = (finish - _midnight(day)).total_seconds() / 60
        total += sum(max(0, int(min(until, high) - max(begin, low))) for begin, until in _hours(calendar, day))
        day += timedelta(days=1)
    return total


def _hours(calendar: WorkCalendar, day: date) -> DayHours:
    return calendar.hours_on(day)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _constraints(row: _Row, reading: _Reading) -> tuple[Constraint, ...]:
    cell, at = row.cells.get("constraint"), row.cells.get("constraint_date")
    if cell is None:
        return ()
    text = (
        cell
        if at is None
        else f"{_text(cell)} {at:%Y-%m-%d %H:%M}"
        if isinstance(at, datetime)
        else f"{_text(cell)} {at}"
    )
    found = []
    for part in str(text).split(";"):
        try:
            found.append(values.constraint(part, reading.order))
        except BadValue as error:
            reading.refuse(row, "Constraint", cell, str(error))
    return tuple(one for one in found if one.kind is not ConstraintKind.ASAP)


def _weight(row: _Row, reading: _Reading) -> float:
    def read(cell: Cell) -> float:
        try:
            weight = float(_text(cell))
        except ValueError:
            raise BadValue("a number of at least 0") from None
        if not 0 <= weight < 1e9:
            raise BadValue("a number of at least 0")
        return weight

    found = _take(row, reading, "weight", "Weight", read)
    return 1.0 if found is None else found


def _progress(row: _Row, reading: _Reading) -> Progress:
    hours = reading.hours()
    day = reading.calendar.day_minutes
    return Progress(
        actual_start=_take(row, reading, "actual_start", "Actual start", lambda c: hours.start_on(c, reading.order)),
        actual_finish=_take(
            row, reading, "actual_finish", "Actual finish", lambda c: hours.finish_on(c, reading.order)
        ),
        remaining=_take(row, reading, "remaining", "Remaining", lambda cell: values.duration(cell, day)),
        percent=_take(row, reading, "progress", "Progress", values.progress),
        reported=_take(row, reading, "reported", "Reported", lambda cell: values.moment(cell, reading.order)[0]),
    )


def _links(rows: list[_Row], reading: _Reading, known: set[str]) -> list[Link]:
    links: list[Link] = []
    day = reading.calendar.day_minutes
    for row in rows:
        cell = row.cells.get("predecessors")
        if cell is None:
            continue
        try:
            links += predecessors(_text(cell), row.id, known, day)
        except BadValue as error:
            reading.refuse(row, "Predecessors", cell, str(error))
    return links


def _ordered(tasks: list[Task], rows: list[_Row], reading: _Reading) -> list[Task]:
    """Outline order; rows whose parents run in a circle are named and stand at the top."""
    children: dict[str | None, list[Task]] = {}
    for task in tasks:
        children.setdefault(task.parent, []).append(task)
    ordered, stack = [], list(reversed(children.get(None, [])))
    while stack:
        task = stack.pop()
        ordered.append(task)
        stack += reversed(children.get(task.id, []))
    if len(ordered) < len(tasks) and not reading.problems:
        placed = {task.id for task in ordered}
        for row, task in zip(rows, tasks, strict=True):
            if task.id not in placed:
                reading.refuse(row, "Parent", task.parent, "a row that does not itself stand under this one")
        ordered += [replace(task, parent=None) for task in tasks if task.id not in placed]
    return ordered
