"""Which baseline a plan is compared with, and by how many days a date differs from it."""

from __future__ import annotations

from datetime import datetime

from tminus.engines.schedule import Baseline, Plan


def main_baseline(plan: Plan) -> Baseline | None:
    """The first that has a name, else the first: files of Primavera have the planned dates of the project itself, which
    have none, beside the baselines somebody kept."""
    found = sorted(plan.baselines, key=lambda one: (not one.name, one.number))
    return found[0] if found else None


def days_late(at: datetime | None, then: datetime | None) -> float | None:
    """By how many days of the calendar ``at`` lies behind ``then``; before it, below zero."""
    return round((at - then).total_seconds() / 86_400, 2) if at and then else None
