"""A problem of several modes as the compiled loops want it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tminus.engines.schedule.resources.multi_mode import MultiModeProblem
from tminus.engines.schedule.resources.packed import Network, check_slots, network_of, pack_demands
from tminus.engines.schedule.resources.problem import Ints, Problem


class Rows(NamedTuple):
    """The modes of all activities one below the other; what there is for them."""

    ptr: Ints
    """(n + 1,) where each activity's begin"""
    durations: Ints
    demand: Ints
    """(rows, words), see :class:`.packed.Packed`"""
    spending: Ints
    budgets: Ints
    capacity: Ints
    guard: Ints


class Way(NamedTuple):
    """One direction, see :class:`.packed.Network`; gaps count from the finish of what is waited for."""

    order: Ints
    ptr: Ints
    before: Ints
    gap: Ints


@dataclass(frozen=True, slots=True)
class ModePacked:
    rows: Rows
    forward: Way
    backward: Way
    shortest: Ints
    """Least duration of each activity."""
    heads: Ints
    """Earliest starts without resources, everything in its shortest mode."""
    tails: Ints
    """Slots from the earliest finish to the end, likewise."""
    horizon: int

    @property
    def size(self) -> int:
        return len(self.shortest)


def pack_modes(problem: MultiModeProblem) -> ModePacked:
    """Compile a problem all of whose modes fit the capacities (see :mod:`.usable_modes`).

    :raises ProblemError: links run in a circle; too long for the scheme's slots.
    """
    nothing = np.zeros(0, dtype=np.int64)
    alone = Problem(problem.durations, problem.demands, problem.capacities, nothing, nothing, nothing)
    demand, capacity, guard = pack_demands(alone)
    forward = _way(network_of(problem.size, problem.pred, problem.succ, problem.gap))
    backward = _way(network_of(problem.size, problem.succ, problem.pred, problem.gap))
    shortest = problem.shortest()
    arrays = problem.mode_ptr, problem.durations, demand, problem.spending, problem.budgets, capacity, guard
    return ModePacked(
        Rows(*map(np.ascontiguousarray, arrays)),
        forward,
        backward,
        shortest,
        soonest(forward, shortest),
        soonest(backward, shortest),
        check_slots(problem.horizon),
    )


def _way(network: Network) -> Way:
    return Way(network.order, network.ptr, network.before, network.lag)


def soonest(way: Way, durations: Ints) -> Ints:
    """Earliest starts without resources, in slots, in the direction given."""
    start = np.zeros(len(durations), dtype=np.int64)
    for i in way.order.tolist():
        before = way.before[way.ptr[i] : way.ptr[i + 1]]
        if len(before):
            start[i] = (start[before] + durations[before] + way.gap[way.ptr[i] : way.ptr[i + 1]]).max()
    return start
