"""The assignment book: its table with filters and bulk assignment, and each task with all about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tminus.desks.planning.models import TaskStatus
from tminus.desks.planning.queries.tasks import TasksArgs
from tminus.platform.access import Scope
from tminus.platform.pages import answer, event_of, page, performed, person_of, see_other
from tminus.platform.registry import BadInput, perform

PAGE_ROWS = 200
FLAGS = ("holes", "gates", "leaves")
INLINE = ("name", "duration", "unit", "start", "finish")
"""Fields edited in the row itself; the task's page has them all."""


def filters_of(query: QueryDict) -> dict[str, Any]:
    """The page's filters as arguments of ``planning.tasks``; unknown keys are left out."""
    given = {name: query[name] for name in TasksArgs.model_fields if query.get(name) and name not in ("limit",)}
    return {name: (name in given if name in FLAGS else value) for name, value in given.items()}


@page
def book(request: HttpRequest) -> HttpResponse:
    """Rows of the book; a filter that cannot be taken is said, and the whole book shown."""
    args = filters_of(request.GET)
    try:
        found = answer(request, "planning.tasks", {**args, "limit": PAGE_ROWS})
    except BadInput as error:
        messages.error(request, str(error))
        args, found = {}, answer(request, "planning.tasks", {"limit": PAGE_ROWS})
    _mark(request, found["rows"])
    context = {
        "rows": found["rows"],
        "total": found["total"],
        "args": args,
        "choices": answer(request, "planning.choices"),
        "statuses": TaskStatus.choices,
        "holes": answer(request, "planning.holes")["total"],
        "editing": request.GET.get("edit", ""),
        "at_headquarters": scope_of_request(request).acts_everywhere,
        **_paging(found["total"], found["offset"]),
    }
    return render(request, "planning/book.html", context)


def scope_of_request(request: HttpRequest) -> Scope:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    return scope


def _mark(request: HttpRequest, rows: list[dict[str, Any]]) -> None:
    """Which rows the person may change; nobody is shown a button that answers *not allowed*."""
    scope = scope_of_request(request)
    actable = None if scope.acts_everywhere else set(scope.units_actable().values_list("code", flat=True))
    for row in rows:
        row["can_act"] = actable is None or row["unit"] in actable
        row["indent"] = min(row["depth"], 8)


def _paging(total: int, offset: int) -> dict[str, Any]:
    return {
        "first": offset + 1 if total else 0,
        "last": min(offset + PAGE_ROWS, total),
        "earlier": max(offset - PAGE_ROWS, 0) if offset else None,
        "later": offset + PAGE_ROWS if offset + PAGE_ROWS < total else None,
    }


@require_POST
@page
def assign(request: HttpRequest) -> HttpResponse:
    """Make one person accountable for the ticked rows."""
    args = {"tasks": request.POST.getlist("tasks"), "person": request.POST.get("person", "")}
    return performed(request, "planning.task.assign", args, _("Assigned"), _back(request))


@require_POST
@page
def change_row(request: HttpRequest, key: str) -> HttpResponse:
    """Change the fields of one row that differ from what was shown, one act each."""
    person, event = person_of(request), event_of(request)
    for field in INLINE:
        value, shown = request.POST.get(field, ""), request.POST.get(f"was_{field}", "")
        if value == shown:
            continue
        try:
            perform("planning.task.change", {"task": key, "field": field, "value": value}, event=event, person=person)
        except BadInput as error:
            messages.error(request, str(error))
    return see_other(_back(request))


def _back(request: HttpRequest) -> str:
    """The book as it was filtered; never an address outside it."""
    kept = QueryDict(request.POST.get("filters", "")).copy()
    kept.pop("edit", None)
    return f"{reverse('book', kwargs={'event': event_of(request).slug})}?{kept.urlencode()}"


@require_POST
@page
def undo(request: HttpRequest) -> HttpResponse:
    return performed(request, "planning.undo", {}, _("Taken back"), _back(request))


@require_POST
@page
def create(request: HttpRequest) -> HttpResponse:
    args = {name: request.POST.get(name, "") for name in ("name", "parent", "unit")}
    args["duration"] = request.POST.get("duration") or "1d"
    return performed(request, "planning.task.create", args, _("Added"), _back(request))


@page
def task(request: HttpRequest, key: str) -> HttpResponse:
    """One task: its facts in words, links, duty, remarks, history, and what can be done about it."""
    found = answer(request, "planning.task", {"task": key})
    about = {"object_type": "planning.task", "object_id": str(found["id"])}
    context = {
        "one": found,
        "choices": answer(request, "planning.choices"),
        "history": answer(request, "record.history", about),
        "statuses": dict(TaskStatus.choices),
        "may_report": found["can_act"] or found["responsible"] == person_name(request),
    }
    return render(request, "planning/task.html", context)


def person_name(request: HttpRequest) -> str:
    person = person_of(request)
    return person.username if person else ""


def _said() -> dict[str, tuple[str, Callable[[QueryDict, str], dict[str, Any]], str]]:
    """Button → act, its arguments from the form, what is said when it is done."""

    def plainly(*names: str) -> Callable[[QueryDict, str], dict[str, Any]]:
        return lambda given, key: {"task": key, **{name: given.get(name, "") for name in names}}

    def linked(given: QueryDict, key: str) -> dict[str, Any]:
        named = {name: given[name] for name in ("predecessor", "kind", "lag") if given.get(name)}
        return {"predecessor": "", **named, "successor": key}

    return {
        "change": ("planning.task.change", plainly("field", "value"), _("Changed")),
        "assign": ("planning.task.assign", lambda g, key: {"tasks": [key], "person": g.get("person", "")}, _("Assigned")),
        "report": (
            "planning.task.report",
            plainly("percent", "actual_start", "actual_finish", "remaining"),
            _("Reported"),
        ),
        "comment": ("planning.task.comment", plainly("text"), _("Said")),
        "break_down": (
            "planning.task.break_down",
            lambda g, key: {"task": key, "names": g.get("names", "").splitlines()},
            _("Broken down"),
        ),
        "remove": ("planning.task.remove", plainly(), _("Removed; undo puts it back")),
        "link": ("planning.link", linked, _("Linked")),
        "unlink": ("planning.unlink", linked, _("Link taken away")),
    }


@require_POST
@page
def act(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A button of the task's page."""
    known = _said()
    if name not in known:
        raise Http404(name)
    code, args, said = known[name]
    slug = event_of(request).slug
    gone = name == "remove"
    back = reverse("book", kwargs={"event": slug}) if gone else reverse("task", kwargs={"event": slug, "key": key})
    return performed(request, code, args(request.POST, key), said, back)


