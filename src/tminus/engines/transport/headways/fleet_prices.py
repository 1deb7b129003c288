"""A bound on the waiting with a shared fleet: a price a minute on vehicles that are out (Lagrangian relaxation).

With prices the lines no longer compete, each has its best departures exactly, and the sum of their values less the
price of the whole fleet is below the waiting of any timetable the fleet can run. Prices follow the excess over the
fleet (subgradient with Polyak's step, M. Held, P. Wolfe, H. Crowder 1974).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tminus.engines.transport.headways.lines import Bools, Floats, Line, LineDemand, departures_of, vehicles_out
from tminus.engines.transport.headways.priced_dates import best_departures
from tminus.engines.transport.headways.waiting import expected_waiting

MOST_STEPS = 40_000_000
"""Of the search for departures, all rounds together: some seconds."""
MOST_SCENARIOS = 12
"""Beyond, only their mean has a bound sought."""
PATIENCE = 15
"""Rounds without a better bound after which steps are halved."""


@dataclass(frozen=True, slots=True, eq=False)
class FleetBound:
    """``value`` person-minutes; ``prices`` [minute] of a vehicle that is out; ``table`` the departures they lead to."""

    value: float
    prices: Floats
    table: Bools
    steps: int = 0


def fleet_bound(demand: LineDemand, table: Bools, rounds: int) -> FleetBound:
    """The best bound found on the waiting expected; ``table`` is some timetable the fleet can run.

    Of several scenarios two bounds hold: that of their mean, since waiting is convex in those who come (Jensen), and
    the mean of theirs, each with the timetable it would like best. The higher is taken.
    """
    scenarios = demand.arriving.shape[1]
    apart = 1 < scenarios <= MOST_SCENARIOS
    most_steps = MOST_STEPS // (scenarios + 1 if apart else 1)
    mean = _of_one(demand, demand.arriving.mean(axis=1, keepdims=True), table, rounds, most_steps)
    if not apart:
        return mean
    each = [_of_one(demand, demand.arriving[:, at : at + 1], table, rounds, most_steps) for at in range(scenarios)]
    value = sum(one.value for one in each) / scenarios
    return mean if mean.value >= value else replace(mean, value=value)


def _of_one(demand: LineDemand, arriving: Floats, table: Bools, rounds: int, most_steps: int) -> FleetBound:
    demand = replace(demand, arriving=arriving)
    come, above = demand.come[:, 0], expected_waiting(demand, table)
    free = _priced(demand, come, np.zeros(demand.minutes))
    if (vehicles_out(demand, free.table) <= demand.fleet).all():
        return free
    best, prices, step, since, steps = free, free.prices, 1.0, 0, 0
    for _ in range(rounds):
        found = _priced(demand, come, prices)
        steps += found.steps
        since = 0 if found.value > best.value else since + 1
        best = max(found, best, key=lambda one: one.value)
        if since >= PATIENCE:
            step, since, found = step / 2, 0, best
        if steps > most_steps:
            break
        excess = vehicles_out(demand, found.table) - demand.fleet
        prices = _next_prices(found.prices, excess, step * (above - found.value))
    return best


def _next_prices(prices: Floats, excess: np.ndarray, towards: float) -> Floats:
    excess = np.where((prices <= 0) & (excess < 0), 0, excess).astype(float)
    length = float(excess @ excess)
    return np.maximum(prices + max(towards, 0.0) / length * excess, 0.0) if length else prices


def _priced(demand: LineDemand, come: Floats, prices: Floats) -> FleetBound:
    value, timetable, steps = -demand.fleet * float(prices.sum()), [], 0
    for at, line in enumerate(demand.lines):
        cost, departures, looked_at = best_departures(come[at], line, _of_departures(prices, line))
        value += cost
        steps += looked_at
        timetable.append(departures)
    return FleetBound(value, prices, departures_of(timetable, demand.minutes), steps)


def _of_departures(prices: Floats, line: Line) -> Floats:
    """A departure keeps a vehicle out for the whole cycle."""
    total = np.concatenate([[0.0], np.cumsum(prices)])
    ends = np.minimum(np.arange(len(prices)) + line.cycle_min, len(prices))
    return np.asarray(total[ends] - total[:-1])
