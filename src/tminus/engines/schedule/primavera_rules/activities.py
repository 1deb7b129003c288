"""A plan of Primavera's compiled: its activities in topological order, its links as rows, what dates ask of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.cycle import Cycle, find_cycle
from tminus.engines.schedule.model import (
    Link,
    Plan,
    PlanError,
    ProgressLogic,
    ScheduleLogic,
    Task,
    TaskKind,
    TaskRole,
)
from tminus.engines.schedule.passes import sort_topologically
from tminus.engines.schedule.primavera_rules.asked import Asked, asked_of, constraints_of
from tminus.engines.schedule.primavera_rules.horizon import time_of
from tminus.engines.schedule.primavera_rules.links import Links, Rows, lag_calendars, lag_left, links_of, rows_by
from tminus.engines.schedule.primavera_rules.passes import FINISH_MILESTONE, OPEN, START_MILESTONE, TASK
from tminus.engines.schedule.primavera_rules.reported import reported_of, unworked
from tminus.engines.schedule.spans import SPANNING
from tminus.engines.schedule.worktime import DAY, Ints, Table, WorkTime, minutes

SHAPES = dict.fromkeys(TaskRole, TASK) | {
    TaskRole.START_MILESTONE: START_MILESTONE,
    TaskRole.FINISH_MILESTONE: FINISH_MILESTONE,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """Activities that drive and are driven, in topological order; what spans others is not among them."""

    tasks: tuple[Task, ...]
    calendar: Ints
    work: Ints
    """What remains, in minutes of working time."""
    state: Ints
    shape: Ints
    unworked: Ints
    """As ``work``, but of begun activities the original duration less what has been worked."""
    preds: Rows
    succs: Rows
    asked: Asked
    data_date: int
    logic: ScheduleLogic
    time: WorkTime
    place: Mapping[str, int]
    links: tuple[Link, ...]
    calendars: Mapping[str, int]

    @property
    def table(self) -> Table:
        return self.time.table


def compile_plan(plan: Plan) -> Compiled:
    """:raises Cycle: the links run in a circle.
    :raises PlanError: no data date and no start, or dates out of reach."""
    logic, data_date = plan.logic or ScheduleLogic(), _data_date(plan)
    tasks = _activities(plan)
    index = {task.id: number for number, task in enumerate(tasks)}
    links = links_of(plan, index)
    order, place = _order(tasks, links)
    columns = _columns(plan, tasks)
    work = columns.original.copy()
    reported, constraints = reported_of(plan, index, work), constraints_of(tasks)
    work[columns.milestone] = 0
    time = time_of(plan, work, links, reported, constraints, columns.used)
    # from here on all is by place, not in the plan's order
    calendar, original, work = columns.calendar[order], columns.original[order], work[order]
    links, reported, constraints = links.placed(place), reported.ordered(order), constraints.placed(place)
    began = reported.state, reported.start
    lag_calendar = lag_calendars(plan, links, calendar, columns.default)
    lag = lag_left(
        links.pred, links.kind, links.lag, lag_calendar, calendar, *began, reported.finish,
        data_date, logic.lag_from_early_start, time.table,
    )  # fmt: skip
    bound = len(tasks), links.kind, lag, lag_calendar
    return Compiled(
        tasks=tuple([tasks[number] for number in order.tolist()]),
        calendar=calendar,
        work=work,
        state=reported.state,
        shape=columns.shape[order],
        unworked=unworked(original, work, *began, calendar, data_date, time.days * DAY, time.table),
        preds=rows_by(links.succ, links.pred, *bound),
        succs=rows_by(links.pred, links.succ, *bound),
        asked=asked_of(constraints, reported, logic),
        data_date=data_date,
        logic=logic,
        time=time,
        place=dict(zip(index, place.tolist(), strict=True)),
        links=links.links,
        calendars=columns.calendars,
    )


def _data_date(plan: Plan) -> int:
    begin = plan.status_date or plan.start
    if begin is None:
        raise PlanError("the plan has neither a data date nor a start; allowed: one of them")
    return minutes(max(begin, plan.start) if plan.start else begin)


def _activities(plan: Plan) -> list[Task]:
    """What drives and is driven, in the plan's order."""
    summary = TaskKind.SUMMARY
    return [task for task in plan.tasks if task.kind is not summary and task.active and task.role not in SPANNING]


def _order(tasks: list[Task], links: Links) -> tuple[Ints, Ints]:
    """A topological order, and the place of each activity in it."""
    order, place = sort_topologically(len(tasks), links.pred, links.succ)
    if len(order) < len(tasks):
        raise Cycle([tasks[i].id for i in find_cycle(len(tasks), place, links.pred, links.succ)])
    return order, place


@dataclass(frozen=True, slots=True)
class Columns:
    """What the activities themselves say, in the plan's order: the order in which they lie in memory."""

    original: Ints
    """Durations in minutes."""
    calendar: Ints
    """Numbers; 0 is the clock on the wall."""
    milestone: NDArray[np.bool_]
    shape: Ints
    calendars: Mapping[str, int]
    default: int
    used: frozenset[int]
    """Calendars any of them works by, and the plan's."""


def _columns(plan: Plan, tasks: list[Task]) -> Columns:
    numbers = {code: number for number, code in enumerate(plan.calendars, start=1)}
    default, milestone = numbers.get(plan.default_calendar or "", 0), TaskKind.MILESTONE
    durations = [task.duration for task in tasks]
    elapsed = np.fromiter([duration.elapsed for duration in durations], np.bool_, len(tasks))
    names = [task.calendar for task in tasks]
    own = [numbers[name] if name else default for name in names]
    return Columns(
        original=np.array([duration.minutes for duration in durations], dtype=np.int64),
        calendar=np.where(elapsed, 0, np.array(own, dtype=np.int64)),
        milestone=np.fromiter([task.kind is milestone for task in tasks], np.bool_, len(tasks)),
        shape=np.array([SHAPES[task.role] for task in tasks], dtype=np.int64),
        calendars=numbers,
        default=default,
        used=frozenset([default, *(numbers[name] for name in set(names) if name)]),
    )


def deaf(compiled: Compiled) -> NDArray[np.bool_]:
    """Which activities no link holds back: those begun, under progress override."""
    override = compiled.logic.progress is ProgressLogic.OVERRIDE
    silent: NDArray[np.bool_] = (compiled.state != OPEN) & override
    return silent
