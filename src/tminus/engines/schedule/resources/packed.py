"""A problem as the compiled loops want it: both directions, resources side by side in machine words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
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
        network_of(problem.size, pred, succ, lag),
        network_of(problem.size, succ, pred, back),
        bool(np.all(lag == problem.durations[pred])),
        max(problem.horizon, _longest(problem.durations, succ, back)),
    )


def _longest(durations: Ints, pred: Ints, lag: Ints) -> int:
    """Slots that everything one after the other takes."""
    longest = durations.copy()
    np.maximum.at(longest, pred, lag)
    return int(longest.sum())


def pack_demands(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """Demands (n, words), capacities and guards (words,); resources nobody asks for are left out."""
    asked = np.flatnonzero((problem.demands * (problem.durations > 0)[:, None]).sum(axis=0) > 0)
    fields: list[tuple[int, int, int]] = []  # resource, word, shift
    word, used = 0, 0
    for resource in asked:
        bits = int(problem.capacities[resource]).bit_length() + 1
        if used + bits > WORD_BITS:
            word, used = word + 1, 0
        fields.append((int(resource), word, used))
        used += bits
    words = word + 1
    demand = np.zeros((problem.size, words), dtype=np.int64)
    capacity, guard = np.zeros(words, dtype=np.int64), np.zeros(words, dtype=np.int64)
    for number, at, shift in fields:
        most = int(problem.capacities[number])
        demand[:, at] |= np.where(problem.durations > 0, problem.demands[:, number], 0) << shift
        capacity[at] |= most << shift
        guard[at] |= 1 << (shift + most.bit_length())
    return demand, capacity, guard


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
    for i in network.order:
        rows = slice(network.ptr[i], network.ptr[i + 1])
        if network.ptr[i] < network.ptr[i + 1]:
            start[i] = np.maximum(0, (start[network.before[rows]] + network.lag[rows]).max())
    return start
