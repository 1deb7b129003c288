"""A metro network out of two tables: stations (or nodes) and arcs."""

from __future__ import annotations

from math import inf
from pathlib import Path

from tminus.engines.transport import TransportError
from tminus.engines.transport.inflow import Gate, MetroArc, MetroNetwork
from tminus.formats.book_row import text_of
from tminus.formats.headed_table import Fields, HeadedTable
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.transport.cells import number
from tminus.formats.values import Cell

STATIONS_FILE, ARCS_FILE = "stations.csv", "arcs.csv"

STATIONS: dict[str, tuple[str, ...]] = {
    "id": ("ID", "编号", "Station", "车站", "node_id", "node"),
    "kind": ("Kind", "类型", "node_type"),
    "most": ("Most per min", "每分钟最多", "gate_per_min", "max_enter"),
    "least": ("Least per min", "每分钟最少", "min_enter"),
    "queue": ("Queue limit", "排队上限"),
}
"""Field → headings it is recognised by; the first is what we write, the second its Chinese."""

ARCS: dict[str, tuple[str, ...]] = {
    "from": ("From", "起点", "origin"),
    "to": ("To", "终点", "destination"),
    "capacity": ("Capacity per min", "每分钟运能", "capacity"),
    "travel": ("Travel min", "行程分钟", "traveltime", "travel_time"),
    "line": ("Line", "线路", "category"),
}
KINDS = ("station", "platform")
_KIND = {
    "station": "station", "regular": "station", "central": "station", "车站": "station",
    "platform": "platform", "line": "platform", "站台": "platform",
}  # fmt: skip


def read_metro(folder: Path) -> MetroNetwork:
    """``stations.csv`` and ``arcs.csv`` of a folder.

    :raises BadFile: a file is missing or cannot be taken; every value that cannot is named.
    """
    return metro_of(folder / STATIONS_FILE, folder / ARCS_FILE)


def metro_of(stations: Path, arcs: Path) -> MetroNetwork:
    """The network of two tables, whatever they are called.

    :raises BadFile: as :func:`read_metro`.
    """
    nodes, gates = _stations(stations)
    try:
        return MetroNetwork(nodes, _arcs(arcs, set(nodes)), gates)
    except TransportError as error:
        raise BadFile(f"{stations.name}, {arcs.name}: {error}") from error


def _stations(path: Path) -> tuple[tuple[str, ...], tuple[Gate, ...]]:
    table = HeadedTable(path, STATIONS, ("id",))
    nodes: dict[str, None] = {}
    gates: list[Gate] = []
    for row, cells in table.rows():
        name = table.need(row, cells, "id", text_of, "")
        if name in nodes:
            table.refuse(row, "id", name, "each station once")
        nodes[name] = None
        if table.take(row, cells, "kind", _kind, "station") == "station" and (gate := _gate(table, row, cells, name)):
            gates.append(gate)
    table.done()
    return tuple(nodes), tuple(gates)


def _gate(table: HeadedTable, row: int, cells: Fields, name: str) -> Gate | None:
    most = table.take(row, cells, "most", number(above=True), inf)
    least = table.take(row, cells, "least", number(), 0.0)
    queue = table.take(row, cells, "queue", number(), inf)
    if least > most:
        table.refuse(row, "least", f"{least:g}", f"at most {most:g}, what may enter")
        return None
    return Gate(name, most, least, queue)


def _arcs(path: Path, nodes: set[str]) -> tuple[MetroArc, ...]:
    table = HeadedTable(path, ARCS, ("from", "to", "travel"))
    found = []
    for row, cells in table.rows():
        begin, end = (table.need(row, cells, code, _known(nodes), "") for code in ("from", "to"))
        if begin and begin == end:
            table.refuse(row, "to", end, "another station than the first")
        capacity = table.take(row, cells, "capacity", number(), inf)
        travel = table.need(row, cells, "travel", number(0, 600, above=True), 1.0)
        found.append(MetroArc(begin, end, capacity, travel, table.take(row, cells, "line", text_of, "")))
    table.done()
    return tuple(found)


def _known(nodes: set[str]):  # type: ignore[no-untyped-def]
    def read(cell: Cell) -> str:
        if (name := text_of(cell)) not in nodes:
            raise BadValue("a station of stations.csv")
        return name

    return read


def _kind(cell: Cell) -> str:
    try:
        return _KIND[text_of(cell).lower()]
    except KeyError:
        raise BadValue(f"{' or '.join(KINDS)} (regular, central, line)") from None
