"""What is drawn once for all tasks of a sample: causes that happen or not, units' common factors, branches, weather."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.network import Network
from tminus.engines.schedule.risk.causes import Branch, RiskDriver, WeatherCalendar
from tminus.engines.schedule.risk.compiled import Compiled
from tminus.engines.schedule.risk.positions import Narrow, decoded
from tminus.engines.schedule.risk.random_numbers import Keys, keys_of, uniform
from tminus.engines.schedule.risk.spreads import Floats, Spreads, pack, spread_of, value_at, worst_of
from tminus.engines.schedule.risk.wide import LANES
from tminus.engines.schedule.worktime import EPOCH, Ints

_ONE, _ZERO = np.float32(1), np.float32(0)
AS_DRAWN, OFF, WORST = 0, 1, 2


class Drivers(NamedTuple):
    """Causes, and the sets of them that tasks are hit by: set *s* is ``members[ptr[s] : ptr[s + 1]]``."""

    keys: Keys
    probability: Floats
    impact: Spreads
    worst: Floats
    days: NDArray[np.bool_]
    ptr: Ints
    members: Ints
    in_days: NDArray[np.bool_]  # (sets,) whether any of it is told in days
    of: Narrow  # (n,) the set of each place; −1: none


class Branches(NamedTuple):
    """Alternative *a* exists where the number of its branch lies between ``low`` and ``high``."""

    keys: Keys  # by alternative, that of its branch
    low: Floats
    high: Floats
    of: Narrow  # (n,) the alternative of each place; −1: it always exists


class Weather(NamedTuple):
    """Tasks see pairs of a set of weathers and a calendar. Days are counted from the first of the window.

    ``day_of``: the day of each working minute, that of pair *p* from ``begins[p]`` to ``begins[p + 1]``; ``day_at``: by
    pair the working minutes before each day; ``lost``: by pair and day those lost before it, in each lane.
    """

    of: Narrow  # (n,) the pair of each place; −1: any weather will do
    begins: Ints  # (pairs + 1,)
    kinds: NDArray[np.bool_]  # (pairs, weathers)
    keys: Keys  # (weathers, days): a monthly one's numbers, a historical one's by calendar year
    chance: Floats  # (weathers, days); below 0: historical
    history: NDArray[np.bool_]  # (weathers, years of record, days)
    years: Ints  # (weathers,) years of record
    day_of: Narrow
    day_at: Narrow  # (pairs, days + 1)
    lost: Narrow  # (pairs, days + 1, LANES)


def drivers_of(network: Network, found: Sequence[tuple[RiskDriver, set[str]]], modes: Sequence[int]) -> Drivers:
    """``found``: each driver and the leaves it hits; ``modes``: as drawn, off, or at its worst."""
    hit: dict[int, list[int]] = {}
    places = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    for number, (_, ids) in enumerate(found):
        for id in ids & places.keys():
            hit.setdefault(places[id], []).append(number)
    sets = {members: number for number, members in enumerate(dict.fromkeys(map(tuple, hit.values())))}
    of = np.full(network.size, -1, dtype=np.int32)
    for place, members in hit.items():
        of[place] = sets[tuple(members)]
    chances = [
        (0.0, one.probability, 1.0)[(OFF, AS_DRAWN, WORST).index(m)] for (one, _), m in zip(found, modes, strict=True)
    ]
    worst = [worst_of(one.impact) if mode == WORST else -1.0 for (one, _), mode in zip(found, modes, strict=True)]
    ones = np.ones(len(found))
    return Drivers(
        keys_of("driver", [one.id for one, _ in found]),
        np.array(chances, dtype=np.float32),
        pack([spread_of(one.impact) for one, _ in found], ones, 0 * ones),
        np.array(worst, dtype=np.float32),
        np.array([one.days for one, _ in found], dtype=np.bool_),
        np.cumsum([0, *map(len, sets)]).astype(np.int64),
        np.array([member for members in sets for member in members], dtype=np.int64),
        np.array([any(found[member][0].days for member in members) for members in sets], dtype=np.bool_),
        of,
    )


def branches_of(network: Network, found: Sequence[tuple[Branch, list[set[str]]]]) -> Branches:
    """:raises PlanError: a task in two alternatives."""
    places = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    of = np.full(network.size, -1, dtype=np.int32)
    names: list[str] = []
    edges: list[tuple[float, float]] = []
    for branch, alternatives in found:
        low = 0.0
        for (chance, _), ids in zip(branch.alternatives, alternatives, strict=True):
            for id in ids & places.keys():
                if of[places[id]] >= 0:
                    raise PlanError(f"branch {branch.id!r}: task {id!r} stands in two alternatives; allowed: one")
                of[places[id]] = len(names)
            names.append(branch.id)
            edges.append((low, low + chance))
            low += chance
    bounds = np.array(edges, dtype=np.float32).reshape(-1, 2)
    return Branches(keys_of("branch", names), bounds[:, 0].copy(), bounds[:, 1].copy(), of)


def weather_of(network: Network, net: Compiled, found: Sequence[tuple[WeatherCalendar, set[str]]]) -> Weather:
    """Weathers over the window of ``net``, with the leaves each stops."""
    places = {task.id: int(network.place[number]) for number, task in enumerate(network.tasks)}
    seen: dict[int, tuple[int, ...]] = {}
    for number, (_, ids) in enumerate(found):
        for id in ids & places.keys():
            place = places[id]
            if not net.instant[place] and not net.fixed[place]:
                seen[place] = (*seen.get(place, ()), number)
    pairs: dict[tuple[tuple[int, ...], int], int] = {}
    of = np.full(network.size, -1, dtype=np.int32)
    for place, kinds in sorted(seen.items()):
        of[place] = pairs.setdefault((kinds, int(net.calendar[place])), len(pairs))
    days = -(-(net.window.end - net.window.begin) // 1440) if pairs else 0
    first = (EPOCH + timedelta(minutes=int(net.window.begin))).date()
    dates = [first + timedelta(days=day) for day in range(days)]
    chance, history, years = _chances([one for one, _ in found], dates)
    tables = {c: _days(net, c, days) for c in {calendar for _, calendar in pairs}}
    day_of = [tables[c][0] for _, c in pairs] or [np.zeros(0, dtype=np.int32)]
    stops = np.array([[w in members for w in range(len(found))] for members, _ in pairs], dtype=np.bool_)
    return Weather(
        of,
        np.cumsum([0, *(len(table) for table in day_of)]).astype(np.int64),
        stops.reshape(len(pairs), len(found)),
        _weather_keys([one for one, _ in found], dates),
        chance,
        history,
        years,
        np.concatenate(day_of),
        np.array([tables[c][1] for _, c in pairs], dtype=np.int32).reshape(len(pairs), days + 1),
        np.zeros((len(pairs), days + 1, LANES), dtype=np.int32),
    )


def _weather_keys(weathers: Sequence[WeatherCalendar], dates: Sequence[date]) -> Keys:
    names = [f"{one.id}\0{day.year if one.history else day.isoformat()}" for one in weathers for day in dates]
    return keys_of("weather", names).reshape(len(weathers), len(dates), 2)


def _chances(weathers: Sequence[WeatherCalendar], dates: Sequence[date]) -> tuple[Floats, NDArray[np.bool_], Ints]:
    chance = np.full((len(weathers), len(dates)), -1, dtype=np.float32)
    most = max((len(one.history) for one in weathers), default=0)
    history = np.zeros((len(weathers), most, len(dates)), dtype=np.bool_)
    for number, one in enumerate(weathers):
        if one.lost:
            chance[number] = [one.lost[day.month - 1] for day in dates]
        for year, lost in enumerate(one.history):
            history[number, year] = [(day.month, day.day) in lost for day in dates]
    return chance, history, np.array([len(one.history) for one in weathers], dtype=np.int64)


def _days(net: Compiled, calendar: int, days: int) -> tuple[Narrow, Narrow]:
    """The day of each working minute, and the working minutes before each day."""
    minutes = decoded(net.window, calendar)
    day_of = ((minutes if calendar == 0 else minutes[1::2]) // 1440).astype(np.int32)
    return day_of, np.searchsorted(day_of, np.arange(days + 1)).astype(np.int32)


@njit(cache=True, nogil=True)
def draw_drivers(drivers, samples, multiplier, days):  # type: ignore[no-untyped-def]
    """By set and lane: what durations are multiplied by, and how many days come to them."""
    count = len(drivers.keys)
    effect = np.empty((count, LANES), np.float32)
    for d in range(count):
        for b in range(LANES):
            happens = uniform(samples[b], drivers.keys[d, 0], drivers.keys[d, 1]) < drivers.probability[d]
            effect[d, b] = _ZERO if drivers.days[d] else _ONE
            if drivers.worst[d] >= 0:
                effect[d, b] = drivers.worst[d]
            elif happens:
                u = uniform(samples[b], drivers.keys[d, 1], drivers.keys[d, 0])
                effect[d, b] = value_at(u, drivers.impact, d)
    for s in range(len(drivers.ptr) - 1):
        multiplier[s] = _ONE
        days[s] = _ZERO
        for k in range(drivers.ptr[s], drivers.ptr[s + 1]):
            d = drivers.members[k]
            into = days if drivers.days[d] else multiplier
            for b in range(LANES):
                into[s, b] = into[s, b] + effect[d, b] if drivers.days[d] else into[s, b] * effect[d, b]


@njit(cache=True, nogil=True)
def draw_branches(branches, samples, absent):  # type: ignore[no-untyped-def]
    for a in range(len(branches.keys)):
        for b in range(LANES):
            u = uniform(samples[b], branches.keys[a, 0], branches.keys[a, 1])
            absent[a, b] = not branches.low[a] <= u < branches.high[a]


@njit(cache=True, nogil=True)
def draw_weather(weather, samples):  # type: ignore[no-untyped-def]
    """Working minutes lost before each day, by pair."""
    weathers, days = weather.chance.shape
    bad = np.zeros((weathers, days, LANES), np.bool_)
    for w in range(weathers):
        for day in range(days):
            for b in range(LANES):
                u = uniform(samples[b], weather.keys[w, day, 0], weather.keys[w, day, 1])
                if weather.chance[w, day] >= 0:
                    bad[w, day, b] = u < weather.chance[w, day]
                else:
                    bad[w, day, b] = weather.history[w, np.int64(u * weather.years[w]), day]
    for pair in range(len(weather.day_at)):
        at, lost = weather.day_at[pair], weather.lost[pair]
        for day in range(days):
            minutes = at[day + 1] - at[day]
            for b in range(LANES):
                any_bad = False
                for w in range(weathers):
                    any_bad |= weather.kinds[pair, w] and bad[w, day, b]
                lost[day + 1, b] = lost[day, b] + (minutes if any_bad else 0)
