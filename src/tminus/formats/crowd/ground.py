"""Distances over ground from degrees, near enough for the extent of a city."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, radians

METRES_A_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km."""
Point = tuple[float, float]


def distance_m(one: Point, other: Point, *, degrees: bool) -> float:
    """Metres between two places, (x, y) or (lon, lat)."""
    if not degrees:
        return hypot(one[0] - other[0], one[1] - other[1])
    shrunk = cos(radians((one[1] + other[1]) / 2))
    return METRES_A_DEGREE * hypot((one[0] - other[0]) * shrunk, one[1] - other[1])


def length_m(points: Sequence[Point], *, degrees: bool) -> float:
    """Metres along a line."""
    return sum(distance_m(one, other, degrees=degrees) for one, other in pairwise(points))
