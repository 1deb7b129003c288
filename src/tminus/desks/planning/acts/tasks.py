"""Single tasks: create, change, assign, comment, remove."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.acts.plan import moment, refreshed, settle_duty
from tminus.desks.planning.acts.remaining import confirmation_follows, set_planned
from tminus.desks.planning.acts.removed import kept, leaf_again
from tminus.desks.planning.adapter import calendars_of
from tminus.desks.planning.models import Area, Place, PlanCalendar, Task, TaskKind
from tminus.formats import values
from tminus.formats.problems import BadValue
from tminus.platform import duties
from tminus.platform.kept_files import FileGiven, check_file, keep_file
from tminus.platform.languages import allowed_by
from tminus.platform.models import Comment, Person, Unit
from tminus.platform.registry import BadInput, Context, Grant, act


class ChangeArgs(BaseModel):
    """One field of one task, as text the way an assignment book has it."""

    task: str
    field: str
    value: str = ""


class CreateArgs(BaseModel):
    name: str = Field(min_length=1, max_length=300)
    parent: str = ""
    key: str = ""
    duration: str = "1d"
    unit: str = ""


class AssignArgs(BaseModel):
    tasks: list[str] = Field(min_length=1)
    person: str
    """Account name; empty takes the tasks off everybody."""


class RemoveArgs(BaseModel):
    task: str


class CommentArgs(BaseModel):
    task: str
    text: str = Field(min_length=1, max_length=5000)
    file: FileGiven | None = None


RESCHEDULES = {"duration", "calendar", "constraint", "deadline", "start", "finish"}
FIELDS = {
    "name", "name_zh", "duration", "calendar", "constraint", "deadline", "start", "finish", "unit", "responsible",
    "area", "place", "phase", "gate", "weight", "dimension", "notes",
}  # fmt: skip


COMPANIONS = {"duration": ("duration_elapsed", "kind"), "constraint": ("constraint_at", "further_constraints")}
"""Columns that change together with a field."""


@act("planning.task.change", grants=Grant.ACT)
def change(ctx: Context, args: ChangeArgs) -> dict[str, Any]:
    """Change one field of a task."""
    task = ctx.find(Task, key=args.task)
    ctx.require(task.unit)
    if args.field not in FIELDS:
        raise BadInput(
            _("field %(field)r; allowed: %(allowed)s") % {"field": args.field, "allowed": ", ".join(sorted(FIELDS))},
            field="field",
            value=args.field,
        )
    if args.field == "responsible":
        return hand_to(ctx, [task], args.value)
    beside = COMPANIONS.get(args.field, ())
    stood = {name: getattr(task, name) for name in beside}
    try:
        before, after = set_field(ctx, task, args.field, args.value.strip())
    except BadValue as error:
        raise BadInput(
            _("%(field)s: %(value)r; allowed: %(allowed)s")
            % {"field": args.field, "value": args.value, "allowed": allowed_by(error)},
            field=args.field,
            value=args.value,
        ) from error
    task.save()
    stands = {name: getattr(task, name) for name in beside}
    ctx.record(task, {args.field: before, **stood}, {args.field: after, **stands}, unit=task.unit)
    if args.field in RESCHEDULES:
        refreshed(ctx)
    return {"task": task.key, "field": args.field, "value": after}


def set_field(ctx: Context, task: Task, field: str, text: str) -> tuple[Any, Any]:
    """Put ``text`` into ``field`` of the row in memory; what it was and what it is now.

    :raises BadValue: what is allowed instead.
    """
    match field:
        case "name" | "name_zh":
            attribute = "name_en" if field == "name" else "name_zh"
            if not text:
                raise BadValue(_("a name"))
            return _swap(task, attribute, text[:300])
        case "notes" | "phase":
            return _swap(task, field, text[:5000])
        case "duration":
            found = values.duration(text, day_minutes(ctx, task))
            task.duration_elapsed = found.elapsed
            task.kind = (
                task.kind if task.kind == TaskKind.SUMMARY else TaskKind.TASK if found.minutes else TaskKind.MILESTONE
            )
            return _swap(task, "duration_min", found.minutes)
        case "deadline":
            return _swap(task, "deadline", values.end_of_day(text) if text else None)
        case "start" | "finish":
            hours = values.Hours()
            at = (hours.start_on(text) if field == "start" else hours.finish_on(text)) if text else None
            return _swap(task, f"planned_{field}", at)
        case "constraint":
            constraint = values.constraint(text) if text else None
            task.constraint_at, task.further_constraints = (constraint.at if constraint else None), []
            return _swap(task, "constraint", constraint.kind.value if constraint else "")
        case "gate":
            return _swap(task, "gate", values.yes_no(text))
        case "weight":
            return _swap(task, "weight", _weight(text))
        case "dimension":
            if text not in ("", "safe", "splendid", "successful"):
                raise BadValue(_("safe, splendid, successful or empty"))
            return _swap(task, "dimension", text)
        case _:
            return _refer(ctx, task, field, text)


def _swap(task: Task, attribute: str, value: Any) -> tuple[Any, Any]:
    before = getattr(task, attribute)
    setattr(task, attribute, value)
    return before, value


def _weight(text: str) -> float:
    try:
        weight = float(text)
    except ValueError:
        raise BadValue(_("a number of at least 0")) from None
    if not 0 <= weight < 1e6:
        raise BadValue(_("a number of at least 0"))
    return weight


def _refer(ctx: Context, task: Task, field: str, text: str) -> tuple[Any, Any]:
    model: Any = {"unit": Unit, "area": Area, "place": Place, "calendar": PlanCalendar}[field]
    found = model.objects.filter(event=ctx.event, code=text).first() if text else None
    if text and found is None:
        raise BadValue(
            _("the code of a %(verbose_name)s of this event, or empty") % {"verbose_name": model._meta.verbose_name}
        )
    if field == "unit" and found is not None:
        ctx.require(found)  # nobody moves work to a unit beyond their reach
    before = getattr(task, field)
    setattr(task, field, found)
    return before.code if before else "", text


def day_minutes(ctx: Context, task: Task) -> int:
    calendars = calendars_of(ctx.the_event)
    code = task.calendar.code if task.calendar else next(iter(calendars))
    return calendars[code].day_minutes


@act("planning.task.create", grants=Grant.ACT)
def create(ctx: Context, args: CreateArgs) -> dict[str, Any]:
    """Add a task, at the end or under another one (which so is broken down)."""
    task = add(ctx, args)
    refreshed(ctx)
    return {"task": task.key}


def add(ctx: Context, args: CreateArgs) -> Task:
    """One more task, recorded; the caller schedules anew."""
    parent = ctx.find(Task, key=args.parent) if args.parent else None
    unit = ctx.find(Unit, code=args.unit) if args.unit else parent.unit if parent else None
    ctx.require(unit)
    key = args.key or _free_key(ctx, parent)
    if Task.objects.filter(event=ctx.event, key=key).exists():
        raise BadInput(_("ID %(key)r stands already; allowed: a new one") % {"key": key}, field="key", value=key)
    try:
        duration = values.duration(args.duration)
    except BadValue as error:
        raise BadInput(
            _("duration: %(duration)r; allowed: %(allowed)s")
            % {"duration": args.duration, "allowed": allowed_by(error)},
            field="duration",
            value=args.duration,
        ) from error
    position = _position_under(ctx, parent)
    Task.objects.filter(event=ctx.event, position__gte=position).update(position=F("position") + 1)
    task = Task.objects.create(
        event=ctx.the_event,
        key=key,
        parent=parent,
        position=position,
        depth=parent.depth + 1 if parent else 0,
        name_en=args.name,
        kind=TaskKind.TASK if duration.minutes else TaskKind.MILESTONE,
        duration_min=duration.minutes,
        duration_elapsed=duration.elapsed,
        unit=unit,
        area=parent.area if parent else None,
        phase=parent.phase if parent else "",
    )
    if parent is not None and parent.kind != TaskKind.SUMMARY:
        make_summary(ctx, parent)
    ctx.record(task, None, {"key": key, "name": args.name, "parent": args.parent}, unit=unit)
    return task


def make_summary(ctx: Context, parent: Task) -> None:
    """A task broken down is no longer anybody's single duty."""
    if parent.duty is not None and parent.duty.open:
        duties.withdraw(ctx, parent.duty, "broken down")
    # A summary's dates come from what stands under it; its own are kept for whoever takes the breaking down back.
    before = {name: getattr(parent, name) for name in ("kind", "planned_start", "planned_finish")}
    parent.kind = TaskKind.SUMMARY
    parent.save(update_fields=["kind"])
    ctx.record(parent, before, {"kind": parent.kind}, unit=parent.unit, code="planning.task.break_down")


def _free_key(ctx: Context, parent: Task | None) -> str:
    prefix = f"{parent.key}." if parent else "N"
    taken = set(Task.objects.filter(event=ctx.event, key__startswith=prefix).values_list("key", flat=True))
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def _position_under(ctx: Context, parent: Task | None) -> int:
    rows = Task.objects.filter(event=ctx.event)
    if parent is not None:
        after = rows.filter(position__gt=parent.position, depth__lte=parent.depth).order_by("position").first()
        if after is not None:
            return after.position
    last = rows.order_by("-position").first()
    return last.position + 1 if last else 0


@act("planning.task.assign", grants=Grant.ACT)
def assign(ctx: Context, args: AssignArgs) -> dict[str, Any]:
    """Make one person accountable for each of these tasks."""
    found = {
        task.key: task
        for task in Task.objects.filter(event=ctx.event, key__in=args.tasks).select_related("unit", "duty")
    }
    for key in args.tasks:
        if key not in found:
            raise BadInput(_("no task %(key)r in this event") % {"key": key}, field="tasks", value=key)
        ctx.require(found[key].unit)
    return hand_to(ctx, list(found.values()), args.person)


def hand_to(ctx: Context, tasks: list[Task], username: str, *, code: str = "planning.task.assign") -> dict[str, Any]:
    """Make the person of this account accountable; each task leaves a line of ``code``."""
    person = assignable(ctx, username)
    for task in tasks:
        holds_one(task)
        before = task.responsible.username if task.responsible else ""
        task.responsible, task.responsible_text = person, ""
        task.save(update_fields=["responsible", "responsible_text"])
        ctx.record(task, {"responsible": before}, {"responsible": username}, unit=task.unit, code=code)
        hand_on(ctx, task, person)
    return {"tasks": [task.key for task in tasks], "person": username}


def assignable(ctx: Context, username: str) -> Person | None:
    """Whoever of this account may be made accountable; nobody for an empty one."""
    if not username:
        return None
    person = Person.objects.filter(username=username, appointments__post__event=ctx.event).first()
    if person is None:
        raise BadInput(
            _("%(username)r holds no post in this event; allowed: a person who does") % {"username": username},
            field="person",
            value=username,
        )
    return person


def holds_one(task: Task) -> None:
    if task.kind == TaskKind.SUMMARY:
        raise BadInput(
            _("%(key)s is a summary; allowed: tasks without others under them") % {"key": task.key},
            field="tasks",
            value=task.key,
        )


def hand_on(ctx: Context, task: Task, person: Person | None) -> None:
    """The duty follows the accountable person, and so does that of confirming what is left."""
    confirmation_follows(ctx, task, person)
    duty = task.duty
    if duty is None or not duty.open:
        if task.published_finish is not None and person is not None:
            settle_duty(ctx, task)
        return
    if person is None:
        duties.withdraw(ctx, duty, "taken off its holder")
    elif duty.holder_id != person.pk:
        duties.withdraw(ctx, duty, "handed to another")
        due = moment(ctx, task.published_finish) if task.published_finish else None
        duties.issue(ctx, task, (task.name_en, task.name_zh), person, task.unit, due)


@act("planning.task.remove", grants=Grant.ACT)
def remove(ctx: Context, args: RemoveArgs) -> dict[str, Any]:
    """Take a task and what stands under it out of the plan; its duties are withdrawn."""
    task = ctx.find(Task, key=args.task)
    ctx.require(task.unit)
    gone = [task, *under(task)]
    for one in gone:
        if one.duty is not None and one.duty.open:
            duties.withdraw(ctx, one.duty, "task removed")
        set_planned(ctx, one, None)
    keys = [one.key for one in gone]
    ctx.record(task, {"keys": keys, "name": task.name_en, **kept(gone)}, None, unit=task.unit)
    Task.objects.filter(pk__in=[one.pk for one in gone]).delete()
    leaf_again(ctx, task.parent)
    refreshed(ctx)
    return {"removed": keys}


def under(task: Task) -> list[Task]:
    rows = Task.objects.filter(event_id=task.event_id, position__gt=task.position).order_by("position")
    found = []
    for row in rows.select_related("duty"):
        if row.depth <= task.depth:
            break
        found.append(row)
    return found


@act("planning.task.comment", grants=Grant.ACT)
def comment(ctx: Context, args: CommentArgs) -> dict[str, Any]:
    """Say something about a task, with a file if wanted."""
    task = ctx.find(Task, key=args.task)
    ctx.require_any(task.unit, task.responsible)
    made = Comment(event=ctx.the_event, about_type="planning.task", about_id=task.pk, at=ctx.now, text=args.text)
    made.person = ctx.the_person
    if args.file is not None:
        check_file(args.file)
        made.file_name = Path(args.file.name).name[:255]
        made.file.name, made.sha256 = keep_file(args.file.content, Path(args.file.name).suffix)
    made.save()
    file = {"file": made.file_name, "sha256": made.sha256} if made.file_name else {}
    ctx.record(task, None, {"comment": made.pk, "text": args.text, **file}, unit=task.unit)
    return {"comment": made.pk}
