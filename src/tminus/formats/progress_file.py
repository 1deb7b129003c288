"""Reported progress as a table of its own: ID, Actual start, Actual finish, Remaining, Progress, Reported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tminus.engines.schedule import Plan, Progress, WorkCalendar
from tminus.formats.assignment_book import read_book
from tminus.formats.book_writer import table_csv
from tminus.formats.columns import recognise
from tminus.formats.problems import BadFile, Problem, Rejected
from tminus.formats.tables import read_tables


def read_progress(path: Path, plan: Plan, content: bytes | None = None) -> dict[str, Progress]:
    """Progress by task ID.

    :raises BadFile: no ID column, or (:class:`Rejected`) an ID the plan does not have or a value that cannot be taken.
    """
    table = next(iter(read_tables(path, content)), None)
    heads = table.rows[0] if table and table.rows else []
    columns = recognise(heads)
    if "id" not in columns:
        raise BadFile(f"{path.name}: has no column headed ID (编号); allowed: ID with Actual start, Progress …")
    assert table is not None  # noqa: S101 - it has a column
    if "name" not in columns:
        rows = [[*(row[: len(heads)]), "-"] for row in table.rows[1:]]
        content = table_csv([*(str(head or "") for head in heads), "Task"], rows)  # type: ignore[arg-type]
    book = read_book(path.with_suffix(".csv"), content=content, calendars=_calendars(plan))
    known = plan.by_id()
    unknown = [
        Problem(path.name, book.places[task.id][1], "ID", task.id, "an ID of the plan")
        for task in book.plan.tasks
        if task.id not in known and task.id in book.places
    ]
    if problems := [*(replace(problem, file=path.name) for problem in book.problems), *unknown]:
        raise Rejected(problems)
    return dict(book.plan.progress)


def _calendars(plan: Plan) -> dict[str, WorkCalendar] | None:
    """The plan's calendars, its default one first."""
    ordered = sorted(plan.calendars, key=lambda id: id != plan.default_calendar)
    return {id: plan.calendars[id] for id in ordered} or None
