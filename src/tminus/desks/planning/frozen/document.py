"""The document of a frozen checkpoint: every leaf as it stood, in plain values that need no database to be read.

People stand in it by number, so that erasing a person leaves the document as it was signed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tminus.desks.planning.models import Area
from tminus.desks.planning.standing import demands_on
from tminus.engines.schedule import Checkpoint, Demand, Plan, Schedule, ScheduledTask, Status, Verdict
from tminus.engines.schedule import Task as PlanTask
from tminus.engines.schedule.checkpoints import end_of
from tminus.platform.models import Event, Person, TDay, Unit
from tminus.platform.registry import ask

FORM = 1
"""Version of the document's form; a reader refuses what it does not know."""
STATES = ("done", "failed", "at_risk", "open")
"""Of what is due: finished; overdue; expected after the checkpoint; still ahead. Empty where not yet due."""


def document_of(event: Event, now: datetime, schedule: Schedule, found: Checkpoint) -> dict[str, Any]:
    """Everything the checkpoint says at ``now``, as JSON carries it."""
    assert schedule.network is not None  # noqa: S101 - a cyclic plan has no checkpoints
    plan = schedule.network.plan
    demands = {one.id: one for one in demands_on(schedule, found.date).demands}
    people = dict(Person.objects.filter(tasks__event=event).order_by().values_list("username", "pk"))
    tasks, states = plan.by_id(), _states(found)
    ready = ask("planning.readiness", event=event, system=True)["whole"]
    return {
        "form": FORM,
        "event": {
            "slug": event.slug,
            "name_en": event.name_en,
            "name_zh": event.name_zh,
            "opening": f"{event.opening}",
        },
        "checkpoint": {"date": f"{found.date}", "t": -found.t_minus, "label": str(TDay(-found.t_minus))},
        "at": now.isoformat(timespec="seconds"),
        "counts": counts_of(found),
        "verdict": verdict_of(found, schedule).value,
        "readiness": {name: ready[name] for name in ("ready_percent", "target_percent")},
        "conflicts": [{"key": one.chain[-1], "short_by_days": one.short_by_days} for one in schedule.conflicts],
        "units": _names(Unit.objects.filter(event=event)),
        "areas": _names(Area.objects.filter(event=event)),
        "tasks": [
            _row(tasks[row.id], row, states.get(row.id, ""), demands.get(row.id), people, plan)
            for row in schedule.tasks
            if not row.summary
        ],
    }


def verdict_of(checkpoint: Checkpoint, schedule: Schedule) -> Verdict:
    """A checkpoint still ahead cannot have failed: overdue work puts it at risk if it is expected after it."""
    if checkpoint.date < schedule.today.date() or not checkpoint.failed:
        return checkpoint.verdict
    rows, end = schedule.by_id(), end_of(checkpoint.date)
    after = checkpoint.at_risk or any(rows[id].forecast_finish > end for id in checkpoint.failed)
    return Verdict.AT_RISK if after else Verdict.PASS


def part_verdict(failed: int, at_risk: int, *, over: bool) -> str:
    """Verdict of a unit's, area's or person's part; before the checkpoint's day is ``over`` it cannot have failed."""
    if failed and over:
        return Verdict.FAILED.value
    return Verdict.AT_RISK.value if failed or at_risk else Verdict.PASS.value


def counts_of(found: Checkpoint) -> dict[str, int]:
    return {name: len(getattr(found, name)) for name in ("due", "done", "at_risk", "failed")}


def _states(found: Checkpoint) -> dict[str, str]:
    states = dict.fromkeys(found.due, "open")
    for name in ("at_risk", "failed", "done"):
        states |= dict.fromkeys(getattr(found, name), name)
    return states


def _names(rows: Any) -> dict[str, list[str]]:
    return {code: [en, zh] for code, en, zh in rows.order_by().values_list("code", "name_en", "name_zh")}


def _row(
    task: PlanTask, row: ScheduledTask, state: str, demand: Demand | None, people: dict[str, int], plan: Plan
) -> dict[str, Any]:
    holder = people.get(task.responsible)
    progress = plan.progress.get(task.id)
    values: dict[str, Any] = {
        "key": task.id,
        "name_en": task.name,
        "name_zh": task.name_zh,
        "unit": task.unit,
        "area": task.area,
        "holder": holder,
        "start": row.start.isoformat(timespec="minutes"),
        "finish": row.finish.isoformat(timespec="minutes"),
        "forecast": row.forecast_finish.isoformat(timespec="minutes"),
        "float_days": round(row.total_float_days, 2),
        "percent": progress.percent if progress else None,
        "state": state,
        "done": row.status is Status.DONE,  # also of what is not due yet
    }
    if holder is None and task.responsible:
        values["holder_text"] = task.responsible
    if task.supporting:
        values["supporting"] = sorted(task.supporting)
    if demand is not None:
        values |= {"asked": demand.asked.value, "asked_percent": demand.percent}
        values |= {"met": demand.met, "verdict": demand.verdict.value}
    return values | ({"gate": True} if task.gate else {})
