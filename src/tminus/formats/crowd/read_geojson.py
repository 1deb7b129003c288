"""``network.geojson``: points are nodes, lines are links. https://www.rfc-editor.org/rfc/rfc7946"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tminus.engines.crowd.kinds import LinkKind, NodeKind, capacity_where_unsaid
from tminus.engines.crowd.network import Link, Node
from tminus.formats.crowd.element_kinds import LINK_KINDS, NODE_KINDS, NOT_FOR_PEOPLE
from tminus.formats.crowd.ground import Point, length_m
from tminus.formats.crowd.read_network import LINK_COLUMNS, NODE_COLUMNS, ReadNetwork, network_of
from tminus.formats.crowd.settings import Settings
from tminus.formats.problems import BadFile, Problem, Rejected, read_bytes

FILE = "network.geojson"
NEAR = {True: 7, False: 2}
"""Decimals by which the end of a line is a node's place: a centimetre, in degrees and in metres."""


def read_geojson(folder: Path, settings: Settings) -> ReadNetwork:
    """Points with ``id`` and the properties of nodes.csv; lines with ``id`` and those of links.csv.

    A line without ``from`` or ``to`` begins or ends at the point that lies there, else at a junction made there.
    Without ``length_m`` it is as long as drawn. Coordinates are lon, lat, or metres where scenario.json says so.

    :raises BadFile: no such file; :class:`Rejected`: a value that cannot be taken.
    """
    features = _features(folder / FILE)
    reader = _Reader(settings)
    for number, feature in enumerate(features, start=1):
        if _geometry(feature).get("type") == "Point":
            reader.node(number, feature)
    for number, feature in enumerate(features, start=1):
        if _geometry(feature).get("type") == "LineString":
            reader.link(number, feature)
    rest = sum(_geometry(one).get("type") not in ("Point", "LineString") for one in features)
    if rest:
        reader.warnings.append(f"{FILE}: {rest} features are neither points nor lines and not read")
    network = network_of(list(reader.nodes.values()), reader.links, settings, degrees=settings.degrees)
    return ReadNetwork(network, tuple(reader.warnings), reader.shapes)


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        told = json.loads(read_bytes(path).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path.name}: is not valid JSON ({error})") from error
    features = told.get("features") if isinstance(told, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise BadFile(f"{path.name}: has no list of features; allowed: a GeoJSON FeatureCollection")
    return features


def _geometry(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    found = feature.get("geometry")
    return found if isinstance(found, dict) else {}


class _Reader:
    def __init__(self, settings: Settings) -> None:
        self.degrees = settings.degrees
        self.nodes: dict[str, Node] = {}
        self.links: list[Link] = []
        self.shapes: dict[str, tuple[Point, ...]] = {}
        self.warnings: list[str] = []
        self._at: dict[Point, str] = {}
        self._link_ids: set[str] = set()
        self._told: set[str] = set()

    def node(self, number: int, feature: Mapping[str, Any]) -> None:
        told = self._properties(number, feature, NODE_COLUMNS)
        name, (x, y) = _id(number, told, self.nodes), _point(number, _geometry(feature).get("coordinates"))
        kind = _text(told, "kind")
        if kind not in NODE_KINDS:
            self.warnings.append(f"{FILE}: kind {kind!r} is taken for a junction")
        area, room = (_number(number, told, key, 0) for key in ("area_m2", "capacity_p"))
        self.nodes[name] = Node(name, NODE_KINDS.get(kind, NodeKind.JUNCTION), x, y, area, room)
        self._at.setdefault(self._rounded((x, y)), name)

    def link(self, number: int, feature: Mapping[str, Any]) -> None:
        told = self._properties(number, feature, LINK_COLUMNS)
        name = _id(number, told, self._link_ids)
        self._link_ids.add(name)
        line = _geometry(feature).get("coordinates")
        if not isinstance(line, list) or len(line) < 2:
            raise _refused(number, "coordinates", line, "two points or more")
        points = tuple(_point(number, one) for one in line)
        kind = _text(told, "kind")
        if kind in NOT_FOR_PEOPLE:
            return
        if kind not in LINK_KINDS:
            raise _refused(number, "kind", kind, ", ".join(one for one in LINK_KINDS if one))
        start, end = self._end(number, told, "from", points[0]), self._end(number, told, "to", points[-1])
        if start == end:
            raise _refused(number, "to", end, "another node than from")
        self.shapes[name] = points
        self.links.append(self._link(number, told, name, (start, end), LINK_KINDS[kind], points))

    def _link(
        self, number: int, told: Mapping[str, Any], name: str, ends: tuple[str, str], kind: LinkKind,
        points: tuple[Point, ...],
    ) -> Link:  # fmt: skip
        ride = kind is LinkKind.RIDE
        length = _number(number, told, "length_m", 1e-3)
        if length is None:
            length = length_m(points, degrees=self.degrees)
        width = _number(number, told, "width_m", 0 if ride else 1e-3)
        if width is None and not ride:
            raise _refused(number, "width_m", None, "a number above 0")
        capacity, speed = _number(number, told, "capacity_p_s", 1e-6), _number(number, told, "free_speed_m_s", 1e-3)
        travel = _number(number, told, "travel_s", 0)
        if ride and travel is None:
            if speed is None:
                raise _refused(number, "travel_s", None, "a number: rides need it")
            travel = length / speed
        wide = width or 0.0
        return Link(
            name, *ends, length, wide, kind,
            capacity if capacity is not None or ride else capacity_where_unsaid(kind, wide),
            None if ride else speed, _flag(number, told, "twoway"), travel if ride else None,
        )  # fmt: skip

    def _end(self, number: int, told: Mapping[str, Any], key: str, place: Point) -> str:
        named = _text(told, key)
        if named:
            if named not in self.nodes:
                raise _refused(number, key, named, "the id of a point")
            return named
        name = self._at.setdefault(self._rounded(place), f"junction-{len(self._at) + 1}")
        if name not in self.nodes:
            self.nodes[name] = Node(name, NodeKind.JUNCTION, *place)
        return name

    def _rounded(self, place: Point) -> Point:
        return round(place[0], NEAR[self.degrees]), round(place[1], NEAR[self.degrees])

    def _properties(self, number: int, feature: Mapping[str, Any], known: tuple[str, ...]) -> Mapping[str, Any]:
        told = feature.get("properties") or {}
        if not isinstance(told, dict):
            raise _refused(number, "properties", told, "a JSON object")
        for key in told:
            if key not in (*known, "name", "name_en", "name_zh", "line", "level") and key not in self._told:
                self._told.add(key)
                self.warnings.append(f"{FILE}: property {key!r} is not known and not read; known: {', '.join(known)}")
        return told if "id" in told or "id" not in feature else {**told, "id": feature["id"]}


def _refused(number: int, key: str, value: object, allowed: str) -> Rejected:
    return Rejected([Problem(f"{FILE}, feature {number}", 0, key, "" if value is None else str(value)[:80], allowed)])


def _id(number: int, told: Mapping[str, Any], taken: Mapping[str, Any] | set[str]) -> str:
    name = _text(told, "id")
    if not name or name in taken or "@" in name:
        raise _refused(number, "id", name, "every id once, not empty, without @")
    return name


def _text(told: Mapping[str, Any], key: str) -> str:
    value = told.get(key)
    return "" if value is None else str(value).strip()


def _number(number: int, told: Mapping[str, Any], key: str, low: float) -> float | None:
    value = told.get(key)
    if value is None or value == "":
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        found = float("nan")
    if isinstance(value, bool) or not low <= found < 1e7:
        raise _refused(number, key, value, f"a number of at least {low:g}")
    return found


def _flag(number: int, told: Mapping[str, Any], key: str) -> bool:
    value = told.get(key, 0)
    if value not in (0, 1, "0", "1", True, False, None, ""):
        raise _refused(number, key, value, "0 or 1")
    return bool(value) and value != "0"


def _point(number: int, told: object) -> Point:
    numbers = told if isinstance(told, list) else []
    if len(numbers) < 2 or not all(
        isinstance(one, (int, float)) and not isinstance(one, bool) and abs(one) < 1e9 for one in numbers[:2]
    ):
        raise _refused(number, "coordinates", told, "[lon, lat], or [x, y] in metres")
    return float(numbers[0]), float(numbers[1])
