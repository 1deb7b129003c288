"""The timetable: bars, links, days off; and what would happen if a bar were moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning import adapter
from tminus.desks.planning.models import Task
from tminus.desks.planning.queries.tasks import TasksArgs, filtered, readable
from tminus.desks.planning.standing import standing
from tminus.engines.schedule import PlanError
from tminus.engines.schedule import what_if as engine_what_if
from tminus.formats import values
from tminus.formats.problems import BadValue
from tminus.platform.models import TDay
from tminus.platform.registry import BadInput, Context, Grant, query

SHOWN = 12


class TimetableArgs(TasksArgs):
    """As the assignment book's filters."""


class WhatIfArgs(BaseModel):
    task: str
    start: str
    """The day it would start: 2026-09-01, with or without a time."""


@query("planning.timetable", grants=Grant.READ)
def timetable(ctx: Context, args: TimetableArgs) -> dict[str, Any]:
    """Rows with their bars: draft, published, progress; weekends and holidays of the event's calendar."""
    tasks = list(filtered(ctx, args).order_by("position")[args.offset : args.offset + args.limit])
    dated = [task for task in tasks if task.planned_start and task.planned_finish]
    first = min((task.planned_start for task in dated), default=datetime.combine(ctx.now.date(), datetime.min.time()))
    last = max((max(t.planned_finish, t.forecast_finish or t.planned_finish) for t in dated), default=first)
    return {
        "first": first.date(),
        "last": max(last.date(), ctx.the_event.closing),
        "rows": [_bar(task) for task in tasks],
        "off": _days_off(ctx, first.date(), max(last.date(), ctx.the_event.closing)),
        "checkpoints": ctx.the_event.checkpoint_dates(ctx.the_event.t(first.date()).n),
    }


def _bar(task: Task) -> dict[str, Any]:
    return {
        "key": task.key,
        "name": task.name,
        "depth": task.depth,
        "kind": task.kind,
        "status": task.status,
        "start": task.planned_start,
        "finish": task.planned_finish,
        "published_start": task.published_start,
        "published_finish": task.published_finish,
        "forecast_finish": task.forecast_finish,
        "percent": task.percent or 0,
        "critical": task.critical,
        "float_days": task.total_float_days,
        "holder": task.responsible.name if task.responsible else "",
        "unit": task.unit.name if task.unit else "",
        "can_move": task.kind != "summary" and task.actual_start is None and task.actual_finish is None,
    }


def _days_off(ctx: Context, first: date, last: date) -> list[date]:
    calendar = next(iter(adapter.calendars_of(ctx.the_event).values()))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if not calendar.hours_on(day)]


@query("planning.what_if", grants=Grant.READ)
def what_if(ctx: Context, args: WhatIfArgs) -> dict[str, Any]:
    """Who moves, which checkpoint changes and what binds if a task started on another day; changes nothing."""
    try:
        start = values.Hours().start_on(args.start)
    except BadValue as error:
        raise BadInput(f"start: {args.start!r}; allowed: {error}", field="start", value=args.start) from error
    schedule = standing(ctx.the_event, ctx.now)
    try:
        found = engine_what_if(schedule, {args.task: start})
    except PlanError as error:
        raise BadInput(str(error), field="task", value=args.task) from error
    ranked = sorted(found.moved, key=lambda one: (one.id != args.task, -abs(one.days)))
    ids = {one.id for one in ranked[:SHOWN]} | set(found.binds)
    tasks = {task.key: task for task in readable(ctx).filter(key__in=ids)}
    return {
        "task": args.task,
        "moved": [
            {
                "key": one.id,
                "name": tasks[one.id].name if one.id in tasks else one.id,
                "holder": tasks[one.id].responsible.name if one.id in tasks and tasks[one.id].responsible else "",  # type: ignore[union-attr]
                "unit": tasks[one.id].unit.name if one.id in tasks and tasks[one.id].unit else "",  # type: ignore[union-attr]
                "start": one.start,
                "finish": one.finish,
                "finish_before": one.finish_before,
                "t": str(ctx.the_event.t(one.finish)),
                "days": one.days,
            }
            for one in ranked[:SHOWN]
        ],
        "moved_total": len(found.moved),
        "slips": [
            {"t": str(TDay(-slip.t_minus)), "date": slip.checkpoint, "tasks": list(slip.ids)} for slip in found.slips
        ],
        "binds": [{"key": id, "name": tasks[id].name if id in tasks else id} for id in found.binds],
        "misses_opening": list(found.misses_opening),
    }
