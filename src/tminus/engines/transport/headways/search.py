"""Departures improved one at a time: moved, taken to another line, added; what the fleet cannot run is never tried."""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.transport.headways.lines import Bools, LineDemand
from tminus.engines.transport.headways.waiting import waiting_of

GAP_COST = 1e6
"""Person-minutes a minute beyond the most headway: kept where it can be."""
STRETCHES = 0.3
"""Share of trials that move a stretch of departures: vehicles that come back late hold up those after them."""
HEAT = 0.1
"""Of a departure's mean share of the waiting; so much worse a change is readily taken at first."""


def improved(demand: LineDemand, table: Bools, trials: int, seed: int) -> Bools:
    """The best timetable of so many trials (simulated annealing, then descent); never worse than ``table``."""
    lines = demand.lines
    return np.asarray(
        _anneal(
            demand.come, np.array([line.capacity for line in lines]), np.array([line.cycle_min for line in lines]),
            np.array([line.least_headway_min for line in lines]), np.array([line.most_headway_min for line in lines]),
            demand.fleet, table, trials, np.random.default_rng(seed),
        )
    )  # fmt: skip


def runnable(demand: LineDemand, wanted: Bools) -> Bools:
    """As many of the wanted departures as headways and fleet allow; one that has no vehicle waits for the next."""
    lines = demand.lines
    return np.asarray(
        _run(
            wanted, np.array([line.cycle_min for line in lines]), np.array([line.least_headway_min for line in lines]),
            demand.fleet,
        )
    )  # fmt: skip


@njit(cache=True)
def _run(wanted, cycle, least, fleet):  # type: ignore[no-untyped-def]
    """A departure that has no vehicle waits for the next one that is back."""
    lines, minutes = wanted.shape
    table = np.zeros_like(wanted)
    out = np.zeros(minutes, dtype=np.int64)
    owed = np.zeros(lines, dtype=np.int64)
    last = np.full(lines, -10_000)
    for minute in range(minutes):
        for line in range(lines):
            owed[line] += wanted[line, minute]
            if owed[line] and minute - last[line] >= least[line] and out[minute] < fleet:
                table[line, minute] = True
                owed[line] -= 1
                last[line] = minute
                for then in range(minute, min(minute + cycle[line], minutes)):
                    out[then] += 1
    return table


@njit(cache=True)
def _fits(table, line, minute, cycle, least, out, fleet):  # type: ignore[no-untyped-def]
    minutes = table.shape[1]
    for near in range(max(minute - least[line] + 1, 0), min(minute + least[line], minutes)):
        if table[line, near]:
            return False
    return not (out[minute : minute + cycle[line]] >= fleet).any()


@njit(cache=True)
def _put(table, line, minute, cycle, out, many):  # type: ignore[no-untyped-def]
    table[line, minute] = many > 0
    for then in range(minute, min(minute + cycle[line], table.shape[1])):
        out[then] += many


@njit(cache=True)
def _gaps(departs, most):  # type: ignore[no-untyped-def]
    """Minutes by which neighbouring departures are too far apart."""
    over, last = 0, -1
    for minute in range(len(departs)):
        if departs[minute]:
            over += max(minute - last - most, 0)
            last = minute
    return over


@njit(cache=True)
def _cost(come, capacity, most, departs):  # type: ignore[no-untyped-def]
    return waiting_of(come, capacity, departs) + GAP_COST * _gaps(departs, most)


@njit(cache=True)
def _shifted(table, chance):  # type: ignore[no-untyped-def]
    """A stretch of departures of one line or all, minutes earlier or later; sometimes one more or one fewer."""
    lines, minutes = table.shape
    moved = table.copy()
    begin, by = chance.integers(0, minutes), chance.integers(1, 4) * (1 if chance.random() < 0.5 else -1)
    end = min(begin + chance.integers(1, 1 + (minutes if chance.random() < 0.3 else 40)), minutes)
    only = chance.integers(0, lines) if chance.random() < 0.6 else -1
    for line in range(lines):
        if only >= 0 and line != only:
            continue
        moved[line, begin:end] = False
        for minute in range(begin, end):
            if table[line, minute]:
                moved[line, min(max(minute + by, 0), minutes - 1)] = True
    if chance.random() < 0.4:
        moved[chance.integers(0, lines), chance.integers(0, minutes)] ^= True
    return moved


@njit(cache=True)
def _anneal(come, capacity, cycle, least, most, fleet, start, trials, chance):  # type: ignore[no-untyped-def]
    lines = start.shape[0]
    table, best_table = start.copy(), start.copy()
    cost = np.zeros(lines)
    for line in range(lines):
        cost[line] = _cost(come[line], capacity[line], most[line], table[line])
    best = cost.sum()
    out = _vehicles(table, cycle)
    heat = HEAT * best / max(table.sum(), 1)
    for trial in range(trials):
        if trial == trials - trials // 5:  # the last fifth only descends, from the best
            table[:] = best_table
            out = _vehicles(table, cycle)
            for line in range(lines):
                cost[line] = _cost(come[line], capacity[line], most[line], table[line])
        warm = heat * (1 - trial / (0.8 * trials)) ** 2 if trial < 0.8 * trials else 0.0
        if chance.random() < STRETCHES:
            moved = _run(_shifted(table, chance), cycle, least, fleet)
            costs = np.zeros(lines)
            for line in range(lines):
                costs[line] = _cost(come[line], capacity[line], most[line], moved[line])
            more = costs.sum() - cost.sum()
            if more <= 0 or (warm > 0 and chance.random() < np.exp(-more / warm)):
                table[:] = moved
                cost[:] = costs
                out = _vehicles(table, cycle)
        else:
            _move_one(come, capacity, cycle, least, most, fleet, table, out, cost, warm, chance)
        if cost.sum() < best - 1e-9:
            best = cost.sum()
            best_table[:] = table
    return best_table


@njit(cache=True)
def _vehicles(table, cycle):  # type: ignore[no-untyped-def]
    out = np.zeros(table.shape[1], dtype=np.int64)
    for line in range(table.shape[0]):
        for minute in range(table.shape[1]):
            if table[line, minute]:
                out[minute : minute + cycle[line]] += 1
    return out


@njit(cache=True)
def _move_one(  # type: ignore[no-untyped-def]
    come, capacity, cycle, least, most, fleet, table, out, cost, warm, chance
):
    """One departure moved, given to another line or added, where it fits and is taken."""
    lines, minutes = table.shape
    line, minute = chance.integers(0, lines), chance.integers(0, minutes)
    while minute < minutes and not table[line, minute]:
        minute += 1
    goal, to = line, chance.integers(0, minutes)
    moves = minute < minutes and chance.random() < 0.9
    if moves:
        reach = 3 if chance.random() < 0.7 else 40
        to = minute + chance.integers(-reach, reach + 1)
        if lines > 1 and chance.random() < 0.3:
            goal = chance.integers(0, lines)
        _put(table, line, minute, cycle, out, -1)
    fits = 0 <= to < minutes and _fits(table, goal, to, cycle, least, out, fleet)
    if fits:
        _put(table, goal, to, cycle, out, 1)
        here = _cost(come[line], capacity[line], most[line], table[line])
        there = _cost(come[goal], capacity[goal], most[goal], table[goal]) if goal != line else 0.0
        more = here - cost[line] + (there - cost[goal] if goal != line else 0.0)
        if more <= 0 or (warm > 0 and chance.random() < np.exp(-more / warm)):
            cost[line] = here
            if goal != line:
                cost[goal] = there
            return
        _put(table, goal, to, cycle, out, -1)
    if moves:
        _put(table, line, minute, cycle, out, 1)
