"""Stations laid along the drawn lines: interchanges where lines cross, others at the spacing of a growing city."""

import math
import random
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from .curves import Point, crossing, distance, lengths, point_at, smooth
from .metro_lines import FIXED, LINES, Line
from .station_names import LANDMARKS, invented

MERGE_KM = 0.75  # crossings nearer than this are one interchange
CRUISE_M_S = 18.0
START_STOP_LOSS_S = 22.0  # against cruising past: 1 m/s² twice from 65 km/h


def wanted_spacing_km(point: Point) -> float:
    """Close in the centre, wide at the edge: chosen so that the distribution resembles a real network's."""
    return 0.86 + 0.080 * math.hypot(*point)


@dataclass(slots=True)
class Station:
    id: str
    point: Point
    name_en: str = ""
    name_zh: str = ""
    lines: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ride:
    """A stretch of track between neighbouring stations of a line."""

    line: Line
    first: Station
    second: Station
    length_m: float

    @property
    def travel_s(self) -> int:
        """From departure to departure, dwell included."""
        return round(self.length_m / CRUISE_M_S + START_STOP_LOSS_S + self.line.dwell_s)

    @property
    def capacity_p_s(self) -> float:
        return round(self.line.train_p / self.line.headway_s, 2)


@cache
def track(number: int) -> list[Point]:
    """The line as a curve, km."""
    line = next(line for line in LINES if line.number == number)
    return smooth(list(line.points), 14, closed=line.loop)


def _crossings() -> list[Point]:
    found = []
    for a in LINES:
        for b in LINES[a.number :]:
            one, two = track(a.number), track(b.number)
            for p, q in pairwise(one):
                for r, s in pairwise(two):
                    share = crossing(p, q, r, s)
                    if share is not None:
                        found.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
    return found


def _hubs() -> list[Station]:
    """Fixed stations first, then one interchange for each cluster of crossings."""
    hubs = [Station(id_, point, english, chinese) for id_, point, english, chinese in FIXED]
    for point in sorted(_crossings()):
        if all(distance(point, hub.point) > MERGE_KM for hub in hubs):
            hubs.append(Station("", point))
    return hubs


def _stops_on(line: Line, hubs: list[Station]) -> list[tuple[float, Station]]:
    """Hubs within reach of the line, by distance along it."""
    curve = track(line.number)
    along = lengths(curve)
    stops = []
    for hub in hubs:
        nearest = min(range(len(curve)), key=lambda i: distance(curve[i], hub.point))
        if distance(curve[nearest], hub.point) < MERGE_KM * 0.72:
            stops.append((along[nearest], hub))
    return sorted(stops, key=lambda stop: stop[0])


def _between(line: Line, first: float, last: float, rng: random.Random) -> list[float]:
    """Where stations stand between two distances along the line, neither end included."""
    curve = track(line.number)
    along = lengths(curve)
    spacing = wanted_spacing_km(point_at(curve, along, (first + last) / 2))
    count = max(0, round((last - first) / spacing) - 1)
    step = (last - first) / (count + 1)
    return [first + step * (n + 1 + rng.uniform(-0.16, 0.16)) for n in range(count)]


def _line_stations(line: Line, hubs: list[Station]) -> list[tuple[float, Station]]:
    rng = random.Random(f"lanwan line {line.number}")
    curve = track(line.number)
    along = lengths(curve)
    stops = _stops_on(line, hubs)
    if line.loop:
        stops.append((along[-1] + stops[0][0], stops[0][1]))
    else:
        for end in (0.0, along[-1]):
            if min(abs(where - end) for where, _ in stops) > MERGE_KM:
                stops.append((end, Station("", point_at(curve, along, end))))
        stops.sort(key=lambda stop: stop[0])
    filled = list(stops)
    for (a, _), (b, _) in pairwise(stops):
        filled += [(w, Station("", point_at(curve, along, w % along[-1]))) for w in _between(line, a, b, rng)]
    return sorted(filled, key=lambda stop: stop[0])


def _name(stations: list[Station]) -> None:
    for place, english, chinese in LANDMARKS:
        nearest = min((s for s in stations if not s.name_en), key=lambda s: distance(s.point, place))
        nearest.name_en, nearest.name_zh = english, chinese
    names = invented()
    for number, station in enumerate(stations, 1):
        if not station.name_en:
            station.name_en, station.name_zh = next(names)
        station.id = station.id or f"m{number:03d}"


@cache
def network() -> tuple[list[Station], list[Ride]]:
    """All stations, each once, and all rides, each once (they run both ways)."""
    hubs = _hubs()
    stations: dict[int, Station] = {}
    rides = []
    for line in LINES:
        stops = _line_stations(line, hubs)
        for (a, first), (b, second) in pairwise(stops):
            rides.append(Ride(line, first, second, round(max(b - a, distance(first.point, second.point)) * 1000)))
        for _, station in stops:
            stations[id(station)] = station
            if line.number not in station.lines:
                station.lines.append(line.number)
    found = list(stations.values())
    _name(found)
    return found, rides
