"""The plan as a whole: back-schedule, take reported progress into account, publish."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.planning import adapter
from tminus.desks.planning.acts.remaining import settled
from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import Publication, PublishedTask, Task, TaskKind
from tminus.engines.schedule import PlanError, Policy, Schedule
from tminus.platform import duties
from tminus.platform.models import Duty, DutyState
from tminus.platform.registry import BadInput, Context, Grant, act


class RescheduleArgs(BaseModel):
    policy: Literal["asap", "alap_total", "alap_free", "as_planned"] = "alap_total"


class PublishArgs(BaseModel):
    title: str = ""


@act("planning.reschedule", grants=Grant.HEADQUARTERS)
def reschedule(ctx: Context, args: RescheduleArgs) -> dict[str, Any]:
    """Back-schedule the draft from opening day; published dates and duties stay as they are."""
    schedule = refreshed(ctx, Policy(args.policy), planned=True)
    ctx.record(ctx.the_event, None, {"policy": args.policy, "conflicts": len(schedule.conflicts)})
    return {
        "tasks": len(schedule.tasks),
        "conflicts": [conflict.as_json() for conflict in schedule.conflicts],
        "warnings": list(schedule.warnings),
    }


def refreshed(ctx: Context, policy: Policy = Policy.AS_PLANNED, *, planned: bool = False) -> Schedule:
    """Schedule the event anew and keep dates, floats, forecasts and statuses; acts that change the plan end so.

    :raises BadInput: the links run in a circle, or the plan contradicts itself.
    """
    event = ctx.the_event
    try:
        schedule = adapter.scheduled(event, ctx.now, policy)
    except PlanError as error:
        raise BadInput(str(error), field="plan") from error
    if schedule.cyclic:
        raise BadInput(
            _("the links run in a circle: %(detail)s") % {"detail": schedule.conflicts[0].detail}, field="predecessors"
        )
    adapter.store(event, schedule, ctx.now, planned=planned)
    return schedule


@act("planning.publish", grants=Grant.HEADQUARTERS)
def publish(ctx: Context, args: PublishArgs) -> dict[str, Any]:
    """Make the draft binding: keep it as a baseline, set each duty due by its published finish."""
    event = ctx.the_event
    number = (
        Publication.objects.filter(event=event).order_by("-number").values_list("number", flat=True).first() or 0
    ) + 1
    made = Publication.objects.create(event=event, number=number, at=ctx.now, person=ctx.person, title=args.title)
    tasks = list(Task.objects.filter(event=event).select_related("unit", "responsible", "duty"))
    moved = [task for task in tasks if _publish(task)]
    mass_update(moved, ["published_start", "published_finish"])
    PublishedTask.objects.bulk_create(
        PublishedTask.of(made, task) for task in tasks if task.published_start and task.published_finish
    )
    issued = sum(settle_duty(ctx, task) for task in tasks)
    refreshed(ctx)
    ctx.record(made, None, {"number": number, "title": args.title, "moved": len(moved), "duties": issued})
    return {"number": number, "moved": len(moved), "duties": issued}


def _publish(task: Task) -> bool:
    if task.planned_start is None or task.planned_finish is None or task.actual_finish is not None:
        return False
    if (task.published_start, task.published_finish) == (task.planned_start, task.planned_finish):
        return False
    task.published_start, task.published_finish = task.planned_start, task.planned_finish
    return True


def settle_duty(ctx: Context, task: Task) -> int:
    """A published leaf with an accountable person owns one duty, due by its published finish. 1 when one was issued."""
    if task.kind == TaskKind.SUMMARY or task.published_finish is None or task.actual_finish is not None:
        return 0
    due = moment(ctx, task.published_finish)
    duty = task.duty
    if duty is not None and duty.open:
        duties.change_due(ctx, duty, due)
        return 0
    if task.responsible is None or (duty is not None and duty.state == DutyState.ACCEPTED):
        return 0
    task.duty = duties.issue(ctx, task, (task.name_en, task.name_zh), task.responsible, task.unit, due)
    task.save(update_fields=["duty"])
    return 1


def moment(ctx: Context, at: datetime) -> datetime:
    """A plan's local time as a moment of the world."""
    return at.replace(tzinfo=ctx.the_event.zone)


@duties.on(DutyState.ACCEPTED, "planning.task")
def done(ctx: Context, duty: Duty) -> None:
    """Accepted is done: the task finished when its last evidence was given."""
    task = Task.objects.get(pk=duty.about_id)
    before = {"actual_finish": task.actual_finish, "percent": task.percent}
    at = (duty.last_evidence_at or ctx.now).astimezone(ctx.the_event.zone).replace(tzinfo=None)
    task.actual_finish = task.actual_finish or at
    task.actual_start = task.actual_start or min(at, task.planned_start or at)
    task.percent, task.remaining_min, task.reported_at = 100, 0, ctx.now
    task.save()
    settled(ctx, task)
    ctx.record(
        task, before, {"actual_finish": task.actual_finish, "percent": 100}, unit=task.unit, code="planning.task.done"
    )
    refreshed(ctx)
