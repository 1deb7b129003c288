"""How a recommendation was planned, wherever it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from tminus.desks.passengers.days.part_words import parts_said

register = template.Library()


@register.inclusion_tag("passengers/day_parts.html")
def plan_parts(figures: Mapping[str, Any] | None) -> dict[str, Any]:
    """Of a walk's figures; says nothing where it was not recommended."""
    return {"parts": parts_said((figures or {}).get("parts") or [])}
