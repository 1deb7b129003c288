"""Change proposals: made from what would buy days, decided by their owners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.views.told import told
from tminus.platform.pages import answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

STATES = ("", "open", "adopted", "declined")


@page
def proposals(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    found = answer(request, "planning.proposals", {"state": state if state in STATES else ""})
    for row in (one for one in found["rows"] if one["gain"]):
        row["before_percent"], row["after_percent"] = 100 * row["gain"]["p_before"], 100 * row["gain"]["p_after"]
    return render(request, "planning/proposals.html", {**found, "state": state})


@require_POST
@page
def propose(request: HttpRequest) -> HttpResponse:
    """From a repair of a simulation, or a scenario, to a proposal with its owner."""
    event = event_of(request)
    args: dict[str, Any] = {"owner": request.POST.get("owner", "")}
    if request.POST.get("scenario"):
        args["scenario"] = request.POST["scenario"]
    else:
        args |= {name: _whole(request.POST.get(name, "")) for name in ("run", "repair")}
    back = request.POST.get("back") or reverse("proposals", kwargs={"event": event.slug})
    try:
        made = perform("planning.proposal.make", args, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(reverse("proposals", kwargs={"event": event.slug}))
    said = _("Proposal %(number)d is made; %(owner)s decides") % {"number": made["number"], "owner": made["owner_name"]}
    messages.success(request, said)
    return see_other(
        back
        if back.startswith("/") and not back.startswith("//")
        else reverse("proposals", kwargs={"event": event.slug})
    )


@require_POST
@page
def decide(request: HttpRequest, number: int) -> HttpResponse:
    event = event_of(request)
    back = reverse("proposals", kwargs={"event": event.slug})
    args = {"number": number, "reason": request.POST.get("reason", "")}
    if request.POST.get("decision") != "adopt":
        return carry_out(request, "planning.proposal.decline", args, _("Declined; the plan stays as it is"), back)
    said = _("Adopted: the draft is changed; published dates stay until you publish")
    return told(request, "planning.proposal.adopt", args, said, back)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
