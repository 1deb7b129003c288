"""Write a comparison into the database, in bulk; progress, history, duties and remarks stay with their tasks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tminus.desks.planning.importing.compare import Comparison, values_of
from tminus.desks.planning.importing.names import names_of
from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import PlanCalendar, Task, TaskKind, TaskLink
from tminus.desks.planning.scheduling import keep, said_by
from tminus.engines.schedule import Progress
from tminus.formats.calendar_file import calendar_to_json
from tminus.platform.models import Event

Told = Callable[[int, int, str], None]
BATCH = 500
REPORTED = ("actual_start", "actual_finish", "remaining_min", "percent", "reported_at", "suspended_at", "resumed_at")


@dataclass(frozen=True, slots=True)
class Applied:
    """``handed``: keys of tasks that stood before and whose accountable person is another now."""

    counts: dict[str, int]
    handed: list[str]


def apply(event: Event, found: Comparison, *, remove: bool, told: Told | None = None) -> Applied:
    """Apply the comparison inside the caller's transaction; ``remove`` takes out what the file lacks."""
    tell = told or (lambda done, total, doing: None)
    total = len(found.values)
    _calendars(event, found)
    if (options := said_by(found.reading.plan)) is not None:
        keep(event, options)
    _add(event, found)
    tell(total // 4, total, "rows")
    _change(event, found)
    gone = set(found.removed) if remove else set()
    rows = _outline(event, found, gone)
    # Only now that nothing which stays stands under it: taking out a task takes out what is under it.
    Task.objects.filter(event=event, key__in=gone).delete()
    tell(total // 2, total, "links")
    _links(event, found, {row.key: row.pk for row in rows})
    counts = found.counts() | ({} if remove else {"removed": 0})
    handed = [key for key, fields in found.changed.items() if "responsible_id" in fields]
    return Applied(counts, handed)


def _calendars(event: Event, found: Comparison) -> None:
    """Calendars the file brings and the event has not."""
    plan = found.reading.plan
    if "calendar" not in found.reading.speaks_of:
        return
    standing = set(PlanCalendar.objects.filter(event=event).values_list("code", flat=True))
    first = not standing
    new = [calendar for code, calendar in plan.calendars.items() if code not in standing]
    PlanCalendar.objects.bulk_create(
        PlanCalendar(
            event=event,
            code=calendar.id,
            name=calendar.name,
            is_default=first and calendar.id == plan.default_calendar,
            definition=calendar_to_json(calendar),
        )
        for calendar in new
    )
    if new:
        names = names_of(event)
        for task in plan.tasks:
            found.values[task.id] |= values_of(task, names, ["calendar_id"], {})


def _add(event: Event, found: Comparison) -> None:
    progress = found.reading.plan.progress
    new = set(found.added)
    rows = [
        Task(
            event=event,
            key=key,
            **{column: value for column, value in values.items() if column != "parent__key"},
            **progress_values(event, progress.get(key, Progress())),
        )
        for key, values in found.values.items()
        if key in new
    ]
    Task.objects.bulk_create(rows, batch_size=BATCH)


def progress_values(event: Event, progress: Progress) -> dict[str, Any]:
    done = progress.actual_finish is not None
    reported = progress.reported
    return {
        "actual_start": progress.actual_start,
        "actual_finish": progress.actual_finish,
        "remaining_min": progress.remaining.minutes if progress.remaining else None,
        "percent": 100.0 if done else progress.percent,
        "reported_at": reported.replace(tzinfo=event.zone) if reported else None,
        "suspended_at": progress.suspended,
        "resumed_at": progress.resumed,
    }


def _change(event: Event, found: Comparison) -> None:
    """Progress of the file is taken where nothing has been reported here; what was reported here stays."""
    columns = [column for column in next(iter(found.values.values()), {}) if column != "parent__key"]
    progress = found.reading.plan.progress
    touched = set(found.changed) | (set(progress) - set(found.added))
    changed = []
    for task in Task.objects.filter(event=event).exclude(key__in=[]):
        if task.key not in touched:
            continue
        for column in columns:
            if column in found.changed.get(task.key, {}):
                setattr(task, column, found.values[task.key][column])
        if task.key in progress and task.reported_at is None:
            for column, value in progress_values(event, progress[task.key]).items():
                setattr(task, column, value)
        changed.append(task)
    mass_update(changed, [name.removesuffix("_id") for name in (*columns, *REPORTED)])


def _outline(event: Event, found: Comparison, gone: set[str]) -> list[Task]:
    """Parents, kinds, depths and one numbering of the book without ``gone``; the rows that stay."""
    rows = list(
        Task.objects.filter(event=event)
        .order_by("position", "id")
        .only("id", "key", "parent", "position", "depth", "kind", "duration_min")
    )
    stay = [row for row in rows if row.key not in gone]
    _stand_under(rows, found, gone)
    by_id = {row.pk for row in stay}
    under: dict[int | None, list[Task]] = {}
    for row in _ordered(stay, found, whole=bool(gone) or not found.removed):
        under.setdefault(row.parent_id if row.parent_id in by_id else None, []).append(row)
    number, stack = 0, [(row, 0) for row in reversed(under.get(None, []))]
    while stack:
        row, depth = stack.pop()
        row.position, row.depth = number, depth
        number += 1
        stack += [(child, depth + 1) for child in reversed(under.get(row.pk, []))]
    _kinds(stay, found, set(under))
    mass_update(stay, ["parent", "position", "depth", "kind"])
    return stay


def _stand_under(rows: list[Task], found: Comparison, gone: set[str]) -> None:
    """As the file says; what stood under a task taken out, and is not the file's to place, moves up."""
    by_key, by_id = {row.key: row for row in rows}, {row.pk: row for row in rows}
    for key, values in found.values.items():
        parent = by_key[values["parent__key"]] if values["parent__key"] else None
        while parent is not None and parent.key in gone:
            parent = by_id[parent.parent_id] if parent.parent_id else None
        by_key[key].parent_id = parent.pk if parent else None


def _kinds(rows: list[Task], found: Comparison, above: set[int | None]) -> None:
    """What has tasks under it is a summary; what has lost the last of them is a task of its own again."""
    said = {task.id: task.kind.value for task in found.reading.plan.tasks} if found.outlined else {}
    for row in rows:
        if row.pk in above:
            row.kind = TaskKind.SUMMARY
        elif row.kind == TaskKind.SUMMARY:
            row.kind = said.get(row.key, TaskKind.TASK if row.duration_min else TaskKind.MILESTONE)


def _ordered(rows: list[Task], found: Comparison, *, whole: bool) -> list[Task]:
    """The file's order where it has the whole book; else the book's own, new tasks last among their siblings."""
    order = {key: number for number, key in enumerate(found.values)}
    if whole:
        return sorted(rows, key=lambda row: order[row.key])
    new = set(found.added)
    return sorted(rows, key=lambda row: (row.key in new, order[row.key] if row.key in new else row.position))


def _links(event: Event, found: Comparison, ids: dict[str, int]) -> None:
    gone = {*found.links_removed, *found.links_added}  # a link whose lag changed is made anew
    ends = TaskLink.objects.filter(event=event).values_list("pk", "predecessor__key", "successor__key", "kind")
    doomed = [pk for pk, *end in ends if tuple(end) in gone] if gone else []
    for start in range(0, len(doomed), BATCH):
        TaskLink.objects.filter(Q(pk__in=doomed[start : start + BATCH])).delete()
    TaskLink.objects.bulk_create(
        (
            TaskLink(
                event=event,
                predecessor_id=ids[pred],
                successor_id=ids[succ],
                kind=kind,
                lag_min=found.links[pred, succ, kind][0],
                lag_elapsed=found.links[pred, succ, kind][1],
                lag_percent=found.links[pred, succ, kind][2],
            )
            for pred, succ, kind in found.links_added
        ),
        batch_size=BATCH,
    )
