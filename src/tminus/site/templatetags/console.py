"""The pieces every page is made of: status marks, days counted from opening, icons, ages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tminus.platform.flash import undo_of
from tminus.platform.languages import day_text
from tminus.platform.local_datetime import ends
from tminus.platform.models import Event

register = template.Library()

SHAPES: Mapping[str, str] = {
    "on_time": '<circle cx="6" cy="6" r="4.5"/>',
    "at_risk": '<path d="M6 1 11.2 10.5H.8z"/>',
    "late": '<path d="M1.5 1.5h9v9h-9z"/>',
    "done": '<path d="M1.5 6.5 4.5 9.5 10.5 2.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    "unknown": '<circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" stroke-width="1.5"/>',
    "stale": '<circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" stroke-width="1.5"/>'
    '<path d="M6 3.2V6l2 1.4" fill="none" stroke="currentColor" stroke-width="1.3"/>',
    "inactive": '<path d="M1.5 6h9" fill="none" stroke="currentColor" stroke-width="1.8"/>',
}
"""Each status has a shape of its own, so that colour is never alone."""

SAME = {
    "pass": "on_time",
    "passed": "done",
    "failed": "late",
    "in_progress": "on_time",
    "not_started": "on_time",
    "impossible": "late",
}


def words() -> dict[str, str]:
    return {
        "on_time": _("on time"),
        "at_risk": _("at risk"),
        "late": _("late"),
        "done": _("done"),
        "unknown": _("unknown"),
        "stale": _("stale"),
        "inactive": _("inactive"),
        "pass": pgettext("checkpoint", "on time"),
        "passed": pgettext("checkpoint", "passed"),
        "failed": pgettext("checkpoint", "failed"),
    }


@register.simple_tag
def shape(status: str) -> SafeString:
    """The mark of a status without its word; the word is its label."""
    key = SAME.get(status, status)
    label = words().get(status) or words().get(key, status)
    return format_html(
        '<svg class="mark mark-{}" viewBox="0 0 12 12" role="img" aria-label="{}">{}</svg>',
        key,
        label,
        mark_safe(SHAPES.get(key, SHAPES["unknown"])),  # noqa: S308 - our own constant
    )


@register.simple_tag
def status(status: str) -> SafeString:
    """Shape, word and colour of a status."""
    key = SAME.get(status, status)
    word = words().get(status) or words().get(key, status)
    return format_html('<span class="status status-{}">{} {}</span>', key, shape(status), word)


@register.simple_tag(takes_context=True)
def day(context: template.Context, at: date | datetime | None, time: bool = False) -> SafeString | str:
    """``Mon 5 Nov · T−3``; with ``time`` also the hour."""
    if not at:
        return "—"
    event: Event | None = context.get("event")
    local = at.astimezone(event.zone) if event and isinstance(at, datetime) and at.tzinfo else at
    text = day_text(local)
    if time and isinstance(local, datetime):
        text += f" {local:%H:%M}"
    if event is None:
        return text
    return format_html(
        '<time datetime="{}">{} <span class="t">· {}</span></time>', local.isoformat(), text, event.t(local)
    )


register.filter("day_text", day_text)


@register.simple_tag(takes_context=True)
def age(context: template.Context, at: datetime | None) -> str:
    """How old evidence is, on the event's clock: relative under a day, in days above."""
    if at is None:
        return "—"
    now: datetime = context["now"]
    hours = int((now - at).total_seconds() // 3600)
    if hours < 24:
        return ngettext("%(n)d h", "%(n)d h", max(hours, 0)) % {"n": max(hours, 0)}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


@register.filter
def days(value: float | None) -> str:
    """A float in working days, with its sign: ``−12 d``."""
    if value is None:
        return "—"
    sign = "−" if value < 0 else "+" if value > 0 else ""
    return (
        f"{sign}{abs(value):.0f} {_('d')}"
        if abs(value) >= 10 or value == int(value)
        else f"{sign}{abs(value):.1f} {_('d')}"
    )


@register.filter
def percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.0f}"


register.filter("undo", undo_of)
register.filter("ends", ends)


@register.filter(name="words")
def split_words(text: str) -> list[str]:
    """The words of a text, to loop over."""
    return text.split()


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """A value of a mapping by a key that is only known when the page is drawn."""
    return mapping.get(key)


ICONS: Mapping[str, str] = {
    "duty": "M3 2.5h10v11H3zM5.5 6h5M5.5 9h5",
    "board": "M2.5 2.5h4.5v4.5h-4.5zM9 2.5h4.5v4.5h-4.5zM2.5 9h4.5v4.5h-4.5zM9 9h4.5v4.5h-4.5z",
    "likelihood": "M2 13.5h12M2.5 11.5c3 0 3.5-8 5.5-8s2.5 8 5.5 8",
    "resources": "M2 13.5h12M3.5 13.5V8h2.5v5.5M6.75 13.5v-8h2.5v8M10 13.5V10h2.5v3.5M2 4h12",
    "book": "M4 2.5h8.5v11H4a1.5 1.5 0 0 1 0-3h8.5M4 10.5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 4 2.5",
    "timetable": "M2.5 4h6M5 8h6M7.5 12h6",
    "map": "M2 4.5 6 2.5l4 2 4-2v9l-4 2-4-2-4 2zM6 2.5v9M10 4.5v9",
    "check": "M2.5 8.5 6 12l7.5-8",
    "people": (
        "M5.5 3.5a2 2 0 1 1 0 4 2 2 0 0 1 0-4zM2 13.5c0-3 1.5-4.5 3.5-4.5S9 10.5 9 13.5"
        "M11 4.5a1.7 1.7 0 1 1 0 3.4M11.5 9.5c1.6.2 2.5 1.6 2.5 4"
    ),
    "forecast": "M2 13.5h12M2.5 11 6 6.5 9 8.5M9 8.5 13.5 3M9 8.5l4.5-1",
    "day": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 4.5V8l2.5 1.5",
    "counter": "M2.5 4.5h11v7h-11zM6.2 4.5v7M9.8 4.5v7",
    "tree": "M6 2.5h4v3H6zM2 10.5h4v3H2zM10 10.5h4v3h-4zM8 5.5v2.5M4 10.5V8h8v2.5",
    "bell": "M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.5 13.5a1.5 1.5 0 0 0 3 0",
    "record": "M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2.5",
    "search": "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5 14 14",
    "globe": "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12",
    "more": "M3 8h.01M8 8h.01M13 8h.01",
    "fold": "M2.5 2.5h11v11h-11zM6 2.5v11M11 6 9 8l2 2",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d="{}"/></svg>', ICONS.get(name, ICONS["more"])
    )


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: Any) -> str:
    """The page's own address with some of its query changed; empty values leave the key out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    encoded: str = query.urlencode()
    return f"?{encoded}"
