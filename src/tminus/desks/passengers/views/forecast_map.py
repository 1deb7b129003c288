"""The forecast map: stations coloured by what is expected at each in a slot of the day; its slots, picture, table."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from tminus.desks.passengers.forecast_charts import curve_chart, slot_x
from tminus.desks.passengers.forecast_words import CHANNEL_OF_MAP, MEASURE_WORDS, resting_on, rounded
from tminus.desks.passengers.station_map import (
    Projection,
    mark_of,
    painted,
    picture_of,
    placed,
    scale_of,
    tracks,
    window,
)
from tminus.desks.passengers.views.levers import levers_in, levers_said, lines_to_choose
from tminus.formats.book_writer import table_csv
from tminus.platform.languages import day_text
from tminus.platform.pages import answer, event_of, page
from tminus.platform.papers.picture import png_of
from tminus.platform.registry import BadInput

WIDTH = 1000.0
BUSIEST = 10
NARROW = 420
"""Of the chart beside the map."""
KEPT = ("channel", "node", "issue", "show", "closed", "lines", "attendance_percent", "rain_mm", "traffic_percent")
"""What an address of the map carries besides day and slot."""


@page
def forecast_map(request: HttpRequest) -> HttpResponse:
    found = _found(request)
    days = answer(request, "passengers.forecast.map.days")
    found["days"] = [{"day": one, "t": event_of(request).t(one), "here": one == found["day"]} for one in days]
    if not found["stations"]:
        return render(request, "passengers/forecast_map_none.html", found)
    return render(request, "passengers/forecast_map.html", _drawn(request, found))


@page
def slot(request: HttpRequest) -> HttpResponse:
    """One slot of the map, as the browser's player takes it: each mark's class and figure, and what stands beside."""
    found = _found(request)
    if not found["stations"]:
        raise Http404(_("this day has not been forecast"))
    marks = [*found["stations"], *found["gates"]]
    response = JsonResponse({
        "slot": found["slot"], "at": found["at"], "levels": [one["shown_level"] for one in marks],
        "figures": [_figure(one["shown"]) for one in marks], "node": found["node"]["node"],
        "side": render_to_string("passengers/forecast_map_side.html", found, request),
    })  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


@page
def ground(request: HttpRequest) -> HttpResponse:
    """The ground beneath the stations as a picture by itself; unchanged ground is not sent again."""
    drawing = _ground(request, answer(request, "passengers.network"))
    content = render_to_string("passengers/ground.svg", {**drawing, "shapes": painted(drawing["shapes"])}).encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    whole = HttpResponse(content, "image/svg+xml", headers={"Cache-Control": "private, no-cache", "ETag": etag})
    return get_conditional_response(request, etag=etag, response=whole) or whole


@page
def exported(request: HttpRequest) -> HttpResponse:
    """What the map shows: a table of all its places (CSV), or the picture (SVG, PNG)."""
    found = _found(request)
    if not found["stations"]:
        raise Http404(_("this day has not been forecast"))
    sort = request.GET.get("as", "csv")
    name = f"{event_of(request).slug}-map-{found['day']}-{found['at'].replace(':', '')}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{sort}"'}
    if sort == "csv":
        return HttpResponse(table_csv(*_table(found)), "text/csv; charset=utf-8", headers=headers)
    if sort not in ("svg", "png"):
        raise Http404(_("as: %(sort)s; allowed: csv, svg, png") % {"sort": sort})
    drawn = _drawn(request, found)
    context = {**drawn, **picture_of(drawn), "shapes": painted(drawn["shapes"]), "event": event_of(request)}
    picture = render_to_string("passengers/forecast_map.svg", context)
    if sort == "svg":
        return HttpResponse(picture, "image/svg+xml; charset=utf-8", headers=headers)
    return HttpResponse(png_of(picture.encode()), "image/png", headers=headers)


def _found(request: HttpRequest) -> dict[str, Any]:
    """The map asked for; a time, place or what-if that cannot be is said, and the map shown without it."""
    day, levers = _day(request), levers_in(request.GET)
    args: dict[str, Any] = {"day": day} | _given(request, "channel", "issue")
    args["counted"] = request.GET.get("show") == "counted"
    wanted = args | _given(request, "at", "slot", "node")
    try:
        found: dict[str, Any] = answer(request, "passengers.forecast.map", {**wanted, "levers": levers})
    except BadInput as error:
        messages.error(request, str(error))
        levers = {}
        found = answer(request, "passengers.forecast.map", args)
    if found["stations"]:
        _shown(request, found)
        found["levers"] = levers_said(levers)
        found["today"] = day == request.now.date()  # type: ignore[attr-defined]
        found["follow"] = not _given(request, "at", "slot")
        found["rests_on"] = resting_on(found["rests_on"]) if levers else []
        found["lines_closed"] = levers.get("lines", [])
        kept = _given(request, *KEPT)
        without = {name: value for name, value in kept.items() if name != "node"}
        found |= {"kept": kept, "with_node": _more(kept), "without_node": _more(without)}
        found |= _side(found)
    return found


def _given(request: HttpRequest, *names: str) -> dict[str, str]:
    return {name: request.GET[name] for name in names if request.GET.get(name)}


def _more(kept: dict[str, str]) -> str:
    """What an address goes on with."""
    return f"&{urlencode(kept)}" if kept else ""


def _day(request: HttpRequest) -> date:
    """The day asked for; else today, or the first day that was forecast."""
    text = request.GET.get("day", "")
    try:
        if text:
            return date.fromisoformat(text)
    except ValueError as error:
        raise Http404(str(error)) from error
    days: list[date] = answer(request, "passengers.forecast.map.days")
    today: date = request.now.date()  # type: ignore[attr-defined]
    return today if today in days or not days else min(days, key=lambda one: (one < today, one))


def _shown(request: HttpRequest, found: dict[str, Any]) -> None:
    """What the marks tell: what is expected, or what was counted where the address asks for that."""
    found["show"] = "counted" if found["counts"] and request.GET.get("show") == "counted" else "expected"
    name, level = ("counted", "counted_level") if found["show"] == "counted" else ("mean", "level")
    for one in (*found["stations"], *found["gates"]):
        one["shown"], one["shown_level"] = one[name], one[level]
    found["channel_word"] = CHANNEL_OF_MAP[found["channel"]]
    found["channels"] = [{"name": name, "word": CHANNEL_OF_MAP[name]} for name in found["channels"]]


def _side(found: dict[str, Any]) -> dict[str, Any]:
    """The busiest places of the slot and the curve of the one chosen."""
    busiest = sorted(found["stations"], key=lambda one: -one["mean"])[:BUSIEST]
    node = found["node"]
    charts = [
        {**curve_chart(found["slots"], curve, width=NARROW, ticks=4), "word": MEASURE_WORDS[curve["measure"]],
         "now_x": slot_x(found["slot"], len(found["slots"]), NARROW),
         "observed": any(one is not None for one in curve["counted"])}
        for curve in node["curves"]
    ]  # fmt: skip
    seen = any(one["counted"] is not None for one in found["stations"])
    return {
        "busiest": busiest,
        "stations_counted": seen,
        "charts": charts,
        "title": _title(found, busiest),
        "day_said": day_text(found["day"]),
    }


def _title(found: dict[str, Any], busiest: list[dict[str, Any]]) -> str:
    """The message: where most are in this slot."""
    first = busiest[0]
    return _("%(at)s: most at %(name)s, %(low)s–%(high)s in %(n)s min") % {
        "at": found["at"], "name": first["name"], "low": f"{rounded(first['p10']):,}",
        "high": f"{rounded(first['p90']):,}", "n": found["slot_minutes"],
    }  # fmt: skip


def _ground(request: HttpRequest, network: dict[str, Any]) -> dict[str, Any]:
    points = [(one["lon"], one["lat"]) for one in (*network["stations"], *network["gates"])]
    found: dict[str, Any] = answer(request, "planning.ground.drawing", {"points": points})
    shapes = [one for one in found["shapes"] if one["kind"] not in ("metro", "station")]  # drawn as tracks and marks
    return {"shapes": shapes, "box": found["box"], "height": found.get("height", WIDTH), "width": WIDTH}


def _drawn(request: HttpRequest, found: dict[str, Any]) -> dict[str, Any]:
    """Everything the drawing needs, in its units."""
    network = answer(request, "passengers.network")
    drawing = _ground(request, network)
    projection = Projection(drawing["box"], WIDTH, drawing["height"])
    stations, gates = (placed(found[name], projection) for name in ("stations", "gates"))
    marks = [{**one, "gate": False} for one in stations] + [{**one, "gate": True} for one in gates]
    chosen = found["node"]["node"]
    marks = [{**one, "figure": _figure(one["shown"]), "chosen": one["node"] == chosen, **mark_of(one)} for one in marks]
    left, top, wide, high = window(marks, WIDTH, drawing["height"])
    return {
        **found, **drawing, "marks": marks, "tracks": tracks(network, projection, found["lines_closed"]),
        "scale": scale_of(found["bounds"]), "left": left, "top": top, "wide": wide, "high": high,
        "hours": _hours(found),
        "lines": lines_to_choose(network["lines"], request.GET.get("lines", "")), "last": len(found["slots"]) - 1,
        "choices": sorted(({"node": one["node"], "name": one["name"]} for one in marks), key=lambda one: one["name"]),
    }  # fmt: skip


def _hours(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Every slot as a link: the hours, and the slots of the hour shown."""
    here = found["at"][:2]
    hours: dict[str, str] = {}
    for at in found["slots"]:
        hours.setdefault(at[:2], at)
    return [
        {"at": at, "word": f"{hour}", "here": hour == here,
         "slots": [{"at": one, "here": one == found["at"]} for one in found["slots"] if one[:2] == hour == here]}
        for hour, at in hours.items()
    ]  # fmt: skip


def _figure(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def _table(found: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    heads = ["day", "time", "node", "name", "lines", "lon", "lat", "measure", "mean", "p10", "p50", "p90", "counted"]
    when = [found["day"].isoformat(), found["at"]]
    rows: list[list[Any]] = []
    for one in reversed(found["stations"]):
        place = [one["node"], one["name"], " ".join(one["lines"]), one["lon"], one["lat"]]
        rows.append([*when, *place, found["channel"], *_figures(one)])
    for one in found["gates"]:
        place = [one["node"], one["name"], "", one["lon"], one["lat"]]
        rows += [[*when, *place, name, *_figures(one[name])] for name in ("entries", "departures") if name in one]
    return heads, rows


def _figures(one: dict[str, Any]) -> list[Any]:
    return [one[name] if one[name] is not None else "" for name in ("mean", "p10", "p50", "p90", "counted")]
