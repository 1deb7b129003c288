"""The ground beneath a simulated day, as the browser's map and the pictures draw it: paths, each with its paint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tminus.desks.passengers.station_map import painted
from tminus.formats.crowd.replay_ground import DRAWN_OVER
from tminus.formats.ground_drawing import WIDTH


def ground_document(drawing: Mapping[str, Any]) -> dict[str, Any] | None:
    """Out of the answer of ``planning.ground.drawing``; nothing where the event has no ground.

    ``box``: west, south, east and north edge in degrees; ``width`` and ``height`` of the drawing in its units; of each
    of ``shapes`` its path and paint, strokes in dots of the screen however near one looks.
    """
    if not drawing["box"]:
        return None
    shapes = painted(one for one in drawing["shapes"] if one["kind"] not in DRAWN_OVER)
    told = {"box": [float(edge) for edge in drawing["box"]], "width": WIDTH, "height": float(drawing["height"])}
    return told | {"shapes": [_shape(one) for one in shapes]}


def _shape(one: Mapping[str, Any]) -> dict[str, Any]:
    paint = dict(one["paint"])
    said: dict[str, Any] = {"d": one["d"], "area": bool(one["area"])}
    said |= {name: paint[name] for name in ("fill", "stroke") if paint.get(name, "none") != "none"}
    said |= {"width": float(paint["stroke-width"])} if "stroke-width" in paint else {}
    return said | ({"dash": paint["stroke-dasharray"]} if "stroke-dasharray" in paint else {})
