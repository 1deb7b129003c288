"""The page of scenarios: what each changes, and what it comes to beside the plan as it stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from django.views.decorators.http import require_POST

from tminus.desks.planning.views.basics import CODE_HELP
from tminus.formats.book_writer import workbook
from tminus.platform.pages import Field, Form, answer, carry_out, event_of, page, person_of, see_other, submitted
from tminus.platform.registry import BadInput, perform

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HELP = gettext_lazy(
    "One change a line: RD0102 duration 5d · RD0102 remaining 3d (of begun work) · RD0102 seven days"
    " · RD0102 calendar night · RD0102 start 2026-09-01 · RD0102 from 2026-09-01 (no earlier)"
    " · RD0102 after RD0101FS-2d · RD0102 not after RD0101"
)


def _form() -> Form:
    return Form(
        [
            Field("code", gettext_lazy("Code"), required=True, help=CODE_HELP),
            Field("name_en", gettext_lazy("Name (English)"), required=True),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field("lines", gettext_lazy("Changes"), "textarea", required=True, help=HELP),
        ]
    )


@page
def scenarios(request: HttpRequest) -> HttpResponse:
    form = _form()
    event = event_of(request)
    if request.method == "POST" and submitted(request, form, "planning.scenario.set", event=event):
        messages.success(request, _("Saved; compute them to see what it comes to."))
        return see_other(request.path)
    found = answer(request, "planning.scenarios")
    chosen = next((row for row in found["rows"] if row["code"] == request.GET.get("edit")), None)
    if chosen and request.method != "POST":
        form.fill(chosen)
    table = _table(found)
    if request.GET.get("form") == "xlsx":
        return _workbook(event.slug, found, table)
    may = request.reach.headquarters  # type: ignore[attr-defined]
    return render(
        request, "planning/scenarios.html", {**found, "form": form, "chosen": chosen, "table": table, "may": may}
    )


@require_POST
@page
def compute(request: HttpRequest) -> HttpResponse:
    event = event_of(request)
    try:
        started = perform("planning.scenario.start", {}, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(reverse("scenarios", kwargs={"event": event.slug}))
    return see_other(reverse("job", kwargs={"event": event.slug, "pk": started["job"]}))


@require_POST
@page
def keep(request: HttpRequest) -> HttpResponse:
    """A repair of a simulation as a scenario, to be changed and compared."""
    event = event_of(request)
    run, repair = request.POST.get("run", ""), request.POST.get("repair", "")
    names = {}
    for field, language in (("name_en", "en"), ("name_zh", "zh-hans")):
        with override(language):
            names[field] = _("Repair %(repair)s of simulation %(run)s") % {"repair": repair, "run": run}
    args = {"code": f"s{run}-{repair}", "run": run, "repair": repair, **names}
    back = f"{reverse('scenarios', kwargs={'event': event.slug})}?edit=s{run}-{repair}#form"
    said = _("Kept as a scenario; compute it to compare it with others")
    return carry_out(request, "planning.scenario.set", args, said, back)


@require_POST
@page
def remove(request: HttpRequest) -> HttpResponse:
    back = reverse("scenarios", kwargs={"event": event_of(request).slug})
    args = {"code": request.POST.get("code", "")}
    return carry_out(request, "planning.scenario.remove", args, _("Taken away."), back)


def _table(found: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each checkpoint: its probability in the plan as it stands, and in each scenario."""
    if not found["base"]:
        return []
    computed = [row for row in found["rows"] if row["result"]]
    by_day = {row["code"]: {one["date"]: one for one in row["result"]["checkpoints"]} for row in computed}
    rows = []
    for day, base in zip(found["days"], found["base"]["checkpoints"], strict=True):
        cells = [by_day[row["code"]].get(base["date"]) for row in computed]
        if base["p"] is not None:
            rows.append({**day, "base": 100 * base["p"], "cells": [_against(cell, base) for cell in cells]})
    return rows


def _against(cell: dict[str, Any] | None, base: dict[str, Any]) -> dict[str, float] | None:
    if cell is None or cell["p"] is None:
        return None
    return {"percent": 100 * cell["p"], "points": 100 * (cell["p"] - base["p"])}


def _workbook(slug: str, found: dict[str, Any], table: list[dict[str, Any]]) -> HttpResponse:
    computed = [row["name"] for row in found["rows"] if row["result"]]
    heads = [_("Checkpoint"), _("Date"), _("As it stands"), *computed]
    rows = [
        [row["label"], row["date"], row["base"], *(cell["percent"] if cell else None for cell in row["cells"])]
        for row in table
    ]
    changes = [[row["name"], sentence] for row in found["rows"] for sentence in row["sentences"]]
    sheets = [
        (_("Probability, %"), heads, rows, [12, 12, 14, *[20] * len(computed)]),
        (_("Changes"), [_("Scenario"), _("Change")], changes, [30, 80]),
    ]
    content = workbook(sheets)
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{slug}-scenarios.xlsx"'})
