"""A schedule in which one thing after another can be tried, with every calendar's seven-day week at hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tminus.engines.schedule.bounds import Bounds
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.model import DayHours, PlanError, WorkCalendar
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.worktime import DAY, Ints, WorkTime, extended, mirrored

SUFFIX = "-7"
"""What the identity of a calendar's seven-day week ends in."""


def seven_days(calendar: WorkCalendar) -> WorkCalendar:
    """The same hours on all days of the week, holidays too: the hours most of its working days have."""
    week = (_usual(calendar),) * 7
    return WorkCalendar(calendar.id + SUFFIX, f"{calendar.name} (7 days)", week)


def _usual(calendar: WorkCalendar) -> DayHours:
    working = [hours for hours in calendar.week if hours] or [hours for hours in calendar.exceptions.values() if hours]
    return max(working, key=working.count)


def has_gaps(calendar: WorkCalendar) -> bool:
    """Whether there are days off between its working days."""
    return any(hours != _usual(calendar) for hours in (*calendar.week, *calendar.exceptions.values()))


def network_of(schedule: Schedule) -> tuple[Network, Bounds]:
    """The network, its calendars followed by the seven-day week of each (calendar *c* by *c* + count), and its bounds.

    :raises PlanError: a schedule without a network.
    """
    network, held = schedule.network, schedule.held
    if network is None or held is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    time = network.time
    weeks = [seven_days(calendar) for calendar in network.plan.calendars.values()]
    more = extended(time, [_intervals(time, week.week[0]) for week in weeks], [week.day_minutes for week in weeks])
    return replace(network, time=more, mirror=mirrored(more), calendar=network.calendar.copy()), held


def _intervals(time: WorkTime, hours: DayHours) -> tuple[Ints, Ints]:
    days = (np.arange(time.days, dtype=np.int64) + time.first_day) * DAY
    starts = np.stack([days + start for start, _ in hours], axis=1).reshape(-1)
    return starts, np.stack([days + until for _, until in hours], axis=1).reshape(-1)


def trial_of(schedule: Schedule) -> Incremental:
    """The schedule's early dates, to be tried changes on. :raises PlanError: as :func:`network_of`."""
    return Incremental(*network_of(schedule), late=False)


def chain_to(inside: Incremental, place: int) -> list[tuple[int, int]]:
    """(place, number of the link that drives it; negative: none), from the first driver to ``place``."""
    chain = [(place, int(inside.driver[place]))]
    while chain[-1][1] >= 0:
        before = inside.ends_of(chain[-1][1])[0]
        chain.append((before, int(inside.driver[before])))
    return chain[::-1]
