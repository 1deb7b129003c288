"""Baselines: every publication, and what changed between any two, or between one and the draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.queries.difference import EVERYTHING
from tminus.desks.planning.views.told import told
from tminus.formats.book_writer import workbook
from tminus.platform.pages import answer, event_of, page

SHOWN = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page
def baselines(request: HttpRequest) -> HttpResponse:
    kept = answer(request, "planning.publications")["publications"]
    asked = _asked(request)
    found = answer(request, "planning.difference", {**asked, "most": SHOWN}) if kept else None
    brought = answer(request, "planning.baselines")["baselines"]
    context = {"kept": kept, "found": found, "asked": asked, "shown": SHOWN, "brought": brought}
    return render(request, "planning/baselines.html", context)


@require_POST
@page
def withdraw(request: HttpRequest) -> HttpResponse:
    """A baseline of a plan file is shown no more."""
    back = reverse("baselines", kwargs={"event": event_of(request).slug})
    said = _("Withdrawn: the baseline is kept, and shown nowhere")
    return told(request, "planning.baseline.withdraw", {"number": request.POST.get("number", "")}, said, back)


@page
def exported(request: HttpRequest) -> HttpResponse:
    """Every row of the comparison as a workbook."""
    found = answer(request, "planning.difference", {**_asked(request), "most": EVERYTHING})
    heads = [_("Change"), _("ID"), _("Task"), _("Unit"), _("Holder"), _("Before"), _("After"), _("Days")]
    rows = [
        *(_cells(_("moved"), row, row["before"], row["finish"]) for row in found["moved"]),
        *(_cells(_("added"), row, None, row["finish"]) for row in found["added"]),
        *(_cells(_("removed"), row, row["finish"], None) for row in found["removed"]),
    ]
    content = workbook([(_("Difference"), heads, rows, [10, 12, 40, 24, 18, 18, 18, 8])])
    name = f"{event_of(request).slug}-baselines.xlsx"
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _cells(change: str, row: dict[str, Any], before: Any, after: Any) -> list[Any]:
    return [change, row["key"], row["name"], row["unit"], row["holder"], before, after, row.get("days")]


def _asked(request: HttpRequest) -> dict[str, int | None]:
    """Numbers of publications from the address; anything else stands for the last one, or the draft."""
    typed = {name: request.GET.get(name, "") for name in ("before", "after")}
    return {
        name: int(text) if text.isascii() and text.isdigit() and int(text) else None for name, text in typed.items()
    }
