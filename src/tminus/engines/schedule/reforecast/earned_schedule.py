"""Earned schedule (Lipke 2003): not how much is done, but by when the plan wanted so much done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.back_schedule import ScheduleParams, back_schedule
from tminus.engines.schedule.bounds import is_done, is_started, remaining_minutes
from tminus.engines.schedule.model import Plan, PlanError, Progress, Task, TaskKind
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.result import Schedule
from tminus.engines.schedule.worktime import DAY, Ints, instant, minutes, work_until

Floats = NDArray[np.float64]
Planned = Mapping[str, tuple[datetime, datetime]]
"""Planned start and finish by task."""


@dataclass(frozen=True, slots=True)
class EarnedSchedule:
    """Days are calendar days from ``start``, the planned start of the first task.

    ``actual_days`` (AT): until today. ``earned_days`` (ES): when the plan wanted done what is done.
    ``variance_days`` = ES − AT. ``index`` = ES / AT, SPI(t); ``None`` before the start. ``planned_days`` (PD): until
    ``planned_finish``. ``estimate`` = start + PD / SPI(t), IEAC(t); ``None`` while nothing is earned. ``planned``,
    ``earned``: shares of all work planned to be done by today, and done.
    """

    start: datetime
    planned_finish: datetime
    today: datetime
    actual_days: float
    earned_days: float
    variance_days: float
    index: float | None
    planned_days: float
    estimate: datetime | None
    planned: float
    earned: float

    def as_json(self) -> dict[str, Any]:
        return {
            "planned": self.planned,
            "earned": self.earned,
            "actual_days": self.actual_days,
            "earned_days": self.earned_days,
            "sv_t_days": self.variance_days,
            "spi_t": self.index,
            "planned_finish": self.planned_finish.isoformat(),
            "ieac_t": self.estimate.isoformat() if self.estimate else None,
        }


def earned_schedule(
    schedule: Schedule, planned: Mapping[str, tuple[datetime, datetime]] | None = None
) -> EarnedSchedule:
    """Earned schedule of a scheduled plan against ``planned`` starts and finishes by task (default:
    :func:`planned_dates`).

    The value of a task is its weight times its duration, spread evenly over the working time between its planned
    start and finish; a plan without durations counts weights.

    :raises PlanError: a schedule without a network, or a plan without a task.
    """
    network = schedule.network
    if network is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    dates = planned if planned is not None else planned_dates(schedule)
    rows = [(number, task) for number, task in enumerate(network.tasks) if task.id in dates]
    if not rows:
        raise PlanError("no task with planned dates; allowed: at least one")
    value = _values([task for _, task in rows])
    starts = np.array([minutes(dates[task.id][0]) for _, task in rows])
    ends = np.array([minutes(dates[task.id][1]) for _, task in rows])
    calendars = [int(network.calendar[network.place[number]]) for number, _ in rows]
    done = np.array([done_share(network.plan, task) for _, task in rows])
    begin, end, now = int(starts.min()), int(ends.max()), minutes(schedule.today)
    earned = float((value * done).sum() / value.sum())
    curve = _Curve(network, value / value.sum(), starts, ends, calendars)
    reached = curve.reached(earned, begin, end)
    actual_days, earned_days, planned_days = ((at - begin) / DAY for at in (now, reached, end))
    index = earned_days / actual_days if actual_days > 0 else None
    days = planned_days / index if index else None
    return EarnedSchedule(
        start=instant(begin),
        planned_finish=instant(end),
        today=schedule.today,
        actual_days=round(actual_days, 4),
        earned_days=round(earned_days, 4),
        variance_days=round(earned_days - actual_days, 4),
        index=None if index is None else round(index, 6),
        planned_days=round(planned_days, 4),
        estimate=None if days is None or days > 36_500 else instant(begin + round(days * DAY)),
        planned=round(curve.at(now), 6),
        earned=round(earned, 6),
    )


def planned_dates(schedule: Schedule) -> dict[str, tuple[datetime, datetime]]:
    """What progress is held against: the plan's main baseline; without one its own dates, and for tasks without them
    those of the same plan with nothing reported, scheduled by the same policy."""
    network = schedule.network
    if network is None:
        raise PlanError("this schedule has no network; allowed: one made by back_schedule")
    plan = network.plan
    baseline = plan.main_baseline()
    if baseline is not None:
        pairs = {id: dates for id, dates in baseline.dates.items() if id in {task.id for task in network.tasks}}
    else:
        unreported = {row.id: (row.start, row.finish) for row in _unreported(schedule, plan).tasks}
        pairs = {task.id: (task.start, task.finish) if task.start and task.finish else unreported[task.id]
                 for task in network.tasks}  # fmt: skip
    return {id: (start, finish) for id, (start, finish) in pairs.items() if start and finish}


def _unreported(schedule: Schedule, plan: Plan) -> Schedule:
    begun = [one.actual_start for one in plan.progress.values() if one.actual_start is not None]
    params = ScheduleParams(schedule.policy)
    today = min([*begun, schedule.today])
    return back_schedule(replace(plan, progress={}), opening=schedule.opening, today=today, params=params)


def done_share(plan: Plan, task: Task) -> float:
    """How much of a task is done, 0 … 1."""
    progress = plan.progress.get(task.id)
    if progress is None:
        return 0.0
    if is_done(progress):
        return 1.0
    return _begun_share(progress, task) if is_started(progress) else 0.0


def _begun_share(progress: Progress, task: Task) -> float:
    if progress.percent is not None and progress.percent > 0:
        return progress.percent / 100
    work = task.duration.minutes
    return max(1 - remaining_minutes(progress, work) / work, 0.0) if work else 0.0


def _values(tasks: list[Task]) -> Floats:
    value = np.array([
        0 if task.kind is TaskKind.MILESTONE else task.weight * task.duration.minutes for task in tasks
    ], dtype=np.float64)  # fmt: skip
    return value if value.sum() > 0 else np.ones(len(tasks))


class _Curve:
    """The share of all value planned to be done by an instant."""

    def __init__(self, network: Network, value: Floats, starts: Ints, ends: Ints, calendars: list[int]) -> None:
        self._value, self._starts, self._ends = value, starts, ends
        self._calendars, self._table = calendars, network.time.table
        self._before = self._worked(starts)
        self._whole = np.maximum(self._worked(ends) - self._before, 0)

    def _worked(self, at: Ints) -> Ints:
        pairs = zip(self._calendars, at, strict=True)
        return np.array([int(work_until(self._table, calendar, int(t))) for calendar, t in pairs], dtype=np.int64)

    def at(self, t: int) -> float:
        worked = self._worked(np.clip(t, self._starts, self._ends)) - self._before
        share = np.where(self._whole > 0, worked / np.maximum(self._whole, 1), t >= self._ends)
        return float((self._value * share).sum())

    def reached(self, earned: float, begin: int, end: int) -> int:
        """The first instant by which so much was planned to be done."""
        if earned <= 0:
            return begin
        low, high = begin, end
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.at(middle) >= earned - 1e-9 else (middle + 1, high)
        return low
