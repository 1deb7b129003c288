"""What the draft has changed against the last publication: what a publication would make binding."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.models import Publication, PublishedTask, Task, TaskKind
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.registry import Context, Grant, query

MOST = 500


class DifferenceArgs(BaseModel):
    """No arguments."""


@query("planning.difference", grants=Grant.READ)
def difference(ctx: Context, args: DifferenceArgs) -> dict[str, Any]:
    """Tasks whose draft finish differs from the published one, the greatest move first; days of the calendar."""
    last = Publication.objects.filter(event=ctx.event).order_by("-number").first()
    before = dict(PublishedTask.objects.filter(publication=last).values_list("task_id", "finish"))
    tasks = readable(ctx).exclude(kind=TaskKind.SUMMARY).exclude(planned_finish=None).order_by("position")
    moved, added, unchanged = [], [], 0
    for task in tasks:
        if task.pk not in before:
            added.append(task)
        elif task.actual_finish is not None or before[task.pk] == task.planned_finish:
            unchanged += 1
        else:
            moved.append(_move(task, before[task.pk]))
    moved.sort(key=lambda move: (-abs(move["days"]), move["key"]))
    return {
        "publication": last.number if last else None,
        "published_at": last.at if last else None,
        "moved": moved[:MOST],
        "moved_total": len(moved),
        "added": [{"key": task.key, "name": task.name, "finish": task.planned_finish} for task in added[:MOST]],
        "added_total": len(added),
        "unchanged": unchanged,
    }


def _move(task: Task, before: Any) -> dict[str, Any]:
    days = round((task.planned_finish - before).total_seconds() / 86_400, 2)
    return {"key": task.key, "name": task.name, "before": before, "finish": task.planned_finish, "days": days}
