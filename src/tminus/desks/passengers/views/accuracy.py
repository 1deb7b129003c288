"""Accuracy: how good the forecasts were, in words and by how far ahead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tminus.platform.pages import answer, page


@page
def accuracy(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.forecast.accuracy")
    rows = [{**row, **_percent(row), "name": _ahead(row)} for row in found["horizons"] if row["n"]]
    title = _title(rows[0]) if rows else ""
    return render(request, "passengers/accuracy.html", {**found, "horizons": rows, "title": title})


def _percent(row: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}_percent": 100 * row[name] for name in ("error", "bias", "covered")}


def _ahead(row: dict[str, Any]) -> str:
    if row["first"] == row["last"]:
        return _("the day before")
    if row["last"] > 1000:
        return _("more than %(n)d days ahead") % {"n": row["first"] - 1}
    return _("%(first)d to %(last)d days ahead") % {"first": row["first"], "last": row["last"]}


def _title(row: dict[str, Any]) -> str:
    """The message: the nearest forecasts there are."""
    return _("Issued %(ahead)s: off by %(error).0f %% on average, %(covered).0f %% of days within the interval") % {
        "ahead": row["name"], "error": row["error_percent"], "covered": row["covered_percent"],
    }  # fmt: skip
