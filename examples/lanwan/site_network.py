"""nodes.csv and links.csv: the metro, the venue and the roads between them as one network."""

from collections.abc import Iterator

from . import city, venue
from .basemap import middle_of
from .curves import Point, distance, lonlat, polar, smooth
from .metro import Station, network
from .metro_lines import LINES
from .town_places import ROADS, TOWN_PLACES
from .units import BY_ID as UNIT

NODE_HEADINGS = ["id", "kind", "lon", "lat", "name_en", "name_zh", "line", "area_m2", "capacity_p", "level"]
LINK_HEADINGS = [
    "id",
    "from",
    "to",
    "length_m",
    "width_m",
    "kind",
    "capacity_p_s",
    "free_speed_m_s",
    "twoway",
    "line",
    "travel_s",
]
CONCOURSE_M2 = 1_400  # a station of one line; each further line adds as much
PERSONS_PER_M2 = 1.5
INTERCHANGE_M = 140
ACCESS_M = 90
WALK_M_S = 1.34
PERSONS_PER_M_S = 1.22  # flow through a metre of level corridor, Weidmann (1993)


def _node(
    id_: str, kind: str, point: Point, names: tuple[str, str], line: object, area: object, capacity: object, level: int
) -> list[object]:
    return [id_, kind, *lonlat(point), *names, line, area or "", capacity or "", level]


def platform_id(station: Station, line: int) -> str:
    return f"{station.id}.{line}"


def _metro_nodes() -> Iterator[list[object]]:
    for station in network()[0]:
        area = CONCOURSE_M2 * len(station.lines) * (3 if station.id.startswith("expo") else 1)
        names = (station.name_en, station.name_zh)
        lines = ";".join(map(str, station.lines))
        yield _node(station.id, "station", station.point, names, lines, area, round(area * PERSONS_PER_M2), -1)
        for place, line in enumerate(station.lines):
            east, north = polar(90.0 * place, 0.02)
            point = (station.point[0] + east, station.point[1] + north)
            train = next(item for item in LINES if item.number == line)
            label = (f"{station.name_en}, Line {line}", f"{station.name_zh}{line}号线站台")
            platform = 150 * 11 if train.train_p > 1500 else 120 * 10
            capacity = round(platform * PERSONS_PER_M2)
            yield _node(platform_id(station, line), "platform", point, label, line, platform, capacity, -2)


def _place_nodes() -> Iterator[list[object]]:
    for p in venue.places():
        yield _node(p.id, p.kind, venue.at(p.u, p.v), (p.name_en, p.name_zh), "", p.area_m2, p.capacity_p, p.level)
    for t in TOWN_PLACES:
        yield _node(t.id, t.kind, t.point, (t.name_en, t.name_zh), "", t.area_m2, t.capacity_p, 0)
    for id_, english, chinese, points in ROADS:
        yield _node(id_, "road", middle_of(smooth(points)), (english, chinese), "", "", "", 0)
    yield _node("road-west-ring", "road", (-18.6, 2.2), ("West Ring", "西环线"), "", "", "", 0)
    for unit, key, _, label in city.districts():
        names = (UNIT[unit].name_en, UNIT[unit].name_zh)
        yield _node(f"district-{key}", "district", label, names, "", "", "", 0)


def node_rows() -> list[list[object]]:
    return [*_metro_nodes(), *_place_nodes()]


def _metro_links() -> Iterator[list[object]]:
    for ride in network()[1]:
        first, second = (platform_id(station, ride.line.number) for station in (ride.first, ride.second))
        speed = round(ride.length_m / ride.travel_s, 2)
        yield [first, second, ride.length_m, "", "rail", ride.capacity_p_s, speed, 1, ride.line.number, ride.travel_s]
    for station in network()[0]:
        platforms = [platform_id(station, line) for line in station.lines]
        for platform in platforms:
            yield _walked(station.id, platform, ACCESS_M, 8.0, "access")
        for n, first in enumerate(platforms):
            for second in platforms[n + 1 :]:
                yield _walked(first, second, INTERCHANGE_M, 6.0, "interchange")


def _walked(first: str, second: str, length: float, width: float, kind: str, speed: float = WALK_M_S) -> list[object]:
    """A link on foot or wheels both ways; trucks and shuttles carry no capacity in persons."""
    foot = kind not in ("truck", "shuttle", "dock")
    capacity = round(width * PERSONS_PER_M_S, 2) if foot else ""
    return [first, second, round(length), width, kind, capacity, speed, 1, "", round(length / speed)]


def _venue_links() -> Iterator[list[object]]:
    points: dict[str, Point] = {p.id: venue.at(p.u, p.v) for p in venue.places()}
    points |= {t.id: t.point for t in TOWN_PLACES} | {s.id: s.point for s in network()[0]}
    for way in venue.ways():
        straight = distance(points[way.first], points[way.second]) * 1000
        # Roads wind: a quarter is added to what drives.
        length = max(way.length_m, straight * (1.25 if way.kind in ("truck", "shuttle") else 1), 1)
        yield _walked(way.first, way.second, length, way.width_m, way.kind, way.speed_m_s)


def link_rows() -> list[list[object]]:
    found = [*_metro_links(), *_venue_links()]
    return [[f"l{n:04d}", *row] for n, row in enumerate(found, 1)]
