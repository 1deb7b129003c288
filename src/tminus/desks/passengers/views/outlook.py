"""Outlook: what is expected of the event as a whole, on one form."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tminus.platform.flash import say
from tminus.platform.pages import Field, Form, answer, carry_out, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, perform

FRONT = ("expected_visits", "capacity", "opens", "last_entry", "closes")


def _form() -> Form:
    return Form(
        [
            Field("expected_visits", gettext_lazy("Visits expected over all days"), "number"),
            Field("capacity", gettext_lazy("Most visitors a day"), "number"),
            Field("opens", gettext_lazy("Opens"), help="HH:MM"),
            Field("last_entry", gettext_lazy("Last entry"), help="HH:MM"),
            Field("closes", gettext_lazy("Closes"), help="HH:MM"),
            Field(
                "daily_level",
                gettext_lazy("Visits of an average day"),
                "number",
                help=gettext_lazy("Where no total is expected: from events like it."),
            ),
            Field(
                "choice_percent",
                gettext_lazy("Of those turned away, who come another day, %"),
                "number",
                help=gettext_lazy("Empty: 60."),
            ),
            Field(
                "country",
                gettext_lazy("Whose public holidays count"),
                help=gettext_lazy("Country code: CN, JP, GB-SCT. Empty: weekends alone."),
            ),
            Field(
                "capacity_days",
                gettext_lazy("Days with other room"),
                "textarea",
                help=gettext_lazy("A day and its most visitors a line: 2026-11-07 250000"),
            ),
        ]
    )


@page
def outlook(request: HttpRequest) -> HttpResponse:
    form = _form()
    if request.method == "POST":
        if _saved(request, form):
            undo = reverse("forecast-outlook-undo", kwargs={"event": event_of(request).slug})
            say(request, _("Saved. Forecasts rest on it from now on; forecast anew to see what it changes."), undo=undo)
            return see_other(request.path)
    else:
        form.fill(_typed(answer(request, "passengers.outlook")))
    front = Form([one for one in form.fields if one.name in FRONT], form.error)
    more = Form([one for one in form.fields if one.name not in FRONT])
    context = {
        "front": front, "more": more, "open": any(one.error for one in more.fields),
        "may": request.reach.headquarters,  # type: ignore[attr-defined]
    }  # fmt: skip
    blamed = bool(form.error) or any(one.error for one in form.fields)
    return render(request, "passengers/outlook.html", context, status=422 if blamed else 200)


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    back = reverse("forecast-outlook", kwargs={"event": event_of(request).slug})
    return carry_out(request, "passengers.outlook.undo", {}, _("As it was before"), back)


def _typed(said: dict[str, Any]) -> dict[str, Any]:
    """The outlook as it stands in fields: numbers whole, days a line each."""
    found = {name: _plain(value) for name, value in said.items()}
    found["choice_percent"] = _plain(None if said["choice_share"] is None else round(100 * said["choice_share"], 6))
    found["capacity_days"] = "\n".join(f"{day} {_plain(most)}" for day, most in said["capacity_days"].items())
    return found


def _plain(value: Any) -> Any:
    return f"{value:.12g}" if isinstance(value, int | float) else value


def _saved(request: HttpRequest, form: Form) -> bool:
    typed = form.take(request.POST)
    given: dict[str, Any] = {name: typed.get(name) or None for name in ("expected_visits", "capacity", "daily_level")}
    given |= {name: typed.get(name) or None for name in ("opens", "closes", "last_entry")}
    try:
        given |= {"country": typed.get("country", ""), "choice_share": _share(typed.get("choice_percent"))}
        given["capacity_days"] = _days(typed.get("capacity_days", ""))
        perform("passengers.outlook.change", given, event=event_of(request), person=person_of(request))
    except BadInput as error:
        if error.field == "choice_share":
            error.field = "choice_percent"
        form.blame(error)
        return False
    return True


def _share(text: str | None) -> float | None:
    try:
        return float(text) / 100 if text else None
    except ValueError:
        raise BadInput(_("%(given)s; allowed: 0 … 100") % {"given": text}, field="choice_percent") from None


def _days(text: str) -> dict[str, str]:
    """:raises BadInput: a line that is no day and number."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = re.split(r"[\s;:=]+", line, maxsplit=1)
        if len(parts) != 2:
            message = _("%(line)s; allowed: a day and a number, 2026-11-07 250000") % {"line": line}
            raise BadInput(message, field="capacity_days", value=line)
        found[parts[0]] = parts[1].replace(",", "")
    return found
