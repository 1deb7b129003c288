"""What a new event takes over of a past one's plan: ground, calendars, tasks and links, what the plan needs besides
time, what can go otherwise, and how it is judged; every date moved with opening.

Nothing of what happened comes along: no progress, no holders, no duties, no publication
(``docs/reference/event-copy.md`` lists it). Days of a calendar that were days off, or worked, stay where they were:
holidays do not move with an opening. So do days that weather has lost in past years.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tminus.desks.planning import adapter
from tminus.desks.planning.levelling import book_of
from tminus.desks.planning.models import (
    Area,
    Basemap,
    ColumnMapping,
    Place,
    PlanCalendar,
    ResourceBook,
    RiskCause,
    SchedulingOptions,
    Task,
    TaskLink,
)
from tminus.desks.planning.moved_resources import moved_resources
from tminus.formats.resources_document import document_of, read_document, without_gone
from tminus.platform import clock
from tminus.platform.events.copying import copier
from tminus.platform.models import Event, Unit

SAID = (
    "key", "position", "depth", "kind", "name_en", "name_zh", "duration_min", "duration_elapsed", "constraint",
    "manual", "active", "wbs", "pause_min", "levelled_min", "levelled_elapsed", "role", "place_text", "phase", "gate",
    "dimension", "weight", "notes", "extra", "estimate", "unit_text",
)  # fmt: skip
SETTINGS = ("aim", "buffer_days", "confirm_days", "decide_days", "stale_days")
"""By what plans are judged and decided."""
MOVED = ("constraint_at", "deadline", "planned_start", "planned_finish")


@copier("areas")
def _areas(source: Event, target: Event, shift: timedelta) -> int:
    rows = Area.objects.filter(event=source)
    names = ("code", "name_en", "name_zh", "dimension", "weight", "order")
    return len(Area.objects.bulk_create(Area(event=target, **_of(one, names)) for one in rows))


@copier("places")
def _places(source: Event, target: Event, shift: timedelta) -> int:
    """And the drawn ground they lie on."""
    for ground in Basemap.objects.filter(event=source):
        Basemap.objects.create(event=target, geojson=ground.geojson)
    rows = Place.objects.filter(event=source)
    names = ("code", "name_en", "name_zh", "kind", "lon", "lat", "level")
    return len(Place.objects.bulk_create(Place(event=target, **_of(one, names)) for one in rows))


@copier("calendars")
def _calendars(source: Event, target: Event, shift: timedelta) -> int:
    rows = PlanCalendar.objects.filter(event=source)
    names = ("code", "name", "is_default", "definition")
    return len(PlanCalendar.objects.bulk_create(PlanCalendar(event=target, **_of(one, names)) for one in rows))


@copier("tasks")
def _tasks(source: Event, target: Event, shift: timedelta) -> int:
    """The tree, its links and scheduling options, as a draft nobody has published, scheduled as of today."""
    made: dict[int, Task] = {}
    known = _Known(target)
    for one in Task.objects.filter(event=source).select_related("calendar", "area", "place", "unit"):
        made[one.pk] = _task(one, known, made, shift)
    for one in Task.objects.filter(pk__in=made, supporting__isnull=False).distinct().prefetch_related("supporting"):
        made[one.pk].supporting.set(known.units[unit.code] for unit in one.supporting.all())
    TaskLink.objects.bulk_create(
        TaskLink(
            event=target, predecessor=made[link.predecessor_id], successor=made[link.successor_id],
            **_of(link, ("kind", "lag_min", "lag_elapsed", "lag_percent")),
        )
        for link in TaskLink.objects.filter(event=source)
    )  # fmt: skip
    for options in SchedulingOptions.objects.filter(event=source):
        start = options.start + shift if options.start else None
        SchedulingOptions.objects.create(event=target, start=start, **_of(options, ("lag_calendar", "logic")))
    if made:
        now = clock.now(target)
        adapter.store(target, adapter.scheduled(target, now), now, planned=False)
    return len(made)


@copier("resources")
def _resources(source: Event, target: Event, shift: timedelta) -> int:
    """Crews, machines, budgets and what tasks need of them; from when until when there are more or fewer moves along.

    What is told of tasks the plan no longer has stays behind.
    """
    plan = adapter.plan_of(source)
    kept, _gone = without_gone(book_of(source), plan)
    if not kept:
        return 0
    document = document_of(moved_resources(read_document(kept, plan), shift))
    ResourceBook.objects.create(event=target, document=document)
    return len(document.get("resources", []))


@copier("causes")
def _causes(source: Event, target: Event, shift: timedelta) -> int:
    """Causes of risk, those no longer reckoned with too; each watched by the unit of the same code."""
    units = {one.code: one for one in Unit.objects.filter(event=target)}
    rows = RiskCause.objects.filter(event=source).select_related("unit")
    names = ("code", "name_en", "name_zh", "definition", "active")
    made = (
        RiskCause(event=target, unit=units.get(one.unit.code) if one.unit else None, **_of(one, names)) for one in rows
    )
    return len(RiskCause.objects.bulk_create(made))


@copier("columns")
def _columns(source: Event, target: Event, shift: timedelta) -> int:
    """How columns of files were understood: the same people hand in the same forms."""
    rows = ColumnMapping.objects.filter(event=source)
    made = (ColumnMapping(event=target, **_of(one, ("signature", "mapping"))) for one in rows)
    return len(ColumnMapping.objects.bulk_create(made))


@copier("planning_settings")
def _settings(source: Event, target: Event, shift: timedelta) -> int:
    kept = {name: source.settings[name] for name in SETTINGS if name in source.settings}
    target.settings = {**target.settings, **kept}
    target.save(update_fields=["settings"])
    return len(kept)


class _Known:
    """What the new event has already, by code."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.areas = {one.code: one for one in Area.objects.filter(event=event)}
        self.places = {one.code: one for one in Place.objects.filter(event=event)}
        self.calendars = {one.code: one for one in PlanCalendar.objects.filter(event=event)}
        self.units = {one.code: one for one in Unit.objects.filter(event=event)}


def _task(one: Task, known: _Known, made: dict[int, Task], shift: timedelta) -> Task:
    """Parents stand before their children."""
    return Task.objects.create(
        event=known.event,
        parent=made.get(one.parent_id) if one.parent_id else None,
        area=known.areas.get(one.area.code) if one.area else None,
        place=known.places.get(one.place.code) if one.place else None,
        calendar=known.calendars.get(one.calendar.code) if one.calendar else None,
        unit=known.units.get(one.unit.code) if one.unit else None,
        further_constraints=[_moved(row, shift) for row in one.further_constraints],
        **_of(one, SAID),
        **{name: at + shift for name in MOVED if (at := getattr(one, name)) is not None},
    )


def _moved(constraint: dict[str, Any], shift: timedelta) -> dict[str, Any]:
    at = constraint.get("at")
    return {**constraint, "at": (datetime.fromisoformat(at) + shift).isoformat()} if at else constraint


def _of(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
