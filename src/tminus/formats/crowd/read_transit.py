"""A GTFS feed beside a walking network: its vehicles of the day as runs, its pathways as links, its stops as nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tminus.engines.crowd.kinds import LinkKind, NodeKind, capacity_where_unsaid
from tminus.engines.crowd.network import Link, Node
from tminus.engines.crowd.scenario import Run, StopTime
from tminus.formats.crowd.ground import distance_m
from tminus.formats.crowd.read_network import ReadNetwork, network_of
from tminus.formats.crowd.settings import Settings
from tminus.formats.gtfs import Row, feed_tables, filled_in, running_trips, seconds_of
from tminus.formats.problems import BadFile, Problem, Rejected

PERSONS = {"0": 220, "1": 1200, "2": 1000, "3": 80, "4": 300, "5": 60, "6": 30, "7": 60, "11": 90, "12": 300}
"""Persons a vehicle of a GTFS route type holds where nobody says; assumptions of ours, told with every reading."""
OTHER_VEHICLE = 80
LATEST_S = 72 * 3600.0
WAY_WIDTH_M, WAY_SPEED_M_S = 2.0, 1.34
"""Of pathways that state no width, or a time and no length."""
MODES = {
    "1": LinkKind.CORRIDOR, "2": LinkKind.STAIR, "3": LinkKind.CORRIDOR, "4": LinkKind.ESCALATOR,
    "5": LinkKind.CORRIDOR, "6": LinkKind.DOOR, "7": LinkKind.DOOR,
}  # fmt: skip
Tables = Mapping[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Transit:
    """The network with the feed's stops and ways, and its vehicles of the day."""

    network: ReadNetwork
    runs: tuple[Run, ...]
    warnings: tuple[str, ...]


def read_transit(path: Path, known: ReadNetwork | None, settings: Settings) -> Transit:
    """Runs that call on the day of the scenario, and the network they need.

    A stop whose id, or whose station's, is a node of the network calls there; others are added with their pathways.

    :raises BadFile: no feed, or no trip on the day; :class:`Rejected`: a value.
    """
    tables = feed_tables(path)
    trips = running_trips(tables, settings.start.date() if settings.dated else None)
    if not trips:
        raise BadFile(f"{path.name}: no trip runs on {settings.start:%Y-%m-%d}; allowed: a start the feed reaches")
    there = {node.id for node in known.network.nodes} if known else set()
    stops = {row.get("stop_id", ""): row for row in tables["stops.txt"]}
    at = {stop: _called(stop, row, there) for stop, row in stops.items()}
    runs = tuple(_runs(tables, trips, at, settings))
    used = {stop.node for run in runs for stop in run.stops}
    added = _nodes(stops, there, used, tables)
    links = tuple(_pathways(tables, {node.id for node in added} | there, {node.id: node for node in added}))
    if added and known and not known.network.geographic:
        raise BadFile(f"{path.name}: stop {added[0].id!r} is in degrees; allowed: nodes with lon and lat beside a feed")
    base = known.network.nodes if known else ()
    old = known.network.links if known else ()
    degrees = known.network.geographic if known else True
    network = network_of((*base, *added), (*old, *links), settings, degrees=degrees)
    return Transit(
        replace(known, network=network) if known else ReadNetwork(network),
        runs,
        tuple(_assumed(tables, trips, settings)),
    )


def _called(stop: str, row: Row, there: set[str]) -> str:
    parent = row.get("parent_station", "")
    return stop if stop in there or parent not in there else parent


def _nodes(stops: Mapping[str, Row], there: set[str], used: set[str], tables: Tables) -> list[Node]:
    ends = {row.get(key, "") for row in tables.get("pathways.txt", []) for key in ("from_stop_id", "to_stop_id")}
    found = []
    for number, (stop, row) in enumerate(stops.items(), start=2):
        if stop not in there and (stop in used or stop in ends):
            kind = NodeKind.PLATFORM if stop in used else NodeKind.JUNCTION
            found.append(Node(stop, kind, _degrees(row, "stop_lon", number), _degrees(row, "stop_lat", number)))
    return found


def _degrees(row: Row, column: str, number: int) -> float:
    try:
        return float(row.get(column) or 0)
    except ValueError:
        raise Rejected([Problem("stops.txt", number, column, row.get(column, ""), "degrees")]) from None


def _runs(tables: Tables, trips: Mapping[str, str], at: Mapping[str, str], settings: Settings) -> Iterator[Run]:
    routes = {row.get("route_id", ""): row for row in tables.get("routes.txt", [])}
    calls: defaultdict[str, list[tuple[int, int, Row]]] = defaultdict(list)
    for number, row in enumerate(tables["stop_times.txt"], start=2):
        if row.get("trip_id") in trips:
            calls[row["trip_id"]].append((_whole(row, "stop_sequence", number), number, row))
    departures = _frequencies(tables)
    for trip, rows in calls.items():
        route = routes.get(trips[trip], {})
        line = route.get("route_short_name") or route.get("route_long_name") or trips[trip] or trip
        stops = _stops(sorted(rows, key=lambda one: one[:2]), at, settings.zero_s)
        if len(stops) < 2:
            continue
        room = settings.vehicle_p or PERSONS.get(route.get("route_type", ""), OTHER_VEHICLE)
        for number, later in enumerate(departures.get(trip, [stops[0].depart_s + settings.zero_s])):
            moved = tuple(_later(stop, later - settings.zero_s - stops[0].depart_s) for stop in stops)
            if moved[-1].arrive_s > 0:
                name = trip if trip not in departures else f"{trip}/{number + 1}"
                yield Run(name, line, moved, room, settings.door_p_s or float("inf"))


def _later(stop: StopTime, by_s: float) -> StopTime:
    return StopTime(stop.node, stop.arrive_s + by_s, stop.depart_s + by_s)


def _stops(rows: list[tuple[int, int, Row]], at: Mapping[str, str], zero_s: float) -> tuple[StopTime, ...]:
    for _, number, row in rows:
        if row.get("stop_id") not in at:
            raise Rejected(
                [Problem("stop_times.txt", number, "stop_id", row.get("stop_id", ""), "a stop of stops.txt")]
            )
    arrive, depart = (
        filled_in([seconds_of(row.get(one) or row.get(other, ""), number, one) for _, number, row in rows])
        for one, other in (("arrival_time", "departure_time"), ("departure_time", "arrival_time"))
    )
    found: list[StopTime] = []
    for n, (_, _, row) in enumerate(rows):
        stop = StopTime(at[row["stop_id"]], float(arrive[n]) - zero_s, float(depart[n]) - zero_s)
        if not found or found[-1].node != stop.node:
            found.append(stop)
    return tuple(found)


def _frequencies(tables: Tables) -> dict[str, list[float]]:
    """Trip → when it sets off, seconds after midnight, where it is repeated at a headway."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for number, row in enumerate(tables.get("frequencies.txt", []), start=2):
        begin, end = (_moment(row, key, number) for key in ("start_time", "end_time"))
        every = _whole(row, "headway_secs", number, "frequencies.txt")
        if every <= 0:
            told = row.get("headway_secs", "")
            raise Rejected([Problem("frequencies.txt", number, "headway_secs", told, "a whole number above 0")])
        found[row.get("trip_id", "")] += [begin + k * every for k in range(int((end - begin - 1e-9) // every) + 1)]
    return found


def _moment(row: Row, column: str, number: int) -> float:
    found = seconds_of(row.get(column, ""), number, column)
    if not 0 <= found <= LATEST_S:
        raise Rejected([Problem("frequencies.txt", number, column, row.get(column, ""), "HH:MM:SS, 72:00:00 at most")])
    return found


def _whole(row: Row, column: str, number: int, file: str = "stop_times.txt") -> int:
    try:
        return int(row.get(column, ""))
    except ValueError:
        raise Rejected([Problem(file, number, column, row.get(column, ""), "a whole number")]) from None


def _pathways(tables: Tables, there: set[str], added: Mapping[str, Node]) -> Iterator[Link]:
    for number, row in enumerate(tables.get("pathways.txt", []), start=2):
        begin, end = row.get("from_stop_id", ""), row.get("to_stop_id", "")
        for column, name in (("from_stop_id", begin), ("to_stop_id", end)):
            if name not in there:
                raise Rejected([Problem("pathways.txt", number, column, name, "a stop of stops.txt")])
        mode = row.get("pathway_mode", "")
        if mode not in MODES:
            raise Rejected([Problem("pathways.txt", number, "pathway_mode", mode, "1 … 7")])
        yield _way(row, number, (begin, end), _stair(row, number) if mode == "2" else MODES[mode], added)


def _stair(row: Row, number: int) -> LinkKind:
    """Up or down by the sign of its steps; both ways: a stair."""
    steps = _decimal(row, "stair_count", number) or 0.0
    if row.get("is_bidirectional") == "1" or not steps:
        return LinkKind.STAIR
    return LinkKind.STAIR_UP if steps > 0 else LinkKind.STAIR_DOWN


def _way(row: Row, number: int, ends: tuple[str, str], kind: LinkKind, added: Mapping[str, Node]) -> Link:
    length, seconds, width = (_decimal(row, key, number) for key in ("length", "traversal_time", "min_width"))
    if not length:
        places = [(node.x, node.y) for node in (added.get(ends[0]), added.get(ends[1])) if node]
        far = distance_m(*places, degrees=True) if len(places) == 2 else 0.0
        length = max(seconds * WAY_SPEED_M_S if seconds else far, 1.0)
    wide = width or WAY_WIDTH_M
    speed = length / seconds if seconds else None
    name = f"pathway-{row.get('pathway_id') or number}"
    return Link(
        name, *ends, length, wide, kind, capacity_where_unsaid(kind, wide), speed, row.get("is_bidirectional") == "1"
    )


def _decimal(row: Row, column: str, number: int) -> float | None:
    text = row.get(column, "")
    try:
        return float(text) if text else None
    except ValueError:
        raise Rejected([Problem("pathways.txt", number, column, text, "a number")]) from None


def _assumed(tables: Tables, trips: Mapping[str, str], settings: Settings) -> Iterator[str]:
    if settings.vehicle_p is None:
        routes = {row.get("route_id", ""): row.get("route_type", "") for row in tables.get("routes.txt", [])}
        kinds = sorted({routes.get(route, "") for route in trips.values()})
        rooms = ", ".join(f"route type {kind or '?'}: {PERSONS.get(kind, OTHER_VEHICLE)}" for kind in kinds)
        yield f"GTFS tells no capacities; assumed persons a vehicle (else vehicles.capacity_p): {rooms}"
    if any(not row.get("min_width") for row in tables.get("pathways.txt", [])):
        yield f"pathways.txt: ways without min_width are taken for {WAY_WIDTH_M:g} m wide"
