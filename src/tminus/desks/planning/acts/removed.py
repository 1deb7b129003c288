"""What the record keeps of tasks taken out of the plan, so that they can be put back as they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from tminus.desks.planning.models import Task, TaskKind, TaskLink
from tminus.platform.registry import BadInput, Context

LEFT_OUT = {"event", "duty"}
"""Not kept with a row: where it stands anyway, and the duty, which was withdrawn."""


def kept(gone: Sequence[Task]) -> dict[str, Any]:
    """The rows of ``gone`` (a summary before what stands under it) and every link at either end of one."""
    columns = [column for column in Task._meta.concrete_fields if column.name not in LEFT_OUT]
    ids = [task.pk for task in gone]
    links = TaskLink.objects.filter(Q(predecessor__in=ids) | Q(successor__in=ids))
    return {
        "rows": [{column.attname: getattr(task, column.attname) for column in columns} for task in gone],
        "links": list(links.values("predecessor_id", "successor_id", "kind", "lag_min", "lag_elapsed", "lag_percent")),
        "supporting": list(
            Task.supporting.through.objects.filter(task__in=ids).order_by("pk").values_list("task_id", "unit_id")
        ),
    }


def put_back(ctx: Context, before: Mapping[str, Any]) -> Task:
    """Make the rows anew under their old numbers, with the links whose other end still stands.

    :raises BadInput: an ID has been given to another task since, or the summary above is gone.
    """
    rows = [_row(ctx, values) for values in before["rows"]]
    taken = (
        Task.objects.filter(event=ctx.event, key__in=[row.key for row in rows]).values_list("key", flat=True).first()
    )
    if taken is not None:
        raise BadInput(
            _("ID %(taken)r stands again; allowed: a free one") % {"taken": taken}, field="line", value=taken
        )
    top = rows[0]
    if top.parent_id is not None and not Task.objects.filter(event=ctx.event, pk=top.parent_id).exists():
        raise BadInput(_("what %(key)r stood under is gone") % {"key": top.key}, field="line", value=top.key)
    # The plan may have grown or shrunk: the block goes back where it stood, as a whole.
    Task.objects.filter(event=ctx.event, position__gte=top.position).update(position=F("position") + len(rows))
    Task.objects.bulk_create(rows, batch_size=400)
    standing = set(Task.objects.filter(event=ctx.event).values_list("pk", flat=True))
    TaskLink.objects.bulk_create(
        TaskLink(event=ctx.the_event, **link)
        for link in before["links"]
        if {link["predecessor_id"], link["successor_id"]} <= standing
    )
    through = Task.supporting.through
    through.objects.bulk_create(through(task_id=task, unit_id=unit) for task, unit in before["supporting"])
    return top


def leaf_again(ctx: Context, former: Task | None) -> None:
    """What has lost the last task under it is a task of its own again."""
    if former is None or Task.objects.filter(parent=former).exists():
        return
    former.kind = TaskKind.TASK if former.duration_min else TaskKind.MILESTONE
    Task.objects.filter(pk=former.pk).update(kind=former.kind)
    before, after = {"kind": TaskKind.SUMMARY}, {"kind": former.kind}
    ctx.record(former, before, after, unit=former.unit, code="planning.task.leaf_again")


def _row(ctx: Context, values: Mapping[str, Any]) -> Task:
    columns = {column.attname: column for column in Task._meta.concrete_fields}
    return Task(event=ctx.the_event, **{name: columns[name].to_python(value) for name, value in values.items()})
