"""Schedules under greatest lags as well as least ones (RCPSP/max), without a solver.

Serial generation with unscheduling (Franck, Neumann & Schwindt, OR Spektrum 23, 2001): where an activity finds no
room before its latest start, those that hold it there are taken out again and pushed later. Over it a genetic search
on priority lists with passes from both ends (after Ballestín, Barrios & Valls, J. Scheduling 14, 2011).
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numba import njit

from tminus.engines.schedule.resources.distances import UNBOUND, Far
from tminus.engines.schedule.resources.genetic import draw
from tminus.engines.schedule.resources.packed import pack_demands
from tminus.engines.schedule.resources.problem import Ints, Problem

LATEST = 1 << 40
FAILED = 1 << 50
"""Added to the fitness of a list that led to no schedule: lists that got farther are fitter."""


@njit(cache=True, nogil=True)
def decode(far, rank, durations, demand, capacity, guard, free, patience, start, floor, early, late, placed):  # type: ignore[no-untyped-def]
    """Build a schedule by rank (least first); its length, or ``FAILED`` + activities left when patience is spent.

    ``far`` (n, n) closed distances; ``patience`` unscheduling steps; ``floor`` … ``placed`` (n,) are scratch.
    """
    n, words, slots = len(durations), len(capacity), len(free)
    free[:] = capacity
    placed[:] = 0
    floor[:] = 0
    early[:] = 0
    late[:] = LATEST
    count, fewest = 0, n
    while count < n:
        i = _next(far, rank, placed)
        t = _room(free, demand, guard, words, i, early[i], durations[i], slots)
        if t < 0:
            return FAILED + fewest
        if t <= late[i]:
            _take(free, demand, words, i, t, durations[i], 1)
            start[i] = t
            placed[i] = 1
            count += 1
            fewest = min(fewest, n - count)
            _tighten(far, i, t, early, late, placed)
            continue
        patience -= 1
        if patience < 0:
            return FAILED + fewest
        count -= _take_back(far, i, t, durations, demand, words, free, start, floor, late, placed)
        early[:] = floor
        late[:] = LATEST
        for k in range(n):
            if placed[k] == 1:
                _tighten(far, k, start[k], early, late, placed)
    first, last = start.min(), 0
    for i in range(n):
        start[i] -= first
        last = max(last, start[i] + durations[i])
    return last


@njit(cache=True, nogil=True)
def _next(far, rank, placed):  # type: ignore[no-untyped-def]
    """The activity of least rank before which nothing that is not placed must start (or, equal, cannot start later)."""
    n = len(rank)
    best = -1
    for i in range(n):
        if placed[i] == 1 or (best >= 0 and rank[i] > rank[best]):
            continue
        ready = True
        for j in range(n):
            if placed[j] == 0 and (far[j, i] > 0 or (far[j, i] == 0 and far[i, j] < 0)):
                ready = False
                break
        if ready:
            best = i
    return best


@njit(cache=True, nogil=True)
def _room(free, demand, guard, words, i, t, length, slots):  # type: ignore[no-untyped-def]
    """The first start ≥ ``t`` with room; −1 beyond the slots there are."""
    run, s = 0, t
    while run < length:
        if s >= slots:
            return -1
        run += 1
        for w in range(words):
            if ((free[s, w] | guard[w]) - demand[i, w]) & guard[w] != guard[w]:
                run = 0
                t = s + 1
                break
        s += 1
    return t


@njit(cache=True, nogil=True)
def _take(free, demand, words, i, t, length, sign):  # type: ignore[no-untyped-def]
    for s in range(t, t + length):
        for w in range(words):
            free[s, w] -= sign * demand[i, w]


@njit(cache=True, nogil=True)
def _tighten(far, i, t, early, late, placed):  # type: ignore[no-untyped-def]
    for k in range(len(early)):
        if placed[k] == 0:
            if far[i, k] != UNBOUND:
                early[k] = max(early[k], t + far[i, k])
            if far[k, i] != UNBOUND:
                late[k] = min(late[k], t - far[k, i])


@njit(cache=True, nogil=True)
def _take_back(far, i, t, durations, demand, words, free, start, floor, late, placed):  # type: ignore[no-untyped-def]
    """Take out what holds ``i`` before ``t``, and all that starts after the first of it; how many were taken out."""
    n = len(start)
    first, shift, taken = LATEST, t - late[i], 0
    for j in range(n):
        if placed[j] == 1 and far[i, j] != UNBOUND and start[j] - far[i, j] < t:
            first = min(first, start[j])
            least = max(floor[j], start[j] + min(shift, t - (start[j] - far[i, j])))
            for k in range(n):
                if far[j, k] != UNBOUND:
                    floor[k] = max(floor[k], least + far[j, k])
    for j in range(n):
        if placed[j] == 1 and (start[j] > first or start[j] < floor[j] or (start[j] == first and far[i, j] != UNBOUND)):
            _take(free, demand, words, j, start[j], durations[j], -1)
            placed[j] = 0
            taken += 1
    return taken


@njit(cache=True, nogil=True)
def _ranks(start, durations, backward, old, rank):  # type: ignore[no-untyped-def]
    """Ranks by start, or for the opposite pass by decreasing finish; equals as before."""
    n = len(start)
    key = np.empty(n, dtype=np.int64)
    for i in range(n):
        key[i] = (-(start[i] + durations[i]) if backward else start[i]) * n + old[i]
    order = np.argsort(key)
    for k in range(n):
        rank[order[k]] = k


@njit(cache=True, nogil=True)
def _cross(mother, father, state, child):  # type: ignore[no-untyped-def]
    """Two points in the lists that the ranks stand for, and now and then an activity elsewhere."""
    n = len(mother)
    first, second = np.argsort(mother), np.argsort(father)
    a, b = draw(state, n + 1), draw(state, n + 1)
    low, high = min(a, b), max(a, b)
    child[:] = -1
    for k in range(low):
        child[first[k]] = k
    k = low
    for at in range(n):
        if k < high and child[second[at]] < 0:
            child[second[at]] = k
            k += 1
    for at in range(n):
        if child[first[at]] < 0:
            child[first[at]] = k
            k += 1
    for _ in range(draw(state, 4)):
        i, j = draw(state, n), draw(state, n)
        child[i], child[j] = child[j], child[i]


@njit(cache=True, nogil=True)
def search_lists(  # type: ignore[no-untyped-def]
    far, mirror, slack, durations, demand, capacity, guard, slots, population, fitness, best, tally,
    until, enough, state,
):  # fmt: skip
    """Continue the search until ``tally[1]`` decodings; ``tally[0]`` individuals, ``tally[2]`` best length or −1."""
    n, most = len(durations), len(fitness)
    free = np.empty((slots, len(capacity)), dtype=np.int64)
    start, floor = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    early, late, placed = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    rank, back, kept = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    patience = 3 * n
    while tally[1] < until and not 0 <= tally[2] <= enough:
        mother = tally[0]
        if mother < most:
            for i in range(n):  # least latest start first, shaken; the first individual not at all
                rank[i] = (slack[i] * 8 + draw(state, 8) * draw(state, 1 + mother * slack.max() // most)) * n + i
            order = np.argsort(rank)
            for k in range(n):
                rank[order[k]] = k
            tally[0] += 1
        else:
            mother = draw(state, most)
            _cross(population[mother], population[draw(state, most)], state, rank)
        length = decode(
            far, rank, durations, demand, capacity, guard, free, patience, start, floor, early, late, placed
        )
        tally[1] += 1
        for turn in range(2):
            if length >= FAILED:
                break
            if turn == 0 or length < tally[2] or tally[2] < 0:
                kept[:] = start
                before = length
                _ranks(start, durations, True, rank, back)
                length = decode(
                    mirror, back, durations, demand, capacity, guard, free, patience, start, floor, early, late, placed
                )
                tally[1] += 1
                if length < FAILED:
                    for i in range(n):
                        start[i] = length - start[i] - durations[i]
                    _ranks(start, durations, False, rank, back)
                    length = decode(
                        far, back, durations, demand, capacity, guard, free, patience, start, floor, early, late, placed
                    )
                    tally[1] += 1
                if length > before:
                    start[:] = kept
                    length = before
        if length < FAILED:
            _ranks(start, durations, False, rank, back)
            rank[:] = back
            if tally[2] < 0 or length < tally[2]:
                tally[2] = length
                best[:] = start
        if length <= fitness[mother]:
            population[mother], fitness[mother] = rank, length


@dataclass(frozen=True, slots=True)
class Found:
    """The shortest schedule found; ``None``: none."""

    starts: Ints | None
    makespan: int | None
    decodings: int


def search(
    problem: Problem,
    far: Far,
    *,
    enough: int,
    deadline_s: float,
    decodings: int | None,
    seed: int,
    population: int = 60,
) -> Found:
    """Search until :func:`time.perf_counter` passes ``deadline_s``, so many decodings, or a makespan of ``enough``."""
    n = problem.size
    inner = np.ascontiguousarray(far[:n, :n])
    change = problem.durations[None, :] - problem.durations[:, None]
    mirror = np.where(inner == UNBOUND, UNBOUND, inner + change).T.copy()
    demand, capacity, guard = pack_demands(problem)
    lists = np.zeros((population, n), dtype=np.int64)
    fitness, best = np.full(population, 1 << 60, dtype=np.int64), np.zeros(n, dtype=np.int64)
    tally = np.array([0, 0, -1], dtype=np.int64)
    state = np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % (1 << 64) or 1], dtype=np.uint64)
    tails = np.where(inner == UNBOUND, 0, inner + problem.durations[None, :]).max(axis=1)
    slack = tails.max() - tails
    slots, chunk = 2 * problem.horizon + 2, max(4, 20_000 // n)
    while decodings is None or tally[1] < decodings:
        until = tally[1] + chunk if decodings is None else min(tally[1] + chunk, decodings)
        search_lists(
            inner, mirror, slack, problem.durations, demand, capacity, guard, slots, lists, fitness, best, tally,
            until, enough, state,
        )  # fmt: skip
        if 0 <= tally[2] <= enough or (decodings is None and perf_counter() > deadline_s):
            break
    length = int(tally[2])
    return Found(best if length >= 0 else None, length if length >= 0 else None, int(tally[1]))
