"""Readings taken by people's programs, and what the counters' own doors took summed up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from pydantic import BaseModel, Field

from tminus.desks.passengers.intake.receive import MOST_LINES, counters_of, keep_refused, numbered, sort_out
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import IntakeTally
from tminus.platform.models import Event
from tminus.platform.registry import Context, Grant, act
from tminus.platform.ticker import daily


class TakeArgs(BaseModel):
    """Each reading as a counter's own door takes it: ``counter``, ``time``, ``in``, ``out``, ``seq``."""

    readings: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_LINES)


class SumUpArgs(BaseModel):
    day: date | None = None


@act("passengers.counts.take", grants=Grant.HEADQUARTERS)
def take(ctx: Context, args: TakeArgs) -> dict[str, Any]:
    """Take readings of any counter in use; the good ones are kept, each other has its error."""
    found = sort_out(ctx.the_event, counters_of(ctx.the_event), numbered(args.readings), ctx.now)
    taken = store(found.batch, int(timezone.now().timestamp()))
    keep_refused(ctx.the_event, found.refused, ctx.channel)
    ctx.record(ctx.the_event, None, {**taken._asdict(), "refused": len(found.refused)})
    return {**taken._asdict(), "refused": [one.as_json() for one in found.refused]}


@act("passengers.counts.sum_up", grants=Grant.HEADQUARTERS)
def sum_up(ctx: Context, args: SumUpArgs) -> dict[str, Any]:
    """Say in the record what the counters' own doors took since it was last said."""
    found, _made = IntakeTally.objects.select_for_update().get_or_create(
        event=ctx.the_event, defaults={"since": timezone.now()}
    )
    names = ("batches", "new", "corrected", "known", "refused")
    said = {"since": found.since, **{name: getattr(found, name) for name in names}}
    ctx.record(found, None, said)
    found.since = timezone.now()
    for name in names:
        setattr(found, name, 0)
    found.save()
    return said


def _something_came(event: Event, now: datetime) -> bool:
    return IntakeTally.objects.filter(event=event, batches__gt=0).exists()


daily("passengers.counts.sum_up", when=_something_came)
