"""The one source of *now*, in the event's zone, shiftable for demonstrations and exercises."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from tminus.platform.models import ClockShift, Event, TDay


def now(event: Event | None = None) -> datetime:
    """The instant it is for this event, aware, in its zone (UTC without an event)."""
    real = timezone.now()
    if event is None:
        return real
    shift = shift_of(event)
    if shift is not None:
        real = shift.event_from + (real - shift.real_from) * shift.rate
    return real.astimezone(event.zone)


def today(event: Event) -> date:
    return now(event).date()


def t_today(event: Event) -> TDay:
    return event.t(today(event))


def shift_of(event: Event) -> ClockShift | None:
    return ClockShift.objects.filter(event=event).first()
