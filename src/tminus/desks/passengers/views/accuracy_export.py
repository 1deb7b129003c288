"""What the accuracy page shows, to take along: a workbook with every table, or the days alone as CSV."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tminus.desks.passengers.forecast_words import LEVEL_WORDS
from tminus.desks.passengers.views.accuracy import KIND_WORDS, ahead_of, hours_of
from tminus.desks.passengers.views.forecasts import XLSX
from tminus.formats.book_writer import table_csv, workbook
from tminus.platform.pages import answer, event_of, page

SCORES = ("n", "error", "bias", "covered")
Row = Mapping[str, Any]


@page
def exported(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.forecast.accuracy")
    name = f"{event_of(request).slug}-accuracy"
    if request.GET.get("as") == "csv":
        _title, heads, rows, _widths = _days_sheet(found)
        return _file(table_csv(heads, rows), "text/csv; charset=utf-8", f"{name}.csv")
    return _file(workbook(_sheets(found)), XLSX, f"{name}.xlsx")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _sheets(found: dict[str, Any]) -> list[Any]:
    curves = found["curves"]
    ahead, hour = _("How far ahead"), _("Hour")
    return [
        _days_sheet(found),
        _scores(_("Visits"), [ahead], [([ahead_of(row)], row) for row in found["horizons"]]),
        _scores(_("By kind of day"), [_("Kind of day"), ahead], [
            ([_kind(row), ahead_of(row)], row) for row in found["kinds"]
        ]),
        _scores(_("Curves"), [_("Where"), ahead], [
            ([str(LEVEL_WORDS[row["level"]]), ahead_of(row)], row) for row in curves["levels"]
        ]),
        _hours_sheet(curves["hours"]),
        _scores(_("Re-forecasts"), [ahead], [([hours_of(row)], row) for row in found["lead"]]),
        _scores(_("Day as re-forecast at"), [hour], [([f"{row['hour']}:00"], row) for row in found["day_at"]]),
    ]  # fmt: skip


def _scores(title: str, heads: list[str], rows: list[tuple[list[str], Row]]) -> Any:
    """Rows of which anything was compared; shares as shares of 1, not rounded."""
    told = [_("Compared"), _("Off by"), _("Too high (+) or low (−)"), _("Within the interval")]
    cells = [[*named, *(row[name] for name in SCORES)] for named, row in rows if row["n"]]
    return title, [*heads, *told], cells, [26] * len(heads) + [18] * len(told)


def _hours_sheet(rows: list[dict[str, Any]]) -> Any:
    heads = [
        _("Hour"), _("Compared"), _("Counted, a slot"), _("Off by, a slot"), _("Too high (+) or low (−)"),
        _("Within the interval"),
    ]  # fmt: skip
    names = ("n", "counted", "off", "bias", "covered")
    cells = [[f"{row['hour']}:00", *(row[name] for name in names)] for row in rows if row["n"]]
    return _("By hour of the day"), heads, cells, [18] * len(heads)


def _days_sheet(found: dict[str, Any]) -> Any:
    heads = [
        _("Day"), _("Kind of day"), _("Days ahead"), "P10", "P90", _("Expected"), _("Counted"),
        _("Within the interval"),
    ]  # fmt: skip
    rows = [
        [row["day"].isoformat(), _kind(row), row["ahead"], *(row[name] for name in ("p10", "p90", "mean", "counted")),
         int(row["inside"])]
        for row in found["days"]
    ]  # fmt: skip
    return _("Day by day"), heads, rows, [14, 20, 14, 14, 14, 14, 14, 20]


def _kind(row: Row) -> str:
    return str(KIND_WORDS.get(row["kind"], row["kind"]))
