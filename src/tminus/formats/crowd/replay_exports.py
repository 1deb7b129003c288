"""A simulated day out of its document: the figures of its slots as a table, and all of it as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

HEADS = (
    "time", "kind", "id", "name_en", "name_zh", "line", "level", "persons", "worst_minute_p_m2", "left_at_end",
    "left_at_start", "queue", "wait_s", "served", "lanes", "on_board", "places", "boarded", "left_behind",
)  # fmt: skip
Cells = dict[str, Any]


def slot_rows(day: Mapping[str, Any], slots: Sequence[int]) -> list[list[Any]]:
    """Rows of ``HEADS``: in each slot every way with somebody on it, gates, nodes with somebody waiting, vehicles."""
    found: list[Cells] = []
    for slot in slots:
        when = {"time": day["times"][slot]}
        told = [*_ways(day, slot), *_gates(day, slot), *_nodes(day, slot), *_hops(day, slot), *_stops(day, slot)]
        found += [when | one for one in told]
    return [[row.get(head, "") for head in HEADS] for row in found]


def day_features(day: Mapping[str, Any]) -> bytes:
    """A FeatureCollection, ``times`` beside its features: ways as lines, nodes as points, figures as lists by slot.

    Coordinates are degrees where the network's were, else metres of the document.
    """
    ways = [_feature(day, _shape(day, way), way, _way_series(day, n)) for n, way in enumerate(day["ways"])]
    gates = {gate["node"]: gate for gate in day["gates"]}
    nodes = [
        _feature(day, [(node["x"], node["y"])], node, _node_series(day, n, gates.get(n)))
        for n, node in enumerate(day["nodes"])
    ]
    document = {
        "type": "FeatureCollection", "name": day["name"]["en"], "times": day["times"], "slot_s": day["slot_s"],
        "features": [*ways, *nodes],
    }  # fmt: skip
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _of(series: Mapping[str, Sequence[float]], element: int, slot: int) -> float:
    values = series.get(str(element))
    return values[slot] if values else 0


def _named(day: Mapping[str, Any], way: Mapping[str, Any]) -> Cells:
    ends = [day["nodes"][way[end]] for end in ("from", "to")]
    return {f"name_{code}": " – ".join(str(end[code]) for end in ends) for code in ("en", "zh")}


def _ways(day: Mapping[str, Any], slot: int) -> list[Cells]:
    return [
        {
            "kind": way["kind"], "id": way["id"], **_named(day, way), "line": way.get("line", ""),
            "level": day["levels"][slot][n] if way["walked"] else "", "persons": persons,
            "worst_minute_p_m2": _of(day["density"], n, slot),
            "left_at_end": _of(day["passed"][0], n, slot), "left_at_start": _of(day["passed"][1], n, slot),
        }
        for n, way in enumerate(day["ways"])
        if (persons := _of(day["persons"], n, slot))
    ]  # fmt: skip


def _node(day: Mapping[str, Any], n: int) -> Cells:
    node = day["nodes"][n]
    return {"kind": node["kind"], "id": node["id"], "name_en": node["en"], "name_zh": node["zh"]}


def _gates(day: Mapping[str, Any], slot: int) -> list[Cells]:
    return [
        {
            **_node(day, gate["node"]), "queue": gate["queue"][slot], "served": gate["served"][slot],
            "wait_s": "" if gate["wait_s"][slot] is None else gate["wait_s"][slot],
            "lanes": gate["lanes"][slot] if gate["lanes"] else "",
        }
        for gate in day["gates"]
    ]  # fmt: skip


def _nodes(day: Mapping[str, Any], slot: int) -> list[Cells]:
    gates = {gate["node"] for gate in day["gates"]}
    there = ((int(n), values[slot]) for n, values in day["waiting"].items())
    return [{**_node(day, n), "persons": persons} for n, persons in there if persons and n not in gates]


def _hops(day: Mapping[str, Any], slot: int) -> list[Cells]:
    lines = day["vehicles"]["lines"]
    return [
        {
            "kind": "vehicles", "id": " – ".join(day["nodes"][hop[end]]["id"] for end in ("from", "to")),
            **_named(day, hop), "line": lines[hop["line"]], "on_board": hop["on"][slot], "places": hop["room"][slot],
        }
        for hop in day["vehicles"]["hops"]
        if hop["runs"][slot]
    ]  # fmt: skip


def _stops(day: Mapping[str, Any], slot: int) -> list[Cells]:
    lines = day["vehicles"]["lines"]
    return [
        {**_node(day, one["node"]), "line": lines[one["line"]], "boarded": one["boarded"][slot],
         "left_behind": one["left"][slot]}
        for one in day["vehicles"]["stops"]
        if one["boarded"][slot] or one["left"][slot]
    ]  # fmt: skip


def _shape(day: Mapping[str, Any], way: Mapping[str, Any]) -> list[tuple[float, float]]:
    flat = way.get("shape") or [day["nodes"][way[end]][axis] for end in ("from", "to") for axis in ("x", "y")]
    return list(zip(flat[::2], flat[1::2], strict=True))


def _feature(
    day: Mapping[str, Any], points: Sequence[tuple[float, float]], element: Mapping[str, Any], series: Cells
) -> dict[str, Any]:
    kx, ky, x0, y0 = day["degrees"] or (1.0, 1.0, 0.0, 0.0)
    digits = 7 if day["degrees"] else 2
    told = [[round(x / kx + x0, digits), round(y / ky + y0, digits)] for x, y in points]
    names = _named(day, element) if "from" in element else {"name_en": element["en"], "name_zh": element["zh"]}
    kinds = {"type": "LineString", "coordinates": told} if len(told) > 1 else {"type": "Point", "coordinates": told[0]}
    properties = {"id": element["id"], "kind": element["kind"], **names, **series}
    return {"type": "Feature", "id": element["id"], "geometry": kinds, "properties": properties}


def _way_series(day: Mapping[str, Any], n: int) -> Cells:
    told = {
        "persons": day["persons"].get(str(n)), "worst_minute_p_m2": day["density"].get(str(n)),
        "left_at_end": day["passed"][0].get(str(n)), "left_at_start": day["passed"][1].get(str(n)),
    }  # fmt: skip
    rated = {"levels": "".join(row[n] for row in day["levels"])} if day["ways"][n]["walked"] else {}
    return rated | {name: values for name, values in told.items() if values}


def _node_series(day: Mapping[str, Any], n: int, gate: Mapping[str, Any] | None) -> Cells:
    if gate is not None:
        return {name: gate[name] for name in ("queue", "wait_s", "served", "lanes") if gate[name]}
    values = day["waiting"].get(str(n))
    return {"persons": values} if values else {}
