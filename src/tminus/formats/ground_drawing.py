"""The ground of an event as a drawing: features of ``map.geojson`` as paths in drawing units, north up."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians
from typing import Any

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


def box_of(ground: dict[str, Any], places: list[dict[str, Any]]) -> tuple[float, float, float, float] | None:
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


def shapes_of(ground: dict[str, Any], projection: Projection) -> Iterable[dict[str, Any]]:
    features = [feature for feature in ground.get("features", []) if feature.get("geometry")]
    for feature in sorted(features, key=layer_of):
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


def layer_of(feature: dict[str, Any]) -> int:
    kind = str((feature.get("properties") or {}).get("kind", ""))
    return LAYERS.index(kind) if kind in LAYERS else len(LAYERS)


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
