"""The operations map: the drawn city and venue with what goes on where, wholly off-line."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response

from tminus.desks.planning.drawing import drawn
from tminus.formats.ground_drawing import layer_of
from tminus.platform.models import Event
from tminus.platform.pages import answer, event_of, page
from tminus.platform.registry import BadInput


@page
def operations_map(request: HttpRequest) -> HttpResponse:
    event = event_of(request)
    ground = answer(request, "planning.ground")
    try:
        found = answer(request, "planning.map", {"t": request.GET.get("t", "")})
    except BadInput as error:  # a day nobody can read: say so and show today
        messages.error(request, str(error))
        found = answer(request, "planning.map")
    drawing = drawn(ground, found["places"])
    context: dict[str, Any] = {"found": found, "label": _label(event, found["t"]), "empty": drawing is None}
    if drawing is not None:
        context |= drawing | {name: ",".join(str(edge) for edge in drawing[name]) for name in ("box", "work")}
    phases = event.phase_list()
    rhythm = event.checkpoint_days  # the slider begins and ends on a mark
    first = found["from_t"] // rhythm * rhythm
    last = -(-(phases[-1].to_t if phases else 20) // rhythm) * rhythm
    context |= {
        "first_t": first,
        "last_t": last,
        "marks": list(range(first, last + 1, rhythm)),
        "today_t": event.t(request.now).n,  # type: ignore[attr-defined]
    }
    return render(request, "planning/map.html", context)


@page
def day(request: HttpRequest) -> HttpResponse:
    """One day of the map, as the browser's map takes it: marks as GeoJSON and the list beside them."""
    found = answer(request, "planning.map", {"t": request.GET.get("t", "")})
    return JsonResponse(
        {
            "t": found["t"],
            "label": _label(event_of(request), found["t"]),
            "day": found["day"],
            "marks": {"type": "FeatureCollection", "features": [_feature(place) for place in found["places"]]},
            "list": render_to_string("planning/map_places.html", {"found": found}, request),
        }
    )


@page
def ground(request: HttpRequest) -> HttpResponse:
    """The drawn ground as GeoJSON, in the order in which it lies; unchanged ground is not sent again."""
    found = answer(request, "planning.ground")
    shapes = sorted((one for one in found.get("features", []) if one.get("geometry")), key=layer_of)
    content = json.dumps({"type": "FeatureCollection", "features": shapes}, ensure_ascii=False).encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": "private, no-cache", "ETag": etag}
    whole = HttpResponse(content, "application/geo+json", headers=headers)
    return get_conditional_response(request, etag=etag, response=whole) or whole


def _label(event: Event, n: int) -> str:
    return str(event.t(event.day(n)))


def _feature(place: dict[str, Any]) -> dict[str, Any]:
    kept = ("code", "name", "kind", "status", "total", "lagging", "running", "vacant")
    said = {name: place[name] for name in kept} | {"posts": len(place["posts"])}
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
        "properties": said,
    }
