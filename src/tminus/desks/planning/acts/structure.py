"""The tree of the book: break a task down, move a task with all under it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.acts.removed import leaf_again
from tminus.desks.planning.acts.tasks import CreateArgs, add, make_summary, under
from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import Task, TaskKind
from tminus.platform.registry import BadInput, Context, Grant, act


class BreakDownArgs(BaseModel):
    """``names``: what the task is broken down into, in order."""

    task: str
    names: list[str] = Field(min_length=1, max_length=200)
    duration: str = "1d"


class MoveArgs(BaseModel):
    """``parent``: the task to stand under, empty for the top; ``before``: the sibling to stand before, else last."""

    task: str
    parent: str = ""
    before: str = ""


@act("planning.task.break_down", grants=Grant.ACT)
def break_down(ctx: Context, args: BreakDownArgs) -> dict[str, Any]:
    """Break a task down into smaller ones; its own duty is withdrawn."""
    names = [name.strip() for name in args.names if name.strip()]
    if not names:
        raise BadInput(_("names: empty; allowed: one name at least"), field="names", value=args.names)
    made = [add(ctx, CreateArgs(name=name, parent=args.task, duration=args.duration)) for name in names]
    refreshed(ctx)
    return {"tasks": [task.key for task in made]}


@act("planning.task.move", grants=Grant.ACT)
def move(ctx: Context, args: MoveArgs) -> dict[str, Any]:
    """Move a task, with all that stands under it, to another place in the tree."""
    task = ctx.find(Task, key=args.task)
    parent = ctx.find(Task, key=args.parent) if args.parent else None
    ctx.require(task.unit)
    if parent != task.parent:
        ctx.require(parent.unit if parent else task.unit)
    before = place_of(task)
    put(ctx, task, parent, args.before)
    ctx.record(task, before, place_of(task), unit=task.unit)
    refreshed(ctx)
    return {"task": task.key, "parent": args.parent}


def place_of(task: Task) -> dict[str, str]:
    """Where a task stands: under which one, and before which sibling."""
    after = Task.objects.filter(event_id=task.event_id, parent_id=task.parent_id, position__gt=task.position)
    return {
        "parent": task.parent.key if task.parent else "",
        "before": after.order_by("position").values_list("key", flat=True).first() or "",
    }


def put(ctx: Context, task: Task, parent: Task | None, before: str) -> None:
    """Renumber the book with ``task`` and all under it at the new place.

    :raises BadInput: under itself, or before a task that does not stand under ``parent``.
    """
    block = [task, *under(task)]
    moved = {one.pk for one in block}
    if parent is not None and parent.pk in moved:
        raise BadInput(_("%(key)s cannot stand under itself") % {"key": task.key}, field="parent", value=parent.key)
    rest = [one for one in Task.objects.filter(event=ctx.event).order_by("position", "id") if one.pk not in moved]
    at = _place(rest, parent, before)
    deeper = (parent.depth + 1 if parent else 0) - task.depth
    former = task.parent
    task.parent = parent
    for one in block:
        one.depth += deeper
    ordered = [*rest[:at], *block, *rest[at:]]
    changed = [one for number, one in enumerate(ordered) if one.position != number or one.pk in moved]
    for number, one in enumerate(ordered):
        one.position = number
    mass_update(changed, ["position", "depth", "parent"])
    _settle(ctx, former, parent)


def _place(rest: list[Task], parent: Task | None, before: str) -> int:
    """The number in ``rest`` at which the moved block begins."""
    parent_id = parent.pk if parent else None
    if before:
        for number, one in enumerate(rest):
            if one.key == before and one.parent_id == parent_id:
                return number
        raise BadInput(
            _("before: %(before)r; allowed: a task that stands there") % {"before": before},
            field="before",
            value=before,
        )
    if parent is None:
        return len(rest)
    first = next(number for number, one in enumerate(rest) if one.pk == parent.pk)
    inside = (number for number, one in enumerate(rest) if number > first and one.depth <= parent.depth)
    return next(inside, len(rest))


def _settle(ctx: Context, former: Task | None, parent: Task | None) -> None:
    """What has tasks under it is a summary; what has lost its last one is a task again."""
    if parent is not None and parent.kind != TaskKind.SUMMARY:
        make_summary(ctx, parent)
    if former != parent:
        leaf_again(ctx, former)
