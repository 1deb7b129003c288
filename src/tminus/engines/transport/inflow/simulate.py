"""A day at the gates and on the arcs, minute by minute, from the caps alone.

Written apart from the program that makes the plan: people wait in the order they came, as many go in a minute as the
cap allows, and every pair's people are followed arc by arc on their way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.transport.inflow.demand import StationDemand
from tminus.engines.transport.inflow.network import Floats, Ints, MetroNetwork
from tminus.engines.transport.inflow.routes import RouteTrees

TOLERANCE = 1e-3
"""Persons a minute over a capacity that do not count: what rounding leaves."""


@dataclass(frozen=True, slots=True, eq=False)
class PairFlows:
    """Persons of each cohort over an arc, gathered pair by pair, and how long after the gate they start on it."""

    station: Ints
    arc: Ints
    offset: Ints
    persons: Floats


@dataclass(frozen=True, slots=True, eq=False)
class InflowDay:
    """What the caps lead to.

    ``loads`` [arc, minute] persons that start on an arc; ``queue`` [station, minute] persons waiting at the minute's
    end; ``delay_person_min`` by station; ``left`` persons not let in by the end, by station.
    """

    loads: Floats
    queue: Floats
    delay_person_min: Floats
    left: Floats
    exceeded: NDArray[np.bool_]

    @property
    def exceeded_arc_minutes(self) -> int:
        return int(self.exceeded.sum())

    @property
    def total_delay_person_min(self) -> float:
        return float(self.delay_person_min.sum())


def simulate_inflow(
    network: MetroNetwork, trees: RouteTrees, demand: StationDemand, caps: Floats, flows: PairFlows | None = None
) -> InflowDay:
    """The day under ``caps`` [station, slot], persons a minute (inf: none), after the last slot none at all.

    :param flows: of the same network and demand, where several caps are tried.
    """
    flows = flows or pair_flows(network, trees, demand)
    came = demand.arriving
    cohort, minute, people, parts, queue = _gates(came, caps, demand.slot_min)
    loads = np.zeros((len(network.arcs), demand.minutes + trees.longest + 1))
    _ride(flows.station, flows.arc, flows.offset, flows.persons, came, cohort, minute, people, parts, loads)
    delay = queue.sum(axis=1) - queue[:, -1] / 2  # a queue changes evenly within a minute
    exceeded = loads > network.capacities[:, None] + TOLERANCE
    return InflowDay(loads, queue, delay, queue[:, -1], exceeded)


def pair_flows(network: MetroNetwork, trees: RouteTrees, demand: StationDemand) -> PairFlows:
    """Every pair's people on every arc of their way, by the slot they came in."""
    stations, arcs = len(network.gates), len(network.arcs)
    place = np.full((stations, arcs), -1, dtype=np.int64)
    offset = np.zeros((stations, arcs), dtype=np.int64)
    minutes = network.travel_minutes()
    many = _place(trees.arc_into, trees.arc_from, trees.gate_nodes, minutes, demand.persons, place, offset)
    persons = np.zeros((many, demand.slots))
    _follow(trees.arc_into, trees.arc_from, trees.gate_nodes, demand.persons, place, persons)
    station, arc = np.nonzero(place >= 0)
    return PairFlows(station, arc, offset[station, arc], persons[place[station, arc]])


@njit(cache=True)
def _place(arc_into, arc_from, gate_nodes, minutes, persons, place, offset):  # type: ignore[no-untyped-def]
    """Numbers the arcs people of each station use, and sums the minutes on the way to each of them."""
    many = 0
    way = np.empty(arc_into.shape[1], dtype=np.int64)
    for begin in range(len(gate_nodes)):
        for end in range(len(gate_nodes)):
            if begin == end or not persons[begin, end].any():
                continue
            node, steps = gate_nodes[end], 0
            while node != gate_nodes[begin]:
                way[steps] = arc_into[begin, node]
                node = arc_from[way[steps]]
                steps += 1
            spent = 0
            for step in range(steps - 1, -1, -1):
                if place[begin, way[step]] < 0:
                    place[begin, way[step]] = many
                    many += 1
                offset[begin, way[step]] = spent
                spent += minutes[way[step]]
    return many


@njit(cache=True)
def _follow(arc_into, arc_from, gate_nodes, demand, place, persons):  # type: ignore[no-untyped-def]
    for begin in range(len(gate_nodes)):
        for end in range(len(gate_nodes)):
            if begin == end or not demand[begin, end].any():
                continue
            node = gate_nodes[end]
            while node != gate_nodes[begin]:
                arc = arc_into[begin, node]
                for slot in range(demand.shape[2]):
                    persons[place[begin, arc], slot] += demand[begin, end, slot]
                node = arc_from[arc]


@njit(cache=True)
def _gates(came, caps, slot_min):  # type: ignore[no-untyped-def]
    """First come, first in: who enters in which minute (cohort, minute, persons), the queues, who is left."""
    stations, slots = came.shape
    minutes = slots * slot_min
    cohort = np.zeros((stations, minutes + slots + 1), dtype=np.int64)
    minute = np.zeros((stations, minutes + slots + 1), dtype=np.int64)
    people = np.zeros((stations, minutes + slots + 1))
    parts = np.zeros(stations, dtype=np.int64)
    queue = np.zeros((stations, minutes))
    for station in range(stations):
        waiting = np.zeros(slots)
        oldest, total = 0, 0.0
        for now in range(minutes):
            slot = now // slot_min
            waiting[slot] += came[station, slot] / slot_min
            total += came[station, slot] / slot_min
            room = caps[station, slot]
            while room > 0 and oldest <= slot:
                gone = min(room, waiting[oldest])
                if gone > 0:
                    at = parts[station]
                    cohort[station, at], minute[station, at], people[station, at] = oldest, now, gone
                    parts[station] += 1
                    waiting[oldest] -= gone
                    total -= gone
                    room -= gone
                if oldest == slot or waiting[oldest] > 0:
                    break
                oldest += 1
            queue[station, now] = max(total, 0.0)
    return cohort, minute, people, parts, queue


@njit(cache=True)
def _ride(station, arc, offset, persons, came, cohort, minute, people, parts, loads):  # type: ignore[no-untyped-def]
    for flow in range(len(station)):
        at = station[flow]
        for part in range(parts[at]):
            of = cohort[at, part]
            loads[arc[flow], minute[at, part] + offset[flow]] += people[at, part] * persons[flow, of] / came[at, of]
