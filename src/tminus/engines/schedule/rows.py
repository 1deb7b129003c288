"""The rows of a schedule: what each task is told, and what summaries roll up from those under them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tminus.engines.schedule.bounds import DONE, STARTED, Bounds, is_done
from tminus.engines.schedule.longest_path import on_longest_path
from tminus.engines.schedule.model import Plan, Task, TaskKind
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.result import Dates, ScheduledTask, Status
from tminus.engines.schedule.spans import spanned
from tminus.engines.schedule.worktime import Ints, instants_of


def rows_of_tasks(
    network: Network, held: Bounds, dates: Dates, total: Ints, free: Ints, today: int
) -> tuple[ScheduledTask, ...]:
    """``total``, ``free``: floats in days, by place; ``today``: an instant."""
    open_leaf = (held.state != DONE) & (network.node >= 0)
    threshold = max(float(total[open_leaf].min()), 0.0) if open_leaf.any() else 0.0
    by_path = network.plan.logic is not None and network.plan.logic.longest_path
    path = on_longest_path(network, dates.driver, dates.early_finish) if by_path else None
    done = held.state == DONE
    late = np.where(done, dates.start, dates.late_start), np.where(done, dates.finish, dates.late_finish)
    columns = (dates.start, dates.finish, dates.early_start, dates.early_finish, *late, dates.forecast_finish)
    at = [instants_of(column[network.place]) for column in columns]
    slack, spare = ((np.round(of.astype(np.float64), 4)[network.place] + 0.0).tolist() for of in (total, free))
    critical = ~done & (total <= threshold + 1e-9 if path is None else path)
    marks = critical[network.place].tolist(), _statuses(network, held, dates, total, today)
    rows = {
        task.id: ScheduledTask(task.id, task.name, *columns)
        for task, *columns in zip(network.tasks, *at, slack, spare, *marks, strict=True)
    }
    return _with_summaries(network.plan, rows)


def _statuses(network: Network, held: Bounds, dates: Dates, total: Ints, today: int) -> list[Status]:
    """Of each task: the first that applies."""
    state, finish, short = held.state[network.place], dates.finish[network.place], total[network.place] < 0
    done = state == DONE
    for number in np.flatnonzero(done).tolist():
        done[number] = not _hand_placed(network, network.tasks[number])
    chosen = np.select([done, finish < today, short, state == STARTED], [0, 1, 2, 3], 4).tolist()
    named = Status.DONE, Status.LATE, Status.IMPOSSIBLE, Status.IN_PROGRESS, Status.NOT_STARTED
    return [named[number] for number in chosen]


def _hand_placed(network: Network, task: Task) -> bool:
    progress = network.plan.progress.get(task.id)
    return task.manual and not (progress is not None and is_done(progress))


_RANK = [Status.LATE, Status.IMPOSSIBLE, Status.IN_PROGRESS, Status.NOT_STARTED, Status.DONE]


def _with_summaries(plan: Plan, rows: dict[str, ScheduledTask]) -> tuple[ScheduledTask, ...]:
    """Roll leaves up: first start, last finish, least float, worst status. So too what only spans others."""
    spans = spanned(plan)
    names = plan.by_id() if spans else {}
    for id, others in spans.items():
        if under := [rows[other] for other in others if other in rows]:
            rows[id] = replace(_summary(id, names[id].name, under), summary=False)
    below: dict[str, list[ScheduledTask]] = {}
    for task in reversed(plan.tasks):
        if task.kind is TaskKind.SUMMARY and task.id in below:
            rows[task.id] = _summary(task.id, task.name, below[task.id])
        if task.id in rows and task.parent is not None:
            below.setdefault(task.parent, []).append(rows[task.id])
    return tuple(rows[task.id] for task in plan.tasks if task.id in rows)


def _summary(id: str, name: str, under: list[ScheduledTask]) -> ScheduledTask:
    open_rows = [row for row in under if row.status is not Status.DONE] or under
    worst = min((row.status for row in under), key=_RANK.index)
    started = any(row.status in (Status.DONE, Status.IN_PROGRESS) for row in under)
    return ScheduledTask(
        id=id,
        name=name,
        start=min(row.start for row in under),
        finish=max(row.finish for row in under),
        early_start=min(row.early_start for row in under),
        early_finish=max(row.early_finish for row in under),
        late_start=min(row.late_start for row in under),
        late_finish=max(row.late_finish for row in under),
        forecast_finish=max(row.forecast_finish for row in under),
        total_float_days=min(row.total_float_days for row in open_rows),
        free_float_days=min(row.free_float_days for row in open_rows),
        critical=any(row.critical for row in under),
        status=Status.IN_PROGRESS if worst is Status.NOT_STARTED and started else worst,
        summary=True,
    )
