"""Which rows an export has, in which order: those of the book, of the timetable as grouped and folded, of a month."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tminus.desks.planning.views.book import filters_of
from tminus.desks.planning.views.timetable import group_of
from tminus.engines.schedule import Duration, Plan, Task, TaskKind
from tminus.platform.pages import answer

EVERYTHING = 50_000
MOST_A_DAY = 1_000


def shown(request: HttpRequest, plan: Plan) -> Plan:
    """The plan with exactly the rows the page shows, all of its pages."""
    if request.GET.get("month"):
        return only(plan, _of_month(request))
    group, fold = group_of(request), request.GET.get("fold", "")
    if not group and not fold:
        found = answer(request, "planning.tasks", {**filters_of(request), "limit": EVERYTHING})
        return only(plan, {row["key"] for row in found["rows"]})
    asked = {**filters_of(request), "group": group, "fold": fold, "limit": EVERYTHING}
    found = answer(request, "planning.timetable", asked)
    order = [row["key"] for row in found["rows"]]
    kept = only(plan, set(order))
    return _under_heads(kept, order, found["heads"], group) if group else kept


def only(plan: Plan, keys: set[str]) -> Plan:
    """Exactly these tasks, each under the nearest one above it that is among them, and the links among them."""
    parent = {task.id: task.parent for task in plan.tasks}

    def above(task: Task) -> str | None:
        found = task.parent
        while found is not None and found not in keys:
            found = parent[found]
        return found

    return replace(
        plan,
        tasks=tuple(replace(task, parent=above(task)) for task in plan.tasks if task.id in keys),
        links=tuple(link for link in plan.links if link.pred in keys and link.succ in keys),
        progress={key: progress for key, progress in plan.progress.items() if key in keys},
        baselines=tuple(
            replace(one, dates={key: pair for key, pair in one.dates.items() if key in keys}) for one in plan.baselines
        ),
    )


def _of_month(request: HttpRequest) -> set[str]:
    """What begins or is finished in the month."""
    asked = {**filters_of(request), "month": request.GET["month"], "most": MOST_A_DAY}
    days = [day for day in answer(request, "planning.calendar", asked)["days"] if day["in_month"]]
    return {task["key"] for day in days for kind in ("begins", "finishes") for task in day[kind]}


def _under_heads(plan: Plan, order: list[str], heads: list[dict[str, Any]], group: str) -> Plan:
    """Each head as a summary above the rows of its group; a folded one stands alone."""
    tasks: list[Task] = []
    at = plan.by_id()
    ends = [head["before"] for head in heads[1:]] + [len(order)]
    for head, end in zip(heads, ends, strict=True):
        summary = _summary(head, group)
        rows = order[head["before"] : end]
        tasks += [summary, *(replace(at[key], parent=summary.id) for key in rows if key in at)]
    return replace(plan, tasks=tuple(tasks))


def _summary(head: dict[str, Any], group: str) -> Task:
    counted = ngettext("%(n)d task", "%(n)d tasks", head["tasks"]) % {"n": head["tasks"]}
    late = _("%(n)s late") % {"n": head["late"]} if head["late"] else ""
    return Task(
        id=f"{group}:{head['code']}",
        name=head["name"] or _nobody(group),
        kind=TaskKind.SUMMARY,
        duration=Duration(0),
        start=head["start"],
        finish=head["finish"],
        notes=" · ".join(said for said in (counted, late) if said),
    )


def _nobody(group: str) -> str:
    return {"area": _("no area"), "unit": _("no unit"), "person": _("no holder")}[group]
