"""Lines, those who come to them, and timetables as tables."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from tminus.engines.transport import TransportError
from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.headways import HeadwayPlan, Line, LineDemand, changed_departures
from tminus.formats.book_row import text_of
from tminus.formats.book_writer import table_csv
from tminus.formats.headed_table import HeadedTable
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.transport.cells import minute_of_day, number, whole
from tminus.formats.values import Cell

LINES_FILE, ARRIVALS_FILE, FILES = "lines.csv", "arrivals.csv", ("departures.csv", "vehicles.csv")

LINES: dict[str, tuple[str, ...]] = {
    "line": ("Line", "线路"),
    "capacity": ("Capacity", "载客量"),
    "cycle": ("Cycle min", "周转分钟"),
    "least": ("Least headway min", "最小间隔"),
    "most": ("Most headway min", "最大间隔"),
    "usual": ("Usual headway min", "平日间隔"),
}
ARRIVALS: dict[str, tuple[str, ...]] = {
    "time": ("Time", "时间"),
    "line": ("Line", "线路"),
    "persons": ("Persons", "人数"),
    "path": ("Path", "情景"),
}
DEPARTURES: dict[str, tuple[str, ...]] = {"line": ("Line", "线路"), "time": ("Departure", "发车")}
MOST_CELLS = 20_000_000


def read_line_demand(folder: Path, fleet: int) -> LineDemand:
    """``lines.csv`` and ``arrivals.csv`` of a folder.

    :raises BadFile: a file is missing or cannot be taken; every value that cannot is named.
    """
    lines = _lines(folder / LINES_FILE)
    path = folder / ARRIVALS_FILE
    try:
        arriving, first = _arrivals(path, [line.name for line in lines])
        return LineDemand(lines, arriving, fleet, first)
    except TransportError as error:
        raise BadFile(f"{path.name}: {error}") from error


def _lines(path: Path) -> tuple[Line, ...]:
    table = HeadedTable(path, LINES, ("line", "capacity", "cycle"))
    lines: list[Line] = []
    for row, cells in table.rows():
        name = table.need(row, cells, "line", text_of, "")
        capacity = table.need(row, cells, "capacity", number(above=True), 1.0)
        cycle = table.need(row, cells, "cycle", whole(1, 1440), 1)
        least = table.take(row, cells, "least", whole(1, 1440), 2)
        most = table.take(row, cells, "most", whole(1, 1440), max(60, least))
        usual = table.take(row, cells, "usual", whole(1, 1440), 10)
        if any(line.name == name for line in lines):
            table.refuse(row, "line", name, "each line once")
        elif most < least:
            table.refuse(row, "most", str(most), f"at least {least}, the least headway")
        else:
            lines.append(Line(name, capacity, cycle, least, most, usual))
    table.done()
    if not lines:
        raise BadFile(f"{path.name}: no rows; allowed: at least one line")
    return tuple(lines)


def _arrivals(path: Path, names: list[str]) -> tuple[np.ndarray, int]:
    """[line, path, minute] and the first minute: persons of a slot come evenly until the next time in the file."""
    table = HeadedTable(path, ARRIVALS, ("time", "line", "persons"))

    def line(cell: Cell) -> int:
        if (name := text_of(cell)) not in names:
            raise BadValue(f"a line of {LINES_FILE}: {', '.join(names[:5])}")
        return names.index(name)

    rows = [
        (
            table.need(row, cells, "time", minute_of_day, 0.0),
            table.need(row, cells, "line", line, 0),
            table.need(row, cells, "persons", number(), 0.0),
            table.take(row, cells, "path", text_of, ""),
        )
        for row, cells in table.rows()
    ]
    table.done()
    if not rows:
        raise BadFile(f"{path.name}: no rows; allowed: at least one time")
    return _by_minute(path, rows, len(names))


def _by_minute(path: Path, rows: list[tuple[float, int, float, str]], lines: int) -> tuple[np.ndarray, int]:
    times = np.unique([row[0] for row in rows])
    slot = int(np.diff(times).min()) if len(times) > 1 else 15
    if slot < 1 or ((times - times[0]) % slot).any():
        raise BadFile(f"{path.name}, column Time: times not on one grid; allowed: slots of equal length, whole minutes")
    paths = {name: at for at, name in enumerate(dict.fromkeys(row[3] for row in rows))}
    minutes = int(times[-1] - times[0]) + slot
    if lines * len(paths) * minutes > MOST_CELLS:
        raise BadFile(
            f"{path.name}: {lines} lines × {len(paths)} paths × {minutes} minutes; allowed: {MOST_CELLS:,} in all"
        )
    arriving = np.zeros((lines, len(paths), minutes))
    for time, line, persons, name in rows:
        at = int(time - times[0])
        arriving[line, paths[name], at : at + slot] += persons / slot
    return arriving, int(times[0])


def read_departures(path: Path, demand: LineDemand) -> list[list[int]]:
    """Published departures by line, minutes counted from the demand's first.

    :raises BadFile: not such a table, an unknown line, or a time out of the demand.
    """
    table = HeadedTable(path, DEPARTURES, tuple(DEPARTURES))
    found: dict[str, list[int]] = defaultdict(list)

    def line(cell: Cell) -> str:
        if (name := text_of(cell)) not in demand.names:
            raise BadValue(f"a line of {LINES_FILE}")
        return name

    def minute(cell: Cell) -> int:
        at = minute_of_day(cell) - demand.first_min
        if at != int(at) or not 0 <= at < demand.minutes:
            first, last = clock_text(demand.first_min), clock_text(demand.first_min + demand.minutes - 1)
            raise BadValue(f"a whole minute between {first} and {last}")
        return int(at)

    for row, cells in table.rows():
        name, at = table.need(row, cells, "line", line, ""), table.need(row, cells, "time", minute, 0)
        found[name].append(at)
    table.done()
    return [sorted(found[name]) for name in demand.names]


def headway_document(
    plan: HeadwayPlan, walked: dict[str, Any] | None, published: list[list[int]] | None
) -> dict[str, Any]:
    """What ``tminus transport headways --json`` prints; ``walked``: as the plan was walked again."""
    lines = [
        {"line": name, "departures": [clock_text(minute) for minute in plan.departures(at)]}
        for at, name in enumerate(plan.demand.names)
    ]
    return {
        "lines": lines,
        "fleet": plan.demand.fleet,
        "paths": int(plan.demand.arriving.shape[1]),
        "persons": round(float(plan.demand.arriving.sum() / plan.demand.arriving.shape[1]), 1),
        "policies": [{"policy": name} | day.as_json() for name, day in ({"plan": plan.day} | plan.others).items()],
        "simulated": walked,
        "proof": plan.proof.as_json(),
        "changes": None if published is None else [one.as_json() for one in changed_departures(plan, published)],
        "elapsed_s": round(sum(plan.proof.seconds.values()), 4),
    }


def headway_tables(plan: HeadwayPlan) -> dict[str, bytes]:
    """File name → content: departures, and vehicles under way by minute."""
    from tminus.engines.transport.headways import vehicles_out

    departures: list[list[Any]] = [
        [name, clock_text(minute)] for at, name in enumerate(plan.demand.names) for minute in plan.departures(at)
    ]
    out = vehicles_out(plan.demand, plan.table)
    vehicles: list[list[Any]] = [
        [clock_text(plan.demand.first_min + minute), int(many)] for minute, many in enumerate(out)
    ]
    return {
        FILES[0]: table_csv([DEPARTURES["line"][0], DEPARTURES["time"][0]], departures),
        FILES[1]: table_csv(["Time", "Vehicles out"], vehicles),
    }
