"""The site of an event folder on a day: gates, ways to them, audiences, origins."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.arrivals import (
    Audience,
    Booked,
    Gate,
    Hall,
    Opened,
    Ride,
    Site,
    Terminal,
    Wave,
    travel_times,
)
from tminus.formats.event_folder.folder import EventFolder, Row
from tminus.formats.event_folder.schema import clock, minute_of
from tminus.formats.problems import BadFile, BadValue

MODES = {
    "station": "metro", "shuttle_stop": "shuttle", "taxi_rank": "taxi", "car_park": "car", "bus_stop": "bus",
    "bus_station": "bus", "ferry": "ferry",
}  # fmt: skip
"""Kind of node → mode of those who change there to their feet."""
FOOT = frozenset({"", "walk", "corridor", "gate", "door", "stairs", "escalator", "ramp", "access", "interchange"})
RIDDEN = frozenset({"rail", "access", "interchange", "metro", "tram"})
WALK_M_S = 1.34
"""Weidmann, Transporttechnik der Fussgänger (1993)."""
WINDING = 1.3
"""Ways against straight lines, where no links are given."""
NEAR_MIN = 20.0
"""A station farther than this on foot from every gate is no terminal."""
T = TypeVar("T")

HOURS = {"open": "09:00", "close": "18:00"}


@dataclass(slots=True)
class _Reading:
    folder: EventFolder
    day: date
    assumed: list[str]

    def nodes(self, kinds: Collection[str]) -> list[Row]:
        return [row for row in self.folder.table("nodes") if row.get("kind", "") in kinds]


def site_of(folder: EventFolder, day: date, history: FlowPanel | None = None) -> Site:
    """The site on ``day``; ``rests_on`` says in words what the folder does not tell and had to be assumed.

    :param history: counts of everyday traffic; where visitors start follows it unless ``origins.csv`` says it.
    :raises BadFile: no gate, or what does not fit together.
    """
    reading = _Reading(folder, day, [])
    if folder.event.get("visiting_hours") is None:
        reading.assumed.append(f"visiting hours {HOURS['open']} to {HOURS['close']}: assumed")
    opening, closing, last_entry = visiting_hours(folder.event)
    gates = _gates(reading, opening, closing)
    terminals, walk = _terminals(reading, gates)
    halls = tuple(Hall(row["id"], _number(row.get("area_m2"), 1.0)) for row in reading.nodes(["hall"]))
    audiences = _audiences(reading, terminals)
    origins, weight, travel = _origins(reading, terminals, history)
    try:
        return Site(
            opening, closing, audiences, gates, terminals, walk, halls, _to_halls(reading, gates, halls), origins,
            weight, "metro", travel, _booked(reading), last_entry, tuple(reading.assumed),
        )  # fmt: skip
    except ForecastError as error:
        raise BadFile(f"{folder.event['id']}: {error}") from error


def day_context(folder: EventFolder, day: date) -> DayContext:
    """Workday, weekend or holiday by the folder's calendar."""
    calendar = next(iter(folder.calendars.values()))
    exception = calendar.exceptions.get(day)
    works = bool(calendar.week[day.weekday()] if exception is None else exception)
    usual = bool(calendar.week[day.weekday()])
    return DayContext(day, "workday" if works else "holiday" if usual or exception is not None else "weekend")


def visiting_hours(event: Mapping[str, Any]) -> tuple[int, int, int | None]:
    """Opening, closing and last entry in minutes after midnight, from ``event.json``; 09:00 to 18:00 where not told.

    :raises BadFile: no such times.
    """
    told = event.get("visiting_hours")
    if told is None:
        told = HOURS
    try:
        for key in ("open", "close", *(["last_entry"] if "last_entry" in told else [])):
            clock(told[key])
    except (BadValue, KeyError, TypeError):
        allowed = '{"open": "09:00", "close": "18:00", "last_entry": "17:00"}'
        raise BadFile(f"event.json, visiting_hours: {told!r}; allowed: {allowed}") from None
    last = minute_of(told["last_entry"]) if "last_entry" in told else None
    return minute_of(told["open"]), minute_of(told["close"]), last


def _gates(reading: _Reading, opening: int, closing: int) -> tuple[Gate, ...]:
    rows = list(reading.folder.table("gates"))
    own = {row["node"] for row in rows if row.get("day") == reading.day.isoformat()}
    today = ("", reading.day.isoformat())
    rows = [row for row in rows if row.get("day", "") in (today[1:] if row["node"] in own else today)]
    names = list(dict.fromkeys(row["node"] for row in rows)) or [row["id"] for row in reading.nodes(["gate"])]
    if not names:
        raise BadFile("gates.csv: no gate on this day, and nodes.csv has no node of kind gate; allowed: at least one")
    if not rows:
        reading.assumed.append("lanes of the gates are not known: nobody waits")
    opened: dict[str, list[Opened]] = {name: [] for name in names}
    for row in rows:
        begin, end = minute_of(row["from"]), minute_of(row["to"])
        if end <= begin:
            raise BadFile(f"gates.csv, column to: {row['to']!r} at {row['node']}; allowed: after {row['from']}")
        opened[row["node"]].append(Opened(begin, end, float(row["lanes"]), float(row["service_s"])))
    return tuple(Gate(name, tuple(parts)) for name, parts in opened.items())


def _terminals(reading: _Reading, gates: tuple[Gate, ...]) -> tuple[tuple[Terminal, ...], NDArray[np.float64]]:
    """Where people change to their feet, and minutes of walking to each gate: not through another gate."""
    rows = reading.nodes(MODES)
    names, inner = [row["id"] for row in rows], {one.id for one in gates}
    if not rows:
        reading.assumed.append("no stations, stops or car parks are known: all come on foot")
        return (Terminal("around", "foot"),), np.full((1, len(gates)), 5.0)
    rides = [ride for ride in _walked(reading) if ride.origin not in inner]
    minutes = travel_times(rides, names, [one.id for one in gates])
    lost: NDArray[np.bool_] = np.asarray(~np.isfinite(minutes).any(axis=1))
    direct = _straight(reading, [name for name, far in zip(names, lost, strict=True) if far], [one.id for one in gates])
    minutes[lost] = direct
    if lost.any() and direct.min() <= NEAR_MIN:
        reading.assumed.append("where no links lead to the gates, walks are straight lines a third longer")
    near = minutes.min(axis=1) <= NEAR_MIN
    if not near.any():
        near = minutes.min(axis=1) <= minutes.min()
    terminals = tuple(
        Terminal(row["id"], MODES[row["kind"]], _number(row.get("capacity_p"), 1.0))
        for row, kept in zip(rows, near, strict=True)
        if kept
    )
    return terminals, minutes[near]


def _walked(reading: _Reading) -> Iterator[Ride]:
    for row in reading.folder.table("links"):
        if row.get("kind", "") in FOOT:
            seconds = _number(row.get("travel_s"), _number(row["length_m"], 0.0) / WALK_M_S)
            yield Ride(row["from"], row["to"], seconds)
            if row.get("twoway", "1") != "0":
                yield Ride(row["to"], row["from"], seconds)


def _to_halls(reading: _Reading, gates: tuple[Gate, ...], halls: tuple[Hall, ...]) -> NDArray[np.float64] | None:
    """Minutes from gate to hall, not out and in again."""
    inner = {one.id for one in gates}
    if not halls:
        return None
    rides = [ride for ride in _walked(reading) if ride.destination not in inner]
    minutes = travel_times(rides, [one.id for one in gates], [one.id for one in halls])
    return minutes if np.isfinite(minutes).all() else None


def _straight(reading: _Reading, origins: list[str], destinations: list[str]) -> NDArray[np.float64]:
    places = {row["id"]: _place(row) for row in reading.folder.table("nodes")}
    if not origins:
        return np.empty((0, len(destinations)))
    return np.array(
        [[math.dist(places[one], places[other]) * WINDING / WALK_M_S / 60 for other in destinations] for one in origins]
    )


def _place(row: Row) -> tuple[float, float]:
    """Metres; very far away where a node has no place."""
    if row.get("x") and row.get("y"):
        return float(row["x"]), float(row["y"])
    if not (row.get("lon") and row.get("lat")):
        return float("inf"), float("inf")
    lon, lat = float(row["lon"]), float(row["lat"])
    return 111_195 * lon * math.cos(math.radians(lat)), 111_195 * lat


def _audiences(reading: _Reading, terminals: tuple[Terminal, ...]) -> tuple[Audience, ...]:
    there = {one.mode for one in terminals}
    rows = list(reading.folder.table("audiences"))
    if not rows:
        reading.assumed.append("audiences are not known: all visitors alike, divided evenly on the modes there are")
        return (Audience("visitors", 1.0, dict.fromkeys(sorted(there), 1.0)),)
    return tuple(_audience(row, there, reading) for row in rows)


def _audience(row: Row, there: Collection[str], reading: _Reading) -> Audience:
    modes = _shares(row["modes"])
    if gone := sorted(mode for mode, share in modes.items() if share > 0 and mode not in there):
        known = ", ".join(sorted(there))
        raise BadFile(f"audiences.csv, column modes: {gone[0]!r} of {row['id']}; allowed: modes that end here: {known}")
    _known(row, "halls", set(_shares(row.get("halls", ""))), {one["id"] for one in reading.nodes(["hall"])})
    gates = {one["id"] for one in reading.nodes(["gate"])} | {one["node"] for one in reading.folder.table("gates")}
    _known(row, "gates", _names(row.get("gates", "")), gates)
    if not row.get("waves"):
        reading.assumed.append(f"when {row['id']} arrive: assumed")
    return Audience(
        row["id"], float(row["share"]), modes, tuple(_waves(row.get("waves", ""))),
        _number(row.get("stay_min"), None), _number(row.get("stay_sd_min"), None), _shares(row.get("halls", "")),
        frozenset(_names(row.get("gates", ""))),
    )  # fmt: skip


def _known(row: Row, column: str, named: set[str], known: set[str]) -> None:
    if missing := sorted(named - known):
        allowed = f"a {column[:-1]} of nodes.csv"
        raise BadFile(f"audiences.csv, column {column}: {missing[0]!r} of {row['id']}; allowed: {allowed}")


def _shares(text: str) -> dict[str, float]:
    parts = (part.partition(":") for part in text.split(";") if part.strip())
    return {name.strip(): float(share) for name, _, share in parts}


def _names(text: str) -> set[str]:
    return {part.strip() for part in text.split(";") if part.strip()}


def _waves(text: str) -> Iterator[Wave]:
    for part in text.split(";") if text else ():
        first, mean, spread, share = part.strip().split("/")
        yield Wave(minute_of(first), minute_of(mean), float(spread), float(share))


def _origins(
    reading: _Reading, terminals: tuple[Terminal, ...], history: FlowPanel | None
) -> tuple[tuple[str, ...], NDArray[np.float64] | None, NDArray[np.float64] | None]:
    """Stations visitors start from, how many relatively, and minutes to each terminal of the metro."""
    ends = {one.id for one in terminals}
    stations = [row["id"] for row in reading.nodes(["station"]) if row["id"] not in ends]
    weight = _weights(reading, stations, history)
    rides = [
        Ride(
            row["from"],
            row["to"],
            _number(row.get("travel_s"), _number(row["length_m"], 0.0) / 10),
            both_ways=row.get("twoway", "1") != "0",
        )
        for row in reading.folder.table("links")
        if row.get("kind", "") in RIDDEN
    ]
    metro = np.array([one.mode == "metro" for one in terminals])
    if not weight or not metro.any() or not rides:
        return (), None, None
    names = [name for name in weight if weight[name] > 0]
    minutes = np.where(metro[None, :], travel_times(rides, names, [one.id for one in terminals]), np.inf)
    reached: NDArray[np.bool_] = np.asarray(np.isfinite(minutes).any(axis=1))
    if not reached.any():
        return (), None, None
    kept = tuple(name for name, good in zip(names, reached, strict=True) if good)
    return kept, np.array([weight[name] for name in kept]), minutes[reached]


def _weights(reading: _Reading, stations: Iterable[str], history: FlowPanel | None) -> Mapping[str, float]:
    told = {row["node"]: float(row["weight"]) for row in reading.folder.table("origins")}
    if told:
        return told
    if history is not None and (at := {name: n for n, name in enumerate(history.nodes)}):
        counted = np.nan_to_num(history.values[..., history.channels.index("in")]).sum(axis=(0, 1))
        found = {name: float(counted[at[name]]) for name in stations if name in at}
        if sum(found.values()) > 0:
            reading.assumed.append("visitors start where everyday passengers do")
            return found
    found = dict.fromkeys(stations, 1.0)
    if found:
        reading.assumed.append("visitors start from every station alike, fewer from far away: assumed")
    return found


def _booked(reading: _Reading) -> tuple[Booked, ...]:
    return tuple(
        Booked(
            row["audience"], minute_of(row["from"]), float(row["persons"]), row.get("hall", ""),
            minute_of(row["to"]) if row.get("to") else None,
        )
        for row in reading.folder.table("programme")
        if row["day"] == reading.day.isoformat()
    )  # fmt: skip


def _number(text: str | None, otherwise: T) -> float | T:
    return float(text) if text else otherwise
