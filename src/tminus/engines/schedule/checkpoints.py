"""Checkpoints: every ten days back from opening, what must be done by then, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.model import Plan, Task, TaskKind
from tminus.engines.schedule.result import ScheduledTask, Status
from tminus.engines.schedule.worktime import Ints, minutes

MOST = 60
"""More checkpoints than this lie too far before opening to be asked about."""


class Verdict(StrEnum):
    PASS = "pass"  # noqa: S105 - a verdict
    AT_RISK = "at_risk"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Counts over leaf tasks with planned finish ≤ 24:00 of ``date``, cumulative; identities in outline order."""

    date: date
    t_minus: int
    due: tuple[str, ...]
    done: tuple[str, ...]
    at_risk: tuple[str, ...]
    failed: tuple[str, ...]
    gates: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return Verdict.FAILED
        return Verdict.AT_RISK if self.at_risk else Verdict.PASS

    def as_json(self) -> dict[str, Any]:
        return {
            "date": self.date.isoformat(),
            "t_minus": self.t_minus,
            "due": len(self.due),
            "done": len(self.done),
            "at_risk": len(self.at_risk),
            "failed": len(self.failed),
            "tasks": {
                "due": list(self.due),
                "done": list(self.done),
                "at_risk": list(self.at_risk),
                "failed": list(self.failed),
            },
        }


def checkpoint_dates(first: date, opening: date, every_days: int) -> list[date]:
    """From the last checkpoint on or before ``first`` up to opening day."""
    back = max(-(-(opening - first).days // every_days), 0)
    return [opening - timedelta(days=every_days * k) for k in range(min(back, MOST), -1, -1)]


def checkpoints_of(
    plan: Plan, rows: Sequence[ScheduledTask], opening: date, today: datetime, every_days: int
) -> tuple[Checkpoint, ...]:
    leaves = [row for row in rows if not row.summary]
    if not leaves:
        return ()
    asked = _Leaves.of(leaves, gates_of(plan), end_of(today.date()))
    first = min(min(row.finish for row in leaves).date(), opening)
    return tuple(_checkpoint(day, asked, opening) for day in checkpoint_dates(first, opening, every_days))


class _Leaves(NamedTuple):
    """Leaves as columns, in outline order: every checkpoint asks all of them the same."""

    ids: NDArray[np.object_]
    finish: Ints  # instants
    forecast: Ints
    done: NDArray[np.bool_]
    late: NDArray[np.bool_]  # by tonight
    gate: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Sequence[ScheduledTask], gates: set[str], tonight: datetime) -> _Leaves:
        finish = np.array([minutes(row.finish) for row in rows], dtype=np.int64)
        return cls(
            np.array([row.id for row in rows], dtype=object),
            finish,
            np.array([minutes(row.forecast_finish) for row in rows], dtype=np.int64),
            np.array([row.status is Status.DONE for row in rows]),
            finish <= minutes(tonight),
            np.array([row.id in gates for row in rows]),
        )


def _checkpoint(day: date, leaves: _Leaves, opening: date) -> Checkpoint:
    end = minutes(end_of(day))
    due = leaves.finish <= end
    missing = due & ~leaves.done
    at_risk = missing & ~leaves.late & (leaves.forecast > end)
    chosen = (due, due & leaves.done, at_risk, missing & leaves.late, due & leaves.gate)
    return Checkpoint(day, (opening - day).days, *(tuple(leaves.ids[mask].tolist()) for mask in chosen))


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min)


def gates_of(plan: Plan) -> set[str]:
    """Tasks marked as gates; in a plan that marks none, milestones and leaves with deadlines."""
    marked = {task.id for task in plan.tasks if task.gate}
    if marked:
        return marked
    return {task.id for task in plan.leaves() if task.kind is TaskKind.MILESTONE or task.deadline is not None}


@dataclass(frozen=True, slots=True)
class Tally:
    """One group's part in a checkpoint."""

    due: int = 0
    done: int = 0
    at_risk: int = 0
    failed: int = 0

    @property
    def verdict(self) -> Verdict:
        if self.failed:
            return Verdict.FAILED
        return Verdict.AT_RISK if self.at_risk else Verdict.PASS


def tally_by(plan: Plan, checkpoint: Checkpoint, group: Callable[[Task], str]) -> dict[str, Tally]:
    """The checkpoint rolled up by any property of a task: unit, area, person, place."""
    tasks = plan.by_id()
    counts: dict[str, dict[str, int]] = {}
    for name in ("due", "done", "at_risk", "failed"):
        for id in getattr(checkpoint, name):
            of = counts.setdefault(group(tasks[id]), {})
            of[name] = of.get(name, 0) + 1
    return {key: Tally(**of) for key, of in counts.items()}


class Asked(StrEnum):
    """What a checkpoint asks of one task."""

    FINISHED = "finished"
    STARTED = "started"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class Demand:
    """By the checkpoint this task must be finished, started, or at ``percent`` of its planned span."""

    id: str
    asked: Asked
    percent: float
    met: bool
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Demands:
    checkpoint: date
    demands: tuple[Demand, ...] = field(default=())


def demands_of(plan: Plan, rows: Sequence[ScheduledTask], day: date, today: datetime) -> Demands:
    """What each leaf under way or due by ``day`` must show then, from its planned dates."""
    end = end_of(day)
    asked = []
    for row in rows:
        if row.summary or row.start >= end:
            continue
        asked.append(_demand(plan, row, end, end_of(today.date())))
    return Demands(day, tuple(asked))


def _demand(plan: Plan, row: ScheduledTask, end: datetime, tonight: datetime) -> Demand:
    progress = plan.progress.get(row.id)
    percent = 100.0 if row.status is Status.DONE else float((progress.percent if progress else 0) or 0)
    started = row.status is Status.DONE or (progress is not None and (progress.actual_start is not None or percent > 0))
    if row.finish <= end:
        asked, wanted, met = Asked.FINISHED, 100.0, row.status is Status.DONE
    else:
        span = (row.finish - row.start).total_seconds()
        wanted = round(100 * (end - row.start).total_seconds() / span, 1) if span else 100.0
        just_begun = (end - row.start) <= timedelta(days=1)
        asked, met = (Asked.STARTED, started) if just_begun else (Asked.PROGRESS, percent >= wanted)
    if met:
        verdict = Verdict.PASS
    elif end <= tonight:
        verdict = Verdict.FAILED
    else:
        slipping = row.forecast_finish > max(row.finish, end) or row.total_float_days < 0
        verdict = Verdict.AT_RISK if slipping or row.finish <= tonight else Verdict.PASS
    return Demand(row.id, asked, wanted, met, verdict)
