"""Two scenarios of a day side by side: figures with their difference, curves together, worst places, both maps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.desks.passengers.day_charts import two_curves
from tminus.desks.passengers.days.figure_words import FIGURES, minutes, written, written_difference
from tminus.formats.book_writer import table_csv, workbook
from tminus.platform.pages import answer, event_of, page, see_other
from tminus.platform.registry import BadInput

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CURVES = {
    "on_site": gettext_lazy("On the site, persons"),
    "queue": gettext_lazy("In queues at the gates, persons"),
    "wait_s": gettext_lazy("Mean wait at the gates, minutes"),
    "left_behind": gettext_lazy("Left behind by vehicles so far, persons"),
}
WORST_SHOWN = 8
KINDS = {"way": gettext_lazy("way"), "gate": gettext_lazy("gate"), "stop": gettext_lazy("stop")}


@page
def compare(request: HttpRequest) -> HttpResponse:
    keys, found = _keys(request), answer(request, "passengers.days")
    choices = {one["key"]: one for one in found["scenarios"]}
    context: dict[str, Any] = {
        "choices": [*choices.values()], "asked": keys, "files": found["files"],
        "may": request.reach.headquarters,  # type: ignore[attr-defined]
        "unwalked": [choices[key] for key in dict.fromkeys(keys) if key in choices and not choices[key]["walk"]],
    }  # fmt: skip
    if context["unwalked"]:
        context["waiting"] = any(one["job"] for one in context["unwalked"])
    elif len(keys) == 2:
        try:
            context |= _shown(answer(request, "passengers.day.compare", dict(zip("ab", keys, strict=True))))
        except BadInput as error:
            context["error"] = str(error)
    elif keys:
        context["error"] = _("Tick two scenarios, no more and no fewer.")
    return render(request, "passengers/day_compare.html", context)


def _keys(request: HttpRequest) -> list[str]:
    """``a`` and ``b``, or the two ticked in the list."""
    asked = [request.GET.get(name, "") for name in "ab"]
    return asked if all(asked) else request.GET.getlist("s")


def _shown(found: dict[str, Any]) -> dict[str, Any]:
    sides = (found["a"], found["b"])
    return {
        **found,
        "sides": [{**side, "letter": letter, "worst": _worst(side)} for letter, side in zip("AB", sides, strict=True)],
        "rows": [_row(one) for one in found["rows"]],
        "gates": [_gate(one) for one in found["gates"]],
        "charts": [_chart(name, title, *sides) for name, title in CURVES.items()],
        "days_differ": found["a"]["day"] != found["b"]["day"],
    }


def _row(one: dict[str, Any]) -> dict[str, Any]:
    name = one["figure"]
    return {
        "word": FIGURES[name], "a": written(name, one["a"]), "b": written(name, one["b"]),
        "difference": written_difference(name, one["difference"]), "better": one["better"].upper(),
    }  # fmt: skip


def _gate(one: dict[str, Any]) -> dict[str, Any]:
    cells = [
        {"queue": f"{side['longest']:,}", "wait": minutes(side["mean_wait_s"] or 0)} if side else None
        for side in (one["a"], one["b"])
    ]
    return {"name": one["name"], "cells": cells}


def _worst(side: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {**one, "kind": KINDS[one["kind"]], "said": _said(one), "times": f"{one['from']}–{one['to']}"}
        for one in side["figures"]["worst"][:WORST_SHOWN]
    ]


def _said(one: dict[str, Any]) -> str:
    """How bad it was in its worst slot."""
    if one["kind"] == "way":
        return _("level %(level)s, %(value)s persons/m²") % {"level": one["level"], "value": f"{one['value']:.1f}"}
    if one["kind"] == "gate":
        return _("%(n)s waiting, %(wait)s") % {"n": f"{one['persons']:,}", "wait": minutes(one["value"])}
    return _("%(n)s left behind in the slot") % {"n": f"{one['value']:,}"}


def _chart(name: str, title: Any, a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    curves = [side["figures"]["curves"] for side in (a, b)]
    times = max((one["times"] for one in curves), key=len)
    values = [[value / 60 for value in one[name]] if name == "wait_s" else one[name] for one in curves]
    return {**two_curves(times, *values), "title": title}


@page
def exported(request: HttpRequest) -> HttpResponse:
    """The comparison: a workbook with figures, gates and curves, or the figures alone as CSV."""
    keys = _keys(request)
    if len(keys) != 2:
        answer(request, "passengers.days")  # whoever may not read them is told that first
        messages.error(request, _("Tick two scenarios, no more and no fewer."))
        return see_other(reverse("day-scenarios", kwargs={"event": event_of(request).slug}))
    found = answer(request, "passengers.day.compare", dict(zip("ab", keys, strict=True)))
    name = f"{event_of(request).slug}-{keys[0]}-{keys[1]}"
    sheets = [_figures_sheet(found), _gates_sheet(found), _curves_sheet(found)]
    if request.GET.get("as") == "csv":
        _title, heads, rows, _widths = sheets[0]
        return _file(table_csv(heads, rows), "text/csv; charset=utf-8", f"{name}.csv")
    return _file(workbook(sheets), XLSX, f"{name}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _figures_sheet(found: dict[str, Any]) -> Any:
    """Raw figures; durations in seconds, the last arrival in seconds after 05:00."""
    names = [found["a"]["name"], found["b"]["name"]]
    rows = [
        [str(FIGURES[one["figure"]]), one["figure"], one["a"], one["b"], one["difference"],
         {"a": names[0], "b": names[1]}.get(one["better"], "")]
        for one in found["rows"]
    ]  # fmt: skip
    heads = [_("Figure"), _("Code"), *names, _("Difference"), _("Better")]
    return _("Figures"), heads, rows, [34, 20, 24, 24, 14, 24]


def _gates_sheet(found: dict[str, Any]) -> Any:
    heads = [_("Gate"), _("Code")]
    for side in ("a", "b"):
        heads += [f"{found[side]['name']}: {word}" for word in (_("longest queue"), _("mean wait, s"), _("passed"))]
    rows = []
    for one in found["gates"]:
        cells = [(one[side] or {}).get(name) for side in "ab" for name in ("longest", "mean_wait_s", "served")]
        rows.append([one["name"], one["gate"], *cells])
    return _("Gates"), heads, rows, [24, 14, *[18] * 6]


def _curves_sheet(found: dict[str, Any]) -> Any:
    curves = [found[side]["figures"]["curves"] for side in "ab"]
    times = max((one["times"] for one in curves), key=len)
    heads = [_("Time"), *(f"{title} · {found[side]['name']}" for title in _curve_titles() for side in "ab")]
    rows = [
        [at, *(one[name][n] if n < len(one[name]) else None for name in CURVES for one in curves)]
        for n, at in enumerate(times)
    ]
    return _("Curves"), heads, rows, [8, *[22] * (2 * len(CURVES))]


def _curve_titles() -> list[str]:
    """As drawn, but waits in seconds."""
    return [_("Mean wait at the gates, seconds") if name == "wait_s" else str(title) for name, title in CURVES.items()]
