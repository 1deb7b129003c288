"""Writes the made-up files of ``examples/transport``: ``python examples/make_transport.py``, always the same."""

from __future__ import annotations

import csv
import random
from itertools import pairwise
from math import exp
from pathlib import Path

HERE = Path(__file__).parent / "transport"
RED = ("Northgate", "Mill", "Square", "Harbour", "Venue")
BLUE = ("Westfield", "Market", "Square", "Garden", "Eastside", "Lakeside")
CHANGE = "Square"
SLOT_MIN, FIRST_MIN, SLOTS = 15, 6 * 60, 72
VISITORS, EVERYDAY = 23_000, 42_000


def main() -> None:
    metro(HERE / "metro")
    headways(HERE / "headways")
    shuttles(HERE / "shuttles")
    taxis(HERE / "taxis.csv")


def metro(folder: Path) -> None:
    """Two lines that cross; visitors of the venue in the morning and back in the evening, besides everyday traffic."""
    folder.mkdir(parents=True, exist_ok=True)
    platforms = [f"{CHANGE} Red", f"{CHANGE} Blue"]
    stations = [[name, "station", ""] for name in dict.fromkeys(RED + BLUE)] + [
        [name, "platform", ""] for name in platforms
    ]
    write(
        folder / "stations.csv",
        ["ID", "Kind", "Least per min"],
        [[*row[:2], 10 if row[1] == "station" else ""] for row in stations],
    )
    arcs = [*line_arcs(RED, "Red", 150, 3), *line_arcs(BLUE, "Blue", 130, 2)]
    arcs += [[CHANGE, at, "", 1, "walk"] for at in platforms] + [[at, CHANGE, "", 1, "walk"] for at in platforms]
    write(folder / "arcs.csv", ["From", "To", "Capacity per min", "Travel min", "Line"], arcs)
    write(folder / "od.csv", ["Time", "From", "To", "Persons"], trips())


def line_arcs(line: tuple[str, ...], name: str, capacity: int, minutes: int) -> list[list[object]]:
    stops = [f"{CHANGE} {name}" if stop == CHANGE else stop for stop in line]
    pairs = list(pairwise(stops))
    return [[a, b, capacity, minutes, name] for a, b in pairs + [(b, a) for a, b in pairs]]


def trips() -> list[list[object]]:
    chance = random.Random(7)
    names = list(dict.fromkeys(RED + BLUE))
    weight = {name: chance.uniform(0.6, 1.4) for name in names}
    homes = {name: weight[name] for name in names if name != "Venue"}
    total, pairs = sum(homes.values()), sum(weight[a] * weight[b] for a in names for b in names if a != b)
    rows: list[list[object]] = []
    for slot in range(SLOTS):
        hour = (FIRST_MIN + slot * SLOT_MIN) / 60 + SLOT_MIN / 120
        for a in names:
            for b in names:
                if a == b:
                    continue
                persons = EVERYDAY * everyday(hour) * weight[a] * weight[b] / pairs
                if b == "Venue":
                    persons += VISITORS * peak(hour, 9.25, 0.8) * homes[a] / total
                elif a == "Venue":
                    persons += VISITORS * peak(hour, 18.25, 0.9) * homes[b] / total
                if round(persons):
                    rows.append(
                        [
                            f"{int(FIRST_MIN + slot * SLOT_MIN) // 60:02d}:{slot * SLOT_MIN % 60:02d}",
                            a,
                            b,
                            round(persons),
                        ]
                    )
    return rows


def headways(folder: Path) -> None:
    """Two lines from the venue's stop after the evening show, in three ways the evening may go."""
    folder.mkdir(parents=True, exist_ok=True)
    heads = ["Line", "Capacity", "Cycle min", "Least headway min", "Most headway min", "Usual headway min"]
    write(folder / "lines.csv", heads, [["Station", 90, 24, 2, 20, 10], ["Old town", 90, 40, 2, 30, 15]])
    rows: list[list[object]] = []
    for path, late in enumerate((-0.1, 0.0, 0.2), 1):
        for slot in range(24):
            hour = 20 + slot / 6 + 1 / 12
            share = peak(hour, 21.75 + late, 0.45) * 10 / SLOT_MIN
            for line, persons in (("Station", 3_600), ("Old town", 1_300)):
                rows.append([f"{int(20 + slot / 6):02d}:{slot % 6 * 10:02d}", line, round(persons * share), path])
    write(folder / "arrivals.csv", ["Time", "Line", "Persons", "Path"], rows)


def shuttles(folder: Path) -> None:
    """Shuttles between the venue, a station, the airport and a car park, from 07:00 to 23:00."""
    folder.mkdir(parents=True, exist_ok=True)
    rides = {"Station": 14, "Airport": 35, "Car park": 9}
    heads = ["Line", "From", "To", "Ride min", "Capacity", "Layover min", "Most headway min"]
    lines: list[list[object]] = []
    demand: list[list[object]] = []
    for place, ride in rides.items():
        lines.append([f"{place} in", place, "Venue", ride, 50, 4, 30])
        lines.append([f"{place} out", "Venue", place, ride, 50, 4, 30])
    for slot in range(32):
        hour = 7 + slot / 2 + 0.25
        for place, persons in zip(rides, (2_400, 700, 3_000), strict=True):
            for way, centre in (("in", 9.5), ("out", 18.5)):
                share = (0.8 * peak(hour, centre, 1.1) + 0.2 * peak(hour, 14, 4)) * 30 / SLOT_MIN
                demand.append([f"{7 + slot // 2:02d}:{slot % 2 * 30:02d}", f"{place} {way}", round(persons * share)])
    runs = [["Yard", "Venue", 6], ["Yard", "Station", 10], ["Yard", "Airport", 30], ["Yard", "Car park", 8]]
    runs += [["Venue", place, ride - 2] for place, ride in rides.items()]
    runs += [["Station", "Airport", 28], ["Station", "Car park", 12], ["Airport", "Car park", 31]]
    write(folder / "lines.csv", heads, lines)
    write(folder / "demand.csv", ["Time", "Line", "Persons"], demand)
    write(folder / "deadheads.csv", ["From", "To", "Minutes"], [*runs, *([b, a, minutes] for a, b, minutes in runs)])


def taxis(path: Path) -> None:
    """People who want a taxi from the venue, in five ways the day may go."""
    rows = [
        [
            f"{10 + slot // 4:02d}:{slot % 4 * 15:02d}",
            round((60 + 1_500 * peak(10 + slot / 4, 18.5, 1.2)) * busy),
            number,
        ]
        for number, busy in enumerate((0.8, 0.9, 1.0, 1.1, 1.3), 1)
        for slot in range(52)
    ]
    write(path, ["Time", "Persons", "Path"], rows)


def peak(hour: float, centre: float, width: float) -> float:
    """Share of a day's people in the slot around ``hour``."""
    return exp(-0.5 * ((hour - centre) / width) ** 2) / (width * 2.5066) * SLOT_MIN / 60


def everyday(hour: float) -> float:
    return 0.35 * peak(hour, 8.25, 0.7) + 0.35 * peak(hour, 17.75, 0.9) + 0.3 / SLOTS


def write(path: Path, heads: list[str], rows: list[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])


if __name__ == "__main__":
    main()
