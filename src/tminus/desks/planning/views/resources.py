"""The page of crews and equipment: how loaded they are, the plan levelled, and adopting it."""

from __future__ import annotations

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tminus.desks.planning.load_chart import load_chart
from tminus.desks.planning.views.likelihood import XLSX
from tminus.desks.planning.views.resources_workbook import levelling_workbook
from tminus.desks.planning.views.told import told
from tminus.platform.pages import Field, Form, answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

KINDS = {
    "crew": gettext_lazy("crew"), "equipment": gettext_lazy("equipment"), "person": gettext_lazy("person"),
    "budget": gettext_lazy("budget"), "material": gettext_lazy("material"), "skills": gettext_lazy("skill"),
    "site": gettext_lazy("place"),
}  # fmt: skip
TABLES = {
    "resources": gettext_lazy("resources"), "capacity": gettext_lazy("changes of how many there are"),
    "needs": gettext_lazy("needs of tasks"), "modes": gettext_lazy("ways of doing a task"),
    "places": gettext_lazy("places with a limit"), "masks": gettext_lazy("hours of rest"),
    "marks": gettext_lazy("tasks that keep them"), "calendars": gettext_lazy("shifts"),
}  # fmt: skip


def _form() -> Form:
    return Form(
        [
            Field("resource", gettext_lazy("Code"), required=True),
            Field("capacity", gettext_lazy("How many there are"), required=True),
            Field("start", gettext_lazy("From"), "date", help=gettext_lazy("Both empty: always.")),
            Field("until", gettext_lazy("Until"), "date"),
            Field("name", gettext_lazy("Name"), help=gettext_lazy("In both languages: Mobile cranes / 汽车吊")),
        ]
    )


@page
def resources(request: HttpRequest) -> HttpResponse:
    form, checked = _form(), None
    if request.method == "POST" and "capacity" in request.POST:
        if _saved(request, form):
            messages.success(request, _("Saved; level again to see what it changes."))
            return see_other(request.path)
    elif request.method == "POST":
        checked = _checked(request)
    return render(request, "planning/resources.html", _shown(request, form) | {"form": form, "checked": checked})


def _shown(request: HttpRequest, form: Form) -> dict[str, Any]:
    found = answer(request, "planning.resources")
    chosen = request.GET.get("resource") or (found["rows"][0]["resource"] if found["rows"] else "")
    wanted = request.GET.get("page", "1")
    args = {"resource": chosen, "page": int(wanted) if wanted.isdecimal() and int(wanted) else 1}
    shown = {**found, **answer(request, "planning.levelling", args), "chosen": chosen}
    shown["one"] = next((row for row in found["rows"] if row["resource"] == chosen), None)
    if shown.get("load"):
        shown["chart"] = load_chart(shown["load"]["days"], event_of(request).opening)
    if shown["levelling"]:
        shown["unlevelled"] = [row for row in found["rows"] if row["hours_before"]]
        shown["gap_percent"] = 100 * shown["levelling"]["gap"]
    for row in found["rows"]:
        row["kind_word"] = KINDS.get(row["kind"], row["kind"])
    if found["job"] and request.reach.headquarters:  # type: ignore[attr-defined]
        shown["running"] = answer(request, "job.show", {"job": found["job"]})
    if shown["one"] and request.method != "POST":
        form.fill({"resource": chosen, "capacity": _number(shown["one"]["capacity"])})
    return shown


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


@require_POST
@page
def level(request: HttpRequest) -> HttpResponse:
    back = reverse("resources", kwargs={"event": event_of(request).slug})
    said = _("The plan is being levelled; nothing of it changes.")
    return carry_out(request, "planning.levelling.start", {}, said, back)


@require_POST
@page
def adopt(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("number", "")
    back = reverse("resources", kwargs={"event": event_of(request).slug})
    said = _("Levelled dates adopted into the draft; nothing is published")
    return told(request, "planning.levelling.adopt", {"number": number}, said, back)


@require_POST
@page
def remove(request: HttpRequest) -> HttpResponse:
    args = {"resource": request.POST.get("resource", "")}
    back = reverse("resources", kwargs={"event": event_of(request).slug})
    return carry_out(request, "planning.supply.remove", args, _("Taken away."), back)


@require_POST
@page
def take(request: HttpRequest) -> HttpResponse:
    """Import the file that was looked at before."""
    event = event_of(request)
    back = reverse("resources", kwargs={"event": event.slug})
    file = {"name": request.POST.get("name", ""), "content": request.POST.get("content", "")}
    try:
        done = perform("planning.resources.import", {"file": file}, event=event, person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        n = done["resources"]
        text = ngettext("%(n)d resource taken", "%(n)d resources taken", n) % {"n": n}
        messages.success(request, text)
    return see_other(back)


@page
def exported(request: HttpRequest) -> HttpResponse:
    """The resources as a file that reads back."""
    found = answer(request, "planning.resources.export")
    return _file(base64.b64decode(found["content"]), found["name"])


@page
def levelled(request: HttpRequest) -> HttpResponse:
    """What the page shows, as a workbook: loads, the days of the chosen one, what binds, tasks moved."""
    args = {"resource": request.GET.get("resource", ""), "size": 20_000}
    found = answer(request, "planning.levelling", args)
    loads = answer(request, "planning.resources")["rows"]
    return _file(levelling_workbook(found, loads), f"{event_of(request).slug}-levelling.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _checked(request: HttpRequest) -> dict[str, Any]:
    """What a file handed in would change, and the file itself for the next step."""
    given = request.FILES.get("file")
    if given is None:
        return {"error": _("choose a file first")}
    name, content = given.name or "resources.xlsx", base64.b64encode(given.read()).decode()
    try:
        found = answer(request, "planning.resources.check", {"file": {"name": name, "content": content}})
    except BadInput as error:
        return {"error": str(error)}
    tables = [
        {"name": word, "before": found["before"][table], "after": found["counts"][table]}
        for table, word in TABLES.items()
        if found["before"][table] or found["counts"][table]
    ]
    return {**found, "tables": tables, "content": content, "error": ""}


def _saved(request: HttpRequest, form: Form) -> bool:
    given = {name: value for name, value in form.take(request.POST).items() if value != ""}
    try:
        perform("planning.supply.set", given, event=event_of(request), person=person_of(request))
    except BadInput as error:
        form.blame(error)
        return False
    return True
