"""Edits carried out in the draft: each leaves the line in the record that the same change by hand would."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tminus.desks.planning.acts.links import recorded
from tminus.desks.planning.acts.remaining import plan_left
from tminus.desks.planning.acts.timetable import move_in_draft
from tminus.desks.planning.adapter import plan_of
from tminus.desks.planning.edits import (
    CutLink,
    Edit,
    NotBefore,
    SetCalendar,
    SetDuration,
    SetLink,
    SetRemaining,
    SevenDays,
    StartOn,
    in_plan,
)
from tminus.desks.planning.models import PlanCalendar, Task, TaskKind, TaskLink
from tminus.engines.schedule import PlanError, back_schedule
from tminus.formats.calendar_file import calendar_to_json
from tminus.platform.registry import BadInput, Context

CHANGED = "planning.task.change"


def in_draft(ctx: Context, edits: Sequence[Edit]) -> list[Task]:
    """Carry out ``edits``; the caller schedules anew. Returns the tasks that changed.

    :raises BadInput: what an edit names is gone. :raises NotAllowed: a task beyond the person's posts.
    """
    return [_carried_out(ctx, edit) for edit in edits]


def try_edits(ctx: Context, edits: Sequence[Edit]) -> None:
    """:raises BadInput: with ``edits`` the plan would run in a circle, or contradict itself."""
    try:
        tried = in_plan(plan_of(ctx.the_event), edits)
        schedule = back_schedule(tried, opening=ctx.the_event.opening, today=ctx.now.date())
    except PlanError as error:
        raise BadInput(str(error), field="edits") from error
    if schedule.cyclic:
        raise BadInput(
            _("the links run in a circle: %(detail)s") % {"detail": schedule.conflicts[0].detail}, field="edits"
        )


def _carried_out(ctx: Context, edit: Edit) -> Task:
    key = edit.successor if isinstance(edit, SetLink | CutLink) else edit.task
    task = ctx.find(Task, key=key)
    ctx.require(task.unit)
    match edit:
        case SetDuration():
            _set_duration(ctx, task, edit.minutes)
        case SetRemaining():
            plan_left(ctx, task, edit.minutes)
        case SetCalendar():
            _set_calendar(ctx, task, edit.calendar)
        case NotBefore():
            _hold(ctx, task, edit.at)
        case SevenDays():
            _set_calendar(ctx, task, _seven_days(ctx, task))
        case StartOn():
            move_in_draft(ctx, task, edit.at)
        case SetLink():
            _link(ctx, task, edit)
        case CutLink():
            _cut(ctx, task, edit.predecessor, edit.kind)
    return task


def _set_duration(ctx: Context, task: Task, minutes: int) -> None:
    if task.kind == TaskKind.SUMMARY:
        raise BadInput(
            _("%(key)s: a summary takes as long as what stands under it") % {"key": task.key},
            field="edits",
            value=task.key,
        )
    before = {"duration": task.duration_min, "kind": task.kind}
    task.duration_min = minutes
    task.kind = TaskKind.TASK if minutes else TaskKind.MILESTONE
    task.save(update_fields=["duration_min", "kind"])
    ctx.record(task, before, {"duration": minutes, "kind": task.kind}, unit=task.unit, code=CHANGED)


def _set_calendar(ctx: Context, task: Task, code: str) -> None:
    before = task.calendar.code if task.calendar else ""
    task.calendar = ctx.find(PlanCalendar, code=code)
    task.save(update_fields=["calendar"])
    ctx.record(task, {"calendar": before}, {"calendar": code}, unit=task.unit, code=CHANGED)


def _seven_days(ctx: Context, task: Task) -> str:
    """The code of the seven-day week of the task's calendar, which the event is given where it has none yet."""
    plan = in_plan(plan_of(ctx.the_event), [SevenDays(task=task.key)])
    week = plan.calendars[str(plan.by_id()[task.key].calendar)]
    PlanCalendar.objects.get_or_create(
        event=ctx.the_event, code=week.id, defaults={"name": week.name, "definition": calendar_to_json(week)}
    )
    return week.id


def _hold(ctx: Context, task: Task, at: datetime | None) -> None:
    before = {"constraint": task.constraint, "constraint_at": task.constraint_at}
    task.constraint, task.constraint_at = ("SNET", at) if at else ("", None)
    task.save(update_fields=["constraint", "constraint_at"])
    ctx.record(task, before, {"constraint": task.constraint, "constraint_at": at}, unit=task.unit, code=CHANGED)


def _link(ctx: Context, task: Task, edit: SetLink) -> None:
    pred = ctx.find(Task, key=edit.predecessor)
    for other in TaskLink.objects.filter(event=ctx.event, predecessor=pred, successor=task).exclude(kind=edit.kind):
        _cut(ctx, task, edit.predecessor, other.kind)
    ends: dict[str, Any] = {"event": ctx.the_event, "predecessor": pred, "successor": task, "kind": edit.kind}
    was = TaskLink.objects.filter(**ends).first()
    before = recorded(pred.key, was) if was else None
    set_to = {"lag_min": edit.lag_minutes, "lag_elapsed": edit.elapsed, "lag_percent": None}
    made, _created = TaskLink.objects.update_or_create(**ends, defaults=set_to)
    ctx.record(task, before, recorded(pred.key, made), unit=task.unit, code="planning.link")


def _cut(ctx: Context, task: Task, predecessor: str, kind: str) -> None:
    found = ctx.find(TaskLink, predecessor__key=predecessor, successor=task, kind=kind)
    ctx.record(task, recorded(predecessor, found), None, unit=task.unit, code="planning.unlink")
    found.delete()
