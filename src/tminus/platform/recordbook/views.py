"""The record as a page: filtered, exported, verified."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tminus.platform.pages import answer, page

FILTERS = ("code", "person", "unit", "object_type", "object_id", "from_date", "until_date", "before_seq")
MOST_EXPORTED = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@page
def record(request: HttpRequest) -> HttpResponse:
    """Lines of the record, latest first, narrowed by code, unit, person and day."""
    given = _filters(request)
    shown = answer(request, "record.lines", {**given, "limit": 100})
    check = answer(request, "record.verify") if "verify" in request.GET else None
    oldest = shown["lines"][-1]["seq"] if shown["lines"] else None
    return render(request, "platform/record.html", {**shown, "given": given, "check": check, "oldest": oldest})


@page
def export(request: HttpRequest) -> HttpResponse:
    """The lines shown, as CSV; nothing in it is a formula."""
    rows = answer(request, "record.lines", {**_filters(request), "limit": MOST_EXPORTED})["lines"]
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([_("Line"), _("Time"), _("Who"), _("What"), _("Code"), _("Object"), _("Changes"), _("Hash")])
    for row in rows:
        writer.writerow([_plain(cell) for cell in _cells(row)])
    name = f"{request.event.slug}-record.csv"  # type: ignore[attr-defined]
    return HttpResponse(
        "\ufeff" + target.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cells(row: dict[str, Any]) -> list[Any]:
    subject = f"{row['object_type']} {row['object_id']}"
    changes = json.dumps(row["changes"], ensure_ascii=False, default=str)
    return [
        row["seq"],
        row["at"].isoformat(timespec="seconds"),
        row["actor"] or "",
        row["sentence"],
        row["code"],
        subject,
        changes,
        row["hash"],
    ]


def _plain(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _filters(request: HttpRequest) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := request.GET.get(name, "").strip())}
