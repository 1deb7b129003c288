"""The plan as a file: exactly the rows the page shows, in five forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language

from tminus.desks.planning.adapter import plan_of
from tminus.desks.planning.standing import standing
from tminus.desks.planning.views.book import filters_of
from tminus.engines.schedule import Plan, Schedule
from tminus.formats.book_writer import Language, book_csv, book_xlsx, template_xlsx
from tminus.formats.calendar_feed import feed_bytes, plan_entries
from tminus.formats.mspdi.writer import mspdi_bytes
from tminus.formats.plan_json import plan_json_bytes
from tminus.platform import clock
from tminus.platform.pages import answer, event_of, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL = 50_000
TYPES = {
    "xlsx": XLSX,
    "csv": "text/csv; charset=utf-8",
    "xml": "application/xml",
    "json": "application/json",
    "ics": "text/calendar; charset=utf-8",
}


@page
def export(request: HttpRequest, form: str) -> HttpResponse:
    """The rows the filters leave, with the links among them."""
    if form not in TYPES:
        raise Http404(form)
    event = event_of(request)
    rows = answer(request, "planning.tasks", filters_of(request.GET) | {"offset": 0, "limit": ALL})["rows"]
    schedule = standing(event, clock.now(event))
    plan = selected(plan_of(event), {row["key"] for row in rows})
    content = _writers(schedule)[form](plan)
    return _file(content, TYPES[form], f"{event.slug}-plan.{form}")


def selected(plan: Plan, keys: set[str]) -> Plan:
    """Only the tasks of these keys; a task whose parent is left out stands at the top."""
    tasks = tuple(
        replace(task, parent=task.parent if task.parent in keys else None) for task in plan.tasks if task.id in keys
    )
    links = tuple(link for link in plan.links if link.pred in keys and link.succ in keys)
    progress = {key: value for key, value in plan.progress.items() if key in keys}
    return replace(plan, tasks=tasks, links=links, progress=progress)


def _writers(schedule: Schedule) -> dict[str, Callable[[Plan], bytes]]:
    rows = schedule.by_id()

    def calendar(plan: Plan) -> bytes:
        keys = {task.id for task in plan.tasks}
        shown = [row for row in schedule.tasks if row.id in keys]
        return feed_bytes(plan.name, plan_entries(plan, shown, schedule.today), plan.timezone)

    return {
        "xlsx": lambda plan: book_xlsx(plan, rows, language()),
        "csv": lambda plan: book_csv(plan, rows, language()),
        "xml": lambda plan: mspdi_bytes(plan, rows),
        "json": plan_json_bytes,
        "ics": calendar,
    }


def language() -> Language:
    return "zh" if (get_language() or "").startswith("zh") else "en"


@page
def template(request: HttpRequest) -> HttpResponse:
    """The empty assignment book to fill in."""
    return _file(template_xlsx(language()), XLSX, "assignment-book.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
