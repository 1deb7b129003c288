"""The event's plan levelled to what its crews and machines can carry: pure computing, nothing is kept here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_noop

from tminus.desks.planning.adapter import plan_of
from tminus.desks.planning.models import ResourceBook
from tminus.desks.planning.standing import version
from tminus.engines.schedule import Plan, PlanError, Policy, Schedule, ScheduleParams, back_schedule
from tminus.engines.schedule.levelling import Binding, Budget, Histogram, Levelled, LevelledTask, level
from tminus.formats.resources_document import read_document, without_gone
from tminus.platform import clock
from tminus.platform.languages import in_language
from tminus.platform.models import Event, RecordLine
from tminus.platform.record import chain_of

ITERATIONS = 300
CHANGING = ("planning.resources.import", "planning.supply.set", "planning.supply.remove")
"""Acts that change resources."""
MOST_TOLD = 12
"""Tasks told of each resource they wait for; all of them stand in the list of tasks moved."""

Told = Callable[[int, int, str], None]


def book_of(event: Event) -> dict[str, Any]:
    """What the event's plan needs besides time, in the form of the resources file; empty: nothing is set up."""
    found = ResourceBook.objects.filter(event=event).values_list("document", flat=True).first()
    return dict(found or {})


def stamp(event: Event) -> str:
    """Tells one state of the resources from another: hash of the last line of the record that changed them."""
    lines = RecordLine.objects.filter(chain=chain_of(event), code__in=CHANGING)
    return lines.order_by("-seq").values_list("hash", flat=True).first() or ""


def name_of(text: str) -> str:
    """A resource's name in the reader's language: ``Cranes / 吊车`` holds both."""
    english, between, chinese = text.partition(" / ")
    return in_language(english, chinese) if between else text


def levelled(event: Event, iterations: int, seed: int, told: Told) -> dict[str, Any]:
    """One levelled timetable of the draft, as ``planning.levelling.keep`` takes it.

    :raises PlanError: a plan without dates, or resources that contradict it.
    """
    told(0, 3, gettext_noop("reading the plan"))
    stands, stamped = version(event), stamp(event)
    plan, document = plan_of(event), book_of(event)
    if not document.get("needs"):
        raise PlanError("no task needs a resource; allowed: resources with needs")
    kept, gone = without_gone(document, plan)
    today = clock.now(event).date()
    params = ScheduleParams(Policy.AS_PLANNED, checkpoint_days=event.checkpoint_days)
    schedule = back_schedule(plan, opening=event.opening, today=today, params=params)
    told(1, 3, gettext_noop("levelling"))
    found = level(
        schedule, read_document(kept, plan), budget=Budget(iterations=iterations), seed=seed, published=_draft(plan)
    )
    told(2, 3, gettext_noop("keeping"))
    result = {**_told(found, schedule, today), "resources": stamped, "gone": gone}
    return {"version": stands, "seed": seed, "result": result}


def _draft(plan: Plan) -> dict[str, tuple[datetime, datetime]]:
    """The draft's own dates: what must not move without need."""
    return {task.id: (task.start, task.finish) for task in plan.leaves() if task.start and task.finish}


def _told(found: Levelled, schedule: Schedule, today: date) -> dict[str, Any]:
    """What pages show, as small as it can be: days to come, and tasks that would move."""
    return {
        "before": found.before.as_json(),
        "after": found.value.as_json(),
        "lower_bound": found.lower_bound.as_json(),
        "gap": round(found.gap, 4),
        "proved": found.proved,
        "faults": list(found.faults[:MOST_TOLD]),
        "warnings": list(found.warnings),
        "tried": found.tried,
        "elapsed_s": round(found.elapsed_s, 3),
        "loads": {one.resource: _load(one, today) for one in found.histograms},
        "binding": [_binding(one, today) for one in found.binding],
        "moved": _moved(found, schedule),
    }


def _load(one: Histogram, today: date) -> dict[str, Any]:
    """``days``: date, capacity, most in use before and after, unit-hours over capacity before and after."""
    days = [day for day in one.days if day.day >= today]
    return {
        "name": one.name,
        "kind": one.kind,
        "peak_before": max((day.before for day in days), default=0.0),
        "peak_after": max((day.after for day in days), default=0.0),
        "hours_before": round(sum(day.over_before for day in days), 2),
        "hours_after": round(sum(day.over_after for day in days), 2),
        "days_before": sum(day.over_before > 0 for day in days),
        "days_after": sum(day.over_after > 0 for day in days),
        "days": [
            [day.day.isoformat(), day.capacity, day.before, day.after, day.over_before, day.over_after] for day in days
        ],
    }


def _binding(one: Binding, today: date) -> dict[str, Any]:
    days = [day.isoformat() for day in one.days if day >= today]
    return {"resource": one.resource, "name": one.name, "days": days, "tasks": len(one.tasks)}


def _moved(found: Levelled, schedule: Schedule) -> list[list[Any]]:
    """Tasks not begun that would move, the farthest first: key, start and finish now, then, what it waits for, days
    behind a date of its own."""
    assert schedule.network is not None  # noqa: S101 - levelled, so it has dates
    plan = schedule.network.plan
    begun = {key for key, done in plan.progress.items() if done.actual_start or done.actual_finish}
    open_ = {task.id for task in plan.leaves() if task.active and task.id not in begun}
    now = {task.id: (task.start, task.finish) for task in plan.leaves()}
    return [
        [task.id, *map(_text, now[task.id]), _text(task.start), _text(task.finish), task.waits_for, task.late_days]
        for task in sorted(found.tasks, key=lambda task: -_days(task, now))
        if task.id in open_ and now[task.id] != (task.start, task.finish) and now[task.id][0] is not None
    ]


def _days(task: LevelledTask, now: Mapping[str, tuple[datetime | None, datetime | None]]) -> float:
    start = now[task.id][0] if task.id in now else None
    return abs((task.start - start).total_seconds()) / 86400 if start else 0.0


def _text(at: datetime | None) -> str | None:
    return at.isoformat(timespec="minutes") if at else None
