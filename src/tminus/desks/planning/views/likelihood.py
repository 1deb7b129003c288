"""The likelihood page: probability of each checkpoint, its causes, what would buy days."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.charts import probability_chart, tornado
from tminus.formats.book_writer import workbook
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page
def likelihood(request: HttpRequest) -> HttpResponse:
    found = answer(request, "planning.likelihood", {"t": request.GET.get("t", "")})
    if found["run"]:
        _in_percent(found)
        found["ahead"] = [one for one in found["checkpoints"] if not one["past"]]
        found["chart"] = probability_chart(found["trend"], found["aim"])
        found["bars"] = tornado(found["causes"])
    return render(request, "planning/likelihood.html", found)


METER = 50
"""Width of the bar beside a probability, as the template draws it."""


def _in_percent(found: dict[str, Any]) -> None:
    """What the page shows of shares 0 … 1: percentages, and lengths of bars."""
    found["aim_percent"], found["aim_mark"] = 100 * found["aim"], round(METER * found["aim"], 1)
    found["run"]["samples_told"] = f"{found['run']['samples']:,}"
    for row in (one for one in found["checkpoints"] if one["p"] is not None):
        row["percent"], row["meter"], row["se_percent"] = 100 * row["p"], round(METER * row["p"], 1), 100 * row["se"]
        row["change_points"] = 100 * row["change"] if row["change"] is not None else None
        row["readiness_percent"] = 100 * row["readiness"]
    for row in found["repairs"]:
        row["before_percent"], row["after_percent"] = 100 * row["gain"]["p_before"], 100 * row["gain"]["p_after"]
    for row in found["causes"]:
        row["without_percent"] = 100 * row["p_without"]
    for row in found["critical"]:
        row["percent"] = 100 * row["index"]


@require_POST
@page
def simulate(request: HttpRequest) -> HttpResponse:
    event = event_of(request)
    back = reverse("likelihood", kwargs={"event": event.slug})
    try:
        started = perform("planning.simulate.start", {}, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(back)
    return see_other(reverse("job", kwargs={"event": event.slug, "pk": started["job"]}))


@page
def exported(request: HttpRequest) -> HttpResponse:
    """What the page shows, as a workbook: checkpoints, causes and critical tasks of the one looked at, repairs."""
    found = answer(request, "planning.likelihood", {"t": request.GET.get("t", "")})
    sheets: list[Any] = [_checkpoints(found.get("checkpoints", []))]
    if found["run"]:
        sheets += [_causes(found["causes"]), _critical(found["critical"]), _repairs(found["repairs"])]
    name = f"{event_of(request).slug}-likelihood.xlsx"
    return HttpResponse(workbook(sheets), XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _checkpoints(rows: list[dict[str, Any]]) -> Any:
    heads = [
        _("Checkpoint"),
        _("Date"),
        _("Gates"),
        _("Probability"),
        _("Standard error"),
        _("Readiness expected"),
        "P50",
        "P80",
        "P90",
    ]
    names = ("label", "date", "gates", "p", "se", "readiness", "p50", "p80", "p90")
    return _("Checkpoints"), heads, [[row[name] for name in names] for row in rows], [12, 12, 8, 12, 14, 18, 12, 12, 12]


def _causes(rows: list[dict[str, Any]]) -> Any:
    heads = [
        _("Cause"),
        _("Tasks"),
        _("Points it costs"),
        _("Probability without it, %"),
        _("Days at P80"),
        _("Days at its worst"),
    ]
    return (
        _("Causes"),
        heads,
        [
            [row["name"], row["tasks"], row["points"], 100 * row["p_without"], row["cost_days"], row["worst_days"]]
            for row in rows
        ],
        [30, 8, 14, 22, 14, 16],
    )


def _critical(rows: list[dict[str, Any]]) -> Any:
    heads = [_("ID"), _("Task"), _("Holder"), _("Unit"), _("Critical in % of runs"), _("Sensitivity")]
    cells = [[row["key"], row["name"], row["holder"], row["unit"], 100 * row["index"], row["ssi"]] for row in rows]
    return _("Critical tasks"), heads, cells, [12, 40, 20, 24, 20, 12]


def _repairs(rows: list[dict[str, Any]]) -> Any:
    heads = [_("Change"), _("Days gained"), _("Probability before"), _("Probability after")]
    cells = [
        ["; ".join(row["sentences"]), row["gain"]["days"], row["gain"]["p_before"], row["gain"]["p_after"]]
        for row in rows
    ]
    return _("What buys days"), heads, cells, [70, 14, 18, 18]
