"""A TaskJuggler project's time in slots: equal lengths of the real clock, seen as local time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tminus.formats.taskjuggler.project import Hours, Leave, Project

Flags = NDArray[np.bool_]
EPOCH = datetime(1970, 1, 1)
DAY = 1440


@dataclass(slots=True)
class Clock:
    """Slots 0 … ``count`` of the project; ``before[i]``: working slots before slot *i*."""

    project: Project
    first: int  # minutes since the epoch, UTC
    count: int
    local: NDArray[np.int64]  # (count + 1,) minutes since the epoch, local
    worked: Flags
    before: list[int]

    def index(self, at: datetime) -> int:
        """The slot in which local ``at`` lies (the earlier of two in the hour that comes twice)."""
        return (_utc_minutes(at, self.project.zone) - self.first) // self.project.slot

    def instant(self, index: int) -> datetime:
        """Local; beyond the last slot as if clocks did not change any more."""
        index_inside = min(max(index, 0), self.count)
        minutes = int(self.local[index_inside]) + (index - index_inside) * self.project.slot
        return EPOCH + timedelta(minutes=minutes)

    def instants(self, indexes: Sequence[int]) -> list[datetime]:
        """As :meth:`instant`, for slots within the project, all at once."""
        found: list[datetime] = self.local[np.array(indexes, dtype=np.int64)].astype("datetime64[m]").tolist()
        return found

    def after_work(self, index: int, slots: int) -> int:
        """Where ``slots`` working slots from ``index`` on are over."""
        return bisect_left(self.before, self.before[index] + slots) if slots else index

    def before_work(self, index: int, slots: int) -> int:
        """Where the last ``slots`` working slots before ``index`` begin."""
        if not slots:
            return index
        wanted = self.before[index] - slots
        return -1 if wanted < 0 else bisect_left(self.before, wanted + 1) - 1

    def flags(self, hours: Hours, leaves: list[Leave]) -> Flags:
        """The slots that begin within ``hours``, less leaves."""
        week = np.zeros(7 * DAY, dtype=np.bool_)
        for day, spans in enumerate(hours):
            for start, until in spans:
                week[day * DAY + start : day * DAY + until] = True
        flags: Flags = week[(self.local[:-1] + 3 * DAY) % (7 * DAY)]
        for first, last in leaves:
            flags[max(self.index(first), 0) : max(self.index(last), 0)] = False
        return flags


def clock_of(project: Project) -> Clock:
    first = _utc_minutes(project.start, project.zone)
    count = (_utc_minutes(project.finish, project.zone) - first) // project.slot
    utc = first + np.arange(count + 1, dtype=np.int64) * project.slot
    made = Clock(project, first, count, utc + _offsets(project, utc), np.zeros(0, np.bool_), [])
    made.worked = made.flags(project.hours, project.leaves)
    made.before = [0, *np.cumsum(made.worked).tolist()]
    return made


def _utc_minutes(at: datetime, zone: str) -> int:
    if zone:
        at = at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    return int((at - EPOCH).total_seconds()) // 60


def _offsets(project: Project, utc: NDArray[np.int64]) -> NDArray[np.int64]:
    """Minutes local time is ahead, for each instant: looked up by the week; by the day, then the instant, in weeks in
    which it changes."""
    if not project.zone:
        return np.zeros(len(utc), dtype=np.int64)
    zone = ZoneInfo(project.zone)
    days = np.arange(int(utc[0]) // DAY, int(utc[-1]) // DAY + 9)
    ahead = np.zeros(len(days), dtype=np.int64)
    until = _ahead(zone, int(days[0]) * DAY)
    for k in range(0, len(days), 7):
        some = days[k : k + 8]
        since, until = until, _ahead(zone, int(some[-1]) * DAY)
        ahead[k : k + 8] = since if since == until else [_ahead(zone, int(day) * DAY) for day in some]
    of_day = utc // DAY - days[0]
    found: NDArray[np.int64] = ahead[of_day]
    for changed in np.nonzero(np.diff(ahead))[0]:
        for i in np.nonzero(of_day == changed)[0]:
            found[i] = _ahead(zone, int(utc[i]))
    return found


def _ahead(zone: ZoneInfo, utc: int) -> int:
    offset = zone.fromutc((EPOCH + timedelta(minutes=utc)).replace(tzinfo=zone)).utcoffset()
    return int(offset.total_seconds()) // 60 if offset is not None else 0
