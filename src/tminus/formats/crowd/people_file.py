"""Who is where: ``node,persons,group``, as ``tminus evacuate`` reads it; the network of a folder without its demand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tminus.engines.crowd.problem import CrowdError
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.read_geojson import FILE as GEOJSON
from tminus.formats.crowd.read_geojson import read_geojson
from tminus.formats.crowd.read_network import ReadNetwork, read_tables
from tminus.formats.crowd.settings import read_settings
from tminus.formats.problems import BadFile

COLUMNS = ("node", "persons", "group")
NEEDED = ("node", "persons")
MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class People:
    """A row of the file; ``group``: who stays together, empty: everybody for himself."""

    node: str
    persons: int
    group: str


def read_people(path: Path, nodes: Collection[str]) -> tuple[People, ...]:
    """Who is where, row by row.

    :raises BadFile: a column is not there; :class:`Rejected`: a node that is not in the network, no whole number, a
        group at two nodes.
    """
    table = ColumnTable(path, COLUMNS, NEEDED)
    known = set(nodes)
    names = table.texts("node")
    table.refuse_where("node", np.array([name not in known for name in names], bool), "a node of the network")
    allowed = f"a whole number from 0 to {MOST:,}"
    persons = table.within("persons", 0, MOST, allowed)
    table.refuse_where("persons", persons != np.floor(persons), allowed)
    total = float(persons.sum())
    if total > MOST:
        raise BadFile(f"{path.name}: {total:,.0f} persons; allowed: {MOST:,} at most altogether")
    groups = table.texts("group")
    stands: dict[str, str] = {}
    apart = np.array(
        [bool(group) and stands.setdefault(group, name) != name for name, group in zip(names, groups, strict=True)],
        bool,
    )
    table.refuse_where("group", apart, "a group at one node; who starts elsewhere is a group of his own")
    return tuple(
        People(name, count, group)
        for name, count, group in zip(names, persons.astype(int).tolist(), groups, strict=True)
    )


def read_walking_network(folder: Path) -> ReadNetwork:
    """The network of a scenario folder: network.geojson, or nodes.csv and links.csv.

    :raises BadFile: no such folder, a file is missing, or the network makes no sense.
    """
    if not folder.is_dir():
        raise BadFile(f"{folder}: is not a folder; allowed: a folder with {GEOJSON}, or nodes.csv and links.csv")
    try:
        settings = read_settings(folder)
        if (folder / GEOJSON).exists():
            return read_geojson(folder, settings)
        for name in ("nodes.csv", "links.csv"):
            if not (folder / name).exists():
                raise BadFile(f"{folder.name}: has no {name}; allowed: {GEOJSON}, or nodes.csv and links.csv")
        return read_tables(folder, settings)
    except CrowdError as error:
        raise BadFile(f"{folder.name}: {error}") from error


FLOWS = ("origin", "destination", "persons")


def read_flows(path: Path, nodes: Collection[str]) -> dict[tuple[str, str], float]:
    """Persons by origin and destination; a pair on several rows has the sum.

    :raises BadFile: a column is not there; :class:`Rejected`: a node that is not in the network, no number of persons.
    """
    table = ColumnTable(path, FLOWS, FLOWS, others=("from_s", "to_s"))
    known = set(nodes)
    starts, ends = table.texts("origin"), table.texts("destination")
    for column, names in (("origin", starts), ("destination", ends)):
        strange = np.array([name not in known for name in names], bool)
        table.refuse_where(column, strange, "a node of the network")
    same = np.array([a == b for a, b in zip(starts, ends, strict=True)], bool)
    table.refuse_where("destination", same, "another node than origin")
    found: dict[tuple[str, str], float] = {}
    for start, end, count in zip(starts, ends, table.within("persons", 0, MOST, "persons, 0 or more"), strict=True):
        found[start, end] = found.get((start, end), 0.0) + float(count)
    return found
