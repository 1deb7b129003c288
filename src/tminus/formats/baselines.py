"""By how many days a date differs from a baseline's."""

from __future__ import annotations

from datetime import datetime


def days_late(at: datetime | None, then: datetime | None) -> float | None:
    """By how many days of the calendar ``at`` lies behind ``then``; before it, below zero."""
    return round((at - then).total_seconds() / 86_400, 2) if at and then else None
