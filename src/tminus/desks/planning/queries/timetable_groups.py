"""The timetable's rows by area, unit or person: the order they stand in, and the head of each group."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db.models import Count, F, Max, Min, Q, QuerySet
from django.db.models.expressions import OrderBy

from tminus.desks.planning.models import Task, TaskKind
from tminus.platform.languages import in_language, reads_chinese
from tminus.platform.registry import Context

Grouping = Literal["", "area", "unit", "person"]

RELATION = {"area": ("area", "code"), "unit": ("unit", "code"), "person": ("responsible", "username")}
"""What a task is grouped by, and what a group is called by in addresses."""

NONE = "-"
"""The code of the group of tasks that have no area, unit or person."""


class Group(NamedTuple):
    """One head row. ``tasks``: leaves in it, folded or not; ``folded``: its leaves are not listed."""

    code: str
    name: str
    tasks: int
    late: int
    at_risk: int
    start: datetime | None
    finish: datetime | None
    folded: bool

    @property
    def status(self) -> str:
        """The worst among its tasks."""
        return "late" if self.late else "at_risk" if self.at_risk else "on_time"


def ordered_by(group: Grouping) -> list[OrderBy]:
    """Order of the groups, tasks of none at the end."""
    relation = RELATION[group][0]
    first = {"area": "order", "unit": "path", "person": f"name_{'zh' if reads_chinese() else 'en'}"}[group]
    return [F(f"{relation}__{first}").asc(nulls_last=True), F(f"{relation}_id").asc(nulls_last=True)]


def leaves_by(found: QuerySet[Task], group: Grouping, folded: list[str]) -> QuerySet[Task]:
    """Leaves in the order of their groups, without those of folded groups."""
    relation, code = RELATION[group]
    shut = Q(**{f"{relation}__{code}__in": folded})
    if NONE in folded:
        shut |= Q(**{relation: None})
    leaves = found.exclude(kind=TaskKind.SUMMARY)
    return (leaves.exclude(shut) if folded else leaves).order_by(*ordered_by(group), "position")


def groups_of(found: QuerySet[Task], group: Grouping, folded: list[str]) -> list[Group]:
    """Every group there is, in order, in one query."""
    relation, code = RELATION[group]
    names = [f"{relation}__{name}" for name in (code, "name_en", "name_zh")]
    rows = (
        found.exclude(kind=TaskKind.SUMMARY)
        .order_by(*ordered_by(group))
        .values(*names)
        .annotate(
            tasks=Count("pk", distinct=True),
            late=Count("pk", distinct=True, filter=Q(status="late")),
            at_risk=Count("pk", distinct=True, filter=Q(status="at_risk")),
            start=Min("planned_start"),
            finish=Max("planned_finish"),
        )
    )
    return [_group(row, names, folded) for row in rows]


def _group(row: dict[str, Any], names: list[str], folded: list[str]) -> Group:
    code, english, chinese = (row[name] for name in names)
    name = in_language(english, chinese) if code else ""
    counts = row["tasks"], row["late"], row["at_risk"], row["start"], row["finish"]
    return Group(code or NONE, name, *counts, (code or NONE) in folded)


def outline_without(ctx: Context, found: QuerySet[Task], folded: list[str]) -> QuerySet[Task]:
    """The tree without what stands under folded summaries."""
    shut = Task.objects.filter(event=ctx.event, key__in=folded, kind=TaskKind.SUMMARY)
    for position, depth in shut.values_list("position", "depth"):
        after = Task.objects.filter(event=ctx.event, position__gt=position, depth__lte=depth)
        end = after.order_by("position").values_list("position", flat=True).first()
        under = Q(position__gt=position) & (Q(position__lt=end) if end is not None else Q())
        found = found.exclude(under)
    return found.order_by("position")


def foldable(ctx: Context, found: QuerySet[Task]) -> list[str]:
    """The uppermost summaries among which there is a choice: those at the top, or under the only one there."""
    summaries = found.filter(kind=TaskKind.SUMMARY).order_by("position")
    top = list(summaries.filter(depth=0).values_list("key", flat=True))
    return top if len(top) > 1 else list(summaries.filter(depth=1).values_list("key", flat=True))
