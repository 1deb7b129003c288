"""map.geojson: the drawn city under everything the console shows."""

import math

from . import city, venue
from .curves import Point, band, distance, lengths, lonlat, point_at, polar, rectangle, smooth
from .metro import network
from .metro_lines import LINES
from .town_places import ROADS, TOWN_PLACES
from .units import BY_ID as UNIT

Feature = dict[str, object]


def feature(kind: str, id_: str, english: str, chinese: str, geometry: Feature, **more: object) -> Feature:
    properties = {"kind": kind, "id": id_, "name_en": english, "name_zh": chinese, "level": more.pop("level", 0)} | more
    return {"type": "Feature", "id": id_, "properties": properties, "geometry": geometry}


def polygon(points: list[Point]) -> Feature:
    return {"type": "Polygon", "coordinates": [[lonlat(point) for point in points]]}


def line(points: list[Point]) -> Feature:
    return {"type": "LineString", "coordinates": [lonlat(point) for point in points]}


def dot(point: Point) -> Feature:
    return {"type": "Point", "coordinates": lonlat(point)}


def _blob(centre: Point, radius: float, seed: float) -> list[Point]:
    """An irregular round outline: a park, a lake, an island."""
    ring = []
    for n in range(14):
        a = n * 360 / 14
        r = radius * (1 + 0.22 * math.sin(math.radians(2 * a + seed)) + 0.11 * math.sin(math.radians(5 * a + 3 * seed)))
        x, y = polar(a, r)
        ring.append((centre[0] + x, centre[1] + y))
    return smooth(ring, 4, closed=True)


def _ground() -> list[Feature]:
    west, south, east, north = city.FRAME
    frame = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    found = [
        feature("sea", "sea", "Lanwan Sea", "澜湾海", polygon(frame)),
        feature("land", "land", "Mainland", "陆地", polygon(city.land())),
    ]
    islands = [((15.6, 1.2), 0.9, 20, "Lamp Island", "灯屿"), ((21.5, -7.0), 1.6, 75, "Gull Island", "鸥岛"),
               ((23.2, 11.6), 1.1, 130, "Reed Island", "苇洲")]  # fmt: skip
    for n, (centre, radius, seed, english, chinese) in enumerate(islands, 1):
        found.append(feature("land", f"island-{n}", english, chinese, polygon(_blob(centre, radius, seed))))
    for unit, key, ring, label in city.districts():
        names = (UNIT[unit].name_en, UNIT[unit].name_zh)
        district = feature("district", f"district-{key}", *names, polygon(ring), unit=unit, label=lonlat(label))
        found.append(district)
    return found


_TOWNS = [((-14.9, 4.0), 3.6, 10), ((-22.0, -4.6), 2.4, 60), ((-12.5, -16.5), 2.6, 120), ((-5.8, 17.6), 3.0, 200),
          ((3.4, 17.2), 3.2, 250), ((-21.5, 9.6), 2.5, 300), ((3.6, -15.6), 3.0, 30), ((-25.6, 5.4), 2.0, 80),
          ((-15.4, 14.8), 2.6, 150)]  # fmt: skip


def _built_up() -> list[Feature]:
    """Where the city is dense: the core, lobed along the lines, and the towns at their ends."""
    core = [
        polar(b, min(9.2 + 1.3 * math.sin(math.radians(6 * b)) + 0.8 * math.sin(math.radians(11 * b + 70)),
                     city.outline_km(b) - 0.12))
        for b in range(0, 361, 2)
    ]  # fmt: skip
    found = [feature("built", "built-core", "Central Lanwan", "澜湾主城区", polygon(core))]
    for n, (centre, radius, seed) in enumerate(_TOWNS, 1):
        town = polygon(_blob(centre, radius, seed))
        found.append(feature("built", f"built-{n}", f"Built-up area {n}", f"城镇建成区{n}", town))
    return found


def _venue_roads() -> list[Feature]:
    """The loop around the halls, the truck road and the drives to the gates."""
    corners = [(-600, 225), (600, 225), (660, 0), (600, -225), (-600, -225), (-680, 0)]
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    steps = [(u + (x - u) * n / 8, v + (y - v) * n / 8) for (u, v), (x, y) in sides for n in range(8)]
    loop = [venue.at(u, v) for u, v in [*steps, steps[0]]]
    drives = [
        ("expo-loop", "Expo Loop", "博览环路", loop),
        ("expo-drive-n", "North Drive", "北进场路", [venue.at(0, 225), venue.at(0, 460), (-15.5, 4.3)]),
        ("expo-drive-s", "South Drive", "南进场路", [venue.at(0, -225), venue.at(0, -470), (-14.6, 2.68)]),
        ("expo-truck-road", "Truck Road", "货运通道", [venue.at(-600, 225), (-15.9, 3.5)]),
    ]
    return [feature("road", id_, en, zh, line(points), level=1) for id_, en, zh, points in drives]


_PARKS = [
    ((-3.4, 1.0), 0.52, 15, "Lan River Park", "澜江公园"), ((-2.2, 8.9), 0.9, 60, "Stadium Park", "体育公园"),
    ((-8.6, 8.9), 1.7, 110, "Tea Hill", "茶山"), ((-22.5, 12.0), 2.6, 200, "Pine Ridge", "松岭"),
    ((-24.0, -8.5), 2.2, 250, "Reed Marsh", "苇荡湿地"), ((-8.4, -12.8), 1.4, 310, "Weir Gardens", "堰坝花园"),
    ((-12.9, 6.9), 0.7, 20, "Saltern Meadow", "盐场草地"), ((7.9, 11.0), 1.0, 90, "Lighthouse Park", "灯塔公园"),
    ((0.8, -6.9), 0.7, 170, "South Shore Park", "南岸公园"), ((-5.2, -2.9), 0.55, 340, "Campus Green", "校园绿地"),
    ((1.3, 15.6), 1.3, 280, "North Wood", "北林"), ((-17.4, -9.4), 1.5, 45, "Orchard Hills", "果岭"),
    ((-4.7, 4.0), 0.5, 130, "Botanic Garden", "植物园"), ((-18.6, 18.4), 2.2, 10, "Fox Hills", "狐丘"),
    ((-1.0, -17.0), 1.6, 75, "Cape Forest", "海角林"),
]  # fmt: skip
_LAKES = [((-11.4, 10.4), 0.75, 40, "Mirror Lake", "镜湖"), ((-20.6, -12.6), 1.1, 140, "Heron Reservoir", "鹭鸣水库"),
          ((-6.3, -9.9), 0.45, 200, "Weir Pond", "堰塘")]  # fmt: skip


def _water_and_parks() -> list[Feature]:
    river = city.river_line()
    found = [feature("park", f"park-{n}" if n > 1 else "park-river", en, zh, polygon(_blob(centre, radius, seed)))
                for n, (centre, radius, seed, en, zh) in enumerate(_PARKS, 1)]  # fmt: skip
    shore = polygon(band(river, city.river_widths(len(river))))
    found.append(feature("water", "lan-river", "Lan River", "澜江", shore))
    canal = smooth([(-5.0, 0.6), (-3.2, 4.8), (-3.6, 9.6), (-1.0, 13.4), (4.2, 15.2), (8.6, 17.6)], 10)
    found.append(feature("water", "north-canal", "North Canal", "北运河", polygon(band(canal, [0.07] * len(canal)))))
    creek = smooth([(-20.6, -12.6), (-14.8, -10.4), (-9.8, -7.2), (-6.0, -4.6), (-3.4, -1.4)], 10)
    found.append(feature("water", "south-creek", "Heron Creek", "鹭溪", polygon(band(creek, [0.06] * len(creek)))))
    for n, (centre, radius, seed, english, chinese) in enumerate(_LAKES, 1):
        found.append(feature("water", f"lake-{n}", english, chinese, polygon(_blob(centre, radius, seed))))
    return found


def _ring(radius: float, wobble: float, first: float, last: float) -> list[Point]:
    """A ring road that keeps off the coast."""
    bearings = [first + (last - first) * n / 90 for n in range(91)]
    return [
        polar(b, min(radius * (1 + wobble * math.sin(math.radians(3 * b + 40))), city.outline_km(b) - 0.35))
        for b in bearings
    ]


def _radial(bearing: float, bend: float, first: float, last: float) -> list[Point]:
    points = [polar(bearing + bend * math.sin(n / 5 * math.pi), first + (last - first) * n / 5) for n in range(6)]
    return [point for point in smooth(points) if city.on_land(point, 0.3)]


_RADIALS = [
    (88, 5, "Canal Road", "运河路"), (112, -6, "Stadium Road", "体育场路"), (136, 5, "Tea Hill Road", "茶山路"),
    (158, -4, "Mirror Lake Road", "镜湖路"), (181, 5, "River Road", "江滨路"), (203, -5, "Campus Road", "学府路"),
    (226, 6, "Orchard Road", "果园路"), (249, -5, "Weir Road", "堰坝路"), (263, 4, "Cape Road", "海角路"),
    (296, -4, "Airport Road", "机场路"), (322, 4, "Fish Market Road", "鱼市路"),
    (44, -5, "Lighthouse Boulevard", "灯塔大道"),
    (64, 4, "Rope Walk Road", "缆绳巷路"),
]  # fmt: skip


def _main_roads() -> list[Feature]:
    rings = [
        ("ring-inner", "Inner Ring", "内环线", 3.4, 0.05, -5, 355),
        ("ring-middle", "Middle Ring", "中环线", 8.4, 0.04, 20, 340),
        ("road-west-ring", "West Ring", "西环线", 18.8, 0.03, 128, 222),
        ("ring-north", "North Ring", "北环线", 18.8, 0.03, 52, 128),
        ("ring-south", "South Ring", "南环线", 18.8, 0.03, 222, 304),
    ]  # fmt: skip
    found = [
        feature("motorway" if radius > 5 else "road", id_, en, zh, line(_ring(radius, wobble, first, last)))
        for id_, en, zh, radius, wobble, first, last in rings
    ]
    for n, (bearing, bend, en, zh) in enumerate(_RADIALS, 1):
        reach = city.outline_km(bearing) - 0.5 if city.on_coast(bearing) else 42
        points = [p for p in _radial(bearing, bend, 1.1, reach) if p[0] > city.FRAME[0] and p[1] < city.FRAME[3]]
        found.append(feature("motorway" if n % 3 == 0 else "road", f"radial-{n}", en, zh, line(points)))
    for id_, en, zh, points in ROADS:
        found.append(feature("road", id_, en, zh, line(smooth(points)), support=True))
    return found


def _clipped(points: list[Point]) -> list[list[Point]]:
    """The parts of a street that lie on land and off the venue."""
    parts: list[list[Point]] = [[]]
    for point in points:
        if city.on_land(point, 0.25) and distance(point, venue.CENTRE) > 1.05:
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 1]


def _streets() -> list[Feature]:
    """Secondary streets: rings and radials between the main ones, closer together in the centre."""
    lines = [_ring(radius, 0.05, 0, 360) for radius in (1.0, 1.8, 2.6, 4.4, 5.4, 6.4, 7.4, 9.8, 11.4, 13.2, 15.6, 22.0)]
    lines += [_radial(b, 3, 0.5, 3.3) for b in range(4, 364, 15)]
    lines += [_radial(b, -4 if b % 4 else 4, 3.4, 8.2) for b in range(24, 342, 7)]
    lines += [_radial(b, 4 if b % 3 else -4, 8.4, 18.6) for b in range(34, 326, 9)]
    parts = [part for points in lines for part in _clipped(points)]
    coordinates = [[lonlat(point) for point in part] for part in parts]
    return [feature("street", "streets", "Streets", "街道", {"type": "MultiLineString", "coordinates": coordinates})]


def _rail() -> list[Feature]:
    main = smooth([(-44, 1.4), (-34, -1.6), (-25, -2.6), (-14, -1.9), (-7, -1.0), (-2.6, 0.2), (0.2, 0.9), (1.6, 3.6),
                   (2.2, 8.4), (0.6, 14.0), (0.4, 20.0), (2.0, 26.0), (2.4, 34.0)])  # fmt: skip
    port = smooth([(-7, -1.0), (-4.6, -3.2), (-1.2, -4.3), (2.4, -4.5), (4.4, -4.0)])
    found = [
        feature("rail", "rail-main", "Coast Railway", "滨海铁路", line(main)),
        feature("rail", "rail-port", "Port Railway", "港口铁路", line(port)),
    ]
    for metro in LINES:
        rides = [ride for ride in network()[1] if ride.line is metro]
        stops = [rides[0].first, *(ride.second for ride in rides)]
        names = (f"Line {metro.number}", f"{metro.number}号线")
        path = smooth([stop.point for stop in stops], 4)
        found.append(feature("metro", f"line-{metro.number}", *names, line(path), colour=metro.colour))
    return found


def _harbour() -> list[Feature]:
    """Piers on both shores of the bay, the container terminal and the runway."""
    found = []
    for n, (bearing, reach) in enumerate(
        [(11.5, 0.55), (13.2, 0.6), (15.0, 0.65), (-11, 0.7), (-13, 0.8), (-15, 0.9)], 1
    ):
        x, y = polar(bearing, city.outline_km(bearing))
        turn = -90.0 + bearing if bearing > 0 else 90 + bearing
        dx, dy = polar(turn, reach / 2 - 0.05)
        quay = polygon(rectangle((x + dx, y + dy), reach, 0.16, turn))
        found.append(feature("pier", f"pier-{n}", f"Pier {n}", f"{n}号码头", quay))
    terminal = polygon(rectangle((5.2, -3.6), 2.0, 0.7, -48))
    found.append(feature("port", "port", "Container Port", "集装箱港", terminal))
    field = polygon(rectangle((6.1, -18.6), 4.0, 1.3, 38))
    runway = polygon(rectangle((6.2, -18.7), 3.6, 0.07, 38))
    found.append(feature("airport", "airport", "Lanwan Airport", "澜湾机场", field))
    found.append(feature("runway", "runway", "Runway 05/23", "05/23跑道", runway))
    return found


def _venue() -> list[Feature]:
    ground = venue.outline(-20, 0, 1420, 860)
    found = [feature("venue", "expo", "Lanwan Expo Centre", "澜湾博览中心", polygon(ground))]
    found += _venue_roads()
    concourse = venue.outline(0, 0, 1010, 56)
    found.append(feature("concourse", "concourse", "Concourse", "中央大厅", polygon(concourse), level=1))
    for number in range(1, 17):
        u, v, level = venue.hall_place(number)
        inset = 14 if level == 2 else 0
        ring = venue.outline(u, v, venue.HALL_LENGTH_M - inset, venue.HALL_DEPTH_M - inset)
        found.append(feature("hall", f"hall-{number}", f"Hall {number}", f"{number}号馆", polygon(ring), level=level))
    sizes = {"plaza-w": (130, 170), "plaza-e": (130, 140), "plaza-n": (160, 100), "plaza-s": (140, 90)}
    parking = {
        "car_park": (230, 150),
        "shuttle_stop": (110, 36),
        "dock": (90, 26),
        "gate": (26, 60),
        "taxi_rank": (60, 30),
    }
    for place in venue.places():
        size = sizes.get(place.id) or parking.get(place.kind)
        if place.id == "plaza-centre":
            ring = venue.disc(0, 0, 70)
        elif place.kind == "gate" and place.id[-1] in "ns":
            ring = venue.outline(place.u, place.v, 60, 26)
        elif size:
            ring = venue.outline(place.u, place.v, *size)
        else:
            continue
        found.append(feature(place.kind, place.id, place.name_en, place.name_zh, polygon(ring), level=place.level))
    return found


def _points() -> list[Feature]:
    wanted = ("service", "medical", "press", "headquarters", "substation")
    found = [
        feature(p.kind, p.id, p.name_en, p.name_zh, dot(venue.at(p.u, p.v)), level=p.level)
        for p in venue.places()
        if p.kind in wanted
    ]
    for place in TOWN_PLACES:
        if place.kind == "hotel":
            found.append(feature(place.kind, place.id, place.name_en, place.name_zh, dot(place.point)))
        if place.id == "yard":
            ground = polygon(rectangle(place.point, 0.36, 0.25, 50))
            found.append(feature(place.kind, place.id, place.name_en, place.name_zh, ground))
    for station in network()[0]:
        more = {"lines": station.lines}
        found.append(
            feature("station", station.id, station.name_en, station.name_zh, dot(station.point), level=-1, **more)
        )
    return found


def features() -> list[Feature]:
    """The whole map, ground first, so that drawing in file order is right."""
    ground = [*_ground(), *_built_up(), *_water_and_parks(), *_harbour()]
    return [*ground, *_streets(), *_main_roads(), *_rail(), *_venue(), *_points()]


def head() -> Feature:
    """What stands around the features."""
    bbox = [*lonlat(city.FRAME[:2]), *lonlat(city.FRAME[2:])]
    return {"type": "FeatureCollection", "name": "Lanwan, a fictional city", "bbox": bbox}


def middle_of(points: list[Point]) -> Point:
    """The point half-way along a road, where its place is marked."""
    along = lengths(points)
    return point_at(points, along, along[-1] / 2)
