"""The map of stations as a drawing: where marks and tracks stand on the ground, and the whole as one SVG picture."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import find

LOADS = ("#F0EAF1", "#DFCBDF", "#C8A1C8", "#A86FA6", "#7C4278", "#47194C")
"""One perceptual scale, light to dark; each class begins at the double of the one before. Also in ``forecast.css``."""
RADII = (3.0, 3.5, 4.2, 5.0, 6.0, 7.0)
"""The mark grows with the class, so that colour is not all that tells."""
PICTURE_WIDTH = 1152
"""Dots the map is wide in a picture by itself."""
MARKS = 1.5
"""Marks of a picture are so much larger than those of the page, which can be drawn nearer."""
PADDING = 0.06
"""Of the stations' extent, left free around them."""
PAINT = ("fill", "stroke", "stroke-width", "stroke-dasharray", "vector-effect")


class Projection:
    """Degrees to the units of the drawn ground."""

    def __init__(self, box: Sequence[float], width: float, height: float) -> None:
        self.west, self.south, self.east, self.north = box
        self.across = width / max(self.east - self.west, 1e-9)
        self.down = height / max(self.north - self.south, 1e-9)

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        return round((lon - self.west) * self.across, 2), round((self.north - lat) * self.down, 2)


def placed(rows: Iterable[dict[str, Any]], projection: Projection) -> list[dict[str, Any]]:
    """Rows with ``x`` and ``y`` beside their longitude and latitude."""
    found = []
    for row in rows:
        x, y = projection.at(row["lon"], row["lat"])
        found.append({**row, "x": x, "y": y})
    return found


def tracks(network: dict[str, Any], projection: Projection, closed: Sequence[str] = ()) -> list[dict[str, Any]]:
    """One path a line; ``closed``: those no train runs on."""
    parts: dict[str, list[str]] = {}
    for one in network["tracks"]:
        (x0, y0), (x1, y1) = (projection.at(*point) for point in one["points"])
        parts.setdefault(one["line"], []).append(f"M{x0} {y0}L{x1} {y1}")
    return [{"line": line, "d": "".join(path), "closed": line in closed} for line, path in parts.items()]


def window(marks: Sequence[dict[str, Any]], width: float, height: float) -> tuple[float, float, float, float]:
    """Left, top, width and height of the part of the drawing where the marks are."""
    if len(marks) < 2:
        return 0.0, 0.0, width, height
    left, right = min(one["x"] for one in marks), max(one["x"] for one in marks)
    top, bottom = min(one["y"] for one in marks), max(one["y"] for one in marks)
    pad = PADDING * max(right - left, bottom - top) + 1
    return round(left - pad, 1), round(top - pad, 1), round(right - left + 2 * pad, 1), round(bottom - top + 2 * pad, 1)


def scale_of(bounds: Sequence[int]) -> list[dict[str, Any]]:
    """The classes of the scale, with their colour and the figures printed beside it."""
    edges = [0, *bounds]
    return [
        {"level": level, "colour": LOADS[level], "radius": RADII[level], "from": edge,
         "until": edges[level + 1] if level + 1 < len(edges) else None}
        for level, edge in enumerate(edges)
    ]  # fmt: skip


def mark_of(row: dict[str, Any]) -> dict[str, Any]:
    """Radius and colour of a mark by its class; hollow where nothing is known."""
    level = row["shown_level"]
    return {"radius": RADII[max(level, 0)], "colour": LOADS[level] if level >= 0 else "#FFFFFF"}


def picture_of(drawing: dict[str, Any]) -> dict[str, Any]:
    """Where the parts of the picture by itself stand: heading, map, scale and note below one another."""
    unit = drawing["wide"] / PICTURE_WIDTH  # of the drawing in a dot of the picture
    high = round(drawing["high"] / unit)
    scale = [{**one, "at_x": 24 + 150 * number} for number, one in enumerate(drawing["scale"])]
    return {
        "unit": round(MARKS * unit, 5), "thin": round(1.4 * unit, 5), "map_height": high, "legend_y": high + 116,
        "note_y": high + 142, "picture_height": high + 160, "scale": scale, "gate_x": 24 + 150 * len(scale),
    }  # fmt: skip


def painted(shapes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Shapes of the ground with ``paint``: what the operations map's style sheet says of their kind, as attributes.

    A picture by itself has no style sheet.
    """
    return [{**one, "paint": _paint("area" if one["area"] else "way", one["kind"])} for one in shapes]


@cache
def _paint(sort: str, kind: str) -> tuple[tuple[str, str], ...]:
    rules = _rules()
    found = {"fill": "#f2f1ec"} if sort == "area" else {"fill": "none", "vector-effect": "non-scaling-stroke"}
    return tuple((found | rules.get(f".k-{kind}", {}) | rules.get(f".{sort}.k-{kind}", {})).items())


@cache
def _rules() -> dict[str, dict[str, str]]:
    """Selector → what is painted, of the style sheet of the operations map."""
    sheet = find("planning/map.css")
    text = Path(str(sheet)).read_text(encoding="utf-8") if sheet else ""
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        said = (part.partition(":") for part in body.replace("!important", "").split(";"))
        paint = {name.strip(): value.strip() for name, _, value in said if name.strip() in PAINT}
        for selector in selectors.split(","):
            found.setdefault(selector.strip(), {}).update(paint)
    return found
