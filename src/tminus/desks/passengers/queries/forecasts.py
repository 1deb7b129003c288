"""Forecasts as issued: visits of the coming days, a day's curves at every place, and what they were made from."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.passengers.adapter import panel_of
from tminus.desks.passengers.forecasting.figures import STATS, unpacked
from tminus.desks.passengers.forecasting.kept_folder import current, inputs_of
from tminus.desks.passengers.forecasting.levers import Levers
from tminus.desks.passengers.forecasting.what_if import what_if
from tminus.desks.passengers.models import Counter, ForecastFile, Issue, IssuedDay
from tminus.desks.passengers.queries.counters import places_of
from tminus.formats.problems import BadFile
from tminus.platform import jobs
from tminus.platform.languages import in_language
from tminus.platform.registry import BadInput, Context, Grant, query

LEVELS: dict[str, tuple[str, ...]] = {
    "site": ("entries", "departures", "on_site"),
    "gate": ("entries", "departures", "waiting"),
    "hall": ("on_site",),
    "station": ("leaving", "entering"),
    "terminal": ("arrivals", "departures"),
    "mode": ("arrivals", "departures"),
    "audience": ("entries", "on_site"),
}
"""Where a day is forecast, and what there; the first measure orders the places."""
COUNTED = {"entries": 0, "departures": 1}
"""Measures the counters at the edge of the site count, and their channel."""
PAST_ISSUES = 30


class NothingArgs(BaseModel):
    """No arguments."""


class ForecastArgs(BaseModel):
    """``issue``: an earlier one; by default the last."""

    issue: int | None = None


class DayArgs(BaseModel):
    """``level`` of places, and the place whose curves are told (default: the one with most persons)."""

    day: date
    level: str = "site"
    node: str = ""
    issue: int | None = None
    most: int = Field(default=400, ge=1, le=5000)


class WhatIfArgs(BaseModel):
    """A day with ``levers`` moved; level and place as in ``passengers.forecast.day``."""

    day: date
    level: str = "site"
    node: str = ""
    levers: Levers = Field(default_factory=lambda: Levers())


class FileArgs(BaseModel):
    file: int


@query("passengers.forecast", grants=Grant.READ)
def forecast(ctx: Context, args: ForecastArgs) -> dict[str, Any]:
    """Visits of each day of the event as last forecast without what-if, the interval first, and what it rests on."""
    found = _issue(ctx, args.issue)
    files = current(ctx.the_event)
    told = {"job": _job(ctx), "files": [_file(row) for row in files.values()], "over": _over(ctx)}
    if found is None:
        return {"issue": None, **told}
    with_curves = set(found.days.values_list("day", flat=True))
    days = [{**one, "day": date.fromisoformat(one["day"])} for one in found.result["days"]]
    return {
        "issue": {
            **_said(found),
            "stale": found.inputs != inputs_of(ctx.the_event, files),
        },
        "days": [{**one, "curves": one["day"] in with_curves, "past": one["day"] < ctx.now.date()} for one in days],
        **{name: found.result[name] for name in ("total", "turned_away", "rests_on", "degraded")},
        "counters": found.result.get("counters"),
        **told,
    }


@query("passengers.forecast.issues", grants=Grant.READ)
def issues(ctx: Context, args: NothingArgs) -> list[dict[str, Any]]:
    """The latest forecasts as they were issued, each with its total and the files it was made from."""
    rows = Issue.objects.filter(event=ctx.event).select_related("person")[:PAST_ISSUES]
    return [{**_said(row), "total": row.result["total"], "inputs": row.inputs} for row in rows]


@query("passengers.forecast.day", grants=Grant.READ)
def forecast_day(ctx: Context, args: DayArgs) -> dict[str, Any]:
    """One day as forecast: each place of a level, and the curves of one of them beside what was counted."""
    if args.level not in LEVELS:
        message = f"level: {args.level!r}; allowed: {', '.join(LEVELS)}"
        raise BadInput(message, field="level", value=args.level)
    found = _issue(ctx, args.issue)
    kept = IssuedDay.objects.filter(issue=found, day=args.day).first() if found else None
    if found is None or kept is None:
        return {"issue": _said(found) if found else None, "day": args.day, "rows": [], "curves": []}
    return {"issue": _said(found), **described(ctx, args.day, kept.content, bytes(kept.figures), args.level, args.node)}


@query("passengers.forecast.what_if", grants=Grant.READ)
def forecast_what_if(ctx: Context, args: WhatIfArgs) -> dict[str, Any]:
    """One day with attendance, rain, traffic or stations other than expected; computed at once, kept nowhere."""
    day, event = args.day, ctx.the_event
    if args.level not in LEVELS or not event.opening <= day <= event.closing:
        raise BadInput(
            f"day, level: {day}, {args.level!r}; allowed: {event.opening} … {event.closing}, {', '.join(LEVELS)}",
            field="day",
        )
    if not current(event):
        raise BadInput(_("there is nothing yet that a forecast could rest on"), field="day")
    try:
        found = what_if(event, ctx.now, day, args.levers)
    except BadFile as error:
        raise BadInput(str(error), field="levers") from error
    visits = next(one for one in found.result["days"] if one["day"] == day.isoformat())
    return {"levers": args.levers.model_dump(), "visits": visits, **described(
        ctx, day, found.content, found.figures, args.level, args.node
    )}  # fmt: skip


def described(
    ctx: Context, day: date, content: dict[str, Any], figures: bytes, level: str, node: str
) -> dict[str, Any]:
    """The places of ``level`` and the curves of one, out of a day's packed figures."""
    names = {code: in_language(*name) or code for code, name in content["names"].items()} | places_of(ctx)
    there = {one["measure"]: (n, one["nodes"]) for n, one in enumerate(content["measures"]) if one["level"] == level}
    measures = {name: there[name] for name in LEVELS[level] if name in there}
    rows = _rows(measures, content["times"], level, names)
    chosen = next((row for row in rows if row["node"] == node), rows[0] if rows else None)
    levels = [one for one in LEVELS if any(row["level"] == one and row["nodes"] for row in content["measures"])]
    curves = []
    for measure, (number, nodes) in measures.items():
        at = next((n for n, row in enumerate(nodes) if chosen and row[0] == chosen["node"]), None)
        if at is not None:
            values = unpacked(figures, number)[:, at]
            curves.append({"measure": measure, **{name: values[n].tolist() for n, name in enumerate(STATS)}})
    return {
        "day": day, "level": level, "levels": levels, "times": content["times"], "rests_on": content["rests_on"],
        "slot_minutes": content["slot_minutes"], "rows": rows, "node": chosen, "curves": _counted(
            ctx, day, content, curves, chosen
        ),
    }  # fmt: skip


def _rows(
    measures: dict[str, tuple[int, list[list[Any]]]], times: list[str], level: str, names: dict[str, str]
) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for measure, (_number, nodes) in measures.items():
        for code, mean, low, middle, high, slot, wide in nodes:
            row = rows.setdefault(code, {"node": code, "name": names.get(code, code), "level": level, "measures": {}})
            row["measures"][measure] = {
                "mean": mean, "p10": low, "p50": middle, "p90": high, "from": _clock(times, slot),
                "until": _clock(times, slot + wide),
            }  # fmt: skip
    first = next(iter(measures), "")
    return sorted(rows.values(), key=lambda row: -row["measures"].get(first, {"mean": 0})["mean"])


def _clock(times: list[str], slot: int) -> str:
    """Of the beginning of a slot; of the one after the last too."""
    if slot < len(times):
        return times[slot][-5:]
    first, second = (datetime.fromisoformat(text) for text in times[:2])
    return f"{datetime.fromisoformat(times[-1]) + (second - first):%H:%M}"


def _counted(
    ctx: Context, day: date, content: dict[str, Any], curves: list[dict[str, Any]], node: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """Beside the curves of a gate or the site what its counters have counted; None where that is not known."""
    if node is None or node["level"] not in ("site", "gate") or day > ctx.now.date() or content["slot_minutes"] % 15:
        return curves
    edge = Counter.objects.filter(event=ctx.event, edge=True).order_by("node").values_list("node", flat=True).distinct()
    nodes = list(edge) if node["level"] == "site" else [code for code in edge if code == node["node"]]
    if not nodes:
        return curves
    panel = panel_of(ctx.the_event, [day], nodes, slot_minutes=content["slot_minutes"])
    values = panel.values[0].sum(axis=1)  # a gate that is not known makes the site not known
    offset = (content["first_minute"] - panel.first_minute) // content["slot_minutes"]
    for one in curves:
        if one["measure"] in COUNTED:
            flows = [values[offset + n] if 0 <= offset + n < panel.slots else None for n in range(len(one["mean"]))]
            one["counted"] = [
                None if row is None or row[COUNTED[one["measure"]]] != row[COUNTED[one["measure"]]]
                else round(float(row[COUNTED[one["measure"]]]))
                for row in flows
            ]  # fmt: skip
    return curves


@query("passengers.forecast.file", grants=Grant.HEADQUARTERS)
def forecast_file(ctx: Context, args: FileArgs) -> dict[str, Any]:
    """A file for forecasts as handed in: what it says, what it would replace, what of it cannot be taken."""
    row = ctx.find(ForecastFile, pk=args.file)
    return {**_file(row), "found": row.found}


def _file(row: ForecastFile) -> dict[str, Any]:
    return {
        "file": row.pk, "name": row.name, "file_name": row.file_name, "at": row.at, "taken_at": row.taken_at,
        "digest": row.digest, "person": row.person.name if row.person else None,
    }  # fmt: skip


def _issue(ctx: Context, pk: int | None) -> Issue | None:
    """The one asked for; else the last one without what-if."""
    if pk is not None:
        return ctx.find(Issue, pk=pk)
    return next((row for row in Issue.objects.filter(event=ctx.event)[:PAST_ISSUES] if not row.levers), None)


def _said(row: Issue) -> dict[str, Any]:
    return {
        "id": row.pk, "at": row.at, "as_of": row.as_of, "by": row.person.name if row.person else None,
        "model": row.model, "samples": row.samples, "seed": row.seed, "levers": row.levers,
        "elapsed_s": row.elapsed_s,
    }  # fmt: skip


def _job(ctx: Context) -> int | None:
    """The forecast under way, if one is."""
    found = jobs.under_way(ctx.event, "passengers.forecast")
    return found.pk if found else None


def _over(ctx: Context) -> bool:
    return ctx.now.date() > ctx.the_event.closing
