"""Tasks: the assignment book's rows, one task with all about it, holes."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.models import Task, TaskKind, TaskLink
from tminus.desks.planning.queries.readiness import lead_of, preparation
from tminus.desks.planning.queries.remaining import planned_remaining
from tminus.engines.schedule import Duration
from tminus.formats.values import duration_text
from tminus.platform.languages import reads_chinese
from tminus.platform.models import Comment, RecordLine, Unit
from tminus.platform.registry import Context, Grant, Missing, query


class TasksArgs(BaseModel):
    """Filters; empty means all. ``due_by``: planned finish up to and including this day.

    ``area``: ``-`` for tasks without one. ``lead``: lead units, comma-separated, a team's work with its department's,
    ``-`` for none. ``ready``: only what readiness counts, leaves to be done by opening. ``forecast_after``: expected
    to be finished after this day.
    """

    text: str = ""
    unit: str = ""
    area: str = ""
    place: str = ""
    person: str = ""
    phase: str = ""
    status: str = ""
    holes: bool = False
    gates: bool = False
    leaves: bool = False
    lead: str = ""
    ready: bool = False
    forecast_after: date | None = None
    due_by: date | None = None
    due_after: date | None = None
    order: Literal["outline", "finish", "float", "status"] = "outline"
    offset: int = Field(default=0, ge=0)
    limit: int = Field(default=200, ge=1, le=50_000)


class TaskArgs(BaseModel):
    task: str


class NoArgs(BaseModel):
    """No arguments."""


ORDERS = {
    "outline": ("position",),
    "finish": ("planned_finish", "position"),
    "float": ("total_float_days", "position"),
    "status": ("status", "position"),
}


@query("planning.tasks", grants=Grant.READ)
def tasks(ctx: Context, args: TasksArgs) -> dict[str, Any]:
    """Rows of the assignment book, within what you can read."""
    found = filtered(ctx, args)
    total = found.count()
    rows = found.order_by(*ORDERS[args.order])[args.offset : args.offset + args.limit]
    return {"total": total, "offset": args.offset, "rows": [row(ctx, task) for task in rows]}


def filtered(ctx: Context, args: TasksArgs) -> QuerySet[Task]:
    """The tasks a person can read that the filters leave, with what a row shows."""
    found = readable(ctx)
    for name, lookup in (
        ("unit", "unit__path__contains"),
        ("area", "area__code"),
        ("place", "place__code"),
        ("phase", "phase"),
    ):
        value = getattr(args, name)
        if value == "-" and name == "area":
            found = found.filter(area=None)
        elif value:
            found = found.filter(**{lookup: f"/{value}/" if name == "unit" else value})
    if args.person:
        found = found.filter(responsible__username=args.person)
    if args.status:
        found = found.filter(status__in=args.status.split(","))
    for word in args.text.split():
        found = found.filter(_says(word))
    if args.holes:
        found = found.filter(responsible=None).exclude(kind=TaskKind.SUMMARY).exclude(status="done")
    if args.gates:
        found = found.filter(gate=True)
    if args.leaves or args.due_by or args.due_after:
        found = found.exclude(kind=TaskKind.SUMMARY)
    if args.due_by:
        found = found.filter(planned_finish__lte=_midnight_after(args.due_by))
    if args.due_after:
        found = found.filter(planned_finish__gt=_midnight_after(args.due_after))
    if args.lead:
        found = found.filter(_led_by(ctx, args.lead.split(",")))
    if args.ready:
        found = found.filter(pk__in=preparation(ctx.the_event).order_by().values("pk"))
    if args.forecast_after:
        found = found.filter(forecast_finish__gt=_midnight_after(args.forecast_after))
    return found


def _led_by(ctx: Context, leads: list[str]) -> Q:
    """Tasks whose unit counts for one of these leads; ``-``: tasks of no unit."""
    units = {unit.pk: unit for unit in Unit.objects.filter(event=ctx.event)}
    found = Q(unit__in=[pk for pk, unit in units.items() if lead_of(unit, units).code in leads])
    return found | Q(unit=None) if "-" in leads else found


SAID = ("key", "name_en", "name_zh", "unit_text", "responsible_text")


def _says(word: str) -> Q:
    """The word stands in the ID, the task's names, its unit or its holder, as the reader sees them."""
    language = "zh" if reads_chinese() else "en"
    columns = (*SAID, f"unit__name_{language}", f"responsible__name_{language}")
    return reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns))


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time())


def readable(ctx: Context) -> QuerySet[Task]:
    """Tasks of the units in reach, one's own, and the summaries above (which belong to nobody in particular)."""
    found = Task.objects.filter(event=ctx.event).select_related("unit", "responsible", "area", "place", "parent")
    if ctx.scope.reads_all or ctx.scope.acts_everywhere:
        return found
    own = (
        Q(unit__in=ctx.scope.units_readable())
        | Q(responsible=ctx.person)
        | Q(supporting__in=ctx.scope.units_readable())
    )
    return found.filter(own).distinct()


def row(ctx: Context, task: Task) -> dict[str, Any]:
    """One line of the book."""
    return {
        "key": task.key,
        "name": task.name,
        "parent": task.parent.key if task.parent else None,
        "depth": task.depth,
        "kind": task.kind,
        "status": task.shown_status,
        "unit": task.unit.code if task.unit else "",
        "unit_name": task.unit.name if task.unit else task.unit_text,
        "responsible": task.responsible.username if task.responsible else "",
        "responsible_name": task.responsible.name if task.responsible else task.responsible_text,
        "area": task.area.code if task.area else "",
        "area_name": task.area.name if task.area else "",
        "place": task.place.code if task.place else "",
        "place_name": task.place.name if task.place else task.place_text,
        "start": task.planned_start,
        "finish": task.planned_finish,
        "published_finish": task.published_finish,
        "forecast_finish": task.forecast_finish,
        "deadline": task.deadline,
        "duration_min": task.duration_min,
        "total_float_days": task.total_float_days,
        "critical": task.critical,
        "gate": task.gate,
        "weight": task.weight,
        "percent": task.percent,
        "actual_start": task.actual_start,
        "actual_finish": task.actual_finish,
        "reported_at": task.reported_at,
        "duty": task.duty_id,
    }


@query("planning.task", grants=Grant.READ)
def task(ctx: Context, args: TaskArgs) -> dict[str, Any]:
    """One task: its row, dates, links, duty, remarks and history."""
    found = readable(ctx).filter(key=args.task).select_related("duty", "calendar").first()
    if found is None:
        raise Missing(_("no task %(task)r in reach") % {"task": args.task}, field="task", value=args.task)
    lines = RecordLine.objects.filter(event=ctx.event, object_type="planning.task", object_id=str(found.pk))
    return row(ctx, found) | {
        "id": found.pk,
        "name_en": found.name_en,
        "name_zh": found.name_zh,
        "notes": found.notes,
        "phase": found.phase,
        "dimension": found.dimension,
        "calendar": found.calendar.code if found.calendar else "",
        "constraint": found.constraint,
        "constraint_at": found.constraint_at,
        "early_start": found.early_start,
        "early_finish": found.early_finish,
        "late_start": found.late_start,
        "late_finish": found.late_finish,
        "duration_elapsed": found.duration_elapsed,
        "free_float_days": found.free_float_days,
        "published_start": found.published_start,
        "remaining_min": found.remaining_min,
        "planned_remaining": planned_remaining(ctx, found),
        "supporting": [{"code": unit.code, "name": unit.name} for unit in found.supporting.all()],
        "predecessors": [_link(link, link.predecessor) for link in _links(ctx, successor=found)],
        "successors": [_link(link, link.successor) for link in _links(ctx, predecessor=found)],
        "children": [row(ctx, child) for child in readable(ctx).filter(parent=found)],
        "comments": [
            {"id": one.pk, "person": one.person.name, "at": one.at, "text": one.text, "file": one.file_name}
            for one in Comment.objects.filter(
                event=ctx.event, about_type="planning.task", about_id=found.pk
            ).select_related("person")
        ],
        "history": [
            {
                "at": line.at,
                "actor": line.actor.name if line.actor else "",
                "code": line.code,
                "before": line.before,
                "after": line.after,
            }
            for line in lines.select_related("actor").order_by("-seq")[:100]
        ],
        "can_act": ctx.scope.can_act(found.unit),
    }


def _links(ctx: Context, **end: Task) -> QuerySet[TaskLink]:
    return TaskLink.objects.filter(event=ctx.event, **end).select_related("predecessor", "successor")


def _lag(link: TaskLink) -> str:
    if link.lag_percent is not None:
        return f"{link.lag_percent:g}%"
    return duration_text(Duration(link.lag_min, link.lag_elapsed))


def _link(link: TaskLink, other: Task) -> dict[str, Any]:
    return {
        "key": other.key,
        "name": other.name,
        "kind": link.kind,
        "lag_min": link.lag_min,
        "lag": _lag(link),
        "lag_elapsed": link.lag_elapsed,
        "status": other.shown_status,
        "finish": other.planned_finish,
    }


@query("planning.holes", grants=Grant.READ)
def holes(ctx: Context, args: NoArgs) -> dict[str, Any]:
    """Leaves without an accountable person, the soonest first."""
    found = filtered(ctx, TasksArgs(holes=True)).order_by("planned_finish", "position")
    return {"total": found.count(), "rows": [row(ctx, task) for task in found[:500]]}
