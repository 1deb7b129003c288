"""What a scenario's measures would change of what is published of its day, wherever it is shown."""

from __future__ import annotations

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
