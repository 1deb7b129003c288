"""What happens if a task is moved: who moves with it, which checkpoint loses what, what binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from tminus.engines.schedule.back_schedule import Pass, forward
from tminus.engines.schedule.bounds import OPEN, Bounds, bounds_of, midnight
from tminus.engines.schedule.conflicts import driving_chain, names_of
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.result import Dates, Schedule
from tminus.engines.schedule.worktime import Ints, instant, minutes


@dataclass(frozen=True, slots=True)
class Moved:
    """One task's dates before and after."""

    id: str
    start_before: datetime
    start: datetime
    finish_before: datetime
    finish: datetime

    @property
    def days(self) -> float:
        """By how many calendar days the finish moves; positive is later."""
        return round((self.finish - self.finish_before).total_seconds() / 86400, 2)


@dataclass(frozen=True, slots=True)
class Slip:
    """Tasks planned by a checkpoint that would then be finished after it."""

    checkpoint: date
    t_minus: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """``begins``: when the first moved task would begin, which need not be when it was asked to;
    ``binds``: the chain that keeps it from the date asked for, empty when it gets it;
    ``misses_opening``: tasks that would be finished after their latest date."""

    moved: tuple[Moved, ...]
    slips: tuple[Slip, ...]
    begins: datetime
    binds: tuple[str, ...]
    misses_opening: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A move tried: the plan passed forward ``before`` and ``after`` it, with the earliest starts it was given.
    ``places`` are those of the moved tasks, ``first`` that of the first, ``asked`` the instant it was to begin at."""

    network: Network
    dates: Dates
    held: Bounds
    earliest: Ints
    before: Pass
    after: Pass
    places: tuple[int, ...]
    asked: int

    @property
    def first(self) -> int:
        return self.places[0]


def attempted(schedule: Schedule, starts: Mapping[str, datetime]) -> Attempt:
    """Pass the plan forward with other ``starts``.

    :raises PlanError: a task the schedule does not have, or one that has begun already.
    """
    network, dates = schedule.network, schedule.dates
    if network is None or dates is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    held = schedule.held or bounds_of(network, opening=midnight(schedule.opening), today=minutes(schedule.today))
    place = _places(network, starts)
    earliest = np.where(held.state == OPEN, dates.start, NEVER)
    earliest[network.node < 0] = NEVER
    before = forward(network, held, earliest=earliest.copy())  # what is expected anyway is not the move's doing
    for id, start in starts.items():
        if id not in place or held.state[place[id]] != OPEN:
            raise PlanError(f"task {id!r} cannot be moved; allowed: a task that has not begun")
        earliest[place[id]] = minutes(start)
    after = forward(network, held, earliest=earliest)
    places = tuple(place[id] for id in starts)
    return Attempt(network, dates, held, earliest, before, after, places, minutes(next(iter(starts.values()))))


def _places(network: Network, wanted: Mapping[str, datetime]) -> dict[str, int]:
    return {task.id: int(network.place[number]) for number, task in enumerate(network.tasks) if task.id in wanted}


def what_if(schedule: Schedule, starts: Mapping[str, datetime]) -> WhatIf:
    """Move tasks to new ``starts`` and let everything that follows give way; nothing is changed.

    :raises PlanError: a task the schedule does not have, or one that has begun already.
    """
    tried = attempted(schedule, starts)
    network, after = tried.network, tried.after
    moved, missed = [], []
    stood = _stood(tried, tried.places)
    differs = (tried.held.state == OPEN) & ((after.start != stood.start) | (after.finish != stood.finish))
    for number in np.flatnonzero(differs[network.place]):
        p, id = network.place[number], network.tasks[number].id
        pairs = (stood.start, after.start, stood.finish, after.finish)
        moved.append(Moved(id, *(instant(at[p]) for at in pairs)))
        if after.finish[p] > tried.dates.late_finish[p]:
            missed.append(id)
    late = after.start[tried.first] > tried.asked and after.driver[tried.first] >= 0
    binds = names_of(network, driving_chain(network, after.driver, tried.first)) if late else []
    begins = instant(after.start[tried.first])
    return WhatIf(tuple(moved), _slips(schedule, moved), begins, tuple(binds), tuple(missed))


def _stood(tried: Attempt, places: tuple[int, ...]) -> Pass:
    """Where tasks stood: as expected anyway; as planned what was asked to move, and what that drives past its plan.

    A task that is late already is expected after its planned dates, and it is those that are moved.
    """
    carried = np.zeros(tried.network.size, dtype=bool)
    carried[list(places)] = True
    ends, driver = tried.network.forward.ends, tried.after.driver
    for p in np.flatnonzero(driver >= 0):  # a driver stands before what it drives
        carried[p] |= carried[ends[driver[p]]]
    planned, expected = tried.dates, tried.before
    carried &= tried.after.finish > planned.finish
    carried[list(places)] = True
    start = np.where(carried, planned.start, expected.start)
    return Pass(start, np.where(carried, planned.finish, expected.finish), expected.driver)


def _slips(schedule: Schedule, moved: list[Moved]) -> tuple[Slip, ...]:
    found = []
    for checkpoint in schedule.checkpoints:
        end = datetime.combine(checkpoint.date + timedelta(days=1), datetime.min.time())
        ids = tuple(one.id for one in moved if one.finish_before <= end < one.finish)
        if ids:
            found.append(Slip(checkpoint.date, checkpoint.t_minus, ids))
    return tuple(found)
