"""How letting people in at a station loads the arcs behind it, minute by minute.

All ways from one station form a tree, so an arc is equally many minutes from it whatever the destination: the load of
an arc at minute t is a sum over stations, not over pairs of them. An *entry* is a station and an arc of its tree.
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

    ``offset``: minutes from the gate to the begin of the arc; ``through`` [entry, slot]: persons who come in the slot
    and go over the arc; ``arriving`` [station, slot]; ``arcs``, ``minutes``: the size of what they load.
    """

    station: Ints
    offset: Ints
    first: Ints
    through: Floats
    arriving: Floats
    slot_min: int
    minutes: int

    @property
    def arcs(self) -> int:
        return len(self.first) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """What goes over each entry under certain queues.

    ``per_min`` [entry, slot]: persons a minute let in that go over the arc; ``last`` [entry, slot]: their share among
    the people let in last, which are those one more in the queue would hold back.
    """

    per_min: Floats
    last: Floats


def entries_of(network: MetroNetwork, trees: RouteTrees, demand: StationDemand) -> Entries:
    """Every station with every arc its people use."""
    through, station, arc, offset = _through(trees, demand)
    used = through.any(axis=1)
    order = np.flatnonzero(used)[np.argsort(arc[used], kind="stable")]
    first = np.searchsorted(arc[order], np.arange(len(network.arcs) + 1))
    minutes = demand.minutes + trees.longest + 1
    return Entries(station[order], offset[order], first, through[order], demand.arriving, demand.slot_min, minutes)


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


class FirstComeLoads:
    """Loads when whoever came first is let in first, kept up to date with the queues.

    Only entries of stations with queues, now or before, are looked at again: most stations never hold anybody back.
    """

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        share = entries.through / np.maximum(entries.arriving[entries.station], 1e-300)
        self.rates = Rates(entries.through / entries.slot_min, share)
        self._own = loads_of(entries, self.rates.per_min)
        self._held = np.zeros(len(entries.arriving), dtype=bool)

    def under(self, queue: Floats) -> Floats:
        """Persons a minute that start on each arc, [arc, minute], under queues [station, slot] at the slots' ends."""
        entries, held = self.entries, np.asarray((queue > 0).any(axis=1))
        cohort, part = _boundaries(entries.arriving, queue)
        steps = np.zeros((entries.arcs, entries.minutes + 1))
        _rates(
            entries.station, entries.through, entries.arriving, cohort, part, entries.slot_min, held | self._held,
            self.rates.per_min, self.rates.last,
        )  # fmt: skip
        changed = held[entries.station]
        _moved(entries.offset, entries.first, entries.through, entries.slot_min, changed, self.rates.per_min, steps)
        self._held = held
        return np.asarray(self._own + np.cumsum(steps[:, :-1], axis=1))


@njit(cache=True)
def _boundaries(arriving, queue):  # type: ignore[no-untyped-def]
    """The cohort of the person let in last by a slot's end, and the part of that cohort that is in."""
    stations, slots = arriving.shape
    cohort = np.zeros((stations, slots), dtype=np.int64)
    part = np.zeros((stations, slots))
    for station in range(stations):
        for slot in range(slots):
            outside, at = queue[station, slot], slot
            while at > 0 and (outside >= arriving[station, at] or arriving[station, at] <= 0):
                outside -= arriving[station, at]
                at -= 1
            cohort[station, slot] = at
            if arriving[station, at] > 0:
                part[station, slot] = min(max(1.0 - outside / arriving[station, at], 0.0), 1.0)
    return cohort, part


@njit(cache=True)
def _rates(station, through, arriving, cohort, part, slot_min, concerned, per_min, last):  # type: ignore[no-untyped-def]
    """Persons over the entry among all let in by a slot's end, less those by the end of the slot before."""
    slots = through.shape[1]
    for entry in range(len(station)):
        at = station[entry]
        if not concerned[at]:
            continue
        done, whole, upto = 0.0, 0.0, 0
        for slot in range(slots):
            while upto < cohort[at, slot]:
                whole += through[entry, upto]
                upto += 1
            of = through[entry, upto]
            total = whole + part[at, slot] * of
            per_min[entry, slot] = max(total - done, 0.0) / slot_min
            last[entry, slot] = of / arriving[at, upto] if arriving[at, upto] > 0 else 0.0
            done = total


def loads_of(entries: Entries, per_min: Floats) -> Floats:
    """Persons a minute that start on each arc, [arc, minute]; ``per_min`` [entry, slot], evenly in a slot."""
    steps = np.zeros((entries.arcs, entries.minutes + 1))
    _steps(entries.offset, entries.first, per_min, entries.slot_min, steps)
    return np.cumsum(steps[:, :-1], axis=1)


@njit(cache=True)
def _steps(offset, first, per_min, slot_min, steps):  # type: ignore[no-untyped-def]
    """By how much a load changes at a minute: only where one slot's people give way to the next's."""
    slots = per_min.shape[1]
    for arc in range(len(first) - 1):
        for entry in range(first[arc], first[arc + 1]):
            before = 0.0
            for slot in range(slots):
                steps[arc, offset[entry] + slot * slot_min] += per_min[entry, slot] - before
                before = per_min[entry, slot]
            steps[arc, offset[entry] + slots * slot_min] -= before


@njit(cache=True)
def _moved(offset, first, through, slot_min, changed, per_min, steps):  # type: ignore[no-untyped-def]
    """As ``_steps``, of what differs from everybody going in as they come."""
    slots = per_min.shape[1]
    for arc in range(len(first) - 1):
        for entry in range(first[arc], first[arc + 1]):
            if not changed[entry]:
                continue
            before = 0.0
            for slot in range(slots):
                more = per_min[entry, slot] - through[entry, slot] / slot_min
                steps[arc, offset[entry] + slot * slot_min] += more - before
                before = more
            steps[arc, offset[entry] + slots * slot_min] -= before
