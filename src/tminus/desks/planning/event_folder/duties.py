"""Duties of a plan that arrives whole: each published leaf with a holder gets its one duty, in the state its
progress tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import Task, TaskKind
from tminus.platform.models import Duty, DutyState, Event

ANSWER_WITHIN = timedelta(days=2)


def issue_all(event: Event, now: datetime) -> int:
    """Issue every missing duty at once; nobody is notified of what is long known. Returns how many."""
    tasks = list(
        Task.objects.filter(event=event, duty=None, responsible__isnull=False, published_finish__isnull=False)
        .exclude(kind=TaskKind.SUMMARY)
        .select_related("event")
    )
    made = Duty.objects.bulk_create([_duty(task, now) for task in tasks])
    for task, duty in zip(tasks, made, strict=True):
        task.duty = duty
    mass_update(tasks, ["duty"])
    return len(made)


def _duty(task: Task, now: datetime) -> Duty:
    zone = task.event.zone
    assert task.published_finish is not None  # noqa: S101 - filtered
    published = (task.published_start or task.published_finish).replace(tzinfo=zone)
    assigned = min(now, published) - timedelta(days=14)
    finished = task.actual_finish.replace(tzinfo=zone) if task.actual_finish else None
    return Duty(
        event=task.event,
        about_type="planning.task",
        about_id=task.pk,
        title_en=task.name_en,
        title_zh=task.name_zh,
        unit_id=task.unit_id,
        holder_id=task.responsible_id,
        state=_state(task, now),
        assigned_at=assigned,
        acknowledge_by=assigned + ANSWER_WITHIN,
        due_at=task.published_finish.replace(tzinfo=zone),
        closed_at=finished,
        last_evidence_at=task.reported_at,
    )


def _state(task: Task, now: datetime) -> DutyState:
    if task.actual_finish is not None:
        return DutyState.ACCEPTED
    if task.actual_start is not None or (task.percent or 0) > 0:
        return DutyState.IN_PROGRESS
    return DutyState.ACKNOWLEDGED
