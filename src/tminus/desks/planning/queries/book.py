"""The whole book in one answer for the browser's table, and what pasted cells would do to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import CharField
from django.db.models.functions import Cast

from tminus.desks.planning.acts.cells import CellsArgs, Tried, try_cells
from tminus.desks.planning.models import INACTIVE, TaskKind
from tminus.desks.planning.queries.tasks import TasksArgs, filtered
from tminus.engines.schedule import Duration
from tminus.formats.values import duration_text
from tminus.platform.local_datetime import ends
from tminus.platform.registry import Context, Grant, query

COLUMNS = (
    "key", "parent__key", "kind", "status", "name_en", "name_zh", "responsible__username", "responsible_text",
    "unit__code", "unit_text", "area__code", "place__code", "place_text", "start_text", "finish_text",
    "duration_min", "duration_elapsed", "percent", "total_float_days", "deadline", "phase", "gate", "weight",
    "reported_at", "critical", "active",
)  # fmt: skip
SENT = (
    "key", "parent", "kind", "status", "name_en", "name_zh", "responsible", "responsible_text", "unit", "unit_text",
    "area", "place", "place_text", "start", "finish", "duration", "percent", "float", "deadline", "phase", "gate",
    "weight", "reported_at", "critical",
)  # fmt: skip
"""What stands at each position of a row in the answer."""


@query("planning.book", grants=Grant.READ)
def book(ctx: Context, args: TasksArgs) -> dict[str, Any]:
    """Every row of the book within what you can read, compact.

    ``fields`` names the positions of ``rows``; ``actable`` the units whose rows you may change, unless all.
    """
    # Dates as the database's own text: making 40,000 dates only to write them again would be half of the work.
    dated = filtered(ctx, args).annotate(
        start_text=Cast("planned_start", CharField()), finish_text=Cast("planned_finish", CharField())
    )
    found = dated.order_by("position").values_list(*COLUMNS)
    texts: dict[tuple[int, bool], str] = {}
    return {
        "fields": SENT,
        "rows": [_sent(row, texts) for row in found],
        "acts_everywhere": ctx.scope.acts_everywhere,
        "actable": [] if ctx.scope.acts_everywhere else list(ctx.scope.units_actable().values_list("code", flat=True)),
    }


def _sent(row: tuple[Any, ...], texts: dict[tuple[int, bool], str]) -> list[Any]:
    minutes, elapsed = length = row[15], row[16]
    if length not in texts:
        texts[length] = duration_text(Duration(minutes, elapsed))
    summary = row[2] == TaskKind.SUMMARY
    start, finish = row[13], row[14]
    return [
        *row[:3],
        row[3] if row[25] else INACTIVE,
        *row[4:13],
        start and start[:16],
        finish and finish[:16],
        None if summary else texts[length],
        None if summary else row[17],
        row[18],
        _minute(ends(row[19])),
        *row[20:23],
        _minute(row[23]),
        row[24],
    ]


def _minute(at: date | datetime | None) -> str | None:
    return str(at)[:16] if at else None


class TriedArgs(CellsArgs):
    """As for the act."""


@query("planning.cells.try", grants=Grant.READ)
def try_them(ctx: Context, args: TriedArgs) -> dict[str, Any]:
    """What setting these cells would change, and what is wrong with those that cannot be taken; changes nothing."""
    found = [_told(one) for one in try_cells(ctx, args.cells)]
    return {
        "cells": found,
        "problems": sum(bool(one["problem"]) for one in found),
        "changes": sum(not one["problem"] and one["before"] != one["after"] for one in found),
    }


def _told(one: Tried) -> dict[str, Any]:
    return {
        "task": one.cell.task,
        "name": one.task.name if one.task else "",
        "field": one.cell.field,
        "value": one.cell.value,
        "before": _text(one.cell.field, one.before),
        "after": _text(one.cell.field, one.after),
        "problem": one.problem,
    }


def _text(field: str, values: Mapping[str, Any]) -> str:
    """A field the way an assignment book has it."""
    value = values.get(field)
    if field == "duration" and value is not None:
        return duration_text(Duration(value, bool(values.get("duration_elapsed"))))
    if field == "constraint" and value:
        return f"{value} {_minute(values.get('constraint_at')) or ''}".strip()
    if isinstance(value, datetime):
        return _minute(ends(value) if field == "deadline" else value) or ""
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)
