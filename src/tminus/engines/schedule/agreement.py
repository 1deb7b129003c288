"""How many of the dates another tool stored in its file come out the same, to the minute.

The file is re-scheduled by the rules of its own tool (MS Project: as soon as possible from the project's start, date
constraints hold against logic, the project ends where its last task does), without today, opening or our policies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tminus.engines.schedule.bounds import bounds_of, is_done, is_started
from tminus.engines.schedule.model import Constraint, ConstraintKind, Plan, StoredDates, Task, TaskKind
from tminus.engines.schedule.network import Cycle, Network, compile_network
from tminus.engines.schedule.passes import NEVER, work_between
from tminus.engines.schedule.worktime import Ints, instant, minutes


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts out of ``of`` incomplete, non-summary, non-level-of-effort tasks."""

    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int
    of: int
    differing: tuple[str, ...] = ()
    """Tasks any of whose dates came out different."""

    def as_json(self) -> dict[str, Any]:
        return {
            "early_start": self.early_start,
            "early_finish": self.early_finish,
            "late_start": self.late_start,
            "late_finish": self.late_finish,
            "total_float": self.total_float,
            "of": self.of,
        }


def agreement_of(plan: Plan) -> Agreement | None:
    """Re-schedule a file with stored dates by its own tool's rules and count what agrees.

    ``None`` when the file stores no dates or its links run in a circle. A date the file does not store is not counted
    as agreeing unless the file's scheduled date stands for it (start for early start, finish for early finish).
    """
    counted = [task for task in plan.tasks if _counts(plan, task)]
    if not counted or plan.start is None:
        return None
    try:
        network = compile_network(_as_the_tool_sees_it(plan))
    except Cycle:
        return None
    ours = _own_rules(network)
    same = dict.fromkeys(("early_start", "early_finish", "late_start", "late_finish", "total_float"), 0)
    differing = []
    place = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    for task in counted:
        agreed = _compare(plan.stored[task.id], {name: dates[place[task.id]] for name, dates in ours.items()})
        for name, equal in agreed.items():
            same[name] += equal
        if not all(agreed.values()):
            differing.append(task.id)
    return Agreement(**same, of=len(counted), differing=tuple(differing))


def _counts(plan: Plan, task: Task) -> bool:
    progress = plan.progress.get(task.id)
    done = progress is not None and is_done(progress)
    stored = plan.stored.get(task.id)
    return (
        task.kind is not TaskKind.SUMMARY
        and task.active
        and not done
        and stored is not None
        and stored != StoredDates()
    )


def _as_the_tool_sees_it(plan: Plan) -> Plan:
    """Progress as pinned dates: what is done stays, what is begun stays where it began."""
    tasks = tuple(_pinned(plan, task) for task in plan.tasks)
    return replace(plan, tasks=tasks, progress={}, opening=None)


def _pinned(plan: Plan, task: Task) -> Task:
    progress = plan.progress.get(task.id)
    if task.kind is TaskKind.SUMMARY or progress is None:
        return replace(task, phase="")
    if is_done(progress):
        start, finish = progress.actual_start or task.start, progress.actual_finish or task.finish
        return replace(task, manual=True, start=start, finish=finish, phase="")
    if is_started(progress) and (begun := progress.actual_start or task.start):
        return replace(task, constraints=(Constraint(ConstraintKind.MSO, begun),), phase="")
    return replace(task, phase="")


def _own_rules(network: Network) -> dict[str, Ints]:
    from tminus.engines.schedule.back_schedule import backward, forward

    start = minutes(network.plan.start) if network.plan.start else 0
    held = bounds_of(network, opening=-NEVER, today=start, last=-NEVER, hard=True)
    early = forward(network, held)
    end = int(early.finish[network.node >= 0].max())
    late = backward(network, held, np.minimum(held.latest_finish, end))
    alap = np.zeros(network.size, dtype=bool)
    for number, task in enumerate(network.tasks):
        alap[network.place[number]] = any(c.kind is ConstraintKind.ALAP for c in task.constraints)
    if alap.any():
        early = forward(network, held, earliest=np.where(alap, late.start, NEVER))
    table = network.time.table
    by_start = work_between(network.calendar, early.start, late.start, table)
    by_finish = work_between(network.calendar, early.finish, late.finish, table)
    return {
        "early_start": early.start,
        "early_finish": early.finish,
        "late_start": late.start,
        "late_finish": late.finish,
        "total_float": np.minimum(by_start, by_finish),
    }


def _compare(stored: StoredDates, ours: dict[str, int]) -> dict[str, bool]:
    float_same = stored.total_float_minutes is not None and round(stored.total_float_minutes) == int(
        ours["total_float"]
    )
    return {
        "early_start": instant(ours["early_start"]) == (stored.early_start or stored.start),
        "early_finish": instant(ours["early_finish"]) == (stored.early_finish or stored.finish),
        "late_start": instant(ours["late_start"]) == stored.late_start,
        "late_finish": instant(ours["late_finish"]) == stored.late_finish,
        "total_float": float_same,
    }
