"""Files forecasts are made from: handed in, looked at, taken."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.passengers.forecast_words import FILE_WORDS, HANDED_IN, counters_said
from tminus.desks.passengers.views.handed_file import handed_file
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform


@page
def hand_in(request: HttpRequest) -> HttpResponse:
    """Upload a file, or paste rows from a spreadsheet; both are looked at first."""
    error, what = "", request.POST.get("what", request.GET.get("what", "registrations"))
    pasted = request.POST.get("pasted", "")
    if request.method == "POST":
        try:
            return _handed_in(request, what, pasted)
        except BadInput as refused:
            error = str(refused)
    found = answer(request, "passengers.forecast")
    kinds = [{"name": name, "word": word, "chosen": name == what} for name, word in _kinds()]
    files = [{**row, "what": FILE_WORDS.get(row["name"].split(".")[0], row["name"])} for row in found["files"]]
    context = {"error": error, "pasted": pasted, "kinds": kinds, "files": files}
    return render(request, "passengers/forecast_files.html", context, status=422 if error else 200)


def _kinds() -> list[tuple[str, Any]]:
    return [(name, FILE_WORDS[name]) for name in HANDED_IN]


def _handed_in(request: HttpRequest, what: str, pasted: str) -> HttpResponse:
    args: dict[str, Any] = {"what": what, "file": handed_file(request, pasted, what)}
    done = perform("passengers.forecast.read", args, event=event_of(request), person=person_of(request))
    return see_other(reverse("forecast-file", kwargs={"event": event_of(request).slug, "pk": done["file"]}))


@page
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run of a file."""
    found = answer(request, "passengers.forecast.file", {"file": pk})
    found["what"] = FILE_WORDS.get(found["name"].split(".")[0], found["name"])
    says, before = found["found"].get("says", {}), found["found"].get("before", {})
    days = {**before.get("days", {}), **says.get("days", {})}
    found["days"] = [
        {"day": day, "before": before.get("days", {}).get(day), "now": says.get("days", {}).get(day)}
        for day in sorted(days)
    ]
    found["counters"] = counters_said(found["found"]) if "said" in found["found"] else []
    return render(request, "passengers/forecast_file.html", {"one": found})


@require_POST
@page
def take(request: HttpRequest, pk: int) -> HttpResponse:
    event = event_of(request)
    try:
        perform("passengers.forecast.take", {"file": pk}, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(reverse("forecast-file", kwargs={"event": event.slug, "pk": pk}))
    messages.success(request, _("Taken. Forecasts are made from it from now on; forecast anew to see what it changes."))
    return see_other(reverse("forecast", kwargs={"event": event.slug}))
