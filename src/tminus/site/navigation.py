"""What the frame of every page shows: the rail, the day, the clock, unread notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tminus.platform import clock
from tminus.platform.access import Scope, scope_of
from tminus.platform.models import Notice, Person
from tminus.platform.registry import Grant, reaches


@dataclass(frozen=True, slots=True)
class NavItem:
    """A page of the rail; ``url_name`` is reversed with the event's short name."""

    url_name: str
    label: Promise | str
    icon: str
    grants: Grant = Grant.READ  # who can open it at all


@dataclass(frozen=True, slots=True)
class NavGroup:
    label: Promise | str
    items: tuple[NavItem, ...]


RAIL: tuple[NavGroup, ...] = (
    NavGroup(
        _("Prepare"),
        (
            NavItem("my-duties", _("My duties"), "duty", Grant.MEMBER),
            NavItem("board", _("Board"), "board"),
            NavItem("book", _("Assignment book"), "book"),
            NavItem("timetable", _("Timetable"), "timetable"),
            NavItem("map", _("Operations map"), "map"),
            NavItem("checkpoints", _("Checkpoints"), "check"),
            NavItem("likelihood", _("Likelihood"), "likelihood"),
            NavItem("resources", _("Resources"), "resources"),
        ),
    ),
    NavGroup(
        _("Run"),
        (
            NavItem("today", _("Today"), "people"),
            NavItem("forecast", _("Forecast"), "forecast"),
            NavItem("day-scenarios", _("The day"), "day"),
            NavItem("counters", _("Counters"), "counter"),
            NavItem("organisation", _("Organisation"), "tree", Grant.MEMBER),
            NavItem("notices", _("Notices"), "bell", Grant.MEMBER),
        ),
    ),
    NavGroup(
        _("Look back"),
        (NavItem("record", _("Record"), "record"),),
    ),
)
"""Pages that are not there (a desk not installed) or that a person's posts do not open are left out."""

MORE = NavItem("search", _("More"), "more", Grant.SIGNED_IN)
"""Search with nothing typed lists every page and act."""
PHONE = ("my-duties", "board", "map", "search")
"""The bottom bar of a phone, where the rail has no room."""
SHORT = {"map": _("Map")}
"""What is called shorter there."""


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of every page; cheap where there is no event."""
    event = getattr(request, "event", None)
    shown: dict[str, Any] = {"event": event, "demo": settings.CONFIG.demo, "wall": request.GET.get("wall") == "1"}
    if event is None or not isinstance(request.user, Person):
        return shown
    now = getattr(request, "now", None) or clock.now(event)
    scope = getattr(request, "reach", None) or scope_of(request.user, event, now.date())
    rail = _rail(event.slug, request.path, scope)
    pages = {item["url_name"]: item for group in rail for item in group["items"]}
    more = _item(MORE, event.slug, request.path, scope)
    pages |= {MORE.url_name: more} if more else {}
    return shown | {
        "now": now,
        "t_today": event.t(now),
        "phase": event.phase_on(now.date()),
        "clock_shift": clock.shift_of(event),
        "rail": rail,
        "slim": request.COOKIES.get("tminus_rail") == "slim",
        "phone_bar": [pages[name] | _short(name) for name in PHONE if name in pages],
        "unread": Notice.objects.filter(person=request.user, event=event, read_at=None).count(),
    }


def _short(name: str) -> dict[str, Any]:
    return {"label": SHORT[name]} if name in SHORT else {}


def _rail(slug: str, path: str, scope: Scope) -> list[dict[str, Any]]:
    groups = []
    for group in RAIL:
        items = [found for item in group.items if (found := _item(item, slug, path, scope)) is not None]
        if items:
            groups.append({"label": group.label, "items": items})
    return groups


def _item(item: NavItem, slug: str, path: str, scope: Scope) -> dict[str, Any] | None:
    if not reaches(scope, item.grants):
        return None
    try:
        url = reverse(item.url_name, kwargs={"event": slug})
    except NoReverseMatch:
        return None
    return {
        "url": url,
        "url_name": item.url_name,
        "label": item.label,
        "icon": item.icon,
        "here": path.startswith(url),
    }
