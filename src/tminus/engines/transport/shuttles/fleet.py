"""Which vehicle runs which trips: the fewest vehicles, then the least empty running and waiting, exactly.

Time-space network: a vehicle that is ready somewhere may run to any terminal and join those that wait there at the
next departure; at each departure one of them leaves and the others wait on. One arc a trip and terminal instead of one
a pair of trips, and the same optimum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import perf_counter

import numpy as np
from ortools.graph.python import min_cost_flow

from tminus.engines.limit import Limit, LimitKind
from tminus.engines.transport.clock_text import clock_text
from tminus.engines.transport.errors import InfeasiblePlan, TransportError
from tminus.engines.transport.proof import Binding, Proof
from tminus.engines.transport.shuttles.trips import Deadheads, Trip

VEHICLE_COST = 1_000_000
"""Of one more vehicle, in minutes of empty running: none is ever used to save some."""
EMPTY_COST, WAIT_COST = 10, 1
"""A minute empty costs as much as ten waiting."""


@dataclass(frozen=True, slots=True)
class Block:
    """A vehicle's day, from the depot and back; ``empty_min`` of it without people."""

    vehicle: int
    trips: tuple[Trip, ...]
    leaves_depot: int
    back_at_depot: int
    empty_min: int
    depot: str = ""

    @property
    def waits_min(self) -> int:
        """Minutes it stands ready for the next trip."""
        rides = sum(trip.ready - trip.depart for trip in self.trips)
        return self.back_at_depot - self.leaves_depot - self.empty_min - rides


@dataclass(frozen=True, slots=True, eq=False)
class VehiclePlan:
    """Blocks, one a vehicle, in order of their begin; the value is vehicles.

    ``running_gap``: by what share empty running and waiting, weighed as they cost, may still shrink: 0 with one depot.
    """

    depots: tuple[str, ...]
    trips: tuple[Trip, ...]
    blocks: tuple[Block, ...]
    proof: Proof
    running_gap: float = 0.0


def schedule_vehicles(trips: Sequence[Trip], deadheads: Deadheads, depot: str, fleet: int | None = None) -> VehiclePlan:
    """The fewest vehicles that run all trips from one depot.

    :raises InfeasiblePlan: a terminal the depot cannot reach, or more vehicles than ``fleet`` are needed.
    """
    began = perf_counter()
    ordered = in_order(trips)
    out, back = depot_runs(ordered, deadheads, depot)
    network = Network(ordered, deadheads, out, back)
    built = perf_counter()
    successor = network.solve()
    seconds = {"build": built - began, "solve": perf_counter() - built}
    blocks = blocks_of(ordered, successor, deadheads, out, back, [depot] * len(ordered))
    peak = most_at_once(ordered)
    proof = Proof("vehicles", len(blocks), len(blocks), seconds, (peak,) if ordered else ())
    check_fleet(len(blocks), fleet, peak)
    return VehiclePlan((depot,), ordered, blocks, proof)


def in_order(trips: Sequence[Trip]) -> tuple[Trip, ...]:
    """By departure."""
    return tuple(sorted(trips, key=lambda trip: (trip.depart, trip.name)))


def check_fleet(needed: int, fleet: int | None, peak: Binding) -> None:
    """:raises InfeasiblePlan: more are needed than there are; the busiest minute is named."""
    if fleet is not None and needed > fleet:
        raise InfeasiblePlan(f"shuttles: {needed} vehicles are needed, there are {fleet}", (_told(peak),))


def _told(peak: Binding) -> str:
    return f"{peak.what} at {clock_text(peak.from_min)}"


def most_at_once(trips: Sequence[Trip]) -> Binding:
    """The minute with most vehicles on trips or not yet ready: fewer can never do."""
    events = sorted([(trip.ready, -1) for trip in trips] + [(trip.depart, 1) for trip in trips])
    now = most = at = 0
    for minute, change in events:
        now += change
        if now > most:
            most, at = now, minute
    return Binding(Limit(LimitKind.TRIPS_AT_ONCE, value=most), at, at + 1, 0.0)


def depot_runs(trips: Sequence[Trip], deadheads: Deadheads, depot: str) -> tuple[list[int], list[int]]:
    """Minutes from the depot to each trip's begin, and from its end back.

    :raises InfeasiblePlan: a terminal it is not joined to.
    """
    out, back = [], []
    for trip in trips:
        to, home = deadheads.between(depot, trip.origin), deadheads.between(trip.destination, depot)
        if to is None or home is None:
            far = trip.origin if to is None else trip.destination
            raise InfeasiblePlan(
                "shuttles: the depot does not serve all terminals", (f"{depot} and {far} are not joined",)
            )
        out.append(to)
        back.append(home)
    return out, back


class Network:
    """Nodes: n departures, n arrivals, the depot in the morning and in the evening."""

    def __init__(self, trips: tuple[Trip, ...], deadheads: Deadheads, out: list[int], back: list[int]) -> None:
        self.trips, many = trips, len(trips)
        self.tails: list[int] = []
        self.heads: list[int] = []
        self.costs: list[int] = []
        self.rooms: list[int] = []
        self.at: dict[str, list[int]] = {}
        for number, trip in enumerate(trips):
            self.at.setdefault(trip.origin, []).append(number)
        morning, evening = 2 * many, 2 * many + 1
        for number, trip in enumerate(trips):
            self._arc(morning, number, VEHICLE_COST + EMPTY_COST * out[number], 1)
            self._arc(many + number, evening, EMPTY_COST * back[number], 1)
            self._onward(number, trip, deadheads)
        self._lines()
        self._arc(morning, evening, 0, many)
        self.supplies = np.concatenate([-np.ones(many), np.ones(many), [many], [-many]]).astype(np.int64)

    def _arc(self, tail: int, head: int, cost: int, room: int) -> None:
        self.tails.append(tail)
        self.heads.append(head)
        self.costs.append(cost)
        self.rooms.append(room)

    def _onward(self, number: int, trip: Trip, deadheads: Deadheads) -> None:
        """To the first departure the vehicle can be there for, at every terminal."""
        for terminal, departures in self.at.items():
            run = deadheads.between(trip.destination, terminal)
            if run is None:
                continue
            first = bisect_left(departures, trip.ready + run, key=lambda one: self.trips[one].depart)
            if first < len(departures):
                wait = self.trips[departures[first]].depart - trip.ready - run
                cost = EMPTY_COST * run + WAIT_COST * wait
                self._arc(len(self.trips) + number, departures[first], cost, 1)

    def _lines(self) -> None:
        """Whoever does not leave at a departure waits for the next one of the terminal."""
        for departures in self.at.values():
            for now, then in pairwise(departures):
                wait = self.trips[then].depart - self.trips[now].depart
                self._arc(now, then, WAIT_COST * wait, len(self.trips))

    def solve(self) -> list[int]:
        """The trip after each trip on the same vehicle, −1: back to the depot.

        :raises TransportError: the solver gives up.
        """
        many = len(self.trips)
        if not many:
            return []
        solver = min_cost_flow.SimpleMinCostFlow()
        arcs = solver.add_arcs_with_capacity_and_unit_cost(
            np.array(self.tails, np.int32), np.array(self.heads, np.int32),
            np.array(self.rooms, np.int64), np.array(self.costs, np.int64),
        )  # fmt: skip
        solver.set_nodes_supplies(np.arange(2 * many + 2, dtype=np.int32), self.supplies)
        if solver.solve() != solver.OPTIMAL:
            raise TransportError("shuttles: the flow was not solved")
        return self._successors(np.asarray(solver.flows(arcs)))

    def _successors(self, flows: np.ndarray) -> list[int]:
        """At each departure one of the vehicles that wait there leaves, whoever has waited longest."""
        many = len(self.trips)
        joins: list[list[int]] = [[] for _ in range(many)]
        fresh = np.zeros(many, dtype=bool)
        for arc in np.flatnonzero(flows):
            tail, head = self.tails[arc], self.heads[arc]
            if tail == 2 * many and head < many:
                fresh[head] = True
            elif many <= tail < 2 * many and head < many:
                joins[head].append(tail - many)
        successor = [-1] * many
        for departures in self.at.values():
            waiting: deque[int] = deque()
            for number in departures:
                waiting.extend(sorted(joins[number], key=lambda one: self.trips[one].ready))
                if not fresh[number]:
                    successor[waiting.popleft()] = number
        return successor


def blocks_of(
    trips: tuple[Trip, ...],
    successor: list[int],
    deadheads: Deadheads,
    out: list[int],
    back: list[int],
    depots: Sequence[str],
) -> tuple[Block, ...]:
    """The chains of trips; each leaves from the depot of its first trip."""
    follows = set(successor)
    blocks: list[Block] = []
    for first in range(len(trips)):
        if first in follows:
            continue
        run, at = [first], first
        while successor[at] >= 0:
            at = successor[at]
            run.append(at)
        between = sum(deadheads.between(trips[a].destination, trips[b].origin) or 0 for a, b in pairwise(run))
        own = tuple(trips[number] for number in run)
        empty = out[first] + back[at] + between
        leaves, home = own[0].depart - out[first], own[-1].ready + back[at]
        blocks.append(Block(len(blocks) + 1, own, leaves, home, empty, depots[first]))
    return tuple(blocks)
