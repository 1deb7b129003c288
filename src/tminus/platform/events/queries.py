"""The events a person may enter, and what an event is."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from tminus.platform import clock
from tminus.platform.access import events_of
from tminus.platform.events import first_steps  # noqa: F401 - registers its query
from tminus.platform.events.acts import described
from tminus.platform.models import Event
from tminus.platform.registry import Context, Grant, NothingArgs, query


class ListArgs(BaseModel):
    archived: bool = False


@query("event.list", grants=Grant.SIGNED_IN, event=False)
def events(ctx: Context, args: ListArgs) -> list[dict[str, Any]]:
    """The events you may enter; archived ones only for administrators who ask."""
    if args.archived and ctx.scope.administrator:
        found = Event.objects.all()
    elif ctx.scope.system:
        found = Event.objects.filter(archived=False)
    else:
        found = events_of(ctx.person) if ctx.person else Event.objects.none()
    return [_row(event) for event in found]


@query("event.show", grants=Grant.MEMBER)
def show(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """The event: names, zone, opening and closing, phases, checkpoints, the day it is."""
    event = ctx.the_event
    return {
        "slug": event.slug,
        **described(event),
        "phases": [phase._asdict() for phase in event.phase_list()],
        "checkpoints": [{"date": day, "t": event.t(day).n} for day in event.checkpoint_dates()],
        "now": ctx.now,
        "t": event.t(ctx.now).n,
        "fictional": event.fictional,
    }


def _row(event: Event) -> dict[str, Any]:
    return {
        "slug": event.slug,
        "name": event.name,
        "opening": event.opening,
        "closing": event.closing,
        "t": event.t(clock.today(event)).n,
        "fictional": event.fictional,
        "archived": event.archived,
    }
