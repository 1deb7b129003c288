"""What the plan rests on: areas, places and working calendars, each with how many tasks use it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from pydantic import BaseModel

from tminus.desks.planning.models import Area, Place, PlanCalendar
from tminus.engines.schedule import WorkCalendar
from tminus.formats.calendar_file import calendar_from_json, calendar_to_json
from tminus.platform.registry import Context, Grant, query


class BasicsArgs(BaseModel):
    """No arguments."""


@query("planning.areas", grants=Grant.READ)
def areas(ctx: Context, args: BasicsArgs) -> list[dict[str, Any]]:
    """Areas of work in their order."""
    fields = ("code", "name_en", "name_zh", "dimension", "weight", "order")
    rows = Area.objects.filter(event=ctx.event).annotate(used=Count("tasks"))
    return [{**{name: getattr(row, name) for name in fields}, "name": row.name, "tasks": row.used} for row in rows]


@query("planning.places", grants=Grant.READ)
def places(ctx: Context, args: BasicsArgs) -> list[dict[str, Any]]:
    """Places of the operations map."""
    fields = ("code", "name_en", "name_zh", "kind", "lon", "lat", "level")
    rows = Place.objects.filter(event=ctx.event).annotate(used=Count("tasks"))
    return [{**{name: getattr(row, name) for name in fields}, "name": row.name, "tasks": row.used} for row in rows]


@query("planning.calendars", grants=Grant.READ)
def calendars(ctx: Context, args: BasicsArgs) -> list[dict[str, Any]]:
    """Working calendars, the event's own first; ``form`` is missing where hours differ from day to day."""
    rows = PlanCalendar.objects.filter(event=ctx.event).annotate(used=Count("task"))
    return [
        {
            "code": row.code,
            "name": row.name,
            "is_default": row.is_default,
            "tasks": row.used,
            "form": form_of(calendar_from_json(row.code, row.definition)),
        }
        for row in rows
    ]


def form_of(calendar: WorkCalendar) -> dict[str, Any] | None:
    """Weekdays, hours, holidays and make-up days of a calendar, if that is all it is."""
    week = calendar_to_json(calendar)["week"]
    hours = next((day for day in week if day), None)
    if hours is None or any(day and day != hours for day in week):
        return None
    holidays: list[date] = []
    workdays: list[date] = []
    own = next(day for day in calendar.week if day)
    for day, other in sorted(calendar.exceptions.items()):
        if other and other != own:
            return None
        works = bool(calendar.week[day.weekday()])
        if bool(other) != works:
            (workdays if other else holidays).append(day)
    working = [number for number, day in enumerate(week) if day]
    return {"working_weekdays": working, "hours": hours, "holidays": holidays, "workdays": workdays}


def span_of(opening: date) -> tuple[date, date]:
    """The days a calendar's page shows; holidays of other years are kept as they are."""
    return opening - timedelta(days=420), opening + timedelta(days=120)
