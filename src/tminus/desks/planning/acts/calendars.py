"""Working calendars: weekdays, hours, holidays, make-up days; the plan is computed anew after each change."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field

from tminus.desks.planning.acts.areas import CODE
from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.models import PlanCalendar, Task
from tminus.formats.calendar_file import calendar_from_json
from tminus.formats.problems import BadFile
from tminus.platform.registry import BadInput, Context, Grant, act

Weekday = Annotated[int, Field(ge=0, le=6)]


class CalendarArgs(BaseModel):
    """``working_weekdays``: Monday 0 … 6; ``hours``: from, until as HH:MM; ``workdays``: make-up working days."""

    code: str = Field(pattern=CODE)
    name: str = Field(min_length=1, max_length=200)
    is_default: bool = False
    working_weekdays: list[Weekday] = Field(min_length=1, max_length=7)
    hours: list[tuple[str, str]] = Field(min_length=1, max_length=8)
    holidays: list[date] = Field(default=[], max_length=5000)
    workdays: list[date] = Field(default=[], max_length=5000)


class CalendarCodeArgs(BaseModel):
    code: str


@act("planning.calendar.set", grants=Grant.HEADQUARTERS)
def set_calendar(ctx: Context, args: CalendarArgs) -> dict[str, Any]:
    """Add a working calendar, or change the one with this code; planned dates stay, floats and statuses follow."""
    found = PlanCalendar.objects.filter(event=ctx.event, code=args.code).first()
    definition = _definition(args)
    before = {"name": found.name, "is_default": found.is_default, "definition": found.definition} if found else None
    default = args.is_default or (found is not None and found.is_default) or not _any(ctx)
    if default:
        PlanCalendar.objects.filter(event=ctx.event).exclude(code=args.code).update(is_default=False)
    made, _ = PlanCalendar.objects.update_or_create(
        event=ctx.the_event,
        code=args.code,
        defaults={"name": args.name, "is_default": default, "definition": definition},
    )
    ctx.record(made, before, {"code": args.code, "name": args.name, "is_default": default, "definition": definition})
    schedule = refreshed(ctx)
    return {"calendar": made.code, "added": found is None, "conflicts": len(schedule.conflicts)}


@act("planning.calendar.remove", grants=Grant.HEADQUARTERS)
def remove_calendar(ctx: Context, args: CalendarCodeArgs) -> dict[str, Any]:
    """Take away a calendar that is not the event's own and by which no task works."""
    calendar = ctx.find(PlanCalendar, code=args.code)
    if calendar.is_default:
        raise BadInput(f"{args.code} is the event's own calendar; make another that first", field="code")
    used = Task.objects.filter(calendar=calendar).count()
    if used:
        raise BadInput(f"{used} tasks work by {args.code}; give them another first", field="code", value=args.code)
    ctx.record(calendar, {"code": calendar.code, "name": calendar.name, "definition": calendar.definition}, None)
    calendar.delete()
    return {"calendar": args.code}


def _any(ctx: Context) -> bool:
    return PlanCalendar.objects.filter(event=ctx.event, is_default=True).exists()


def _definition(args: CalendarArgs) -> dict[str, Any]:
    """:raises BadInput: hours that cannot be, or a day that is both a holiday and a make-up working day."""
    both = sorted(set(args.holidays) & set(args.workdays))
    if both:
        raise BadInput(f"{both[0]} is both a holiday and a working day", field="workdays", value=str(both[0]))
    found = {
        "name": args.name,
        "working_weekdays": sorted(set(args.working_weekdays)),
        "hours": [list(pair) for pair in args.hours],
        "holidays": [day.isoformat() for day in sorted(set(args.holidays))],
        "workdays": [day.isoformat() for day in sorted(set(args.workdays))],
    }
    try:
        calendar_from_json(args.code, found, args.code)
    except BadFile as error:
        raise BadInput(str(error), field="hours", value=str(args.hours)) from error
    return found
