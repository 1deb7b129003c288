"""Pages of what the plan rests on: areas, places, working calendars."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.desks.planning.models import Dimension
from tminus.desks.planning.queries.basics import span_of
from tminus.platform.pages import Field, Form, answer, event_of, page, person_of, see_other, submitted
from tminus.platform.registry import BadInput, perform

CODE_HELP = gettext_lazy("Stands in files and addresses; no blanks or commas.")


def _named() -> list[Field]:
    return [
        Field("code", gettext_lazy("Code"), required=True, help=CODE_HELP),
        Field("name_en", gettext_lazy("Name (English)"), required=True),
        Field("name_zh", gettext_lazy("Name (Chinese)")),
    ]


def _area_form() -> Form:
    dimensions = [("", gettext_lazy("none")), *((one.value, one.label) for one in Dimension)]
    return Form(
        [
            *_named(),
            Field("dimension", gettext_lazy("Counts towards"), "select", choices=dimensions),
            Field("weight", gettext_lazy("Weight"), value=1),
            Field("order", gettext_lazy("Order"), "number", value=0),
        ]
    )


def _place_form() -> Form:
    return Form(
        [
            *_named(),
            Field("kind", gettext_lazy("Kind"), help=gettext_lazy("hall, gate, station, hotel …")),
            Field("lon", gettext_lazy("Longitude"), required=True, help=gettext_lazy("Degrees, east positive.")),
            Field("lat", gettext_lazy("Latitude"), required=True, help=gettext_lazy("Degrees, north positive.")),
            Field("level", gettext_lazy("Level")),
        ]
    )


@page
def areas(request: HttpRequest) -> HttpResponse:
    """Areas of work with what each counts towards."""
    return _edited(request, "area", "planning.areas", _area_form(), "planning/areas.html")


@page
def places(request: HttpRequest) -> HttpResponse:
    """Places of the operations map."""
    return _edited(request, "place", "planning.places", _place_form(), "planning/places.html")


def _edited(request: HttpRequest, kind: str, query: str, form: Form, template: str) -> HttpResponse:
    """The list with a form below it: empty for a new row, filled for the one named by ``?edit=``."""
    event = event_of(request)
    if "remove" in request.POST:
        return _removed(request, f"planning.{kind}.remove")
    if request.method == "POST" and submitted(request, form, f"planning.{kind}.set", event=event):
        messages.success(request, _("Saved."))
        return see_other(request.path)
    rows = answer(request, query)
    edited = request.GET.get("edit", "")
    chosen = next((row for row in rows if row["code"] == edited), None)
    if chosen and request.method != "POST":
        form.fill(chosen)
    return render(request, template, {"rows": rows, "form": form, "chosen": chosen, "may": _may(request)})


def _removed(request: HttpRequest, code: str) -> HttpResponse:
    try:
        perform(code, {"code": request.POST["remove"]}, event=event_of(request), person=person_of(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken away."))
    return see_other(request.path)


def _may(request: HttpRequest) -> bool:
    return bool(request.reach.headquarters)  # type: ignore[attr-defined]


@page
def calendars(request: HttpRequest) -> HttpResponse:
    """Working calendars: weekdays, hours, holidays and make-up working days of the event's time."""
    if "remove" in request.POST:
        return _removed(request, "planning.calendar.remove")
    rows = answer(request, "planning.calendars")
    edited = request.GET.get("edit", "")
    chosen = next((row for row in rows if row["code"] == edited), None)
    first, last = span_of(event_of(request).opening)
    typed, error = _filled(chosen, first, last), ""
    if request.method == "POST":
        typed = {name: request.POST.get(name, "") for name in ("code", "name", "hours", "holidays", "workdays")}
        typed |= {"is_default": "is_default" in request.POST, "weekdays": request.POST.getlist("weekdays")}
        try:
            args = _calendar_args(typed, chosen, first, last)
            perform("planning.calendar.set", args, event=event_of(request), person=person_of(request))
        except BadInput as refused:
            error = str(refused)
        else:
            messages.success(request, _("Saved; floats and statuses follow, planned dates stay."))
            return see_other(request.path)
    context = {"rows": rows, "chosen": chosen, "typed": typed, "error": error, "may": _may(request)}
    return render(request, "planning/calendars.html", {**context, "first": first, "last": last, "weekdays": "0123456"})


def _filled(chosen: dict[str, Any] | None, first: date, last: date) -> dict[str, Any]:
    """What the form holds at first; days beyond the span shown are kept when it is saved."""
    if chosen is None or chosen["form"] is None:
        return {"weekdays": list("01234"), "hours": "09:00-17:00"}
    form = chosen["form"]
    days = {
        name: "\n".join(str(day) for day in form[name] if first <= day <= last) for name in ("holidays", "workdays")
    }
    hours = ", ".join("-".join(pair) for pair in form["hours"])
    weekdays = [str(day) for day in form["working_weekdays"]]
    return {**chosen, **days, "hours": hours, "weekdays": weekdays}


def _calendar_args(typed: dict[str, Any], chosen: dict[str, Any] | None, first: date, last: date) -> dict[str, Any]:
    """:raises BadInput: hours that are not written as from-until."""
    args = {name: typed[name].strip() for name in ("code", "name")}
    args |= {"is_default": typed["is_default"], "working_weekdays": typed["weekdays"]}
    args["hours"] = [_interval(part) for part in typed["hours"].replace("，", ",").split(",") if part.strip()]
    same = chosen is not None and chosen["form"] is not None and chosen["code"] == args["code"]
    for name in ("holidays", "workdays"):
        kept = chosen["form"][name] if same and chosen else []
        beyond = [day.isoformat() for day in kept if not first <= day <= last]
        args[name] = [*beyond, *typed[name].replace(",", " ").split()]
    return args


def _interval(text: str) -> list[str]:
    parts = [part.strip() for part in text.replace("–", "-").replace("—", "-").split("-")]
    if len(parts) != 2:
        raise BadInput(f"hours: {text.strip()!r}; allowed: 09:00-12:00, 13:00-17:00", field="hours", value=text)
    return parts
