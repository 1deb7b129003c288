"""A problem as the compiled loops want it: both directions, resources side by side in machine words."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.passes import sort_topologically
from tminus.engines.schedule.resources.problem import Ints, Problem, ProblemError

FORWARD, BACKWARD = 0, 1

WORD_BITS = 62
"""Bits of a word that hold resources; the words are signed and stay positive."""


@dataclass(frozen=True, slots=True)
class Network:
    """One direction: who must have started before activity ``i``, and by how much; rows are activities."""

    order: Ints
    """Activities, each after all it waits for."""
    ptr: Ints
    before: Ints
    lag: Ints


@dataclass(frozen=True, slots=True)
class Packed:
    """Several resources share a word: each has a field of its own with one guard bit above it, so that one
    subtraction takes from all of them and the guard bits say whether any of them fell below zero.
    """

    durations: Ints
    demand: Ints
    """(n, words)"""
    capacity: Ints
    """(words,)"""
    guard: Ints
    """(words,)"""
    width: int
    """Bits of a field, its guard included."""
    forward: Network
    backward: Network
    finish_to_start: bool
    horizon: int

    @property
    def size(self) -> int:
        return len(self.durations)


def pack(problem: Problem) -> Packed:
    """Compile a problem without greatest lags.

    :raises ProblemError: links run in a circle, or a lag is below zero (see :mod:`.max_lags`).
    """
    if problem.lag.size and problem.lag.min() < 0:
        raise ProblemError(f"lag {problem.lag.min()}; allowed here: 0 or more")
    demand, capacity, guard = pack_demands(problem)
    pred, succ, lag = problem.pred, problem.succ, problem.lag
    back = lag + problem.durations[succ] - problem.durations[pred]
    return Packed(
        problem.durations,
        demand,
        capacity,
        guard,
        field_width(problem),
        network_of(problem.size, pred, succ, lag),
        network_of(problem.size, succ, pred, back),
        bool(np.all(lag == problem.durations[pred])),
        check_slots(max(problem.horizon, _longest(problem.durations, succ, back))),
    )


MOST_HORIZON = 1 << 28
"""Slots of the longest schedule: two gigabytes of address space for each word of resources."""


def check_slots(horizon: int) -> int:
    """The same number of slots.

    :raises ProblemError: more than a profile of every slot can hold.
    """
    if horizon > MOST_HORIZON:
        raise ProblemError(f"durations and lags: {horizon} slots in turn; allowed: at most {MOST_HORIZON}")
    return horizon


def _longest(durations: Ints, pred: Ints, lag: Ints) -> int:
    """Slots that everything one after the other takes."""
    longest = durations.copy()
    np.maximum.at(longest, pred, lag)
    return int(longest.sum())


def pack_demands(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Demands (n, words), capacities and guards (words,); resources nobody asks for are left out."""
    asked = np.flatnonzero((problem.demands * (problem.durations > 0)[:, None]).sum(axis=0) > 0)
    width = field_width(problem)
    each = WORD_BITS // width
    words = max(1, -(-len(asked) // each))
    demand = np.zeros((problem.size, words), dtype=np.int64)
    capacity, guard = np.zeros(words, dtype=np.int64), np.zeros(words, dtype=np.int64)
    for at, resource in enumerate(asked):
        word, shift = at // each, at % each * width
        demand[:, word] |= np.where(problem.durations > 0, problem.demands[:, resource], 0) << shift
        capacity[word] |= problem.capacities[resource] << shift
        guard[word] |= 1 << (shift + width - 1)
    return demand, capacity, guard


WHOLE = 1 << 20
"""What the shares of all work add up to, at most."""


def shares_of_work(packed: Packed) -> Ints:
    """Of each activity: its length times the greatest part of a capacity it asks for, as a share of everybody's."""
    part = np.zeros(packed.size)
    field = (1 << (packed.width - 1)) - 1
    for word, shift in product(range(len(packed.capacity)), range(0, WORD_BITS - packed.width + 1, packed.width)):
        if given := int(packed.capacity[word] >> shift) & field:
            part = np.maximum(part, ((packed.demand[:, word] >> shift) & field) / given)
    work = part * packed.durations
    return (work * ((WHOLE - 1) / max(1e-300, float(work.sum())))).astype(np.int64)


def field_width(problem: Problem) -> int:
    """Bits of a resource's field with its guard; one width for all, so that fields can be compared in place.

    :raises ProblemError: a capacity too great for a word.
    """
    most = int(problem.capacities.max(initial=1))
    if most.bit_length() + 1 > WORD_BITS:
        raise ProblemError(f"capacity {most}; allowed: less than 2^{WORD_BITS - 1}")
    return most.bit_length() + 1


def network_of(size: int, pred: Ints, succ: Ints, lag: Ints) -> Network:
    """:raises ProblemError: the links run in a circle."""
    order, _ = sort_topologically(size, pred.astype(np.int32), succ.astype(np.int32))
    if len(order) < size:
        raise ProblemError("links: they run in a circle; allowed: none")
    by_succ = np.argsort(succ, kind="stable")
    ptr = np.zeros(size + 1, dtype=np.int64)
    np.cumsum(np.bincount(succ, minlength=size), out=ptr[1:])
    return Network(order.astype(np.int64), ptr, pred[by_succ].copy(), lag[by_succ].copy())


def earliest(network: Network) -> NDArray[np.int64]:
    """Earliest starts without resources, in the network's own direction."""
    start = np.zeros(len(network.order), dtype=np.int64)
    _pass(network.order, network.ptr, network.before, network.lag, start)
    return start


@njit(cache=True, nogil=True)
def _pass(order, ptr, before, lag, start):  # type: ignore[no-untyped-def]
    for i in order:
        for e in range(ptr[i], ptr[i + 1]):
            start[i] = max(start[i], start[before[e]] + lag[e])


def classes_of(problem: Problem, levels: int = 16) -> tuple[Ints, Ints, Ints]:
    """For :func:`.serial.place_far`: row pointers (n + 1,), class of each row, and the classes (classes, 4).

    Demands are rounded down to one of so many levels of the capacity, lengths to a power of two, so that classes
    are few and none is harder than an activity that looks at it.
    """
    width = field_width(problem)
    asked = np.flatnonzero((problem.demands * (problem.durations > 0)[:, None]).sum(axis=0) > 0)
    steps = np.maximum(1, problem.capacities // levels)
    level = (problem.demands // steps * steps)[:, asked]
    slots = 1 << np.floor(np.log2(np.maximum(1, problem.durations))).astype(np.int64)
    use = (level > 0) & (problem.durations > 0)[:, None]
    row, at = np.nonzero(use)
    units = level[row, at]
    keys, of = np.unique(np.stack([at, units, slots[row]], axis=1), axis=0, return_inverse=True)
    ptr = np.concatenate([[0], np.cumsum(use.sum(axis=1))])
    each = WORD_BITS // width
    shift = keys[:, 0] % each * width
    probes = np.stack([keys[:, 0] // each, keys[:, 1] << shift, 1 << (shift + width - 1), keys[:, 2]], axis=1)
    return ptr, of.reshape(-1), probes
