"""The board's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tminus.desks.board.charts import readiness_chart
from tminus.desks.board.report import report_pdf, report_xlsx
from tminus.platform.pages import answer, carry_out, event_of, page


@page
def board(request: HttpRequest) -> HttpResponse:
    found = answer(request, "board.show")
    context = said_of(found, event_of(request).t(request.now).n)  # type: ignore[attr-defined]
    return render(request, "board/board.html", context)


def said_of(found: dict[str, Any], t: int) -> dict[str, Any]:
    """What the board's template says of an answer of ``board.show``, on day ``t`` counted from opening."""
    return {
        **found,
        "strip": strip(found["checkpoints"]),
        "chart": readiness_chart(found["curve"], t),
        "likely": next((one["likelihood"] for one in found["checkpoints"] if one["likelihood"]), None),
        "days_left": max(-t, 0),
        "checkpoints_left": sum(not one["past"] for one in found["checkpoints"]),
        "matrix_title": matrix_title(found["readiness"]),
        "curve_title": curve_title(found["readiness"]["whole"]),
    }


BEHIND_SHOWN = 3
"""Checkpoints gone by in the strip; those before stand on the page of checkpoints."""


def strip(checkpoints: list[dict[str, Any]]) -> list[dict[str, Any]]:
    past = [one for one in checkpoints if one["past"]]
    return [*past[-BEHIND_SHOWN:], *(one for one in checkpoints if not one["past"])]


def matrix_title(readiness: dict[str, Any]) -> str:
    """The message of the matrix, computed: which areas are furthest behind."""
    behind = [
        area["name"] or _("without area")
        for area in readiness["areas"]
        if (area["ready_percent"] or 0) < (area["target_percent"] or 0)
    ]
    if not readiness["areas"]:
        return _("Nothing to measure yet: the plan has no tasks")
    if not behind:
        return _("Every area is at or above its target for today")
    names = ", ".join(behind[:3])
    return ngettext(
        "%(names)s is behind its target for today", "%(names)s are furthest of %(n)d areas behind target", len(behind)
    ) % {"names": names, "n": len(behind)}


def curve_title(whole: dict[str, Any]) -> str:
    if whole["ready_percent"] is None:
        return _("Nothing to be ready with yet")
    gap = whole["target_percent"] - whole["ready_percent"]
    if gap >= 0.5:
        return _("Readiness is %(n).0f points under target") % {"n": gap}
    return _("Readiness is on or above target")


@page
def weights(request: HttpRequest) -> HttpResponse:
    return render(request, "board/weights.html", {"outcome": answer(request, "board.show")["outcome"]})


@require_POST
@page
def set_weight(request: HttpRequest) -> HttpResponse:
    args = {name: request.POST.get(name, "") for name in ("dimension", "area", "weight")}
    back = reverse("outcome-weights", kwargs={"event": event_of(request).slug})
    return carry_out(request, "board.weight", args, _("Weight set"), back)


@page
def report(request: HttpRequest, t: str, form: str) -> HttpResponse:
    """The checkpoint report, as PDF or workbook."""
    found = answer(request, "planning.checkpoint", {"t": t})
    whole = answer(request, "planning.readiness")["whole"]
    return _paper(request, form, found, whole, request.now)  # type: ignore[attr-defined]


@page
def frozen_report(request: HttpRequest, number: int, form: str) -> HttpResponse:
    """The same report as things stood when the checkpoint was frozen."""
    found = answer(request, "planning.frozen.show", {"number": number})
    if found["fault"]:
        raise Http404(_("Frozen no. %(number)d is not as it was frozen; no report is made of it.") % found)
    seal = _("Frozen no. %(number)d · SHA-256 %(sha256)s") % found
    return _paper(request, form, found, found["readiness"], found["at"], seal)


def _paper(
    request: HttpRequest, form: str, found: dict[str, Any], whole: dict[str, Any], at: datetime, seal: str = ""
) -> HttpResponse:
    event = event_of(request)
    forms = {
        "pdf": (report_pdf, "application/pdf"),
        "xlsx": (report_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    }
    if form not in forms:
        raise Http404(form)
    make, kind = forms[form]
    response = HttpResponse(make(event, at, found, whole, seal), content_type=kind)
    part = f"-frozen-{found['number']}" if seal else ""
    response["Content-Disposition"] = f'attachment; filename="{event.slug}-T-{-found["t"]}{part}.{form}"'
    return response
