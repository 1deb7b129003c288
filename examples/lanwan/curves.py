"""Plane geometry in kilometres east and north of Lanwan's centre, and its place on the globe."""

import math
from itertools import pairwise

Point = tuple[float, float]

# An empty stretch of sea, so that no real place is drawn.
ORIGIN_LON, ORIGIN_LAT = 123.2, 30.9
_KM_PER_DEGREE = 111.195


def lonlat(point: Point) -> list[float]:
    """WGS84 degrees, six decimals (0.1 m)."""
    east = point[0] / (_KM_PER_DEGREE * math.cos(math.radians(ORIGIN_LAT)))
    return [round(ORIGIN_LON + east, 6), round(ORIGIN_LAT + point[1] / _KM_PER_DEGREE, 6)]


def distance(a: Point, b: Point) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1])


def polar(degrees: float, radius: float) -> Point:
    return radius * math.cos(math.radians(degrees)), radius * math.sin(math.radians(degrees))


def smooth(points: list[Point], per_segment: int = 8, closed: bool = False) -> list[Point]:
    """A Catmull–Rom curve through the points."""
    n = len(points)

    def at(i: int) -> Point:
        return points[i % n if closed else min(max(i, 0), n - 1)]

    curve = [
        _catmull_rom(at(i - 1), at(i), at(i + 1), at(i + 2), step / per_segment)
        for i in range(n if closed else n - 1)
        for step in range(per_segment)
    ]
    return [*curve, curve[0] if closed else points[-1]]


def _catmull_rom(p0: Point, p1: Point, p2: Point, p3: Point, t: float) -> Point:
    def axis(a: float, b: float, c: float, d: float) -> float:
        return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)

    return axis(p0[0], p1[0], p2[0], p3[0]), axis(p0[1], p1[1], p2[1], p3[1])


def lengths(line: list[Point]) -> list[float]:
    """Distance along the line at each vertex."""
    along = [0.0]
    for a, b in pairwise(line):
        along.append(along[-1] + distance(a, b))
    return along


def point_at(line: list[Point], along: list[float], where: float) -> Point:
    """The point at a distance along the line."""
    for i in range(1, len(line)):
        if along[i] >= where:
            share = (where - along[i - 1]) / max(along[i] - along[i - 1], 1e-9)
            a, b = line[i - 1], line[i]
            return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])
    return line[-1]


def crossing(a: Point, b: Point, c: Point, d: Point) -> float | None:
    """Where segment a–b crosses c–d, as a share of a–b; None where it does not."""
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
    cross = ux * vy - uy * vx
    if abs(cross) < 1e-12:
        return None
    s = ((c[0] - a[0]) * vy - (c[1] - a[1]) * vx) / cross
    t = ((c[0] - a[0]) * uy - (c[1] - a[1]) * ux) / cross
    return s if 0 <= s < 1 and 0 <= t < 1 else None


def band(line: list[Point], widths_km: list[float]) -> list[Point]:
    """The closed outline of a band along a line, with a width at each vertex."""
    left: list[Point] = []
    right: list[Point] = []
    for i, (x, y) in enumerate(line):
        a, b = line[max(i - 1, 0)], line[min(i + 1, len(line) - 1)]
        size = distance(a, b) or 1.0
        nx, ny = -(b[1] - a[1]) / size * widths_km[i] / 2, (b[0] - a[0]) / size * widths_km[i] / 2
        left.append((x + nx, y + ny))
        right.append((x - nx, y - ny))
    return [*left, *reversed(right), left[0]]


def rectangle(centre: Point, length: float, width: float, degrees: float) -> list[Point]:
    """A closed rectangle, its length turned by `degrees` from east."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(-length, -width), (length, -width), (length, width), (-length, width), (-length, -width)]
    return [(centre[0] + (u * c - v * s) / 2, centre[1] + (u * s + v * c) / 2) for u, v in corners]
