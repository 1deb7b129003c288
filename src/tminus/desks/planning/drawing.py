"""The operations map as a drawing: ground and places in drawing units, for pages and screens without a map library."""

from __future__ import annotations

from typing import Any

from tminus.formats.ground_drawing import Projection, box_of, shapes_of


def drawn(ground: dict[str, Any], places: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Paths of the ground and places with ``x``, ``y``, what is worst on top; ``None`` where there is nothing to draw.

    ``box`` is all of it, ``work`` where the places are: west, south, east, north in degrees.
    """
    box = box_of(ground, places)
    if box is None:
        return None
    projection = Projection(*box)
    return {
        "shapes": list(shapes_of(ground, projection)),
        "height": projection.height,
        "places": [_marked(place, projection) for place in reversed(places)],
        "box": box,
        "work": box_of({}, places) or box,
    }


def _marked(place: dict[str, Any], projection: Projection) -> dict[str, Any]:
    x, y = projection.at(place["lon"], place["lat"])
    return {**place, "x": x, "y": y}
