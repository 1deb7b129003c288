"""The stations of an event folder and the lines that serve them, as its tables of nodes and links tell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import isfinite

from tminus.formats.event_folder.folder import EventFolder, Row

RAILS = frozenset({"rail", "metro", "tram"})


@dataclass(frozen=True, slots=True)
class Station:
    """``lines`` that stop there, in the order of :func:`line_order`; none where the tables name no lines.

    ``lon`` and ``lat`` in degrees, NaN where the tables give none.
    """

    id: str
    lon: float
    lat: float
    name_en: str
    name_zh: str
    lines: tuple[str, ...]

    @property
    def placed(self) -> bool:
        """Whether a map can show it."""
        return isfinite(self.lon) and isfinite(self.lat)


@dataclass(frozen=True, slots=True)
class Track:
    """A line between two neighbouring stations."""

    line: str
    ends: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Network:
    """Stations, what runs between them, and the ``gates`` of the site, which have no lines."""

    stations: tuple[Station, ...]
    tracks: tuple[Track, ...]
    gates: tuple[Station, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(sorted({line for one in self.stations for line in one.lines}, key=line_order))


def network_of(folder: EventFolder) -> Network:
    """As ``nodes.csv`` and ``links.csv`` tell."""
    station_of = _platforms(folder)
    tracks = tuple(_tracks(folder, station_of))
    lines: defaultdict[str, set[str]] = defaultdict(set)
    for track in tracks:
        for end in track.ends:
            lines[end] |= {track.line} - {""}
    stations = tuple(_node(row, lines[row["id"]]) for row in _of_kind(folder, "station"))
    gates = tuple(_node(row, set()) for row in _of_kind(folder, "gate"))
    there = {one.id for one in stations}
    return Network(stations, tuple(one for one in tracks if there >= {*one.ends}), gates)


def line_order(name: str) -> tuple[int, str]:
    """2 before 10, and numbers before names."""
    return (int(name), "") if name.isdecimal() else (10**9, name)


def _platforms(folder: EventFolder) -> dict[str, str]:
    """Platform → its station, by the links of access; a station stands for itself."""
    kinds = {row["id"]: row.get("kind", "") for row in folder.table("nodes")}
    found = {code: code for code, kind in kinds.items() if kind in ("station", "passed")}
    for row in folder.table("links"):
        for end, other in ((row["from"], row["to"]), (row["to"], row["from"])):
            if row.get("kind") == "access" and kinds.get(end) == "platform" and other in found:
                found.setdefault(end, other)
    return found


def _tracks(folder: EventFolder, station_of: dict[str, str]) -> list[Track]:
    found: dict[Track, None] = {}
    for row in folder.table("links"):
        if row.get("kind") in RAILS and row["from"] in station_of and row["to"] in station_of:
            one, other = sorted((station_of[row["from"]], station_of[row["to"]]))
            found[Track(row.get("line", "").strip(), (one, other))] = None
    return list(found)


def _of_kind(folder: EventFolder, kind: str) -> list[Row]:
    return [row for row in folder.table("nodes") if row.get("kind") == kind]


def _node(row: Row, lines: set[str]) -> Station:
    named = lines or {part.strip() for part in row.get("line", "").split(";") if part.strip()}
    lon, lat = (float(row.get(name) or "nan") for name in ("lon", "lat"))
    return Station(
        row["id"], lon, lat, row.get("name_en", ""), row.get("name_zh", ""), tuple(sorted(named, key=line_order))
    )
