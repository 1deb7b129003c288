"""One slot of a simulated day as a picture: for pages without script, for exports, slides and papers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tminus.desks.passengers.day_labels import Labels
from tminus.formats.crowd.replay_page import place_name
from tminus.platform.languages import in_language

FILL = ("#F0EAF1", "#DFCBDF", "#C8A1C8", "#A86FA6", "#7C4278", "#47194C")
EDGE = ("#A898AA", "#A98BA9", "#986B98", "#8F5A8D", "#6A3766", "#2E0F31")
INK = ("#14181F", "#14181F", "#14181F", "#14181F", "#FFFFFF", "#FFFFFF")
QUEUED = "#A34400"
LINES = ("#0072B2", "#D55E00", "#007A5A", "#A3487A", "#8A6A00", "#3A7CA5", "#5B4B9A", "#6B6B6B")
"""The colours of ``frontend/src/day/palette.ts``."""
WIDE, HIGH = 1152.0, 640.0
NARROWEST, WIDEST = 2.5, 14.0
NEAR = 0.04
"""Dots a metre from which single halls and stops can be told apart."""
RING, LARGEST = 0.25, 80.0
"""Radius of a ring: a quarter of the root of its persons, in dots."""
FULL = 0.8
WORST_TOLD = 5
LETTERS = "ABCDEF"
HOLDING = ("hall", "station", "platform", "stop", "plaza", "exit")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where metres of the day lie on the picture."""

    scale: float
    x: float
    y: float

    @classmethod
    def of(cls, window: Sequence[float]) -> Sheet:
        west, south, east, north = window
        scale = min(WIDE / max(east - west, 1.0), HIGH / max(north - south, 1.0))
        return cls(scale, WIDE / 2 - scale * (west + east) / 2, HIGH / 2 + scale * (south + north) / 2)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return round(self.x + self.scale * x, 1), round(self.y - self.scale * y, 1)

    def shows(self, x: float, y: float) -> bool:
        return -20 < x < WIDE + 20 and -20 < y < HIGH + 20


class _Mark(NamedTuple):
    """A place in sight; ``gate``: its figures where it is one."""

    node: Mapping[str, Any]
    x: float
    y: float
    there: float
    gate: Mapping[str, Any] | None


def worst_slot(day: Mapping[str, Any]) -> int:
    """The worst slot of the worst place; 0 on a day without any."""
    return int(day["worst"][0]["slot"]) if day["worst"] else 0


def picture_svg(
    day: Mapping[str, Any],
    slot: int | None = None,
    *,
    ground: Mapping[str, Any] | None = None,
    window: str = "site",
    title: str = "",
    about: str = "",
) -> bytes:
    """The picture in the language of who looks, as SVG; ``platform.papers.picture.png_of`` makes a PNG of it.

    :param day: a document of ``replay_data``; ``slot``: by default the worst. ``ground``: of :func:`ground_document`.
    :param window: ``site`` or ``city``; a day without the one asked for is shown as a whole.
    :param title: by default the day's name; ``about``: a line beneath.
    """
    at = worst_slot(day) if slot is None else min(max(slot, 0), max(len(day["times"]) - 1, 0))
    sheet = Sheet.of(day["windows"].get(window) or day["windows"].get("city") or (0.0, 0.0, 1.0, 1.0))
    labels = Labels(WIDE, HIGH)
    marks = list(_marks(day, at, sheet))
    ways = _ways(day, at, sheet)
    hops = list(_hops(day, at, sheet))
    _name(labels, [one for one in marks if one.gate], sheet, at)
    for hop in sorted(hops, key=lambda one: -one["share"]):
        if hop["share"] >= FULL:
            labels.write(f"{hop['line']} · {hop['share']:.0%}", hop["x"], hop["y"], hop["colour"])
    letters = [one for one in _letters(ways) if labels.free(one["x"] - 8, one["y"] - 8, 16, 16)]
    _name(labels, [one for one in marks if not one.gate], sheet, at)
    context = {
        "width": WIDE, "height": HIGH, "title": title or in_language(day["name"]["en"], day["name"]["zh"]),
        "about": about, "at": clock_at(day, at), "date": (day["start"] or "")[:10],
        "ground": _ground(day, ground, sheet), "rides": _rides(day, at, sheet), "ways": ways, "hops": hops,
        "letters": letters, "rings": _rings(marks, sheet), "halls": _halls(marks, sheet),
        "gates": [one for one in marks if one.gate], "half": 5 if sheet.scale > NEAR else 3, "labels": labels.written,
        "scale": _scale(),
        "worst": _worst(day),
    }  # fmt: skip
    return render_to_string("passengers/day_picture.svg", context).encode()


def clock_at(day: Mapping[str, Any], slot: int) -> str:
    """When a slot begins, HH:MM; nothing on a day without slots."""
    return str(day["times"][slot]).rpartition("T")[2][:5] if day["times"] else ""


def _of(series: Mapping[str, Sequence[float]], element: int, slot: int) -> float:
    values = series.get(str(element))
    return values[slot] if values else 0.0


def _ground(day: Mapping[str, Any], ground: Mapping[str, Any] | None, sheet: Sheet) -> dict[str, Any] | None:
    """The drawing's shapes and how they are brought to the picture; strokes keep their width in dots."""
    if ground is None or day["degrees"] is None:
        return None
    kx, ky, lon, lat = day["degrees"]
    west, south, east, north = ground["box"]
    x, y = sheet.at((west - lon) * kx, (north - lat) * ky)
    across = (east - west) / ground["width"] * kx * sheet.scale
    down = (north - south) / ground["height"] * ky * sheet.scale
    dot = 1 / max(hypot(across, down) / sqrt(2), 1e-12)
    shapes = [
        {**one, "width": round(one.get("width", 1.0) * dot, 6), "dash": _dash(one.get("dash", ""), dot)}
        for one in ground["shapes"]
    ]
    return {"matrix": f"{across:.6g} 0 0 {down:.6g} {x} {y}", "shapes": shapes}


def _dash(dash: str, dot: float) -> str:
    return " ".join(f"{float(part) * dot:.5g}" for part in dash.replace(",", " ").split())


def _points(day: Mapping[str, Any], way: Mapping[str, Any], sheet: Sheet, aside: float) -> list[tuple[float, float]]:
    flat = way.get("shape") or [day["nodes"][way[end]][axis] for end in ("from", "to") for axis in ("x", "y")]
    points = [sheet.at(x, y) for x, y in zip(flat[::2], flat[1::2], strict=True)]
    (x0, y0), (x1, y1) = points[0], points[-1]
    long = hypot(x1 - x0, y1 - y0)
    if not aside or long < 1:
        return points
    dx, dy = -(y1 - y0) / long * aside, (x1 - x0) / long * aside
    return [(round(x + dx, 1), round(y + dy, 1)) for x, y in points]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _sides(day: Mapping[str, Any]) -> list[float]:
    """Of each way, how many places it stands beside the line between its ends, which others share."""
    spots: dict[tuple[Any, ...], list[int]] = {}
    turned = []
    for n, way in enumerate(day["ways"]):
        ends = [(day["nodes"][way[end]]["x"], day["nodes"][way[end]]["y"]) for end in ("from", "to")]
        turned.append(-1 if ends[0] > ends[1] else 1)
        spots.setdefault(tuple(sorted(ends)), []).append(n)
    place = {n: k - (len(all_) - 1) / 2 for all_ in spots.values() for k, n in enumerate(all_)}
    return [turned[n] * place[n] for n in range(len(day["ways"]))]


def _ways(day: Mapping[str, Any], slot: int, sheet: Sheet) -> list[dict[str, Any]]:
    """Walked ways in sight, the emptiest first so that the others lie on top."""
    found, sides = [], _sides(day)
    levels = day["levels"][slot] if day["levels"] else ""
    for n, way in enumerate(day["ways"]):
        width = min(max(way["width"] * sheet.scale, NARROWEST), WIDEST)
        points = _points(day, way, sheet, sides[n] * (width + 3)) if way["walked"] else []
        if any(sheet.shows(*point) for point in points):
            level = LETTERS.index(levels[n]) if _of(day["persons"], n, slot) else -1
            half = len(points) // 2
            (x0, y0), (x1, y1) = points[half - 1], points[half]
            found.append({
                "d": _path(points), "level": level, "width": round(width, 1), "outer": round(width + 1.5, 1),
                "fill": FILL[level] if level >= 0 else "#FFFFFF", "edge": EDGE[level] if level >= 0 else "#B7BDC7",
                "x": (x0 + x1) / 2, "y": (y0 + y1) / 2,
            })  # fmt: skip
    return sorted(found, key=lambda one: one["level"])


def _letters(ways: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in reversed(ways):
        if one["level"] >= 2 and sum((0 < one["x"] < WIDE, 0 < one["y"] < HIGH)) == 2:
            yield {**one, "letter": LETTERS[one["level"]], "ink": INK[one["level"]]}


def _rides(day: Mapping[str, Any], slot: int, sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {"d": _path(_points(day, way, sheet, 0)), "width": 1 + min(4, round(_of(day["persons"], n, slot) / 150))}
        for n, way in enumerate(day["ways"])
        if not way["walked"]
    ]


def _hops(day: Mapping[str, Any], slot: int, sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Vehicles that ran in the slot: line, width and figure tell how full."""
    vehicles = day["vehicles"]
    for hop in vehicles["hops"]:
        if hop["room"][slot]:
            share = hop["on"][slot] / hop["room"][slot]
            width = 1.5 + round(6 * min(share, 1.2))
            points = _points(day, hop, sheet, 2 + width / 2)
            (x0, y0), (x1, y1) = points[0], points[-1]
            yield {
                "d": _path(points), "width": width, "share": share,
                "line": vehicles["lines"][hop["line"]], "colour": LINES[hop["line"] % len(LINES)],
                "x": round((x0 + x1) / 2 + 8, 1), "y": round((y0 + y1) / 2, 1),
            }  # fmt: skip


def _marks(day: Mapping[str, Any], slot: int, sheet: Sheet) -> Iterator[_Mark]:
    """Gates that serve and places that hold people; halls at one spot below one another."""
    gates = {gate["node"]: gate for gate in day["gates"]}
    below: dict[tuple[Any, ...], int] = {}
    for n, node in enumerate(day["nodes"]):
        gate = gates.get(n)
        if gate is None and node["kind"] not in HOLDING:
            continue
        spot = (node["kind"] == "hall", node["x"], node["y"])
        down = below[spot] = below.get(spot, -1) + 1
        x, y = sheet.at(node["x"], node["y"])
        there = gate["queue"][slot] if gate else _of(day["waiting"], n, slot)
        if sheet.shows(x, y):
            yield _Mark(node, x, y + (13 * down if spot[0] else 0), there, gate)


def _rings(marks: Sequence[_Mark], sheet: Sheet) -> list[dict[str, Any]]:
    found = []
    for one in marks:
        radius = round(min(RING * sqrt(one.there), LARGEST), 1)
        if one.node["kind"] != "hall" and radius > 2:
            found.append({"x": one.x, "y": one.y, "r": radius, "colour": "#D55E00" if one.gate else "#123F7D"})
        elif one.node["kind"] in ("station", "stop", "plaza") and sheet.scale > NEAR:
            found.append({"x": one.x, "y": one.y, "r": 2, "colour": "#465060"})
    return found


def _halls(marks: Sequence[_Mark], sheet: Sheet) -> list[dict[str, Any]]:
    return [
        {"x": one.x - 17, "y": one.y - 5, "filled": round(34 * min(1.0, one.there / one.node["room"]), 1)}
        for one in marks
        if one.node["kind"] == "hall" and one.node.get("room") and sheet.scale > NEAR
    ]


def _name(labels: Labels, marks: Sequence[_Mark], sheet: Sheet, slot: int) -> None:
    """Names and figures, where most wait first."""
    near = sheet.scale > NEAR
    rank = {"hall": 1e6} if near else {}
    for one in sorted(marks, key=lambda mark: -mark.there - rank.get(mark.node["kind"], 0)):
        hall = one.node["kind"] == "hall"
        if (not near and (hall or one.there < (1 if one.gate else 200))) or (
            one.node["kind"] == "platform" and one.there < 20
        ):
            continue
        name = in_language(one.node["en"], one.node["zh"])
        figure = f" {round(one.there):,}" if one.there >= 1 else ""
        labels.write(
            f"{name}{figure}{_waited(one, slot)}", one.x + (21 if hall else 9), one.y, QUEUED if one.gate else ""
        )


def _waited(one: _Mark, slot: int) -> str:
    wait = one.gate["wait_s"][slot] if one.gate else None
    if wait is None or wait < 60:
        return ""
    return " · " + _("%(n)s min") % {"n": round(wait / 60)}


def _scale() -> list[dict[str, Any]]:
    return [{"letter": LETTERS[n], "x": 366 + 26 * n, "fill": FILL[n], "ink": INK[n]} for n in range(len(LETTERS))]


def _worst(day: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first of the day's worst places and minutes, in words."""
    language = in_language("en", "zh")
    found = []
    for n, one in enumerate(day["worst"][:WORST_TOLD]):
        end = min(one["to"] + 1, len(day["times"]) - 1)
        told = _("%(place)s, %(begin)s–%(end)s: %(n)s person-minutes") % {
            "place": place_name(day, one, language), "begin": clock_at(day, one["from"]), "end": clock_at(day, end),
            "n": f"{one['minutes']:,}",
        }  # fmt: skip
        found.append({"words": f"{one['level']} · {told}" if one["level"] else told, "y": 172 + HIGH + 20 * n})
    return found
