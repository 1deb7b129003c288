"""A simulated day on a map: every link with its levels of service slot by slot, as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from tminus.engines.crowd.day_result import DayResult
from tminus.engines.crowd.level_of_service import LEVELS, OF_KIND, worst_by_slot
from tminus.engines.crowd.network import Network
from tminus.formats.crowd.day_tables import slot_begins, time_names
from tminus.formats.crowd.ground import Point


def lines_of(network: Network, shapes: Mapping[str, tuple[Point, ...]]) -> list[list[Point]]:
    """Every link as drawn, else straight from node to node."""
    at = {node.id: (node.x, node.y) for node in network.nodes}
    return [list(shapes.get(link.id, (at[link.start], at[link.end]))) for link in network.links]


def day_geojson(
    network: Network, result: DayResult, start: datetime | None, shapes: Mapping[str, tuple[Point, ...]]
) -> bytes:
    """A FeatureCollection, ``times`` beside its features: when each slot begins.

    Of each link ``levels`` is one letter a slot (its worst minute), ``persons`` and ``density_p_m2`` means of the slot,
    ``left_at_end`` and ``left_at_start`` persons. Coordinates as in the network: lon, lat, or metres.
    """
    named = time_names(start)
    levels = worst_by_slot(network, result)
    digits = 7 if network.geographic else 2
    features: list[dict[str, Any]] = []
    for n, (link, line) in enumerate(zip(network.links, lines_of(network, shapes), strict=True)):
        properties = {
            "id": link.id,
            "kind": link.kind.value,
            "width_m": link.width_m,
            "rated_as": OF_KIND[link.kind].name,
            "levels": "".join(LEVELS[level] for level in levels[:, n]),
            "persons": np.round(result.occupancy[:, n].astype(float), 1).tolist(),
            "density_p_m2": np.round(result.density[:, n].astype(float), 3).tolist(),
            "left_at_end": result.outflow[:, n, 0].tolist(),
            "left_at_start": result.outflow[:, n, 1].tolist(),
        }
        points = [[round(x, digits), round(y, digits)] for x, y in line]
        geometry = {"type": "LineString", "coordinates": points}
        features.append({"type": "Feature", "id": link.id, "geometry": geometry, "properties": properties})
    times = [named(at) for at in slot_begins(result)]
    document = {"type": "FeatureCollection", "times": times, "slot_s": result.slot_s, "features": features}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
