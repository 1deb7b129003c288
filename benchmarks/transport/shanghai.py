"""The Shanghai metro of 2017 as published, and a made-up day of seven million trips on it.

Network: ``stations_shanghai.csv`` and ``metroarcs_shanghai.csv`` of beyondsimulations/Metro-Inflow-Optimization (MIT),
in a folder given as argument. The published trips are not at hand, so they are made up: doubly constrained gravity
between homes (thinning out from the centre by exp(−r / 22 km)) and work (exp(−r / 7 km), more at interchanges),
deterrence exp(−t / 16 min); 30 % of the trips in a morning peak about 08:15 (sd 42 min), 30 % back about 18:15
(sd 60 min), 40 % all day. Seed 1; 05:00 to 24:00.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.inflow import MetroNetwork, StationDemand, route_trees
from tminus.formats.transport.metro import metro_of

TRIPS, FIRST_MIN, LAST_MIN = 7_000_000, 300, 1440
CENTRE = 121.473, 31.233
Floats = NDArray[np.float64]


def network_of(folder: Path) -> MetroNetwork:
    return metro_of(folder / "stations_shanghai.csv", folder / "metroarcs_shanghai.csv")


def day_of(folder: Path, network: MetroNetwork, slot_min: int, trips: float = TRIPS) -> StationDemand:
    """The made-up day in slots; the same trips whatever the slots, but for their evenness inside one."""
    rows = [line.split(",") for line in (folder / "stations_shanghai.csv").read_text(encoding="utf-8").splitlines()[1:]]
    by_name = {row[0]: (row[1], float(row[-2]), float(row[-1])) for row in rows}
    known = [by_name[station] for station in network.stations]
    far = np.array([np.hypot((lon - CENTRE[0]) * 0.857, lat - CENTRE[1]) * 111 for _, lon, lat in known])
    lines = np.array([max(1, sum(row[1] == number for row in rows) - 1) for number, _, _ in known])
    draw = np.random.default_rng(1)
    home = draw.lognormal(0, 0.4, len(known)) * np.exp(-far / 22) * lines**0.3
    work = draw.lognormal(0, 0.5, len(known)) * np.exp(-far / 7) * lines**0.8
    trees = route_trees(network)
    minutes = trees.minutes[:, trees.gate_nodes]
    friction = np.exp(-minutes / 16.0) * (1 - np.exp(-minutes / 6.0))
    np.fill_diagonal(friction, 0)
    morning, all_day = gravity(home, work, friction), gravity(np.sqrt(home * work), np.sqrt(home * work), friction)
    centre = np.arange(FIRST_MIN, LAST_MIN, slot_min) + slot_min / 2
    even = ((centre > 330) & (centre < 1380)).astype(float)
    parts = (
        (0.3, morning, peak(centre, 495, 42)),
        (0.3, morning.T, peak(centre, 1095, 60)),
        (0.4, all_day, even / even.sum()),
    )
    persons = trips * sum(share * pairs[:, :, None] * time for share, pairs, time in parts)
    return StationDemand(np.asarray(persons), slot_min, FIRST_MIN)


def gravity(begin: Floats, end: Floats, friction: Floats) -> Floats:
    """Shares of all trips by pair, with those shares of begins and ends."""
    pairs = begin[:, None] * end * friction
    for _ in range(20):
        pairs *= (begin / begin.sum() / pairs.sum(axis=1))[:, None]
        pairs *= end / end.sum() / pairs.sum(axis=0)
    return np.asarray(pairs / pairs.sum())


def peak(minutes: Floats, centre: float, width: float) -> Floats:
    bell = np.exp(-0.5 * ((minutes - centre) / width) ** 2)
    return np.asarray(bell / bell.sum())
