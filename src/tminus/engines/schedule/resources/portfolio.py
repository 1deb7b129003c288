"""Thousands of activities: a first schedule at once, then passes from both ends in slightly shaken order.

Every pass orders activities by where the last one left them (double justification, which never lengthens). Shaking
each place by a random number of slots lets passes fill gaps that the same order would leave again; what comes out no
longer is the next to be shaken.
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numba import njit

from tminus.engines.schedule.resources.fitting import GAVE_UP, Choice, Fitted, fit, prepare
from tminus.engines.schedule.resources.genetic import draw
from tminus.engines.schedule.resources.packed import Packed, classes_of, earliest, pack
from tminus.engines.schedule.resources.problem import Ints, Problem
from tminus.engines.schedule.resources.serial import place, place_far, turn


@njit(cache=True, nogil=True)
def shaken(base, ptr, before, start, durations, makespan, by_start, most, state, key, heads, order):  # type: ignore[no-untyped-def]
    """As :func:`.serial.turn`, each key shaken by up to ``most`` slots and then put after those it waits for."""
    for k in range(len(base)):
        i = base[k]
        key[i] = makespan - start[i] - (0 if by_start else durations[i]) + draw(state, most + 1)
        for e in range(ptr[i], ptr[i + 1]):
            key[i] = max(key[i], key[before[e]])
    for t in range(makespan + most + 2):
        heads[t] = 0
    for i in range(len(base)):
        heads[key[i] + 1] += 1
    for t in range(1, makespan + most + 2):
        heads[t] += heads[t - 1]
    for k in range(len(base)):
        i = base[k]
        order[heads[key[i]]] = i
        heads[key[i]] += 1


class Portfolio:
    """A schedule of a large problem, improved as long as there is time."""

    def __init__(self, problem: Problem, packed: Packed, seed: int = 0) -> None:
        self.problem, self.packed = problem, packed
        self.tails = earliest(packed.backward) + packed.durations
        self.slots = packed.horizon + 2
        self.free = np.empty((self.slots, len(packed.capacity)), dtype=np.int64)
        self.heads = np.empty(self.slots + 1000, dtype=np.int64)
        self.order, self.key = np.empty(packed.size, dtype=np.int64), np.empty(packed.size, dtype=np.int64)
        self.state = np.array([(seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % (1 << 64) or 1], dtype=np.uint64)
        self.start = np.zeros(packed.size, dtype=np.int64)
        self.schedules = self.rounds = 0
        self.makespan = self._first()
        self.best = self.start.copy()
        self.classes: tuple[Ints, Ints, Ints] | None = None
        self.fitted: Fitted | None = None
        self.choice = Choice()
        self.fits = 0

    def _first(self) -> int:
        """By greatest tail: what has most to follow comes first."""
        packed, way = self.packed, self.packed.forward
        order = way.order[np.argsort(-self.tails[way.order], kind="stable")]
        self.schedules += 1
        return int(
            place(
                order, packed.durations, way.ptr, way.before, way.lag,
                packed.demand, packed.capacity, packed.guard, self.free, self.start,
            )
        )  # fmt: skip

    def run_until(self, deadline_s: float, enough: int) -> int:
        """Improve until :func:`time.perf_counter` passes ``deadline_s`` or the makespan is ``enough``; the makespan."""
        began = perf_counter()
        until = began + FITTING_PART * (deadline_s - began) * (self.packed.size <= MOST_FITTED)
        while self.makespan > enough and perf_counter() < deadline_s:
            left = until - perf_counter()
            if self.rounds >= 2 and left > 0 and not self.fit(left * COMPARISONS_A_SECOND):
                until = began  # such problems take too long to fit together
            else:
                self._round()
        return self.makespan

    def run(self, schedules: int, enough: int) -> int:
        """Improve until so many passes in all are built or the makespan is ``enough``; the makespan."""
        while self.makespan > enough and self.schedules + 2 <= schedules:
            if self.rounds == 2 and self.fits == 0 and self.packed.size <= MOST_FITTED:
                self.fit(MOST_COMPARISONS)
            else:
                self._round()
        return self.makespan

    def fit(self, comparisons: float) -> bool:
        """Generate once by what fits together; ``False``: that would take more comparisons than these."""
        if self.fitted is None:
            self.fitted = prepare(self.problem, self.packed, self.tails)
        choice = self._varied() if self.fits else self.choice
        self.fits += 1
        self.schedules += 1
        start = np.zeros(self.packed.size, dtype=np.int64)
        length = int(fit(self.fitted, choice, comparisons, start))
        if length != GAVE_UP and length <= self.makespan:
            self.makespan, self.choice = length, choice
            self.best[:], self.start[:] = start, start
        return length != GAVE_UP

    def _varied(self) -> Choice:
        """Other figures near the best so far: half to twice as much."""

        def factor() -> float:
            return float(2 ** ((draw(self.state, 2001) - 1000) / 1000))

        old = self.choice
        tried = int(np.clip(round(old.tried * factor()), 4, 40))
        return Choice(old.tail_of_one * factor(), old.tail_of_set * factor(), old.power * factor(), tried)

    def _round(self) -> None:
        most = 0 if self.rounds < 2 else int(draw(self.state, SHAKES[self.rounds % len(SHAKES)] + 1))
        self.rounds += 1
        length = self._pass(False, self.makespan, most)
        length = self._pass(True, length, 0)
        if length <= self.makespan:
            self.makespan = length
            self.best[:] = self.start
        else:
            self.start[:] = self.best

    def _pass(self, forward: bool, length: int, most: int) -> int:
        packed = self.packed
        way = packed.forward if forward else packed.backward
        by_start = not forward and not packed.finish_to_start
        if most:
            shaken(
                way.order, way.ptr, way.before, self.start, packed.durations, length, by_start, most,
                self.state, self.key, self.heads, self.order,
            )  # fmt: skip
        else:
            turn(way.order, self.start, packed.durations, length, by_start, self.heads, self.order)
        if self.classes is None:  # not needed for the first schedule, which is wanted at once
            self.classes = classes_of(self.problem)
            self.first = np.zeros(len(self.classes[2]), dtype=np.int64)
        self.schedules += 1
        return int(
            place_far(
                self.order, packed.durations, way.ptr, way.before, way.lag, packed.demand, packed.capacity,
                packed.guard, *self.classes, self.first, self.free, self.start,
            )
        )  # fmt: skip


SHAKES = (2, 5, 10, 20, 50)
"""Greatest shakes, in slots, in turn."""

MOST_FITTED = 30_000
"""Activities up to which sets of all that waits are compared; at 100,000 that took longer than a budget of seconds."""

FITTING_PART = 0.8
"""Of the time, what generation by what fits together may take; passes and shakes get the rest."""

COMPARISONS_A_SECOND = 3e8
"""What a core makes of them; only tells beforehand whether there is time."""

MOST_COMPARISONS = 1e8
"""Where the budget is in schedules."""


def load(problem: Problem) -> None:
    """Compile or load the loops, whatever a problem of this kind needs, before a clock starts."""
    found = Portfolio(problem, pack(problem))
    found.fit(MOST_COMPARISONS)
    found._pass(False, found.makespan, 1)
    found._pass(True, found.makespan, 0)
