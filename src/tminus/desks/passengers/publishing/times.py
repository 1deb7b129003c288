"""When a measure begins and ends as moments of the world, and when its duty is due before it begins."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tminus.formats.event_folder.day_scenarios import Measure
from tminus.platform.models import Event

LEAD_H = 12.0
"""A duty is due so many hours before its measure begins, unless another lead is asked for."""
MOST_LEAD_H = 240.0


class Late(StrEnum):
    """How little time is left."""

    NO = ""
    LEAD = "lead"
    """The lead has passed: due when the measure begins."""
    BEGUN = "begun"
    """It should have begun: due when it ends."""
    OVER = "over"
    """It would have ended by now: nobody is given it."""


def begins_at(event: Event, day: date, measure: Measure) -> datetime:
    return _moment(event, day, measure.from_min)


def ends_at(event: Event, day: date, measure: Measure) -> datetime:
    return _moment(event, day, measure.to_min)


def due_of(begins: datetime, ends: datetime, now: datetime, lead_h: float) -> tuple[datetime, Late]:
    """When the duty is due; where that has passed already, the next moment that has not."""
    due = begins - timedelta(hours=lead_h)
    if due > now:
        return due, Late.NO
    if begins > now:
        return begins, Late.LEAD
    return ends, Late.BEGUN if ends > now else Late.OVER


def _moment(event: Event, day: date, minute: float) -> datetime:
    """``minute`` after midnight of the service day, by the event's clocks."""
    return (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=event.zone)
