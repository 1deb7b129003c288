"""Activities that only span others, as hammocks do: what each spans, and that they drive nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tminus.engines.schedule.model import Plan, Task, TaskKind, TaskRole

SPANNING = frozenset(role for role in TaskRole if role.spans)
Spans = Mapping[str, Sequence[str]]


def spanned(plan: Plan) -> Spans:
    """By spanning activity the ones it spans: a level of effort those it is linked to, a WBS summary all that stands
    under the same summary. One that is done, or spans nothing, is left to be like any other."""
    spanning = [task for task in plan.tasks if task.role in SPANNING and not _done(plan, task)]
    if not spanning:
        return {}
    ids = {task.id for task in spanning}
    working = {
        task.id for task in plan.tasks if task.active and task.kind is not TaskKind.SUMMARY and task.id not in ids
    }
    linked = _linked(plan)
    found = {
        task.id: linked.get(task.id, []) if task.role is TaskRole.LEVEL_OF_EFFORT else _under(plan, task.parent)
        for task in spanning
    }
    kept = {id: [other for other in dict.fromkeys(others) if other in working] for id, others in found.items()}
    return {id: others for id, others in kept.items() if others}


def _done(plan: Plan, task: Task) -> bool:
    progress = plan.progress.get(task.id)
    return progress is not None and (progress.actual_finish is not None or (progress.percent or 0) >= 100)


def _linked(plan: Plan) -> dict[str, list[str]]:
    linked: dict[str, list[str]] = {}
    for link in plan.links:
        linked.setdefault(link.pred, []).append(link.succ)
        linked.setdefault(link.succ, []).append(link.pred)
    return linked


def _under(plan: Plan, top: str | None) -> list[str]:
    """Everything under ``top``, at any depth; all of the plan for ``None``."""
    inside = {top}
    found = []
    for task in plan.tasks:
        if task.parent in inside:
            inside.add(task.id)
            found.append(task.id)
    return found
