"""The operations map: the drawn ground, and what stands, runs or is late at each place on a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from pydantic import BaseModel

from tminus.desks.planning.models import Basemap, Place, Task, TaskKind, TaskStatus
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
    """Places with the tasks planned there on a day: running, beginning within ten days, late, finished that day.

    Before today as it was reported, after today as it is expected from what is reported now.
    """
    t = _day(ctx, args.t)
    day = ctx.the_event.day(t)
    start = datetime.combine(day, time.min)
    end, now = start + timedelta(days=1), ctx.now.replace(tzinfo=None)
    by_place: dict[int, list[Task]] = defaultdict(list)
    for task in _about(readable(ctx), start, now):
        if _shown(task, start, now):
            task.status = status_on(task, start, now)  # as of that day; never saved
            by_place[task.place_id or 0].append(task)
    places = Place.objects.filter(event=ctx.event, pk__in=by_place)
    return {"t": t.n, "day": day, "places": [_place(place, by_place[place.pk], end) for place in places]}


def _day(ctx: Context, text: str) -> TDay:
    if not text:
        return ctx.the_event.t(ctx.now)
    try:
        return TDay.parse(text)
    except ValueError as error:
        raise BadInput(str(error), field="t", value=text) from error


SOON = timedelta(days=11)
"""A task is shown from ten days before it begins."""


def _about(tasks: QuerySet[Task], start: datetime, now: datetime) -> QuerySet[Task]:
    """The placed leaves the day may show, with what the map says of them; :func:`_shown` has the last word."""
    begun = Coalesce("actual_start", "planned_start")
    rows = tasks.exclude(kind=TaskKind.SUMMARY).filter(place__isnull=False, planned_finish__isnull=False)
    rows = rows.annotate(begun=begun).filter(begun__lt=start + SOON)
    still_open = Q(actual_finish=None)
    if start > now:
        still_open &= Q(forecast_finish=None) | Q(forecast_finish__gte=start) | Q(planned_finish__gte=start)
    rows = rows.filter(still_open | Q(actual_finish__gte=start))
    return rows.select_related(None).select_related("responsible").only(*SAID)


SAID = (
    "key", "name_en", "name_zh", "status", "place_id", "planned_start", "planned_finish", "published_finish",
    "forecast_finish", "actual_start", "actual_finish", "responsible__name_en", "responsible__name_zh",
    "responsible__username",
)  # fmt: skip
TASKS_SAID = 60
"""A place lists its worst tasks, at most this many."""


def _shown(task: Task, start: datetime, now: datetime) -> bool:
    """Begun or about to begin by the day that begins at ``start``, and not over before it."""
    assert task.planned_start is not None  # noqa: S101 - filtered
    return (task.actual_start or task.planned_start) < start + SOON and _over(task, now) >= start


def _over(task: Task, now: datetime) -> datetime:
    """When the task was finished, or is expected to be: an open one not before now."""
    assert task.planned_finish is not None  # noqa: S101 - filtered
    over: datetime = task.actual_finish or max(task.forecast_finish or task.planned_finish, now)
    return over


def status_on(task: Task, start: datetime, now: datetime) -> TaskStatus:
    """The status on the day that begins at ``start``; today's is the one the plan keeps."""
    end = start + timedelta(days=1)
    over = _over(task, now)
    if task.actual_finish is not None and over < end:
        return TaskStatus.DONE
    if start <= now < end:
        return TaskStatus(task.status)
    target = task.published_finish or task.planned_finish
    assert target is not None  # noqa: S101 - filtered
    if target < start:
        return TaskStatus.LATE
    return TaskStatus.AT_RISK if start > now and over > target else TaskStatus.ON_TIME


def _place(place: Place, tasks: list[Task], end: datetime) -> dict[str, Any]:
    ranked = sorted(tasks, key=lambda task: (WORST.index(task.status), task.planned_finish))  # type: ignore[arg-type]
    return {
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "status": ranked[0].status,
        "total": len(ranked),
        "running": sum(bool(task.planned_start and task.planned_start < end) for task in ranked),
        "tasks": [
            {
                "key": task.key,
                "name": task.name,
                "status": task.status,
                "finish": task.planned_finish,
                "holder": task.responsible.name if task.responsible else "",
                "running": bool(task.planned_start and task.planned_start < end),
            }
            for task in ranked[:TASKS_SAID]
        ],
    }
