"""The ground beneath a simulated day, as its map draws it: paths, each with its paint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tminus.formats.ground_drawing import WIDTH, Projection, box_of, shapes_of
from tminus.formats.problems import BadFile, read_bytes

FILE = "map.geojson"
DRAWN_OVER = ("metro", "station", "gate")
"""Kinds the day draws itself."""
PLAIN = "#f2f1ec"
FILLS = {
    "sea": "#dfe8ef", "water": "#dfe8ef", "land": "#f4f3ee", "park": "#e2ecd9", "built": "#eceae3", "venue": "#e7edf6",
    "hall": "#c9d7ea", "plaza": "#f5f0e2", "concourse": "#f5f0e2", "dock": "#b9cbe4", "car_park": "#e3e3e6",
    "taxi_rank": "#e3e3e6", "shuttle_stop": "#e3e3e6", "marshalling_yard": "#e3e3e6", "port": "#e6e4dd",
    "airport": "#e6e4dd", "pier": "#e6e4dd", "runway": "#cfcfd3",
}  # fmt: skip
"""Kind of an area → its colour, as the style sheet of the operations map has it; others are :data:`PLAIN`."""
EDGES: Mapping[str, Mapping[str, Any]] = {
    "hall": {"stroke": "#8fa9cc"}, "district": {"stroke": "#b9b4a6", "dash": "4 3"},
}  # fmt: skip
WAYS: Mapping[str, Mapping[str, Any]] = {
    "road": {"stroke": "#fff", "width": 2.2}, "motorway": {"stroke": "#e8d5ad", "width": 2.6},
    "street": {"stroke": "#fbfaf7", "width": 1.0}, "rail": {"stroke": "#9a9aa2", "width": 1.4, "dash": "6 2"},
}  # fmt: skip
"""Kind of a way → its paint; others are not drawn."""


def folder_ground(folder: Path) -> dict[str, Any] | None:
    """Of an event folder's ``map.geojson``; nothing where it has none.

    :raises BadFile: it is no GeoJSON of lines and areas.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        return replay_ground(json.loads(read_bytes(path).decode("utf-8-sig")))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadFile(f"{FILE}: {error}; allowed: a GeoJSON FeatureCollection in longitude and latitude") from error


def replay_ground(geojson: Any) -> dict[str, Any] | None:
    """``box``: west, south, east and north edge in degrees; ``width`` and ``height`` of the drawing in its units; of
    each of ``shapes`` its path and paint, strokes in dots of the screen. Nothing where there is nothing to draw.

    :raises TypeError: no JSON object; as :exc:`KeyError` and the like of features that are none.
    """
    if not isinstance(geojson, dict):
        raise TypeError(f"{str(geojson)[:40]!r}")
    box = box_of(geojson, [])
    if box is None:
        return None
    projection = Projection(*box)
    shapes = [_shape(one) for one in shapes_of(geojson, projection) if one["kind"] not in DRAWN_OVER]
    drawn = [one for one in shapes if one.keys() & {"fill", "stroke"}]
    return {"box": [float(edge) for edge in box], "width": WIDTH, "height": projection.height, "shapes": drawn}


def _shape(one: Mapping[str, Any]) -> dict[str, Any]:
    kind, area = one["kind"], bool(one["area"])
    paint = {**_fill(kind), **EDGES.get(kind, {})} if area else WAYS.get(kind, {})
    return {"d": one["d"], "area": area, **paint}


def _fill(kind: str) -> dict[str, str]:
    """A district is its edge alone."""
    return {} if kind == "district" else {"fill": FILLS.get(kind, PLAIN)}
