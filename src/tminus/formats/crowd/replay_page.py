"""A simulated day as one HTML page that asks nothing of anybody: it plays from a disk or a mail's attachment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.kinds import WALKED, NodeKind
from tminus.engines.crowd.level_of_service import LEVELS, worst_by_slot
from tminus.engines.crowd.network import Network, Node
from tminus.formats.crowd.day_document import document_of
from tminus.formats.crowd.day_map import lines_of
from tminus.formats.crowd.day_tables import slot_begins, time_names
from tminus.formats.crowd.ground import METRES_A_DEGREE, Point

WORST_SHOWN = 12
MOST_NAMED = 60
"""Names on the map; beyond, they hide it."""
PLACE = "/*DATA*/"


def replay_page(
    name: str, network: Network, result: DayResult, start: datetime | None, shapes: Mapping[str, tuple[Point, ...]]
) -> bytes:
    """The page; all figures are those of the tables, rounded."""
    data = _data(name, network, result, start, shapes)
    template = resources.files(__package__).joinpath("replay.html").read_text(encoding="utf-8")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return template.replace(PLACE, safe).encode()


def _data(
    name: str, network: Network, result: DayResult, start: datetime | None, shapes: Mapping[str, tuple[Point, ...]]
) -> dict[str, Any]:
    levels = worst_by_slot(network, result)
    scale = _metres(network)
    named = time_names(start)
    told = document_of(result)
    places = [n for n, node in enumerate(network.nodes) if node.kind is not NodeKind.JUNCTION]
    return {
        "name": name,
        "slot_s": result.slot_s,
        "times": [named(at) for at in slot_begins(result)],
        "links": list(result.links),
        "lines": [_flat(line, scale) for line in lines_of(network, shapes)],
        "widths": [round(link.width_m, 1) for link in network.links],
        "walked": [int(link.kind in WALKED) for link in network.links],
        "nodes": _nodes(network, scale),
        "waiting": [_told(row[places], 0) for row in result.waiting],
        "levels": ["".join(LEVELS[level] for level in row) for row in levels],
        "worst": [_worst(network, result, levels[slot], slot) for slot in range(len(levels))],
        "on": _told(result.occupancy.sum(axis=1), 1),
        "gates": list(result.gates.ids),
        "queue": [_told(row, 1) for row in result.gates.queue],
        "wait": [_told(row, 1) for row in result.gates.wait_s],
        "day": {
            key: len(told[key]) if key == "incidents" else told[key]
            for key in (
                "agents", "arrived", "en_route", "stuck", "mean_lost_s", "left_behind", "incidents",
                "fundamental_diagram",
            )
        },
    }  # fmt: skip


def _metres(network: Network) -> tuple[float, float, float, float]:
    """Metres a unit of x and y, and what is taken off both first."""
    if not network.nodes:
        return 1.0, 1.0, 0.0, 0.0
    x, y = network.nodes[0].x, network.nodes[0].y
    if not network.geographic:
        return 1.0, 1.0, x, y
    return METRES_A_DEGREE * cos(radians(y)), METRES_A_DEGREE, x, y


def _flat(line: list[Point], scale: tuple[float, float, float, float]) -> list[float]:
    return [round(value, 1) for x, y in line for value in ((x - scale[2]) * scale[0], (y - scale[3]) * scale[1])]


def _nodes(network: Network, scale: tuple[float, float, float, float]) -> list[dict[str, Any]]:
    shown = _places(network)
    return [
        {
            "id": node.id,
            "x": _flat([(node.x, node.y)], scale)[0],
            "y": _flat([(node.x, node.y)], scale)[1],
            "named": int(len(shown) <= MOST_NAMED),
        }
        for node in shown
    ]


def _places(network: Network) -> list[Node]:
    return [node for node in network.nodes if node.kind is not NodeKind.JUNCTION]


def _worst(network: Network, result: DayResult, levels: NDArray[np.int8], slot: int) -> list[list[float]]:
    """Links at level C or worse, the worst first: position, worst minute's density, mean persons."""
    density = result.peak_density[slot].astype(float)
    order = np.lexsort((-density, -levels.astype(int)))
    walked = (n for n in order if levels[n] >= 2 and network.links[n].kind in WALKED)
    found = [[int(n), round(density[n], 2), round(float(result.occupancy[slot, n]), 1)] for n in walked]
    return found[:WORST_SHOWN]


def _told(values: NDArray[np.float32], digits: int) -> list[float | None]:
    return [round(float(value), digits) if np.isfinite(value) else None for value in values]
