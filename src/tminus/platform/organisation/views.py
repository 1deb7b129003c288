"""Pages of the organisation: the chart, a unit, the people, a person's reach, the sheet."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.formats.organisation import organisation_xlsx
from tminus.formats.problems import BadFile, Rejected
from tminus.platform.flash import say
from tminus.platform.models import Person, Rank, Reach, UnitKind
from tminus.platform.organisation.importing import read_sheet
from tminus.platform.pages import Field, Form, answer, page, person_of, see_other, submitted
from tminus.platform.registry import BadInput, perform

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNIT_ACTS = {
    "unit": "organisation.unit.create",
    "post": "organisation.post.create",
    "appointment": "organisation.appointment.make",
}


@page
def chart(request: HttpRequest) -> HttpResponse:
    """The tree of units as it stands on a day."""
    day = _day(request)
    shown = answer(request, "organisation.chart", {"day": day} if day else {})
    may = request.reach.headquarters  # type: ignore[attr-defined]
    return render(request, "platform/chart.html", {"chart": shown, "may": may})


@page
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """One unit; those who may shape it add units, posts and people here."""
    shown = answer(request, "organisation.unit", {"unit": code})
    forms = _unit_forms(shown) if shown["can_act"] else {}
    if request.method == "POST":
        which = request.POST.get("form", "")
        if which == "end":
            return _end(request)
        place = {"unit": {"parent": code}, "post": {"unit": code}}.get(which, {})
        if which in forms and submitted(request, forms[which], UNIT_ACTS[which], event=request.event, also=place):  # type: ignore[attr-defined]
            say(request, _unit_said(which, forms[which], shown["name"]))
            return see_other(request.path)
    return render(request, "platform/unit.html", {"unit": shown, "forms": forms})


def _unit_said(which: str, form: Form, unit: str) -> str:
    """What was done, to whom."""
    typed = {one.name: one for one in form.fields}
    if which == "appointment":
        person, post = (dict(typed[name].choices).get(typed[name].value, "") for name in ("person", "post"))
        return _("%(person)s holds the post %(post)s in %(unit)s.") % {"person": person, "post": post, "unit": unit}
    name = typed["title_en" if which == "post" else "name_en"].value
    return _("%(name)s is added to %(unit)s.") % {"name": name, "unit": unit}


def _end(request: HttpRequest) -> HttpResponse:
    given = {"appointment": request.POST.get("appointment"), "until": request.POST.get("until") or None}
    try:
        perform("organisation.appointment.end", given, event=request.event, person=person_of(request))  # type: ignore[attr-defined]
        say(request, _("The appointment ends on %(day)s.") % {"day": given["until"]})
    except BadInput as error:
        messages.error(request, str(error))
    return see_other(request.path)


def _unit_forms(shown: dict[str, Any]) -> dict[str, Form]:
    people = Person.objects.filter(is_active=True, erased_at=None)
    posts = [(post["code"], post["title"]) for post in shown["posts"]]
    return {
        "unit": Form(
            [
                Field("code", gettext_lazy("Code"), required=True),
                Field("name_en", gettext_lazy("Name (English)"), required=True),
                Field("name_zh", gettext_lazy("Name (Chinese)")),
                Field("kind", gettext_lazy("Kind"), "select", choices=list(UnitKind.choices), value="team"),
                Field("temporary", gettext_lazy("Temporary"), "checkbox"),
                Field("from_date", gettext_lazy("From"), "date"),
                Field("until_date", gettext_lazy("Until"), "date"),
            ]
        ),
        "post": Form(
            [
                Field("code", gettext_lazy("Code"), required=True),
                Field("title_en", gettext_lazy("Title (English)"), required=True),
                Field("title_zh", gettext_lazy("Title (Chinese)")),
                Field("rank", gettext_lazy("Rank"), "select", choices=list(Rank.choices), value="member"),
                Field("reach", gettext_lazy("Reach"), "select", choices=list(Reach.choices), value="own"),
                Field("place", gettext_lazy("Place on the operations map (code)")),
            ]
        ),
        "appointment": Form(
            [
                Field("post", gettext_lazy("Post"), "select", choices=posts),
                Field("person", gettext_lazy("Person"), "select", choices=[(str(one.pk), one.name) for one in people]),
                Field("from_date", gettext_lazy("From"), "date"),
                Field("until_date", gettext_lazy("Until"), "date"),
                Field("home_unit", gettext_lazy("Home unit (code), if seconded")),
            ]
        ),
    }


@page
def people(request: HttpRequest) -> HttpResponse:
    """The people with a post in the units one may read."""
    text = request.GET.get("text", "")
    return render(
        request, "platform/people.html", {"rows": answer(request, "organisation.people", {"text": text}), "text": text}
    )


@page
def person(request: HttpRequest, number: int) -> HttpResponse:
    """What a person holds, reads and acts on."""
    return render(request, "platform/person.html", {"who": answer(request, "organisation.access", {"person": number})})


@page
def export(request: HttpRequest) -> HttpResponse:
    """The organisation as a workbook that imports back to the same."""
    tables = answer(request, "organisation.sheet")
    return _file(organisation_xlsx(tables, _language(request)), f"{request.event.slug}-organisation.xlsx")  # type: ignore[attr-defined]


@page
def template(request: HttpRequest) -> HttpResponse:
    """The empty organisation sheet."""
    return _file(organisation_xlsx({}, _language(request)), "organisation.xlsx")


@page
def import_sheet(request: HttpRequest) -> HttpResponse:
    """Upload the sheet, look at the difference, apply it."""
    shown: dict[str, Any] = {"may": request.reach.headquarters}  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            tables = read_sheet(request.event, request.FILES.get("file"), request.POST.get("tables", ""))  # type: ignore[attr-defined]
            if "apply" in request.POST:
                perform("organisation.import", tables, event=request.event, person=person_of(request))  # type: ignore[attr-defined]
                messages.success(request, _("The organisation is imported."))
                return see_other(reverse("organisation", args=[request.event.slug]))  # type: ignore[attr-defined]
            text = json.dumps(tables, ensure_ascii=False)
            shown |= {"difference": answer(request, "organisation.difference", {"tables": text}), "tables_json": text}
        except Rejected as error:
            shown["problems"] = [problem.as_json() for problem in error.problems]
        except (BadFile, BadInput) as error:
            shown["error"] = str(error)
    return render(request, "platform/organisation_import.html", shown)


def _language(request: HttpRequest) -> str:
    return "zh" if str(getattr(request, "LANGUAGE_CODE", "en")).startswith("zh") else "en"


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _day(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
