"""The day's linear program over queues, with the rows of arcs that matter only.

Variables are the queues Q[station, slot] at the end of a slot; people let in are what came plus what the queue lost. An
arc's row at minute t: its load without any queue, plus what queues add and take, is at most its capacity. Stations and
slots that no row touches hold nobody back: a queue there would cost and help nothing, so they are no variables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.loads import Entries, Rates
from tminus.engines.transport.inflow.network import Floats, Ints, MetroNetwork

SOLVED, UNSOLVABLE = 0, 2
NO_COLUMN = -1
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Loads that must keep below ``room`` persons a minute: of ``arc`` at ``minute``, one a row."""

    arc: Ints
    minute: Ints
    room: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """What the program found.

    ``queue``, ``let_in``: persons [station, slot]; ``price``: person-minutes that a person a minute more would save, by
    row; ``over``: persons a minute above the room, by row; ``value``: delay in person-minutes, what is over apart.
    """

    queue: Floats
    let_in: Floats
    price: Floats
    over: Floats
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """Of people let in and of queues, [station, slot], persons a slot."""

    least: Floats
    most: Floats
    queue: Floats


def limits_of(network: MetroNetwork, demand: StationDemand) -> Limits:
    """What the gates allow; at the day's end nobody waits."""
    came, length = demand.arriving, demand.slot_min
    most = np.array([gate.most_per_min for gate in network.gates])[:, None] * length + np.zeros_like(came)
    least = np.array([gate.least_per_min for gate in network.gates])[:, None] * length
    queue = np.array([gate.queue_limit for gate in network.gates])[:, None] + np.zeros_like(came)
    queue[:, -1] = 0.0
    return Limits(np.minimum(least, came), most, queue)


def solve_rows(
    entries: Entries, rates: Rates, rows: Rows, at: Floats, limits: Limits, penalty: float | None
) -> Solved | None:
    """The best queues under the rows; None where none keep them and there is no ``penalty``.

    :param rates: under the queues ``at``.
    :param at: queues [station, slot] around which the loads are taken as straight lines.
    :param penalty: person-minutes that a person a minute over a row costs; None: no row may be exceeded.
    :raises TransportError: the solver gives up.
    """
    came = entries.arriving
    base, slope = _linear(entries, rates, rows)
    columns = np.flatnonzero(queues_worth_having(entries, rows, limits))
    number = np.full(came.size, NO_COLUMN)
    number[columns] = np.arange(len(columns))
    load = csr_array(slope[:, columns])
    steps, room = _gate_rows(columns, number, came, limits)
    matrix, bound = vstack([load, steps]), np.concatenate([rows.room - base + slope @ at.ravel(), room])
    cost, upper = np.full(len(columns), float(entries.slot_min)), limits.queue.ravel()[columns]
    if penalty is not None:
        matrix = hstack([matrix, -eye_array(matrix.shape[0], len(base))])
        cost, upper = np.append(cost, np.full(len(base), penalty)), np.append(upper, np.full(len(base), np.inf))
    if not len(cost):
        return None  # nobody can be held back, and a row is exceeded
    bounds = np.column_stack([np.zeros(len(upper)), upper])
    found = linprog(cost, A_ub=csr_array(matrix), b_ub=bound, bounds=bounds, method="highs-ds")
    if found.status == UNSOLVABLE:
        return None
    if found.status != SOLVED:
        raise TransportError(f"inflow: the linear program was not solved ({found.message})")
    return _solved(found, rows, columns, came, entries.slot_min)


def _linear(entries: Entries, rates: Rates, rows: Rows) -> tuple[Floats, csr_array]:
    """Load of each row, and how it changes with each queue, [row, station × slot]: those held back at a slot's end are
    missing in it and come in the next one.
    """
    slots = entries.arriving.shape[1]
    row, entry, slot = _touched(entries, rows)
    base = np.asarray(np.bincount(row, rates.per_min[entry, slot], minlength=len(rows.arc)), dtype=np.float64)
    column = entries.station[entry] * slots + slot
    earlier = slot > 0
    weight = np.concatenate([-rates.last[entry, slot], rates.last[entry[earlier], slot[earlier] - 1]])
    places = np.concatenate([row, row[earlier]]), np.concatenate([column, column[earlier] - 1])
    slope = csr_array((weight / entries.slot_min, places), shape=(len(rows.arc), entries.arriving.size))
    slope.eliminate_zeros()
    return base, slope


def queues_worth_having(entries: Entries, rows: Rows, limits: Limits) -> Bools:
    """[station, slot]: from the first to the last slot of a station that a row touches.

    Where gates are narrower than what comes, until the day's end; there also without any row.
    """
    _, entry, slot = _touched(entries, rows)
    touched = np.zeros(entries.arriving.shape, dtype=bool)
    touched[entries.station[entry], slot] = True
    narrow = entries.arriving > limits.most
    begun = np.maximum.accumulate(touched | narrow, axis=1)
    limited = np.isfinite(limits.most) & (touched | narrow).any(axis=1, keepdims=True)
    to_come = np.maximum.accumulate((touched | limited)[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(begun & to_come & (limits.queue > 0))


def _touched(entries: Entries, rows: Rows) -> tuple[Ints, Ints, Ints]:
    """Row, entry and the slot of those who load it then."""
    begin, end = entries.first[rows.arc], entries.first[rows.arc + 1]
    row = np.repeat(np.arange(len(rows.arc)), end - begin)
    entry = np.arange(len(row)) - np.repeat(np.cumsum(end - begin) - end, end - begin)
    slot = (rows.minute[row] - entries.offset[entry]) // entries.slot_min
    there = (slot >= 0) & (slot < entries.arriving.shape[1])
    return row[there], entry[there], slot[there]


def _gate_rows(columns: Ints, number: Ints, came: Floats, limits: Limits) -> tuple[csr_array, Floats]:
    """Between ``least`` and ``most`` are let in: Q[s] − Q[s−1] ≤ came − least, Q[s−1] − Q[s] ≤ most − came."""
    slots = came.shape[1]
    follows = columns[(columns + 1) % slots > 0] + 1
    cells = np.union1d(columns, follows)
    now, was = number[cells], np.where(cells % slots > 0, number[cells - 1], -1)
    room_up, room_down = (came - limits.least).ravel()[cells], (limits.most - came).ravel()[cells]
    up = _difference(now, was, len(columns))
    grows, held = np.flatnonzero(now >= 0), np.flatnonzero(np.isfinite(room_down))
    return vstack([up[grows], -up[held]]), np.concatenate([room_up[grows], room_down[held]])


def _difference(now: Ints, was: Ints, columns: int) -> csr_array:
    """Each row the queue of one column less that of another; −1: there is none."""
    rows = np.arange(len(now))
    there, then = now >= 0, was >= 0
    values = np.concatenate([np.ones(there.sum()), -np.ones(then.sum())])
    places = np.concatenate([rows[there], rows[then]]), np.concatenate([now[there], was[then]])
    return csr_array((values, places), shape=(len(rows), columns))


def _solved(found, rows: Rows, columns: Ints, came: Floats, slot_min: int) -> Solved:  # type: ignore[no-untyped-def]
    flat = np.zeros(came.size)
    flat[columns] = np.maximum(found.x[: len(columns)], 0.0)
    queue = flat.reshape(came.shape)
    earlier = np.concatenate([np.zeros((len(queue), 1)), queue[:, :-1]], axis=1)
    over = found.x[len(columns) :] if len(found.x) > len(columns) else np.zeros(len(rows.arc))
    price = -found.ineqlin.marginals[: len(rows.arc)]
    return Solved(queue, np.maximum(came + earlier - queue, 0.0), price, over, float(queue.sum()) * slot_min)
