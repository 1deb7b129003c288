"""GTFS feeds (zip or folder): stations, and how long it takes from each to the next. https://gtfs.org/schedule/reference/"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals import Ride
from tminus.formats.problems import BadFile, Problem, Rejected, read_bytes
from tminus.formats.tables import decode

NEEDED = ("stops.txt", "stop_times.txt", "trips.txt")
TAKEN = (
    *NEEDED, "routes.txt", "calendar.txt", "calendar_dates.txt", "transfers.txt", "pathways.txt", "frequencies.txt",
)  # fmt: skip
RAIL = frozenset({"0", "1", "2", "5", "6", "7", "11", "12"})
"""Route types on rails or a rope; of the extended types railways, urban ones, metros, undergrounds and trams."""
SHORTEST_S = 30.0
"""Many feeds tell whole minutes only, so that neighbouring stops may have the same time."""
MOST_UNPACKED = 4_000_000_000
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Station:
    """A station (its platforms together) or stop; ``rail``: trains, metros, trams call there."""

    id: str
    name: str
    lon: float
    lat: float
    rail: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """``rides`` from each station to the next: the median time of the trips, seconds; changes from transfers.txt."""

    stations: tuple[Station, ...]
    rides: tuple[Ride, ...]
    trips: int


def read_gtfs(path: Path, day: date | None = None) -> Feed:
    """The feed's stations and rides.

    :param day: only trips that run on it; None, or where the feed says nothing of days: all trips.
    :raises BadFile: no feed, a file that must be there is missing, or a value that cannot be taken.
    """
    tables = feed_tables(path)
    station_of = _stations(tables["stops.txt"])
    running = running_trips(tables, day)
    begins, ends, seconds, trips = _hops(tables["stop_times.txt"], running, station_of)
    rail = _on_rails(tables, running, station_of)
    called = dict.fromkeys([*begins, *ends])
    stations = tuple(_station(row, row["stop_id"] in rail) for row in tables["stops.txt"] if row["stop_id"] in called)
    return Feed(stations, (*_medians(begins, ends, seconds), *_transfers(tables, station_of)), trips)


def feed_tables(path: Path) -> dict[str, list[Row]]:
    """Rows of every file of a feed that is read here, by its name.

    :raises BadFile: no feed, or a file that must be there is missing.
    """
    files = _files(path)
    if missing := [name for name in NEEDED if name not in files]:
        raise BadFile(f"{path.name}: has no {missing[0]}; allowed: a GTFS feed with {', '.join(NEEDED)}")
    return {name: _rows(name, content) for name, content in files.items()}


def _files(path: Path) -> Mapping[str, bytes]:
    """The files of a feed by name, wherever they lie in the archive."""
    if path.is_dir():
        return {name: read_bytes(path / name) for name in TAKEN if (path / name).exists()}
    content = read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {PurePosixPath(entry.filename).name: entry for entry in archive.infolist() if not entry.is_dir()}
            if sum(entry.file_size for entry in entries.values()) > MOST_UNPACKED:
                raise BadFile(f"{path.name}: unpacks to more than {MOST_UNPACKED} bytes")
            return {name: archive.read(entries[name]) for name in TAKEN if name in entries}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadFile(f"{path.name}: is no zip archive ({error}); allowed: a GTFS feed") from error


def _rows(name: str, content: bytes) -> list[Row]:
    """Cells by heading; a byte order mark, blanks about cells and short rows are taken as they come."""
    reader = csv.reader(io.StringIO(decode(Path(name), content).lstrip("\ufeff"), newline=""), skipinitialspace=True)
    try:
        headings = [cell.strip() for cell in next(reader, [])]
        return [dict(zip(headings, map(str.strip, cells), strict=False)) for cells in reader if any(cells)]
    except csv.Error as error:
        raise BadFile(f"{name}: cannot be read as CSV ({error})") from error


def _stations(stops: list[Row]) -> Mapping[str, str]:
    """Stop → the station it belongs to, itself where to none."""
    parent = {row.get("stop_id", ""): row.get("parent_station", "") for row in stops}
    found = {}
    for number, (stop, above) in enumerate(parent.items(), start=2):
        if above and above not in parent:
            raise Rejected([Problem("stops.txt", number, "parent_station", above, "a stop_id of stops.txt")])
        found[stop] = above or stop
    return found


def running_trips(tables: Mapping[str, list[Row]], day: date | None) -> Mapping[str, str]:
    """Trips that run → their route."""
    trips = {row.get("trip_id", ""): row for row in tables["trips.txt"]}
    calendar, exceptions = tables.get("calendar.txt", []), tables.get("calendar_dates.txt", [])
    if day is None or not (calendar or exceptions):
        return {trip: row.get("route_id", "") for trip, row in trips.items()}
    text = f"{day:%Y%m%d}"
    services = {
        row.get("service_id", "")
        for row in calendar
        if row.get(DAYS[day.weekday()]) == "1" and row.get("start_date", "") <= text <= row.get("end_date", "9")
    }
    for row in exceptions:
        if row.get("date") == text:
            (services.add if row.get("exception_type") == "1" else services.discard)(row.get("service_id", ""))
    return {trip: row.get("route_id", "") for trip, row in trips.items() if row.get("service_id") in services}


def _hops(
    stop_times: list[Row], running: Mapping[str, str], station_of: Mapping[str, str]
) -> tuple[list[str], list[str], NDArray[np.float64], int]:
    """From, to and seconds of every ride of a trip from one station to the next, and the number of trips."""
    kept = [
        (row["trip_id"], _sequence(row, number), number, row)
        for number, row in enumerate(stop_times, start=2)
        if row.get("trip_id") in running
    ]
    kept.sort(key=lambda one: one[:2])
    for _, _, number, row in kept:
        if row.get("stop_id") not in station_of:
            raise Rejected(
                [Problem("stop_times.txt", number, "stop_id", row.get("stop_id", ""), "a stop of stops.txt")]
            )
    stations = [station_of[row["stop_id"]] for _, _, _, row in kept]
    arrive, depart = (
        filled_in([seconds_of(row.get(column) or row.get(other, ""), number, column) for _, _, number, row in kept])
        for column, other in (("arrival_time", "departure_time"), ("departure_time", "arrival_time"))
    )
    same = np.array([one[0] == other[0] for one, other in pairwise(kept)], dtype=bool)
    apart = np.array([one != other for one, other in pairwise(stations)], dtype=bool)
    at = np.flatnonzero(same & apart)
    seconds = np.maximum(arrive[at + 1] - depart[at], SHORTEST_S)
    return [stations[n] for n in at], [stations[n + 1] for n in at], seconds, len({one[0] for one in kept})


def _sequence(row: Row, number: int) -> int:
    try:
        return int(row.get("stop_sequence", ""))
    except ValueError:
        told = row.get("stop_sequence", "")
        raise Rejected([Problem("stop_times.txt", number, "stop_sequence", told, "a whole number")]) from None


def seconds_of(text: str, number: int, column: str) -> float:
    """Since the service day began; hours go on past 24. Empty: not told."""
    if not text:
        return float("nan")
    try:
        hours, minutes, seconds = (int(part) for part in text.split(":"))
    except ValueError:
        raise Rejected([Problem("stop_times.txt", number, column, text, "HH:MM:SS, past 24:00:00 too")]) from None
    return float(hours * 3600 + minutes * 60 + seconds)


def filled_in(times: list[float]) -> NDArray[np.float64]:
    """Times not told lie evenly between those before and after."""
    found = np.array(times, dtype=np.float64)
    known = np.isfinite(found)
    return np.interp(np.arange(found.size), np.flatnonzero(known), found[known]) if known.any() else found


def _medians(begins: list[str], ends: list[str], seconds: NDArray[np.float64]) -> list[Ride]:
    of_pair: dict[tuple[str, str], list[float]] = {}
    for begin, end, took in zip(begins, ends, seconds, strict=True):
        of_pair.setdefault((begin, end), []).append(float(took))
    return [Ride(begin, end, float(np.median(took))) for (begin, end), took in of_pair.items()]


def _transfers(tables: Mapping[str, list[Row]], station_of: Mapping[str, str]) -> list[Ride]:
    found = []
    for row in tables.get("transfers.txt", []):
        begin, end = (station_of.get(row.get(key, "")) for key in ("from_stop_id", "to_stop_id"))
        told = row.get("min_transfer_time", "")
        if begin and end and begin != end and row.get("transfer_type") != "3":
            found.append(Ride(begin, end, float(told) if told.replace(".", "", 1).isdigit() else 180.0))
    return found


def _on_rails(tables: Mapping[str, list[Row]], running: Mapping[str, str], station_of: Mapping[str, str]) -> set[str]:
    """Stations where a route on rails calls."""
    routes = {row.get("route_id", "") for row in tables.get("routes.txt", []) if _is_rail(row.get("route_type", ""))}
    trips = {trip for trip, route in running.items() if route in routes}
    return {station_of[row["stop_id"]] for row in tables["stop_times.txt"] if row.get("trip_id") in trips}


def _is_rail(kind: str) -> bool:
    return kind in RAIL or (len(kind) == 3 and kind[0] in "14569")


def _station(row: Row, rail: bool) -> Station:
    try:
        lon, lat = float(row.get("stop_lon") or 0), float(row.get("stop_lat") or 0)
        return Station(row["stop_id"], row.get("stop_name", ""), lon, lat, rail)
    except ValueError:
        told = f"{row.get('stop_lon')}, {row.get('stop_lat')}"
        raise Rejected([Problem("stops.txt", 0, "stop_lon, stop_lat", told, "degrees")]) from None
