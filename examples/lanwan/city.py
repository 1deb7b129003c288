"""The drawn city: coast, bay, river and the five districts."""

import math

from .curves import Point, lonlat, polar, smooth

# Distance from the centre to the coast (east) or the municipal border (west), km by bearing from east.
_OUTLINE = {
    0: 5.3, 8: 5.6, 14: 7.2, 20: 10.4, 26: 13.6, 33: 14.6, 42: 15.4, 54: 18.6, 66: 21.2, 76: 24.2, 90: 26.6, 106: 28.4,
    122: 29.2, 140: 30.6, 158: 31.6, 176: 32.2, 194: 31.8, 212: 31.0, 230: 29.4, 246: 28.6, 262: 26.8, 276: 25.0,
    288: 22.6, 300: 19.0, 312: 17.2, 322: 14.6, 331: 13.4, 338: 11.2, 345: 7.8, 352: 5.8,
}  # fmt: skip
COAST_FROM, COAST_TO = -84.0, 76.0  # bearings between which the outline is coast
FRAME = (-44.0, -34.0, 34.0, 34.0)  # west, south, east, north, km
CORE_KM = 4.6

RIVER = [
    (-46.0, 8.5), (-36.0, 9.5), (-30.0, 7.4), (-25.5, 3.2), (-20.5, -0.2), (-16.0, -0.6), (-12.2, 1.2), (-9.0, 2.9),
    (-6.2, 1.9), (-4.0, -0.6), (-1.6, -1.6), (0.8, -0.9), (3.0, 0.1), (5.55, 0.0),
]  # fmt: skip


def outline_km(bearing: float) -> float:
    """Distance from the centre to the edge of the city's land, with small capes and coves on the coast."""
    bearing = (bearing + 360) % 360
    keys = sorted(_OUTLINE)
    after = next((key for key in keys if key > bearing), 360)
    before = max(key for key in keys if key <= bearing)
    share = (bearing - before) / (after - before)
    share = share * share * (3 - 2 * share)
    base = _OUTLINE[before] * (1 - share) + _OUTLINE[after % 360] * share
    ripple = 0.18 * math.sin(math.radians(bearing * 23)) + 0.12 * math.sin(math.radians(bearing * 41 + 60))
    return base + (ripple if on_coast(bearing) else 0.25 * ripple)


def on_coast(bearing: float) -> bool:
    return COAST_FROM <= (bearing + 180) % 360 - 180 <= COAST_TO


def on_land(point: Point, margin: float = 0.0) -> bool:
    """Whether a point lies inside the coast by at least `margin` km; inland there is no limit."""
    bearing = math.degrees(math.atan2(point[1], point[0]))
    return not on_coast(bearing) or math.hypot(*point) <= outline_km(bearing) - margin


def _arc(first: float, last: float, step: float = 1.0) -> list[float]:
    count = max(2, round(abs(last - first) / step))
    return [first + (last - first) * n / count for n in range(count + 1)]


def land() -> list[Point]:
    """The mainland in the frame: the city's coast carried on to the frame's edges."""
    west, south, _, north = FRAME
    coast = [polar(b, outline_km(b)) for b in _arc(COAST_FROM, COAST_TO, 0.5)]
    below = smooth([(-1.5, south), (-0.6, -31.0), (0.9, -27.6), coast[0]])[:-1]
    above = smooth([coast[-1], (4.2, 25.6), (3.6, 29.5), (4.4, north)])[1:]
    return [(west, south), *below, *coast, *above, (west, north), (west, south)]


# unit, key, first bearing, last bearing, label point
_SECTORS = [
    ("BAY", "bay", 8.0, 72.0, (8.6, 8.4)),
    ("NORTH", "north-quay", 72.0, 134.0, (-3.0, 15.5)),
    ("WEST", "west", 134.0, 214.0, (-19.0, 6.5)),
    ("SOUTH", "south-shore", 214.0, 352.0, (-3.0, -13.5)),
]


def _border(bearing: float) -> list[Point]:
    """A district border from the core outwards, bending a little as old borders do."""
    outer = outline_km(bearing)
    bends = [0.0, 4.0, -2.5, 3.0, 0.0]
    return smooth([
        polar(bearing + bend, CORE_KM + (outer - CORE_KM) * n / 4) for n, bend in enumerate(bends)
    ]) if outer > CORE_KM + 3 else [polar(bearing, CORE_KM), polar(bearing, outer)]  # fmt: skip


def districts() -> list[tuple[str, str, list[Point], Point]]:
    """(unit, key, outline, label point) of every district; the outlines share their borders."""
    found = []
    for unit, key, first, last, label in _SECTORS:
        core = [polar(b, CORE_KM) for b in _arc(last, first, 2)]
        edge = [polar(b, outline_km(b)) for b in _arc(first, last)]
        found.append((unit, key, [*_border(first), *edge, *reversed(_border(last)), *core], label))
    core = [polar(b, CORE_KM) for b in _arc(8, 352, 2)]
    edge = [polar(b, outline_km(b)) for b in _arc(-8, 8, 0.5)]
    found.append(("OLDPORT", "old-port", [*core, *edge, core[0]], (1.6, 2.4)))
    return found


def river_line() -> list[Point]:
    return smooth(RIVER, 12)


def river_widths(count: int) -> list[float]:
    """Width in km: 0.18 upstream, widening to 0.9 at the mouth."""
    return [0.18 + 0.16 * n / count + 0.56 * max(0.0, (n / count - 0.82) / 0.18) ** 2 for n in range(count)]


def ring_lonlat(points: list[Point]) -> list[list[float]]:
    return [lonlat(point) for point in points]
