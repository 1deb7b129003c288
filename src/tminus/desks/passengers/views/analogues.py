"""Events like this one: their figures with sources, edited row by row."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tminus.desks.passengers.forecast_words import FIGURE_WORDS
from tminus.desks.passengers.views.forecasts import XLSX
from tminus.formats.analogues import COLUMNS, AnalogueRow, analogues_csv
from tminus.formats.book_writer import workbook
from tminus.platform.flash import say
from tminus.platform.pages import Field, Form, answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

POLICY = "policy"


def _form() -> Form:
    return Form(
        [
            Field("event", gettext_lazy("Event"), required=True),
            Field(
                "what", gettext_lazy("Figure"), "select",
                choices=[*FIGURE_WORDS.items(), (POLICY, gettext_lazy("what a policy did to a day"))],
            ),
            Field("value", gettext_lazy("Value"), "number", required=True),
            Field("source", gettext_lazy("Source"), required=True, help=gettext_lazy("Where and when it was read.")),
            Field("note", gettext_lazy("Note")),
            Field(POLICY, gettext_lazy("Name of the policy"), help=gettext_lazy("As a day may have it: free entry.")),
        ]
    )  # fmt: skip


@page
def analogues(request: HttpRequest) -> HttpResponse:
    form, number = _form(), request.GET.get("edit", "")
    found = answer(request, "passengers.analogues")
    if request.method == "POST" and (done := _saved(request, form, number)):
        _say(request, _("Saved. Forecasts rest on it from now on."), done["digest"])
        return see_other(request.path)
    chosen = next((row for row in found["rows"] if str(row["number"]) == number), None)
    if chosen and request.method != "POST":
        form.fill(_typed(chosen))
    blamed = bool(form.error) or any(one.error for one in form.fields)
    rows = [
        {**row, "word": FIGURE_WORDS.get(row["what"], row["what"]), "shown": f"{row['value']:,.6g}"}
        for row in found["rows"]
    ]
    may = request.reach.headquarters  # type: ignore[attr-defined]
    front, more = (Form(fields) for fields in (form.fields[:4], form.fields[4:]))
    front.error = form.error
    context = {**found, "rows": rows, "front": front, "more": more, "chosen": chosen, "may": may}
    context["open"] = any(one.error or (one.name == POLICY and one.value) for one in more.fields)
    return render(request, "passengers/analogues.html", context, status=422 if blamed else 200)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it stands in fields: a policy goes by its own name."""
    policy = {} if row["what"] in FIGURE_WORDS else {"what": POLICY, POLICY: row["what"]}
    return {**row, "value": f"{row['value']:.12g}", **policy}


def _saved(request: HttpRequest, form: Form, number: str) -> Any:
    given = form.take(request.POST)
    given |= {"seen": request.POST.get("seen", ""), "number": number or None}
    policy = given.pop(POLICY, "")
    if given.get("what") == POLICY:
        given["what"] = policy
    try:
        return perform("passengers.analogue.set", given, event=event_of(request), person=person_of(request))
    except BadInput as error:
        if error.field == "what":
            error.field = POLICY  # every other figure is one of a list
        form.blame(error)
        return None


def _say(request: HttpRequest, text: str, digest: str) -> None:
    say(request, text, undo=reverse("analogues-undo", kwargs={"event": event_of(request).slug}), seen=digest)


@page
def exported(request: HttpRequest) -> HttpResponse:
    """The figures as the table they are handed in as: a workbook, or CSV."""
    rows = [
        AnalogueRow(**{name: row[name] for name in COLUMNS}) for row in answer(request, "passengers.analogues")["rows"]
    ]
    name = f"{event_of(request).slug}-events-like-it"
    if request.GET.get("as") == "csv":
        return _file(analogues_csv(rows), "text/csv; charset=utf-8", f"{name}.csv")
    sheet: Any = (_("Events like it"), [names[0] for names in COLUMNS.values()], [list(row) for row in rows], WIDTHS)
    return _file(workbook([sheet]), XLSX, f"{name}.xlsx")


WIDTHS = [26, 20, 14, 60, 40]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_POST
@page
def remove(request: HttpRequest) -> HttpResponse:
    args = {name: request.POST.get(name, "") for name in ("number", "seen")}
    try:
        done = perform("passengers.analogue.remove", args, event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        _say(request, _("Taken away."), done["digest"])
    return see_other(_back(request))


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    args = {"seen": request.POST.get("seen", "")}
    return carry_out(request, "passengers.analogue.undo", args, _("As it was before"), _back(request))


def _back(request: HttpRequest) -> str:
    return reverse("analogues", kwargs={"event": event_of(request).slug})
