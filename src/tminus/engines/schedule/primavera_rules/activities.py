"""A plan of Primavera's compiled: its activities in topological order, its links as rows, what dates ask of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import is_done, is_started
from tminus.engines.schedule.cycle import Cycle, find_cycle
from tminus.engines.schedule.model import (
    ConstraintKind,
    LagCalendar,
    Link,
    LinkKind,
    Plan,
    PlanError,
    Progress,
    ProgressLogic,
    ScheduleLogic,
    Task,
    TaskKind,
    TaskRole,
)
from tminus.engines.schedule.network import CODE, FIRST_YEAR, LAST_YEAR, MOST_DAYS
from tminus.engines.schedule.passes import NEVER, rows_of, sort_topologically
from tminus.engines.schedule.plain import early_and_late, weave
from tminus.engines.schedule.primavera_rules.passes import (
    DONE,
    EVER,
    FINISH_MILESTONE,
    OPEN,
    START_MILESTONE,
    STARTED,
    TASK,
)
from tminus.engines.schedule.worktime import DAY, Ints, Table, WorkTime, compile_calendars, instant, minutes, work_until

Numbers = NDArray[np.int32]
SHAPES = {TaskRole.START_MILESTONE: START_MILESTONE, TaskRole.FINISH_MILESTONE: FINISH_MILESTONE}


@dataclass(frozen=True, slots=True)
class Rows:
    """Links by the place of the end they bind."""

    ptr: Numbers
    other: Numbers
    number: Numbers
    kind: Ints
    lag: Ints
    lag_calendar: Ints


@dataclass(frozen=True, slots=True)
class Asked:
    """What dates ask of each activity, by place: instants; ``NEVER`` and ``EVER`` for none."""

    earliest_start: Ints
    earliest_finish: Ints
    latest_start: Ints
    latest_finish: Ints
    fixed_start: Ints
    fixed_finish: Ints
    expected: Ints
    late: NDArray[np.bool_]


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
    logic = plan.logic or ScheduleLogic()
    begin = plan.status_date or plan.start
    if begin is None:
        raise PlanError("the plan has neither a data date nor a start; allowed: one of them")
    data_date = minutes(max(begin, plan.start) if plan.start else begin)
    tasks = [task for task in plan.tasks if task.kind is not TaskKind.SUMMARY and task.active and not task.role.spans]
    index = {task.id: number for number, task in enumerate(tasks)}
    links = [link for link in plan.links if link.pred in index and link.succ in index]
    pred = np.array([index[link.pred] for link in links], dtype=np.int64)
    succ = np.array([index[link.succ] for link in links], dtype=np.int64)
    order, place = sort_topologically(len(tasks), pred, succ)
    if len(order) < len(tasks):
        raise Cycle([tasks[i].id for i in find_cycle(len(tasks), place, pred, succ)])
    tasks = [tasks[i] for i in order]
    pred, succ = place[pred], place[succ]
    progress = [plan.progress.get(task.id) for task in tasks]
    state = np.array([_state(one) for one in progress], dtype=np.int64)
    work = np.array([_remaining(task, one) for task, one in zip(tasks, progress, strict=True)], dtype=np.int64)
    numbers = {code: number for number, code in enumerate(plan.calendars, start=1)}
    default = numbers.get(plan.default_calendar or "", 0)
    calendar = np.array(
        [0 if t.duration.elapsed else numbers[t.calendar] if t.calendar else default for t in tasks], dtype=np.int64
    )
    lag = np.array([link.lag.minutes for link in links], dtype=np.int64)
    time = _compile_time(plan, tasks, progress, work, (pred, succ, lag))
    unworked = _unworked(tasks, progress, work, calendar, data_date, time)
    lag_calendar = _lag_calendars(plan, links, calendar, (pred, succ), default)
    kind = np.array([CODE[link.kind] for link in links], dtype=np.int64)
    lag = _lag_left(plan, logic, data_date, progress, (pred, kind, lag, lag_calendar), calendar, time.table)
    identity = np.arange(len(tasks))
    columns = kind, lag, lag_calendar
    return Compiled(
        tasks=tuple(tasks),
        calendar=calendar,
        work=work,
        state=state,
        shape=np.array([SHAPES.get(task.role, TASK) for task in tasks], dtype=np.int64),
        unworked=unworked,
        preds=_rows(identity, succ, pred, *columns),
        succs=_rows(identity, pred, succ, *columns),
        asked=_asked(tasks, progress, state, logic),
        data_date=data_date,
        logic=logic,
        time=time,
        place={task.id: number for number, task in enumerate(tasks)},
        links=tuple(links),
        calendars=numbers,
    )


def _rows(place: Ints, into: Ints, other: Ints, kind: Ints, lag: Ints, lag_calendar: Ints) -> Rows:
    ptr, others, number = rows_of(len(place), place, into, other)
    return Rows(ptr, others, number, kind[number], lag[number], lag_calendar[number])


def _state(progress: Progress | None) -> int:
    if progress is None:
        return OPEN
    return DONE if is_done(progress) else STARTED if is_started(progress) else OPEN


def _remaining(task: Task, progress: Progress | None) -> int:
    if task.kind is TaskKind.MILESTONE:
        return 0
    if progress is None:
        return task.duration.minutes
    if is_done(progress):
        return 0
    if progress.remaining is not None:
        return progress.remaining.minutes
    return round(task.duration.minutes * (1 - (progress.percent or 0) / 100))


def _unworked(
    tasks: list[Task], progress: list[Progress | None], work: Ints, calendar: Ints, data_date: int, time: WorkTime
) -> Ints:
    left = work.copy()
    for place, one in enumerate(progress):
        if one is not None and is_started(one) and one.actual_start is not None:
            c = int(calendar[place])
            passed = int(work_until(time.table, c, data_date)) - int(
                work_until(time.table, c, minutes(one.actual_start))
            )
            original = tasks[place].duration.minutes
            left[place] = max(original - max(passed, 0), 0) if original < time.days * DAY else work[place]
    return left


def _lag_calendars(plan: Plan, links: list[Link], calendar: Ints, ends: tuple[Ints, Ints], default: int) -> Ints:
    match plan.lag_calendar:
        case LagCalendar.PREDECESSOR:
            found = calendar[ends[0]]
        case LagCalendar.SUCCESSOR:
            found = calendar[ends[1]]
        case LagCalendar.PLAN:
            found = np.full(len(links), default, dtype=np.int64)
        case _:
            found = np.zeros(len(links), dtype=np.int64)
    elapsed = np.array([link.lag.elapsed for link in links], dtype=bool)
    return np.where(elapsed, 0, found) if len(links) else found


def _lag_left(
    plan: Plan,
    logic: ScheduleLogic,
    data_date: int,
    progress: list[Progress | None],
    links: tuple[Ints, Ints, Ints, Ints],
    calendar: Ints,
    table: Table,
) -> Ints:
    """Lags after work that is done or begun, less what has passed of them by the data date; none of them negative."""
    pred, kind, lag, lag_calendar = links
    left = lag.copy()
    for row in np.flatnonzero(lag):
        j = int(pred[row])
        said = progress[j]
        if said is None or said.actual_start is None:
            continue
        from_start = kind[row] in (CODE[LinkKind.SS], CODE[LinkKind.SF])
        if not is_done(said) and not from_start:
            continue
        since, c = (said.actual_start, calendar[j]) if from_start else (said.actual_finish, lag_calendar[row])
        if since is None:
            continue
        if is_done(said) or not logic.lag_from_early_start:
            c = lag_calendar[row]
        passed = int(work_until(table, c, data_date)) - int(work_until(table, c, minutes(since)))
        left[row] = max(int(lag[row]) - max(passed, 0), 0)
    return left


# What dates ask ----------------------------------------


def _asked(tasks: list[Task], progress: list[Progress | None], state: Ints, logic: ScheduleLogic) -> Asked:
    size = len(tasks)
    never, ever = np.full(size, NEVER), np.full(size, EVER)
    asked = Asked(
        never.copy(), never.copy(), ever.copy(), ever.copy(), never.copy(), never.copy(), never.copy(),
        np.zeros(size, dtype=np.bool_),
    )  # fmt: skip
    for place, task in enumerate(tasks):
        for constraint in task.constraints:
            _ask(asked, place, constraint.kind, constraint.at, int(state[place]), logic)
        said = progress[place]
        if said is not None and said.resumed is not None and state[place] == STARTED:
            asked.earliest_start[place] = max(asked.earliest_start[place], minutes(said.resumed))
    return asked


def _ask(
    asked: Asked, place: int, kind: ConstraintKind, when: datetime | None, state: int, logic: ScheduleLogic
) -> None:
    if kind is ConstraintKind.ALAP:
        asked.late[place] = state == OPEN
        return
    if when is None or state == DONE:
        return
    at = minutes(when)
    opened = state == OPEN
    match kind:
        case ConstraintKind.SNET | ConstraintKind.EXTERNAL_START if opened:
            if kind is ConstraintKind.SNET or not logic.ignore_external:
                asked.earliest_start[place] = max(asked.earliest_start[place], at)
        case ConstraintKind.SNLT if opened:
            asked.latest_start[place] = min(asked.latest_start[place], at)
        case ConstraintKind.MSO if opened:
            asked.earliest_start[place] = max(asked.earliest_start[place], at)
            asked.latest_start[place] = min(asked.latest_start[place], at)
        case ConstraintKind.FNET:
            asked.earliest_finish[place] = max(asked.earliest_finish[place], at)
        case ConstraintKind.FNLT | ConstraintKind.EXTERNAL_FINISH:
            if kind is ConstraintKind.FNLT or not logic.ignore_external:
                asked.latest_finish[place] = min(asked.latest_finish[place], at)
        case ConstraintKind.MFO:
            asked.earliest_finish[place] = max(asked.earliest_finish[place], at)
            asked.latest_finish[place] = min(asked.latest_finish[place], at)
        case ConstraintKind.MANDATORY_START if opened:
            asked.fixed_start[place] = at
        case ConstraintKind.MANDATORY_FINISH:
            asked.fixed_finish[place] = at
        case ConstraintKind.EXPECTED_FINISH if logic.expected_finish:
            asked.expected[place] = at


# The horizon ----------------------------------------


def _compile_time(
    plan: Plan,
    tasks: list[Task],
    progress: list[Progress | None],
    work: Ints,
    links: tuple[Ints, Ints, Ints],
) -> WorkTime:
    """Calendars over every date named, and as far on either side as the longest chain of what remains can reach."""
    named = _named(plan, tasks, progress)
    pred, succ, lag = links
    early, _ = early_and_late(weave(work, pred, succ, np.zeros_like(lag), np.abs(lag)))
    chain = int((early + work).max()) if len(work) else 0
    densest = min((_week(calendar.week) for calendar in plan.calendars.values()), default=7 * 1440)
    needed = int(chain / max(densest, 1) * 7 * 1.3) + 400
    if needed > MOST_DAYS:
        raise PlanError(f"the longest chain of links takes about {needed} days; allowed: at most {MOST_DAYS}")
    first, last = min(named), max(named)
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise PlanError(f"dates run from {first} to {last}; allowed: years {FIRST_YEAR} to {LAST_YEAR}")
    reach = timedelta(days=needed)
    return compile_calendars(list(plan.calendars.values()), first - reach, last + reach)


def _week(week: tuple[tuple[tuple[int, int], ...], ...]) -> int:
    return sum(until - start for hours in week for start, until in hours) or 480


def _named(plan: Plan, tasks: list[Task], progress: list[Progress | None]) -> list[date]:
    found = {plan.status_date, plan.start, plan.finish, plan.logic.must_finish if plan.logic else None}
    for task in tasks:
        found.update(constraint.at for constraint in task.constraints)
    for one in progress:
        if one is not None:
            found.update((one.actual_start, one.actual_finish, one.resumed))
    return [at.date() for at in found if at is not None] or [instant(0).date()]


def deaf(compiled: Compiled) -> NDArray[np.bool_]:
    """Which activities no link holds back: those begun, under progress override."""
    override = compiled.logic.progress is ProgressLogic.OVERRIDE
    silent: NDArray[np.bool_] = (compiled.state != OPEN) & override
    return silent
