"""Today: who came, who left, who is on the site, by gate."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tminus.desks.passengers.charts import site_chart
from tminus.desks.passengers.forecast_words import ALARM_WORDS, CHANNEL_WORDS
from tminus.desks.passengers.words import STATES
from tminus.platform.pages import answer, page


@page
def today(request: HttpRequest) -> HttpResponse:
    found = answer(request, "passengers.today")
    found["doubtful"] = [
        {**one, "word": ALARM_WORDS.get(one["kind"], one["kind"]), "channel_word": CHANNEL_WORDS[one["channel"]]}
        for one in found["doubtful"]
    ]
    found["left_out"] = [{**one, "word": STATES[one["kind"]]} for one in found["left_out"]]
    context = {**found, "chart": site_chart(found["slots"]), "title": title(found)}
    return render(request, "passengers/today.html", context)


@page
def now(request: HttpRequest) -> HttpResponse:
    """Whether anything came in since a page was drawn."""
    response = JsonResponse(answer(request, "passengers.now"))
    response["Cache-Control"] = "no-store"
    return response


def title(found: dict[str, Any]) -> str:
    """The message of the chart."""
    if not found["entries"]:
        return _("Nobody has come in yet")
    busiest = max(found["slots"], key=lambda slot: slot["in"])
    return ngettext(
        "%(n)s person came in within the busiest quarter of an hour, from %(at)s",
        "%(n)s persons came in within the busiest quarter of an hour, from %(at)s",
        busiest["in"],
    ) % {"n": f"{busiest['in']:,}", "at": f"{busiest['at']:%H:%M}"}
