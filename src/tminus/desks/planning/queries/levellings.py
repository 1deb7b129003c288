"""Levelled timetables: what each is worth, what binds, whom it would move."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from tminus.desks.planning.levelling import name_of
from tminus.desks.planning.models import Levelling, Task
from tminus.desks.planning.queries.resources import is_stale
from tminus.desks.planning.queries.tasks import readable
from tminus.platform.registry import Context, Grant, query

ON_A_PAGE = 50
WORTH = ("before", "after", "lower_bound", "gap", "proved", "warnings", "faults", "tried", "elapsed_s")


class LevellingsArgs(BaseModel):
    """No arguments."""


class LevellingArgs(BaseModel):
    """``number``: empty: the last. ``resource``: whose days are told. ``page`` of the tasks moved, ``size`` on each."""

    number: int | None = None
    resource: str = ""
    page: int = Field(1, ge=1)
    size: int = Field(ON_A_PAGE, ge=1, le=20_000)


@query("planning.levellings", grants=Grant.READ)
def levellings(ctx: Context, args: LevellingsArgs) -> dict[str, Any]:
    """Every levelled timetable that is kept, the newest first."""
    rows = Levelling.objects.filter(event=ctx.event).values_list(
        "number", "at", "seed", "adopted_at", "result__before", "result__after", "result__proved"
    )
    names = ("number", "at", "seed", "adopted_at", "before", "after", "proved")
    return {"rows": [dict(zip(names, row, strict=True)) for row in rows]}


@query("planning.levelling", grants=Grant.READ)
def levelling(ctx: Context, args: LevellingArgs) -> dict[str, Any]:
    """One levelled timetable: late gates, tardiness and overload before and after, proof, what binds, who moves."""
    if args.number is not None:
        found = ctx.find(Levelling, number=args.number)
    else:
        last = Levelling.objects.filter(event=ctx.event).select_related("person").first()
        if last is None:
            return {"levelling": None}
        found = last
    result = found.result
    names = {key: load["name"] for key, load in result["loads"].items()}
    mine = _mine(ctx, result["moved"])
    first = (args.page - 1) * args.size
    return {
        "levelling": {
            "number": found.number,
            "at": found.at,
            "by": found.person.name if found.person else None,
            "seed": found.seed,
            "stale": is_stale(ctx, found.version, result["resources"]),
            "adopted_at": found.adopted_at,
            **{name: result[name] for name in WORTH},
            "overload_before": round(sum(load["hours_before"] for load in result["loads"].values()), 1),
            "overload_after": round(sum(load["hours_after"] for load in result["loads"].values()), 1),
            "promises_too_much": result["before"]["tardiness_days"] < result["lower_bound"]["tardiness_days"],
            "tasks": len(result["moved"]),
            "gone": result["gone"],
        },
        "binding": [_binding(one) for one in result["binding"] if one["days"]],
        "load": _load(result["loads"].get(args.resource), args.resource),
        "moved": _moved(ctx, mine[first : first + args.size], names),
        "total": len(mine),
        "page": args.page,
        "pages": max(1, -(-len(mine) // args.size)),
    }


def _mine(ctx: Context, rows: list[list[Any]]) -> list[list[Any]]:
    """Those in reach."""
    if ctx.scope.reads_all or ctx.scope.acts_everywhere:
        return rows
    known = set(readable(ctx).values_list("key", flat=True))
    return [row for row in rows if row[0] in known]


def _binding(one: dict[str, Any]) -> dict[str, Any]:
    days = [date.fromisoformat(day) for day in one["days"]]
    return {
        "resource": one["resource"],
        "name": name_of(one["name"]),
        "days": len(days),
        "first": days[0],
        "last": days[-1],
        "tasks": one["tasks"],
    }


def _load(load: dict[str, Any] | None, resource: str) -> dict[str, Any] | None:
    if load is None:
        return None
    names = ("date", "capacity", "before", "after", "hours_before", "hours_after")
    days = [dict(zip(names, [date.fromisoformat(row[0]), *row[1:]], strict=True)) for row in load["days"]]
    return {**load, "resource": resource, "name": name_of(load["name"]), "days": days}


def _moved(ctx: Context, rows: list[list[Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    tasks = {task.key: task for task in readable(ctx).filter(key__in=[row[0] for row in rows])}
    today = ctx.now.date()
    return [_task(row, tasks.get(row[0]), names, today) for row in rows]


def _task(row: list[Any], task: Task | None, names: dict[str, str], today: date) -> dict[str, Any]:
    key, *dates, waits_for, late = row
    was_start, was_finish, start, finish = (datetime.fromisoformat(at) for at in dates)
    return {
        "key": key,
        "name": task.name if task else key,
        "holder": task.responsible.name if task and task.responsible else None,
        "unit": task.unit.name if task and task.unit else None,
        "status": task.status if task else "unknown",
        "was_start": was_start,
        "was_finish": was_finish,
        "start": start,
        "finish": finish,
        "days": (start.date() - was_start.date()).days or (finish.date() - was_finish.date()).days,
        "late_days": late,
        "waits_for": name_of(names.get(waits_for, waits_for)) if waits_for else "",
        "overdue": was_start.date() < today,
    }
