"""What must be met: tasks, and the instants they must be finished by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from tminus.engines.schedule.bounds import DONE, Bounds, midnight
from tminus.engines.schedule.checkpoints import end_of
from tminus.engines.schedule.incremental import Incremental
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.result import Conflict, Dates, Reason, Schedule
from tminus.engines.schedule.worktime import Ints, minutes, work_until


@dataclass(frozen=True, slots=True)
class Target:
    """``places`` must be finished by ``limits`` (instants in minutes); ``names`` are their tasks."""

    places: Ints
    limits: Ints
    names: tuple[str, ...]
    checkpoint: date | None = None

    def margins(self, inside: Incremental) -> list[float]:
        """Working days, of each task's own calendar, between its earliest finish and its limit; negative: late."""
        return [self._margin(inside, int(p), int(limit)) for p, limit in zip(self.places, self.limits, strict=True)]

    def margin(self, inside: Incremental) -> float:
        """The least of :meth:`margins`."""
        return min(self.margins(inside))

    def worst(self, inside: Incremental) -> int:
        """The place that is latest."""
        margins = self.margins(inside)
        return int(self.places[margins.index(min(margins))])

    def _margin(self, inside: Incremental, place: int, limit: int) -> float:
        table, calendar = inside.network.time.table, int(inside.network.calendar[place])
        finish = int(inside.early_finish[place])
        spare = int(work_until(table, calendar, limit)) - int(work_until(table, calendar, finish))
        if spare == 0 and finish > limit and inside.network.work[place] == 0:
            spare = -1  # a milestone the night after
        return spare / max(int(inside.network.time.day_minutes[calendar]), 1)


def conflict_targets(schedule: Schedule) -> list[tuple[Conflict, Target]]:
    """Each conflict of a schedule with what it breaks, the worst first.

    :raises PlanError: a schedule without a network.
    """
    network, dates, held = schedule.network, schedule.dates, schedule.held
    if network is None or dates is None or held is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    place = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    place |= {code: nodes[1] for code, nodes in network.gates.items()}
    found = []
    for conflict in schedule.conflicts:
        if conflict.reason is not Reason.CYCLE:
            victim = conflict.chain[-1]
            limit = np.array([_limit(network, held, dates, place[victim])])
            found.append((conflict, Target(np.array([place[victim]]), limit, (victim,))))
    return found


def _limit(network: Network, held: Bounds, dates: Dates, place: int) -> int:
    """The date as it was given, at whatever hour, where that is what its latest finish comes from."""
    given, late = int(held.latest_finish[place]), int(dates.late_finish[place])
    table, calendar = network.time.table, int(network.calendar[place])
    return given if work_until(table, calendar, given) == work_until(table, calendar, late) else late


def checkpoint_target(schedule: Schedule, day: date) -> Target | None:
    """The gates due by a checkpoint and not done, to be finished by its end (at T−0: by opening); ``None``: all done.

    :raises PlanError: a schedule without a network, or a day that is no checkpoint.
    """
    network, held = schedule.network, schedule.held
    if network is None or held is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    checkpoint = next((one for one in schedule.checkpoints if one.date == day), None)
    if checkpoint is None:
        days = ", ".join(one.date.isoformat() for one in schedule.checkpoints)
        raise PlanError(f"{day.isoformat()} is no checkpoint; allowed: {days}")
    end = midnight(schedule.opening) if day == schedule.opening else minutes(end_of(day))
    place = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    due = [id for id in checkpoint.gates if held.state[place[id]] != DONE]
    if not due:
        return None
    return Target(np.array([place[id] for id in due]), np.full(len(due), end), tuple(due), day)
