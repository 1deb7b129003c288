"""What the last simulation said of each checkpoint, in one small read: for pages that show it beside their own."""

from __future__ import annotations

from datetime import date
from typing import Any

from tminus.desks.planning.models import RiskRun
from tminus.desks.planning.repairing import AIM
from tminus.desks.planning.standing import version
from tminus.platform.registry import Context


def chances(ctx: Context) -> dict[date, dict[str, Any]]:
    """By checkpoint: its probability 0 … 1, when that was computed, whether it is below what is wanted, and whether
    the plan has changed since. Empty before the first simulation; a checkpoint without gates is left out."""
    last = RiskRun.objects.filter(event=ctx.event).values_list("at", "version", "result__probabilities").first()
    if last is None:
        return {}
    at, of, probabilities = last
    aim = float(ctx.the_event.settings.get("aim", AIM))
    stale = of != version(ctx.the_event)
    return {
        date.fromisoformat(day): {"p": p, "percent": 100 * p, "at": at, "in_danger": p < aim, "stale": stale}
        for day, p in probabilities.items()
        if p is not None
    }
