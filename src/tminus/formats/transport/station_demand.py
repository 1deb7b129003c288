"""Who travels from which station to which, and when: a long table, or arrays kept by numpy."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from tminus.engines.transport import TransportError
from tminus.engines.transport.inflow import MetroNetwork, StationDemand
from tminus.formats.book_row import text_of
from tminus.formats.headed_table import HeadedTable
from tminus.formats.problems import BadFile, BadValue, read_bytes
from tminus.formats.transport.cells import minute_of_day, number
from tminus.formats.values import Cell

TABLE_FILE, ARRAYS_FILE = "od.csv", "od.npz"
MOST_CELLS = 200_000_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "time": ("Time", "时间", "datetime", "slot"),
    "from": ("From", "起点", "origin"),
    "to": ("To", "终点", "destination"),
    "persons": ("Persons", "人数", "value", "trips"),
    "path": ("Path", "情景"),
}
ARRAYS = "persons [origin, destination, slot] or [path, origin, destination, slot], stations, slot_min, first_min"


def read_demand(folder: Path, network: MetroNetwork) -> tuple[StationDemand, ...]:
    """``od.npz`` of a folder, else its ``od.csv``: a day, or several sample paths of it, all as likely.

    :raises BadFile: neither is there, or it cannot be taken; every value that cannot is named.
    """
    arrays = folder / ARRAYS_FILE
    return demand_of(arrays if arrays.exists() else folder / TABLE_FILE, network)


def demand_of(path: Path, network: MetroNetwork) -> tuple[StationDemand, ...]:
    """Persons by slot, evenly spread in it, of each path.

    :raises BadFile: as :func:`read_demand`.
    """
    try:
        return _of_arrays(path, network) if path.suffix.lower() == ".npz" else _of_table(path, network)
    except TransportError as error:
        raise BadFile(f"{path.name}: {error}") from error


def _of_table(path: Path, network: MetroNetwork) -> tuple[StationDemand, ...]:
    table = HeadedTable(path, COLUMNS, ("time", "from", "to", "persons"))
    known = {station: at for at, station in enumerate(network.stations)}

    def station(cell: Cell) -> int:
        if (name := text_of(cell)) not in known:
            raise BadValue("a station of stations.csv where people enter")
        return known[name]

    rows = [
        (
            table.need(row, cells, "time", minute_of_day, 0.0),
            table.need(row, cells, "from", station, 0),
            table.need(row, cells, "to", station, 0),
            table.need(row, cells, "persons", number(), 0.0),
            table.take(row, cells, "path", text_of, ""),
        )
        for row, cells in table.rows()
    ]
    table.done()
    if not rows:
        raise BadFile(f"{path.name}: no rows; allowed: at least one, Time, From, To, Persons")
    return _gridded(path, rows, len(known))


def _gridded(path: Path, rows: list[tuple[float, int, int, float, str]], many: int) -> tuple[StationDemand, ...]:
    """Slots as long as the shortest time between two of the file's times; an hour where there is one time only."""
    minutes = np.array([row[0] for row in rows])
    times = np.unique(minutes)
    slot = int(np.diff(times).min()) if len(times) > 1 else 60
    if slot < 1 or ((times - times[0]) % slot).any():
        raise BadFile(f"{path.name}, column Time: times not on one grid; allowed: slots of equal length, whole minutes")
    slots = int((times[-1] - times[0]) // slot) + 1
    days = {name: at for at, name in enumerate(dict.fromkeys(row[4] for row in rows))}
    _bounded(path, many, slots, len(days))
    persons = np.zeros((len(days), many, many, slots))
    at = ((minutes - times[0]) // slot).astype(np.int64)
    day = np.array([days[row[4]] for row in rows], dtype=np.int64)
    begins, ends = (np.array([row[column] for row in rows], dtype=np.int64) for column in (1, 2))
    np.add.at(persons, (day, begins, ends, at), np.array([row[3] for row in rows]))
    return tuple(StationDemand(one, slot, int(times[0])) for one in persons)


def _bounded(path: Path, many: int, slots: int, days: int) -> None:
    if days * many * many * slots > MOST_CELLS:
        size = f"{days} paths × {many} × {many} stations × {slots} slots"
        raise BadFile(f"{path.name}: {size}; allowed: at most {MOST_CELLS:,} in all")


def _of_arrays(path: Path, network: MetroNetwork) -> tuple[StationDemand, ...]:
    stored = _arrays(path)
    if missing := [name for name in ("persons", "stations", "slot_min") if name not in stored]:
        raise BadFile(f"{path.name}: has no array {missing[0]}; allowed: {ARRAYS}")
    persons, names = stored["persons"], [str(name) for name in stored["stations"].ravel()]
    shape = (len(names), len(names))
    if persons.dtype.kind not in "iuf" or persons.ndim not in (3, 4) or persons.shape[-3:-1] != shape:
        raise BadFile(f"{path.name}, persons: {persons.dtype} of shape {persons.shape}; allowed: {ARRAYS}")
    days = persons if persons.ndim == 4 else persons[None]
    if not len(days):
        raise BadFile(f"{path.name}, persons: no path; allowed: at least one")
    _bounded(path, len(network.gates), persons.shape[-1], len(days))
    if unknown := set(names) - set(network.stations):
        raise BadFile(f"{path.name}, stations: {min(unknown)!r}; allowed: stations of stations.csv where people enter")
    slot, first = _whole(path, stored, "slot_min", 15), _whole(path, stored, "first_min", 0)
    return tuple(StationDemand(_ordered(one, names, network), slot, first) for one in days)


def _ordered(persons: np.ndarray, names: list[str], network: MetroNetwork) -> np.ndarray:
    """In the order of the network's stations; none where the arrays have no such station."""
    known = {name: at for at, name in enumerate(names)}
    order = np.array([known.get(station, -1) for station in network.stations])
    full = np.zeros((len(order), len(order), persons.shape[-1]))
    there = np.flatnonzero(order >= 0)
    full[np.ix_(there, there)] = persons[np.ix_(order[there], order[there])]
    return full


def _whole(path: Path, stored: dict[str, Any], name: str, otherwise: int) -> int:
    value = stored.get(name, np.array(otherwise))
    if value.size != 1 or value.dtype.kind not in "iu" or not 0 <= int(value.ravel()[0]) <= 1440:
        raise BadFile(f"{path.name}, {name}: cannot be taken; allowed: one whole number 0 … 1440, minutes")
    return int(value.ravel()[0])


def _arrays(path: Path) -> dict[str, Any]:
    content = read_bytes(path)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            return {name: stored[name] for name in ("persons", "stations", "slot_min", "first_min") if name in stored}
    except (ValueError, OSError, zipfile.BadZipFile, EOFError, KeyError, zlib.error, AttributeError) as error:
        raise BadFile(f"{path.name}: is no .npz of plain arrays; allowed: {ARRAYS}") from error
