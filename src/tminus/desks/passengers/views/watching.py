"""Today against the forecast."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tminus.desks.passengers.forecast_charts import curve_chart
from tminus.desks.passengers.forecast_words import ALARM_ADVICE, ALARM_WORDS, CHANNEL_WORDS, rounded
from tminus.desks.passengers.views.forecasts import XLSX
from tminus.formats.book_writer import workbook
from tminus.platform.pages import answer, event_of, page


@page
def today(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.forecast.today")
    if not found["why"]:
        site = found["site"]
        found["chart"] = curve_chart(found["times"], site, site["before"])
        found["title"] = title(found)
        doubtful = {row["node"] for row in found["alarms"] if row["fault"]}
        found["gates"] = [{**row, **_standing(row, row["node"] in doubtful)} for row in found["gates"]]
        found["alarms"] = [
            {**row, "kind_word": ALARM_WORDS.get(row["kind"], row["kind"]),
             "seen": _whole(row["seen"]), "low": _whole(row["low"]), "high": _whole(row["high"]),
             "channel_word": CHANNEL_WORDS.get(row["channel"], ""), "status": "unknown" if row["fault"] else "late",
             "advice": ALARM_ADVICE.get(row["kind"], "")}
            for row in reversed(found["alarms"])
        ]  # fmt: skip
        found["groups"] = [
            {"word": word, "alarms": [row for row in found["alarms"] if row["fault"] == fault]}
            for fault, word in ((False, _("People")), (True, _("Counters, and figures taken instead")))
        ]
    return render(request, "passengers/today_forecast.html", found)


@page
def exported(request: HttpRequest) -> HttpResponse:
    """What the page shows as a workbook: slots, gates and alarms."""
    found = answer(request, "passengers.forecast.today")
    if found["why"]:
        raise Http404(_("this day has not been forecast"))
    sheets: list[Any] = [_slots_sheet(found), _gates_sheet(found), _alarms_sheet(found)]
    name = f"{event_of(request).slug}-today-{found['day']}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(workbook(sheets), XLSX, headers=headers)


def _slots_sheet(found: dict[str, Any]) -> Any:
    site = found["site"]
    heads = [_("Time"), _("actually counted"), _("expected now"), "P10", "P90", _("expected this morning")]
    columns = (found["times"], *(site[name] for name in ("counted", "mean", "p10", "p90", "before")))
    return _("coming in"), heads, [list(row) for row in zip(*columns, strict=True)], [18] * len(heads)


def _gates_sheet(found: dict[str, Any]) -> Any:
    heads = [_("Gate"), _("Counted"), *(f"{word} {name}" for word in (_("Expected by then"), _("Still to come"))
                                        for name in ("Ø", "P10", "P90"))]  # fmt: skip
    rows = [
        [row["name"], row["counted"], *(row[part][name] for part in ("expected", "rest") for name in STATS)]
        for row in found["gates"]
    ]
    return _("By gate"), heads, rows, [26, *[16] * (len(heads) - 1)]


STATS = ("mean", "p10", "p90")


def _alarms_sheet(found: dict[str, Any]) -> Any:
    heads = [_("When"), _("Place"), _("What"), _("Counted"), _("Expected from"), _("until")]
    rows = [
        [f"{row['from']}–{row['until']}", row["name"], str(ALARM_WORDS.get(row["kind"], row["kind"])),
         *(_whole(row[name]) for name in ("seen", "low", "high"))]
        for row in found["alarms"]
    ]  # fmt: skip
    return _("Alarms"), heads, rows, [16, 26, 50, 12, 12, 12]


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def title(found: dict[str, Any]) -> str:
    """The message: how the day goes against what was expected."""
    gates = found["gates"]
    low, high = (f"{rounded(found['visits']['now'][name]):,}" for name in ("p10", "p90"))
    if any(row["counted"] is None for row in gates):
        return _("The day is expected to reach %(low)s–%(high)s visits; not every gate is counted") % {
            "low": low, "high": high,
        }  # fmt: skip
    if any(row["fault"] for row in found["alarms"]):
        return _("The day is expected to reach %(low)s–%(high)s visits; a counter is doubtful") % {
            "low": low,
            "high": high,
        }
    counted, expected = sum(row["counted"] for row in gates), sum(row["expected"]["mean"] for row in gates)
    return _("By %(at)s %(n)s came in, %(expected)s were expected; the day is expected to reach %(low)s–%(high)s") % {
        "at": f"{found['counted_until']:%H:%M}", "n": f"{counted:,}", "expected": f"{rounded(expected):,}", "low": low,
        "high": high,
    }  # fmt: skip


def _standing(row: dict[str, Any], doubtful: bool) -> dict[str, Any]:
    """Where a gate's count stands to its interval."""
    if row["counted"] is None:
        return {"status": "unknown", "word": _("not known")}
    if doubtful:
        return {"status": "unknown", "word": _("a counter here is doubtful")}
    if row["counted"] > row["expected"]["p90"]:
        return {"status": "at_risk", "word": _("more than expected")}
    if row["counted"] < row["expected"]["p10"]:
        return {"status": "at_risk", "word": _("fewer than expected")}
    return {"status": "on_time", "word": _("as expected")}
