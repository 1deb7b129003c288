"""``nodes.csv`` and ``links.csv`` of a scenario, and of an event folder, as a network to walk on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from tminus.engines.crowd.kinds import LinkKind, NodeKind, capacity_where_unsaid
from tminus.engines.crowd.network import Link, Network, Node
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.element_kinds import LINK_KINDS, NODE_KINDS, NOT_FOR_PEOPLE
from tminus.formats.crowd.ground import Point, distance_m
from tminus.formats.crowd.settings import Settings
from tminus.formats.problems import BadFile

NODE_COLUMNS = ("id", "kind", "x", "y", "lon", "lat", "area_m2", "capacity_p")
LINK_COLUMNS = (
    "id", "from", "to", "length_m", "width_m", "kind", "capacity_p_s", "free_speed_m_s", "twoway", "travel_s",
)  # fmt: skip
OTHERS = ("name", "name_en", "name_zh", "line", "level")
"""Of event folders; not looked at here."""


@dataclass(frozen=True, slots=True)
class ReadNetwork:
    """``shapes``: the drawn line of links that have one, in the network's coordinates."""

    network: Network
    warnings: tuple[str, ...] = ()
    shapes: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)


def network_of(nodes: Sequence[Node], links: Sequence[Link], settings: Settings, *, degrees: bool) -> Network:
    """The network with the diagrams of ``settings``."""
    return Network(tuple(nodes), tuple(links), settings.diagram, dict(settings.by_kind), geographic=degrees)


def read_tables(folder: Path, settings: Settings) -> ReadNetwork:
    """The network of the folder's two tables.

    :raises BadFile: a file or column is not there; :class:`Rejected`: a value that cannot be taken.
    """
    nodes_table = _table(folder / "nodes.csv", NODE_COLUMNS, ("id",))
    nodes, degrees, unknown = _nodes(nodes_table)
    links_table = _table(folder / "links.csv", LINK_COLUMNS, ("id", "from", "to", "length_m", "width_m"))
    links, left_out = _links(links_table, {node.id: node for node in nodes}, degrees=degrees)
    warnings = [*nodes_table.warnings, *links_table.warnings, *unknown, *left_out]
    return ReadNetwork(network_of(nodes, links, settings, degrees=degrees), tuple(warnings))


def _table(path: Path, columns: Sequence[str], needed: Sequence[str]) -> ColumnTable:
    return ColumnTable(path, columns, needed, others=OTHERS)


def _nodes(table: ColumnTable) -> tuple[list[Node], bool, list[str]]:
    pairs = [pair for pair in (("x", "y"), ("lon", "lat")) if pair[0] in table and pair[1] in table]
    if not pairs:
        raise BadFile(f"{table.name}: has no columns x and y (metres), nor lon and lat; allowed: one of these pairs")
    degrees = pairs[0] == ("lon", "lat") or (len(pairs) > 1 and "" in table.texts("x"))
    across, along = ("lon", "lat") if degrees else ("x", "y")
    x = table.within(across, *((-180, 180, "degrees from −180 to 180") if degrees else (-1e9, 1e9, "metres")))
    y = table.within(along, *((-90, 90, "degrees from −90 to 90") if degrees else (-1e9, 1e9, "metres")))
    area, room = (
        table.within(name, 0, 1e9, "a number of at least 0", otherwise=-1) for name in ("area_m2", "capacity_p")
    )
    ids, kinds = _ids(table), table.texts("kind")
    nodes = [
        Node(
            ids[n],
            NODE_KINDS.get(kinds[n], NodeKind.JUNCTION),
            float(x[n]),
            float(y[n]),
            _told(area[n]),
            _told(room[n]),
        )
        for n in range(len(table))
    ]
    strange = sorted({kind for kind in kinds if kind not in NODE_KINDS})
    return nodes, degrees, [f"{table.name}: kind {kind!r} is taken for a junction" for kind in strange]


def _told(value: float) -> float | None:
    return None if value < 0 else float(value)


def _ids(table: ColumnTable) -> list[str]:
    ids = table.texts("id")
    seen: set[str] = set()
    for number, one in enumerate(ids):
        if not one or one in seen or "@" in one:
            raise table.refuse(number, "id", "every id once, not empty, without @")
        seen.add(one)
    return ids


def _links(table: ColumnTable, nodes: Mapping[str, Node], *, degrees: bool) -> tuple[list[Link], list[str]]:
    ids, starts, ends, kinds = _ids(table), table.texts("from"), table.texts("to"), table.texts("kind")
    for column, names in (("from", starts), ("to", ends)):
        _refuse_strangers(table, column, names, nodes)
    _refuse_kinds(table, kinds)
    table.refuse_where(
        "to", np.array([a == b for a, b in zip(starts, ends, strict=True)], bool), "another node than from"
    )
    numbers = _numbers(table)
    found = []
    for n in range(len(table)):
        if kinds[n] not in NOT_FOR_PEOPLE:
            kind = LINK_KINDS[kinds[n]]
            told = {name: float(values[n]) for name, values in numbers.items()}
            given = told["length_m"]
            a, b = nodes[starts[n]], nodes[ends[n]]
            length = given if given >= 0 else distance_m((a.x, a.y), (b.x, b.y), degrees=degrees)
            found.append(_link(table, n, Link(ids[n], a.id, b.id, length, kind=kind, twoway=told["twoway"] > 0), told))
    missing = sorted({kind for kind in kinds if kind in NOT_FOR_PEOPLE})
    return found, [f"{table.name}: links of kind {kind!r} are not for people and left out" for kind in missing]


def _numbers(table: ColumnTable) -> dict[str, np.ndarray]:
    above = "a number above 0, or empty"
    return {
        "length_m": table.within(
            "length_m", 0, 1e7, "a number of at least 0, or empty: as the crow flies", otherwise=-1
        ),
        "width_m": table.within("width_m", 0, 1e4, "a number of at least 0", otherwise=-1),
        "capacity_p_s": table.within("capacity_p_s", 0, 1e6, above, otherwise=-1),
        "free_speed_m_s": table.within("free_speed_m_s", 0, 100, above, otherwise=-1),
        "travel_s": table.within("travel_s", 0, 1e6, "a number of at least 0, or empty", otherwise=-1),
        "twoway": table.within("twoway", 0, 1, "0 or 1", otherwise=0),
    }


def _refuse_strangers(table: ColumnTable, column: str, names: list[str], nodes: Mapping[str, Node]) -> None:
    table.refuse_where(column, np.array([name not in nodes for name in names], bool), "an id of nodes.csv")


def _refuse_kinds(table: ColumnTable, kinds: list[str]) -> None:
    wrong = np.array([kind not in LINK_KINDS and kind not in NOT_FOR_PEOPLE for kind in kinds], bool)
    table.refuse_where("kind", wrong, ", ".join(kind for kind in LINK_KINDS if kind) + ", or empty: corridor")


def _link(table: ColumnTable, number: int, bare: Link, told: Mapping[str, float]) -> Link:
    """``bare`` with its width, capacity and speed; what nobody states is filled in by its kind."""
    ride = bare.kind is LinkKind.RIDE
    if not ride and not told["width_m"] > 0:
        raise table.refuse(number, "width_m", "a number above 0")
    if not ride and not bare.length_m > 0:
        raise table.refuse(number, "length_m", "a number above 0")
    capacity, speed = (None if told[name] <= 0 else told[name] for name in ("capacity_p_s", "free_speed_m_s"))
    travel = told["travel_s"] if told["travel_s"] >= 0 else None
    if ride and travel is None:
        if speed is None:
            raise table.refuse(
                number, "travel_s" if "travel_s" in table else "free_speed_m_s", "a number: rides need it"
            )
        travel = bare.length_m / speed
    width = max(told["width_m"], 0.0)
    return Link(
        bare.id, bare.start, bare.end, bare.length_m, width, bare.kind,
        capacity if capacity is not None or ride else capacity_where_unsaid(bare.kind, width),
        None if ride else speed, bare.twoway, travel if ride else None,
    )  # fmt: skip
