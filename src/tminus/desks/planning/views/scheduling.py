"""The page of scheduling options: what links ask of begun work, whose time lags count in, where float is measured."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.platform.pages import Field, Form, answer, event_of, page, see_other, submitted

PROGRESS = [
    ("retained", gettext_lazy("the rest waits (retained logic)")),
    ("override", gettext_lazy("the rest goes on (progress override)")),
    ("actual_dates", gettext_lazy("the rest waits (actual dates)")),
]
LAGS = [
    ("successor", gettext_lazy("of the task that waits")),
    ("predecessor", gettext_lazy("of the task waited for")),
    ("plan", gettext_lazy("of the event's own calendar")),
    ("clock", gettext_lazy("of the clock, 24 hours a day")),
]
FLOATS = [
    ("min", gettext_lazy("at the end with the least")),
    ("finish", gettext_lazy("at the finish")),
    ("start", gettext_lazy("at the start")),
]
NAMES = {
    "progress": gettext_lazy("Work begun before its links allowed it"),
    "lag_calendar": gettext_lazy("Lags count in the working time"),
    "total_float": gettext_lazy("Float is measured"),
    "longest_path": gettext_lazy("Critical: what drives the last finish, not the least float"),
    "critical_minutes": gettext_lazy("Critical up to a float of (hours)"),
    "open_ends_critical": gettext_lazy("Tasks without followers are critical"),
    "expected_finish": gettext_lazy("Expected finishes count"),
    "lag_from_early_start": gettext_lazy("Lags of begun work count from where it goes on"),
    "ignore_external": gettext_lazy("Links to other projects are left aside"),
    "must_finish": gettext_lazy("All must be finished by"),
}
WORDS = {
    name: dict(choices) for name, choices in (("progress", PROGRESS), ("lag_calendar", LAGS), ("total_float", FLOATS))
}
KEPT = (
    "critical_minutes",
    "open_ends_critical",
    "expected_finish",
    "lag_from_early_start",
    "ignore_external",
    "must_finish",
)


def _form() -> Form:
    return Form(
        [
            Field("progress", NAMES["progress"], "select", choices=PROGRESS),
            Field("lag_calendar", NAMES["lag_calendar"], "select", choices=LAGS),
            Field("total_float", NAMES["total_float"], "select", choices=FLOATS),
            Field("longest_path", NAMES["longest_path"], "checkbox"),
        ]
    )


@page
def scheduling(request: HttpRequest) -> HttpResponse:
    """The options in force; headquarters changes them, and what the console itself does not go by is shown as kept."""
    event, form = event_of(request), _form()
    if request.method == "POST" and submitted(request, form, "planning.scheduling.set", event=event):
        messages.success(request, _("Saved; floats and statuses follow, planned dates stay."))
        return see_other(request.path)
    found = answer(request, "planning.scheduling")
    if request.method != "POST":
        form.fill(found)
    context = {
        "form": form,
        "found": found,
        "shown": [(NAMES[one.name], said(one.name, found[one.name])) for one in form.fields],
        "kept": [(NAMES[name], said(name, found[name])) for name in KEPT] if found["chosen"] else [],
        "may": bool(request.reach.headquarters),  # type: ignore[attr-defined]
    }
    return render(request, "planning/scheduling.html", context)


def said(name: str, value: Any) -> Any:
    """An option's value in words."""
    if name in WORDS:
        return WORDS[name][value]
    if name == "critical_minutes":
        return f"{value / 60:g}"
    if name == "must_finish":
        return f"{datetime.fromisoformat(value):%Y-%m-%d %H:%M}" if value else "–"
    return _("yes") if value else _("no")


def told(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Options an import would change, in words."""
    return [
        {"name": NAMES[one["name"]], **{side: said(one["name"], one[side]) for side in ("before", "after")}}
        for one in options
    ]
