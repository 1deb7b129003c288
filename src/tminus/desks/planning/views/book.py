"""The assignment book: its table with filters and bulk assignment, and each task with all about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.models import TaskStatus
from tminus.desks.planning.queries.tasks import TasksArgs
from tminus.engines.schedule import Duration
from tminus.formats.values import duration_text
from tminus.platform.pages import answer, event_of, page, performed, person_of
from tminus.platform.registry import BadInput

PAGE_ROWS = 200
FLAGS = ("holes", "gates", "leaves")


def filters_of(request: HttpRequest) -> dict[str, Any]:
    """The page's filters as arguments of ``planning.tasks``; what is empty or unknown is left out."""
    known = [name for name in TasksArgs.model_fields if name not in ("limit", "offset")]
    given = {name: request.GET[name] for name in known if request.GET.get(name)}
    return {name: (True if name in FLAGS else value) for name, value in given.items()}


@page
def book(request: HttpRequest) -> HttpResponse:
    """Rows of the book; a filter that cannot be taken is said above the whole book."""
    filters, error = filters_of(request), ""
    try:
        found = answer(request, "planning.tasks", {**filters, "offset": _offset(request), "limit": PAGE_ROWS})
    except BadInput as refused:
        filters, error = {}, str(refused)
        found = answer(request, "planning.tasks", {"limit": PAGE_ROWS})
    choices = answer(request, "planning.choices")
    context = {
        "rows": found["rows"],
        "total": found["total"],
        "filters": filters,
        "error": error,
        "areas": choices["areas"],
        "units": choices["units"],
        "people": choices["people"],
        "statuses": TaskStatus.values,
        **_paging(found["total"], found["offset"], len(found["rows"])),
    }
    return render(request, "planning/book.html", context)


def _offset(request: HttpRequest) -> int:
    text = request.GET.get("offset", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _paging(total: int, offset: int, shown: int) -> dict[str, Any]:
    return {
        "shown_from": offset + 1,
        "shown_to": offset + shown,
        "previous_offset": max(offset - PAGE_ROWS, 0) if offset else None,
        "next_offset": offset + PAGE_ROWS if offset + PAGE_ROWS < total else None,
    }


@require_POST
@page
def assign(request: HttpRequest) -> HttpResponse:
    """Make one person accountable for the ticked rows."""
    args = {"tasks": request.POST.getlist("task"), "person": request.POST.get("person", "")}
    return performed(request, "planning.task.assign", args, _("Assigned"), _back(request))


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own last change."""
    return performed(request, "planning.undo", {}, _("Taken back"), _back(request))


@require_POST
@page
def create(request: HttpRequest) -> HttpResponse:
    """Add a row."""
    args = {name: request.POST.get(name, "").strip() for name in ("name", "parent", "unit")}
    args["duration"] = request.POST.get("duration", "").strip() or "1d"
    return performed(request, "planning.task.create", args, _("Added"), _back(request))


def _back(request: HttpRequest) -> str:
    """The book as it was filtered; never an address outside it."""
    kept = QueryDict(request.POST.get("query", ""))
    return f"{reverse('book', kwargs={'event': event_of(request).slug})}?{kept.urlencode()}"


@page
def task(request: HttpRequest, key: str) -> HttpResponse:
    """One task: its facts in words, links, duty, remarks, history, and what can be done about it."""
    found = answer(request, "planning.task", {"task": key})
    choices = answer(request, "planning.choices")
    person = person_of(request)
    context = {
        "one": found,
        "people": choices["people"],
        "fields": _fields(found, choices),
        "history": answer(request, "record.history", {"object_type": "planning.task", "object_id": str(found["id"])}),
        "may_report": found["can_act"] or (person is not None and found["responsible"] == person.username),
    }
    return render(request, "planning/task.html", context)


def _fields(found: dict[str, Any], choices: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be set on the page; ``choices`` where a code is to be chosen."""

    def plain(name: str, label: str, value: str, help: str = "") -> dict[str, Any]:
        return {"name": name, "label": label, "value": value, "help": help}

    def chosen(name: str, label: str, value: str, among: str) -> dict[str, Any]:
        return {"name": name, "label": label, "value": value, "choices": choices[among]}

    constraint = f"{found['constraint']} {_minute(found['constraint_at'])}".strip()
    return [
        plain("name", _("Name (English)"), found["name_en"]),
        plain("name_zh", _("Name (Chinese)"), found["name_zh"]),
        plain("duration", _("Duration"), _duration(found), "5d, 6h, 5ed"),
        plain("start", _("Planned start"), _minute(found["start"]), "2026-08-17"),
        plain("finish", _("Planned finish"), _minute(found["finish"]), "2026-08-21"),
        plain("deadline", _("Deadline"), _minute(found["deadline"]), "2026-09-30"),
        plain("constraint", _("Constraint"), constraint, "SNET 2026-09-01"),
        chosen("unit", _("Unit"), found["unit"], "units"),
        chosen("area", _("Area"), found["area"], "areas"),
        chosen("place", _("Place"), found["place"], "places"),
        chosen("calendar", _("Calendar"), found["calendar"], "calendars"),
        plain("phase", _("Phase"), found["phase"]),
        plain("weight", _("Weight"), f"{found['weight']:g}"),
        plain("notes", _("Notes"), found["notes"]),
    ]


def _duration(found: dict[str, Any]) -> str:
    return duration_text(Duration(found["duration_min"], found["duration_elapsed"]))


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


Arguments = Callable[[QueryDict, str], dict[str, Any]]


def _plainly(*names: str) -> Arguments:
    return lambda given, key: {"task": key, **{name: given.get(name, "") for name in names}}


def _linked(given: QueryDict, key: str) -> dict[str, Any]:
    named = {name: given[name] for name in ("kind", "lag") if given.get(name)}
    return {"predecessor": given.get("predecessor", "").strip(), **named, "successor": key}


def _broken_down(given: QueryDict, key: str) -> dict[str, Any]:
    return {"task": key, "names": given.get("names", "").splitlines()}


BUTTONS: dict[str, tuple[str, Arguments]] = {
    "change": ("planning.task.change", _plainly("field", "value")),
    "report": ("planning.task.report", _plainly("percent", "actual_start", "actual_finish", "remaining")),
    "comment": ("planning.task.comment", _plainly("text")),
    "break-down": ("planning.task.break_down", _broken_down),
    "remove": ("planning.task.remove", _plainly()),
    "link": ("planning.link", _linked),
    "unlink": ("planning.unlink", _linked),
}
"""Last part of the address of a task's button → act, and its arguments from the form."""


@require_POST
@page
def act(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A button of the task's page."""
    if name not in BUTTONS:
        raise Http404(name)
    code, arguments = BUTTONS[name]
    said = {
        "change": _("Changed"),
        "report": _("Reported"),
        "comment": _("Remark kept"),
        "break-down": _("Broken down"),
        "remove": _("Removed; “Take back my last change” in the book puts it back"),
        "link": _("Linked"),
        "unlink": _("Link taken away"),
    }[name]
    slug = event_of(request).slug
    back = reverse("task", kwargs={"event": slug, "key": key})
    if name == "remove":
        back = reverse("book", kwargs={"event": slug})
    return performed(request, code, arguments(request.POST, key), said, back)
