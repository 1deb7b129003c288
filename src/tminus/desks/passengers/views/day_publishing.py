"""Publish a walked day after a look at what would be done; what is published of a day, on screen, phone and paper."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from tminus.desks.passengers.days.figure_words import figure_cells
from tminus.desks.passengers.publishing.table import table_heads
from tminus.formats.book_writer import table_csv, workbook
from tminus.platform import duties
from tminus.platform.flash import say
from tminus.platform.languages import day_text
from tminus.platform.models import Unit
from tminus.platform.pages import answer, event_of, page, person_of, see_other
from tminus.platform.registry import BadInput, Context, Missing, perform

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = [6, 8, 8, 60, 26, 22, 16, 18]
FIGURES = ("mean_wait_s", "person_minutes_e_f", "longest_queue")
FATES = {
    "new": gettext_lazy("new"),
    "changed": gettext_lazy("changed"),
    "moved": gettext_lazy("same, other date or person"),
    "gone": gettext_lazy("withdrawn"),
    "stays": gettext_lazy("stays"),
    "over": gettext_lazy("over by then"),
}
STATES = {"accepted": "done", "submitted": "done", "withdrawn": "inactive", "assigned": "unknown"}
"""Shape of a duty's state; work under way is on time until it is late."""


@page
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """The dry run, and its one act."""
    typed = request.POST if request.method == "POST" else request.GET
    args, error = _args(typed, key), ""
    if request.method == "POST" and "look" not in typed:
        try:
            done = perform("passengers.day.publish", args | {"seen": typed.get("seen", "")}, **_who(request))
        except BadInput as refused:
            error = str(refused)
        else:
            return _published(request, done)
    return _look(request, args, error)


def _args(typed: Any, key: str) -> dict[str, Any]:
    """As the act takes them; ``holder-3`` names who answers for measure 3, ``unit-3`` the unit that carries it out."""
    found: dict[str, Any] = {"key": key, "holders": _numbered(typed, "holder-"), "units": _numbered(typed, "unit-")}
    for name in ("walk", "lead_h"):
        if typed.get(name):
            found[name] = typed[name]
    return found


def _numbered(typed: Any, begin: str) -> dict[str, str]:
    said = {name.removeprefix(begin): typed[name].strip() for name in typed if name.startswith(begin)}
    return {number: code for number, code in said.items() if code}


def _look(request: HttpRequest, args: dict[str, Any], error: str) -> HttpResponse:
    """A lead or a person that cannot be is said, and the rest shown as it would be without."""
    try:
        found = answer(request, "passengers.day.publish.look", args)
    except Missing:
        raise
    except BadInput as refused:
        error = error or str(refused)
        found = None
        if args.keys() - {"key", "walk"}:
            plain: dict[str, Any] = {name: args[name] for name in ("key", "walk") if name in args}
            try:
                found = answer(request, "passengers.day.publish.look", plain)
            except BadInput as again:
                error = str(again)
    if found is None:
        return render(request, "passengers/day_publish_none.html", {"key": args["key"], "error": error}, status=422)
    for step in found["steps"]:
        step["word"] = FATES[step["fate"]]
        number = str(step["measure"] or "")
        step["typed"], step["unit_typed"] = args["holders"].get(number, ""), args["units"].get(number, "")
        if step["unit_proposed"] and step["unit"]:
            step["unit_typed"] = step["unit_typed"] or step["unit"]["code"]
    ctx = Context(event_of(request), person_of(request), request.reach, request.now)  # type: ignore[attr-defined]
    context = {
        **found, "error": error, "people": duties.assignable(ctx).order_by("name_en", "username"),
        "unit_choices": Unit.objects.filter(event=event_of(request)).order_by("path"),
        "lead": f"{found['lead_h']:g}", "title": _title(found),
        "cells": figure_cells(found["walk"]["row"], FIGURES),
    }  # fmt: skip
    return render(request, "passengers/day_publish.html", context, status=422 if error else 200)


def _title(found: dict[str, Any]) -> str:
    counts = found["counts"]
    new = counts["new"] + counts["changed"]
    gone = counts["gone"] + counts["changed"]
    issued = ngettext("%(n)d duty would be issued", "%(n)d duties would be issued", new) % {"n": new}
    withdrawn = ngettext("%(n)d withdrawn", "%(n)d withdrawn", gone) % {"n": gone}
    stays = ngettext("%(n)d stays", "%(n)d stay", counts["stays"]) % {"n": counts["stays"]}
    return _("%(issued)s, %(withdrawn)s, %(stays)s") % {"issued": issued, "withdrawn": withdrawn, "stays": stays}


def _published(request: HttpRequest, done: dict[str, Any]) -> HttpResponse:
    event = event_of(request)
    count = len(done["new"])
    said = ngettext("Published: %(n)d duty issued.", "Published: %(n)d duties issued.", count) % {"n": count}
    day = f"{done['day']}"
    say(request, said, undo=reverse("day-published-act", kwargs={"event": event.slug, "day": day, "act": "undo"}))
    return see_other(reverse("day-published", kwargs={"event": event.slug, "day": day}))


@require_GET
@page
def published(request: HttpRequest, day: str) -> HttpResponse:
    """Measures of the day by unit with the state of each duty."""
    found = _of_day(request, day)
    for one in found["units"]:
        for row in one["rows"]:
            row["shape"] = "late" if row["late"] else STATES.get(row["state"], "on_time")
    found["title"] = _state_title(found)
    found |= _picture(request, found["scenario"])
    found["exports"] = ["pdf", "xlsx", "csv", "ics"]
    return render(request, "passengers/day_published.html", found)


def _picture(request: HttpRequest, scenario: dict[str, Any] | None) -> dict[str, str]:
    """Where the map of the walk lies that was published."""
    if scenario is None:
        return {"picture": ""}
    address = reverse("day-export", kwargs={"event": event_of(request).slug, "key": scenario["key"]})
    return {"picture": f"{address}?walk={scenario['walk']}&as=svg&inline"}


def _of_day(request: HttpRequest, day: str) -> dict[str, Any]:
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise Http404(str(error)) from error
    found: dict[str, Any] = answer(request, "passengers.day.published", {"day": day})
    return found


def _state_title(found: dict[str, Any]) -> str:
    """The message: how many are taken on, how many done."""
    if not found["measures"]:
        return _("Nothing is published of this day")
    states = found["states"]
    done = states.get("accepted", 0) + states.get("submitted", 0)
    waiting = states.get("assigned", 0)
    return _("%(done)d of %(all)d done, %(waiting)d not acknowledged yet") % {
        "done": done, "all": found["measures"], "waiting": waiting
    }  # fmt: skip


@require_POST
@page
def published_act(request: HttpRequest, day: str, act: str) -> HttpResponse:
    """Withdraw all of a day, or take back what was done last."""
    event = event_of(request)
    if act not in ("withdraw", "undo"):
        raise Http404(act)
    args = {"day": day} | ({"reason": request.POST.get("reason", "").strip()} if act == "withdraw" else {})
    try:
        if act == "withdraw" and not args["reason"]:
            raise BadInput(_("Say why, so that the units know."), field="reason")
        done = perform(f"passengers.day.{'withdraw' if act == 'withdraw' else 'undo'}_published", args, **_who(request))
    except BadInput as error:
        messages.error(request, str(error))
    else:
        _said(request, day, act, done)
    return see_other(reverse("day-published", kwargs={"event": event.slug, "day": day}))


def _said(request: HttpRequest, day: str, act: str, done: dict[str, Any]) -> None:
    if act == "undo":
        messages.success(request, _("Taken back: it is as it was before."))
        return
    count = len(done["withdrawn"])
    undo = reverse("day-published-act", kwargs={"event": event_of(request).slug, "day": day, "act": "undo"})
    said = ngettext("%(n)d measure withdrawn.", "%(n)d measures withdrawn.", count) % {"n": count}
    say(request, said, undo=undo)


@require_GET
@page
def exported(request: HttpRequest, day: str) -> HttpResponse:
    """What is published: a table (CSV, workbook), a calendar, or the plan of the day as PDF."""
    found, sort = _of_day(request, day), request.GET.get("as", "csv")
    if not found["measures"]:
        raise Http404(_("Nothing is published of this day"))
    name = f"{event_of(request).slug}-{day}-measures"
    if sort == "pdf":
        return _pdf(request, found["scenario"]["key"], found["scenario"]["walk"])
    rows = [_table_row(row) for one in found["units"] for row in one["rows"]]
    if sort == "csv":
        return _file(table_csv(table_heads(), rows), "text/csv; charset=utf-8", f"{name}.csv")
    if sort == "xlsx":
        return _file(workbook([(day, table_heads(), rows, WIDTHS)]), XLSX, f"{name}.xlsx")
    if sort == "ics":
        return _file(_calendar(request, found), "text/calendar; charset=utf-8", f"{name}.ics")
    raise Http404(_("as: %(sort)s; allowed: csv, xlsx, ics, pdf") % {"sort": sort})


def _table_row(row: dict[str, Any]) -> list[Any]:
    due = row["due_at"].replace(tzinfo=None) if row["due_at"] else None
    unit, holder = row["unit"], row["holder"]
    return [
        row["number"], row["json"].get("from", "05:00"), row["json"].get("to", "29:00"), row["what"],
        unit["name"] if unit else "", holder["name"] if holder else "", row["state_name"], due,
    ]  # fmt: skip


def _calendar(request: HttpRequest, found: dict[str, Any]) -> bytes:
    """One entry a measure, from when until when it is done."""
    from tminus.formats.calendar_feed import Entry, feed_bytes

    event, base = event_of(request), settings.CONFIG.base_url.rstrip("/")
    entries = [
        Entry(
            uid=f"{event.slug}-{found['day']}-measure-{row['number']}", title=row["what"],
            start=row["begins"].replace(tzinfo=None), finish=row["ends"].replace(tzinfo=None),
            stamp=row["published_at"], done=row["state"] == "accepted",
            description=" · ".join(one["name"] for one in (row["unit"], row["holder"]) if one),
            url=f"{base}{reverse('duty', args=[event.slug, row['duty']])}" if row["duty"] else "",
        )
        for one in found["units"]
        for row in one["rows"]
    ]  # fmt: skip
    title = _("%(event)s: measures of %(day)s") % {"event": event.name, "day": day_text(found["day"])}
    return feed_bytes(title, entries, event.timezone)


@require_GET
@page
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The plan of a walked scenario as PDF, published or not."""
    return _pdf(request, key, request.GET.get("walk"))


def _pdf(request: HttpRequest, key: str, walk: Any) -> HttpResponse:
    made = answer(request, "passengers.day.paper", {"key": key} | ({"walk": walk} if walk else {}))
    return _file(b64decode(made["content"]), "application/pdf", made["name"])


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"event": event_of(request), "person": person_of(request)}
