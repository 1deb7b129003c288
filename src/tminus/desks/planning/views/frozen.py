"""Pages of frozen checkpoints: freeze one, look at it as it stood, lay two side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tminus.platform.pages import answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform


@require_POST
@page
def freeze(request: HttpRequest, t: str) -> HttpResponse:
    event = event_of(request)
    args = {"t": t, "note": request.POST.get("note", "")}
    try:
        made = perform("planning.checkpoint.freeze", args, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
        return see_other(reverse("checkpoint", kwargs={"event": event.slug, "t": t}))
    for warning in made["warnings"]:
        messages.warning(request, warning)
    if "job" in made:
        return see_other(reverse("job", kwargs={"event": event.slug, "pk": made["job"]}))
    messages.success(request, _("Frozen as no. %(number)d.") % made)
    return see_other(reverse("frozen", kwargs={"event": event.slug, "number": made["number"]}))


@require_POST
@page
def automatic(request: HttpRequest) -> HttpResponse:
    on = request.POST.get("on") == "1"
    said = _("The clock freezes each checkpoint from now on") if on else _("The clock freezes no checkpoint any more")
    back = reverse("checkpoints", kwargs={"event": event_of(request).slug})
    return carry_out(request, "planning.checkpoint.automatic", {"on": on}, said, back)


@page
def frozen(request: HttpRequest, number: int) -> HttpResponse:
    found = answer(request, "planning.frozen.show", {"number": number, "limit": 300})
    by = request.GET.get("by", "unit")
    groups = found["by"].get(by, found["by"]["unit"])
    return render(request, "planning/frozen.html", {"one": found, "groups": groups, "by": by, "frozen": True})


@page
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The document to the byte: ``sha256sum`` of the file is its fingerprint."""
    found = answer(request, "planning.frozen.document", {"number": number})
    response = HttpResponse(found["text"].encode(), content_type="application/json")
    name = f"{event_of(request).slug}-frozen-{number}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@page
def compare(request: HttpRequest, number: int) -> HttpResponse:
    against = request.GET.get("against") or "now"
    found = answer(request, "planning.frozen.compare", {"number": number, "against": against})
    lists = [
        {"kind": kind, "title": title(kind, found["totals"][kind]), "rows": found["changes"][kind], "n": n}
        for kind, n in found["totals"].items()
        if n
    ]
    others = answer(request, "planning.frozen.list")["rows"]
    context = {**found, "lists": lists, "others": others, "message": message(found["totals"]), "against": against}
    return render(request, "planning/frozen_compare.html", context)


def title(kind: str, n: int) -> str:
    """The heading of one list of changes, with its count."""
    words: dict[str, Any] = {
        "became_done": ngettext("%(n)d task became done", "%(n)d tasks became done", n),
        "newly_failed": ngettext("%(n)d task newly failed", "%(n)d tasks newly failed", n),
        "newly_at_risk": ngettext("%(n)d task newly at risk", "%(n)d tasks newly at risk", n),
        "no_longer_done": ngettext("%(n)d task is no longer done", "%(n)d tasks are no longer done", n),
        "moved": ngettext("%(n)d planned finish moved", "%(n)d planned finishes moved", n),
        "changed_hands": ngettext("%(n)d task changed hands", "%(n)d tasks changed hands", n),
        "added": ngettext("%(n)d task was added", "%(n)d tasks were added", n),
        "removed": ngettext("%(n)d task was taken out", "%(n)d tasks were taken out", n),
    }
    return str(words[kind] % {"n": n})


def message(totals: dict[str, int]) -> str:
    """What happened between the two states, in one line."""
    told = [title(kind, totals[kind]) for kind in ("became_done", "newly_failed", "moved") if totals[kind]]
    return " · ".join(told) if told else _("Nothing became done, failed or moved between the two.")
