"""Days on which an answer can be expected: weekdays, less the event's holidays, plus its make-up days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tminus.platform.models import Event

ACKNOWLEDGE_DAYS = 2  # event setting "acknowledge_days"


def is_working_day(event: Event, day: date) -> bool:
    """By the event's settings ``working_weekdays`` (0 Monday … 6), ``holidays``, ``workdays`` (ISO dates)."""
    if day.isoformat() in event.settings.get("workdays", ()):
        return True
    if day.isoformat() in event.settings.get("holidays", ()):
        return False
    return day.weekday() in event.settings.get("working_weekdays", (0, 1, 2, 3, 4))


def after_working_days(event: Event, start: datetime, days: int) -> datetime:
    """The same time of day ``days`` working days after ``start``, in the event's zone."""
    local = start.astimezone(event.zone)
    left, day = days, local.date()
    for _ in range(days * 7 + 60):  # bounded: a calendar without any working day must not hang
        if left == 0:
            break
        day += timedelta(days=1)
        left -= is_working_day(event, day)
    return datetime.combine(day, local.time(), tzinfo=event.zone)


def default_acknowledge_by(event: Event, assigned_at: datetime) -> datetime:
    days = event.settings.get("acknowledge_days", ACKNOWLEDGE_DAYS)
    return after_working_days(event, assigned_at, int(days))
