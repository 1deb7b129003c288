"""What it likely is when an hour's counts leave their interval: people, or a counter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.site_day import SITE
from tminus.engines.forecast.live.alarm import Alarm
from tminus.engines.forecast.live.lanes import FULL, TELLING
from tminus.engines.forecast.live.params import LiveParams

CHANNELS = ("in", "out")


@dataclass(frozen=True, slots=True)
class Hour:
    """``expected[path, gate, channel]`` as forecast before the hour and ``planned`` the day before, of those slots that
    are known; ``seen[gate, channel]`` counted in these (NaN: none is); ``missed[gate]`` persons in and out expected in
    the others; ``capacity[gate, slot]``; ``entries[gate, slot]`` counted.

    ``diverted[gate, channel]``: of who should be at a gate that shows nobody, the share that came elsewhere, NaN: not
    known. ``so_far``: persons counted in and out since the day began; ``whole``: whether all of them were known.
    """

    gates: tuple[str, ...]
    minute: int
    until: int
    expected: NDArray[np.float64]
    planned: NDArray[np.float64]
    seen: NDArray[np.float64]
    missed: NDArray[np.float64]
    capacity: NDArray[np.float64]
    entries: NDArray[np.float64]
    diverted: NDArray[np.float64]
    so_far: tuple[float, float]
    whole: bool


Z95 = 1.645
SMALL = 10.0
"""Persons added before logarithms are taken: below it counts are noise."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Of persons in the hour, log-normal beyond :data:`SMALL` on either side of ``mean`` (which is the median);
    ``below`` and ``above``: spreads of the logarithm, for a morning that may begin late is not symmetric.
    """

    mean: float
    below: float
    above: float
    seen: float

    @property
    def z(self) -> float:
        off = float(np.log((max(self.seen, 0.0) + SMALL) / (self.mean + SMALL)))
        return off / (self.above if off > 0 else self.below)

    def bounds(self, z: float) -> tuple[float, float]:
        low, high = ((self.mean + SMALL) * float(np.exp(z * sd)) - SMALL for sd in (-self.below, self.above))
        return max(0.0, low), high


def alarms_of_hour(hour: Hour, params: LiveParams) -> list[Alarm]:
    """Each gate and channel at most once; the whole site where the gates together are outside."""
    found: list[Alarm] = []
    faulty = _silent(hour, params)
    for channel, name in enumerate(CHANNELS):
        sure = [g for g in range(len(hour.gates)) if np.isfinite(hour.seen[g, channel])]
        outside = [g for g in sure if _outside(hour, g, [other for other in sure if other != g], channel, params)]
        judged = [_judged(hour, g, [other for other in sure if other != g], channel, params) for g in outside]
        faults = [one for one in judged if one.is_fault]
        clean = [g for g in sure if hour.gates[g] not in {one.node for one in faults}]
        whole = _site(hour, clean, name, channel, params) if len(clean) > 1 else []
        whole = whole or (_full(hour, clean, params) if channel == 0 else [])
        same = {(one.kind, name) for one in whole}
        found += [*faults, *whole, *(one for one in judged if not one.is_fault and (one.kind, name) not in same)]
    return [*faulty, *found, *_imbalance(hour, params)]


def _interval(
    hour: Hour, gates: list[int], channel: int, params: LiveParams, flows: NDArray[np.float64] | None = None
) -> Interval:
    """Paths, Poisson counts, what no model knows of a single hour, and of exits how well those on site are known."""
    paths = (hour.expected if flows is None else flows)[:, gates, channel].sum(axis=1)
    low, middle, high = np.quantile(np.log(paths + SMALL), [0.05, 0.5, 0.95])
    mean = max(float(np.exp(middle)) - SMALL, 0.0)
    there = params.miscount * hour.so_far[0] / (mean + SMALL) if channel else 0.0
    own = 1 / (mean + SMALL) + params.hour_cv**2 + there**2
    below, above = (float(np.sqrt((apart / Z95) ** 2 + own)) for apart in (middle - low, high - middle))
    return Interval(mean, below, above, float(hour.seen[gates, channel].sum()))


def _outside(hour: Hour, g: int, others: list[int], channel: int, params: LiveParams) -> bool:
    """By its count, or by its share: what all gates have in common drops out of shares, which tell more."""
    own = _interval(hour, [g], channel, params)
    if abs(own.z) > params.alarm_z or not others:
        return abs(own.z) > params.alarm_z
    rest = _interval(hour, others, channel, params)
    paths = hour.expected[:, :, channel]
    logs = np.log(paths[:, g] + SMALL) - np.log(paths[:, others].sum(axis=1) + SMALL)
    noise = 1 / (own.mean + SMALL) + 1 / (rest.mean + SMALL) + params.hour_cv**2
    share = np.log((own.seen + SMALL) / (rest.seen + SMALL)) - logs.mean()
    return bool(abs(share) > params.alarm_z * np.sqrt(logs.var() + noise) and abs(own.z) > abs(rest.z))


def _silent(hour: Hour, params: LiveParams) -> list[Alarm]:
    found: list[Alarm] = []
    for gate, expected in zip(hour.gates, hour.missed.tolist(), strict=True):
        if expected >= params.least_expected:
            words = f"{gate}: no readings that can be believed where about {expected:.0f} persons were expected"
            found.append(Alarm("silent", gate, "both", hour.minute, hour.until, None, expected, None, None, words))
    return found


def _judged(hour: Hour, g: int, others: list[int], channel: int, params: LiveParams) -> Alarm:
    one = _interval(hour, [g], channel, params)
    rest = _interval(hour, others, channel, params) if others else None
    kind, why = _kind(hour, g, channel, one, rest, params)
    if abs(one.z) <= params.alarm_z:
        why = f"unusual as a share of all gates: {why}"
    low, high = one.bounds(params.alarm_z)
    words = f"{hour.gates[g]} {CHANNELS[channel]}: {one.seen:.0f} where {low:.0f} to {high:.0f} were expected; {why}"
    return Alarm(kind, hour.gates[g], CHANNELS[channel], hour.minute, hour.until, one.seen, one.mean, low, high, words)


def _kind(
    hour: Hour, g: int, channel: int, one: Interval, rest: Interval | None, params: LiveParams
) -> tuple[str, str]:
    """The likely kind and why: a gate alone against its neighbours, its other channel, its lanes."""
    calm = rest is None or abs(rest.z) <= params.calm_z
    ratio = one.seen / max(one.mean, 1e-9) / (max(rest.seen, 1.0) / max(rest.mean, 1e-9) if rest else 1.0)
    if channel == 0 and _beyond(hour, g, params) and not _most_beyond(hour, params):
        return "impossible", "its lanes cannot let so many in"
    if one.seen == 0 and one.mean >= params.least_expected:
        if rest is not None and _elsewhere(hour, g, rest, channel, params):
            return (
                "gate_closed",
                "the other gates have about what all should have: likely closed, its people come there",
            )
        if calm:
            return "dead", "nobody at all, and no more at the other gates: likely the counter"
    if (
        one.z > 0
        and calm
        and not _any_silent(hour, channel, params)
        and params.double_from <= ratio <= params.double_to
    ):
        return "double_counting", f"{ratio:.1f} times the expected, the other gates as expected: likely counted twice"
    if one.z < 0 and rest is not None and rest.z > params.calm_z:
        return "too_few", "the other gates have more than expected: people come there"
    return ("too_many", "more than expected") if one.z > 0 else ("too_few", "fewer than expected")


def _any_silent(hour: Hour, channel: int, params: LiveParams) -> bool:
    """Its people may be what others have too many."""
    expected = hour.planned[:, :, channel].mean(axis=0)
    return bool(((hour.seen[:, channel] == 0) & (expected >= params.least_expected)).any())


def _elsewhere(hour: Hour, g: int, rest: Interval, channel: int, params: LiveParams) -> bool:
    """Whether the other gates have its people: by their rise when it fell silent, else by what all should have."""
    share = float(hour.diverted[g, channel])
    if np.isfinite(share):
        return share > 0.5
    return abs(_all_at(hour, g, rest, channel, params).z) < abs(rest.z)


def _all_at(hour: Hour, g: int, rest: Interval, channel: int, params: LiveParams) -> Interval:
    """What was seen at the other gates against what was expected at all of them, ``g`` too."""
    gates = [gate for gate in range(len(hour.gates)) if gate == g or np.isfinite(hour.seen[gate, channel])]
    return replace(_interval(hour, gates, channel, params), seen=rest.seen)


def _beyond(hour: Hour, g: int, params: LiveParams) -> bool:
    """In most slots more entered than the lanes let in."""
    open_to = np.isfinite(hour.capacity[g]) & np.isfinite(hour.entries[g]) & (hour.capacity[g] > 0)
    above = hour.entries[g] > params.beyond_capacity * hour.capacity[g] + 5
    return bool(open_to.any() and above[open_to].mean() > 0.5)


def _most_beyond(hour: Hour, params: LiveParams) -> bool:
    """Where more than half of the gates agree it is their lanes that were thought too few."""
    beyond = [_beyond(hour, g, params) for g in range(len(hour.gates)) if np.isfinite(hour.seen[g, 0])]
    return sum(beyond) > len(beyond) / 2 and len(beyond) > 1


def _site(hour: Hour, gates: list[int], name: str, channel: int, params: LiveParams) -> list[Alarm]:
    """Against what was expected an hour ago, and against the forecast of the day before: what lasts stays an alarm."""
    one, when = _interval(hour, gates, channel, params), "were expected"
    if abs(one.z) <= params.alarm_z:
        one, when = _interval(hour, gates, channel, params, hour.planned), "were expected the day before"
    if abs(one.z) <= params.alarm_z:
        return []
    kind = "too_many" if one.z > 0 else "too_few"
    low, high = one.bounds(params.alarm_z)
    words = f"site {name}: {one.seen:.0f} where {low:.0f} to {high:.0f} {when}, at {len(gates)} gates together"
    return [Alarm(kind, SITE, name, hour.minute, hour.until, one.seen, one.mean, low, high, words)]


def _full(hour: Hour, gates: list[int], params: LiveParams) -> list[Alarm]:
    """Lanes full for the whole hour that were hardly expected to be: how many wait is not counted."""
    most = float(hour.capacity[gates].sum())
    seen = float(hour.seen[gates, 0].sum())
    if not (0 < FULL * most <= seen <= TELLING * most) or seen < params.least_expected:
        return []
    paths = hour.planned[:, gates, 0].sum(axis=1)
    if (paths >= FULL * most).mean() >= params.hardly:
        return []
    mean, high = float(paths.mean()), float(np.quantile(paths, 1 - params.hardly))
    words = f"site in: lanes full, {seen:.0f} where {high:.0f} were the most expected; how many wait is not counted"
    return [Alarm("too_many", SITE, "in", hour.minute, hour.until, seen, mean, 0.0, high, words)]


def _imbalance(hour: Hour, params: LiveParams) -> list[Alarm]:
    entered, left = hour.so_far
    most = entered * (1 + params.imbalance) + 50
    if not hour.whole or left <= most:
        return []
    words = f"site: {left:.0f} exits so far where {entered:.0f} entered: counters of entries and exits disagree"
    return [Alarm("disagreement", SITE, "both", hour.minute, hour.until, left, entered, 0.0, most, words)]
