"""Accuracy: how good the forecasts were, in words, by how far ahead, kind of day, hour and level."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tminus.desks.passengers.forecast_words import LEVEL_WORDS
from tminus.platform.pages import answer, page

KIND_WORDS: dict[str, Any] = {
    "workday": gettext_lazy("workday"),
    "weekend": gettext_lazy("weekend"),
    "holiday": gettext_lazy("public holiday"),
    "make-up workday": gettext_lazy("make-up workday"),
}
PROMISED = 80
"""Of 100 that should lie within the interval."""
FEW = 10
"""Fewer compared and nothing is said of whether intervals hold."""
CLOSE = 10
"""Points around what is promised that are as promised."""


@page
def accuracy(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.forecast.accuracy")
    horizons = [{**_percent(row), "name": ahead_of(row)} for row in found["horizons"] if row["n"]]
    curves, hours, lead, day_at = (
        [_percent(row) for row in rows if row["error"] is not None]
        for rows in (found["curves"]["levels"], found["curves"]["hours"], found["lead"], found["day_at"])
    )
    context = {
        "anything": bool(horizons or curves or lead),
        "horizons": horizons,
        "kinds": _by_kind(found["kinds"], horizons),
        "curves": [{**row, "name": ahead_of(row), "word": LEVEL_WORDS[row["level"]]} for row in curves],
        "hours": [{**row, "counted": round(row["counted"]), "off": round(row["off"])} for row in hours],
        "lead": [{**row, "name": hours_of(row)} for row in lead],
        "day_at": day_at,
        "days": [
            {**row, "counted": round(row["counted"]), "kind_word": KIND_WORDS.get(row["kind"], row["kind"])}
            for row in found["days"]
        ],
        "title": _title(horizons[0]) if horizons else "",
        "curves_title": _curves_title(curves[0]) if curves else "",
        "lead_title": _lead_title(lead) if lead else "",
    }
    return render(request, "passengers/accuracy.html", context)


def _percent(row: dict[str, Any]) -> dict[str, Any]:
    """Shares as percentages, and whether the interval holds, as shape and words."""
    found = {**row, **{f"{name}_percent": 100 * (row[name] or 0) for name in ("error", "bias", "covered")}}
    return {**found, **_promise(found)}


def _promise(row: dict[str, Any]) -> dict[str, Any]:
    if row["n"] < FEW:
        return {"promise": "unknown", "promise_word": _("too few to say")}
    if row["covered_percent"] < PROMISED - CLOSE:
        return {"promise": "at_risk", "promise_word": _("interval too narrow")}
    if row["covered_percent"] > PROMISED + CLOSE:
        return {"promise": "on_time", "promise_word": _("interval wide enough, rather too wide")}
    return {"promise": "on_time", "promise_word": _("interval as promised")}


def _by_kind(rows: Iterable[dict[str, Any]], horizons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kinds of day with a cell for each span of days ahead that the page shows."""
    spans = [(one["first"], one["last"]) for one in horizons]
    found: dict[str, dict[tuple[int, int], dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["kind"], {})[row["first"], row["last"]] = row
    return [
        {"word": KIND_WORDS.get(kind, kind), "cells": [
            {**_percent(cells[span]), "name": ahead["name"]} for span, ahead in zip(spans, horizons, strict=True)
        ]}
        for kind, cells in found.items()
    ]  # fmt: skip


def ahead_of(row: dict[str, Any]) -> str:
    if row["first"] == row["last"]:
        return _("the day before")
    if row["last"] > 1000:
        return _("more than %(n)d days ahead") % {"n": row["first"] - 1}
    return _("%(first)d to %(last)d days ahead") % {"first": row["first"], "last": row["last"]}


def hours_of(row: dict[str, Any]) -> str:
    if row["last"] >= 24:
        return _("more than %(n)d hours ahead") % {"n": row["first"]}
    if row["first"] == 0:
        return _("within the hour")
    return _("%(first)d to %(last)d hours ahead") % {"first": row["first"], "last": row["last"]}


def _title(row: dict[str, Any]) -> str:
    """The message: the nearest forecasts there are."""
    return _("Issued %(ahead)s: off by %(error).0f %% on average, %(covered).0f %% of days within the interval") % {
        "ahead": ahead_of(row), "error": row["error_percent"], "covered": row["covered_percent"],
    }  # fmt: skip


def _curves_title(row: dict[str, Any]) -> str:
    return ngettext(
        "Issued %(ahead)s, slot by slot: off by %(error).0f %%, %(covered).0f %% of %(n)s slot within the interval",
        "Issued %(ahead)s, slot by slot: off by %(error).0f %%, %(covered).0f %% of %(n)s slots within the interval",
        row["n"],
    ) % {
        "ahead": ahead_of(row), "error": row["error_percent"], "covered": row["covered_percent"], "n": f"{row['n']:,}",
    }  # fmt: skip


def _lead_title(rows: list[dict[str, Any]]) -> str:
    return _("Re-forecast from counts: off by %(error).0f %% %(ahead)s, %(covered).0f %% within the interval") % {
        "ahead": hours_of(rows[0]), "error": rows[0]["error_percent"], "covered": rows[0]["covered_percent"],
    }  # fmt: skip
