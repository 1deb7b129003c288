"""How many of the dates another tool stored in its file come out the same, to the minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tminus.engines.schedule import own_rules, primavera_rules
from tminus.engines.schedule.bounds import is_done
from tminus.engines.schedule.cycle import Cycle
from tminus.engines.schedule.model import Plan, PlanError, StoredDates, Task, TaskKind

DATES = ("start", "finish", "early_start", "early_finish", "late_start", "late_finish", "total_float")


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts out of ``of`` active leaf tasks that its tool schedules by itself. MS Project: not placed by hand, not
    delayed by resource levelling, without progress. Primavera: not done, not spanning others."""

    start: int
    finish: int
    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int
    of: int
    late_of: int
    """Of these, how many store late dates."""
    float_of: int
    """Of these, how many store a total float."""
    differing: tuple[str, ...] = ()
    """Tasks whose stored start or finish came out different."""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in (*DATES, "of", "late_of", "float_of")}


def agreement_of(plan: Plan) -> Agreement | None:
    """Re-schedule a file with stored dates by its own tool's rules and count what agrees.

    ``None`` when the file stores no dates or no project start, or cannot be scheduled. A date the file does not store
    is not counted as agreeing, but its scheduled start stands for an early start, its finish for an early finish.
    """
    theirs, counts = (own_rules, _counts) if plan.logic is None else (primavera_rules, _counts_in_primavera)
    counted = [task for task in plan.tasks if counts(plan, task)]
    if not counted or (plan.start is None and plan.logic is None):
        return None
    try:
        ours = theirs.own_dates(plan)
    except (Cycle, PlanError):
        return None
    same = dict.fromkeys(DATES, 0)
    differing = []
    for task in counted:
        agreed = compare(plan.stored[task.id], ours[task.id])
        for name, equal in agreed.items():
            same[name] += equal
        if not (agreed["start"] and agreed["finish"]):
            differing.append(task.id)
    stored = [plan.stored[task.id] for task in counted]
    return Agreement(
        **same,
        of=len(counted),
        late_of=sum(one.late_start is not None and one.late_finish is not None for one in stored),
        float_of=sum(one.total_float_minutes is not None for one in stored),
        differing=tuple(differing),
    )


def _counts(plan: Plan, task: Task) -> bool:
    stored = plan.stored.get(task.id)
    return (
        task.kind is not TaskKind.SUMMARY
        and task.active
        and not task.manual
        and not task.delay.minutes
        and task.id not in plan.progress
        and stored is not None
        and stored.start is not None
    )


def _counts_in_primavera(plan: Plan, task: Task) -> bool:
    progress, stored = plan.progress.get(task.id), plan.stored.get(task.id)
    done = progress is not None and is_done(progress)
    leaf = task.kind is not TaskKind.SUMMARY and task.active and not task.role.spans
    return leaf and not done and stored is not None and stored.early_start is not None


def compare(stored: StoredDates, ours: StoredDates) -> dict[str, bool]:
    """Which of :data:`DATES` are equal to the minute."""
    slack = stored.total_float_minutes
    return {
        "start": ours.start == stored.start,
        "finish": ours.finish == stored.finish,
        "early_start": ours.early_start == (stored.early_start or stored.start),
        "early_finish": ours.early_finish == (stored.early_finish or stored.finish),
        "late_start": ours.late_start == stored.late_start,
        "late_finish": ours.late_finish == stored.late_finish,
        "total_float": slack is not None and round(slack) == ours.total_float_minutes,
    }
