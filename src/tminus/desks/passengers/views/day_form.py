"""The form of a scenario: the day, what befalls, what is done; rows come and go with or without a script."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.desks.passengers.views.day_rows import (
    FRONT,
    PARTS,
    TIMES,
    Row,
    adders,
    grouped,
    kind_of,
    new_row,
    rows_kept,
    rows_typed,
)
from tminus.formats.event_folder.day_scenarios import Befalls
from tminus.platform.languages import day_text, reads_chinese
from tminus.platform.pages import Field, Form, answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, Missing, perform


def _form(request: HttpRequest) -> Form:
    """The front fields; the name in the reader's language first."""
    names = [("name_en", gettext_lazy("Name in English")), ("name_zh", gettext_lazy("Name in Chinese"))]
    abouts = [("about_en", gettext_lazy("What it shows, in English")), ("about_zh", gettext_lazy("… in Chinese"))]
    if reads_chinese():
        names, abouts = names[::-1], abouts[::-1]
    return Form([
        Field(names[0][0], names[0][1], required=False),
        Field("day", gettext_lazy("Day"), "select", choices=_days(request)),
        Field("visitors", gettext_lazy("Visitors, % more or fewer")),
        Field("rain", gettext_lazy("Rain, mm an hour")),
        *(Field(name, label) for name, label in (names[1], *abouts)),
    ])  # fmt: skip


def _days(request: HttpRequest) -> list[tuple[str, Any]]:
    event = event_of(request)
    days = [event.opening + timedelta(days=n) for n in range((event.closing - event.opening).days + 1)]
    return [(day.isoformat(), day_text(day)) for day in days]


@page
def new(request: HttpRequest) -> HttpResponse:
    """A scenario that is not there yet; on the day of the address, if it names one."""
    return _page(request, {})


@page
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """A scenario of the list, changed."""
    found = answer(request, "passengers.day.show", {"key": key})
    if found["withdrawn"]:
        raise Missing(_("it was withdrawn"), field="key", value=key)
    return _page(request, found)


def _page(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    if not request.reach.headquarters:  # type: ignore[attr-defined]
        raise PermissionDenied
    form = _form(request)
    if request.method != "POST":
        return _shown(request, form, _begun(request, form, kept), kept)
    form.take(request.POST)
    rows = rows_typed(request.POST)
    do = request.POST.get("do", "save")
    if do.startswith(("add-", "drop-")):
        return _shown(request, form, _changed(rows, do), kept)
    done = _saved(request, form, rows, kept)
    if done is None:
        return _shown(request, form, rows, kept, status=422)
    return _after(request, do, done["key"])


def _begun(request: HttpRequest, form: Form, kept: dict[str, Any]) -> list[Row]:
    """The form filled with what is kept, and its rows."""
    rows = rows_kept(kept.get("happenings", []), kept.get("measures", []))
    form.fill({**kept, "day": kept["day"].isoformat() if kept else _day_asked(request)})
    front = [row for row in rows if row.kind in FRONT and _all_day(row)]
    for row in front[:2]:
        form.fill({FRONT[Befalls(row.kind)]: row.typed["value"]})
    return [row for row in rows if row not in front]


def _all_day(row: Row) -> bool:
    return {name: row.typed.get(name) for name in TIMES} == TIMES


def _day_asked(request: HttpRequest) -> str:
    event, text = event_of(request), request.GET.get("day", "")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return event.opening.isoformat()


def _changed(rows: list[Row], do: str) -> list[Row]:
    """Rows with one more or one fewer: ``add-m-lanes``, ``drop-m-2``."""
    what, part, which = do.split("-", 2)
    if what == "drop":
        return [row for row in rows if (row.part, str(row.number)) != (part, which)]
    kind = kind_of(part, which)
    return [*rows, new_row(rows, part, kind)] if kind is not None else rows


def _saved(request: HttpRequest, form: Form, rows: list[Row], kept: dict[str, Any]) -> dict[str, Any] | None:
    """What the act answered; ``None`` when a field says what is wrong."""
    args: dict[str, Any] = {one.name: one.value for one in form.fields if one.name not in FRONT.values()}
    args |= {name: [row.as_args() for row in rows if row.part == part] for part, name in PARTS.items()}
    args["happenings"] += _front(form)
    args |= {"key": kept.get("key", ""), "seen": request.POST.get("seen", "")}
    if any(row.errors for row in rows) or any(one.error for one in form.fields):
        return None
    try:
        done: dict[str, Any] = perform("passengers.day.save", args, event=event_of(request), person=person_of(request))
    except BadInput as error:
        _blame(form, rows, error)
        return None
    return done


def _front(form: Form) -> list[dict[str, Any]]:
    found = []
    for kind, name in FRONT.items():
        one = next(one for one in form.fields if one.name == name)
        if text := str(one.value).strip():
            try:
                value = float(text)
            except ValueError:
                one.error = _("a number")
            else:
                found += [{"kind": kind.value, "value": value}] if value else []
    return found


def _blame(form: Form, rows: list[Row], error: BadInput) -> None:
    """Put the error at the field of the row it is about."""
    part, _dot, rest = error.field.partition(".")
    number, _dot, name = rest.partition(".")
    own = [row for row in rows if PARTS[row.part] == part]
    message = str(error).removeprefix(f"{error.field}: ")
    if number.isdecimal() and int(number) < len(own):
        own[int(number)].errors[name.removesuffix("_") or "element"] = message
    elif part == "happenings" and number.isdecimal():
        _blame_front(form, int(number) - len(own), message)
    else:
        form.blame(error)


def _blame_front(form: Form, number: int, message: str) -> None:
    given = [one for one in form.fields if one.name in FRONT.values() and str(one.value).strip() not in ("", "0")]
    given[min(number, len(given) - 1)].error = message


def _after(request: HttpRequest, do: str, key: str) -> HttpResponse:
    """Back to the list, or to the job that walks it or seeks what to do."""
    codes = {"walk": "passengers.day.walk", "recommended": "passengers.day.propose", "greedy": "passengers.day.propose"}
    slug = event_of(request).slug
    if do in codes:
        how = {"how": do} if do != "walk" else {}
        try:
            done = perform(codes[do], {"key": key, **how}, event=event_of(request), person=person_of(request))
        except BadInput as error:
            messages.error(request, str(error))
        else:
            return see_other(reverse("job", kwargs={"event": slug, "pk": done["job"]}))
    messages.success(request, _("Saved."))
    return see_other(reverse("day-scenarios", kwargs={"event": slug}))


def _shown(
    request: HttpRequest, form: Form, rows: list[Row], kept: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    day = next(str(one.value) for one in form.fields if one.name == "day")
    choices = _choices(answer(request, "passengers.day.elements", {"day": day or event_of(request).opening}))
    lists = {cell["list"]: cell["column"].choices for row in rows for cell in row.cells({}) if cell["list"]}
    front, more = Form(form.fields[:4], form.error), Form(form.fields[4:])
    context = {
        "front": front, "more": more, "kept": kept, "more_open": any(one.error for one in more.fields),
        "parts": [
            {"part": part, "title": title, "groups": grouped(rows, part, choices), "adders": adders(part)}
            for part, title in (("h", _("What befalls")), ("m", _("What is done")))
        ],
        "lists": [{"id": name, "choices": choices[of]} for name, of in lists.items()],
        "seen": request.POST.get("seen") or (kept["at"].isoformat() if kept else ""),
    }  # fmt: skip
    return render(request, "passengers/day_form.html", context, status=status)


def _choices(found: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """What can be chosen; gates also with their lanes as planned."""
    gates = [{"id": one["id"], "name": _with_lanes(one)} for one in found["gates"]]
    return {**found, "gates": gates, "gate_names": found["gates"]}


def _with_lanes(gate: dict[str, Any]) -> str:
    lanes = ", ".join(f"{one['lanes']} × {one['from']}–{one['to']}" for one in gate["lanes"])
    return _("%(gate)s (planned: %(lanes)s)") % {"gate": gate["name"], "lanes": lanes} if lanes else gate["name"]
