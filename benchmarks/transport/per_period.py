"""The published way of station inflow control, written anew from its description: a programme a period.

https://github.com/beyondsimulations/Metro-Inflow-Optimization (metro_model.jl, metro_heuristic.jl): the inflow X[o, p]
of every station is a rate in each 60-minute period; for the current period a programme over the periods whose people
are still on their way, now, or on their way in the longest trip's time; one row for every arc, every minute and each of
0 … 4 periods by which the shares of destinations may lie back (``shift_periods``), where the set of (origin,
destination, period) on the arc is not the same in a later minute; objective: people not let in, weighted by the age of
the queue (``linweight``), never more than wait. Past periods are fixed. Whoever came first is let in first.

Assembled sparsely (one coordinate list a programme, duplicates summed by scipy), solved by the same HiGHS as ours. The
safety factor is 1, the most per minute and station none, the least 0: the freest the formulation can be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, vstack

from tminus.engines.transport.inflow import MetroNetwork, StationDemand, route_trees

PAST_PERIODS = 4
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass
class PerPeriod:
    """The method and its state; ``built`` and ``solved`` are seconds of each period.

    ``lean``: rows that all people together cannot exceed are left out; the same optimum, sooner.
    """

    network: MetroNetwork
    demand: StationDemand
    past: int = PAST_PERIODS
    built: dict[int, float] = field(default_factory=dict)
    solved: dict[int, float] = field(default_factory=dict)
    infeasible: int = 0
    lean: bool = False

    def prepare(self) -> None:
        """Who is on which arc: (origin, destination, begin in minutes after the gate) by arc."""
        trees = route_trees(self.network)
        self.longest = trees.longest
        paths: list[list[tuple[int, int, int]]] = [[] for _ in self.network.arcs]
        for begin, gate in enumerate(trees.gate_nodes):
            for end in range(len(trees.gate_nodes)):
                node = trees.gate_nodes[end]
                while begin != end and node != gate:
                    arc = trees.arc_into[begin, node]
                    node = trees.arc_from[arc]
                    paths[arc].append((begin, end, int(trees.minutes[begin, node])))
        self.paths = [np.array(path, dtype=np.int64).reshape(-1, 3) for path in paths]
        came = self.demand.arriving
        self.shares = self.demand.persons / np.maximum(came, 1e-300)[:, None, :]
        self.inflow = np.zeros(came.shape)
        self.remaining = self.demand.persons.copy()

    def run(self, period: int) -> None:
        """Build, solve and take out of the queues."""
        began = process_time()
        waiting = self.remaining[:, :, : period + 1].sum(axis=(1, 2))
        programme = self.build(period, waiting)
        self.built[period] = process_time() - began
        began = process_time()
        if self.lean:
            high = programme["bounds"][:, 1]
            bind = np.flatnonzero(programme["A_ub"] @ high > programme["b_ub"])
            programme |= {"A_ub": programme["A_ub"][bind], "b_ub": programme["b_ub"][bind]}
        found = linprog(**programme, method="highs")
        self.solved[period] = process_time() - began
        first, _ = self.window(period)
        columns = self.inflow.shape[0]
        if found.status == 0:
            let_in = found.x.reshape(-1, columns)[period - first]
            self.inflow[:, period] = np.where(let_in > 1e-4, let_in, 0.0)
        else:
            self.infeasible += 1
        self.take(period)

    def window(self, period: int) -> tuple[int, int]:
        length = self.demand.slot_min
        first = max(0, period - ceil((self.longest + length) / length))
        return first, min(period + ceil(self.longest / length), self.demand.slots - 1)

    def build(self, period: int, waiting: Floats) -> dict[str, Any]:
        """Arguments of ``linprog``: columns are (period, origin)."""
        length, (first, last) = self.demand.slot_min, self.window(period)
        stations, periods = self.inflow.shape[0], last - first + 1
        rows = vstack([self.arc_rows(arc, period, first, last) for arc in range(len(self.network.arcs))])
        room = np.repeat(self.network.capacities, self.row_counts)
        total = np.zeros((periods, stations))
        total[period - first] = waiting
        for later in range(period + 1, last + 1):
            total[later - first] = total[later - first - 1] + self.demand.arriving[:, later]
        age = np.ones((periods, stations))
        age[period - first] = self.ages(period)
        cost = np.where(np.arange(periods)[:, None] >= period - first, -age * length, 0.0)
        high = np.where(
            np.arange(periods)[:, None] >= period - first, total / length, self.inflow[:, first : last + 1].T
        )
        low = np.where(np.arange(periods)[:, None] >= period - first, 0.0, high)
        return {
            "c": cost.ravel(), "A_ub": csr_array(rows), "b_ub": self.with_past(rows, room, low),
            "bounds": np.column_stack([low.ravel(), high.ravel()]),
        }  # fmt: skip

    def with_past(self, rows: csr_array, room: Floats, low: Floats) -> Floats:
        """What was let in before may already exceed an arc by later shares: such rows get the room they use."""
        return np.asarray(np.maximum(room, rows @ low.ravel()))

    def ages(self, period: int) -> Floats:
        """Periods since the oldest of a station's people came, at least one."""
        people = self.remaining[:, :, : period + 1].sum(axis=1) >= 1
        oldest = np.where(people.any(axis=1), people.argmax(axis=1), period)
        return np.maximum(period - oldest, 1).astype(float)

    def arc_rows(self, arc: int, period: int, first: int, last: int) -> csr_array:
        """Rows of one arc: every minute with a set of its own, every shift of the shares."""
        length, stations = self.demand.slot_min, self.inflow.shape[0]
        begin, end, offset = self.paths[arc].T
        minutes = np.arange(
            period * length, min((last + 1) * length + self.longest, self.demand.minutes + self.longest)
        )
        if arc == 0:
            self.row_counts = np.zeros(len(self.network.arcs), dtype=np.int64)
        minutes = self.distinct(minutes, offset)
        self.row_counts[arc] = len(minutes) * (self.past + 1)
        of = (minutes[:, None] - offset) // length
        row, pair = np.nonzero((of >= first) & (of <= last))
        when = of[row, pair]
        column = (when - first) * stations + begin[pair]
        parts = [
            coo_array(
                (self.shares[begin[pair], end[pair], np.maximum(when - back, 0)], (row, column)),
                shape=(len(minutes), (last - first + 1) * stations),
            )
            for back in range(self.past + 1)
        ]
        return csr_array(vstack(parts))

    def distinct(self, minutes: Ints, offset: Ints) -> Ints:
        """Of minutes in which the same people of the same periods are on the arc, the last."""
        if not len(offset):
            return minutes[:0]
        times = np.unique(offset)
        of = (minutes[:, None] - times) // self.demand.slot_min
        changes = np.append((np.diff(of, axis=0) != 0).any(axis=1), True)
        return minutes[changes]

    def take(self, period: int) -> None:
        """Those let in are those who came first."""
        left = self.inflow[:, period] * self.demand.slot_min
        for came in range(period + 1):
            people = self.remaining[:, :, came].sum(axis=1)
            gone = np.minimum(people, left)
            self.remaining[:, :, came] *= (1 - np.where(people > 0, gone / np.maximum(people, 1e-300), 0))[:, None]
            left = left - gone
