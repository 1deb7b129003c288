"""A new day of the event: what is late, at risk or stale is computed anew although nobody has acted."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.models import Task
from tminus.platform.models import Event
from tminus.platform.registry import BadInput, Context, Grant, act
from tminus.platform.ticker.daily import daily


class NewDayArgs(BaseModel):
    """``day``: the day that has begun."""

    day: date


@act("planning.new_day", grants=Grant.HEADQUARTERS)
def new_day(ctx: Context, args: NewDayArgs) -> dict[str, Any]:
    """Compute forecasts and statuses for the day that has begun, as the clock does by itself; no date is moved."""
    try:
        schedule = refreshed(ctx)
    except BadInput as error:  # a plan that contradicts itself; the clock must not ask again all day
        ctx.record(ctx.the_event, None, {"day": args.day, "refused": str(error)})
        return {"day": args.day, "tasks": 0}
    ctx.record(ctx.the_event, None, {"day": args.day, "tasks": len(schedule.tasks)})
    return {"day": args.day, "tasks": len(schedule.tasks)}


def planned(event: Event, now: object) -> bool:
    return Task.objects.filter(event=event).exists()


daily("planning.new_day", at=time(0, 1), when=planned)
