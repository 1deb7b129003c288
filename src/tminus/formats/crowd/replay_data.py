"""A simulated day as one document that screens draw: the page by itself, the console's map, its pictures and tables.

Everything is by slot. Nodes and ways are told once, in lists; everywhere else stands their place in these lists.
Coordinates are metres east and north of the first node. What never differs from nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.kinds import WALKED, LinkKind, NodeKind
from tminus.engines.crowd.level_of_service import LEVELS, worst_by_slot
from tminus.engines.crowd.network import Network, Node
from tminus.engines.crowd.scenario import GateShift, Run
from tminus.formats.crowd.day_document import document_of
from tminus.formats.crowd.day_map import lines_of
from tminus.formats.crowd.day_tables import slot_begins, time_names
from tminus.formats.crowd.element_names import ElementNames
from tminus.formats.crowd.ground import METRES_A_DEGREE, Point
from tminus.formats.crowd.replay_vehicles import vehicles_of
from tminus.formats.crowd.replay_worst import worst_of

SCHEMA = "tminus-day/1"
SITE = (NodeKind.HALL, NodeKind.GATE)
"""Where these are, is the site."""
FIGURES = (
    "agents", "arrived", "en_route", "stuck", "mean_lost_s", "p90_lost_s", "left_behind", "left_out",
    "last_arrival_s", "person_minutes_by_level", "fundamental_diagram",
)  # fmt: skip
Scale = tuple[float, float, float, float]


def replay_data(
    name: str | Mapping[str, str],
    network: Network,
    result: DayResult,
    start: datetime | None,
    shapes: Mapping[str, tuple[Point, ...]],
    *,
    names: ElementNames | None = None,
    runs: Sequence[Run] = (),
    shifts: Sequence[GateShift] = (),
) -> dict[str, Any]:
    """The document, ready for JSON; its keys are those of ``docs/reference/replay.md``.

    :param names: of nodes, and the lines of ways; none: ids stand for themselves.
    :param runs: the timetable, for where vehicles go and what they hold; ``shifts``: lanes at gates.
    """
    called = names or ElementNames()
    levels = worst_by_slot(network, result)
    scale = metres_of(network)
    named = time_names(start)
    place = {node: n for n, node in enumerate(result.nodes)}
    vehicles = vehicles_of(result, runs, place)
    return {
        "schema": SCHEMA,
        "name": _both(name),
        "start": start.isoformat() if start else None,
        "slot_s": result.slot_s,
        "times": [named(at) for at in slot_begins(result)],
        "degrees": [round(value, 7) for value in scale] if network.geographic else None,
        "windows": _windows(network, scale),
        "nodes": _nodes(network, scale, called),
        "ways": _ways(network, scale, place, shapes, called),
        "levels": ["".join(LEVELS[level] for level in row) for row in levels],
        "persons": sparse(result.occupancy, 1),
        "density": sparse(result.peak_density, 2),
        "passed": [sparse(result.outflow[:, :, way].astype(np.float64), 0) for way in (0, 1)],
        "waiting": sparse(result.waiting, 1),
        "gates": _gates(result, place, shifts),
        "vehicles": vehicles,
        "curves": _curves(network, result, vehicles["aboard"]),
        "worst": worst_of(network, result, levels, place),
        "incidents": [
            {"at_s": one.at_s, "kind": one.kind, "elements": list(one.elements), "persons": one.persons}
            for one in result.incidents
        ],
        "day": _day(result),
    }  # fmt: skip


def _both(name: str | Mapping[str, str]) -> dict[str, str]:
    """In both languages; one stands in for the other."""
    told = {"en": name} if isinstance(name, str) else name
    some = next((text for text in told.values() if text), "")
    return {language: told.get(language) or some for language in ("en", "zh")}


def metres_of(network: Network) -> Scale:
    """Metres a unit of x and y, and what is taken off both first."""
    if not network.nodes:
        return 1.0, 1.0, 0.0, 0.0
    x, y = network.nodes[0].x, network.nodes[0].y
    if not network.geographic:
        return 1.0, 1.0, x, y
    return METRES_A_DEGREE * cos(radians(y)), METRES_A_DEGREE, x, y


def sparse(values: NDArray[Any], digits: int) -> dict[str, list[float]]:
    """[slot, element] → the slots of each element that ever has more than nothing."""
    told = np.round(np.nan_to_num(np.asarray(values, np.float64)), digits)
    return {str(n): [*map(_short, told[:, n].tolist())] for n in np.flatnonzero((told > 0).any(axis=0))}


def _short(value: float) -> float:
    return int(value) if value == int(value) else value


def _flat(points: Sequence[Point], scale: Scale) -> list[float]:
    return [
        _short(round(value, 1))
        for x, y in points
        for value in ((x - scale[2]) * scale[0], (y - scale[3]) * scale[1])
    ]  # fmt: skip


def _nodes(network: Network, scale: Scale, called: ElementNames) -> list[dict[str, Any]]:
    found = []
    for node in network.nodes:
        (x, y), (en, zh) = _flat([(node.x, node.y)], scale), called.of(node.id)
        said: dict[str, Any] = {"id": node.id, "kind": node.kind.value, "x": x, "y": y, "en": en, "zh": zh}
        found.append(said | ({"room": node.capacity_p} if node.capacity_p else {}))
    return found


def _ways(
    network: Network, scale: Scale, place: Mapping[str, int], shapes: Mapping[str, tuple[Point, ...]],
    called: ElementNames,
) -> list[dict[str, Any]]:  # fmt: skip
    found = []
    for link, line in zip(network.links, lines_of(network, shapes), strict=True):
        said: dict[str, Any] = {
            "id": link.id, "kind": link.kind.value, "from": place[link.start], "to": place[link.end],
            "width": round(link.width_m, 1), "walked": int(link.kind in WALKED),
        }  # fmt: skip
        said |= {"line": called.lines[link.id]} if link.id in called.lines else {}
        found.append(said | ({"shape": _flat(line, scale)} if link.id in shapes else {}))
    return found


def _windows(network: Network, scale: Scale) -> dict[str, list[float]]:
    """West, south, east and north edge in metres: of everything, and of the site where it is a part of it."""
    city = _window(network.nodes, scale, 0.06)
    site = _window([node for node in network.nodes if node.kind in SITE], scale, 0.25)
    return {"city": city} | ({"site": site} if site and site != city else {}) if city else {}


def _window(nodes: Sequence[Node], scale: Scale, margin: float) -> list[float]:
    """``margin``: a share of the extent, free on every side."""
    if len(nodes) < 2:
        return []
    flat = np.array(_flat([(node.x, node.y) for node in nodes], scale)).reshape(-1, 2)
    pad = max(margin * float(np.ptp(flat, axis=0).max()), 10.0)
    return [round(float(value), 1) for value in (*(flat.min(axis=0) - pad), *(flat.max(axis=0) + pad))]


def _gates(result: DayResult, place: Mapping[str, int], shifts: Sequence[GateShift]) -> list[dict[str, Any]]:
    gates = result.gates
    return [
        {
            "node": place[gate],
            "queue": [_short(round(float(value), 1)) for value in gates.queue[:, n]],
            "wait_s": [round(float(value)) if np.isfinite(value) else None for value in gates.wait_s[:, n]],
            "served": gates.served[:, n].tolist(),
            "longest": int(gates.longest_queue[n]),
            "lanes": _lanes(gate, result, shifts),
        }
        for n, gate in enumerate(gates.ids)
    ]


def _lanes(gate: str, result: DayResult, shifts: Sequence[GateShift]) -> list[float]:
    """Lanes open on average in each slot; nothing where no shifts are told."""
    if not shifts:
        return []
    begins = slot_begins(result)
    found = np.zeros(len(begins))
    for one in (shift for shift in shifts if shift.node == gate):
        open_s = np.minimum(begins + result.slot_s, one.to_s) - np.maximum(begins, one.from_s)
        found += one.lanes * np.clip(open_s, 0, None) / result.slot_s
    return [*map(_short, np.round(found, 1).tolist())]


def _curves(network: Network, result: DayResult, aboard: Sequence[int]) -> dict[str, list[float]]:
    """Persons by slot: on the site, in halls, on ways, on rides and in vehicles, queuing at gates, home so far."""
    inside = _inside(network)
    kinds = [node.kind for node in network.nodes]
    halls = np.array([kind is NodeKind.HALL for kind in kinds], bool)
    within = np.array([node.id in inside for node in network.nodes], bool)
    ways = np.array([link.kind in WALKED for link in network.links], bool)
    own = np.array([link.start in inside or link.end in inside for link in network.links], bool)
    rides = np.array([link.kind is LinkKind.RIDE for link in network.links], bool)
    waiting, persons = result.waiting.astype(np.float64), result.occupancy.astype(np.float64)
    told = {
        "site": waiting[:, within].sum(axis=1) + persons[:, own].sum(axis=1),
        "halls": waiting[:, halls].sum(axis=1),
        "ways": persons[:, ways].sum(axis=1),
        "rides": persons[:, rides].sum(axis=1) + np.array(aboard),
        "queues": result.gates.queue.astype(np.float64).sum(axis=1),
        "home": _home(result),
    }
    return {name: np.round(values).astype(int).tolist() for name, values in told.items()}


def _home(result: DayResult) -> NDArray[np.float64]:
    there = result.arrived_s[np.isfinite(result.arrived_s)]
    ends = slot_begins(result) + result.slot_s
    return np.searchsorted(np.sort(there), ends, side="right").astype(np.float64)


def _inside(network: Network) -> set[str]:
    """Nodes that are reached from a hall without passing a gate; none where nothing is gated."""
    gates = {node.id for node in network.nodes if node.kind is NodeKind.GATE}
    if not gates:
        return set()
    beside: dict[str, list[str]] = {}
    for link in network.links:
        beside.setdefault(link.start, []).append(link.end)
        beside.setdefault(link.end, []).append(link.start)
    waiting = [node.id for node in network.nodes if node.kind is NodeKind.HALL]
    found = set(waiting)
    while waiting:
        more = [node for node in beside.get(waiting.pop(), ()) if node not in found and node not in gates]
        found.update(more)
        waiting += more
    return found


def _day(result: DayResult) -> dict[str, Any]:
    told = document_of(result)
    waits, served = result.gates.wait_s.astype(np.float64), result.gates.served.astype(np.float64)
    waited = float(np.nansum(np.where(served > 0, waits * served, 0.0)))
    mean = round(waited / float(served.sum()), 1) if served.any() else None
    return {**{key: told[key] for key in FIGURES}, "incidents": len(told["incidents"]), "mean_wait_s": mean}
