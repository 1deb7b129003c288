"""Read, check and write an event folder."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from tminus.engines.schedule import Plan, PlanError, Progress, WorkCalendar, week_calendar
from tminus.engines.schedule.model import check
from tminus.formats.assignment_book import Book, read_book
from tminus.formats.calendar_file import calendars_from_json
from tminus.formats.event_folder.attendance import attendance_problems
from tminus.formats.event_folder.baselines import baselines_in
from tminus.formats.event_folder.causes import FILE as CAUSES
from tminus.formats.event_folder.causes import FolderCause, causes_in
from tminus.formats.event_folder.scheduling import FILE as SCHEDULING
from tminus.formats.event_folder.scheduling import scheduling_of, with_scheduling
from tminus.formats.event_folder.schema import KEPT, SCHEMA_VERSION, TABLES, Table
from tminus.formats.problems import BadFile, BadValue, Problem, Rejected, read_bytes
from tminus.formats.progress_file import read_progress
from tminus.formats.resources_file import read_resources
from tminus.formats.tables import decode

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Rows:
    """A table as it stands in its file: the headings and the rows, cells as text."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    numbers: tuple[int, ...] = field(default=(), compare=False)
    """The row of the file each stands in, where it was read from one."""

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


EMPTY = Rows((), ())


@dataclass(frozen=True, slots=True)
class EventFolder:
    """``event`` is ``event.json``; ``tables`` the CSV tables but the plan; ``plan`` with its progress."""

    event: Mapping[str, Any]
    tables: Mapping[str, Rows] = field(default_factory=dict)
    plan: Plan | None = None
    plan_rows: Rows = EMPTY
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    calendar_document: Mapping[str, Any] | None = None
    map: Mapping[str, Any] | None = None
    resources: Mapping[str, Any] | None = None
    """What the plan needs besides time: the JSON form of the resources file."""
    causes: tuple[FolderCause, ...] = ()
    """What can go otherwise than planned: the drivers file."""
    further: Mapping[str, bytes] = field(default_factory=dict)
    """Other files, kept as they are."""

    @property
    def opening(self) -> date:
        return date.fromisoformat(self.event["opening"])

    def table(self, name: str) -> Rows:
        return self.tables.get(name, EMPTY)


def read_folder(path: Path) -> EventFolder:
    """Read and check a whole event folder.

    :raises BadFile: not an event folder, or (:class:`Rejected`) any value that cannot be taken: file, row, column,
        value and what is allowed, all of them listed.
    """
    if not path.is_dir():
        raise BadFile(f"{path}: is not a folder; allowed: an event folder with event.json")
    event = _event(path)
    tables = {table.name: table_rows(path / table.file) for table in TABLES.values() if (path / table.file).exists()}
    problems = [problem for name in tables for problem in _check(TABLES[name], tables)]
    for name in KEPT:
        if (path / f"{name}.csv").exists():
            tables[name] = table_rows(path / f"{name}.csv")
    document = _json(path / "calendar.json") if (path / "calendar.json").exists() else None
    calendars = calendars_from_json(document, "calendar.json") if document else {"standard": week_calendar("standard")}
    plan, plan_problems = _plan(path, event, calendars, tables)
    problems += plan_problems
    resources, resource_problems = _resources(path / "resources.json", plan)
    problems += resource_problems
    causes, cause_problems = _causes(path / CAUSES, plan, tables)
    problems += cause_problems
    problems += attendance_problems(path, event)
    if problems:
        raise Rejected(problems)
    geojson = _json(path / "map.geojson") if (path / "map.geojson").exists() else None
    plan_rows = table_rows(path / "plan.csv") if plan is not None else EMPTY
    return EventFolder(event, tables, plan, plan_rows, calendars, document, geojson, resources, causes, _further(path))


def read_event(path: Path) -> dict[str, Any]:
    """``event.json`` alone, checked.

    :raises BadFile: not an event folder, or a value that cannot be taken.
    """
    return _event(path)


def read_folder_plan(path: Path) -> Plan:
    """The plan of an event folder, with its calendars and progress.

    :raises BadFile: as :func:`read_folder`, or there is no ``plan.csv``.
    """
    event = _event(path)
    document = _json(path / "calendar.json") if (path / "calendar.json").exists() else None
    calendars = calendars_from_json(document, "calendar.json") if document else {"standard": week_calendar("standard")}
    progress = {"progress": table_rows(path / "progress.csv")} if (path / "progress.csv").exists() else {}
    plan, problems = _plan(path, event, calendars, progress)
    if problems:
        raise Rejected(problems)
    if plan is None:
        raise BadFile(f"{path}: has no plan.csv; allowed: an event folder with a plan")
    return plan


# event.json ------------------------------------

TEXT_KEYS = ("id", "timezone", "opening", "closing")


def _event(path: Path) -> dict[str, Any]:
    file = path / "event.json"
    if not file.exists():
        raise BadFile(f"{path}: has no event.json; allowed: an event folder")
    event = _json(file)
    if event.get("schema") != SCHEMA_VERSION:
        raise BadFile(f'event.json, schema: {event.get("schema")!r}; allowed: "{SCHEMA_VERSION}"')
    for key in TEXT_KEYS:
        if not isinstance(event.get(key), str) or not event[key]:
            raise BadFile(f"event.json, {key}: {event.get(key)!r}; allowed: text")
    if not isinstance(event.get("name"), dict) or not (event["name"].get("en") or event["name"].get("zh")):
        raise BadFile(f'event.json, name: {event.get("name")!r}; allowed: {{"en": …, "zh": …}}')
    if event["timezone"] not in available_timezones():
        raise BadFile(f"event.json, timezone: {event['timezone']!r}; allowed: a zone like Asia/Shanghai")
    opening, closing = (_event_day(event, key) for key in ("opening", "closing"))
    if closing < opening:
        raise BadFile(f"event.json, closing: {event['closing']!r}; allowed: not before opening {event['opening']}")
    days = event.get("checkpoint_days", 10)
    if isinstance(days, bool) or not isinstance(days, int) or days < 1:
        raise BadFile(f"event.json, checkpoint_days: {days!r}; allowed: a whole number of at least 1")
    _phases(event.get("phases", []))
    return event


def _event_day(event: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(event[key])
    except ValueError:
        raise BadFile(f"event.json, {key}: {event[key]!r}; allowed: YYYY-MM-DD") from None


def _phases(phases: object) -> None:
    allowed = '[{"id": …, "name": {"en": …, "zh": …}, "from_t": -150, "to_t": -8}, …]'
    if not isinstance(phases, list):
        raise BadFile(f"event.json, phases: {phases!r}; allowed: {allowed}")
    for number, phase in enumerate(phases):
        good = isinstance(phase, dict) and isinstance(phase.get("id"), str) and isinstance(phase.get("name"), dict)
        ends = [phase.get("from_t"), phase.get("to_t")] if good else []
        if not good or not all(isinstance(end, int) for end in ends) or ends[0] > ends[1]:
            raise BadFile(f"event.json, phases[{number}]: {phase!r}; allowed: {allowed}")


def _json(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path.name}: not JSON ({error})") from error
    if not isinstance(document, dict):
        raise BadFile(f"{path.name}: {type(document).__name__}; allowed: a JSON object")
    return document


# Tables ----------------------------------------


def table_rows(path: Path, content: bytes | None = None) -> Rows:
    """A CSV table by its headings, rows without any cell left out.

    :raises BadFile: no such table.
    """
    text = decode(path, read_bytes(path) if content is None else content)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        numbered = [(number, row) for number, row in enumerate(reader, start=1) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise BadFile(f"{path.name}: cannot be read as CSV ({error})") from error
    if not numbered:
        raise BadFile(f"{path.name}: is empty; allowed: headings and rows")
    headings = tuple(cell.strip() for cell in numbered[0][1])
    if twice := [name for name in headings if headings.count(name) > 1]:
        raise BadFile(f"{path.name}, row 1, column {twice[0]}: stands twice; allowed: each heading once")
    for number, row in numbered[1:]:
        if len(row) > len(headings):
            raise BadFile(f"{path.name}, row {number}: {len(row)} cells; allowed: at most {len(headings)}")
    rows = tuple(
        dict(zip(headings, [*row, *[""] * (len(headings) - len(row))], strict=True)) for _, row in numbered[1:]
    )
    return Rows(headings, rows, tuple(number for number, _ in numbered[1:]))


def _check(table: Table, tables: Mapping[str, Rows]) -> list[Problem]:
    rows = tables[table.name]
    problems = [
        Problem(table.file, 1, column.name, "", "a column of this name")
        for column in table.columns
        if column.needed and column.name not in rows.headings
    ]
    known = {name: {row.get("id", "") for row in of} for name, of in tables.items()}
    seen: dict[str, int] = {}
    for number, row in zip(rows.numbers, rows, strict=True):
        for column in table.columns:
            problem = _cell(column, row.get(column.name, ""), known)
            if problem is not None and column.name in rows.headings:
                problems.append(Problem(table.file, number, column.name, row[column.name], problem))
        key = row.get(table.key, "")
        if key and seen.setdefault(key, number) != number:
            problems.append(Problem(table.file, number, table.key, key, f"each once; it stands in row {seen[key]}"))
    return problems or _circles(table, rows)


def _cell(column: Any, text: str, known: Mapping[str, set[str]]) -> str | None:
    if not text:
        return "a value" if column.needed else None
    try:
        column.takes(text)
    except BadValue as error:
        return str(error)
    if column.to and text not in known.get(column.to, set()):
        return f"an id of {column.to}.csv"
    return None


def _circles(table: Table, rows: Rows) -> list[Problem]:
    """Rows whose parents lead back to themselves."""
    if "parent" not in rows.headings:
        return []
    parent = {row["id"]: row["parent"] for row in rows}
    problems = []
    for number, row in zip(rows.numbers, rows, strict=True):
        above, steps = row["parent"], 0
        while above and above != row["id"] and steps <= len(parent):
            above, steps = parent.get(above, ""), steps + 1
        if above:
            problems.append(
                Problem(table.file, number, "parent", row["parent"], "a row that does not stand under this one")
            )
    return problems


# The plan --------------------------------------


def _plan(
    path: Path, event: Mapping[str, Any], calendars: Mapping[str, WorkCalendar], tables: Mapping[str, Rows]
) -> tuple[Plan | None, list[Problem]]:
    if not (path / "plan.csv").exists():
        return None, []
    book = read_book(path / "plan.csv", calendars=calendars)
    problems = list(book.problems)
    progress, more = _progress(path, book.plan, calendars)
    problems += more
    if not problems:
        problems += _references(book, tables)
    plan = replace(
        book.plan,
        name=str(event["id"]),
        opening=date.fromisoformat(event["opening"]),
        progress={**book.plan.progress, **progress},
        timezone=str(event["timezone"]),
        source="event",
    )
    if (path / "baselines.csv").exists():
        baselines, more = baselines_in(table_rows(path / "baselines.csv"))
        plan, problems = replace(plan, baselines=baselines), problems + more
    if (path / SCHEDULING).exists() and not problems:
        plan = with_scheduling(plan, _json(path / SCHEDULING))
    try:
        if not problems:
            check(plan)
    except PlanError as error:
        raise BadFile(f"plan.csv: {error}") from error
    return plan, problems


def _progress(
    path: Path, plan: Plan, calendars: Mapping[str, WorkCalendar]
) -> tuple[dict[str, Progress], list[Problem]]:
    file = path / "progress.csv"
    if not file.exists():
        return {}, []
    try:
        return read_progress(file, replace(plan, calendars=dict(calendars))), []
    except Rejected as error:
        return {}, error.problems


def _references(book: Book, tables: Mapping[str, Rows]) -> list[Problem]:
    known = {
        name: {row.get("id", "") for row in tables[name]} for name in ("units", "people", "areas") if name in tables
    }
    problems = []
    for task in book.plan.tasks:
        for column, value, name in (
            ("Unit", task.unit, "units"),
            ("Responsible", task.responsible, "people"),
            ("Area", task.area, "areas"),
            *(("Supporting", unit, "units") for unit in task.supporting),
        ):
            if value and name in known and value not in known[name]:
                problems.append(Problem("plan.csv", book.places[task.id][1], column, value, f"an id of {name}.csv"))
    return problems


def _resources(file: Path, plan: Plan | None) -> tuple[dict[str, Any] | None, list[Problem]]:
    if not file.exists():
        return None, []
    if plan is None:
        raise BadFile("resources.json: speaks of tasks; allowed: beside a plan.csv")
    try:
        read_resources(file, plan)
    except Rejected as error:
        return None, error.problems
    return _json(file), []


def _causes(file: Path, plan: Plan | None, tables: dict[str, Rows]) -> tuple[tuple[FolderCause, ...], list[Problem]]:
    """The causes of the folder; their table stands with the others, so that it is written as it was read."""
    if not file.exists():
        return (), []
    rows = tables["drivers"] = table_rows(file)
    ids = {name: {row.get("id", "") for row in tables[name]} for name in ("units", "areas", "nodes") if name in tables}
    known = {"places" if name == "nodes" else name: found for name, found in ids.items()}
    known["tasks"] = {task.id for task in plan.tasks} if plan is not None else set()
    return causes_in(file, zip(rows.numbers, rows, strict=True), known)


# The rest, and writing -------------------------

OWN = {
    "event.json", "plan.csv", "calendar.json", "map.geojson", "resources.json", CAUSES, SCHEDULING,
    *(f"{name}.csv" for name in (*TABLES, *KEPT)),
}  # fmt: skip


def _further(path: Path) -> dict[str, bytes]:
    """Files beside ours that belong to the event: other tables and documents, not scripts."""
    kept = (".csv", ".json", ".jsonl", ".geojson", ".md", ".npz", ".parquet", ".zip")
    files = (file for file in sorted(path.iterdir()) if file.is_file() and file.suffix in kept and file.name not in OWN)
    return {file.name: read_bytes(file) for file in files}


def write_folder(folder: EventFolder, path: Path) -> None:
    """Write every part of ``folder`` into the folder ``path`` (made where missing)."""
    path.mkdir(parents=True, exist_ok=True)
    _write_json(path / "event.json", folder.event)
    if folder.calendar_document is not None:
        _write_json(path / "calendar.json", folder.calendar_document)
    if folder.map is not None:
        _write_json(path / "map.geojson", folder.map)
    if folder.resources is not None:
        _write_json(path / "resources.json", folder.resources)
    if folder.plan is not None and (scheduling := scheduling_of(folder.plan)):
        _write_json(path / SCHEDULING, scheduling)
    for name, rows in folder.tables.items():
        (path / f"{name}.csv").write_bytes(rows_csv(rows))
    if folder.plan_rows.headings:
        (path / "plan.csv").write_bytes(rows_csv(folder.plan_rows))
    for name, content in folder.further.items():
        (path / name).write_bytes(content)


def rows_csv(rows: Rows) -> bytes:
    target = io.StringIO()
    writer = csv.DictWriter(target, rows.headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows.rows)
    return target.getvalue().encode()


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
