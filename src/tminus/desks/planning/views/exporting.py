"""The plan out again, exactly what the page shows: workbook, CSV, MS Project XML, Primavera, JSON, iCalendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tminus.desks.planning import adapter
from tminus.desks.planning.baselines import standing_baselines, with_baselines
from tminus.desks.planning.queries.baselines import chosen
from tminus.desks.planning.standing import standing
from tminus.desks.planning.views.exported_rows import shown
from tminus.engines.schedule import Baseline, Plan, ScheduledTask
from tminus.formats.book_writer import book_csv, book_xlsx, template_xlsx
from tminus.formats.calendar_feed import feed_bytes, plan_entries
from tminus.formats.mspdi import mspdi_bytes
from tminus.formats.plan_json import plan_json_bytes
from tminus.formats.primavera import pmxml_bytes, xer_bytes
from tminus.platform.languages import reads_chinese
from tminus.platform.pages import event_of, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES = ("xlsx", "csv")
Rows = Mapping[str, ScheduledTask]


@page
def export(request: HttpRequest, form: str) -> HttpResponse:
    event = event_of(request)
    forms = _forms(request)
    if form not in forms:
        raise Http404(form)
    kind, make = forms[form]
    schedule = standing(event, request.now)  # type: ignore[attr-defined]
    plan = shown(request, with_baselines(event, adapter.plan_of(event, reported=True)))
    if form in TABLES:
        plan = replace(plan, baselines=_compared_with(request, plan))
    return _file(make(plan, schedule.by_id()), kind, f"{event.slug}.{form}")


def _compared_with(request: HttpRequest, plan: Plan) -> tuple[Baseline, ...]:
    """A table has room for the one baseline the page shows."""
    baseline = chosen(standing_baselines(event_of(request)), request.GET.get("baseline", ""))
    return tuple(one for one in plan.baselines if baseline and one.number == baseline.number)


def _forms(request: HttpRequest) -> dict[str, tuple[str, Callable[[Plan, Rows], bytes]]]:
    language: Any = "zh" if reads_chinese() else "en"
    return {
        "xlsx": (XLSX, partial(_call, book_xlsx, language)),
        "csv": ("text/csv; charset=utf-8", partial(_call, book_csv, language)),
        "xml": ("application/xml", lambda plan, rows: mspdi_bytes(plan, rows)),
        "xer": ("application/octet-stream", lambda plan, rows: xer_bytes(_as_of(request, plan), rows)),
        "p6.xml": ("application/xml", lambda plan, rows: pmxml_bytes(_as_of(request, plan), rows)),
        "json": ("application/json", lambda plan, rows: plan_json_bytes(plan)),
        "ics": ("text/calendar; charset=utf-8", partial(_calendar, request)),
    }


def _as_of(request: HttpRequest, plan: Plan) -> Plan:
    """Primavera schedules from a data date, and a file for it must name one: the event's day."""
    today = request.now.date()  # type: ignore[attr-defined]
    return replace(plan, status_date=datetime.combine(today, time.min))


def _call(make: Callable[..., bytes], language: str, plan: Plan, rows: Rows) -> bytes:
    return make(plan, rows, language)


def _calendar(request: HttpRequest, plan: Plan, rows: Rows) -> bytes:
    kept = [rows[task.id] for task in plan.tasks if task.id in rows]
    stamp = request.now  # type: ignore[attr-defined]
    return feed_bytes(event_of(request).name, plan_entries(plan, kept, stamp), plan.timezone)


@page
def template(request: HttpRequest) -> HttpResponse:
    """The empty assignment book, in the reader's language."""
    language: Any = "zh" if reads_chinese() else "en"
    return _file(template_xlsx(language), XLSX, "assignment-book.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
