"""The timetable page: a Gantt chart drawn on the server, moved in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.views.told import told
from tminus.platform.pages import answer, event_of, page
from tminus.platform.registry import BadInput

ROW = 24
HEAD = 40
PIXELS = {"month": 4.0, "ten": 9.0, "week": 22.0}
PAGE_ROWS = 400


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to pixels."""

    first: date
    per_day: float

    def x(self, at: date | datetime) -> float:
        if isinstance(at, datetime):
            whole = (at.date() - self.first).days
            return round((whole + (at.hour * 60 + at.minute) / 1440) * self.per_day, 1)
        return round((at - self.first).days * self.per_day, 1)


@page
def timetable(request: HttpRequest) -> HttpResponse:
    view = request.GET.get("view", "ten")
    asked = request.GET.get("offset", "")
    offset = int(asked) if asked.isascii() and asked.isdigit() else 0
    filters = {name: request.GET.get(name, "") for name in ("unit", "area", "person", "status", "text")}
    args = {**filters, "offset": offset, "limit": PAGE_ROWS}
    found = answer(request, "planning.timetable", args)
    total = answer(request, "planning.tasks", {**filters, "limit": 1})["total"]
    event, now = event_of(request), request.now  # type: ignore[attr-defined]
    scale = Scale(found["first"] - timedelta(days=2), PIXELS.get(view, PIXELS["ten"]))
    days = (found["last"] - scale.first).days + 3
    context = {
        "view": view if view in PIXELS else "ten",
        "rows": [_drawn(row, number, scale) for number, row in enumerate(found["rows"])],
        "width": round(days * scale.per_day),
        "height": HEAD + ROW * len(found["rows"]),
        "head": HEAD,
        "per_day": scale.per_day,
        "first": scale.first,
        "off": [scale.x(day) for day in found["off"] if scale.per_day >= PIXELS["ten"]],
        "lines": [{"x": scale.x(day), "t": event.t(day), "day": day} for day in found["checkpoints"]],
        "today_x": scale.x(now.date()),
        "filters": filters,
        "areas": answer(request, "planning.readiness")["areas"],
        "total": total,
        "shown_from": offset + 1,
        "shown_to": offset + len(found["rows"]),
        "next_offset": offset + PAGE_ROWS if offset + PAGE_ROWS < total else None,
        "previous_offset": max(offset - PAGE_ROWS, 0) if offset else None,
    }
    return render(request, "planning/timetable.html", context)


def _drawn(row: dict[str, Any], number: int, scale: Scale) -> dict[str, Any]:
    """The row with where its bars stand."""
    y = HEAD + number * ROW
    if row["start"] is None or row["finish"] is None:
        return {**row, "y": y}
    x, width = scale.x(row["start"]), max(scale.x(row["finish"]) - scale.x(row["start"]), 2)
    drawn = {
        **row,
        "y": y,
        "x": x,
        "width": width,
        "done_width": round(width * row["percent"] / 100, 1),
        "mid": y + ROW // 2,
    }
    if row["published_start"] and row["published_finish"]:
        drawn["base_x"] = scale.x(row["published_start"])
        drawn["base_width"] = max(scale.x(row["published_finish"]) - drawn["base_x"], 2)
    if row["forecast_finish"] and row["forecast_finish"] > row["finish"]:
        drawn["forecast_width"] = scale.x(row["forecast_finish"]) - x
    return drawn


@page
def what_if(request: HttpRequest) -> HttpResponse:
    """What a drag would do, as JSON for the side sheet."""
    args = {"task": request.GET.get("task", ""), "start": request.GET.get("start", "")}
    try:
        return JsonResponse(answer(request, "planning.what_if", args))
    except BadInput as error:
        return JsonResponse({"error": str(error)}, status=400)


@require_POST
@page
def move(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, None):
        back = reverse("timetable", kwargs={"event": event_of(request).slug})
    args = {"task": request.POST.get("task", ""), "start": request.POST.get("start", "")}
    said = _("Moved in the draft; published due dates stay until headquarters publishes")
    return told(request, "planning.timetable.move", args, said, back)
