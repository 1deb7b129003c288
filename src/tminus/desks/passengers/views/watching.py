"""Today against the forecast."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from tminus.desks.passengers.forecast_charts import curve_chart
from tminus.desks.passengers.forecast_words import ALARM_ADVICE, ALARM_WORDS, CHANNEL_WORDS, rounded
from tminus.platform.pages import answer, page


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
