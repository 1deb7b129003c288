"""Checkpoints of the event: what must be done by each, and who owns what is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.frozen.document import part_verdict, verdict_of
from tminus.desks.planning.models import Area
from tminus.desks.planning.queries.last_simulation import chances
from tminus.desks.planning.queries.tasks import readable, row
from tminus.desks.planning.standing import demands_on, standing
from tminus.engines.schedule import Asked, Demand, Plan, Schedule, tally_by
from tminus.engines.schedule import Checkpoint as EngineCheckpoint
from tminus.engines.schedule import Task as PlanTask
from tminus.platform.models import Person, TDay, Unit
from tminus.platform.registry import BadInput, Context, Grant, Missing, query


class CheckpointsArgs(BaseModel):
    """No arguments."""


class CheckpointArgs(BaseModel):
    t: str
    """The checkpoint's day: T-70."""
    limit: int = Field(10_000, ge=1, le=50_000)
    """Rows of each list, the worst first; the totals count all."""


@query("planning.checkpoints", grants=Grant.READ)
def checkpoints(ctx: Context, args: CheckpointsArgs) -> dict[str, Any]:
    """Every checkpoint back from opening: counts and verdict, and how likely it is by the last simulation."""
    schedule, likely = standing(ctx.the_event, ctx.now), chances(ctx)
    return {
        "today": ctx.now.date(),
        "checkpoints": [_summary(ctx, schedule, checkpoint, likely) for checkpoint in schedule.checkpoints],
        "conflicts": _conflicts(ctx, schedule),
    }


def _conflicts(ctx: Context, schedule: Schedule) -> list[dict[str, Any]]:
    """With ``tasks``: the chain by name; one out of reach is named by its ID."""
    keys = {key for conflict in schedule.conflicts for key in conflict.chain}
    names = {task.key: task.name for task in readable(ctx).filter(key__in=keys)} if keys else {}
    return [
        {**one.as_json(), "tasks": [{"key": key, "name": names.get(key, key)} for key in one.chain]}
        for one in schedule.conflicts
    ]


def _summary(
    ctx: Context, schedule: Schedule, checkpoint: EngineCheckpoint, likely: dict[date, dict[str, Any]]
) -> dict[str, Any]:
    passed = checkpoint.date < ctx.now.date()
    return {
        "date": checkpoint.date,
        "t": -checkpoint.t_minus,
        "label": str(TDay(-checkpoint.t_minus)),
        "due": len(checkpoint.due),
        "done": len(checkpoint.done),
        "at_risk": len(checkpoint.at_risk),
        "failed": len(checkpoint.failed),
        "verdict": verdict_of(checkpoint, schedule).value,
        "past": passed,
        "likelihood": None if passed else likely.get(checkpoint.date),
    }


@query("planning.checkpoint", grants=Grant.READ)
def checkpoint(ctx: Context, args: CheckpointArgs) -> dict[str, Any]:
    """One checkpoint: what it asks of each task, rolled up by unit, area and person, and what is to be decided."""
    try:
        t = TDay.parse(args.t)
    except ValueError as error:
        raise BadInput(str(error), field="t", value=args.t) from error
    schedule = standing(ctx.the_event, ctx.now)
    found = next((one for one in schedule.checkpoints if one.t_minus == -t.n), None)
    if found is None:
        raise Missing(_("no checkpoint at %(t)s") % {"t": t}, field="t", value=args.t)
    return _detail(ctx, schedule, found, args.limit)


def _detail(ctx: Context, schedule: Schedule, found: EngineCheckpoint, limit: int) -> dict[str, Any]:
    assert schedule.network is not None  # noqa: S101 - a cyclic plan has no checkpoints
    plan = schedule.network.plan
    keys = set(readable(ctx).order_by().values_list("key", flat=True))
    floats = {one.id: one.total_float_days for one in schedule.tasks}
    demands = demands_on(schedule, found.date).demands
    unmet = [demand for demand in demands if not demand.met and demand.id in keys]
    unmet.sort(key=lambda demand: (ORDER.index(demand.verdict.value), floats[demand.id]))
    questions = _to_decide(ctx, schedule, found, keys)
    done = set(found.done)
    gates = [id for id in found.gates if id in keys and id not in done]
    shown = [demand.id for demand in unmet[:limit]] + [id for _, id, _ in questions[:limit]] + gates[:limit]
    rows = {task.key: row(ctx, task) for task in readable(ctx).filter(key__in=set(shown))}
    return {
        **_summary(ctx, schedule, found, chances(ctx)),
        "by": {
            name: _rolled(plan, found, keys, _names(ctx, name), of, over=found.date < ctx.now.date())
            for name, of in GROUPS.items()
        },
        "open": [_demanded(rows, demand) for demand in unmet[:limit]],
        "open_total": len(unmet),
        "met": sum(demand.met for demand in demands if demand.id in keys),
        "decide": [{"kind": kind, "row": rows[id], **more} for kind, id, more in questions[:limit]],
        "decide_total": len(questions),
        "gates": [rows[id] for id in gates[:limit]],
    }


ORDER = ["failed", "at_risk", "pass"]
GROUPS: dict[str, Callable[[PlanTask], str]] = {
    "unit": lambda task: task.unit,
    "area": lambda task: task.area,
    "person": lambda task: task.responsible,
}


def _names(ctx: Context, group: str) -> dict[str, str]:
    """What the codes of a group are called."""
    if group == "person":
        people = Person.objects.filter(tasks__event=ctx.event).distinct()
        return {person.username: person.name for person in people}
    rows: Any = Unit.objects if group == "unit" else Area.objects
    return {one.code: one.name for one in rows.filter(event=ctx.event)}


def _rolled(
    plan: Plan,
    found: EngineCheckpoint,
    keys: set[str],
    names: dict[str, str],
    of: Callable[[PlanTask], str],
    *,
    over: bool,
) -> list[dict[str, Any]]:
    """Counts of the tasks in reach, worst first; before the day is ``over`` nobody has failed it."""
    tallies = tally_by(plan, found, lambda task: of(task) if task.id in keys else BEYOND)
    rows = [
        {
            "code": code,
            "name": names.get(code, code),
            "due": tally.due,
            "done": tally.done,
            "at_risk": tally.at_risk,
            "failed": tally.failed,
            "verdict": part_verdict(tally.failed, tally.at_risk, over=over),
        }
        for code, tally in tallies.items()
        if code != BEYOND
    ]
    return sorted(rows, key=lambda one: (-int(str(one["failed"])), -int(str(one["at_risk"])), str(one["name"])))


BEYOND = "\x00"
"""The group of tasks that are out of reach."""


def _demanded(rows: dict[str, dict[str, Any]], demand: Demand) -> dict[str, Any]:
    return {
        "row": rows[demand.id],
        "asked": demand.asked.value,
        "percent": demand.percent if demand.asked is Asked.PROGRESS else None,
        "verdict": demand.verdict.value,
    }


def _to_decide(
    ctx: Context, schedule: Schedule, found: EngineCheckpoint, keys: set[str]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Holes, overdue work and dates that cannot be met: each needs somebody to say what happens."""
    open_ = set(found.due) - set(found.done)
    holes = set(readable(ctx).filter(responsible=None).order_by().values_list("key", flat=True))
    victims = ((conflict.chain[-1], conflict.short_by_days) for conflict in schedule.conflicts)
    return [
        *(("conflict", id, {"short_by_days": days}) for id, days in victims if id in keys),
        *(("hole", id, {}) for id in found.due if id in open_ and id in holes),
        *(("late", id, {}) for id in found.failed if id in keys),
    ]
