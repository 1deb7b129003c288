"""What one's own last act on the plan was, to be told after it and offered for undoing."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.acts.undo import REVERSERS, last_act
from tminus.desks.planning.models import Task
from tminus.platform.registry import BadInput, Context, Grant, query


class NoArgs(BaseModel):
    """No arguments."""


@query("planning.last_act", grants=Grant.READ)
def last(ctx: Context, args: NoArgs) -> dict[str, Any]:
    """Your own last act on the plan that stands: on which tasks, and whether it can be undone."""
    try:
        lines = last_act(ctx)
    except BadInput:
        return {"line": None, "code": "", "total": 0, "tasks": [], "undoable": False}
    ids = {int(line.object_id) for line in lines if line.object_type == "planning.task"}
    tasks = Task.objects.filter(event=ctx.event, pk__in=ids).order_by("position")[:3]
    return {
        "line": lines[0].seq,
        "code": lines[-1].code,
        "total": len(ids),
        "tasks": [{"key": task.key, "name": task.name} for task in tasks],
        "undoable": lines[-1].code in REVERSERS,
    }
