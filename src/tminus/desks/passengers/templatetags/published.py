"""What is published of a day, wherever its scenarios are shown: how much, and what one of them would change of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template

from tminus.platform.pages import answer

register = template.Library()


@register.inclusion_tag("passengers/day_against.html", takes_context=True)
def against_published(context: template.Context, key: str) -> dict[str, Any]:
    """New, changed and withdrawn in words; says nothing where nothing is published of the day."""
    found: dict[str, Any] = answer(context["request"], "passengers.day.against_published", {"key": key})
    different = len(found["new"]) + len(found["changed"]) + len(found["gone"])
    return {**found, "different": different, "event": context["event"]}


@register.inclusion_tag("passengers/day_published_link.html", takes_context=True)
def published_link(context: template.Context, day: date) -> dict[str, Any]:
    """How many measures of the day are published, to be opened; nothing where none is."""
    if "published_days" not in context.render_context:
        rows = answer(context["request"], "passengers.day.published.days")
        context.render_context["published_days"] = {row["day"]: row["measures"] for row in rows}
    return {"day": day, "measures": context.render_context["published_days"].get(day, 0), "event": context["event"]}
