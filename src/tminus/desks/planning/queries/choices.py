"""What a task may refer to: units, areas, places, calendars and people, as lists to choose from."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.models import Area, Place, PlanCalendar
from tminus.platform import duties
from tminus.platform.registry import Context, Grant, query


class ChoicesArgs(BaseModel):
    """No arguments."""


@query("planning.choices", grants=Grant.READ)
def choices(ctx: Context, args: ChoicesArgs) -> dict[str, Any]:
    """Codes and names of what can be filled into a task; units are those you can read."""
    places = Place.objects.filter(event=ctx.event, tasks__isnull=False).distinct()
    calendars = PlanCalendar.objects.filter(event=ctx.event)
    return {
        "units": _named(ctx.scope.units_readable()),
        "areas": _named(Area.objects.filter(event=ctx.event)),
        "places": _named(places),
        "calendars": [{"code": row.code, "name": row.name} for row in calendars],
        "people": [
            {"code": person.username, "name": person.name}
            for person in duties.assignable(ctx).order_by("name_en", "username")
        ],
    }


def _named(rows: Any) -> list[dict[str, str]]:
    return [{"code": row.code, "name": row.name} for row in rows]
