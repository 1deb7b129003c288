"""The draft timetable: a task moved, and everything that follows giving way."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning import adapter, landing
from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.models import Task
from tminus.engines.schedule import PlanError, what_if
from tminus.formats import values
from tminus.formats.problems import BadValue
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, Context, Grant, act


class MoveArgs(BaseModel):
    task: str
    start: str


@act("planning.timetable.move", grants=Grant.ACT)
def move(ctx: Context, args: MoveArgs) -> dict[str, Any]:
    """Move a task in the draft; what follows gives way. Published dates and duties stay until published.

    :raises BadInput: not a day, a task that has begun, or one that would stay where it is, and why.
    """
    task = ctx.find(Task, key=args.task)
    ctx.require(task.unit)
    try:
        start = values.Hours().start_on(args.start)
    except BadValue as error:
        raise BadInput(f"start: {args.start!r}; allowed: {error}", field="start", value=args.start) from error
    moved = move_in_draft(ctx, task, start)
    refreshed(ctx)
    return {"moved": moved}


def move_in_draft(ctx: Context, task: Task, start: datetime) -> list[str]:
    """Let a task begin at ``start``, and what follows give way; the caller schedules anew.

    :raises BadInput: a task that has begun, or one that would stay where it is, and why.
    """
    try:
        schedule = adapter.scheduled(ctx.the_event, ctx.now)
        found = what_if(schedule, {task.key: start})
    except PlanError as error:
        raise BadInput(str(error), field="task", value=task.key) from error
    if landing.stays(found, task.key):
        raise BadInput(landing.told(ctx, schedule, found, task.key, start), field="start", value=str(start))
    after = {one.id: one for one in found.moved}
    tasks = list(Task.objects.filter(event=ctx.event, key__in=after).select_related("unit"))
    before = _spans(tasks)
    for one in tasks:
        one.planned_start, one.planned_finish = after[one.key].start, after[one.key].finish
    Task.objects.bulk_update(tasks, ["planned_start", "planned_finish"], batch_size=500)
    ctx.record(task, before, _spans(tasks), unit=task.unit, code="planning.timetable.move")
    return [one.key for one in tasks]


def _spans(tasks: list[Task]) -> dict[str, dict[str, datetime | None]]:
    return {
        "start": {one.key: one.planned_start for one in tasks},
        "finish": {one.key: one.planned_finish for one in tasks},
    }


def move_back(ctx: Context, line: RecordLine) -> Task:
    """Undo: every bar the move took along stands where it stood, if it still stands where the move put it."""
    task = ctx.find(Task, pk=int(line.object_id))
    ctx.require(task.unit)
    before, after = line.before or {}, line.after or {}
    tasks = list(Task.objects.filter(event=ctx.event, key__in=before.get("start", {})))
    for one in tasks:
        if _instant(after["finish"][one.key]) != one.planned_finish:
            raise BadInput("somebody has changed this since; it can no longer be undone", field="line", value=line.seq)
        one.planned_start, one.planned_finish = (_instant(before[end][one.key]) for end in ("start", "finish"))
    if not tasks:
        raise BadInput("this move is from before moves could be undone", field="line", value=line.seq)
    Task.objects.bulk_update(tasks, ["planned_start", "planned_finish"], batch_size=500)
    return task


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
