"""Resources as one JSON document, the form of the resources file in which they are kept, and as a workbook that reads
back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tminus.engines.schedule import DayHours, Plan
from tminus.engines.schedule.levelling import Chooser, Mask, Mode, Resources, Supply
from tminus.formats.book_writer import workbook
from tminus.formats.calendar_file import calendar_to_json
from tminus.formats.calendar_sheet import DAYS, HEADINGS, SHEETS, calendar_rows
from tminus.formats.resource_tables import TABLES
from tminus.formats.resources_file import read_resources

Document = Mapping[str, Any]
BY_SELECTOR = ("needs", "modes", "marks")
"""Tables whose rows name tasks."""


def read_content(name: str, content: bytes, plan: Plan) -> Resources:
    """A resources file that was handed in, checked against the plan.

    :raises BadFile: as :func:`~tminus.formats.resources_file.read_resources`.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "resources")
        path.write_bytes(content)
        return read_resources(path, plan)


def read_document(document: Document, plan: Plan) -> Resources:
    """:raises BadFile: a value that cannot be taken, or that the plan contradicts."""
    return read_content("resources.json", json.dumps(document).encode(), plan)


def without_gone(document: Document, plan: Plan) -> tuple[Document, list[str]]:
    """The document without rows about tasks the plan no longer has, and which those were."""
    chosen = Chooser(plan.leaves())
    gone = {row["task"] for table in BY_SELECTOR for row in document.get(table, []) if not chosen(row["task"])}
    kept = {table: [row for row in document.get(table, []) if row["task"] not in gone] for table in BY_SELECTOR}
    return {**document, **{table: rows for table, rows in kept.items() if rows or table in document}}, sorted(gone)


# As a document -----------------------------------------


def document_of(resources: Resources) -> dict[str, Any]:
    """What a resources file in JSON would hold; tables without rows are left out."""
    tables = {
        "resources": [_supply(one) for one in resources.supplies],
        "capacity": [
            {"resource": one.id, "from": _at(step.start), "until": _until(step.until), "capacity": step.units}
            for one in resources.supplies
            for step in one.steps
        ],
        "needs": [
            _without({"task": one.task, "resource": one.supply, "units": one.units, "mode": one.mode}, mode="")
            for one in resources.needs
        ],
        "modes": [_mode(one) for one in resources.modes],
        "places": [
            _without(
                {"place": one.place, "most_tasks": one.most_tasks, "most_people": one.most_people},
                most_tasks=None,
                most_people=None,
            )
            for one in resources.sites
        ],
        "masks": [row for one in resources.masks for row in _mask(one)],
        "marks": [{"task": one.task, "mark": one.mark} for one in resources.marks],
        "calendars": {id: calendar_to_json(calendar) for id, calendar in resources.calendars.items()},
    }
    return {name: rows for name, rows in tables.items() if rows}


def _supply(one: Supply) -> dict[str, Any]:
    row = {
        "resource": one.id,
        "name": one.name,
        "kind": one.kind.value,
        "capacity": one.units,
        "calendar": one.calendar or "",
        "from": _at(one.start) if one.start else "",
        "until": _until(one.until) if one.until else "",
        "overtime": one.overtime_units,
        "cost_per_hour": one.cost_per_hour,
        "skills": list(one.skills),
        "held": one.held,
    }
    usual = {"name": "", "calendar": "", "from": "", "until": "", "overtime": 0, "cost_per_hour": 0, "held": False}
    return _without(row, skills=[], **usual)


def _mode(one: Mode) -> dict[str, Any]:
    length = ""
    if one.duration is not None:
        minutes, elapsed = one.duration.minutes, "e" if one.duration.elapsed else ""
        length = f"{minutes / 60:.10g}{elapsed}h"
    return _without({"task": one.task, "mode": one.id, "duration": length, "cost": one.cost}, duration="", cost=0)


def _mask(one: Mask) -> Iterator[dict[str, Any]]:
    """A row for all days with the same hours."""
    by_hours: dict[DayHours, list[int]] = {}
    for day, hours in enumerate(one.week):
        by_hours.setdefault(hours, []).append(day)
    for hours, days in by_hours.items():
        if hours:
            row = {
                "mark": one.mark,
                "days": "" if len(days) == 7 else ", ".join(DAYS[day] for day in days),
                "hours": "" if hours == ((0, 1440),) else ", ".join(f"{_clock(a)}-{_clock(b)}" for a, b in hours),
                "from": one.start.isoformat() if one.start else "",
                "until": one.until.isoformat() if one.until else "",
            }
            yield _without(row, days="", hours="", **{"from": "", "until": ""})


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _at(at: datetime) -> str:
    return at.date().isoformat() if at.time() == time.min else at.isoformat(timespec="minutes")


def _until(at: datetime) -> str:
    """An end at midnight is written as the last day, which is what a bare date of an end means."""
    if at.time() == time.min:
        return (at.date() - timedelta(days=1)).isoformat()
    return at.isoformat(timespec="minutes")


def _without(row: Mapping[str, Any], **usual: Any) -> dict[str, Any]:
    """The row without what is as usual."""
    return {name: value for name, value in row.items() if name not in usual or value != usual[name]}


# As a workbook -----------------------------------------

WIDTHS = {"resource": 18, "name": 40, "task": 18, "days": 26, "hours": 26, "skills": 26}


def resources_workbook(document: Document, resources: Resources, *, chinese: bool) -> bytes:
    """A sheet a table that has rows, headed in one language; it reads back as the same resources."""
    sheets = [_sheet(code, document[code], chinese) for code in TABLES if document.get(code)]
    if not sheets:
        sheets = [_sheet("resources", [], chinese)]
    if resources.calendars:
        plan = Plan(
            name="", tasks=(), calendars=dict(resources.calendars), default_calendar=next(iter(resources.calendars))
        )
        language = "zh" if chinese else "en"
        rows = calendar_rows(plan, language)
        sheets.append((SHEETS[chinese], HEADINGS[language], rows, [20, 16, 30, 24]))
    return workbook(sheets)


def _sheet(code: str, rows: Sequence[Mapping[str, Any]], chinese: bool) -> Any:
    table = TABLES[code]
    columns = [name for name in table.columns if name in table.needed or any(name in row for row in rows)]
    heads = [table.columns[name][int(chinese)] for name in columns]
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    return table.names[int(chinese)], heads, cells, [WIDTHS.get(name, 14) for name in columns]


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else ""
    return ", ".join(map(str, value)) if isinstance(value, list) else value
