"""The record as a page: filtered, exported, verified."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tminus.formats.book_writer import table_csv, workbook
from tminus.platform.pages import answer, page

FILTERS = ("code", "person", "unit", "object_type", "object_id", "from_date", "until_date", "before_seq")
AT_ONCE = 10_000
"""Lines asked for at once; an export holds all of them."""
WIDTHS = [8, 20, 24, 60, 28, 28, 60, 66]
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}


@page
def record(request: HttpRequest) -> HttpResponse:
    """Lines of the record, latest first, narrowed by code, unit, person and day."""
    given = _filters(request)
    shown = answer(request, "record.lines", {**given, "limit": 100})
    check = answer(request, "record.verify") if "verify" in request.GET else None
    oldest = shown["lines"][-1]["seq"] if shown["lines"] else None
    return render(request, "platform/record.html", {**shown, "given": given, "check": check, "oldest": oldest})


@page
def export(request: HttpRequest, form: str) -> HttpResponse:
    """Every line the filters leave, as CSV, workbook or JSON; nothing in a table is a formula."""
    if form not in TYPES:
        raise Http404
    rows = _every_line(request)
    heads = [_("Line"), _("Time"), _("Who"), _("What"), _("Code"), _("Object"), _("Changes"), _("Hash")]
    match form:
        case "csv":
            content = table_csv(heads, [_cells(row) for row in rows])
        case "xlsx":
            content = workbook([(_("Record"), heads, [_cells(row) for row in rows], WIDTHS)])
        case _:
            content = json.dumps(rows, ensure_ascii=False, default=_text).encode()
    name = f"{request.event.slug}-record.{form}"  # type: ignore[attr-defined]
    return HttpResponse(content, TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _every_line(request: HttpRequest) -> list[dict[str, Any]]:
    given = {name: value for name, value in _filters(request).items() if name != "before_seq"}
    rows: list[dict[str, Any]] = []
    while True:
        before = {"before_seq": rows[-1]["seq"]} if rows else {}
        found = answer(request, "record.lines", {**given, **before, "limit": AT_ONCE})["lines"]
        rows += found
        if len(found) < AT_ONCE:
            return rows


def _cells(row: dict[str, Any]) -> list[Any]:
    subject = f"{row['object_type']} {row['object_id']}"
    changes = json.dumps(row["changes"], ensure_ascii=False, default=str)
    at = row["at"].isoformat(timespec="seconds")
    return [row["seq"], at, row["actor"] or "", row["sentence"], row["code"], subject, changes, row["hash"]]


def _text(value: Any) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _filters(request: HttpRequest) -> dict[str, str]:
    return {name: value for name in FILTERS if (value := request.GET.get(name, "").strip())}
