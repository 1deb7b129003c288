"""The operations map: the drawn city and venue with what goes on where, wholly off-line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from math import cos, radians
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response

from tminus.platform.models import Event
from tminus.platform.pages import answer, event_of, page
from tminus.platform.registry import BadInput

WIDTH = 1000.0
LAYERS = (
    "sea", "land", "built", "district", "park", "water", "port", "airport", "runway", "pier",
    "street", "road", "motorway", "rail", "metro",
    "venue", "plaza", "concourse", "car_park", "marshalling_yard", "hall", "gate", "dock",
)  # fmt: skip
"""What lies under what; a kind not named here lies on top."""


class Projection:
    """Longitude and latitude to drawing units, north up, equal scales at the middle latitude."""

    def __init__(self, west: float, south: float, east: float, north: float) -> None:
        self.west, self.north = west, north
        self.shrink = cos(radians((south + north) / 2))
        self.scale = WIDTH / max((east - west) * self.shrink, 1e-9)
        self.height = round((north - south) * self.scale, 1)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return round((lon - self.west) * self.shrink * self.scale, 2), round((self.north - lat) * self.scale, 2)

    def path(self, rings: Iterable[Iterable[list[float]]], *, close: bool) -> str:
        parts = []
        for ring in rings:
            points = [f"{x},{y}" for x, y in (self.at(lon, lat) for lon, lat, *_ in ring)]
            parts.append("M" + "L".join(points) + ("Z" if close else ""))
        return "".join(parts)


@page
def operations_map(request: HttpRequest) -> HttpResponse:
    event = event_of(request)
    ground = answer(request, "planning.ground")
    try:
        found = answer(request, "planning.map", {"t": request.GET.get("t", "")})
    except BadInput as error:  # a day nobody can read: say so and show today
        messages.error(request, str(error))
        found = answer(request, "planning.map")
    box = _box(ground, found["places"])
    context: dict[str, Any] = {"found": found, "label": _label(event, found["t"]), "empty": box is None}
    if box is not None:
        projection = Projection(*box)
        context |= {
            "shapes": list(_shapes(ground, projection)),
            "height": projection.height,
            # What is worst lies on top.
            "places": [_marked(place, projection) for place in reversed(found["places"])],
            "box": ",".join(str(edge) for edge in box),
            "work": ",".join(str(edge) for edge in _box({}, found["places"]) or box),
        }
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
    shapes = sorted((one for one in found.get("features", []) if one.get("geometry")), key=_layer)
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


def _coordinates(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """Rings or lines of a geometry."""
    kind, found = geometry["type"], geometry["coordinates"]
    if kind == "Point":
        return [[found]]
    if kind in ("LineString", "MultiPoint"):
        return [found]
    if kind in ("Polygon", "MultiLineString"):
        return list(found)
    return [ring for polygon in found for ring in polygon]


def _box(ground: dict[str, Any], places: list[dict[str, Any]]) -> tuple[float, float, float, float] | None:
    points = [
        point
        for feature in ground.get("features", [])
        if feature.get("geometry")
        for ring in _coordinates(feature["geometry"])
        for point in ring
    ]
    points += [[place["lon"], place["lat"]] for place in places]
    if not points:
        return None
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    return min(lons), min(lats), max(lons), max(lats)


def _shapes(ground: dict[str, Any], projection: Projection) -> Iterable[dict[str, Any]]:
    features = [feature for feature in ground.get("features", []) if feature.get("geometry")]
    for feature in sorted(features, key=_layer):
        geometry, properties = feature["geometry"], feature.get("properties") or {}
        if geometry["type"] == "Point":
            continue
        area = "Polygon" in geometry["type"]
        yield {
            "d": projection.path(_coordinates(geometry), close=area),
            "kind": str(properties.get("kind", "")),
            "area": area,
            "name": properties.get("name_en", ""),
        }


def _layer(feature: dict[str, Any]) -> int:
    kind = str((feature.get("properties") or {}).get("kind", ""))
    return LAYERS.index(kind) if kind in LAYERS else len(LAYERS)


def _marked(place: dict[str, Any], projection: Projection) -> dict[str, Any]:
    x, y = projection.at(place["lon"], place["lat"])
    return {**place, "x": x, "y": y}
