"""Readiness: what is done of what counts, by area and unit, and against what was to be done by now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, Sum, Value
from django.db.models.functions import Coalesce
from pydantic import BaseModel

from tminus.desks.planning.models import Area, Task, TaskKind, TaskStatus
from tminus.platform.local_datetime import LocalDateTimeField
from tminus.platform.models import Event, Unit
from tminus.platform.registry import Context, Grant, query

WORST = [
    TaskStatus.LATE, TaskStatus.AT_RISK, TaskStatus.UNKNOWN, TaskStatus.STALE, TaskStatus.ON_TIME, TaskStatus.DONE,
]  # fmt: skip
"""Statuses, the worst first."""

ALIKE = ("status", "area_id", "unit_id", "dimension", "area__dimension")
TARGET = Coalesce("published_finish", "planned_finish")


class ReadinessArgs(BaseModel):
    """``dimension``: only tasks that count towards safe, splendid or successful."""

    dimension: str = ""


@dataclass(slots=True)
class Cell:
    """Weight in all, weight done, weight that was to be done by now; tasks by status."""

    weight: float = 0.0
    done: float = 0.0
    due: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, group: Counted) -> None:
        self.weight += group.weight
        self.done += group.weight if group.status == TaskStatus.DONE else 0
        self.due += group.due
        self.counts[group.status] += group.tasks

    @property
    def percent(self) -> float | None:
        return 100 * self.done / self.weight if self.weight else None

    def as_json(self) -> dict[str, Any]:
        return {
            "ready_percent": _rounded(self.percent),
            "target_percent": _rounded(100 * self.due / self.weight if self.weight else None),
            "status": next((str(status) for status in WORST if self.counts[status]), ""),
            "tasks": sum(self.counts.values()),
            "weight": self.weight,
            "done_weight": self.done,
            "due_weight": self.due,
            "counts": {str(status): self.counts[status] for status in WORST if self.counts[status]},
        }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def preparation(event: Event) -> Any:
    """Leaves that must be done by opening: what readiness is counted over."""
    opening = datetime.combine(event.opening, time.min)
    leaves = Task.objects.filter(event=event).exclude(kind=TaskKind.SUMMARY)
    return leaves.filter(planned_finish__lte=opening).annotate(target=TARGET)


class Counted(NamedTuple):
    """Tasks that are alike to readiness, summed up by the database; ``due``: the weight that was to be done by now."""

    status: str
    area_id: int | None
    unit_id: int | None
    own_dimension: str
    area_dimension: str | None
    tasks: int
    weight: float
    due: float
    reported_at: datetime | None

    @property
    def dimension(self) -> str:
        """The tasks' own dimension, else their area's."""
        return self.own_dimension or self.area_dimension or ""


@query("planning.readiness", grants=Grant.READ)
def readiness(ctx: Context, args: ReadinessArgs) -> dict[str, Any]:
    """Ready in per cent of weight: area × lead unit, with totals; rows and columns worst first.

    A team's, group's or branch's work counts for the unit above it; ``dimensions`` are the areas of each dimension.
    """
    rows = _readable(ctx, args)
    named_areas = {area.pk: area for area in Area.objects.filter(event=ctx.event)}
    named_units = {unit.pk: unit for unit in Unit.objects.filter(event=ctx.event)}
    leads = {key: lead_of(unit, named_units).pk for key, unit in named_units.items()}
    cells: dict[tuple[int | None, int | None], Cell] = defaultdict(Cell)
    areas: dict[int | None, Cell] = defaultdict(Cell)
    units: dict[int | None, Cell] = defaultdict(Cell)
    dimensions: dict[str, dict[int | None, Cell]] = defaultdict(lambda: defaultdict(Cell))
    whole = Cell()
    for task in rows:
        unit = leads.get(task.unit_id) if task.unit_id else None
        by_dimension = dimensions[task.dimension][task.area_id]
        for cell in (cells[task.area_id, unit], areas[task.area_id], units[unit], by_dimension, whole):
            cell.add(task)
    return {
        "areas": _listed(areas, named_areas),
        "units": _listed(units, named_units),
        "dimensions": {name: _listed(of, named_areas) for name, of in dimensions.items() if name},
        "cells": [
            {"area": _code(area, named_areas), "unit": _code(unit, named_units), **cell.as_json()}
            for (area, unit), cell in cells.items()
        ],
        "whole": whole.as_json(),
        "late_holders": _holders(ctx, args),
        "last_evidence_at": max((task.reported_at for task in rows if task.reported_at), default=None),
    }


def _holders(ctx: Context, args: ReadinessArgs) -> int:
    """How many people hold what is late."""
    late = _reached(ctx).filter(status=TaskStatus.LATE).exclude(responsible=None)
    if args.dimension:
        own = Q(dimension=args.dimension) | Q(dimension="", area__dimension=args.dimension)
        late = late.filter(own)
    return int(late.order_by().values("responsible").distinct().count())


PARTS = {"team", "group", "branch"}
"""Kinds of units that are a part of another, not a lead of their own."""


def lead_of(unit: Unit, units: dict[int, Unit]) -> Unit:
    """The unit a part belongs to; any other unit is its own lead."""
    while unit.kind in PARTS and unit.parent_id in units:
        unit = units[unit.parent_id]
    return unit


def _reached(ctx: Context) -> Any:
    rows = preparation(ctx.the_event)
    if ctx.scope.reads_all or ctx.scope.acts_everywhere:
        return rows
    return rows.filter(unit__in=ctx.scope.units_readable())


def _readable(ctx: Context, args: ReadinessArgs) -> list[Counted]:
    rows = _reached(ctx)
    now = Value(ctx.now.replace(tzinfo=None), output_field=LocalDateTimeField())
    by_now = Sum("weight", filter=Q(target__lte=now), default=0.0)
    groups = rows.order_by().values(*ALIKE)
    summed = groups.annotate(n=Count("pk"), whole=Sum("weight"), by_now=by_now, evidence=Max("reported_at"))
    found = [Counted(*values) for values in summed.values_list(*ALIKE, "n", "whole", "by_now", "evidence")]
    return [task for task in found if task.dimension == args.dimension] if args.dimension else found


def _listed(cells: dict[int | None, Cell], named: dict[int, Any]) -> list[dict[str, Any]]:
    return [_labelled(key, cell, named) for key, cell in _worst_first(cells)]


def _worst_first(cells: dict[int | None, Cell]) -> Iterable[tuple[int | None, Cell]]:
    return sorted(
        cells.items(), key=lambda item: (item[1].percent if item[1].percent is not None else 101, str(item[0]))
    )


def _code(key: int | None, named: dict[int, Any]) -> str:
    return named[key].code if key in named else ""


def _labelled(key: int | None, cell: Cell, named: dict[int, Any]) -> dict[str, Any]:
    return {"code": _code(key, named), "name": named[key].name if key in named else "", **cell.as_json()}


class CurveArgs(BaseModel):
    """No arguments."""


@query("planning.target_curve", grants=Grant.READ)
def target_curve(ctx: Context, args: CurveArgs) -> dict[str, Any]:
    """Per cent of weight that is to be done by each day from T−100 to T−0, by published finishes."""
    event = ctx.the_event
    by_day: dict[date, float] = defaultdict(float)
    for target, weight in preparation(event).order_by().values_list("target").annotate(Sum("weight")):
        by_day[target.date()] += weight
    whole = sum(by_day.values())
    points, reached = [], 0.0
    first = event.opening - timedelta(days=100)
    reached = sum(weight for day, weight in by_day.items() if day < first)
    for number in range(101):
        day = first + timedelta(days=number)
        reached += by_day.get(day, 0.0)
        points.append({"t": event.t(day).n, "day": day, "percent": round(100 * reached / whole, 2) if whole else 0.0})
    return {"points": points, "weight": whole}
