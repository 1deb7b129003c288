"""Level the plan: computed in a job, kept by an act, adopted into the draft by another, undone as one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, Field

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.levelling import ITERATIONS, book_of, levelled
from tminus.desks.planning.mass_update import mass_update
from tminus.desks.planning.models import Levelling, Task
from tminus.platform import jobs
from tminus.platform.jobs import Running, job
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, Context, Grant, act, perform

KIND = "planning.level"
KEPT = 12
"""Levelled timetables an event keeps, besides those that were adopted."""


class LevelArgs(BaseModel):
    """``iterations``: timetables tried; the same number and ``seed`` give the same dates."""

    iterations: int = Field(ITERATIONS, ge=1, le=100_000)
    seed: int = Field(0, ge=0, le=2**31 - 1)


class KeepLevellingArgs(BaseModel):
    """What was computed."""

    version: str
    seed: int
    result: dict[str, Any]


class AdoptArgs(BaseModel):
    number: int


@act("planning.levelling.start", grants=Grant.HEADQUARTERS)
def start(ctx: Context, args: LevelArgs) -> dict[str, Any]:
    """Level the draft to what crews and machines can carry, as a job; nothing of the plan changes."""
    if not book_of(ctx.the_event).get("needs"):
        raise BadInput(_("no task needs a resource yet; import resources with their needs first"), field="resources")
    found = jobs.start_once(ctx, KIND, args.model_dump())
    ctx.record(ctx.the_event, None, {"job": found.pk, "iterations": args.iterations})
    return {"job": int(found.pk)}


@job(KIND, again=True, name=gettext_lazy("Levelling"), page="resources")
def in_background(running: Running) -> dict[str, Any]:
    """Compute, then keep: no transaction is open while it computes."""
    assert running.event is not None  # noqa: S101 - started inside an event
    found = levelled(running.event, running.args["iterations"], running.args["seed"], running.progress)
    kept: dict[str, Any] = perform(
        "planning.levelling.keep", found, event=running.event, person=running.person, channel="job"
    )
    return kept


@act("planning.levelling.keep", grants=Grant.HEADQUARTERS)
def keep(ctx: Context, args: KeepLevellingArgs) -> dict[str, Any]:
    """Keep what a levelling came to; only the job that computed it does."""
    jobs.only_a_job(ctx)
    all_ = Levelling.objects.filter(event=ctx.event)
    last = all_.values_list("number", flat=True).first() or 0
    made = Levelling.objects.create(
        event=ctx.the_event, number=last + 1, at=ctx.now, person=ctx.person, **args.model_dump()
    )
    old = all_.filter(adopted_at=None).values_list("pk", flat=True)[KEPT:]
    all_.filter(pk__in=list(old)).delete()
    moved = len(args.result["moved"])
    ctx.record(made, None, {"number": made.number, "tasks": moved, "proved": args.result["proved"]})
    return {"number": made.number, "moved": moved}


@act("planning.levelling.adopt", grants=Grant.HEADQUARTERS)
def adopt(ctx: Context, args: AdoptArgs) -> dict[str, Any]:
    """Make the levelled dates those of the draft; published dates and duties stay until the plan is published.

    :raises BadInput: a task has begun, moved or gone since it was levelled, or the levelling itself is faulty.
    """
    found = ctx.find(Levelling, number=args.number)
    moved = found.result["moved"]
    _check_adoptable(found, moved)
    tasks = {task.key: task for task in Task.objects.filter(event=ctx.event, key__in=[row[0] for row in moved])}
    before, after = _empty(), _empty()
    for key, *dates in (row[:5] for row in moved):
        _move(tasks.get(key), key, [_instant(at) for at in dates], before, after)
    mass_update(list(tasks.values()), ["planned_start", "planned_finish"])
    refreshed(ctx)
    found.adopted_at = ctx.now
    found.save(update_fields=["adopted_at"])
    ctx.record(found, before, {**after, "number": found.number, "tasks": len(moved)})
    return {"number": found.number, "tasks": len(moved)}


def take_back(ctx: Context, line: RecordLine) -> Levelling:
    """Undo: every task stands where it stood before the adoption, if it still stands where that put it."""
    found = ctx.find(Levelling, pk=int(line.object_id))
    ctx.require(None)
    before, after = line.before or {}, line.after or {}
    tasks = list(Task.objects.filter(event=ctx.event, key__in=before["start"]))
    for task in tasks:
        if [_instant(after[end][task.key]) for end in ("start", "finish")] != [task.planned_start, task.planned_finish]:
            said = _("%(task)s has been moved since; it can no longer be undone") % {"task": task.key}
            raise BadInput(said, field="line", value=line.seq)
        task.planned_start, task.planned_finish = (_instant(before[end][task.key]) for end in ("start", "finish"))
    mass_update(tasks, ["planned_start", "planned_finish"])
    found.adopted_at = None
    found.save(update_fields=["adopted_at"])
    return found


def _check_adoptable(found: Levelling, moved: list[Any]) -> None:
    if found.adopted_at is not None or not moved:
        raise BadInput(_("nothing of this levelling is left to adopt"), field="number", value=found.number)
    if found.result["faults"]:
        said = _("this levelling breaks its own rules (%(fault)s); it cannot be adopted")
        raise BadInput(said % {"fault": found.result["faults"][0]}, field="number", value=found.number)


Spans = dict[str, dict[str, str | None]]


def _empty() -> Spans:
    return {"start": {}, "finish": {}}


def _move(task: Task | None, key: str, dates: list[datetime | None], before: Spans, after: Spans) -> None:
    """Set the dates of one task and note them; ``dates``: start and finish as they were, and as they become."""
    was, becomes = dates[:2], dates[2:]
    if task is None or task.actual_start is not None or [task.planned_start, task.planned_finish] != was:
        said = _("%(task)s has begun, moved or gone since; level again") % {"task": key}
        raise BadInput(said, field="number", value=key)
    for end, old, new in zip(("start", "finish"), was, becomes, strict=True):
        before[end][key] = old.isoformat() if old else None
        after[end][key] = new.isoformat() if new else None
    task.planned_start, task.planned_finish = becomes


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
