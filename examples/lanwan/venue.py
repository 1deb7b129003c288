"""The exhibition venue: two rows of four hall buildings on two levels along one concourse, gently arched.

Places are in metres along (u, west to east) and across (v, south to north) the concourse.
"""

import math
from itertools import pairwise
from typing import NamedTuple

from .curves import Point

CENTRE: Point = (-14.92, 3.27)  # km
TURN_DEG = 20.9
ARCH_RADIUS_M = 2400.0

BLOCK_U = (-385.0, -205.0, 205.0, 385.0)
HALL_LENGTH_M, HALL_DEPTH_M = 170.0, 132.0  # 22,440 m² a hall, about 360,000 m² in all
HALL_V = 30.0  # from the middle of the concourse to the halls
HALL_CAPACITY_P = 18_000
# Assumed, in metres that are walked: 48 of the concourse's 56 (columns, stands and planters take the rest), above it
# a gallery of 15 along each row of halls; 14 before each door of a hall, which is five pairs of doors of 2.4. With 36,
# 18, 9 and 8 the concourse of a peak day jammed for hours on one day in twenty, by chance alone.
CONCOURSE_M, GALLERIES_M = 48.0, 30.0
BEFORE_DOOR_M, DOOR_M = 14.0, 12.0
GATES = {"w": (-505.0, 0.0), "e": (505.0, 0.0), "n": (0.0, 205.0), "s": (0.0, -205.0)}


class Place(NamedTuple):
    """A node of the walking and driving network of the venue."""

    id: str
    kind: str
    u: float
    v: float
    level: int
    name_en: str
    name_zh: str
    area_m2: float = 0
    capacity_p: int = 0


class Way(NamedTuple):
    first: str
    second: str
    width_m: float
    kind: str
    speed_m_s: float = 1.34
    length_m: float = 0  # where longer than the straight line


def at(u: float, v: float) -> Point:
    """Kilometres from the city's centre of a place in the venue, the arch and the turn applied."""
    angle = u / ARCH_RADIUS_M
    x = (ARCH_RADIUS_M - v) * math.sin(angle)
    y = ARCH_RADIUS_M - (ARCH_RADIUS_M - v) * math.cos(angle) - 18
    c, s = math.cos(math.radians(TURN_DEG)), math.sin(math.radians(TURN_DEG))
    return CENTRE[0] + (x * c - y * s) / 1000, CENTRE[1] + (x * s + y * c) / 1000


def outline(u: float, v: float, length: float, depth: float) -> list[Point]:
    """A closed building or square centred on (u, v), following the arch."""
    steps = [u - length / 2 + length * n / 6 for n in range(7)]
    south = [at(step, v - depth / 2) for step in steps]
    north = [at(step, v + depth / 2) for step in reversed(steps)]
    return [*south, *north, south[0]]


def disc(u: float, v: float, radius: float) -> list[Point]:
    angles = [2 * math.pi * n / 32 for n in range(33)]
    return [at(u + radius * math.cos(a), v + radius * math.sin(a)) for a in angles]


def hall_place(number: int) -> tuple[float, float, int]:
    """(u, v, level) of a hall: 1–4 north below, 5–8 south below, 9–16 the same above."""
    row = (number - 1) // 4 % 2
    middle = HALL_V + HALL_DEPTH_M / 2
    return BLOCK_U[(number - 1) % 4], -middle if row else middle, 1 if number <= 8 else 2


def _halls() -> list[Place]:
    area = HALL_LENGTH_M * HALL_DEPTH_M
    return [
        Place(f"hall-{n}", "hall", u, v, level, f"Hall {n}", f"{n}号馆", area, HALL_CAPACITY_P)
        for n in range(1, 17)
        for u, v, level in [hall_place(n)]
    ]


_SQUARES = [
    Place("plaza-w", "plaza", -585, 0, 1, "West Plaza", "西广场", 24_000, 36_000),
    Place("plaza-e", "plaza", 580, 0, 1, "East Plaza", "东广场", 18_000, 27_000),
    Place("plaza-n", "plaza", 0, 270, 1, "North Plaza", "北广场", 16_000, 24_000),
    Place("plaza-s", "plaza", 0, -270, 1, "South Plaza", "南广场", 12_000, 18_000),
    Place("plaza-centre", "plaza", 0, 0, 1, "Central Plaza", "中央广场", 15_400, 23_000),
    Place("bridge-upper", "corridor", 0, 0, 2, "Upper Gallery", "二层连廊", 9_000, 9_000),
]
_SIDES = {"w": ("West", "西"), "e": ("East", "东"), "n": ("North", "北"), "s": ("South", "南")}
GATE_LANES = {"w": 24, "e": 16, "n": 14, "s": 10}
_AROUND = [
    Place("shuttle-n", "shuttle_stop", -70, 345, 1, "North shuttle stops", "北接驳站", 4_000, 3_000),
    Place("shuttle-s", "shuttle_stop", 70, -345, 1, "South shuttle stops", "南接驳站", 4_000, 3_000),
    Place("taxi-e", "taxi_rank", 600, -110, 1, "East taxi rank", "东出租车站", 2_000, 800),
    Place("taxi-s", "taxi_rank", -90, -345, 1, "South taxi rank", "南出租车站", 2_000, 800),
    Place("carpark-1", "car_park", -330, 320, 1, "Car park P1", "P1停车场", 36_000, 1_100),
    Place("carpark-2", "car_park", 340, 320, 1, "Car park P2", "P2停车场", 36_000, 1_100),
    Place("carpark-3", "car_park", -340, -330, 1, "Car park P3", "P3停车场", 40_000, 1_250),
    Place("carpark-4", "car_park", 340, -330, 1, "Car park P4", "P4停车场", 40_000, 1_250),
    Place("service-1", "service", -505, 40, 1, "West service centre", "西服务中心", 1_200, 600),
    Place("medical-1", "medical", 70, 60, 1, "Main first-aid post", "中心医疗点", 400, 40),
    Place("press", "press", 505, 45, 2, "Press centre", "新闻中心", 3_200, 3_000),
    Place("hq", "headquarters", 150, 265, 1, "On-site headquarters", "现场指挥部", 1_800, 260),
    Place("substation", "substation", -640, 160, 1, "Expo substation", "博览变电站", 2_400),
    Place("expo", "venue", 0, -20, 1, "Lanwan Expo Centre", "澜湾博览中心", 1_000_000, 180_000),
]


def _gates() -> list[Place]:
    return [
        Place(f"gate-{side}", "gate", u, v, 1, f"Gate {_SIDES[side][0]}", f"{_SIDES[side][1]}入口", 1_800)
        for side, (u, v) in GATES.items()
    ]


def _docks() -> list[Place]:
    spots = [(u, v) for v in (175.0, -175.0) for u in (-295.0, 110.0, 295.0)]
    return [
        Place(f"dock-{n}", "dock", u, v, 1, f"Dock {n}", f"{n}号装卸口", 5_200) for n, (u, v) in enumerate(spots, 1)
    ]


def _concourse() -> list[Place]:
    return [
        Place(f"c{level}-{n}", "junction", u, 0, level, f"Concourse {n}, level {level}", f"{level}层大厅{n}区")
        for level in (1, 2)
        for n, u in enumerate((-470.0, *BLOCK_U[:2], *BLOCK_U[2:], 470.0), 1)
    ]


def _doors() -> list[Place]:
    found = []
    for n in range(1, 17):
        u, v, level = hall_place(n)
        edge = math.copysign(HALL_V, v)
        for letter, offset in (("a", -45.0), ("b", 45.0)):
            name = (f"Hall {n} door {letter.upper()}", f"{n}号馆{letter.upper()}门")
            found.append(Place(f"door-{n}{letter}", "door", u + offset, edge, level, *name))
    return found


def places() -> list[Place]:
    return [*_halls(), *_SQUARES, *_gates(), *_docks(), *_AROUND, *_concourse(), *_doors()]


def _concourse_ways() -> list[Way]:
    ways = []
    for level, middle, width in ((1, "plaza-centre", CONCOURSE_M), (2, "bridge-upper", GALLERIES_M)):
        chain = [f"c{level}-1", f"c{level}-2", f"c{level}-3", middle, f"c{level}-4", f"c{level}-5", f"c{level}-6"]
        ways += [Way(a, b, width, "corridor") for a, b in pairwise(chain)]
    for n in range(1, 7):
        ways.append(Way(f"c1-{n}", f"c2-{n}", 6.0, "escalator", 0.65, 24))
        ways.append(Way(f"c1-{n}", f"c2-{n}", 5.0, "stairs", 0.6, 22))
    return [*ways, Way("plaza-centre", "bridge-upper", 8.0, "stairs", 0.6, 26)]


def _hall_ways() -> list[Way]:
    ways = []
    for n in range(1, 17):
        level = hall_place(n)[2]
        junction = f"c{level}-{(n - 1) % 4 + 2}"
        for letter in "ab":
            ways += [
                Way(junction, f"door-{n}{letter}", BEFORE_DOOR_M, "corridor"),
                Way(f"door-{n}{letter}", f"hall-{n}", DOOR_M, "door"),
            ]
    for low in range(1, 9):
        ways.append(Way(f"hall-{low}", f"hall-{low + 8}", 6.0, "stairs", 0.6, 30))
    return ways


def _gate_ways() -> list[Way]:
    inner = {"w": "c1-1", "e": "c1-6", "n": "plaza-centre", "s": "plaza-centre"}
    ways = [Way(f"plaza-{side}", f"gate-{side}", GATE_LANES[side] * 0.9, "gate") for side in GATES]
    ways += [Way(f"gate-{side}", inner[side], 24.0 if side in "we" else 16.0, "corridor") for side in GATES]
    return [*ways, Way("gate-w", "c2-1", 10.0, "ramp", 1.1, 90)]


def _outer_ways() -> list[Way]:
    walks = [
        ("expo-west-station", "plaza-w", 22.0), ("expo-east-station", "plaza-e", 16.0),
        ("plaza-w", "plaza-n", 10.0), ("plaza-n", "plaza-e", 10.0), ("plaza-e", "plaza-s", 10.0),
        ("plaza-s", "plaza-w", 10.0), ("shuttle-n", "plaza-n", 12.0), ("shuttle-s", "plaza-s", 12.0),
        ("taxi-e", "plaza-e", 6.0), ("taxi-s", "plaza-s", 6.0), ("carpark-1", "plaza-n", 8.0),
        ("carpark-2", "plaza-n", 8.0), ("carpark-3", "plaza-s", 8.0), ("carpark-4", "plaza-s", 8.0),
        ("service-1", "gate-w", 6.0), ("medical-1", "plaza-centre", 5.0), ("hq", "plaza-n", 5.0),
        ("press", "c2-6", 6.0), ("hotel-1", "plaza-s", 5.0), ("hotel-2", "plaza-e", 5.0),
    ]  # fmt: skip
    ways = [Way(a, b, width, "walk") for a, b, width in walks]
    ways += [Way(f"dock-{n}", f"hall-{hall}", 8.0, "dock") for n, hall in enumerate((1, 3, 4, 5, 7, 8), 1)]
    ways += [Way("yard", f"dock-{n}", 7.0, "truck", 5.5) for n in range(1, 7)]
    ways += [Way("shuttle-n", f"hotel-{n}", 7.0, "shuttle", 6.5) for n in range(3, 7)]
    return ways


def ways() -> list[Way]:
    """All links of the venue; every one can be used both ways."""
    return [*_concourse_ways(), *_hall_ways(), *_gate_ways(), *_outer_ways()]
