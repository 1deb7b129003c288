"""Checkpoints of the event: what must be done by each, and who owns what is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from tminus.desks.planning.models import Task
from tminus.desks.planning.queries.tasks import readable, row
from tminus.desks.planning.standing import standing
from tminus.engines.schedule import Asked, Plan, Schedule, Verdict, demands_of, tally_by
from tminus.engines.schedule import Checkpoint as EngineCheckpoint
from tminus.engines.schedule import Task as PlanTask
from tminus.engines.schedule.checkpoints import end_of
from tminus.platform.models import TDay
from tminus.platform.registry import BadInput, Context, Grant, Missing, query


class CheckpointsArgs(BaseModel):
    """No arguments."""


class CheckpointArgs(BaseModel):
    t: str
    """The checkpoint's day: T-70."""


@query("planning.checkpoints", grants=Grant.READ)
def checkpoints(ctx: Context, args: CheckpointsArgs) -> dict[str, Any]:
    """Every checkpoint back from opening: counts and verdict."""
    schedule = standing(ctx.the_event, ctx.now)
    return {
        "today": ctx.now.date(),
        "checkpoints": [_summary(ctx, schedule, checkpoint) for checkpoint in schedule.checkpoints],
        "conflicts": [conflict.as_json() for conflict in schedule.conflicts],
    }


def verdict_of(checkpoint: EngineCheckpoint, schedule: Schedule) -> Verdict:
    """A checkpoint still ahead cannot have failed: overdue work puts it at risk if it is expected after it."""
    if checkpoint.date < schedule.today.date() or not checkpoint.failed:
        return checkpoint.verdict
    rows, end = schedule.by_id(), end_of(checkpoint.date)
    after = checkpoint.at_risk or any(rows[id].forecast_finish > end for id in checkpoint.failed)
    return Verdict.AT_RISK if after else Verdict.PASS


def _summary(ctx: Context, schedule: Schedule, checkpoint: EngineCheckpoint) -> dict[str, Any]:
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
        raise Missing(f"no checkpoint at {t}", field="t", value=args.t)
    return _detail(ctx, schedule, found)


def _detail(ctx: Context, schedule: Schedule, found: EngineCheckpoint) -> dict[str, Any]:
    assert schedule.network is not None  # noqa: S101 - a cyclic plan has no checkpoints
    plan = schedule.network.plan
    tasks = {task.key: task for task in readable(ctx)}
    demands = demands_of(plan, schedule.tasks, found.date, schedule.today)
    rolled = {name: _rolled(ctx, plan, found, tasks, of) for name, of in GROUPS.items()}
    open_rows = [_demanded(ctx, tasks, demand) for demand in demands.demands if not demand.met and demand.id in tasks]
    return {
        **_summary(ctx, schedule, found),
        "by": rolled,
        "open": sorted(open_rows, key=lambda one: (ORDER.index(one["verdict"]), one["row"]["total_float_days"] or 0)),
        "met": sum(demand.met for demand in demands.demands),
        "decide": _to_decide(ctx, schedule, found, tasks),
        "gates": [row(ctx, tasks[id]) for id in found.gates if id in tasks and id not in found.done],
    }


ORDER = ["failed", "at_risk", "pass"]
GROUPS: dict[str, Callable[[PlanTask], str]] = {
    "unit": lambda task: task.unit,
    "area": lambda task: task.area,
    "person": lambda task: task.responsible,
}


def _rolled(
    ctx: Context, plan: Plan, found: EngineCheckpoint, tasks: dict[str, Task], of: Callable[[PlanTask], str]
) -> list[dict[str, Any]]:
    names: dict[str, str] = {}
    for task in tasks.values():
        for thing in (task.unit, task.area):
            if thing is not None:
                names[thing.code] = thing.name
        if task.responsible is not None:
            names[task.responsible.username] = task.responsible.name
    seen = {of(task) for task in plan.tasks if task.id in tasks}
    rows = [
        {
            "code": code,
            "name": names.get(code, code),
            "due": tally.due,
            "done": tally.done,
            "at_risk": tally.at_risk,
            "failed": tally.failed,
            "verdict": tally.verdict.value,
        }
        for code, tally in tally_by(plan, found, of).items()
        if code in seen
    ]
    return sorted(rows, key=lambda one: (-int(str(one["failed"])), -int(str(one["at_risk"])), str(one["name"])))


def _demanded(ctx: Context, tasks: dict[str, Task], demand: Any) -> dict[str, Any]:
    return {
        "row": row(ctx, tasks[demand.id]),
        "asked": demand.asked.value,
        "percent": demand.percent if demand.asked is Asked.PROGRESS else None,
        "verdict": demand.verdict.value,
    }


def _to_decide(
    ctx: Context, schedule: Schedule, found: EngineCheckpoint, tasks: dict[str, Task]
) -> list[dict[str, Any]]:
    """Holes, overdue work and dates that cannot be met: each needs somebody to say what happens."""
    due = set(found.due) - set(found.done)
    questions = [
        {"kind": "conflict", "row": row(ctx, tasks[conflict.chain[-1]]), "short_by_days": conflict.short_by_days}
        for conflict in schedule.conflicts
        if conflict.chain[-1] in tasks
    ]
    questions += [
        {"kind": "hole", "row": row(ctx, tasks[id])} for id in found.due if id in due and _hole(tasks.get(id))
    ]
    questions += [{"kind": "late", "row": row(ctx, tasks[id])} for id in found.failed if id in tasks]
    return questions


def _hole(task: Task | None) -> bool:
    return task is not None and task.responsible_id is None
