"""Pages of events: the list, a new one, its settings, its first steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.platform.models import Phase
from tminus.platform.pages import Field, Form, answer, page, person_of, see_other, submitted

SHORT = gettext_lazy(
    "Stands in every address: small letters, digits and hyphens. Left empty it is made from the English name."
)
PHASE_PARTS = ("id", "name_en", "name_zh", "from_t", "to_t")


def _event_fields(*, slug: bool) -> list[Field]:
    short = Field(
        "slug",
        gettext_lazy("Short name"),
        help=SHORT,
    )
    return [
        Field("name_en", gettext_lazy("Name (English)"), required=True),
        Field("name_zh", gettext_lazy("Name (Chinese)")),
        *([short] if slug else []),
        Field("opening", gettext_lazy("Opening day"), "date", required=True),
        Field("closing", gettext_lazy("Closing day"), "date", required=True),
        Field("timezone", gettext_lazy("Time zone"), value="Asia/Shanghai"),
        Field("checkpoint_days", gettext_lazy("Days between checkpoints"), "number", value=10),
    ]


@page
def home(request: HttpRequest) -> HttpResponse:
    """The person's event, or the list of events where there are several or none."""
    rows = answer(request, "event.list")
    person = person_of(request)
    if len(rows) == 1 and not (person and person.is_administrator):
        return see_other(reverse("event-home", args=[rows[0]["slug"]]))
    return render(request, "platform/events.html", {"rows": rows})


@page
def event_home(request: HttpRequest) -> HttpResponse:
    return see_other(_my_duties(request.event.slug))  # type: ignore[attr-defined]


def _my_duties(slug: str) -> str:
    try:
        return reverse("my-duties", kwargs={"event": slug})
    except NoReverseMatch:
        return reverse("organisation", kwargs={"event": slug})


@page
def new(request: HttpRequest) -> HttpResponse:
    """Make an event."""
    form = Form(_event_fields(slug=True))
    if request.method == "POST" and (made := submitted(request, form, "event.create", also=_short_name(request))):
        return see_other(reverse("next-steps", args=[made["slug"]]))
    words = {"heading": _("New event"), "question": _("When does it open, and what is it called?")}
    return _administrators(request, form, {**words, "button": _("Make the event")})


def _short_name(request: HttpRequest) -> dict[str, str]:
    made = slugify(request.POST.get("name_en", ""))[:60].strip("-")
    return {} if request.POST.get("slug", "").strip() or not made else {"slug": made}


@page
def copy(request: HttpRequest) -> HttpResponse:
    """Begin an event from a past one."""
    events = answer(request, "event.list", {"archived": True})
    form = Form(
        [
            Field(
                "source", gettext_lazy("Past event"), "select", choices=[(row["slug"], row["name"]) for row in events]
            ),
            Field("name_en", gettext_lazy("Name (English)"), required=True),
            Field("name_zh", gettext_lazy("Name (Chinese)")),
            Field("slug", gettext_lazy("Short name"), help=SHORT),
            Field("opening", gettext_lazy("Opening day"), "date", required=True),
        ]
    )
    if request.method == "POST" and (made := submitted(request, form, "event.copy", also=_short_name(request))):
        messages.success(
            request, _("Copied, every date shifted by %(days)d days. Posts are vacant.") % {"days": made["shift_days"]}
        )
        return see_other(reverse("home"))
    question = _("Units, posts and plan are taken over, every date counted anew from its opening day.")
    return _administrators(
        request, form, {"heading": _("New event from a past one"), "question": question, "button": _("Copy the event")}
    )


def _administrators(request: HttpRequest, form: Form, words: dict[str, str]) -> HttpResponse:
    from tminus.platform.access import NotAllowed

    person = person_of(request)
    if person is None or not person.is_administrator:
        raise NotAllowed
    return render(request, "platform/form_page.html", {"form": form, **words})


@page
def next_steps(request: HttpRequest) -> HttpResponse:
    """What to do after an event has been made."""
    return render(request, "platform/next_steps.html", {"steps": answer(request, "event.first_steps")})


@page
def settings_page(request: HttpRequest) -> HttpResponse:
    """Names, zone, opening and closing, phases, checkpoint rhythm."""
    event = request.event  # type: ignore[attr-defined]
    shown = answer(request, "event.show")
    form = Form(_event_fields(slug=False)).fill(
        {**shown, "opening": event.opening.isoformat(), "closing": event.closing.isoformat()}
    )
    phases: list[dict[str, Any]] = shown["phases"]
    if request.method == "POST":
        phases = _phases(request)
        if submitted(request, form, "event.change", event=event, also={"phases": phases}):
            messages.success(request, _("Saved."))
            return see_other(request.path)
    may = request.reach.headquarters  # type: ignore[attr-defined]
    return render(
        request,
        "platform/event_settings.html",
        {"form": form, "phases": phases, "shown": shown, "may": may, "parts": Phase._fields},
    )


def _phases(request: HttpRequest) -> list[dict[str, str]]:
    columns = [request.POST.getlist(f"phase_{part}") for part in PHASE_PARTS]
    return [dict(zip(PHASE_PARTS, values, strict=True)) for values in zip(*columns, strict=False)]
