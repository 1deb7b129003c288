"""Forecast: the coming days with their intervals, and one day with its curves."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.passengers.forecast_charts import curve_chart, with_bars
from tminus.desks.passengers.forecast_words import (
    FILE_WORDS,
    LEVEL_WORDS,
    MEASURE_WORDS,
    NAMES,
    counters_said,
    resting_on,
    rounded,
    title,
)
from tminus.desks.passengers.views.levers import asked_again, levers_in, levers_said, lines_to_choose
from tminus.formats.book_writer import table_csv, workbook
from tminus.platform.languages import day_text
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 60
"""Places a day's table shows; the workbook has them all."""


@page
def forecast(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.forecast", {"issue": request.GET["issue"]} if request.GET.get("issue") else {})
    found["issues"] = [
        {**row, "levers": levers_said(row["levers"])} for row in answer(request, "passengers.forecast.issues")
    ]
    found["files"] = [{**row, "what": FILE_WORDS.get(row["name"].split(".")[0], row["name"])} for row in found["files"]]
    if found["issue"]:
        found["days"] = with_bars(found["days"])
        found["rests_on"] = [*resting_on(found["rests_on"]), *counters_said(found["counters"])]
        found["title"] = _title(found)
        found["levers"] = levers_said(found["issue"]["levers"])
    return render(request, "passengers/forecast.html", found)


def _title(found: dict[str, Any]) -> str:
    """The message of the coming days: the fullest one."""
    ahead = [day for day in found["days"] if not day["past"]]
    if not ahead:
        return _("The event is over")
    most = max(ahead, key=lambda day: day["mean"])
    return _("The fullest day ahead is %(day)s: %(low)s–%(high)s visits") % {
        "day": day_text(most["day"]), "low": f"{rounded(most['p10']):,}", "high": f"{rounded(most['p90']):,}",
    }  # fmt: skip


@require_POST
@page
def start(request: HttpRequest) -> HttpResponse:
    event = event_of(request)
    try:
        started = perform(
            "passengers.forecast.start", {"levers": levers_in(request.POST)}, event=event, person=person_of(request)
        )
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(reverse("forecast", kwargs={"event": event.slug}))
    return see_other(reverse("job", kwargs={"event": event.slug, "pk": started["job"]}))


@page
def day(request: HttpRequest, day: str) -> HttpResponse:
    """Curves of one place, and all places of its level; with levers in the address, as they would be then."""
    found, error = _day(request, day), ""
    levers = levers_in(request.GET)
    if levers and found["rows"]:
        try:
            found = _under(request, day, levers, found)
        except BadInput as refused:
            error = str(refused)
    found |= {"error": error, "asked": request.GET, "levers": levers_said(levers) if "base" in found else []}
    found["levers_query"] = asked_again(request.GET) if found["levers"] else ""
    if not found["rows"]:
        return render(request, "passengers/forecast_day_none.html", found)
    found["rests_on"] = resting_on(found["rests_on"])
    found["lines"] = lines_to_choose(answer(request, "passengers.forecast.lines"), request.GET.get("lines", ""))
    found["levels"] = [
        {"level": one, "word": LEVEL_WORDS[one], "here": one == found["level"]} for one in found["levels"]
    ]
    found["charts"] = [_chart(found, one) for one in found["curves"]]
    found["more"] = max(0, len(found["rows"]) - SHOWN)
    found["measures"] = [{"name": one["measure"], "word": MEASURE_WORDS[one["measure"]]} for one in found["curves"]]
    found["rows"] = [_row(row, [one["measure"] for one in found["curves"]]) for row in found["rows"][:SHOWN]]
    found["node"] = _name(found["node"])
    return render(request, "passengers/forecast_day.html", found)


def _day(request: HttpRequest, text: str) -> dict[str, Any]:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise Http404(str(error)) from error
    args = {name: request.GET[name] for name in ("level", "node", "issue") if request.GET.get(name)}
    found: dict[str, Any] = answer(request, "passengers.forecast.day", {"day": text, **args})
    return found


def _under(request: HttpRequest, text: str, levers: dict[str, Any], issued: dict[str, Any]) -> dict[str, Any]:
    """The what-if, with the mean as issued beside it."""
    where = {name: request.GET[name] for name in ("level", "node") if request.GET.get(name)}
    where["node"] = issued["node"]["node"]
    found: dict[str, Any] = answer(request, "passengers.forecast.what_if", {"day": text, "levers": levers, **where})
    same = len(found["times"]) == len(issued["times"])
    base = {one["measure"]: one["mean"] for one in issued["curves"]} if same else {}
    return {**found, "issue": issued["issue"], "base": base}


def _chart(found: dict[str, Any], curve: dict[str, Any]) -> dict[str, Any]:
    measure, node = curve["measure"], found["node"]
    return {
        **curve_chart(found["times"], curve, found.get("base", {}).get(measure, ())),
        "title": title(_name(node), measure, node["measures"][measure]),
        "word": MEASURE_WORDS[measure],
        "observed": any(value is not None for value in curve.get("counted") or []),
    }


def _name(row: dict[str, Any]) -> str:
    return str(NAMES.get(row["node"], row["name"])) if row["name"] == row["node"] else str(row["name"])


def _row(row: dict[str, Any], measures: list[str]) -> dict[str, Any]:
    cells = [(MEASURE_WORDS[name], row["measures"].get(name)) for name in measures]
    return {
        "node": row["node"],
        "name": _name(row),
        "cells": [
            {"word": word, "low": rounded(one["p10"]), "high": rounded(one["p90"]), "from": one["from"],
             "until": one["until"]}
            for word, one in cells
            if one
        ],
    }  # fmt: skip


@page
def exported(request: HttpRequest, day: str) -> HttpResponse:
    """The day's places, and the curves of the one looked at: a workbook, or the curves alone as CSV."""
    found = _day(request, day)
    if not found["rows"]:
        raise Http404(_("this day has not been forecast"))
    name = f"{event_of(request).slug}-forecast-{day}-{found['level']}"
    heads, rows = _curve_table(found)
    if request.GET.get("as") == "csv":
        return HttpResponse(
            table_csv(heads, rows),
            "text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
        )
    sheets: list[Any] = [_places_sheet(found), (_name(found["node"])[:31], heads, rows, [18] * len(heads))]
    return HttpResponse(workbook(sheets), XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


def _curve_table(found: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    curves = found["curves"]
    heads = [_("Time"), *(f"{MEASURE_WORDS[one['measure']]} {stat}" for one in curves for stat in STATS)]
    rows = [
        [at, *(one[stat][number] for one in curves for stat in ("mean", "p10", "p50", "p90"))]
        for number, at in enumerate(found["times"])
    ]
    return heads, rows


STATS = ("Ø", "P10", "P50", "P90")


def _places_sheet(found: dict[str, Any]) -> Any:
    measures = [one["measure"] for one in found["curves"]]
    heads = [_("Place"), _("Code")]
    for name in measures:
        heads += [f"{MEASURE_WORDS[name]} {stat}" for stat in STATS] + [_("busiest from"), _("until")]
    rows = []
    for row in found["rows"]:
        cells: list[Any] = [_name(row), row["node"]]
        for name in measures:
            one = row["measures"].get(name, {})
            cells += [one.get(stat) for stat in ("mean", "p10", "p50", "p90", "from", "until")]
        rows.append(cells)
    return _("Places"), heads, rows, [30, 20, *[14] * (len(heads) - 2)]
