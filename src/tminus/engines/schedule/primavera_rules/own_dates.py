"""The dates Primavera itself computes for its file. Rules: ``docs/engines/schedule.md``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.model import FloatKind, Plan, StoredDates
from tminus.engines.schedule.passes import NEVER, work_between
from tminus.engines.schedule.primavera_rules.activities import Compiled, compile_plan, deaf
from tminus.engines.schedule.primavera_rules.passes import (
    DONE,
    OPEN,
    STARTED,
    as_late_as_possible,
    backward,
    forward,
    longest_path,
)
from tminus.engines.schedule.worktime import Ints, instant, minutes


@dataclass(slots=True)
class Dates:
    """Instants by place. ``work``: what remains, after expected finishes. ``last``: what late dates count from."""

    early_start: Ints
    early_finish: Ints
    late_start: Ints
    late_finish: Ints
    work: Ints
    last: int


@dataclass(frozen=True, slots=True)
class Found:
    """Both passes' dates, floats in minutes of the activity's working time, and what is critical, by place."""

    compiled: Compiled
    dates: Dates
    total_float: Ints
    critical: NDArray[np.bool_]


def schedule_compiled(compiled: Compiled) -> Found:
    """Both passes, what is as late as possible moved, floats, and what is critical."""
    dates = _passes(compiled, compiled.work, compiled.asked.expected)
    total = total_float(compiled, dates)
    if compiled.asked.late.any():
        before = dates.early_finish.copy()
        _move_late(compiled, dates)
        total = total_float(compiled, dates)
        stayed = compiled.asked.late & (dates.early_finish == before)
        if ((compiled.asked.expected != NEVER) & (compiled.state == STARTED)).any():
            total = np.where(stayed, total_float(compiled, _before_expected_finishes(compiled)), total)
    return Found(compiled, dates, total, _critical(compiled, dates, total))


def _before_expected_finishes(compiled: Compiled) -> Dates:
    """The dates while begun work still has its original duration less what has been worked."""
    expected = compiled.asked.expected
    work = np.where((expected != NEVER) & (compiled.state == STARTED), compiled.unworked, compiled.work)
    return _passes(compiled, work, np.full(len(work), NEVER))


def _passes(compiled: Compiled, work: Ints, expected: Ints) -> Dates:
    size = len(compiled.tasks)
    asked, table = compiled.asked, compiled.table
    blank = np.zeros(size, dtype=np.int64)
    dates = Dates(blank, blank.copy(), blank.copy(), blank.copy(), work.copy(), compiled.data_date)
    silent, preds, succs = deaf(compiled), compiled.preds, compiled.succs
    forward(
        preds.ptr, preds.other, preds.kind, preds.lag, preds.lag_calendar,
        compiled.calendar, dates.work, compiled.state, compiled.shape, silent,
        asked.earliest_start, asked.earliest_finish, asked.fixed_start, asked.fixed_finish, expected,
        compiled.data_date, dates.early_start, dates.early_finish, blank.copy(), table,
    )  # fmt: skip
    if size:
        dates.last = int(dates.early_finish.max())
    must = compiled.logic.must_finish
    backward(
        succs.ptr, succs.other, succs.kind, succs.lag, succs.lag_calendar,
        compiled.calendar, dates.work, compiled.state, compiled.shape,
        (~silent).astype(np.int64), asked.latest_start, asked.latest_finish, asked.fixed_start, asked.fixed_finish,
        dates.last if must is None else minutes(must), dates.late_start, dates.late_finish, table,
    )  # fmt: skip
    if must is not None:
        dates.last = max(dates.last, minutes(must))
    return dates


def _move_late(compiled: Compiled, dates: Dates) -> None:
    succs = compiled.succs
    as_late_as_possible(
        succs.ptr, succs.other, succs.kind, succs.lag, succs.lag_calendar,
        compiled.calendar, dates.work, compiled.shape, compiled.asked.late, dates.last,
        dates.early_start, dates.early_finish, compiled.table,
    )  # fmt: skip


def total_float(compiled: Compiled, dates: Dates) -> Ints:
    """By place, in minutes of each activity's working time, at the end the plan says."""
    calendar, table = compiled.calendar, compiled.table
    by_start = work_between(calendar, dates.early_start, dates.late_start, table)
    by_finish = work_between(calendar, dates.early_finish, dates.late_finish, table)
    match compiled.logic.total_float:
        case FloatKind.START:
            chosen = by_start
        case FloatKind.FINISH:
            chosen = by_finish
        case _:
            chosen = np.minimum(by_start, by_finish)
    found: Ints = np.where(compiled.state == OPEN, chosen, by_finish)
    return found


def _critical(compiled: Compiled, dates: Dates, total: Ints) -> NDArray[np.bool_]:
    going, preds = compiled.state != DONE, compiled.preds
    if compiled.logic.longest_path:
        on: NDArray[np.bool_] = longest_path(
            preds.ptr, preds.other, preds.kind, preds.lag, preds.lag_calendar,
            compiled.calendar, dates.work, dates.early_start, dates.early_finish,
            compiled.table,
        )  # fmt: skip
        driving: NDArray[np.bool_] = on & going
        return driving
    critical: NDArray[np.bool_] = (total <= compiled.logic.critical_minutes) & going
    if compiled.logic.open_ends_critical:
        critical |= going & (np.diff(compiled.succs.ptr) == 0)
    return critical


def own_dates(plan: Plan) -> dict[str, StoredDates]:
    """What Primavera would store for each activity that drives or is driven; total float in minutes of its working
    time.

    :raises Cycle: the links run in a circle.
    :raises PlanError: no data date, or dates out of reach.
    """
    found = schedule_compiled(compile_plan(plan))
    return {task.id: _stored(found, place, plan) for place, task in enumerate(found.compiled.tasks)}


def _stored(found: Found, place: int, plan: Plan) -> StoredDates:
    dates = found.dates
    start, finish = instant(int(dates.early_start[place])), instant(int(dates.early_finish[place]))
    said = plan.progress.get(found.compiled.tasks[place].id)
    return StoredDates(
        start,
        finish,
        instant(int(dates.late_start[place])),
        instant(int(dates.late_finish[place])),
        float(found.total_float[place]),
        (said.actual_start if said else None) or start,
        finish,
    )
