"""Load an event folder: organisation, places, calendars, plan, progress, duties, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tminus.desks.planning import adapter
from tminus.desks.planning.baselines import keep_all
from tminus.desks.planning.causes import keep_causes
from tminus.desks.planning.event_folder.duties import issue_all
from tminus.desks.planning.importing.reading import check_calendars
from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import (
    Area,
    Basemap,
    Place,
    PlanCalendar,
    Publication,
    PublishedTask,
    ResourceBook,
    Task,
    TaskLink,
)
from tminus.desks.planning.scheduling import keep, said_by
from tminus.engines.schedule import Link, Policy, Progress
from tminus.engines.schedule import Task as PlanTask
from tminus.formats.calendar_file import calendar_to_json
from tminus.formats.event_folder import EventFolder
from tminus.formats.event_folder.baselines import FILE as BASELINES
from tminus.platform import record
from tminus.platform.models import Appointment, Event, Person, Post, Rank, Reach, Unit

KIND_WORDS = {"leadership": "leadership_group"}


class EventExists(Exception):
    """An event of this short name stands already; it is not overwritten."""


@dataclass(frozen=True, slots=True)
class Loaded:
    event: Event
    people: Mapping[str, Person]
    counts: Mapping[str, int]


def load_event(
    folder: EventFolder,
    *,
    at: datetime | None = None,
    progress: Mapping[str, Progress] | None = None,
    actor: Person | None = None,
) -> Loaded:
    """Put the folder's event into the database.

    ``at``: the event-local instant it is as of (default: now in its zone); ``progress`` replaces the folder's own.

    :raises EventExists: the event is there already.
    """
    slug = str(folder.event["id"])
    if Event.objects.filter(slug=slug).exists():
        raise EventExists(f"event {slug!r} stands already in this installation; allowed: a new id, or remove it first")
    with transaction.atomic():
        return _load(folder, at, progress, actor)


def _load(
    folder: EventFolder, at: datetime | None, progress: Mapping[str, Progress] | None, actor: Person | None
) -> Loaded:
    event = _event(folder)
    now = (at.replace(tzinfo=event.zone) if at else timezone.now()).astimezone(event.zone)
    units = _units(event, folder)
    people = _people(folder)
    _posts(event, folder, units, people)
    areas, places = _areas(event, folder), _places(event, folder)
    calendars = _calendars(event, folder)
    tasks: dict[str, Task] = {}
    if folder.plan is not None:
        reported = folder.plan.progress if progress is None else progress
        named = _Named(units, people, areas, places, calendars)
        tasks = _tasks(event, folder, reported, named)
        _links(event, folder.plan.links, tasks)
        if (options := said_by(folder.plan)) is not None:
            keep(event, options)
        keep_all(event, folder.plan, BASELINES, now)
        _publish(event, tasks)
        schedule = adapter.scheduled(event, now, Policy.AS_PLANNED)
        adapter.store(event, schedule, now, planned=False)
        issue_all(event, now)
    if folder.resources is not None:
        ResourceBook.objects.create(event=event, document=folder.resources)
    keep_causes(event, folder.causes, units)
    counts = {"units": len(units), "people": len(people), "places": len(places), "tasks": len(tasks)}
    record.append(
        event=event,
        at=now,
        actor=actor,
        channel="import",
        code="event.import",
        subject=event,
        before=None,
        after={"schema": folder.event["schema"], "counts": counts},
    )
    return Loaded(event, people, counts)


def _event(folder: EventFolder) -> Event:
    document = folder.event
    phases = [
        [phase["id"], phase["name"].get("en", ""), phase["name"].get("zh", ""), phase["from_t"], phase["to_t"]]
        for phase in document.get("phases", [])
    ]
    known = {
        "schema",
        "id",
        "name",
        "timezone",
        "opening",
        "closing",
        "phases",
        "checkpoint_days",
        "fictional",
        "settings",
    }
    event = Event(
        slug=document["id"],
        name_en=document["name"].get("en", ""),
        name_zh=document["name"].get("zh", ""),
        timezone=document["timezone"],
        opening=date.fromisoformat(document["opening"]),
        closing=date.fromisoformat(document["closing"]),
        checkpoint_days=document.get("checkpoint_days", 10),
        fictional=bool(document.get("fictional", False)),
        settings={**document.get("settings", {}), "further": {k: v for k, v in document.items() if k not in known}},
    )
    if phases:
        event.phases = phases
    event.save()
    return event


def _units(event: Event, folder: EventFolder) -> dict[str, Unit]:
    rows = {row["id"]: row for row in folder.table("units")}
    made: dict[str, Unit] = {}

    def make(code: str) -> Unit:
        if code in made:
            return made[code]
        row = rows[code]
        above = make(row["parent"]) if row.get("parent") else None
        made[code] = Unit.objects.create(
            event=event,
            code=code,
            name_en=row["name_en"],
            name_zh=row.get("name_zh", ""),
            kind=KIND_WORDS.get(row["kind"], row["kind"]),
            parent=above,
            path=f"{above.path if above else '/'}{code}/",
            temporary=row.get("temporary") == "1",
            from_date=_day(row.get("from")),
            until_date=_day(row.get("until")),
            order=list(rows).index(code),
        )
        return made[code]

    for code in rows:
        make(code)
    return made


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _people(folder: EventFolder) -> dict[str, Person]:
    """People by account name; one who is known already is left as they are."""
    rows = list(folder.table("people"))
    known = Person.objects.in_bulk([row["id"] for row in rows], field_name="username")
    new = [_person(row) for row in rows if row["id"] not in known]
    Person.objects.bulk_create(new)
    return dict(Person.objects.in_bulk([row["id"] for row in rows], field_name="username"))


def _person(row: Mapping[str, str]) -> Person:
    person = Person(
        username=row["id"],
        name_en=row.get("name_en", ""),
        name_zh=row.get("name_zh", ""),
        email=row.get("email", ""),
        phone=row.get("phone", ""),
        language="zh-hans" if row.get("language") == "zh" else "en",
    )
    person.set_unusable_password()
    return person


def _posts(event: Event, folder: EventFolder, units: Mapping[str, Unit], people: Mapping[str, Person]) -> None:
    rows = list(folder.table("posts"))
    posts = Post.objects.bulk_create(
        Post(
            event=event,
            code=row["id"],
            unit=units[row["unit"]],
            title_en=row["title_en"],
            title_zh=row.get("title_zh", ""),
            rank=row.get("rank") or Rank.MEMBER,
            reach=row.get("reach") or Reach.OWN,
            place=row.get("place", ""),
            order=number,
        )
        for number, row in enumerate(rows)
    )
    Appointment.objects.bulk_create(
        Appointment(
            post=post,
            person=people[row["holder"]],
            from_date=_day(row.get("from")),
            until_date=_day(row.get("until")),
            home_unit=units.get(row.get("home_unit", "")),
        )
        for post, row in zip(posts, rows, strict=True)
        if row.get("holder")
    )


def _areas(event: Event, folder: EventFolder) -> dict[str, Area]:
    made = Area.objects.bulk_create(
        Area(
            event=event,
            code=row["id"],
            name_en=row["name_en"],
            name_zh=row.get("name_zh", ""),
            dimension=row.get("dimension", ""),
            weight=float(row.get("weight") or 1),
            order=number,
        )
        for number, row in enumerate(folder.table("areas"))
    )
    return {area.code: area for area in made}


def _places(event: Event, folder: EventFolder) -> dict[str, Place]:
    if folder.map is not None:
        Basemap.objects.create(event=event, geojson=folder.map)
    made = Place.objects.bulk_create(
        Place(
            event=event,
            code=row["id"],
            kind=row.get("kind", ""),
            name_en=row.get("name_en", ""),
            name_zh=row.get("name_zh", ""),
            lon=float(row["lon"]),
            lat=float(row["lat"]),
            level=row.get("level", ""),
        )
        for row in folder.table("nodes")
        if row.get("lon") and row.get("lat")
    )
    return {place.code: place for place in made}


def _calendars(event: Event, folder: EventFolder) -> dict[str, PlanCalendar]:
    check_calendars("calendar.json", folder.calendars)
    made = [
        PlanCalendar.objects.create(
            event=event,
            code=code,
            name=calendar.name,
            is_default=number == 0,
            definition=calendar_to_json(calendar),
        )
        for number, (code, calendar) in enumerate(folder.calendars.items())
    ]
    return {calendar.code: calendar for calendar in made}


@dataclass(frozen=True, slots=True)
class _Named:
    """What a row of the plan may refer to, by code or by either name."""

    units: Mapping[str, Unit]
    people: Mapping[str, Person]
    areas: Mapping[str, Area]
    places: Mapping[str, Place]
    calendars: Mapping[str, PlanCalendar]


def _tasks(event: Event, folder: EventFolder, progress: Mapping[str, Progress], named: _Named) -> dict[str, Task]:
    assert folder.plan is not None  # noqa: S101 - asked by the caller
    depth: dict[str | None, int] = {None: -1}
    rows: list[Task] = []
    for position, task in enumerate(folder.plan.tasks):
        depth[task.id] = depth[task.parent] + 1
        rows.append(_task(event, task, position, depth[task.id], progress.get(task.id, Progress()), named))
    made = {task.key: task for task in Task.objects.bulk_create(rows, batch_size=400)}
    for task in folder.plan.tasks:
        if task.parent is not None:
            made[task.id].parent = made[task.parent]
    mass_update([task for task in made.values() if task.parent], ["parent"])
    through = Task.supporting.through
    through.objects.bulk_create(
        through(task_id=made[task.id].pk, unit_id=named.units[code].pk)
        for task in folder.plan.tasks
        for code in task.supporting
        if code in named.units
    )
    return made


def _task(event: Event, task: PlanTask, position: int, depth: int, progress: Progress, named: _Named) -> Task:
    return Task(
        event=event,
        key=task.id,
        position=position,
        depth=depth,
        kind=task.kind.value,
        name_en=task.name,
        name_zh=task.name_zh,
        duration_min=task.duration.minutes,
        duration_elapsed=task.duration.elapsed,
        calendar=named.calendars.get(task.calendar or ""),
        **adapter.kept_of(task),
        deadline=task.deadline,
        area=named.areas.get(task.area),
        place=named.places.get(task.place),
        place_text="" if task.place in named.places else task.place,
        phase=task.phase,
        gate=task.gate,
        dimension=task.dimension,
        weight=task.weight,
        notes=task.notes,
        extra=dict(task.extra),
        unit=named.units.get(task.unit),
        unit_text="" if task.unit in named.units else task.unit,
        responsible=named.people.get(task.responsible),
        responsible_text="" if task.responsible in named.people else task.responsible,
        planned_start=task.start,
        planned_finish=task.finish,
        **progress_fields(event, progress),
    )


def progress_fields(event: Event, progress: Progress) -> dict[str, Any]:
    """What a report puts into a task's row; a report without time of day counts as made at 18:00."""
    reported = progress.reported
    if reported is not None and reported.time() == time.min:
        reported += timedelta(hours=18)
    return {
        "actual_start": progress.actual_start,
        "actual_finish": progress.actual_finish,
        "remaining_min": progress.remaining.minutes if progress.remaining else None,
        "percent": 100.0 if progress.actual_finish else progress.percent,
        "reported_at": reported.replace(tzinfo=event.zone) if reported else None,
        "suspended_at": progress.suspended,
        "resumed_at": progress.resumed,
    }


def _links(event: Event, links: tuple[Link, ...], tasks: Mapping[str, Task]) -> None:
    binding: dict[tuple[str, str, str], Link] = {}  # of two links alike the longer lag binds
    for link in sorted(links, key=lambda link: link.lag.minutes):
        binding[link.pred, link.succ, link.kind.value] = link
    TaskLink.objects.bulk_create(
        TaskLink(
            event=event,
            predecessor=tasks[link.pred],
            successor=tasks[link.succ],
            kind=link.kind.value,
            lag_min=link.lag.minutes,
            lag_elapsed=link.lag.elapsed,
            lag_percent=link.lag_percent,
        )
        for link in links
        if binding[link.pred, link.succ, link.kind.value] is link
    )


def _publish(event: Event, tasks: Mapping[str, Task]) -> None:
    """Dates the folder's plan carries are its published ones: publication 1."""
    dated = [task for task in tasks.values() if task.planned_start and task.planned_finish]
    if not dated:
        return
    first = min(task.planned_start for task in dated)
    made = Publication.objects.create(event=event, number=1, at=first.replace(tzinfo=event.zone), title="Event folder")
    for task in dated:
        task.published_start, task.published_finish = task.planned_start, task.planned_finish
    mass_update(dated, ["published_start", "published_finish"])
    PublishedTask.objects.bulk_create(PublishedTask.of(made, task) for task in dated)
