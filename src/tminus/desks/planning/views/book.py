"""The assignment book: its table with filters and bulk assignment, and each task with all about it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.models import TaskStatus
from tminus.desks.planning.queries.tasks import TasksArgs
from tminus.desks.planning.views.links import KINDS
from tminus.desks.planning.views.told import told
from tminus.engines.schedule import Duration
from tminus.formats.values import duration_text
from tminus.platform.kept_files import served
from tminus.platform.local_datetime import ends
from tminus.platform.models import Comment
from tminus.platform.pages import answer, carry_out, event_of, page, person_of
from tminus.platform.registry import BadInput

PAGE_ROWS = 200
FLAGS = ("holes", "gates", "leaves", "ready")


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
        "columns": (shown := columns()),
        "columns_json": json.dumps(shown),
        "settable": settable(),
        **_paging(found["total"], found["offset"], len(found["rows"])),
    }
    return render(request, "planning/book.html", context)


def columns() -> list[tuple[str, str]]:
    """The columns of the browser's table, in order, with what they are called."""
    return [
        ("name", _("Task")),
        ("key", _("ID")),
        ("status", _("Status")),
        ("responsible_name", _("Accountable")),
        ("unit_name", _("Unit")),
        ("area_name", _("Area")),
        ("place_name", _("Place")),
        ("start", _("Start")),
        ("finish", _("Finish")),
        ("duration", _("Duration")),
        ("deadline", _("Deadline")),
        ("percent", _("Progress")),
        ("float", _("Float")),
        ("phase", _("Phase")),
        ("weight", _("Weight")),
        ("reported_at", _("Reported")),
    ]


def settable() -> list[tuple[str, str]]:
    """Fields that can be set for many rows at once."""
    named = labels()
    chosen = ("unit", "area", "place", "deadline", "phase", "weight")
    return [("responsible", _("Accountable")), *((name, named[name]) for name in chosen), ("percent", _("Progress"))]


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
    person = request.POST.get("person", "")
    args = {"tasks": request.POST.getlist("task"), "person": person}
    return told(request, "planning.task.assign", args, _assigned(request, person), _back(request))


def _assigned(request: HttpRequest, username: str) -> str:
    people = {one["code"]: one["name"] for one in answer(request, "planning.choices")["people"]} if username else {}
    return _("%(who)s answers for it now") % {"who": people.get(username, username)} if username else _("No holder now")


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    """Take back one's own last change."""
    line, back = request.POST.get("line", ""), request.POST.get("next", "")
    safe = back if url_has_allowed_host_and_scheme(back, None) else _back(request)
    return carry_out(request, "planning.undo", {"line": line or None}, _("Taken back"), safe)


@require_POST
@page
def create(request: HttpRequest) -> HttpResponse:
    """Add a row."""
    args = {name: request.POST.get(name, "").strip() for name in ("name", "parent", "unit")}
    args["duration"] = request.POST.get("duration", "").strip() or "1d"
    return told(request, "planning.task.create", args, _("Added"), _back(request))


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
        "kinds": KINDS.items(),
        "people": choices["people"],
        "fields": _fields(found, choices),
        "history": answer(request, "record.history", {"object_type": "planning.task", "object_id": str(found["id"])}),
        "may_report": found["can_act"] or (person is not None and found["responsible"] == person.username),
    }
    return render(request, "planning/task.html", context)


def labels() -> dict[str, str]:
    """What the fields are called that can be set on the page."""
    return {
        "name": _("Name (English)"),
        "name_zh": _("Name (Chinese)"),
        "duration": _("Duration"),
        "start": _("Planned start"),
        "finish": _("Planned finish"),
        "deadline": _("Deadline"),
        "constraint": _("Constraint"),
        "unit": _("Unit"),
        "area": _("Area"),
        "place": _("Place"),
        "calendar": _("Calendar"),
        "phase": _("Phase"),
        "weight": _("Weight"),
        "notes": _("Notes"),
    }


CHOSEN = {"unit": "units", "area": "areas", "place": "places", "calendar": "calendars"}
EXAMPLES = {
    "duration": "5d, 6h, 5ed",
    "start": "2026-08-17",
    "finish": "2026-08-21",
    "deadline": "2026-09-30",
    "constraint": "SNET 2026-09-01",
}


def _fields(found: dict[str, Any], choices: dict[str, Any]) -> list[dict[str, Any]]:
    """What can be set on the page; ``choices`` where a code is to be chosen."""
    values = {
        **found,
        "name": found["name_en"],
        "duration": _duration(found),
        **{name: _minute(found[name]) for name in ("start", "finish")},
        "deadline": f"{ends(found['deadline']) or ''}"[:16],
        "constraint": f"{found['constraint']} {_minute(found['constraint_at'])}".strip(),
        "weight": f"{found['weight']:g}",
    }
    return [
        {"name": name, "label": label, "value": values[name], "help": EXAMPLES.get(name, "")}
        | ({"choices": choices[CHOSEN[name]]} if name in CHOSEN else {})
        for name, label in labels().items()
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


def _remarked(request: HttpRequest, key: str) -> dict[str, Any]:
    """A remark, with the file that came with it."""
    args: dict[str, Any] = {"task": key, "text": request.POST.get("text", "")}
    given = request.FILES.get("file")
    if given is not None:
        content = base64.b64encode(given.read()).decode()
        args["file"] = {"name": given.name or "file", "content": content}
    return args


@page
def remark_file(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A file of a remark, to whoever may read the task."""
    found = answer(request, "planning.task", {"task": key})
    row = Comment.objects.filter(pk=pk, about_type="planning.task", about_id=found["id"]).exclude(file="").first()
    if row is None:
        raise Http404
    return served(str(row.file.name), row.file_name)


def _broken_down(given: QueryDict, key: str) -> dict[str, Any]:
    return {"task": key, "names": given.get("names", "").splitlines()}


BUTTONS: dict[str, tuple[str, Arguments]] = {
    "change": ("planning.task.change", _plainly("field", "value")),
    "report": ("planning.task.report", _plainly("percent", "actual_start", "actual_finish", "remaining")),
    "comment": ("planning.task.comment", _plainly("text")),  # its file comes by _remarked
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
        "remove": _("Removed"),
        "link": _("Linked"),
        "unlink": _("Link taken away"),
    }[name]
    slug = event_of(request).slug
    back = reverse("task", kwargs={"event": slug, "key": key})
    if name == "remove":
        back = reverse("book", kwargs={"event": slug})
    if name == "change":
        said = _changed(request, request.POST.get("field", ""), request.POST.get("value", ""))
    args = _remarked(request, key) if name == "comment" else arguments(request.POST, key)
    return told(request, code, args, said, back)


def _changed(request: HttpRequest, field: str, value: str) -> str:
    """``Duration is now 5d``."""
    if field == "responsible":
        return _assigned(request, value)
    label = labels().get(field)
    if label is None:
        return _("Changed")
    return _("%(field)s is now %(value)s") % {"field": label, "value": value.strip()[:80] or "–"}
