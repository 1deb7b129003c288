"""The day's linear program over queues, with the rows of arcs that matter only.

Variables are the queues Q[station, slot] at the end of a slot; people let in are what came plus what the queue lost. An
arc's row at minute t: its load without any queue, plus what queues add and take, is at most its capacity. Stations and
slots that no row touches hold nobody back: a queue there would cost and help nothing, so they are no variables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, hstack, vstack

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.loads import Entries
from tminus.engines.transport.inflow.network import Floats, Ints, MetroNetwork

SOLVED, UNSOLVABLE = 0, 2


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


def solve_rows(entries: Entries, rows: Rows, came: Floats, limits: Limits, penalty: float | None) -> Solved | None:
    """The best queues under the rows; None where none keep them and there is no ``penalty``.

    :param penalty: person-minutes that a person a minute over a row costs; None: no row may be exceeded.
    :raises TransportError: the solver gives up.
    """
    weights = _let_in_weights(entries, rows, came.shape)
    base = np.asarray(weights @ came.ravel())
    columns, number = _columns(weights, came, limits)
    load = _of_queues(weights, came.shape, columns)
    steps, room = _gate_rows(columns, number, came, limits)
    matrix, bound = vstack([load, steps]), np.concatenate([rows.room - base, room])
    cost, upper = np.full(len(columns), float(entries.slot_min)), limits.queue.ravel()[columns]
    if penalty is not None:
        matrix = hstack([matrix, -eye_array(matrix.shape[0], len(base))])
        cost, upper = np.append(cost, np.full(len(base), penalty)), np.append(upper, np.full(len(base), np.inf))
    bounds = np.column_stack([np.zeros(len(upper)), upper])
    found = linprog(cost, A_ub=csr_array(matrix), b_ub=bound, bounds=bounds, method="highs-ds")
    if found.status == UNSOLVABLE and penalty is None:
        return None
    if found.status != SOLVED:
        raise TransportError(f"inflow: the linear program was not solved ({found.message})")
    return _solved(found, rows, columns, came, entries.slot_min)


def _let_in_weights(entries: Entries, rows: Rows, shape: tuple[int, ...]) -> csr_array:
    """Load of each row a person let in, [row, station × slot]."""
    begin, end = entries.first[rows.arc], entries.first[rows.arc + 1]
    row = np.repeat(np.arange(len(rows.arc)), end - begin)
    entry = np.arange(len(row)) - np.repeat(np.cumsum(end - begin) - end, end - begin)
    slot = (rows.minute[row] - entries.offset[entry]) // entries.slot_min
    there = (slot >= 0) & (slot < shape[1])
    row, entry, slot = row[there], entry[there], slot[there]
    weight = entries.share[entry, slot] / entries.slot_min
    column = entries.station[entry] * shape[1] + slot
    weights = csr_array((weight, (row, column)), shape=(len(rows.arc), shape[0] * shape[1]))
    weights.eliminate_zeros()
    return weights


def _columns(weights: csr_array, came: Floats, limits: Limits) -> tuple[Ints, Ints]:
    """Queues that may be worth having: from the first to the last slot of a station that a row touches.

    Where gates are narrower than what comes, until the day's end; there also without any row.
    """
    flat = np.zeros(came.size, dtype=bool)
    flat[weights.indices] = True
    touched = flat.reshape(came.shape)
    narrow = came > limits.most
    begun = np.maximum.accumulate(touched | narrow, axis=1)
    limited = np.isfinite(limits.most) & (touched | narrow).any(axis=1, keepdims=True)
    to_come = np.maximum.accumulate((touched | limited)[:, ::-1], axis=1)[:, ::-1]
    columns = np.flatnonzero(begun & to_come & (limits.queue > 0))
    number = np.full(came.size, -1, dtype=np.int64)
    number[columns] = np.arange(len(columns))
    return columns, number


def _of_queues(weights: csr_array, shape: tuple[int, ...], columns: Ints) -> csr_array:
    """A person more in the queue is one fewer let in now and one more in the next slot."""
    following = np.where((columns + 1) % shape[1] != 0, columns + 1, columns)
    sparse = weights.tocsc()
    later = sparse[:, following]
    last = (columns + 1) % shape[1] == 0
    if last.any():
        later = later.multiply(~last[None, :])
    return csr_array(later - sparse[:, columns])


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
