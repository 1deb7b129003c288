"""Genetic search over orders and modes, every child justified backward and forward, modes improved on the way.

As :mod:`.genetic`, with a mode list beside the activity list: an activity takes its mode from the parent its place
comes from. Mode lists that exceed a budget are repaired; one that cannot be is not scheduled and counts by its excess.
The forward pass may give an activity the mode in which it finishes first, where budgets allow (Van Peteghem &
Vanhoucke, EJOR 201, 2010).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
from numba import njit

from tminus.engines.schedule.resources.genetic import (
    BEST,
    NONE,
    SIZE,
    USED,
    Evolution,
    draw,
    keep_middle,
    known,
    move_some,
    remember,
    sample_list,
    two_points,
    worst_of_four,
)
from tminus.engines.schedule.resources.genetic_params import GeneticParams
from tminus.engines.schedule.resources.mode_lists import change_some, repair, spend
from tminus.engines.schedule.resources.mode_packed import ModePacked
from tminus.engines.schedule.resources.mode_serial import place_choosing, place_in_rows
from tminus.engines.schedule.resources.problem import Ints
from tminus.engines.schedule.resources.serial import turn

EXCEEDS = 1 << 50
"""Added to the excess of a mode list that no repair brought within the budgets; far above any makespan."""


@njit(cache=True, nogil=True)
def evolve(  # type: ignore[no-untyped-def]
    rows, fore, back, tails, population, chosen, fitness, seen, best, best_row, tally, moves,
    until, enough, choices, slots, state,
):  # fmt: skip
    """As :func:`.genetic.evolve`, on ``population`` (P, n) lists and ``chosen`` (P, n) rows.

    ``choices``: of 1000 children how many keep a stretch of their mother, gain, modes changed a child in thousandths,
    of 1000 activities how many choose their mode in the forward pass, of 1000 children how many let them.
    """
    n, most, words = len(tails), len(fitness), len(rows.capacity)
    free, heads = np.empty((slots, words), dtype=np.int64), np.empty(slots + 2, dtype=np.int64)
    start, order, row = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    one, two = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    spent = np.empty(len(rows.budgets), dtype=np.int64)
    durations, demand = np.empty(n, dtype=np.int64), np.empty((n, words), dtype=np.int64)
    lag = np.empty(len(fore.gap), dtype=np.int64)
    while tally[USED] < until and (tally[BEST] == NONE or tally[BEST] > enough):
        grown = tally[SIZE] == most
        if grown:
            _cross(population, chosen, most, choices[0], order, row, one, state)
            move_some(order, back.ptr, back.before, np.int64(moves[0] + draw(state, 1000) / 1000), state, one)
            changes = np.int64(choices[2] / 1000 + moves[0] + draw(state, 1000) / 1000)
            change_some(row, rows.ptr, changes, state)
        else:
            sample_list(tails, fore.ptr, fore.before, back.ptr, back.before, state, one, two, heads)
            for k in range(n):
                order[k] = heads[n - 1 - k]
            _first_rows(rows, row, tally[SIZE] % 2 == 0, state)
        spend(row, rows.spending, spent)
        length = EXCEEDS + repair(row, rows.ptr, rows.spending, rows.budgets, rows.durations, spent, 20 * n, state)
        tally[USED] += 1
        if length == EXCEEDS:
            length = place_in_rows(order, row, rows, back, durations, demand, lag, free, start)
            turn(fore.order, start, durations, length, False, heads, order)
            asked = choices[3] if draw(state, 1000) < choices[4] else 0
            length = place_choosing(order, row, rows, fore, asked, spent, durations, demand, free, start, state)
            tally[USED] += 1
            if tally[BEST] == NONE or length < tally[BEST]:
                tally[BEST] = length
                best[:] = start
                best_row[:] = row
            turn(back.order, start, durations, length, False, heads, order)
        mark = _fingerprint(order, row, length)
        met = known(seen, mark)
        if not grown:
            victim = tally[SIZE]
            tally[SIZE] += 1
        else:
            moves[0] = min(n / 5.0, moves[0] + 0.01 * choices[1]) if met else moves[0] * 0.99
            victim = worst_of_four(fitness, most, state)
        if length <= fitness[victim] and not (grown and met):
            remember(seen, mark)
            population[victim], chosen[victim], fitness[victim] = order, row, length


@njit(cache=True, nogil=True)
def _first_rows(rows, row, shortest, state):  # type: ignore[no-untyped-def]
    """Modes at random; every second individual the shorter of two drawn."""
    for i in range(len(row)):
        first, count = rows.ptr[i], rows.ptr[i + 1] - rows.ptr[i]
        row[i] = first + draw(state, count)
        other = first + draw(state, count)
        if shortest and rows.durations[other] < rows.durations[row[i]]:
            row[i] = other


@njit(cache=True, nogil=True)
def _cross(population, chosen, most, keep_part, order, row, part, state):  # type: ignore[no-untyped-def]
    """A child's list in ``order`` and rows in ``row``, of two individuals drawn alike."""
    n = len(order)
    mother = draw(state, most)
    father = (mother + 1 + draw(state, max(1, most - 1))) % most
    if draw(state, 1000) < keep_part:
        kept = n * 15 // 100 + draw(state, n * 55 // 100 + 1)
        low = draw(state, n - kept + 1)
        keep_middle(population[mother], population[father], low, low + kept, order, part)
        for i in range(n):
            row[i] = chosen[mother, i] if part[i] == 1 else chosen[father, i]
    else:
        two_points(population[mother], population[father], order, part, state)
        for i in range(n):
            row[i] = chosen[mother, i] if part[i] == 0 else chosen[father, i]


@njit(cache=True, nogil=True)
def _fingerprint(order, row, length):  # type: ignore[no-untyped-def]
    mixed = np.uint64(1469598103934665603) ^ np.uint64(length)
    for k in range(len(order)):
        mixed = (mixed ^ (np.uint64(order[k]) << np.uint64(32)) ^ np.uint64(row[k])) * np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(29)
    return mixed


@dataclass(frozen=True, slots=True)
class ModeParams:
    """How the search spends its budget; tuned on PSPLIB and MMLIB instances no timed benchmark takes."""

    lists: GeneticParams = field(default_factory=lambda: GeneticParams(spread=1.2))
    """Size of the population and treatment of orders."""
    changes: int = 500
    """Modes drawn anew a child, in thousandths."""
    asked: int = 300
    """Of 1000 activities, how many take the mode in which they finish first, in children that do so."""
    choosing: int = 600
    """Of 1000 children, how many do so."""


class ModeGenetic(Evolution):
    """A population that can be continued; ``expected`` schedules in all decide how large it is."""

    def __init__(self, packed: ModePacked, seed: int, expected: float, params: ModeParams | None = None) -> None:
        self.packed, self.params = packed, params or ModeParams()
        n, most = packed.size, self.params.lists.population(expected, packed.size)
        super().__init__(most, n, seed)
        self.chosen, self.row = np.zeros((most, n), dtype=np.int64), np.zeros(n, dtype=np.int64)
        self.tails = packed.tails + packed.shortest

    @property
    def modes(self) -> Ints:
        """Of the best schedule: each activity's mode, counted from 0 among its own."""
        return self.row - self.packed.rows.ptr[:-1]

    def run(self, schedules: int, enough: int = 0) -> int:
        """Continue until so many passes in all are built, or the makespan is ``enough``; the makespan."""
        packed, lists = self.packed, self.params.lists
        choices = (lists.keep_part, lists.gain, self.params.changes, self.params.asked, self.params.choosing)
        evolve(
            packed.rows, packed.forward, packed.backward, self.tails, self.population, self.chosen, self.fitness,
            self.seen, self.best, self.row, self.tally, self.moves, schedules, enough, choices,
            max(packed.horizon, packed.size) + 2, self.state,
        )  # fmt: skip
        return self.makespan

    def run_until(self, deadline_s: float, enough: int = 0) -> int:
        """Continue until :func:`time.perf_counter` passes ``deadline_s`` or the makespan is ``enough``."""
        chunk = max(3, self.params.lists.chunk * 100 // max(1, self.packed.size))
        while (self.makespan == NONE or self.makespan > enough) and perf_counter() < deadline_s:
            self.run(self.schedules + chunk, enough)
        return self.makespan

    def adopt(self, starts: Ints, modes: Ints) -> None:
        """Take a schedule found elsewhere; it becomes the best if it is shorter, and one of the population."""
        packed = self.packed
        row = packed.rows.ptr[:-1] + modes
        durations = packed.rows.durations[row]
        length = int((starts + durations).max(initial=0))
        if self.makespan != NONE and length >= self.makespan:
            return
        self.best[:], self.row[:], self.tally[BEST] = starts, row, length
        if self.tally[SIZE] == len(self.fitness):
            worst = int(self.fitness.argmax())
            heads = np.empty(length + 2, dtype=np.int64)
            turn(packed.backward.order, starts, durations, length, False, heads, self.population[worst])
            self.chosen[worst], self.fitness[worst] = row, length
