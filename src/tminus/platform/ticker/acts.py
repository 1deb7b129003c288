"""Shift an event's clock for a demonstration or an exercise, and set it right again."""

from __future__ import annotations

from datetime import datetime, time
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform import clock
from tminus.platform.models import ClockShift, Event, TDay
from tminus.platform.registry import BadInput, Context, Grant, act


class ShiftArgs(BaseModel):
    at: str  # "T-30", "T-30 14:00" or an ISO instant, event-local where it names no zone
    rate: float = Field(1.0, ge=0, le=1440)  # event seconds a real second; 0 stands still
    reason: Literal["demonstration", "exercise"] = "demonstration"


class ResetArgs(BaseModel):
    """Nothing to say: the clock is right again."""


@act("clock.shift", grants=Grant.STEERING)
def shift(ctx: Context, args: ShiftArgs) -> dict[str, object]:
    """Set the event's clock to another instant, from which it runs on; every page shows it."""
    event = ctx.the_event
    before = _described(event)
    at = instant(event, args.at)
    row, _created = ClockShift.objects.update_or_create(
        event=event,
        defaults={"real_from": timezone.now(), "event_from": at, "rate": args.rate, "reason": args.reason},
    )
    after = {"at": at, "rate": args.rate, "reason": args.reason}
    ctx.record(row, before, after)
    return {"now": at.isoformat(), **_described(event)}


@act("clock.reset", grants=Grant.STEERING)
def reset(ctx: Context, args: ResetArgs) -> dict[str, object]:
    """Set the event's clock back to the real time."""
    row = clock.shift_of(ctx.the_event)
    if row is None:
        raise BadInput(_("the clock is not shifted"), field="event", value=ctx.the_event.slug)
    ctx.record(row, _described(ctx.the_event), None)
    row.delete()
    return {"now": clock.now(ctx.the_event).isoformat()}


def instant(event: Event, text: str) -> datetime:
    """Read ``T-30``, ``T-30 14:00`` (08:00 without a time) or an ISO instant.

    :raises BadInput: anything else, named with what is allowed.
    """
    first, _space, rest = text.strip().partition(" ")
    try:
        if first[:1] in {"T", "t"}:
            hour = time.fromisoformat(rest.strip()) if rest.strip() else time(8)
            return datetime.combine(event.day(TDay.parse(first)), hour, tzinfo=event.zone)
        at = datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        allowed = "T-30, T-30 14:00 or 2026-10-06T14:00"
        raise BadInput(
            _("%(text)r is not an instant; allowed: %(allowed)s") % {"text": text, "allowed": allowed},
            field="at",
            value=text,
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=event.zone)


def _described(event: Event) -> dict[str, object]:
    row = clock.shift_of(event)
    if row is None:
        return {}
    return {"at": row.event_from, "rate": row.rate, "reason": str(row.reason)}
