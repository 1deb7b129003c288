"""Many cells of the book at once, as typed into the table, set for many rows, or pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.acts.reporting import REPORTED, ReportArgs, ends_plan, take_report
from tminus.desks.planning.acts.tasks import COMPANIONS, FIELDS, RESCHEDULES, assignable, hand_on, holds_one, set_field
from tminus.desks.planning.models import Task
from tminus.formats.problems import BadValue
from tminus.platform.access import NotAllowed
from tminus.platform.languages import allowed_by
from tminus.platform.models import Person
from tminus.platform.registry import BadInput, Context, Grant, act

MOST_CELLS = 2_000
EDITABLE = sorted({*FIELDS, "percent"})


class Cell(BaseModel):
    """One field of one task, as text the way an assignment book has it."""

    task: str
    field: str
    value: str = Field("", max_length=5_000)


class CellsArgs(BaseModel):
    cells: list[Cell] = Field(min_length=1, max_length=MOST_CELLS)


class CellRefused(BadInput):
    """Names the cell; ``here`` is what is said where the reader stands at that cell."""

    def __init__(self, one: Tried, more: str = "") -> None:
        super().__init__(
            f"{one.cell.task}, {one.cell.field}: {one.problem}{more}", field=one.cell.field, value=one.cell.value
        )
        self.here = one.problem


class Tried(NamedTuple):
    """What setting a cell does to the row in memory, or what is wrong with it and what is allowed."""

    cell: Cell
    task: Task | None
    before: dict[str, Any]
    after: dict[str, Any]
    problem: str = ""


@act("planning.cells.change", grants=Grant.ACT)
def change_cells(ctx: Context, args: CellsArgs) -> dict[str, Any]:
    """Set many fields of many tasks, all of them or none.

    :raises CellRefused: the first cell that cannot be taken, and how many more.
    """
    tried = list(try_cells(ctx, args.cells))
    bad = [one for one in tried if one.problem]
    if bad:
        more = _(" (and %(n)d more)") % {"n": len(bad) - 1} if len(bad) > 1 else ""
        raise CellRefused(bad[0], more)
    touched = {one.task.pk: one.task for one in tried if one.task is not None}
    for task in touched.values():
        task.save()
    for one in tried:
        assert one.task is not None  # noqa: S101 - no problem, so there is a task
        ctx.record(one.task, one.before, one.after, unit=one.task.unit)
        if one.cell.field == "responsible":
            hand_on(ctx, one.task, one.task.responsible)
    if {one.cell.field for one in tried} & {*RESCHEDULES, "percent"}:
        refreshed(ctx)
    return {"tasks": sorted({cell.task for cell in args.cells}), "cells": len(tried)}


def try_cells(ctx: Context, cells: list[Cell]) -> Iterator[Tried]:
    """Set each cell in memory, one after the other; nothing is saved. Tasks beyond reach are a problem of the cell."""
    keys = {cell.task for cell in cells}
    rows = Task.objects.filter(event=ctx.event, key__in=keys)
    found = {
        task.key: task
        for task in rows.select_related("unit", "responsible", "area", "place", "calendar", "duty__delegate")
    }
    people: dict[str, Person | None] = {}
    seen: set[tuple[str, str]] = set()
    for cell in cells:
        task = found.get(cell.task)
        if task is None:
            yield Tried(cell, None, {}, {}, _("no task %(key)r in this event") % {"key": cell.task})
        elif (cell.task, cell.field) in seen:
            yield Tried(cell, task, {}, {}, _("stands twice; allowed: each cell once"))
        else:
            seen.add((cell.task, cell.field))
            yield _tried(ctx, task, cell, people)


def _tried(ctx: Context, task: Task, cell: Cell, people: dict[str, Person | None]) -> Tried:
    try:
        _reached(ctx, task, cell.field)
        before, after = _set(ctx, task, cell, people)
    except NotAllowed:
        return Tried(cell, task, {}, {}, _("beyond your reach"))
    except BadInput as error:
        return Tried(cell, task, {}, {}, str(error))
    except BadValue as error:
        return Tried(
            cell,
            task,
            {},
            {},
            _("%(value)r; allowed: %(allowed)s") % {"value": cell.value, "allowed": allowed_by(error)},
        )
    return Tried(cell, task, before, after)


def _reached(ctx: Context, task: Task, field: str) -> None:
    """Who acts for the unit sets anything; who answers for the task also reports on it."""
    if field == "percent":
        ctx.require_any(task.unit, task.responsible, task.duty.delegate if task.duty else None)
    else:
        ctx.require(task.unit)


def _set(
    ctx: Context, task: Task, cell: Cell, people: dict[str, Person | None]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Put the cell into the row in memory; what the record shall say of before and after."""
    text = cell.value.strip()
    if cell.field == "responsible":
        holds_one(task)
        if text not in people:
            people[text] = assignable(ctx, text)
        before = {"responsible": task.responsible.username if task.responsible else ""}
        task.responsible, task.responsible_text = people[text], ""
        return before, {"responsible": text}
    if cell.field == "percent":
        holds_one(task)
        before = {name: getattr(task, name) for name in REPORTED}
        said = ReportArgs(task=task.key, percent=text or "0")
        take_report(ctx, task, said)
        ends_plan(ctx, task, said)
        return before, {name: getattr(task, name) for name in REPORTED}
    if cell.field not in FIELDS:
        raise BadInput(
            _("field %(field)r; allowed: %(allowed)s") % {"field": cell.field, "allowed": ", ".join(EDITABLE)},
            field="field",
            value=cell.field,
        )
    beside = COMPANIONS.get(cell.field, ())
    stood = {name: getattr(task, name) for name in beside}
    was, now = set_field(ctx, task, cell.field, text)
    return {cell.field: was, **stood}, {cell.field: now, **{name: getattr(task, name) for name in beside}}
