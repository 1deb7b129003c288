"""``services.csv`` of an event folder: lines whose vehicles are run one by one, and the room visitors have in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from pathlib import Path

from tminus.engines.crowd.kinds import LinkKind
from tminus.engines.crowd.network import Link
from tminus.formats.crowd.column_table import ColumnTable

FILE = "services.csv"
COLUMNS = (
    "line", "from_node", "to_node", "from", "to", "headway_s", "capacity_p", "free_p", "dwell_s", "door_p_s",
)  # fmt: skip
DWELL_S = 30.0
Rides = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Period:
    """From ``from_min`` to ``to_min`` (minutes after midnight) a vehicle sets out every ``headway_s``.

    ``capacity_p``: whom it holds; ``free_p``: places everyday passengers leave to visitors. It stands ``dwell_s`` at
    stops; ``door_p_s``: persons a second get out, then in.
    """

    from_min: float
    to_min: float
    headway_s: float
    capacity_p: int
    free_p: int
    dwell_s: float
    door_p_s: float


@dataclass(frozen=True, slots=True)
class Service:
    """A line both ways along ``stops``; ``ride_s``: from each to the next. A loop ends where it begins."""

    line: str
    stops: tuple[str, ...]
    ride_s: tuple[float, ...]
    periods: tuple[Period, ...]


def read_services(folder: Path, links: Sequence[Link], line_of: Mapping[str, str]) -> tuple[Service, ...]:
    """The lines of ``services.csv``; none where there is no such file.

    :param links: of the network; ``line_of``: the line of each ride, by the link's id.
    :raises BadFile: a column is not there; :class:`Rejected`: a value, or two stops no ride of the line joins.
    """
    if not (folder / FILE).exists():
        return ()
    table = ColumnTable(
        folder / FILE, COLUMNS, ("line", "from_node", "to_node", "from", "to", "headway_s", "capacity_p")
    )
    rides = rides_by_line(links, line_of)
    lines, starts, ends = (table.texts(name) for name in ("line", "from_node", "to_node"))
    periods = _periods(table)
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for n, line in enumerate(lines):
        if line not in rides:
            raise table.refuse(n, "line", f"a line of links.csv: {', '.join(rides)}")
        for column, end in (("from_node", starts[n]), ("to_node", ends[n])):
            if end not in rides[line]:
                raise table.refuse(n, column, f"a stop of line {line}")
        rows[line, starts[n], ends[n]].append(n)
    found = []
    for (line, start, end), at in rows.items():
        stops = stops_between(rides[line], start, end)
        if len(stops) < 2:
            raise table.refuse(at[0], "to_node", f"a stop that rides of line {line} join with {start}")
        seconds = tuple(rides[line][a][b] for a, b in pairwise(stops))
        found.append(Service(line, stops, seconds, tuple(periods[n] for n in at)))
    return tuple(found)


def _periods(table: ColumnTable) -> list[Period]:
    begin, end = table.clock("from") / 60, table.clock("to") / 60
    table.refuse_where("to", end <= begin, "after its beginning")
    headway = table.within("headway_s", 30, 7200, "seconds, 30 … 7200")
    capacity = table.within("capacity_p", 1, 4000, "persons, 1 … 4000")
    free = table.within("free_p", 0, 4000, "persons, 0 … 4000, or empty: the whole vehicle", otherwise=-1)
    table.refuse_where("free_p", free > capacity, "no more than capacity_p")
    dwell = table.within("dwell_s", 1, 1800, "seconds, 1 … 1800, or empty: 30", otherwise=DWELL_S)
    door = table.within("door_p_s", 0.01, 1e4, "persons a second, above 0, or empty: at once", otherwise=float("inf"))
    return [
        Period(
            float(begin[n]), float(end[n]), float(headway[n]), int(capacity[n]),
            int(free[n] if free[n] >= 0 else capacity[n]), float(dwell[n]), float(door[n]),
        )
        for n in range(len(table))
    ]  # fmt: skip


def rides_by_line(links: Iterable[Link], line_of: Mapping[str, str]) -> dict[str, dict[str, dict[str, float]]]:
    """line → stop → next stop → seconds; both ways where the ride is."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for link in links:
        if link.kind is LinkKind.RIDE and (line := line_of.get(link.id, "")):
            of = found.setdefault(line, {})
            of.setdefault(link.start, {})[link.end] = link.travel_s or 1.0
            of.setdefault(link.end, {})
            if link.twoway:
                of[link.end][link.start] = link.travel_s or 1.0
    return found


def stops_between(rides: Rides, start: str, end: str) -> tuple[str, ...]:
    """The quickest way of a line from ``start`` to ``end``; round a loop where both are the same; empty: none."""
    if start == end:
        return _round(rides, start)
    heap: list[tuple[float, tuple[str, ...]]] = [(0.0, (start,))]
    seen: set[str] = set()
    while heap:
        seconds, way = heappop(heap)
        if way[-1] == end:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            for onward, more in rides[way[-1]].items():
                heappush(heap, (seconds + more, (*way, onward)))
    return ()


def _round(rides: Rides, start: str) -> tuple[str, ...]:
    """All around from ``start`` without turning back, by the first ride the table tells of."""
    way = [start]
    while True:
        before = way[-2] if len(way) > 1 else ""
        onward = next((stop for stop in rides[way[-1]] if stop != before), "")
        if not onward or onward in way[1:]:
            return ()
        way.append(onward)
        if onward == start:
            return tuple(way)
