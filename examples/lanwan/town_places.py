"""Places of the city outside the venue that the plan names."""

from typing import NamedTuple

from .curves import Point


class TownPlace(NamedTuple):
    id: str
    kind: str
    point: Point
    name_en: str
    name_zh: str
    area_m2: float = 0
    capacity_p: int = 0


TOWN_PLACES = [
    TownPlace("yard", "marshalling_yard", (-17.6, 5.0), "Marshalling Yard, Saltern Road", "盐场路货车轮候场", 90_000),
    TownPlace("port", "port", (4.5, -3.75), "Container Port", "集装箱港"),
    TownPlace("airport", "airport", (5.9, -19.3), "Lanwan Airport", "澜湾机场"),
    TownPlace("park-river", "park", (-2.9, 0.6), "Lan River Park", "澜江公园", 640_000),
    TownPlace("hotel-1", "hotel", (-14.75, 2.35), "Hotel Sandbar", "沙洲酒店", 0, 420),
    TownPlace("hotel-2", "hotel", (-13.45, 3.2), "Hotel Two Anchors", "双锚酒店", 0, 360),
    TownPlace("hotel-3", "hotel", (-12.4, 4.7), "Lanwan Grand", "澜湾大酒店", 0, 640),
    TownPlace("hotel-4", "hotel", (-10.2, 3.9), "Hotel White Sail", "白帆酒店", 0, 310),
    TownPlace("hotel-5", "hotel", (-16.9, 1.3), "Hotel Lighthouse", "灯塔酒店", 0, 280),
    TownPlace("hotel-6", "hotel", (-4.1, 2.2), "Hotel Tidewater", "潮汐酒店", 0, 390),
]

# The eight support roads of the plan, and the ring whose lamps are renewed.
ROADS = [
    ("road-1", "Harbour Road", "海港路",
     [(4.3, 2.4), (1.2, 2.9), (-3.0, 3.3), (-7.5, 4.3), (-11.0, 4.3), (-13.2, 4.5)]),
    ("road-2", "Expo Avenue", "博览大道", [(-19.6, 1.9), (-17.2, 2.35), (-14.8, 2.65), (-12.6, 3.1), (-10.2, 3.3)]),
    ("road-3", "Saltern Road", "盐场路", [(-18.6, 6.4), (-17.3, 5.3), (-16.3, 4.2), (-15.9, 3.5)]),
    ("road-4", "Ferry Street", "渡口街", [(-12.6, 3.1), (-11.9, 2.1), (-11.2, 0.9), (-10.3, -0.6)]),
    ("road-5", "North Quay Road", "北埠路", [(-13.2, 4.5), (-10.2, 7.2), (-6.4, 9.6), (-1.6, 11.2), (4.2, 11.2)]),
    ("road-6", "Lime Tree Road", "菩提路", [(-16.3, 4.2), (-15.0, 4.35), (-13.2, 4.5)]),
    ("road-7", "South Causeway", "南堤路", [(-15.2, 2.6), (-15.5, 1.0), (-15.6, -1.2), (-14.4, -3.4), (-12.4, -5.4)]),
    ("road-8", "Lantern Street", "灯笼街", [(-13.2, 4.5), (-13.0, 3.8), (-12.6, 3.1)]),
]  # fmt: skip
