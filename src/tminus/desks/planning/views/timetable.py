"""The timetable page: a Gantt chart drawn on the server, moved in the browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.queries.timetable_groups import RELATION
from tminus.desks.planning.views.timetable_drawing import HEAD, PIXELS, ROW, Scale, arrows, drawn, scale_of
from tminus.desks.planning.views.told import told
from tminus.platform.pages import answer, event_of, page
from tminus.platform.registry import BadInput

PAGE_ROWS = 400
BASELINE = "baseline"
FILTERS = ("unit", "area", "person", "status", "text")
NAMES, BESIDE, PAPER = 440, 150, 1500
"""Pixels: width of the names' column, what a baseline beside them adds, and what fits on A3 across."""

GROUPS = ("", *RELATION)


@page
def timetable(request: HttpRequest) -> HttpResponse:
    view = _one_of(request.GET.get("view"), tuple(PIXELS), "ten")
    group = group_of(request)
    fold = [code for code in request.GET.get("fold", "").split(",") if code]
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    args = {**filters, "offset": _offset(request), "limit": PAGE_ROWS, "group": group, "fold": ",".join(fold)}
    found = answer(request, "planning.timetable", {**args, BASELINE: request.GET.get(BASELINE, "")})
    scale = scale_of(found, view)
    rows = drawn(found, scale)
    context = {
        "view": view,
        "group": group,
        "rows": [_foldable(row, fold) for row in rows],
        "arrows": arrows(found["links"], rows),
        "filters": filters,
        "fold": ",".join(fold),
        "calendar_query": urlencode({name: value for name, value in filters.items() if value}),
        "fold_all": ",".join(found["foldable"]),
        "areas": answer(request, "planning.choices")["areas"],
        "baselines": found["baselines"],
        "baseline": found["baseline"],
        **_ground(request, found, scale, len(rows)),
        **_paging(found),
    }
    return render(request, "planning/timetable.html", context)


def group_of(request: HttpRequest) -> str:
    """What the address groups by; the outline where it says nothing known."""
    return _one_of(request.GET.get("group"), GROUPS, "")


def _one_of(given: str | None, allowed: tuple[str, ...], otherwise: str) -> str:
    return given if given in allowed else otherwise


def _offset(request: HttpRequest) -> int:
    asked = request.GET.get("offset", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0


def _foldable(row: dict[str, Any], fold: list[str]) -> dict[str, Any]:
    """A head or summary with the address's ``fold`` after it is opened or shut."""
    code = row["code"] if "is_head" in row else row["key"] if row["kind"] == "summary" else None
    if code is None:
        return row
    others = [one for one in fold if one != code]
    return {**row, "id": code, "folded": code in fold, "fold_to": ",".join(others if code in fold else [*fold, code])}


def _ground(request: HttpRequest, found: dict[str, Any], scale: Scale, rows: int) -> dict[str, Any]:
    """What lies behind the bars: days off, checkpoints, today."""
    event, now = event_of(request), request.now  # type: ignore[attr-defined]
    width = round(((found["last"] - scale.first).days + 3) * scale.per_day)
    names = NAMES + (BESIDE if found["baseline"] else 0)
    return {
        "width": width,
        "fit": max(min(PAPER * 10 // (names + width), 10), 1) * 10,
        "height": HEAD + ROW * rows,
        "head": HEAD,
        "per_day": scale.per_day,
        "first": scale.first,
        "off": [scale.x(day) for day in found["off"] if scale.per_day >= PIXELS["ten"]],
        "lines": [{"x": scale.x(day), "t": event.t(day), "day": day} for day in found["checkpoints"]],
        "today_x": scale.x(now.date()),
    }


def _paging(found: dict[str, Any]) -> dict[str, Any]:
    offset, total = found["offset"], found["total"]
    return {
        "total": total,
        "shown_from": offset + 1 if found["rows"] else 0,
        "shown_to": offset + len(found["rows"]),
        "next_offset": offset + PAGE_ROWS if offset + PAGE_ROWS < total else None,
        "previous_offset": max(offset - PAGE_ROWS, 0) if offset else None,
    }


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
