"""Progress as it is reported: how far, when it began and ended, what remains."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.acts.remaining import set_planned, settled
from tminus.desks.planning.acts.tasks import day_minutes
from tminus.desks.planning.models import Task
from tminus.formats import values
from tminus.formats.problems import BadValue
from tminus.platform.languages import allowed_by
from tminus.platform.registry import BadInput, Context, Grant, act


class ReportArgs(BaseModel):
    task: str
    percent: str = ""
    actual_start: str = ""
    actual_finish: str = ""
    remaining: str = ""


@act("planning.task.report", grants=Grant.ACT)
def report(ctx: Context, args: ReportArgs) -> dict[str, Any]:
    """Report progress: per cent, actual dates, what remains. Done needs the duty accepted, where there is one."""
    task = ctx.find(Task, key=args.task)
    ctx.require_any(task.unit, task.responsible, task.duty.delegate if task.duty else None)
    before = {name: getattr(task, name) for name in REPORTED}
    take_report(ctx, task, args)
    task.save()
    ended = ends_plan(ctx, task, args)
    after = {name: getattr(task, name) for name in REPORTED} | dict.fromkeys(ended)
    ctx.record(task, before | ended, after, unit=task.unit)
    refreshed(ctx)
    return {"task": task.key, "percent": task.percent}


REPORTED = ("percent", "actual_start", "actual_finish", "remaining_min", "reported_at")


def ends_plan(ctx: Context, task: Task, args: ReportArgs) -> dict[str, Any]:
    """A report of what is left, or that the task is done, takes the place of what was planned to be left of it."""
    done = task.actual_finish is not None or (task.percent or 0) >= 100
    return settled(ctx, task) if args.remaining or done else {}


def report_back(ctx: Context, task: Task, planned: int | None) -> None:
    """Undo of a report: what was planned before it stands again, and is to be confirmed."""
    if planned is not None:
        set_planned(ctx, task, planned)


def take_report(ctx: Context, task: Task, args: ReportArgs) -> None:
    """Put what is reported into the row in memory; what is left empty stays.

    :raises BadInput: a value that cannot be read, or one that contradicts the others.
    """
    hours = values.Hours()
    readers: dict[str, Any] = {
        "percent": ("percent", values.progress),
        "actual_start": ("actual_start", hours.start_on),
        "actual_finish": ("actual_finish", hours.finish_on),
        "remaining": ("remaining_min", lambda text: values.duration(text, day_minutes(ctx, task)).minutes),
    }
    for field, (attribute, read) in readers.items():
        text = getattr(args, field)
        if text:
            _take(task, field, attribute, text, read)
    _coherent(ctx, task)
    task.reported_at = ctx.now


def _take(task: Task, field: str, attribute: str, text: str, read: Any) -> None:
    try:
        setattr(task, attribute, read(text))
    except BadValue as error:
        raise BadInput(
            _("%(field)s: %(text)r; allowed: %(allowed)s")
            % {"field": field, "text": text, "allowed": allowed_by(error)},
            field=field,
            value=text,
        ) from error


def _coherent(ctx: Context, task: Task) -> None:
    now = ctx.now.replace(tzinfo=None)
    for name in ("actual_start", "actual_finish"):
        at: datetime | None = getattr(task, name)
        if at is not None and at.date() > now.date():
            raise BadInput(
                _("%(name)s: %(at)s lies ahead; allowed: up to today") % {"name": name, "at": f"{at:%Y-%m-%d}"},
                field=name,
                value=str(at),
            )
    if task.actual_start and task.actual_finish and task.actual_finish < task.actual_start:
        raise BadInput(_("actual_finish: before actual_start"), field="actual_finish", value=str(task.actual_finish))
    finished = task.actual_finish is not None or (task.percent or 0) >= 100
    if finished and task.duty is not None and task.duty.open:
        raise BadInput(
            _("done needs the duty accepted by someone else; allowed: submit it with evidence"),
            field="percent",
            value="100",
        )
    if (task.percent or 0) > 0 and task.actual_start is None:
        task.actual_start = min(now, task.planned_start or now)
