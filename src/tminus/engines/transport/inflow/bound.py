"""The least waiting any caps can lead to: people of different slots may pass one another at the gate.

W[station, cohort, slot] are people of a cohort (a slot's arrivals) still outside at a slot's end. The order at the gate
is free, so loads are straight lines, and what any caps lead to is one of these; rows left out only lower the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from tminus.engines.transport.inflow.loads import Entries
from tminus.engines.transport.inflow.network import Floats, Ints
from tminus.engines.transport.inflow.program import SOLVED, Limits, Rows, queues_worth_having

MOST_COLUMNS = 400_000


@dataclass(frozen=True, slots=True, eq=False)
class _Cohorts:
    """Columns (station, cohort, slot); ``first`` and ``many`` of a station's window, ``begin`` of its columns."""

    station: Ints
    cohort: Ints
    slot: Ints
    first: Ints
    many: Ints
    begin: Ints


def least_delay(entries: Entries, rows: Rows, limits: Limits) -> float:
    """Person-minutes; 0 where the program is too large to be solved."""
    columns = _cohorts(entries, rows, limits)
    if not len(columns.station) or len(columns.station) > MOST_COLUMNS:
        return 0.0
    base, slope = _loads(entries, rows, columns)
    order, none = _only_go_in(columns)
    held, room = _gates(entries.arriving, columns, limits)
    upper = entries.arriving[columns.station, columns.cohort]
    found = linprog(
        np.full(len(upper), float(entries.slot_min)),
        A_ub=csr_array(vstack([slope, order, held])),
        b_ub=np.concatenate([rows.room - base, none, room]),
        bounds=np.column_stack([np.zeros(len(upper)), upper]),
        method="highs",
    )
    return float(found.fun) if found.status == SOLVED else 0.0


def _cohorts(entries: Entries, rows: Rows, limits: Limits) -> _Cohorts:
    useful = queues_worth_having(entries, rows, limits)
    slots = np.arange(useful.shape[1])
    first = useful.argmax(axis=1)
    many = np.where(useful.any(axis=1), np.where(useful, slots, -1).max(axis=1) - first + 1, 0)
    sizes = many * (many + 1) // 2
    begin = np.cumsum(sizes) - sizes
    station = np.repeat(np.arange(len(many)), sizes)
    inside = np.arange(len(station)) - begin[station]
    slot = ((np.sqrt(8 * inside + 1) - 1) / 2).astype(
        np.int64
    )  # column of (cohort, slot): slot (slot + 1) / 2 + cohort
    cohort = inside - slot * (slot + 1) // 2
    return _Cohorts(station, cohort + first[station], slot + first[station], first, many, begin)


def _loads(entries: Entries, rows: Rows, columns: _Cohorts) -> tuple[Floats, csr_array]:
    """Load of each row when nobody waits, and what each waiting cohort takes from it or adds."""
    base = np.zeros(len(rows.arc))
    arguments = (
        rows.arc, rows.minute, entries.station, entries.offset, entries.first, entries.through, entries.arriving,
        entries.slot_min, columns.first, columns.many, columns.begin,
    )  # fmt: skip
    size = _emit(*arguments, base, np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), False)
    row, column, value = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size)
    _emit(*arguments, base, row, column, value, True)
    return base, csr_array((value, (row, column)), shape=(len(rows.arc), len(columns.station)))


@njit(cache=True)
def _emit(  # type: ignore[no-untyped-def]
    arcs,
    minutes,
    station,
    offset,
    first,
    through,
    arriving,
    slot_min,
    begins,
    many,
    begin,
    base,
    row,
    column,
    value,
    write,
):
    """Counts the coefficients, or writes them."""
    size = 0
    for number in range(len(arcs)):
        for entry in range(first[arcs[number]], first[arcs[number] + 1]):
            at = station[entry]
            slot = (minutes[number] - offset[entry]) // slot_min
            if slot < 0 or slot >= arriving.shape[1]:
                continue
            if write:
                base[number] += through[entry, slot] / slot_min
            for now in (slot, slot - 1):
                place = now - begins[at]
                if place < 0 or place >= many[at]:
                    continue
                for cohort in range(begins[at], now + 1):
                    if through[entry, cohort] > 0:
                        if write:
                            share = through[entry, cohort] / arriving[at, cohort] / slot_min
                            row[size] = number
                            column[size] = begin[at] + place * (place + 1) // 2 + cohort - begins[at]
                            value[size] = -share if now == slot else share
                        size += 1
    return size


def _only_go_in(columns: _Cohorts) -> tuple[csr_array, Floats]:
    """A cohort outside never grows: W[cohort, slot] ≤ W[cohort, slot − 1]."""
    later = np.flatnonzero(columns.slot > columns.cohort)
    place = columns.slot[later] - columns.first[columns.station[later]]
    rows = np.arange(len(later))
    values = np.concatenate([np.ones(len(later)), -np.ones(len(later))])
    cells = np.concatenate([rows, rows]), np.concatenate([later, later - place])
    return csr_array((values, cells), shape=(len(later), len(columns.station))), np.zeros(len(later))


def _gates(arriving: Floats, columns: _Cohorts, limits: Limits) -> tuple[csr_array, Floats]:
    """No more than ``most`` go in within a slot of the windows, and no more wait than have room."""
    slots = arriving.shape[1]
    cell = columns.station * slots + columns.slot
    queue = csr_array((np.ones(len(cell)), (cell, np.arange(len(cell)))), shape=(arriving.size, len(cell)))
    narrow = np.flatnonzero(np.isfinite(limits.most.ravel()))
    full = np.flatnonzero(np.isfinite(limits.queue.ravel()) & (np.bincount(cell, minlength=arriving.size) > 0))
    before = np.where(narrow % slots > 0, narrow - 1, narrow)
    gone = queue[before].multiply((narrow % slots > 0)[:, None]) - queue[narrow]
    room = (limits.most - arriving).ravel()[narrow]
    return csr_array(vstack([gone, queue[full]])), np.concatenate([room, limits.queue.ravel()[full]])
