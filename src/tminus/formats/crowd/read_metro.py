"""A metro as tables of stations and arcs: ``stations.csv`` and ``arcs.csv``, persons and minutes a minute and arc.

The tables are those of the public Metro-Inflow-Optimization data: a station where lines meet is a central node joined
to a node for every line by pedestrian arcs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tminus.engines.crowd.kinds import LinkKind, NodeKind
from tminus.engines.crowd.network import Link, Node
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.read_network import ReadNetwork, network_of
from tminus.formats.crowd.settings import Settings
from tminus.formats.problems import BadFile

STATION_COLUMNS = ("node_id", "station_id", "station_name", "node_type", "line", "lon", "lat")
ARC_COLUMNS = ("origin", "destination", "capacity", "traveltime", "category")
PLATFORM = "line"
ON_FOOT = "pedestrian"


def read_metro(stations: Path, arcs: Path, settings: Settings) -> ReadNetwork:
    """Stations and platforms, rides of so many minutes for so many persons a minute, and changes on foot.

    A pedestrian arc becomes a corridor walked freely in its minutes, wide enough for its capacity.

    :raises BadFile: a column is not there; :class:`Rejected`: a value.
    """
    nodes_table = ColumnTable(stations, STATION_COLUMNS, ("node_id", "lon", "lat"))
    lon, lat = (nodes_table.within(name, -180, 180, "degrees") for name in ("lon", "lat"))
    ids, kinds = nodes_table.texts("node_id"), nodes_table.texts("node_type")
    nodes = [
        Node(name, NodeKind.PLATFORM if kind == PLATFORM else NodeKind.STATION, float(x), float(y))
        for name, kind, x, y in zip(ids, kinds, lon, lat, strict=True)
    ]
    if len(set(ids)) != len(ids):
        raise BadFile(f"{nodes_table.name}: a node_id stands twice; allowed: every node_id once")
    arcs_table = ColumnTable(arcs, ARC_COLUMNS, ("origin", "destination", "capacity", "traveltime"))
    links = _links(arcs_table, set(ids), settings)
    warnings = (*nodes_table.warnings, *arcs_table.warnings)
    return ReadNetwork(network_of(nodes, links, settings, degrees=True), warnings)


def _links(table: ColumnTable, known: set[str], settings: Settings) -> list[Link]:
    begins, ends, category = table.texts("origin"), table.texts("destination"), table.texts("category")
    for column, names in (("origin", begins), ("destination", ends)):
        table.refuse_where(column, np.array([name not in known for name in names], bool), "a node_id of the stations")
    per_s = table.within("capacity", 1e-3, 1e6, "persons a minute, above 0") / 60
    seconds = table.within("traveltime", 1e-3, 1e4, "minutes, above 0") * 60
    found = []
    for n, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        name, capacity, travel = f"arc-{n + 1}", float(per_s[n]), float(seconds[n])
        if category[n].strip().lower() == ON_FOOT:
            length = travel * settings.diagram.free_speed_m_s
            width = capacity / settings.diagram.capacity_p_m_s
            found.append(Link(name, begin, end, length, width, capacity_p_s=capacity))
        else:
            found.append(Link(name, begin, end, 0.0, 0.0, LinkKind.RIDE, capacity, travel_s=travel))
    return found
