"""How good the forecasts were: each day that was counted beside what was issued for it before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tminus.desks.passengers.forecasting.kept_folder import content_of, current
from tminus.desks.passengers.forecasting.outlook import outlook_said
from tminus.desks.passengers.models import Issue
from tminus.formats.day_figures import COUNTED_FILE, COUNTED_HERE, read_counted_visits
from tminus.platform.registry import Context, Grant, query

HORIZONS = ((1, 1), (2, 7), (8, 30), (31, 90), (91, 9999))
"""Days ahead, from and to, that are told together."""


class NothingArgs(BaseModel):
    """No arguments."""


@query("passengers.forecast.accuracy", grants=Grant.READ)
def accuracy(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Error and coverage of the forecasts: visits by how far ahead and kind of day, curves, re-forecasts of the hour.

    What-ifs are left out. ``error`` mean absolute error over what was counted, ``bias`` expected less counted over
    it, ``covered`` share within the interval that 80 of 100 should lie in; of visits each day counts, of curves each
    slot of each place; ``counted`` and ``off`` mean persons. ``hours``: entries of the site by hour of the day as
    issued the day before. ``lead``: by hours between a re-forecast and what it speaks of; ``day_at``: visits of the
    day as re-forecast at an hour of it.
    """
    from tminus.desks.passengers.forecasting.accuracy_of_curves import curves, leads, totals

    counted = _counted(ctx)
    found = list(_compared(ctx, counted))
    kinds = _kinds(ctx, list(counted))
    event = ctx.the_event
    return {
        "horizons": [
            {"first": first, "last": last, **_summed([row for row in found if first <= row["ahead"] <= last])}
            for first, last in HORIZONS
        ],
        "kinds": [
            {"kind": kind, "first": first, "last": last, **_summed(
                [row for row in found if first <= row["ahead"] <= last and kinds[row["day"]] == kind]
            )}
            for kind in dict.fromkeys(kinds.values()) for first, last in HORIZONS
        ],
        "days": sorted(
            ({**row, "kind": kinds[row["day"]]} for row in found if row["latest"]), key=lambda row: row["day"],
        ),
        "counted": len(counted),
        "curves": curves(event, ctx.now, HORIZONS),
        "lead": leads(event, ctx.now),
        "day_at": totals(event, counted),
    }  # fmt: skip


def _kinds(ctx: Context, days: list[date]) -> dict[date, str]:
    """Workday, weekend, holiday or make-up workday by the holidays that count; weekends alone where none are named."""
    from tminus.engines.forecast.calendars import calendar_days

    country = outlook_said(ctx.the_event)["country"] or ""
    return {one.day: str(one.kind) for one in calendar_days(country, sorted(days))}


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
    from tminus.desks.passengers.forecasting.scores import compared, score

    figures = ([row[name] for row in rows] for name in ("mean", "p10", "p90", "counted"))
    return score([compared(*figures)])._asdict()
