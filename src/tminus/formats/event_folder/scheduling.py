"""``scheduling.json``: by which rules the plan is scheduled, and what its tasks are to Primavera."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from tminus.engines.schedule import LagCalendar, Plan, PlanError, Progress, TaskRole
from tminus.formats.plan_json import logic_from_json, logic_to_json
from tminus.formats.problems import BadFile

FILE = "scheduling.json"
KEYS = ("lag_calendar", "start", "logic", "roles", "suspended")


def scheduling_of(plan: Plan) -> dict[str, Any]:
    """The document; empty where the plan is scheduled as the engine does by itself."""
    document: dict[str, Any] = {}
    if plan.lag_calendar is not LagCalendar.SUCCESSOR:
        document["lag_calendar"] = plan.lag_calendar.value
    if plan.start is not None:
        document["start"] = plan.start.isoformat()
    if plan.logic is not None:
        document["logic"] = logic_to_json(plan.logic)
    if roles := {task.id: task.role.value for task in plan.tasks if task.role is not TaskRole.PLAIN}:
        document["roles"] = roles
    paused = {id: progress for id, progress in plan.progress.items() if progress.suspended or progress.resumed}
    if paused:
        document["suspended"] = {
            id: [one.isoformat() if one else None for one in (progress.suspended, progress.resumed)]
            for id, progress in paused.items()
        }
    return document


def with_scheduling(plan: Plan, document: Mapping[str, Any]) -> Plan:
    """``plan`` with what the document says.

    :raises BadFile: a value that cannot be taken, or a task the plan does not have.
    """
    if unknown := [key for key in document if key not in KEYS]:
        raise BadFile(f"{FILE}, {unknown[0]}: no such key; allowed: {', '.join(KEYS)}")
    known = {task.id for task in plan.tasks}
    roles, suspended = (_by_task(document, key, known) for key in ("roles", "suspended"))
    try:
        return replace(
            plan,
            lag_calendar=LagCalendar(document.get("lag_calendar", plan.lag_calendar)),
            start=_at(document["start"]) if "start" in document else plan.start,
            logic=logic_from_json(document["logic"]) if "logic" in document else plan.logic,
            tasks=tuple(replace(task, role=TaskRole(roles.get(task.id, task.role))) for task in plan.tasks),
            progress=dict(plan.progress)
            | {id: _paused(plan.progress.get(id, Progress()), dates) for id, dates in suspended.items()},
        )
    except (ValueError, TypeError, AttributeError, PlanError) as error:
        raise BadFile(f"{FILE}: {error}; allowed: values as tminus export writes them") from error


def _by_task(document: Mapping[str, Any], key: str, known: Collection[str]) -> dict[str, Any]:
    of = document.get(key, {})
    if not isinstance(of, dict):
        raise BadFile(f'{FILE}, {key}: {of!r}; allowed: {{"ID of a task": …}}')
    if strangers := [id for id in of if id not in known]:
        raise BadFile(f"{FILE}, {key}: {strangers[0]}; allowed: IDs of tasks in plan.csv")
    return of


def _paused(progress: Progress, dates: Any) -> Progress:
    suspended, resumed = dates
    return replace(progress, suspended=_at(suspended), resumed=_at(resumed))


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None
