"""Publishing: first what it would change and for whom, then the act."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tminus.platform.pages import answer, carry_out, event_of, page

SHOWN = 100


@require_http_methods(["GET", "POST"])
@page
def publish(request: HttpRequest) -> HttpResponse:
    """Who is due when if the draft is published; posted, it is."""
    if request.method == "POST":
        back = reverse("timetable", kwargs={"event": event_of(request).slug})
        said = _("Published: duties are due by these dates now")
        return carry_out(request, "planning.publish", {"title": request.POST.get("title", "")}, said, back)
    found = answer(request, "planning.difference", {"most": SHOWN})
    context = {"found": found, "shown": SHOWN, "holes": answer(request, "planning.holes")["total"]}
    return render(request, "planning/publish.html", context)
