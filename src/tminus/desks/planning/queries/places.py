"""The operations map: the drawn ground, and what stands, runs or is late at each place on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.models import Basemap, Place, Task, TaskKind
from tminus.desks.planning.queries.readiness import WORST
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.models import TDay
from tminus.platform.registry import BadInput, Context, Grant, query


class MapArgs(BaseModel):
    t: str = ""
    """The day shown: T-30; empty is today."""


class GroundArgs(BaseModel):
    """No arguments."""


@query("planning.ground", grants=Grant.MEMBER)
def ground(ctx: Context, args: GroundArgs) -> dict[str, Any]:
    """The drawn ground as GeoJSON."""
    found = Basemap.objects.filter(event=ctx.event).first()
    return found.geojson if found else {"type": "FeatureCollection", "features": []}


@query("planning.map", grants=Grant.READ)
def operations_map(ctx: Context, args: MapArgs) -> dict[str, Any]:
    """Places with the tasks planned there: running, due within ten days, late, done, as planned and reported."""
    t = _day(ctx, args.t)
    day = ctx.the_event.day(t)
    start, end = datetime.combine(day, time.min), datetime.combine(day + timedelta(days=1), time.min)
    by_place: dict[int, list[Task]] = defaultdict(list)
    rows = readable(ctx).exclude(kind=TaskKind.SUMMARY).filter(place__isnull=False, planned_finish__isnull=False)
    for task in rows:
        if _shown(task, start, end):
            by_place[task.place_id or 0].append(task)
    places = Place.objects.filter(event=ctx.event, pk__in=by_place)
    return {"t": t.n, "day": day, "places": [_place(place, by_place[place.pk], start, end) for place in places]}


def _day(ctx: Context, text: str) -> TDay:
    if not text:
        return ctx.the_event.t(ctx.now)
    try:
        return TDay.parse(text)
    except ValueError as error:
        raise BadInput(str(error), field="t", value=text) from error


def _shown(task: Task, start: datetime, end: datetime) -> bool:
    """Running that day, due within ten days of it, or not done though due."""
    assert task.planned_start is not None and task.planned_finish is not None  # noqa: S101 - filtered
    soon = task.planned_start < end + timedelta(days=10)
    open_then = task.actual_finish is None or task.actual_finish >= start
    return soon and open_then


def _place(place: Place, tasks: list[Task], start: datetime, end: datetime) -> dict[str, Any]:
    ranked = sorted(tasks, key=lambda task: (WORST.index(task.status), task.planned_finish))  # type: ignore[arg-type]
    return {
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "status": ranked[0].status,
        "tasks": [
            {
                "key": task.key,
                "name": task.name,
                "status": task.status,
                "finish": task.planned_finish,
                "holder": task.responsible.name if task.responsible else "",
                "running": bool(task.planned_start and task.planned_start < end),
            }
            for task in ranked
        ],
    }
