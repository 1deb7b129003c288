"""What is planned to be left of a task under way, and where whoever is asked to confirm it finds the task."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tminus.desks.planning.acts.tasks import day_minutes
from tminus.desks.planning.edit_words import told_length
from tminus.desks.planning.models import PlannedRemaining, Task
from tminus.engines.schedule import Duration
from tminus.formats.values import duration_text
from tminus.platform.duties.about import lives_at
from tminus.platform.models import Duty
from tminus.platform.registry import Context, Grant, reaches


def planned_remaining(ctx: Context, task: Task) -> dict[str, Any] | None:
    """What an adopted proposal plans to be left of it, until a report says what is; ``text``: as a report has it."""
    found = PlannedRemaining.objects.filter(task=task).select_related("duty__holder").first()
    if found is None:
        return None
    holder = found.duty.holder if found.duty and found.duty.open else None
    text = duration_text(Duration(found.minutes), day_minutes(ctx, task))
    said = {"text": text, "words": told_length(Duration(found.minutes))}
    return {"minutes": found.minutes, **said, "at": found.at, "asked": holder.name if holder else ""}


@lives_at("planning.plannedremaining")
def task_of(ctx: Context, duty: Duty) -> tuple[str, str] | None:
    """The task a duty to confirm is about, for whoever can read it."""
    if not reaches(ctx.scope, Grant.READ):
        return None
    found = PlannedRemaining.objects.filter(pk=duty.about_id, task__event=ctx.event).select_related("task").first()
    if found is None:
        return None
    return found.task.name, reverse("task", kwargs={"event": ctx.the_event.slug, "key": found.task.key}) + "#report"
