"""What is planned to remain of work that has begun: set by an adopted proposal, confirmed or corrected by a report.

Nobody but who does the work knows what is left of it. So a plan for it does not touch what was reported: it stands
beside it, the draft reckons with it, and whoever answers for the task has the duty to report what is left. The first
report that says so, or that the task is done, takes its place.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from tminus.desks.planning.edit_words import Words
from tminus.desks.planning.edits import SetRemaining
from tminus.desks.planning.models import PlannedRemaining, Task
from tminus.platform import duties
from tminus.platform.duties.heads import Heads
from tminus.platform.duties.working_days import after_working_days
from tminus.platform.models import Person, RecordLine
from tminus.platform.registry import BadInput, Context

CODE = "planning.task.remaining"
PLANNED = "planned_remaining"
DAYS_TO_CONFIRM = 2
"""Working days a holder has; event setting ``confirm_days``."""


def plan_left(ctx: Context, task: Task, minutes: int) -> None:
    """Adopt that ``minutes`` of working time are left of the task, and ask whoever answers for it.

    :raises BadInput: it has not begun or is done, or no more than that is left of it anyway.
    """
    left = reported_left(task)
    if left is None:
        raise BadInput(
            _("%(key)s: not under way; allowed: work that has begun and is not done") % {"key": task.key},
            field="edits",
            value=task.key,
        )
    if minutes >= left:
        said = _("%(key)s: by the last report no more than that is left of it; there is nothing to adopt")
        raise BadInput(said % {"key": task.key}, field="edits", value=minutes)
    before = set_planned(ctx, task, minutes)
    ctx.record(task, {PLANNED: before}, {PLANNED: minutes}, unit=task.unit, code=CODE)


def reported_left(task: Task) -> int | None:
    """Working minutes left of work under way, as reported or by its per cent; ``None``: it is not under way."""
    if task.actual_start is None or task.actual_finish is not None or (task.percent or 0) >= 100:
        return None
    if task.remaining_min is not None:
        return task.remaining_min
    return round(task.duration_min * (1 - (task.percent or 0) / 100))


def set_planned(ctx: Context, task: Task, minutes: int | None, *, notify: bool = True) -> int | None:
    """Put ``minutes`` in place of what was planned to be left, with its duty; ``None``: nothing is planned any more.

    Returns what was planned before.
    """
    found = PlannedRemaining.objects.filter(task=task).select_related("duty__holder").first()
    if found is not None:
        if found.duty is not None and found.duty.open:
            duties.withdraw(ctx, found.duty, "reported" if minutes is None else "planned anew", notify=notify)
        found.delete()
    if minutes is not None:
        made = PlannedRemaining.objects.create(task=task, minutes=minutes, at=ctx.now)
        _ask(ctx, made, task.responsible)
    return found.minutes if found else None


def settled(ctx: Context, task: Task) -> dict[str, Any]:
    """After a report that says what is left, or that the task is done: what was planned of it ends. For the record."""
    before = set_planned(ctx, task, None, notify=False)
    return {} if before is None else {PLANNED: before}


def confirmation_follows(ctx: Context, task: Task, person: Person | None) -> None:
    """Who answers for the task now is asked what is left of it."""
    found = PlannedRemaining.objects.filter(task=task).select_related("duty__holder").first()
    if found is None or (found.duty is not None and found.duty.holder == person):
        return
    if found.duty is not None and found.duty.open:
        duties.withdraw(ctx, found.duty, "handed to another")
    _ask(ctx, found, person)


def _ask(ctx: Context, planned: PlannedRemaining, holder: Person | None) -> None:
    """Whoever answers for the task, else who heads its unit or the next above; nobody where there is none."""
    task = planned.task
    who = holder or next(Heads(ctx.the_event, ctx.now.date()).upwards(task.unit), None)
    if who is None:
        return
    days = int(ctx.the_event.settings.get("confirm_days", DAYS_TO_CONFIRM))
    due = after_working_days(ctx.the_event, ctx.now, days)
    planned.duty = duties.issue(ctx, planned, _title(planned), who, task.unit, due)
    planned.save(update_fields=["duty"])


def _title(planned: PlannedRemaining) -> tuple[str, str]:
    edit = SetRemaining(task=planned.task.key, minutes=planned.minutes)
    titles = []
    for language in ("en", "zh-hans"):
        with override(language):
            words = Words(planned.task.event, [edit]).of(edit)
            titles.append((_("Confirm by a report: %(words)s") % {"words": words})[:300])
    return titles[0], titles[1]


def plan_back(ctx: Context, line: RecordLine) -> Task:
    """Undo of an adoption: what was planned before it stands again, or nothing."""
    task = ctx.find(Task, pk=int(line.object_id))
    ctx.require(task.unit)
    set_planned(ctx, task, (line.before or {}).get(PLANNED))
    return task
