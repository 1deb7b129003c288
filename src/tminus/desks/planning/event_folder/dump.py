"""Write an event of the database as an event folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tminus.desks.planning import adapter
from tminus.desks.planning.baselines import with_baselines
from tminus.desks.planning.causes import cause_of, keys_of, standing
from tminus.desks.planning.levelling import book_of
from tminus.desks.planning.models import Area, Basemap, Place, RiskCause, Task
from tminus.engines.schedule import Plan, Progress, TaskKind
from tminus.formats.book_writer import book_rows, headings
from tminus.formats.calendar_file import calendar_to_json
from tminus.formats.event_folder import SCHEMA_VERSION, EventFolder, FolderCause
from tminus.formats.event_folder.baselines import table_of as table_of_baselines
from tminus.formats.event_folder.causes import table_of
from tminus.formats.event_folder.folder import Rows
from tminus.formats.resources_document import without_gone
from tminus.formats.values import duration_text
from tminus.platform.models import Appointment, Event, Person, Post, Unit


def folder_of(event: Event) -> EventFolder:
    """Everything of the event that an event folder holds; published dates are the plan's Start and Finish."""
    plan = with_baselines(event, _published(event, adapter.plan_of(event, reported=True)))
    causes = _causes(event)
    tables = {
        "units": _units(event),
        "people": _people(event),
        "posts": _posts(event),
        "areas": _areas(event),
        "nodes": _nodes(event),
        "progress": _progress(plan),
        "drivers": _table(*table_of(causes)),
        "baselines": _table(*table_of_baselines(plan.baselines)),
    }
    further, rows = book_rows(replace(plan, progress={}, baselines=()))
    heads = [*headings("en"), *further]
    calendars = {code: calendar_to_json(calendar) for code, calendar in plan.calendars.items()}
    default = next(iter(calendars))
    named = {} if default == "standard" else {"id": default}
    document = named | calendars.pop(default) | ({"calendars": calendars} if calendars else {})
    basemap = Basemap.objects.filter(event=event).first()
    return EventFolder(
        event=_event(event),
        tables={name: table for name, table in tables.items() if table.rows},
        plan=plan,
        plan_rows=_table(heads, [[_text(value) for value in row] for row in rows]),
        calendars=plan.calendars,
        calendar_document=document,
        map=basemap.geojson if basemap else None,
        causes=causes,
        resources=without_gone(book_of(event), plan)[0] or None,
    )


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Rows:
    named = tuple(heads)
    return Rows(named, tuple(dict(zip(named, row, strict=True)) for row in rows))


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.12g}"
    return str(value)


def _event(event: Event) -> Mapping[str, Any]:
    settings = {key: value for key, value in event.settings.items() if key not in ("further", "demo_accounts")}
    return {
        "schema": SCHEMA_VERSION,
        "id": event.slug,
        "name": {"en": event.name_en, "zh": event.name_zh},
        "timezone": event.timezone,
        "opening": event.opening.isoformat(),
        "closing": event.closing.isoformat(),
        "phases": [
            {
                "id": phase.id,
                "name": {"en": phase.name_en, "zh": phase.name_zh},
                "from_t": phase.from_t,
                "to_t": phase.to_t,
            }
            for phase in event.phase_list()
        ],
        "checkpoint_days": event.checkpoint_days,
        "fictional": event.fictional,
        **({"settings": settings} if settings else {}),
        **event.settings.get("further", {}),
    }


def _published(event: Event, plan: Plan) -> Plan:
    dates = {
        key: (start, finish)
        for key, start, finish in Task.objects.filter(event=event, published_finish__isnull=False).values_list(
            "key", "published_start", "published_finish"
        )
    }
    return replace(
        plan,
        tasks=tuple(
            replace(task, start=dates[task.id][0], finish=dates[task.id][1])
            if task.id in dates
            else replace(task, start=None, finish=None)  # a summary's come from what stands under it
            if task.kind is TaskKind.SUMMARY
            else task
            for task in plan.tasks
        ),
    )


def _units(event: Event) -> Rows:
    return _table(
        ("id", "name_en", "name_zh", "kind", "parent", "temporary", "from", "until"),
        (
            [
                unit.code,
                unit.name_en,
                unit.name_zh,
                unit.kind,
                unit.parent.code if unit.parent else "",
                "1" if unit.temporary else "0",
                _text(unit.from_date),
                _text(unit.until_date),
            ]
            for unit in Unit.objects.filter(event=event).select_related("parent")
        ),
    )


def _people(event: Event) -> Rows:
    found = Person.objects.filter(appointments__post__event=event) | Person.objects.filter(tasks__event=event)
    return _table(
        ("id", "name_en", "name_zh", "email", "phone", "language"),
        (
            [p.username, p.name_en, p.name_zh, p.email, p.phone, "zh" if p.language.startswith("zh") else "en"]
            for p in found.distinct().order_by("username")
        ),
    )


def _posts(event: Event) -> Rows:
    held: dict[int, Appointment] = {}
    for appointment in Appointment.objects.filter(post__event=event).select_related("person", "home_unit"):
        held[appointment.post_id] = appointment
    return _table(
        ("id", "unit", "title_en", "title_zh", "rank", "reach", "holder", "from", "until", "home_unit", "place"),
        (
            [
                post.code,
                post.unit.code,
                post.title_en,
                post.title_zh,
                post.rank,
                post.reach,
                *_holder(held.get(post.pk)),
                post.place,
            ]
            for post in Post.objects.filter(event=event).select_related("unit")
        ),
    )


def _holder(held: Appointment | None) -> list[str]:
    if held is None:
        return ["", "", "", ""]
    home = held.home_unit.code if held.home_unit else ""
    return [held.person.username, _text(held.from_date), _text(held.until_date), home]


def _areas(event: Event) -> Rows:
    return _table(
        ("id", "name_en", "name_zh", "dimension", "weight"),
        ([a.code, a.name_en, a.name_zh, a.dimension, _text(a.weight)] for a in Area.objects.filter(event=event)),
    )


def _nodes(event: Event) -> Rows:
    return _table(
        ("id", "kind", "lon", "lat", "name_en", "name_zh", "level"),
        (
            [p.code, p.kind, _text(p.lon), _text(p.lat), p.name_en, p.name_zh, p.level]
            for p in Place.objects.filter(event=event)
        ),
    )


def _causes(event: Event) -> tuple[FolderCause, ...]:
    keys, found = keys_of(event), []
    for row in RiskCause.objects.filter(event=event).select_related("unit"):
        cause = standing(cause_of(row.code, row.definition, row.name_en, row.name_zh), keys)
        if cause is not None:
            found.append(FolderCause(cause, row.unit.code if row.unit else "", row.active))
    return tuple(found)


def _progress(plan: Plan) -> Rows:
    default = plan.calendars[plan.default_calendar or next(iter(plan.calendars))]
    return _table(
        ("ID", "Actual start", "Actual finish", "Remaining", "Progress", "Reported"),
        (_report(id, progress, default.day_minutes) for id, progress in plan.progress.items()),
    )


def _report(id: str, progress: Progress, day_minutes: int) -> list[str]:
    remaining = duration_text(progress.remaining, day_minutes) if progress.remaining is not None else ""
    percent = f"{progress.percent:g} %" if progress.percent is not None else ""
    dates = (_text(progress.actual_start), _text(progress.actual_finish))
    return [id, *dates, remaining, percent, _text(progress.reported)]
