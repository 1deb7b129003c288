"""How good the forecasts were: each day that was counted beside what was issued for it before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tminus.desks.passengers.forecasting.kept_folder import content_of, current
from tminus.desks.passengers.models import Issue
from tminus.formats.day_figures import COUNTED_FILE, COUNTED_HERE, read_counted_visits
from tminus.platform.registry import Context, Grant, query

HORIZONS = ((1, 1), (2, 7), (8, 30), (31, 90), (91, 9999))
"""Days ahead, from and to, that are told together."""


class NothingArgs(BaseModel):
    """No arguments."""


@query("passengers.forecast.accuracy", grants=Grant.READ)
def accuracy(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Error and coverage of the visits by day by how far ahead they were issued; what-ifs are left out.

    ``error`` mean absolute error over visits counted, ``bias`` expected less counted over counted, ``covered`` share
    of days within the interval that 80 of 100 should lie in.
    """
    counted = _counted(ctx)
    found = list(_compared(ctx, counted))
    return {
        "horizons": [
            {"first": first, "last": last, **_summed([row for row in found if first <= row["ahead"] <= last])}
            for first, last in HORIZONS
        ],
        "days": sorted(
            (row for row in found if row["latest"]), key=lambda row: row["day"],
        ),
        "counted": len(counted),
    }  # fmt: skip


def _counted(ctx: Context) -> dict[date, float]:
    """Visits of days that are over, as handed in or counted here; a day closed tells nothing."""
    rows = current(ctx.the_event)
    figures: dict[date, float] = {}
    for name in (COUNTED_HERE, COUNTED_FILE):  # what was handed in goes before
        if name in rows:
            figures |= read_counted_visits(Path(name), content_of(rows[name]))
    return {day: value for day, value in figures.items() if day < ctx.now.date() and value > 0}


def _compared(ctx: Context, counted: dict[date, float]) -> Iterable[dict[str, Any]]:
    """Each counted day and each morning's last issue before it was over."""
    mornings = {row.as_of: row for row in Issue.objects.filter(event=ctx.event).order_by("id") if not row.levers}
    for day, value in counted.items():
        before = [as_of for as_of in mornings if as_of < day]
        for as_of in before:
            one = next((one for one in mornings[as_of].result["days"] if one["day"] == day.isoformat()), None)
            if one is not None:
                yield {
                    "day": day, "counted": value, "ahead": (day - as_of).days, "latest": as_of == max(before),
                    "inside": one["p10"] <= value <= one["p90"], **{n: one[n] for n in ("mean", "p10", "p90")},
                }  # fmt: skip


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum(row["counted"] for row in rows)
    if not rows or not total:
        return {"n": 0, "error": None, "bias": None, "covered": None}
    return {
        "n": len(rows),
        "error": sum(abs(row["mean"] - row["counted"]) for row in rows) / total,
        "bias": sum(row["mean"] - row["counted"] for row in rows) / total,
        "covered": sum(row["inside"] for row in rows) / len(rows),
    }
