"""What a task waits for: its list of links with the forms that change it, on its page and beside the timetable."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tminus.desks.planning.views.told import told
from tminus.platform.pages import answer, event_of, page

KINDS = {
    "FS": gettext_lazy("starts when it is finished (FS)"),
    "SS": gettext_lazy("starts when it has started (SS)"),
    "FF": gettext_lazy("finishes when it is finished (FF)"),
    "SF": gettext_lazy("finishes when it has started (SF)"),
}


@require_http_methods(["GET", "POST"])
@page
def links(request: HttpRequest) -> HttpResponse:
    """The links of ``?task=`` as a piece of a page, ``predecessor`` and ``kind`` filled in; posted, one is changed."""
    return _changed(request) if request.method == "POST" else _listed(request)


def _listed(request: HttpRequest) -> HttpResponse:
    one = answer(request, "planning.task", {"task": request.GET.get("task", "")})
    context = {"one": one, "kinds": KINDS.items(), "beside": True, "back": request.GET.get("back", "")}
    if key := request.GET.get("predecessor"):
        other = answer(request, "planning.task", {"task": key})
        context |= {"other": other, "kind": request.GET.get("kind", "FS"), "early_days": _early_by(one, other)}
    return render(request, "planning/links.html", context)


def _early_by(one: dict[str, Any], other: dict[str, Any]) -> int:
    """Calendar days by which ``one`` is to begin before ``other`` is finished; 0 where it is not."""
    if not one["start"] or not other["finish"]:
        return 0
    days: int = (other["finish"].date() - one["start"].date()).days
    return max(days, 0)


def _changed(request: HttpRequest) -> HttpResponse:
    given, key = request.POST, request.POST.get("task", "")
    back = given.get("back", "")
    if not url_has_allowed_host_and_scheme(back, None):
        back = reverse("task", kwargs={"event": event_of(request).slug, "key": key or "-"})
    args = {"successor": key, "predecessor": given.get("predecessor", "").strip(), "kind": given.get("kind", "FS")}
    if "take" in given:
        return told(request, "planning.unlink", args, _("Link taken away"), back)
    return told(request, "planning.link", {**args, "lag": given.get("lag", "").strip() or "0d"}, _("Linked"), back)
