"""Back-scheduling: from opening day backwards, in everybody's own working time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule import bounds as given
from tminus.engines.schedule.bounds import DONE, STARTED, Bounds, bounds_of, midnight
from tminus.engines.schedule.checkpoints import checkpoints_of
from tminus.engines.schedule.conflicts import conflicts_of
from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.model import ConstraintKind, FloatKind, Plan, PlanError, check
from tminus.engines.schedule.network import Network, Rows, compile_network
from tminus.engines.schedule.passes import NEVER, pass_calendars, work_between
from tminus.engines.schedule.result import Conflict, Dates, Policy, Reason, Schedule
from tminus.engines.schedule.rows import rows_of_tasks
from tminus.engines.schedule.worktime import Ints, WorkTime, finish_at, instant, minutes, work_until


@dataclass(frozen=True, slots=True)
class ScheduleParams:
    """How to schedule. ``buffer_days``: working days of the default calendar kept free before opening.
    ``checkpoint_days``: rhythm of the checkpoints, counted back from opening."""

    policy: Policy = Policy.ALAP_TOTAL
    buffer_days: float = 0
    checkpoint_days: int = 10


def back_schedule(
    plan: Plan,
    *,
    opening: date | None = None,
    today: date | datetime | None = None,
    params: ScheduleParams | None = None,
) -> Schedule:
    """Schedule ``plan`` so that preparation ends by local 00:00 of ``opening`` (default: the plan's own).

    ``today`` (default: the plan's status date) is the data date: reported progress stands, no open work lies before
    it. A plan that cannot make it is answered with conflicts, one whose links run in a circle with the circle.

    :raises PlanError: no opening, no today, or a plan that contradicts itself.
    """
    params = params or ScheduleParams()
    opening, now = _anchors(plan, opening, today)
    if params.buffer_days < 0 or params.checkpoint_days < 1:
        raise PlanError(
            f"buffer_days {params.buffer_days}, checkpoint_days {params.checkpoint_days}; allowed: ≥ 0 and ≥ 1"
        )
    check(plan)
    try:
        network = compile_network(plan, dates=[opening, now.date()])
    except Cycle as cycle:
        return _cyclic(plan, opening, now, params.policy, cycle)
    return schedule_network(network, opening=opening, today=now, params=params)


def schedule_network(network: Network, *, opening: date, today: datetime, params: ScheduleParams) -> Schedule:
    """Schedule an already compiled plan; ``elapsed_s`` is dates and floats of every task, ``tables_s`` what is made of
    them."""
    began = perf_counter()
    held = bounds_of(network, opening=midnight(opening), today=minutes(today))
    dates, back_driver, drivers = _all_passes(network, held, midnight(opening), params)
    total, free = _floats(network, held, dates, drivers)
    scheduled = perf_counter()
    tasks = rows_of_tasks(network, held, dates, total, free, minutes(today))
    conflicts = conflicts_of(network, held, dates, total, back_driver, opening)
    checkpoints = checkpoints_of(network.plan, tasks, opening, today, params.checkpoint_days)
    return Schedule(
        opening=opening,
        today=today,
        policy=params.policy,
        tasks=tasks,
        checkpoints=checkpoints,
        conflicts=conflicts,
        warnings=(*_no_buffer(params), *_warnings(network, dates)),
        elapsed_s=scheduled - began,
        tables_s=perf_counter() - scheduled,
        network=network,
        dates=dates,
        held=held,
    )


def _anchors(plan: Plan, opening: date | None, today: date | datetime | None) -> tuple[date, datetime]:
    opening = opening or plan.opening
    if opening is None:
        raise PlanError("the plan names no opening; give one (--opening YYYY-MM-DD)")
    today = today or plan.status_date
    if today is None:
        raise PlanError("the plan names no status date; give today (--today YYYY-MM-DD)")
    return opening, today if isinstance(today, datetime) else datetime.combine(today, time.min)


def _cyclic(plan: Plan, opening: date, today: datetime, policy: Policy, cycle: Cycle) -> Schedule:
    names = plan.by_id()
    told = " → ".join(f"{id} {names[id].name}".strip() for id in [*cycle.tasks, cycle.tasks[0]])
    conflict = Conflict((*cycle.tasks, cycle.tasks[0]), 0.0, Reason.CYCLE, f"each waits for the one before it: {told}")
    return Schedule(opening, today, policy, (), (), (conflict,))


# The passes ----------------------------------------


@dataclass(slots=True)
class Pass:
    """The outcome of one pass: instants by place, and the row that decided each."""

    start: Ints
    finish: Ints
    driver: Ints


def forward(network: Network, held: Bounds, *, earliest: Ints | None = None) -> Pass:
    """Place every task as soon as it may; ``earliest``: further lower bounds on starts."""
    bound = held.earliest_start if earliest is None else np.maximum(held.earliest_start, earliest)
    out = Pass(held.start.copy(), held.finish.copy(), np.full(network.size, -2))
    _run(network.forward, network, network.time, held, bound, held.earliest_finish, held.cap, held.state, out, out)
    return out


def backward(network: Network, held: Bounds, latest_finish: Ints, latest_start: Ints | None = None) -> Pass:
    """Place every task as late as it may: the forward pass in mirrored time."""
    latest_start = held.latest_start if latest_start is None else latest_start
    out = Pass(-held.finish[::-1].copy(), -held.start[::-1].copy(), np.full(network.size, -2))
    state = np.where(happened(held), given.SILENT, np.where(held.state == DONE, DONE, given.OPEN))[::-1].copy()
    no_cap = np.full(network.size, 1 << 60)
    _run(
        _rows_back(network, held),
        network,
        network.mirror,
        held,
        *(-latest_finish[::-1], -latest_start[::-1]),
        no_cap,
        state,
        out,
        out,
    )
    return Pass(-out.finish[::-1].copy(), -out.start[::-1].copy(), out.driver[::-1].copy())


def _rows_back(network: Network, held: Bounds) -> Rows:
    return network.backward_from(forward(network, held).driver) if network.opens else network.backward


def happened(held: Bounds) -> Ints:
    """Really done (nothing left), as against placed by hand."""
    done: Ints = (held.state == DONE) & (held.work == 0) & (held.start != NEVER)
    return done


def _run(
    rows: Rows,
    network: Network,
    time: WorkTime,
    held: Bounds,
    bound_start: Ints,
    bound_finish: Ints,
    cap: Ints,
    state: Ints,
    source: Pass,
    out: Pass,
) -> None:
    reverse = time is network.mirror
    calendar = network.calendar[::-1].copy() if reverse else network.calendar
    work = held.work[::-1].copy() if reverse else held.work
    pass_calendars(
        reverse, rows.ptr, rows.ends, rows.kind, rows.lag, rows.lag_calendar, calendar, work,
        np.ascontiguousarray(bound_start), np.ascontiguousarray(bound_finish), cap, state,
        source.start, source.finish, out.start, out.finish, out.driver, time.table,
    )  # fmt: skip


def _all_passes(
    network: Network, held: Bounds, opening: int, params: ScheduleParams
) -> tuple[Dates, Ints, tuple[Pass, Pass]]:
    early = forward(network, held)
    late = backward(network, held, held.latest_finish)
    free = _free_pass(network, held, early)
    start, finish = _planned(network, held, early, late, free, opening, params)
    forecast = forward(network, held, earliest=np.where(held.state == given.OPEN, start, NEVER))
    dates = Dates(
        early.start,
        early.finish,
        late.start,
        late.finish,
        start,
        finish,
        forecast.start,
        forecast.finish,
        early.driver,
    )
    return dates, late.driver, (early, free)


def _followed(network: Network, held: Bounds) -> NDArray[np.bool_]:
    """Whether anything follows each that has not happened yet: what has, holds nobody back."""
    rows, waiting = network.backward, ~happened(held)[::-1]
    into = np.repeat(np.arange(network.size), np.diff(rows.ptr))
    followed: NDArray[np.bool_] = np.bincount(into, waiting[rows.ends], network.size)[::-1] > 0
    return followed


def _free_pass(network: Network, held: Bounds, early: Pass) -> Pass:
    """How late each task may finish without moving any follower's early dates."""
    latest = np.where(_followed(network, held), -NEVER, held.latest_finish)
    out = Pass(-held.finish[::-1].copy(), -held.start[::-1].copy(), np.full(network.size, -2))
    mirror_early = Pass(-early.finish[::-1].copy(), -early.start[::-1].copy(), out.driver)
    state = np.where(happened(held), given.SILENT, given.OPEN)[::-1].copy()
    no_cap, none = np.full(network.size, 1 << 60), np.full(network.size, NEVER)
    rows = _rows_back(network, held)
    _run(rows, network, network.mirror, held, -latest[::-1], none, no_cap, state, mirror_early, out)
    return Pass(-out.finish[::-1].copy(), -out.start[::-1].copy(), out.driver)


def _planned(
    network: Network, held: Bounds, early: Pass, late: Pass, free: Pass, opening: int, params: ScheduleParams
) -> tuple[Ints, Ints]:
    match params.policy:
        case Policy.ASAP:
            wants_late = _alap_places(network)
            start = np.where(wants_late, free.start, early.start)
            finish = np.where(wants_late, free.finish, early.finish)
        case Policy.ALAP_FREE:
            latest = np.where(_followed(network, held), -NEVER, early.finish)
            settled = backward(network, held, latest, np.full(network.size, -NEVER))
            start, finish = settled.start, settled.finish
        case Policy.AS_PLANNED:
            start, finish = _own_dates(network, late)
        case _:
            settled = (
                backward(network, held, _with_buffer(network, held, opening, params)) if params.buffer_days else late
            )
            start, finish = settled.start, settled.finish
    fixed = held.state == DONE
    start = np.where(fixed | (held.state == STARTED), held.start, start)
    return start, np.where(fixed, held.finish, finish)


def _own_dates(network: Network, late: Pass) -> tuple[Ints, Ints]:
    start, finish = late.start.copy(), late.finish.copy()
    for number, task in enumerate(network.tasks):
        if task.start is not None and task.finish is not None:
            place = network.place[number]
            start[place], finish[place] = minutes(task.start), minutes(task.finish)
    return start, finish


def _alap_places(network: Network) -> Ints:
    late = np.zeros(network.size, dtype=bool)
    for number, task in enumerate(network.tasks):
        late[network.place[number]] = any(c.kind is ConstraintKind.ALAP for c in task.constraints)
    return late


def _with_buffer(network: Network, held: Bounds, opening: int, params: ScheduleParams) -> Ints:
    """Latest finishes with the last ``buffer_days`` working days before opening kept free."""
    default = (
        list(network.plan.calendars).index(network.plan.default_calendar) + 1 if network.plan.default_calendar else 0
    )
    table = network.time.table
    free_minutes = round(params.buffer_days * int(network.time.day_minutes[default]))
    w = work_until(table, default, opening) - free_minutes
    bound = finish_at(table, default, w)
    preparation = np.ones(network.size, dtype=bool)
    preparation[list(held.after)] = False
    return np.where(preparation, np.minimum(held.latest_finish, bound), held.latest_finish)


# Floats and warnings ----------------------------------------


def _floats(network: Network, held: Bounds, dates: Dates, drivers: tuple[Pass, Pass]) -> tuple[Ints, Ints]:
    """Total and free float in days of each task's own calendar; zero for what is done."""
    early, free = drivers
    table = network.time.table
    by_finish = work_between(network.calendar, dates.early_finish, dates.late_finish, table)
    by_start = work_between(network.calendar, dates.early_start, dates.late_start, table)
    asked = network.plan.logic.total_float if network.plan.logic else FloatKind.LEAST
    chosen = {FloatKind.START: by_start, FloatKind.FINISH: by_finish}.get(asked, np.minimum(by_start, by_finish))
    total = np.where(held.state == given.OPEN, chosen, by_finish)
    # a milestone the night after its latest instant has no working time between the two, and is late all the same
    total = np.where((total == 0) & (network.work == 0) & (dates.early_finish > dates.late_finish), -1, total)
    spare = work_between(network.calendar, early.finish, free.finish, table)
    day = network.time.day_minutes[network.calendar]
    done = held.state == DONE
    return np.where(done, 0, total / day), np.where(done, 0, np.minimum(spare, total) / day)


def _no_buffer(params: ScheduleParams) -> tuple[str, ...]:
    if params.policy is not Policy.BUFFERED or params.buffer_days:
        return ()
    return ("policy 'buffered' without buffer days keeps nothing free: these are the dates of 'alap_total'",)


def _warnings(network: Network, dates: Dates) -> tuple[str, ...]:
    """What was taken with a grain of salt: provisional holidays in years this plan works in."""
    if not network.size:
        return ()
    reached = range(
        instant(dates.start.min()).year, instant(max(dates.finish.max(), dates.forecast_finish.max())).year + 1
    )
    provisional = {year for calendar in network.plan.calendars.values() for year in calendar.provisional_years}
    years = provisional & set(reached)
    if not years:
        return ()
    listed = ", ".join(str(year) for year in sorted(years))
    return (f"public holidays of {listed} are provisional: make-up working days are not yet published",)


def with_agreement(schedule: Schedule, agreement: object) -> Schedule:
    """The same schedule with the count of dates that agree with the file's own."""
    return replace(schedule, agreement=agreement)  # type: ignore[arg-type]
