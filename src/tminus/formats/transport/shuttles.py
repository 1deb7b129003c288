"""Shuttle lines, those who come to them, empty runs, trips and blocks as tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tminus.engines.transport import Change, TransportError
from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.shuttles import (
    Deadheads,
    Piece,
    ShuttleDemand,
    ShuttleLine,
    Trip,
    VehiclePlan,
    pieces_of,
)
from tminus.formats.book_row import text_of
from tminus.formats.book_writer import table_csv
from tminus.formats.headed_table import HeadedTable
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.transport.cells import minute_of_day, number, whole
from tminus.formats.values import Cell

LINES_FILE, DEMAND_FILE, RUNS_FILE, TRIPS_FILE = "lines.csv", "demand.csv", "deadheads.csv", "trips.csv"
FILES = ("trips.csv", "blocks.csv", "pieces.csv")

LINES: dict[str, tuple[str, ...]] = {
    "line": ("Line", "线路"),
    "from": ("From", "起点"),
    "to": ("To", "终点"),
    "ride": ("Ride min", "行程分钟"),
    "capacity": ("Capacity", "载客量"),
    "layover": ("Layover min", "停站分钟"),
    "most": ("Most headway min", "最大间隔"),
}
DEMAND: dict[str, tuple[str, ...]] = {
    "time": ("Time", "时间"), "line": ("Line", "线路"), "persons": ("Persons", "人数"), "path": ("Path", "情景"),
}  # fmt: skip
RUNS: dict[str, tuple[str, ...]] = {"from": ("From", "起点"), "to": ("To", "终点"), "minutes": ("Minutes", "分钟")}
TRIPS: dict[str, tuple[str, ...]] = {
    "trip": ("Trip", "车次"),
    "line": ("Line", "线路"),
    "from": ("From", "起点"),
    "to": ("To", "终点"),
    "depart": ("Departure", "发车"),
    "arrive": ("Arrival", "到达"),
    "layover": ("Layover min", "停站分钟"),
}


def read_shuttle_demand(folder: Path) -> ShuttleDemand | None:
    """Lines and those who come to them, of ``lines.csv`` and ``demand.csv``; None: the folder has neither.

    :raises BadFile: one cannot be taken, or is not there; every value that cannot be taken is named.
    """
    lines, demand = folder / LINES_FILE, folder / DEMAND_FILE
    if (folder / TRIPS_FILE).exists() and not (lines.exists() and demand.exists()):
        return None
    return _demand(demand, _lines(lines))


def read_trips(folder: Path) -> list[Trip] | None:
    """``trips.csv`` of a folder; None: it has none, trips are to be made of those who come.

    :raises BadFile: it cannot be taken.
    """
    return _trips(folder / TRIPS_FILE) if (folder / TRIPS_FILE).exists() else None


def _trips(path: Path) -> list[Trip]:
    table = HeadedTable(path, TRIPS, ("trip", "from", "to", "depart", "arrive"))
    trips: list[Trip] = []
    names: set[str] = set()
    for row, cells in table.rows():
        name, begin, end = (table.need(row, cells, code, text_of, "") for code in ("trip", "from", "to"))
        depart, arrive = (table.need(row, cells, code, _minute, 0) for code in ("depart", "arrive"))
        ready = arrive + table.take(row, cells, "layover", whole(0, 1440), 0)
        if name in names:
            table.refuse(row, "trip", name, "each trip once")
        if arrive <= depart:
            table.refuse(row, "arrive", clock_text(arrive), "after the departure (25:10 for after midnight)")
        names.add(name)
        trips.append(Trip(name, table.take(row, cells, "line", text_of, ""), begin, end, depart, arrive, ready))
    table.done()
    return trips


def _minute(cell: Cell) -> int:
    minute = minute_of_day(cell)
    if minute != int(minute):
        raise BadValue("a whole minute, such as 08:15")
    return int(minute)


def _lines(path: Path) -> dict[str, ShuttleLine]:
    table = HeadedTable(path, LINES, ("line", "from", "to", "ride", "capacity"))
    lines: dict[str, ShuttleLine] = {}
    for row, cells in table.rows():
        name, begin, end = (table.need(row, cells, code, text_of, "") for code in ("line", "from", "to"))
        ride = table.need(row, cells, "ride", whole(1, 1440), 1)
        capacity = table.need(row, cells, "capacity", number(above=True), 1.0)
        layover = table.take(row, cells, "layover", whole(0, 1440), 5)
        most = table.take(row, cells, "most", whole(1, 1440), 30)
        if name in lines:
            table.refuse(row, "line", name, "each line (and direction) once")
        elif begin == end:
            table.refuse(row, "to", end, "another terminal than the first")
        else:
            lines[name] = ShuttleLine(name, begin, end, ride, capacity, layover, most)
    table.done()
    return lines


def _demand(path: Path, lines: dict[str, ShuttleLine]) -> ShuttleDemand:
    table = HeadedTable(path, DEMAND, ("time", "line", "persons"))
    place = {name: at for at, name in enumerate(lines)}

    def line(cell: Cell) -> int:
        if (name := text_of(cell)) not in place:
            raise BadValue(f"a line of {LINES_FILE}")
        return place[name]

    rows = [
        (
            table.need(row, cells, "time", _minute, 0),
            table.need(row, cells, "line", line, 0),
            table.need(row, cells, "persons", number(), 0.0),
            table.take(row, cells, "path", text_of, ""),
        )
        for row, cells in table.rows()
    ]
    table.done()
    if not rows:
        raise BadFile(f"{path.name}: no rows; allowed: at least one time")
    return _gridded(path, rows, lines)


def _gridded(path: Path, rows: list[tuple[int, int, float, str]], lines: dict[str, ShuttleLine]) -> ShuttleDemand:
    times = np.unique([row[0] for row in rows])
    slot = int(np.diff(times).min()) if len(times) > 1 else 15
    if ((times - times[0]) % slot).any():
        raise BadFile(f"{path.name}, column Time: times not on one grid; allowed: slots of equal length")
    paths = {name: at for at, name in enumerate(dict.fromkeys(row[3] for row in rows))}
    persons = np.zeros((len(lines), len(paths), int(times[-1] - times[0]) // slot + 1))
    for time, line, people, name in rows:
        persons[line, paths[name], int(time - times[0]) // slot] += people
    try:
        return ShuttleDemand(tuple(lines.values()), persons, slot, int(times[0]))
    except TransportError as error:
        raise BadFile(f"{path.name}: {error}") from error


def read_deadheads(folder: Path) -> Deadheads:
    """``deadheads.csv`` of a folder: minutes of empty runs, each direction a row.

    :raises BadFile: it is missing or cannot be taken.
    """
    table = HeadedTable(folder / RUNS_FILE, RUNS, tuple(RUNS))
    minutes: dict[tuple[str, str], int] = {}
    for row, cells in table.rows():
        begin, end = (table.need(row, cells, code, text_of, "") for code in ("from", "to"))
        minutes[begin, end] = table.need(row, cells, "minutes", whole(0, 1440), 0)
    table.done()
    return Deadheads(minutes)


def shuttle_document(
    plan: VehiclePlan,
    policies: list[dict[str, Any]],
    pieces: list[Piece],
    walked: dict[str, Any] | None,
    published: list[Trip] | None,
) -> dict[str, Any]:
    """What ``tminus transport shuttles --json`` prints; ``policies``: rows, the plan's first."""
    changes = None if published is None else [one.as_json() for one in changed_trips(plan, published)]
    return {
        "depots": {name: sum(block.depot == name for block in plan.blocks) for name in plan.depots},
        "trips": len(plan.trips),
        "vehicles": len(plan.blocks),
        "pieces": len(pieces),
        "pieces_too_long": sum(piece.too_long for piece in pieces),
        "empty_min": sum(block.empty_min for block in plan.blocks),
        "running_gap": round(plan.running_gap, 6),
        "blocks": [
            {
                "vehicle": block.vehicle,
                "depot": block.depot,
                "leaves_depot": clock_text(block.leaves_depot),
                "back_at_depot": clock_text(block.back_at_depot),
                "trips": [trip.name for trip in block.trips],
            }
            for block in plan.blocks
        ],
        "policies": policies,
        "simulated": walked,
        "proof": plan.proof.as_json(),
        "changes": changes,
        "elapsed_s": round(sum(plan.proof.seconds.values()), 4),
    }


def changed_trips(plan: VehiclePlan, published: list[Trip]) -> list[Change]:
    """Departures of a line that are new, and published ones that are not run."""
    now = {(trip.line, trip.depart) for trip in plan.trips}
    was = {(trip.line, trip.depart) for trip in published}
    return [
        Change(line, minute, minute, None if new else 1.0, 1.0 if new else None)
        for (line, minute), new in sorted([(one, True) for one in now - was] + [(one, False) for one in was - now])
    ]


def read_published(path: Path) -> list[Trip]:
    """``trips.csv`` as it was published.

    :raises BadFile: not such a table.
    """
    return _trips(path)


def shuttle_tables(plan: VehiclePlan, pieces: list[Piece]) -> dict[str, bytes]:
    """File name → content: trips, blocks and pieces."""
    vehicle = {trip.name: block.vehicle for block in plan.blocks for trip in block.trips}
    trips: list[list[Any]] = [
        [
            trip.name, trip.line, trip.origin, trip.destination, clock_text(trip.depart), clock_text(trip.arrive),
            trip.ready - trip.arrive, vehicle[trip.name],
        ]
        for trip in plan.trips
    ]  # fmt: skip
    blocks: list[list[Any]] = [
        [
            block.vehicle, block.depot, clock_text(block.leaves_depot), clock_text(block.back_at_depot),
            len(block.trips), block.empty_min, "; ".join(trip.name for trip in block.trips),
        ]
        for block in plan.blocks
    ]  # fmt: skip
    cut: list[list[Any]] = [
        [
            piece.vehicle,
            clock_text(piece.from_min),
            clock_text(piece.to_min),
            piece.trips,
            "yes" if piece.too_long else "",
        ]
        for piece in pieces
    ]
    return {
        FILES[0]: table_csv([*(heads[0] for heads in TRIPS.values()), "Vehicle"], trips),
        FILES[1]: table_csv(
            ["Vehicle", "Depot", "Leaves depot", "Back at depot", "Trips", "Empty min", "Runs"], blocks
        ),
        FILES[2]: table_csv(["Vehicle", "From", "To", "Trips", "Too long"], cut),
    }


def all_pieces(plan: VehiclePlan, most_min: int, relief_min: int) -> list[Piece]:
    """Of every block."""
    return [piece for block in plan.blocks for piece in pieces_of(block, most_min, relief_min)]
