"""Checkpoint pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.platform.pages import answer, carry_out, event_of, page


@page
def checkpoints(request: HttpRequest) -> HttpResponse:
    found, states = answer(request, "planning.checkpoints"), answer(request, "planning.frozen.list")
    for one in found["checkpoints"]:
        one["frozen"] = [state for state in states["rows"] if state["date"] == one["date"]]
    return render(request, "planning/checkpoints.html", {**found, "states": states})


@page
def checkpoint(request: HttpRequest, t: str) -> HttpResponse:
    found = answer(request, "planning.checkpoint", {"t": t, "limit": 300})
    found["links"] = links_of(found, request.now.date())  # type: ignore[attr-defined]
    by = request.GET.get("by", "unit")
    groups = found["by"].get(by, found["by"]["unit"])
    states = answer(request, "planning.frozen.list", {"t": t})
    return render(request, "planning/checkpoint.html", {"one": found, "groups": groups, "by": by, "states": states})


OPEN = "late,at_risk,unknown,stale,on_time"
"""Every status but done."""


def links_of(found: dict[str, Any], today: date) -> dict[str, str]:
    """The book's filters that show exactly the tasks behind each count of a checkpoint."""
    due = {"leaves": 1, "due_by": found["date"]}
    counts: dict[str, dict[str, Any]] = {
        "due": due,
        "done": {**due, "status": "done"},
        "failed": {**due, "due_by": min(found["date"], today), "status": OPEN},
        "at_risk": {**due, "due_after": today, "forecast_after": found["date"], "status": OPEN},
    }
    return {name: urlencode(filters) for name, filters in counts.items()}


@require_POST
@page
def reschedule(request: HttpRequest) -> HttpResponse:
    back = reverse("timetable", kwargs={"event": event_of(request).slug})
    args = {"policy": request.POST.get("policy", "alap_total")}
    return carry_out(request, "planning.reschedule", args, _("The draft is scheduled anew; published dates stay"), back)
