"""How letting people in at a station loads the arcs behind it, minute by minute.

All ways from one station form a tree, so an arc is equally many minutes from it whatever the destination: the load of an
arc at minute t is a sum over stations, not over pairs of them. An *entry* is a station and an arc of its tree.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.network import Floats, Ints, MetroNetwork
from tminus.engines.transport.inflow.routes import NOWHERE, RouteTrees


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Entries in the order of their arcs; those of arc a are ``first[a]`` … ``first[a + 1]``.

    ``offset``: minutes from the gate to the begin of the arc; ``share`` [entry, slot]: of the people let in at the
    station in a slot, those that come over the arc; ``arcs``, ``minutes``: the size of what they load.
    """

    station: Ints
    offset: Ints
    first: Ints
    share: Floats
    slot_min: int
    minutes: int

    @property
    def arcs(self) -> int:
        return len(self.first) - 1


def entries_of(network: MetroNetwork, trees: RouteTrees, demand: StationDemand) -> Entries:
    """Shares as the slot's own demand has them; a slot in which nobody comes has those of the slot before."""
    through, station, arc, offset = _through(trees, demand)
    used = through.any(axis=1)
    order = np.flatnonzero(used)[np.argsort(arc[used], kind="stable")]
    first = np.searchsorted(arc[order], np.arange(len(network.arcs) + 1))
    minutes = demand.minutes + trees.longest + 1
    share = _shares(through[order], demand.arriving, station[order])
    return Entries(station[order], offset[order], first, share, demand.slot_min, minutes)


def _through(trees: RouteTrees, demand: StationDemand) -> tuple[Floats, Ints, Ints, Ints]:
    """People over each entry by the slot they came in, and the entry's station, arc and offset."""
    order = np.argsort(-trees.minutes, axis=1, kind="stable")
    onward = trees.arc_into != NOWHERE
    number = np.where(onward, np.cumsum(onward).reshape(onward.shape) - 1, NOWHERE)
    through = np.zeros((int(onward.sum()), demand.slots))
    _gather(order, trees.arc_into, trees.arc_from, number, trees.gate_nodes, demand.persons, through)
    station, node = np.nonzero(onward)
    arc = trees.arc_into[station, node]
    return through, station, arc, trees.minutes[station, trees.arc_from[arc]]


@njit(cache=True)
def _gather(order, arc_into, arc_from, number, gate_nodes, persons, through):  # type: ignore[no-untyped-def]
    """From the farthest node inwards: who gets off at a node or beyond came over the arc into it."""
    stations, _, slots = persons.shape
    beyond = np.zeros((order.shape[1], slots))
    for station in range(stations):
        beyond[:] = 0.0
        for destination in range(stations):
            for slot in range(slots):
                beyond[gate_nodes[destination], slot] = persons[station, destination, slot]
        for node in order[station]:
            if arc_into[station, node] >= 0:
                before = arc_from[arc_into[station, node]]
                for slot in range(slots):
                    through[number[station, node], slot] = beyond[node, slot]
                    beyond[before, slot] += beyond[node, slot]


def _shares(through: Floats, arriving: Floats, station: Ints) -> Floats:
    """Of all who came, by slot; where nobody came the slot before (else the first after) stands for it."""
    came = arriving > 0
    slots = np.arange(arriving.shape[1])
    like = np.maximum.accumulate(np.where(came, slots, -1), axis=1)
    like = np.where(like < 0, came.argmax(axis=1)[:, None], like)
    people = np.take_along_axis(arriving, like, axis=1)
    taken = np.take_along_axis(through, like[station], axis=1)
    return taken / np.maximum(people[station], 1e-300)


def loads_of(entries: Entries, let_in: Floats) -> Floats:
    """Persons a minute that start on each arc, [arc, minute]; ``let_in`` [station, slot] persons, evenly in a slot."""
    steps = np.zeros((entries.arcs, entries.minutes + 1))
    _steps(entries.station, entries.offset, entries.first, entries.share, entries.slot_min, let_in, steps)
    return np.cumsum(steps[:, :-1], axis=1)


@njit(cache=True)
def _steps(station, offset, first, share, slot_min, let_in, steps):  # type: ignore[no-untyped-def]
    """By how much a load changes at a minute: only where one slot's people give way to the next's."""
    slots = let_in.shape[1]
    for arc in range(len(first) - 1):
        for entry in range(first[arc], first[arc + 1]):
            before = 0.0
            for slot in range(slots):
                rate = share[entry, slot] * let_in[station[entry], slot] / slot_min
                steps[arc, offset[entry] + slot * slot_min] += rate - before
                before = rate
            steps[arc, offset[entry] + slots * slot_min] -= before


def first_come(entries: Entries, own: Floats, arriving: Floats, let_in: Floats) -> Entries:
    """The same entries, shares of those who are let in when whoever came first goes first.

    :param own: shares of the people that came in a slot, [entry, slot].
    """
    share = np.empty_like(own)
    _mixed(entries.station, own, np.cumsum(arriving, axis=1), np.cumsum(let_in, axis=1), share)
    return Entries(entries.station, entries.offset, entries.first, share, entries.slot_min, entries.minutes)


@njit(cache=True)
def _mixed(station, own, came, gone, share):  # type: ignore[no-untyped-def]
    """Those let in between two sums are those that came between the same two sums."""
    slots = came.shape[1]
    for entry in range(len(station)):
        at = station[entry]
        since = 0
        for slot in range(slots):
            low = gone[at, slot - 1] if slot else 0.0
            high = gone[at, slot]
            if high - low <= 1e-9:
                share[entry, slot] = own[entry, slot]
                continue
            while since < slots - 1 and came[at, since] <= low:
                since += 1
            people, total, cohort = 0.0, 0.0, since
            while cohort < slots:
                begin = max(low, came[at, cohort - 1] if cohort else 0.0)
                end = min(high, came[at, cohort])
                if end > begin:
                    people += own[entry, cohort] * (end - begin)
                    total += end - begin
                if came[at, cohort] >= high:
                    break
                cohort += 1
            share[entry, slot] = people / total if total > 0 else own[entry, slot]
