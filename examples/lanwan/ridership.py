"""Eight weeks of counts at every metro station, and the first two days of the expo: history.npz.

The sizes follow a network of Shanghai's kind in 2017 (about 300 stations): some fifteen thousand entries a station and
working day, a sharp morning and a broad evening peak, less at weekends, least on National Day but for the centre. Not
the event's own model: shapes here are sums of normal curves, and what differs from day to day is drawn by itself.
"""

import math
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .curves import distance
from .days import HOLIDAYS, MAKE_UP_DAYS, OPENING, on
from .metro import Station, network
from .metro_lines import CENTRAL

FIRST_DAY = OPENING - timedelta(days=56)
SLOT_MIN, FIRST_MIN, SLOTS = 15, 330, 72  # 05:30 to 23:30
MIDDLES = FIRST_MIN + SLOT_MIN * (np.arange(SLOTS) + 0.5)
SEED = 20261105
ENTRIES_A_DAY = 15_000  # mean of a station on a working day
EXPO = ("expo-west-station", "expo-east-station")
RAIN = {date(2026, 9, 16), date(2026, 9, 29), date(2026, 10, 14), date(2026, 10, 15), date(2026, 10, 28)}
MINUTES_A_KM = 60 / 31


def days() -> list[date]:
    return [FIRST_DAY + timedelta(n) for n in range((on(2) - FIRST_DAY).days)]


def kind(day: date) -> str:
    if day in HOLIDAYS:
        return "holiday"
    return "workday" if day.weekday() < 5 or day in MAKE_UP_DAYS else "weekend"


def _curve(*humps: tuple[float, float, float]) -> np.ndarray:
    """Hours, spread in hours and weight of each hump → shares of the day."""
    found = sum(w * np.exp(-0.5 * ((MIDDLES / 60 - at) / spread) ** 2) for at, spread, w in humps)
    return found / found.sum()


_OUT_OF_HOMES = _curve((7.9, 0.75, 1.0), (12, 3.0, 0.28), (18.2, 1.6, 0.22))
_OUT_OF_OFFICES = _curve((8.4, 0.8, 0.10), (12.5, 2.4, 0.24), (18.3, 1.05, 1.0), (21.0, 1.3, 0.18))
_FREE_DAY = _curve((10.5, 2.0, 0.8), (15, 2.6, 1.0), (19.5, 1.8, 0.6))


def shape(home: float, day_kind: str) -> np.ndarray:
    """[in and out, slot] shares of a station of which ``home`` of 1 are homes."""
    if day_kind == "workday":
        into = home * _OUT_OF_HOMES + (1 - home) * _OUT_OF_OFFICES
        out = home * np.roll(_OUT_OF_OFFICES, 2) + (1 - home) * np.roll(_OUT_OF_HOMES, 2)
        return np.stack([into, out])
    late = np.roll(_FREE_DAY, 2)
    return np.stack([home * _FREE_DAY + (1 - home) * late, (1 - home) * _FREE_DAY + home * late])


def _level(day: date, central: float) -> float:
    """Against a working day of September; ``central`` 0 … 1 is how near the centre a station lies."""
    rise = 1 + 0.0006 * (day - FIRST_DAY).days
    wet = 0.95 if day in RAIN else 1.0
    usual = {"workday": 1.0, "weekend": 0.70 + 0.18 * central, "holiday": 0.48 + 0.42 * central}[kind(day)]
    friday = 1.04 if day.weekday() == 4 and kind(day) == "workday" else 1.0
    leaving = 1.10 if day == date(2026, 9, 30) else 1.0
    return rise * wet * usual * friday * leaving


@cache
def stations() -> tuple[Station, ...]:
    return tuple(network()[0])


def _sizes(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of each station: entries on a working day, share of homes, how central."""
    away = np.array([distance(station.point, CENTRAL) for station in stations()])
    lines = np.array([len(station.lines) for station in stations()])
    central = np.exp(-((away / 7) ** 2))
    size = np.exp(random.normal(0, 0.45, len(away))) * (0.55 + 0.75 * central) * lines**0.8
    home = np.clip(1 - 0.85 * central + random.normal(0, 0.12, len(away)), 0.05, 0.95)
    return ENTRIES_A_DAY * size / size.mean(), home, central


def flows(expo: dict[date, np.ndarray]) -> np.ndarray:
    """[day, slot, station, in and out] counted persons; NaN where a counter was out.

    ``expo``: on its days [origin or expo station in the order of :func:`stations`, slot, in and out] beyond the usual.
    """
    random = np.random.Generator(np.random.Philox(SEED))
    size, home, central = _sizes(random)
    found = np.zeros((len(days()), SLOTS, len(size), 2))
    shapes = {name: np.stack([shape(one, name) for one in home]) for name in ("workday", "weekend", "holiday")}
    own = np.exp(random.normal(0, 0.035, (len(days()), len(size))))
    whole = np.exp(random.normal(0, 0.015, len(days())))
    for number, day in enumerate(days()):
        level = size * np.array([_level(day, one) for one in central]) * own[number] * whole[number]
        mean = level[:, None, None] * shapes[kind(day)]
        wobble = random.gamma(60, 1 / 60, mean.shape)
        counts = random.poisson(mean * wobble).astype(float).transpose(2, 0, 1)
        found[number] = counts + expo.get(day, 0.0)
    _faults(found, random)
    return found


def _faults(found: np.ndarray, random: np.random.Generator) -> None:
    """Counters out for hours, standing still, counting twice: few, as anywhere."""
    many, last = found.shape[0], found.shape[2]
    for _ in range(24):
        day, station, slot = random.integers(many), random.integers(last), random.integers(SLOTS - 12)
        found[day, slot : slot + random.integers(4, 12), station] = np.nan
    for _ in range(4):
        day, station, slot = random.integers(many), random.integers(last), random.integers(SLOTS - 16)
        found[day, slot : slot + 12, station] = found[day, slot, station]
    for _ in range(3):
        day, station = random.integers(many), random.integers(last)
        found[day, :, station, 0] *= 2
    found[random.integers(many), :, random.integers(last)] = np.nan


def overlay(arrived: np.ndarray, departed: np.ndarray) -> np.ndarray:
    """[slot, station, in and out] of the expo's visitors by metro, who pass its two stations.

    ``arrived`` and ``departed``: [slot] persons leaving and entering these two stations together.
    """
    place = {station.id: number for number, station in enumerate(stations())}
    random = np.random.Generator(np.random.Philox(SEED))
    size, _, _ = _sizes(random)
    found = np.zeros((SLOTS, len(size), 2))
    for name, share in zip(EXPO, (0.58, 0.42), strict=True):
        expo = stations()[place[name]]
        found[:, place[name], 1] += share * arrived
        found[:, place[name], 0] += share * departed
        minutes = np.array([4 + MINUTES_A_KM * distance(one.point, expo.point) for one in stations()])
        weight = size * np.exp(-minutes / 45)
        weight[[place[one] for one in EXPO]] = 0
        weight /= weight.sum()
        for number, part in enumerate(weight):
            lag = math.floor(minutes[number] / SLOT_MIN)
            found[: SLOTS - lag, number, 0] += share * part * arrived[lag:]
            found[lag:, number, 1] += share * part * departed[: SLOTS - lag]
    return np.rint(found)


def write_history(path: Path, expo: dict[date, np.ndarray]) -> None:
    arrays: dict[str, Any] = {
        "flow": flows(expo).astype(np.float32),
        "dates": np.array([day.isoformat() for day in days()]),
        "nodes": np.array([station.id for station in stations()]),
        "channels": np.array(["in", "out"]),
        "slot_minutes": np.array(SLOT_MIN),
        "first_minute": np.array(FIRST_MIN),
    }
    np.savez_compressed(path, **arrays)
