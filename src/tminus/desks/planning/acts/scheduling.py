"""By which rules the plan is scheduled; it is computed anew after each change."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.scheduling import OWN_LOGIC, keep, options_of
from tminus.engines.schedule import FloatKind, LagCalendar, ProgressLogic
from tminus.platform.registry import Context, Grant, act

LOGIC = ("progress", "total_float", "longest_path")


class SchedulingArgs(BaseModel):
    """What is left out stays. ``progress``: what links still ask of work that began before they allowed it;
    ``lag_calendar``: in whose working time lags count; ``total_float``: at which end float is measured;
    ``longest_path``: critical is what drives the last finish, not what has the least float."""

    progress: ProgressLogic | None = None
    lag_calendar: LagCalendar | None = None
    total_float: FloatKind | None = None
    longest_path: bool | None = None


@act("planning.scheduling.set", grants=Grant.HEADQUARTERS)
def set_scheduling(ctx: Context, args: SchedulingArgs) -> dict[str, Any]:
    """Choose scheduling options; planned dates stay, floats and statuses follow."""
    before = options_of(ctx.the_event)
    chosen = {name: value for name in LOGIC if (value := getattr(args, name)) is not None}
    stands = before.logic or OWN_LOGIC
    logic = replace(stands, **chosen)
    after = replace(
        before,
        lag_calendar=args.lag_calendar or before.lag_calendar,
        logic=before.logic if logic == stands else logic,
    )
    kept = keep(ctx.the_event, after)
    ctx.record(kept, before.as_json(), after.as_json())
    schedule = refreshed(ctx)
    return {**after.as_json(), "conflicts": len(schedule.conflicts)}
