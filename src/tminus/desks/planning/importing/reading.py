"""Read a plan file for an event: what it says, which rows cannot be taken, which columns it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tminus.desks.planning.adapter import calendars_of
from tminus.desks.planning.baselines import check_baselines
from tminus.desks.planning.models import PlanCalendar
from tminus.engines.schedule import Plan, PlanError, TaskRole, WorkCalendar
from tminus.engines.schedule.model import check
from tminus.formats.assignment_book import NoTaskColumn, Told, read_book
from tminus.formats.columns import COLUMNS, ColumnMapping, signature
from tminus.formats.plan_file import read_plan
from tminus.formats.problems import BadFile, Problem
from tminus.formats.tables import SHEET_FILES, TEXT_FILES
from tminus.platform.models import Event

EVERY = frozenset(COLUMNS)
ROLE = "role"
"""What a task is to Primavera: no column of a book, but files of other tools have it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """``speaks_of``: the fields the file has a column for; what it does not speak of stays as it is."""

    plan: Plan
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    headings: tuple[str, ...]
    mapping: ColumnMapping
    signature: str
    speaks_of: frozenset[str]


def read(
    event: Event, path: Path, name: str, *, mapping: ColumnMapping | None = None, told: Told | None = None
) -> Reading:
    """Read the file at ``path``, called ``name`` by whoever handed it in.

    :raises BadFile: not a plan at all; a table's bad rows are listed in ``problems`` instead, and so is that none of
        its columns is known to name the task: whoever hands it in may say which one does.
    """
    if Path(name).suffix.lower() not in SHEET_FILES | TEXT_FILES:
        plan = read_plan(path)
        check_calendars(name, plan.calendars)
        check_baselines(name, plan.baselines)
        return Reading(plan, (), (), (), ColumnMapping(), "", _speaks_of(plan))
    try:
        book = read_book(path, content=path.read_bytes(), mapping=mapping, calendars=calendars_of(event), told=told)
    except NoTaskColumn as error:
        if not any(error.headings):
            raise
        return _unmapped(name, error.headings, mapping)
    problems = tuple(Problem(name, row.row, row.column, row.value, row.allowed, row.sheet) for row in book.problems)
    check_calendars(name, book.plan.calendars)
    if not problems:
        try:
            check(book.plan)
        except PlanError as error:
            raise BadFile(f"{name}: {error}") from error
    fields = frozenset(book.mapping.fields)
    return Reading(book.plan, problems, book.notes, book.headings, book.mapping, book.signature, fields)


def _speaks_of(plan: Plan) -> frozenset[str]:
    """A file of another tool says all there is to say of a task; its role only where the file knows of roles."""
    roles = plan.logic is not None or any(task.role is not TaskRole.PLAIN for task in plan.tasks)
    return EVERY | {ROLE} if roles else EVERY


def check_calendars(source: str, calendars: Mapping[str, WorkCalendar]) -> None:
    """:raises BadFile: a calendar is called by more than there is room for."""
    for code, calendar in calendars.items():
        for field, text in (("code", code), ("name", calendar.name)):
            most = getattr(PlanCalendar._meta.get_field(field), "max_length", 0)
            if len(text) > most:
                raise BadFile(
                    f"{source}: calendar {text[:40]!r}…: its {field} has {len(text)} characters; allowed: {most}"
                )


def _unmapped(name: str, headings: list[str], mapping: ColumnMapping | None) -> Reading:
    listed = ", ".join(heading for heading in headings if heading)
    problem = Problem(name, 0, "Task (任务)", listed, "say which of these columns names the task")
    plan = Plan(name=name, tasks=(), links=(), calendars={})
    return Reading(plan, (problem,), (), tuple(headings), mapping or ColumnMapping(), signature(headings), frozenset())
