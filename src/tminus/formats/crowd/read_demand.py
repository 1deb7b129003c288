"""Who walks: ``trips.csv``, a row an agent, or ``od.csv``, a row so many agents; a million in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tminus.engines.crowd.demand import Demand
from tminus.formats.crowd.column_table import ColumnTable
from tminus.formats.crowd.settings import Settings
from tminus.formats.crowd.times import seconds_of, time_columns
from tminus.formats.problems import BadFile

TRIP_COLUMNS = (*time_columns("depart"), "origin", "destination", "id", "speed_m_s", "via")
OD_COLUMNS = ("origin", "destination", *time_columns("from", "to"), "persons")
MOST_AGENTS = 30_000_000
VIA_ALLOWED = "node:seconds;node:seconds, such as hall-1:3600;plaza:600"
Ints = NDArray[np.int32]


def read_demand(folder: Path, nodes: Sequence[str], settings: Settings) -> tuple[Demand, tuple[str, ...]]:
    """The folder's demand, and warnings.

    :param nodes: ids of the network.
    :raises BadFile: neither or both files, or one that cannot be read; :class:`Rejected`: a value.
    """
    there = [name for name in ("trips.csv", "od.csv") if (folder / name).exists()]
    if len(there) != 1:
        raise BadFile(
            f"{folder.name}: has {' and '.join(there) or 'neither trips.csv nor od.csv'}; allowed: one of them"
        )
    read = _trips if there == ["trips.csv"] else _flows
    return read(folder / there[0], nodes, settings)


def _trips(path: Path, nodes: Sequence[str], settings: Settings) -> tuple[Demand, tuple[str, ...]]:
    table = ColumnTable(path, TRIP_COLUMNS, ("origin", "destination"))
    place = {node: number for number, node in enumerate(nodes)}
    depart = seconds_of(table, "depart", settings)
    origin, destination = (_placed(table, name, place) for name in ("origin", "destination"))
    speed = table.within("speed_m_s", 0.05, 10, "metres a second, 0.05 … 10, or empty", otherwise=-1)
    counts, stops, stays = _vias(table, place)
    order = np.argsort(depart, kind="stable")
    first, node, dwell = _legs(counts[order], _starts(counts)[order], stops, stays, destination[order])
    ids = tuple(table.texts("id")[n] for n in order) if "id" in table else ()
    found = Demand(
        nodes=tuple(nodes),
        depart_s=depart[order],
        origin=origin[order],
        first_leg=first,
        leg_node=node,
        leg_dwell_s=dwell,
        leg_until_s=np.zeros(len(node), np.float32),
        speed_m_s=np.where(speed[order] < 0, np.nan, speed[order]).astype(np.float32),
        ids=ids if any(ids) else (),
    )
    return found, tuple(table.warnings)


def _placed(table: ColumnTable, column: str, place: dict[str, int]) -> Ints:
    """[row] position of the node named in a column."""
    names, which = table.coded(column)
    at = np.array([place.get(name, -1) for name in names] or [0], np.int32)[which]
    table.refuse_where(column, at < 0, "an id of the network's nodes")
    return at


def _vias(table: ColumnTable, place: dict[str, int]) -> tuple[NDArray[np.int64], Ints, NDArray[np.float32]]:
    """Number of stops on the way of each row, and node and stay of all stops one after another."""
    if "via" not in table or not len(table):
        return np.zeros(len(table), np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32)
    texts = table.arrow("via").combine_chunks()
    some = np.asarray(pc.not_equal(texts, "").to_numpy(zero_copy_only=False), bool)
    parts = pc.split_pattern(texts.filter(pa.array(some)), ";")
    counts = np.zeros(len(table), np.int64)
    counts[some] = pc.list_value_length(parts).to_numpy()
    stops = pc.ascii_trim_whitespace(pc.list_flatten(parts))
    row_of = np.repeat(np.arange(len(table)), counts)
    shape = np.asarray(
        pc.match_substring_regex(stops, r"^[^:]+:\s*[0-9]+(\.[0-9]+)?$").to_numpy(zero_copy_only=False), bool
    )
    if not shape.all():
        raise table.refuse(int(row_of[np.flatnonzero(~shape)[0]]), "via", VIA_ALLOWED)
    coded = stops.dictionary_encode()
    told = [text.partition(":") for text in coded.dictionary.to_pylist()]
    which = coded.indices.to_numpy(zero_copy_only=False)
    at = np.array([place.get(name.strip(), -1) for name, _, _ in told] or [0], np.int32)[which]
    if (at < 0).any():
        wrong = int(np.flatnonzero(at < 0)[0])
        raise table.refuse(int(row_of[wrong]), "via", "ids of the network's nodes", stops[wrong].as_py())
    return counts, at, np.array([float(stay) for _, _, stay in told] or [0.0], np.float32)[which]


def _starts(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts)[:-1])).astype(np.int64) if len(counts) else np.zeros(0, np.int64)


def _legs(
    counts: NDArray[np.int64], begins: NDArray[np.int64], stops: Ints, stays: NDArray[np.float32], last: Ints
) -> tuple[NDArray[np.int64], Ints, NDArray[np.float32]]:
    """Legs in the order of departures: the stops on the way of each agent, then its destination."""
    first = np.concatenate(([0], np.cumsum(counts + 1))).astype(np.int64)
    node, dwell = np.empty(first[-1], np.int32), np.zeros(first[-1], np.float32)
    inner = np.ones(first[-1], bool)
    inner[first[1:] - 1] = False
    within = np.arange(int(counts.sum())) - np.repeat(_starts(counts), counts)
    source = np.repeat(begins, counts) + within
    node[inner], dwell[inner] = stops[source], stays[source]
    node[first[1:] - 1] = last
    return first, node, dwell


def _flows(path: Path, nodes: Sequence[str], settings: Settings) -> tuple[Demand, tuple[str, ...]]:
    """Persons of a row set off at even intervals within its time, the first half an interval after its beginning."""
    table = ColumnTable(path, OD_COLUMNS, ("origin", "destination", "persons"))
    place = {node: number for number, node in enumerate(nodes)}
    origin, destination = (_placed(table, name, place) for name in ("origin", "destination"))
    begin, end = seconds_of(table, "from", settings), seconds_of(table, "to", settings)
    table.refuse_where("to_s" if "to_s" in table else "to", end < begin, "not before its beginning")
    told = table.within("persons", 0, MOST_AGENTS, "a whole number of at least 0")
    table.refuse_where("persons", told != np.round(told), "a whole number of at least 0")
    persons = told.astype(np.int64)
    if persons.sum() > MOST_AGENTS:
        raise BadFile(f"{path.name}: {persons.sum()} persons; allowed: at most {MOST_AGENTS}")
    within = np.arange(int(persons.sum())) - np.repeat(_starts(persons), persons)
    share = (within + 0.5) / np.repeat(np.maximum(persons, 1), persons)
    depart = np.repeat(begin, persons) + share * np.repeat(end - begin, persons)
    found = Demand.direct(nodes, depart, np.repeat(origin, persons), np.repeat(destination, persons))
    return found, tuple(table.warnings)
