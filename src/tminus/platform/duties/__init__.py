"""Duties: the only thing anybody *has* to do, with one accountable holder, clocks, evidence and acceptance.

Desks call these inside their own acts, so that the duty stands or falls with the act's transaction::

    duties.issue(ctx, task, (task.name_en, task.name_zh), holder=person, unit=task.unit, due_at=…)
    duties.change_due(ctx, duty, due_at)
    duties.withdraw(ctx, duty, "task removed")

    @duties.on(DutyState.ACCEPTED, "planning.task")
    def task_done(ctx: Context, duty: Duty) -> None: ...
"""

from tminus.platform.duties.assigning import assign, assignable
from tminus.platform.duties.issue import change_due, issue, of, withdraw
from tminus.platform.duties.ladder import fire
from tminus.platform.duties.signals import on

__all__ = ["assign", "assignable", "change_due", "fire", "issue", "of", "on", "withdraw"]
