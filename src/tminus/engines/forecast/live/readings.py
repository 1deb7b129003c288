"""Readings of counters gathered into slots: late, twice or out of order, they end in the same state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.live.all_even import all_even
from tminus.engines.forecast.panel import ForecastError
from tminus.engines.forecast.running_totals import differences

LEAST_COVERED = 0.5
"""A slot of which less was read is not known."""
IMPOSSIBLE_LOG_ODDS = 16.0
"""A run of equal readings less likely than e⁻¹⁶ (one in nine million) is a counter that stands still."""


@dataclass(frozen=True, slots=True, order=True)
class Reading:
    """Persons counted since the reading before, in the interval that begins at ``minute`` after midnight.

    ``seq``: the counter's own number of the reading, None where it has none (then the time tells readings apart).
    """

    minute: float
    node: str
    entering: float
    leaving: float
    counter: str = ""
    seq: int | None = None

    def __post_init__(self) -> None:
        """:raises ForecastError: no number."""
        if not np.isfinite([self.minute, self.entering, self.leaving]).all():
            raise ForecastError(f"reading of {self.node!r}: {self.minute}, {self.entering}, {self.leaving}")


Key = tuple[str, str, float]
"""Node, counter, minute."""


def _size(reading: Reading) -> tuple[float, float, int]:
    return reading.entering, reading.leaving, -1 if reading.seq is None else reading.seq


@dataclass(slots=True)
class Tally:
    """All readings of a day. Every reading is one fact: whatever the order, the tally is the same."""

    readings: dict[Key, Reading] = field(default_factory=dict)
    doubtful: set[Key] = field(default_factory=set)
    """Two readings of one counter for one time that differ; the larger is kept."""

    def add(self, reading: Reading) -> bool:
        """Take a reading; False when it is known already."""
        key = (reading.node, reading.counter, reading.minute)
        known = self.readings.get(key)
        if known is not None:
            if (known.entering, known.leaving) != (reading.entering, reading.leaving):
                self.doubtful.add(key)
            reading = max(known, reading, key=_size)
        self.readings[key] = reading
        return known is None

    def update(self, readings: Iterable[Reading]) -> None:
        for one in readings:
            self.add(one)

    def by_counter(self) -> dict[tuple[str, str], list[Reading]]:
        """(Node, counter) → its readings in order of time, counters in order of name."""
        found: dict[tuple[str, str], list[Reading]] = defaultdict(list)
        for (node, counter, _), reading in sorted(self.readings.items()):
            found[node, counter].append(reading)
        return dict(found)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the readings of a counter show of themselves: ``reset``, ``stuck``, ``negative``, ``double`` (two figures
    for one time), ``doubled`` (everybody counted twice), ``running_total``. ``until``: minute to which it lasts, where
    that is known.
    """

    kind: str
    node: str
    counter: str
    minute: float
    seen: float
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """``values[node, slot, channel]`` persons (channels in, out), NaN where not known; ``covered[node, slot]`` share
    of the readings there should be; ``troubles`` in order of time.
    """

    nodes: tuple[str, ...]
    values: NDArray[np.float64]
    covered: NDArray[np.float64]
    troubles: tuple[Trouble, ...]


def counts_of(tally: Tally, nodes: tuple[str, ...], grid: DayGrid) -> Counts:
    """The readings of ``nodes`` on the slots of a day.

    A slot partly read is scaled up; with less than half of its readings it is not known. Where a counter stands still
    or counts below zero its readings are not known either. A node has the counters that ever reported from it.
    """
    shape = (len(nodes), grid.slots)
    values, covered, counters = np.zeros((*shape, 2)), np.ones(shape), np.zeros(len(nodes))
    troubles: list[Trouble] = []
    for (node, _), readings in tally.by_counter().items():
        if node not in nodes:
            continue
        at = nodes.index(node)
        readings, totals = _as_counts(readings)
        found = [*_restarts(readings), *_impossible(readings), *_standing_still(readings), *_all_even(readings)]
        found += totals
        troubles += found
        sums, share = _in_slots(_without(readings, found), grid, _interval(readings, grid))
        values[at] += sums
        covered[at] = np.minimum(covered[at], share)
        counters[at] += 1
    known = (covered >= LEAST_COVERED) & (counters > 0)[:, None]
    scaled = np.where(known[..., None], values / np.maximum(covered, LEAST_COVERED)[..., None], np.nan)
    covered[counters == 0] = 0.0
    for node, name, minute in sorted(tally.doubtful):
        if node in nodes:
            troubles.append(Trouble("double", node, name, minute, tally.readings[node, name, minute].entering))
    return Counts(nodes, scaled, covered, tuple(sorted(troubles, key=lambda one: (one.minute, one.node, one.kind))))


def _interval(readings: list[Reading], grid: DayGrid) -> float:
    """Minutes between readings, at most a slot."""
    gaps = np.diff([one.minute for one in readings])
    return float(min(np.median(gaps[gaps > 0]), grid.slot_minutes)) if (gaps > 0).any() else float(grid.slot_minutes)


def _in_slots(
    readings: list[Reading], grid: DayGrid, interval: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """[slot, channel] sums and [slot] share of the readings there should be."""
    sums, number = np.zeros((grid.slots, 2)), np.zeros(grid.slots)
    last = grid.first_minute + grid.slots * grid.slot_minutes
    for one in readings:
        if grid.first_minute <= one.minute < last:
            slot = grid.slot_of(one.minute)
            sums[slot] += one.entering, one.leaving
            number[slot] += 1
    return sums, np.minimum(number * interval / grid.slot_minutes, 1.0)


def _as_counts(readings: list[Reading]) -> tuple[list[Reading], list[Trouble]]:
    """Differences where a counter sends running totals, and that it does."""
    counts = differences(np.array([_both(one) for one in readings], dtype=np.float64).reshape(-1, 2))
    if counts is None:
        return readings, []
    taken = [
        replace(one, entering=float(entering), leaving=float(leaving))
        for one, (entering, leaving) in zip(readings, counts, strict=True)
        if np.isfinite(entering + leaving)
    ]
    first = readings[0]
    return taken, [Trouble("running_total", first.node, first.counter, first.minute, first.entering)]


def _restarts(readings: list[Reading]) -> list[Trouble]:
    """The counter's numbers begin anew."""
    numbered = [one for one in readings if one.seq is not None]
    return [
        Trouble("reset", after.node, after.counter, after.minute, after.entering)
        for before, after in pairwise(numbered)
        if (after.seq or 0) < (before.seq or 0)
    ]


def _impossible(readings: list[Reading]) -> list[Trouble]:
    return [
        Trouble("negative", one.node, one.counter, one.minute, min(one.entering, one.leaving))
        for one in readings
        if min(one.entering, one.leaving) < 0
    ]


def _standing_still(readings: list[Reading]) -> list[Trouble]:
    """Runs of one value above 0, in both channels, that Poisson counts of that size would hardly ever show.

    Two such counts of mean v agree with probability about 1 / (2 √(π v)).
    """
    found: list[Trouble] = []
    begin = 0
    for at in range(1, len(readings) + 1):
        same = at < len(readings) and _both(readings[at]) == _both(readings[begin])
        if same:
            continue
        odds = sum(np.log(2 * np.sqrt(np.pi * max(value, 0.5))) for value in _both(readings[begin]) if value > 0)
        if (at - begin - 1) * odds > IMPOSSIBLE_LOG_ODDS:
            found += [
                Trouble("stuck", one.node, one.counter, one.minute, one.entering) for one in readings[begin + 1 : at]
            ]
        begin = at
    return found


def _all_even(readings: list[Reading]) -> list[Trouble]:
    """Everybody counted twice."""
    figures = np.array([_both(one) for one in readings], dtype=np.float64).reshape(-1, 2)
    return [
        Trouble("doubled", one.node, one.counter, one.minute, one.entering)
        for one, even in zip(readings, all_even(figures), strict=True)
        if even
    ]


def _both(reading: Reading) -> tuple[float, float]:
    return reading.entering, reading.leaving


def _without(readings: list[Reading], troubles: list[Trouble]) -> list[Reading]:
    bad = {one.minute for one in troubles if one.kind in ("stuck", "negative", "doubled")}
    return [one for one in readings if one.minute not in bad]
