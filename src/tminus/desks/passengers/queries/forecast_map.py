"""The map of stations: what is expected at each in a quarter of an hour, beside what was counted there."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray
from pydantic import BaseModel, Field

from tminus.desks.passengers.adapter import panel_of
from tminus.desks.passengers.forecasting.figures import STATS
from tminus.desks.passengers.forecasting.kept_folder import current
from tminus.desks.passengers.forecasting.levers import Levers
from tminus.desks.passengers.forecasting.network_kept import kept_network
from tminus.desks.passengers.forecasting.station_figures import (
    CHANNELS,
    StationFigures,
    issued_figures,
    levels_of,
    station_figures,
)
from tminus.desks.passengers.forecasting.what_if import what_if
from tminus.desks.passengers.models import Counter, Issue, IssuedDay
from tminus.desks.passengers.queries.counters import places_of
from tminus.desks.passengers.slot_tables import service_day
from tminus.formats.event_folder.network import Station
from tminus.formats.problems import BadFile
from tminus.platform.languages import in_language
from tminus.platform.registry import BadInput, Context, Grant, Missing, query

LATEST = 30
"""Issues looked through for the last one without what-if."""
FLOWS = {"both": (0, 1), "entering": (0,), "leaving": (1,)}
"""Channels of a station's counters that add up to what the map shows; *in* is into the station."""
GATE_FLOWS = {"entries": 0, "departures": 1}


Counts = dict[str, NDArray[np.float64]]


class NothingArgs(BaseModel):
    """No arguments."""


class MapArgs(BaseModel):
    """``at``: a time of the day's slots, ``08:15`` (default: now, of other days the busiest slot), or its number from
    0 as ``slot``; ``counted``: by default the last slot counted instead; ``node``: the place whose curve is told;
    ``levers``: the day under a what-if."""

    day: date
    at: str = ""
    slot: int | None = Field(default=None, ge=0)
    counted: bool = False
    channel: str = "both"
    node: str = ""
    issue: int | None = None
    levers: Levers = Field(default_factory=lambda: Levers())


@query("passengers.forecast.lines", grants=Grant.READ)
def lines(ctx: Context, args: NothingArgs) -> list[str]:
    """Lines of the event's network, for whoever asks what happens without one."""
    return list(kept_network(ctx.the_event).lines)


@query("passengers.network", grants=Grant.READ)
def network(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Stations, gates and the tracks between stations, as the event's tables of nodes and links place them."""
    found = kept_network(ctx.the_event)
    place = {one.id: [one.lon, one.lat] for one in found.stations if one.placed}
    return {
        "lines": list(found.lines),
        "stations": [_said(one) for one in found.stations if one.placed],
        "gates": [_said(one) for one in found.gates if one.placed],
        "tracks": [
            {"line": one.line, "points": [place[end] for end in one.ends]}
            for one in found.tracks
            if place.keys() >= {*one.ends}
        ],
    }


def _said(one: Station) -> dict[str, Any]:
    name = in_language(one.name_en, one.name_zh) or one.id
    return {"node": one.id, "name": name, "lines": list(one.lines), "lon": one.lon, "lat": one.lat}


@query("passengers.forecast.map.days", grants=Grant.READ)
def map_days(ctx: Context, args: NothingArgs) -> list[date]:
    """Days the last forecast without what-if has curves of."""
    found = _last_issue(ctx)
    return list(found.days.order_by("day").values_list("day", flat=True)) if found else []


@query("passengers.forecast.map", grants=Grant.READ)
def forecast_map(ctx: Context, args: MapArgs) -> dict[str, Any]:
    """Passengers expected at every station in one slot of a day, and at the gates; the curve of one place.

    ``stations`` is empty where the day was not forecast, or no station of it is known.
    """
    if args.channel not in CHANNELS:
        raise BadInput(f"channel: {args.channel!r}; allowed: {', '.join(CHANNELS)}", field="channel")
    issued = _issued(ctx, args)
    if issued is None:
        return {"day": args.day, "stations": [], "gates": []}
    figures = _figures(ctx, args, issued)
    if not figures.stations:
        return {"day": args.day, "stations": [], "gates": []}
    channel = args.channel if args.channel in figures.stations else next(iter(figures.stations))
    bounds = issued_figures(issued).bounds(channel)
    counted = _counted(ctx, args.day, figures, channel)
    slot = _last_counted(args, counted)
    slot = _slot(ctx, args, figures, channel) if slot is None else slot
    stations = _stations(ctx, figures, channel, slot, bounds, counted)
    gates = _gates(ctx, figures, slot, bounds, counted)
    return {
        "day": args.day, "at": figures.times[slot][-5:], "slot": slot, "slots": [text[-5:] for text in figures.times],
        "slot_minutes": figures.slot_minutes, "channel": channel, "channels": list(figures.stations),
        "bounds": list(bounds), "stations": stations, "gates": gates, "counts": bool(counted),
        "rests_on": list(figures.rests_on),
        "issue": {"id": issued.issue_id, "at": issued.issue.at, "as_of": issued.issue.as_of},
        "node": _node(args.node, stations, gates, figures, channel, counted),
    }  # fmt: skip


def _last_issue(ctx: Context) -> Issue | None:
    rows = Issue.objects.filter(event=ctx.event).defer("result", "inputs")[:LATEST]
    return next((row for row in rows if not row.levers), None)


def _issued(ctx: Context, args: MapArgs) -> IssuedDay | None:
    issue = ctx.find(Issue, pk=args.issue) if args.issue is not None else _last_issue(ctx)
    found = IssuedDay.objects.filter(issue=issue, day=args.day) if issue else IssuedDay.objects.none()
    return found.select_related("issue").defer("issue__result", "issue__inputs").first()


def _figures(ctx: Context, args: MapArgs, issued: IssuedDay) -> StationFigures:
    if not args.levers.any:
        return issued_figures(issued)
    if not current(ctx.the_event):
        raise BadInput(_("there is nothing yet that a forecast could rest on"), field="day")
    try:
        found = what_if(ctx.the_event, ctx.now, args.day, args.levers)
    except BadFile as error:
        raise BadInput(str(error), field="levers") from error
    return station_figures(found.content, found.figures)


def _slot(ctx: Context, args: MapArgs, figures: StationFigures, channel: str) -> int:
    """The slot ``at`` lies in; a time before or after the day's slots is its first or last."""
    if args.slot is not None:
        return min(args.slot, len(figures.times) - 1)
    if not args.at and args.day != ctx.now.date():
        return figures.busiest(channel)
    try:
        asked = datetime.strptime(args.at, "%H:%M") if args.at else ctx.now
    except ValueError as error:
        raise BadInput(f"at: {args.at!r}; allowed: {figures.times[0][-5:]}", field="at", value=args.at) from error
    minute = asked.hour * 60 + asked.minute
    minute += 1440 * (minute < figures.first_minute % 1440 and bool(args.at))
    return int(np.clip((minute - figures.first_minute) // figures.slot_minutes, 0, len(figures.times) - 1))


def _last_counted(args: MapArgs, counted: Counts) -> int | None:
    """Where no time is asked for and counts are: the last slot of which any are known."""
    if not args.counted or not counted or args.at or args.slot is not None:
        return None
    known = [np.flatnonzero(np.isfinite(values).reshape(len(values), -1).any(axis=1)) for values in counted.values()]
    return int(max((slots[-1] for slots in known if slots.size), default=0))


def _counted(ctx: Context, day: date, figures: StationFigures, channel: str) -> Counts:
    """``[slot]`` by node, and ``[slot, (in, out)]`` by gate: what its counters counted, NaN where it is not known."""
    if day > service_day(ctx.now) or figures.slot_minutes % 15:
        return {}
    there = set(Counter.objects.filter(event=ctx.event).values_list("node", flat=True))
    nodes = [code for code in (*figures.station_ids, *figures.gate_ids) if code in there]
    if not nodes:
        return {}
    panel = panel_of(ctx.the_event, [day], nodes, slot_minutes=figures.slot_minutes)
    values = np.full((len(nodes), len(figures.times), 2), np.nan)
    offset = (figures.first_minute - panel.first_minute) // figures.slot_minutes
    for slot in range(max(0, -offset), min(len(figures.times), panel.slots - offset)):
        values[:, slot] = panel.values[0, offset + slot]
    if not np.isfinite(values).any():
        return {}
    gates = {*figures.gate_ids}
    return {
        code: values[at] if code in gates else values[at][:, FLOWS[channel]].sum(axis=1)
        for at, code in enumerate(nodes)
    }


def _stations(
    ctx: Context, figures: StationFigures, channel: str, slot: int, bounds: tuple[int, ...], counted: Counts
) -> list[dict[str, Any]]:
    """Stations that have a place, those with fewest persons of the day first, so that the others lie on top."""
    placed = {one.id: one for one in kept_network(ctx.the_event).stations if one.placed}
    values = figures.stations[channel]
    seen = np.array([counted[code][slot] if code in counted else np.nan for code in figures.station_ids])
    levels, seen_levels = levels_of(values[0, :, slot], bounds), levels_of(seen, bounds)
    order = np.argsort(values[0].sum(axis=1), kind="stable")
    return [
        {**_said(placed[code]), **_stats(values[:, at, slot]), "level": levels[at], "counted": _whole(seen[at]),
         "counted_level": seen_levels[at]}
        for at in map(int, order)
        if (code := figures.station_ids[at]) in placed
    ]  # fmt: skip


def _gates(
    ctx: Context, figures: StationFigures, slot: int, bounds: tuple[int, ...], counted: Counts
) -> list[dict[str, Any]]:
    placed = {one.id: one for one in kept_network(ctx.the_event).gates if one.placed}
    names, found = places_of(ctx), list[dict[str, Any]]()
    for at, code in enumerate(figures.gate_ids):
        if code not in placed:
            continue
        said = {**_said(placed[code]), "name": names.get(code) or _said(placed[code])["name"]}
        both = float(sum(values[0, at, slot] for values in figures.gates.values()))
        seen = counted[code][slot] if code in counted else np.full(2, np.nan)
        said |= {
            name: {**_stats(values[:, at, slot]), "counted": _whole(float(seen[GATE_FLOWS[name]]))}
            for name, values in figures.gates.items()
        }
        said |= {"mean": round(both), "counted": _whole(float(seen.sum()))}
        level, seen_level = levels_of(np.array([both, seen.sum()]), bounds)
        found.append({**said, "level": level, "counted_level": seen_level})
    return found


def _stats(values: NDArray[np.float64]) -> dict[str, int]:
    return {name: round(float(values[number])) for number, name in enumerate(STATS)}


def _whole(value: float) -> int | None:
    return round(float(value)) if np.isfinite(value) else None


def _node(
    code: str, stations: list[dict[str, Any]], gates: list[dict[str, Any]], figures: StationFigures, channel: str,
    counted: Counts,
) -> dict[str, Any] | None:  # fmt: skip
    """The place asked for, or the station with most persons in the slot, with its curves of the day.

    :raises Missing: no such place on the map.
    """
    gate = next((one for one in gates if one["node"] == code), None)
    if gate is not None:
        at = figures.gate_ids.index(code)
        return {**gate, "gate": True, "curves": [
            _curve(name, values[:, at], counted[code][:, GATE_FLOWS[name]] if code in counted else None)
            for name, values in figures.gates.items()
        ]}  # fmt: skip
    found = next((one for one in stations if one["node"] == code), None) if code else None
    if code and found is None:
        raise Missing(_("no station %(code)r on the map") % {"code": code}, field="node", value=code)
    found = found or max(stations, key=lambda one: one["mean"], default=None)
    if found is None:
        return None
    values = figures.stations[channel][:, figures.station_ids.index(found["node"])]
    curve = _curve(CHANNELS[channel], values, counted.get(found["node"]))
    return {**found, "gate": False, "asked": bool(code), "curves": [curve]}


def _curve(measure: str, values: NDArray[np.float64], seen: NDArray[np.float64] | None) -> dict[str, Any]:
    told = {name: values[number].tolist() for number, name in enumerate(STATS)}
    return {"measure": measure, **told, "counted": [_whole(one) for one in seen] if seen is not None else []}
