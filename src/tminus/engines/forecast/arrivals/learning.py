"""Counted days teach: arrivals by gate and slot, and stays, shrunk towards the prior by effective days seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.attendance import DailyAttendance
from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.arrivals.expansion import audience_shares, by_gate, day_grid
from tminus.engines.forecast.arrivals.gate_queue import gate_capacity, through_gates
from tminus.engines.forecast.arrivals.learned import Learned, nothing_learned
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.profile import arrival_profiles
from tminus.engines.forecast.arrivals.site import Site
from tminus.engines.forecast.arrivals.staying import stay_kernel
from tminus.engines.forecast.arrivals.ways import by_slot, open_ways, ways_of
from tminus.engines.forecast.panel import FlowPanel, ForecastError

ROUNDS = 8
"""Proportional fitting through the queue; the figures of a day move by less than 0.1 % after five."""
SMALLEST = 1.0
"""Persons a slot; below it a ratio of counts says nothing."""
LARGEST_STEP = 4.0


def learn(
    site: Site,
    history: FlowPanel | None,
    *,
    params: ArrivalParams | None = None,
    grid: DayGrid | None = None,
    attendance: DailyAttendance | None = None,
) -> Learned:
    """What the counted days of ``history`` say of this site.

    :param history: channels ``in`` and (if counted) ``out`` of nodes that are gates of the site; others are passed
        over. Days in order; the last counts most. NaN: not known.
    :param attendance: only for the shares of audiences.
    :raises ForecastError: slots that do not fit the day's.
    """
    params = params or ArrivalParams()
    grid = grid or day_grid(site, params)
    seen = _counted(site, history, grid, params) if history is not None else None
    ways = ways_of(site, params)
    if seen is None:
        return nothing_learned(len(ways.gate), grid.slots)
    entered, left, weight = seen
    effective = float(weight.sum())
    told = attendance or DailyAttendance(mean=float(np.nansum(entered, axis=(1, 2)).mean()))
    expected = _Expected(site, grid, params, replace(told, mean=1.0, samples=None))
    target = _target(entered, expected.entries(np.ones((len(ways.gate), grid.slots))), weight, params.prior_days)
    bias = np.ones((len(site.gates), grid.slots))
    for _ in range(ROUNDS):
        found = expected.entries(bias[ways.gate])
        size = np.maximum(found, SMALLEST / max(expected.persons(entered), 1.0))
        step = np.clip(np.maximum(target, 0) / size, 1 / LARGEST_STEP, LARGEST_STEP)
        bias *= np.where(found * expected.persons(entered) > SMALLEST, step, 1.0)
    factor = _stay_factor(expected, bias[ways.gate], entered, left, weight, params)
    days = f"{len(weight)} counted day{'s' if len(weight) > 1 else ''} (worth {effective:.1f})"
    words = f"times of arrival at gates from {days} beside a prior worth {params.prior_days:g}"
    return Learned(bias[ways.gate], factor, effective, (words,))


def _counted(
    site: Site, history: FlowPanel, grid: DayGrid, params: ArrivalParams
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """[day, gate, slot] in and out on the grid of the day, and [day] weights; None where no gate was counted."""
    place = {name: number for number, name in enumerate(history.nodes)}
    if not any(one.id in place for one in site.gates) or "in" not in history.channels:
        return None
    entered, left = (_laid(site, history, grid, place, channel) for channel in ("in", "out"))
    kept = np.isfinite(entered).mean(axis=(1, 2)) > 0.25
    kept &= np.nansum(np.where(kept[:, None, None], entered, 0), axis=(1, 2)) > 0
    if not kept.any():
        return None
    last = np.nonzero(kept)[0][-1]
    ago = last - np.nonzero(kept)[0]
    return entered[kept], left[kept], 0.5 ** (ago / params.halving_days)


def _laid(site: Site, history: FlowPanel, grid: DayGrid, place: dict[str, int], channel: str) -> NDArray[np.float64]:
    found = np.full((len(history.days), len(site.gates), grid.slots), np.nan)
    if channel not in history.channels:
        return found
    if history.slot_minutes != grid.slot_minutes or (history.first_minute - grid.first_minute) % grid.slot_minutes:
        raise ForecastError(
            f"gate history: slots of {history.slot_minutes} min from minute {history.first_minute}; allowed: slots of "
            f"{grid.slot_minutes} min that begin with the day's"
        )
    offset = (history.first_minute - grid.first_minute) // grid.slot_minutes
    low, high = max(offset, 0), min(offset + history.slots, grid.slots)
    for number, gate in enumerate(site.gates):
        if gate.id in place and high > low:
            values = history.values[:, low - offset : high - offset, place[gate.id], history.channels.index(channel)]
            found[:, number, low:high] = np.where(values >= 0, values, np.nan)
    return found


def _target(
    entered: NDArray[np.float64], prior: NDArray[np.float64], weight: NDArray[np.float64], prior_days: float
) -> NDArray[np.float64]:
    """[gate, slot] shares of a day's entries: counted ones and the prior, by their days."""
    known = np.isfinite(entered)
    total = np.nansum(entered, axis=(1, 2)) / np.maximum((known * prior).sum(axis=(1, 2)), 1e-9)
    share = np.where(known, entered, 0.0) / np.maximum(total, 1e-9)[:, None, None]
    days = (weight[:, None, None] * known).sum(axis=0)
    found: NDArray[np.float64] = ((weight[:, None, None] * share).sum(axis=0) + prior_days * prior) / (
        days + prior_days
    )
    return np.asarray(found / max(found.sum(), 1e-12))


class _Expected:
    """The mean day of a site, for one visit, at the size the counted days had."""

    def __init__(self, site: Site, grid: DayGrid, params: ArrivalParams, attendance: DailyAttendance) -> None:
        self.site, self.grid, self.params = site, grid, params
        self.ways = ways_of(site, params)
        self.share = audience_shares(site, attendance)
        self.profile = arrival_profiles(site, grid, self.share * 1e5, params)
        self.by_slot = by_slot(self.ways.share, open_ways(site, self.ways, grid))
        self.capacity = gate_capacity(site, grid)
        self.visits = 1.0

    def persons(self, entered: NDArray[np.float64]) -> float:
        self.visits = float(np.nansum(entered, axis=(1, 2)).mean())
        return self.visits

    def arrivals(self, bias: NDArray[np.float64]) -> NDArray[np.float64]:
        """[1, audience, way, slot]"""
        joint = self.by_slot * self.profile[:, None, :] * bias[None]
        joint *= (self.share / np.maximum(joint.sum(axis=(1, 2)), 1e-300))[:, None, None]
        return np.asarray(joint[None] * self.visits)

    def entries(self, bias: NDArray[np.float64]) -> NDArray[np.float64]:
        """[gate, slot] shares of a day."""
        arrived = by_gate(self.arrivals(bias), self.ways, len(self.site.gates))
        through = through_gates(arrived, self.capacity).entries.sum(axis=2)[0]
        return np.asarray(through / max(through.sum(), 1e-12))

    def mean_stay_min(self, bias: NDArray[np.float64], factor: float) -> float:
        arrivals = self.arrivals(bias)
        entered = through_gates(by_gate(arrivals, self.ways, len(self.site.gates)), self.capacity)
        entries = entered.entries.sum(axis=1)[0]
        leaving = np.stack(
            [
                entries[k] @ stay_kernel(self.site, audience, self.grid, self.params, factor)
                for k, audience in enumerate(self.site.audiences)
            ]
        )
        inside = np.cumsum(entries.sum(axis=0) - leaving.sum(axis=0))
        return float(inside.sum() * self.grid.slot_minutes / max(entries.sum(), 1e-12))


def _stay_factor(
    expected: _Expected, bias: NDArray[np.float64], entered: NDArray[np.float64], left: NDArray[np.float64],
    weight: NDArray[np.float64], params: ArrivalParams,
) -> float:  # fmt: skip
    """Mean stays counted (persons × time on site ÷ entries), shrunk in logs; days with gaps teach nothing."""
    whole = np.isfinite(entered).all(axis=1) == np.isfinite(left).all(axis=1)
    whole &= np.isfinite(left).any(axis=1)
    usable = [
        day
        for day in range(len(weight))
        if whole[day].mean() > 0.6 and np.nansum(left[day]) > 0.8 * np.nansum(entered[day])
    ]
    if not usable:
        return 1.0
    prior = expected.mean_stay_min(bias, 1.0)
    counted, days = 0.0, 0.0
    for day in usable:
        inside = np.cumsum(np.nansum(entered[day], axis=0) - np.nansum(left[day], axis=0))
        counted += weight[day] * np.clip(inside, 0, None).sum() * expected.grid.slot_minutes / np.nansum(entered[day])
        days += weight[day]
    wanted = prior * (counted / days / prior) ** (days / (days + params.prior_days))
    factor = 1.0
    for _ in range(ROUNDS):
        factor = float(np.clip(factor * wanted / max(expected.mean_stay_min(bias, factor), 1e-9), 0.2, 5.0))
    return factor
