"""The plan as it stood on mornings of the past, as a job is given them: only who has the old reports knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NamedTuple

from tminus.desks.planning.models import RiskRun
from tminus.engines.schedule import Duration, Progress
from tminus.platform.models import Event

MORNING = time(9, 0)


class Past(NamedTuple):
    """What had been reported before ``day``."""

    day: date
    progress: Mapping[str, Progress]

    def as_json(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "progress": {id: _kept(one) for id, one in self.progress.items()}}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Past:
        return cls(date.fromisoformat(kept["day"]), {id: _of(one) for id, one in kept["progress"].items()})

    def at(self, event: Event) -> datetime:
        return datetime.combine(self.day, MORNING, tzinfo=event.zone)


def not_kept(event: Event, given: list[dict[str, Any]]) -> list[Past]:
    """Those of ``given`` of whose day nothing is kept yet, the oldest first."""
    kept = set(RiskRun.objects.filter(event=event).values_list("day", flat=True))
    found = (Past.of(one) for one in given)
    return sorted((one for one in found if one.day not in kept), key=lambda one: one.day)


def _kept(one: Progress) -> list[Any]:
    dates = [at.isoformat() if at else None for at in (one.actual_start, one.actual_finish, one.reported)]
    left = [one.remaining.minutes, one.remaining.elapsed] if one.remaining else None
    return [*dates, left, one.percent]


def _of(kept: list[Any]) -> Progress:
    start, finish, reported = (datetime.fromisoformat(at) if at else None for at in kept[:3])
    left = Duration(*kept[3]) if kept[3] else None
    return Progress(start, finish, left, kept[4], reported)
