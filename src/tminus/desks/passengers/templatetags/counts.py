"""Counts as pages write them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def thousands(value: int | None) -> str:
    """``218,400``; a dash where it is not known."""
    return "–" if value is None else f"{value:,}"
