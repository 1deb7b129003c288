"""services.csv: how often trains of the metro run, what they hold, and what everyday passengers leave free of it."""

from collections.abc import Iterator

from .metro import Ride, network
from .metro_lines import LINES, Line
from .site_network import platform_id

HEADINGS = ["line", "from_node", "to_node", "from", "to", "headway_s", "capacity_p", "free_p", "dwell_s", "door_p_s"]
DOORS_P_S = 40  # eight doors a car and side, one person a second and door, about half of them used well
# from, to, headway over that of the peak, share of a train everyday passengers leave free: invented
_PERIODS = [
    ("05:00", "07:00", 2.0, 0.80),
    ("07:00", "10:00", 1.0, 0.55),
    ("10:00", "16:30", 1.4, 0.70),
    ("16:30", "20:00", 1.0, 0.55),
    ("20:00", "24:30", 2.0, 0.80),
]


def ends(line: Line) -> tuple[str, str]:
    """The first and the last platform of a line; a loop ends where it begins."""
    rides: list[Ride] = [ride for ride in network()[1] if ride.line.number == line.number]
    return platform_id(rides[0].first, line.number), platform_id(rides[-1].second, line.number)


def rows() -> Iterator[list[object]]:
    for line in LINES:
        for begin, end, rarer, free in _PERIODS:
            headway = round(line.headway_s * rarer)
            places = [line.train_p, round(line.train_p * free)]
            yield [line.number, *ends(line), begin, end, headway, *places, line.dwell_s, DOORS_P_S]
