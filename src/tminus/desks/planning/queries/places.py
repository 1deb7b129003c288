"""The operations map: the drawn ground, and at each place on a day who stands there, what runs and what is late."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Coalesce
from pydantic import BaseModel, Field

from tminus.desks.planning.drawing import drawn
from tminus.desks.planning.models import Basemap, Place, Task, TaskKind, TaskStatus
from tminus.desks.planning.queries.readiness import WORST
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.access import appointments_on
from tminus.platform.models import Post, TDay
from tminus.platform.registry import BadInput, Context, Grant, query


class MapArgs(BaseModel):
    t: str = ""
    """The day shown: T-30; empty is today."""


class GroundArgs(BaseModel):
    """No arguments."""


class DrawnGroundArgs(BaseModel):
    """``points``: longitude and latitude of what the drawing must have room for besides."""

    points: list[tuple[float, float]] = Field(default_factory=list, max_length=5000)


@query("planning.ground", grants=Grant.MEMBER)
def ground(ctx: Context, args: GroundArgs) -> dict[str, Any]:
    """The drawn ground as GeoJSON."""
    found = Basemap.objects.filter(event=ctx.event).first()
    return found.geojson if found else {"type": "FeatureCollection", "features": []}


@query("planning.ground.drawing", grants=Grant.MEMBER)
def ground_drawing(ctx: Context, args: DrawnGroundArgs) -> dict[str, Any]:
    """The ground as paths in drawing units; ``box``: its west, south, east and north edge, none where there is none."""
    found = drawn(ground(ctx, GroundArgs()), [{"lon": lon, "lat": lat} for lon, lat in args.points])
    return {name: found[name] for name in ("shapes", "box", "height")} if found else {"shapes": [], "box": None}


@query("planning.map.drawing", grants=Grant.READ)
def drawing(ctx: Context, args: MapArgs) -> dict[str, Any]:
    """The map of a day as paths and marks in drawing units, for screens that only draw."""
    found = operations_map(ctx, args)
    return {**found, "drawing": drawn(ground(ctx, GroundArgs()), found["places"])}


@query("planning.map", grants=Grant.READ)
def operations_map(ctx: Context, args: MapArgs) -> dict[str, Any]:
    """Places with their posts and the tasks of a day: running, beginning within ten days, late, finished that day.

    Before today as it was reported, after today as it is expected from what is reported now. Posts are those of units
    standing on that day, with who holds them then; ``status`` of a place without tasks is null.
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
    posts = _posts(ctx, day)
    places = Place.objects.filter(Q(pk__in=by_place) | Q(code__in=posts), event=ctx.event)
    found = [_place(place, by_place.get(place.pk, []), posts.get(place.code, []), end) for place in places]
    found.sort(key=lambda one: (WORST.index(one["status"]) if one["status"] else len(WORST), -one["lagging"]))
    begun = readable(ctx).aggregate(first=Min("planned_start"))["first"]
    from_t = min(ctx.the_event.t(begun).n, t.n) if begun else t.n
    return {"t": t.n, "day": day, "from_t": from_t, "places": found}


def _posts(ctx: Context, day: date) -> dict[str, list[dict[str, Any]]]:
    """Posts of units standing that day, by the place where they are; who answers for what is no secret in an event."""
    standing = (Q(unit__from_date=None) | Q(unit__from_date__lte=day)) & (
        Q(unit__until_date=None) | Q(unit__until_date__gte=day)
    )
    posts = Post.objects.filter(standing, event=ctx.event).exclude(place="").select_related("unit")
    holders: dict[int, list[str]] = defaultdict(list)
    for one in appointments_on(ctx.the_event, day).filter(post__in=posts).select_related("person"):
        holders[one.post_id].append(one.person.name)
    by_place: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for post in posts.order_by("unit__path", "order", "id"):
        said = {"title": post.title, "unit": post.unit.name, "unit_code": post.unit.code}
        by_place[post.place].append({**said, "holders": holders[post.pk], "vacant": not holders[post.pk]})
    return dict(by_place)


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


LAGS = (TaskStatus.LATE, TaskStatus.AT_RISK)


def _place(place: Place, tasks: list[Task], posts: list[dict[str, Any]], end: datetime) -> dict[str, Any]:
    ranked = sorted(tasks, key=lambda task: (WORST.index(task.status), task.planned_finish))  # type: ignore[arg-type]
    return {
        "code": place.code,
        "name": place.name,
        "kind": place.kind,
        "lon": place.lon,
        "lat": place.lat,
        "status": str(ranked[0].status) if ranked else None,
        "lagging": sum(task.status in LAGS for task in ranked),
        "posts": posts,
        "vacant": sum(post["vacant"] for post in posts),
        "total": len(ranked),
        "running": sum(bool(task.planned_start and task.planned_start < end) for task in ranked),
        "tasks": [
            {
                "key": task.key,
                "name": task.name,
                "status": task.shown_status,
                "finish": task.planned_finish,
                "holder": task.responsible.name if task.responsible else "",
                "running": bool(task.planned_start and task.planned_start < end),
            }
            for task in ranked[:TASKS_SAID]
        ],
    }
