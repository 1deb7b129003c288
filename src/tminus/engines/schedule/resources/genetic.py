"""Genetic search over activity lists, every child justified backward and forward.

Individuals are left-justified schedules, kept as the list their backward pass would take. Two of them are crossed in
that list, the child is built from the end (one schedule), then pushed to the left (another): double justification
without a forward pass of its own, so a budget of schedules buys half again as many children. A child that was met
before, in either pass, is not taken and makes later ones move more activities, so the search cannot settle. Of equally
long schedules the one whose work lies earlier is the better. The population shrinks as the budget is spent: first many
orders, then more children of the best. With few activities a child takes the place of its worse parent, which keeps the
population apart for longer, with many that of the worst of four. Sources: Cavicchio (1970) for parents that give way,
Hartmann (1998) for the two-point crossover, Valls et al. (2008) for keeping a stretch of the mother, Tanabe & Fukunaga
(2014) for shrinking (in differential evolution).
"""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.resources.genetic_params import GeneticParams, usual_params
from tminus.engines.schedule.resources.packed import WHOLE, Packed, earliest, shares_of_work
from tminus.engines.schedule.resources.serial import place, turn

NONE, SIZE, USED, BEST = -1, 0, 1, 2
"""Places of ``tally``: individuals so far, schedules built so far, shortest makespan (−1 before the first)."""

NEVER = 1 << 60
"""Worth of an individual that is not there yet."""


@njit(cache=True, nogil=True, inline="always")
def draw(state, below):  # type: ignore[no-untyped-def]
    """A whole number in ``0 … below − 1``; xorshift64* (Vigna 2016)."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return np.int64(((x * np.uint64(2685821657736338717)) >> np.uint64(33)) % np.uint64(below))


@njit(cache=True, nogil=True)
def two_points(mother, father, child, taken, state):  # type: ignore[no-untyped-def]
    n = len(mother)
    a, b = draw(state, n + 1), draw(state, n + 1)
    low, high = min(a, b), max(a, b)
    taken[:] = 0
    for k in range(low):
        child[k] = mother[k]
        taken[mother[k]] = 1
    k = low
    for at in range(n):
        if k == high:
            break
        i = father[at]
        if taken[i] == 0:
            child[k] = i
            taken[i] = 1
            k += 1
    for at in range(low, n):
        i = mother[at]
        if taken[i] == 0:
            child[k] = i
            k += 1


@njit(cache=True, nogil=True)
def keep_middle(mother, father, low, high, child, part):  # type: ignore[no-untyped-def]
    """The mother's stretch ``low … high`` stays; what lies before and after it is ordered as in the father."""
    n = len(mother)
    for k in range(n):
        part[mother[k]] = 0 if k < low else (1 if k < high else 2)
        child[k] = mother[k]
    before, after = 0, high
    for at in range(n):
        i = father[at]
        if part[i] == 0:
            child[before] = i
            before += 1
        elif part[i] == 2:
            child[after] = i
            after += 1


@njit(cache=True, nogil=True)
def sample_list(tails, ptr, before, out_ptr, after, state, wait, eligible, order):  # type: ignore[no-untyped-def]
    """A random list that favours what has much to follow: of two eligible activities the one with more comes next."""
    n, m = len(tails), 0
    for i in range(n):
        wait[i] = ptr[i + 1] - ptr[i]
        if wait[i] == 0:
            eligible[m] = i
            m += 1
    for k in range(n):
        c = draw(state, m)
        other = draw(state, m)
        if tails[eligible[other]] > tails[eligible[c]]:
            c = other
        i = eligible[c]
        m -= 1
        eligible[c] = eligible[m]
        order[k] = i
        for e in range(out_ptr[i], out_ptr[i + 1]):
            wait[after[e]] -= 1
            if wait[after[e]] == 0:
                eligible[m] = after[e]
                m += 1


@njit(cache=True, nogil=True)
def fingerprint(start):  # type: ignore[no-untyped-def]
    """Equal schedules have equal numbers; different ones hardly ever (FNV-like mixing of the starts)."""
    mixed = np.uint64(1469598103934665603)
    for i in range(len(start)):
        mixed = (mixed ^ np.uint64(start[i])) * np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(29)
    return mixed


@njit(cache=True, nogil=True)
def move_some(order, ptr, before, moves, state, marked):  # type: ignore[no-untyped-def]
    """Put so many activities elsewhere between the last they wait for and the first that waits for them."""
    n = len(order)
    marked[:] = -1
    for _ in range(moves):
        k = draw(state, n)
        i = order[k]
        for e in range(ptr[i], ptr[i + 1]):
            marked[before[e]] = i
        low, high = k, k
        while low > 0 and marked[order[low - 1]] != i:
            low -= 1
        while high < n - 1:
            j, waits = order[high + 1], False
            for e in range(ptr[j], ptr[j + 1]):
                waits |= before[e] == i
            if waits:
                break
            high += 1
        to = low + draw(state, high - low + 1)
        for at in range(k, to, -1):
            order[at] = order[at - 1]
        for at in range(k, to):
            order[at] = order[at + 1]
        order[to] = i


@njit(cache=True, nogil=True)
def worth(start, shares, length):  # type: ignore[no-untyped-def]
    """Less is better: the makespan, in :data:`.packed.WHOLE` steps a slot, and how late the work lies in it."""
    moment = 0
    for i in range(len(start)):
        moment += shares[i] * start[i]
    return length * WHOLE + moment // max(1, length)


@njit(cache=True, nogil=True)
def known(seen, mark):  # type: ignore[no-untyped-def]
    """Whether a schedule of this fingerprint was met; a later one in the same cell makes it forgotten."""
    return seen[np.int64(mark & np.uint64(len(seen) - 1))] == mark


@njit(cache=True, nogil=True)
def remember(seen, mark):  # type: ignore[no-untyped-def]
    seen[np.int64(mark & np.uint64(len(seen) - 1))] = mark


@njit(cache=True, nogil=True)
def evolve(  # type: ignore[no-untyped-def]
    durations, fore, fore_ptr, fore_before, fore_lag, back, back_ptr, back_before, back_lag,
    demand, capacity, guard, by_start, tails, shares, population, fitness, seen, best, tally, moves,
    until, enough, expected, left, bend, keep_part, gain, hopeless, parents, slots, state,
):  # fmt: skip
    """Build schedules until ``tally[USED]`` reaches ``until`` or the best is as short as ``enough``.

    ``population`` (P, n) lists for the backward pass, ``fitness`` (P,) of :func:`worth`, ``seen`` (a power of two,)
    marks of schedules met, ``best`` (n,) starts of the shortest, ``tally`` (3,), ``moves`` (1,) activities moved a
    child: all go on where the last call left them. Of P individuals ``left`` are left when ``expected`` schedules are
    built, by a curve that ``bend`` bends. Of 1000 children ``keep_part`` keep a stretch of their mother, the rest come
    of two points. A child whose first pass is longer than both its parents by more than ``hopeless`` thousandths gets
    no second. With ``parents`` the worse parent gives way, else the worst of four. Every pass counts as a schedule.
    """
    n = len(durations)
    free = np.empty((slots, len(capacity)), dtype=np.int64)
    heads = np.empty(slots + 2, dtype=np.int64)
    start, order = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    one, two = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64)
    worse = 0
    while tally[USED] < until and (tally[BEST] == NONE or tally[BEST] > enough):
        grown = _shrink(population, fitness, tally, left, expected, bend)
        if not grown:
            sample_list(tails, fore_ptr, fore_before, back_ptr, back_before, state, one, two, order)
            length = place(order, durations, fore_ptr, fore_before, fore_lag, demand, capacity, guard, free, start)
            tally[USED] += 1
            turn(back, start, durations, length, by_start, heads, order)
        else:
            worse = _cross(population, fitness, tally[SIZE], keep_part, order, one, state)
            count = np.int64(moves[0] + draw(state, 1000) / 1000)
            move_some(order, back_ptr, back_before, count, state, one)
        length = place(order, durations, back_ptr, back_before, back_lag, demand, capacity, guard, free, start)
        tally[USED] += 1
        mark = fingerprint(start)
        met = grown and known(seen, mark)
        if grown:
            remember(seen, mark)
        if grown and not met and 1000 * length > (fitness[worse] // WHOLE) * (1000 + hopeless):
            moves[0] *= 0.99
            continue
        if not met:
            turn(fore, start, durations, length, False, heads, order)
            length = place(order, durations, fore_ptr, fore_before, fore_lag, demand, capacity, guard, free, start)
            tally[USED] += 1
            if tally[BEST] == NONE or length < tally[BEST]:
                tally[BEST] = length
                best[:] = start
            mark = fingerprint(start)
            met = known(seen, mark)
        if grown:
            moves[0] = min(n / 5.0, moves[0] + 0.01 * gain) if met else moves[0] * 0.99
            if met:
                continue
            victim = worse if parents else worst_of_four(fitness, tally[SIZE], state)
        else:
            victim = tally[SIZE]
            tally[SIZE] += 1
        value = worth(start, shares, length)
        if value <= fitness[victim]:
            remember(seen, mark)
            turn(back, start, durations, length, by_start, heads, order)
            population[victim], fitness[victim] = order, value


@njit(cache=True, nogil=True)
def _shrink(population, fitness, tally, left, expected, bend):  # type: ignore[no-untyped-def]
    """Leave out the worst until there are no more than there shall be by now; whether there are as many."""
    most = len(fitness)
    room = max(left, most - np.int64((most - left) * min(1.0, tally[USED] / expected) ** bend))
    while tally[SIZE] > room:
        worst, last = fitness[: tally[SIZE]].argmax(), tally[SIZE] - 1
        population[worst], fitness[worst] = population[last], fitness[last]
        fitness[last] = NEVER
        tally[SIZE] = last
    return tally[SIZE] == room


@njit(cache=True, nogil=True)
def _cross(population, fitness, most, keep_part, order, scratch, state):  # type: ignore[no-untyped-def]
    """A child's list in ``order``, of two individuals drawn alike: selection works by who is replaced.

    Returns the worse of them.
    """
    n = len(order)
    mother = draw(state, most)
    father = (mother + 1 + draw(state, max(1, most - 1))) % most
    if draw(state, 1000) < keep_part:
        kept = n * 15 // 100 + draw(state, n * 55 // 100 + 1)
        low = draw(state, n - kept + 1)
        keep_middle(population[mother], population[father], low, low + kept, order, scratch)
    else:
        two_points(population[mother], population[father], order, scratch, state)
    return mother if fitness[mother] > fitness[father] else father


@njit(cache=True, nogil=True)
def worst_of_four(fitness, size, state):  # type: ignore[no-untyped-def]
    """Of the first so many individuals."""
    victim = draw(state, size)
    for _ in range(3):
        other = draw(state, size)
        if fitness[other] > fitness[victim]:
            victim = other
    return victim


SCHEDULE_NS = 60.0
"""Expected time of a schedule, an activity, in nanoseconds; only sizes populations where the budget is in seconds."""

MARKS = 1 << 17
"""Schedules remembered."""


class Evolution:
    """What searches in one and in several modes keep: lists and their worth, schedules met, counts, random numbers."""

    def __init__(self, most: int, size: int, seed: int) -> None:
        self.population = np.zeros((most, size), dtype=np.int64)
        self.fitness = np.full(most, NEVER, dtype=np.int64)
        self.seen = np.zeros(MARKS, dtype=np.uint64)
        self.best = np.zeros(size, dtype=np.int64)
        self.tally = np.array([0, 0, NONE], dtype=np.int64)
        self.moves = np.zeros(1)
        mixed = (seed * 0x9E3779B97F4A7C15 + 0x2545F4914F6CDD1D) % (1 << 64)
        self.state = np.array([mixed or 1], dtype=np.uint64)  # xorshift never leaves zero

    @property
    def makespan(self) -> int:
        """Of the best schedule so far, in slots; −1 before the first."""
        return int(self.tally[BEST])

    @property
    def schedules(self) -> int:
        """Passes built, and lists of modes given up, so far."""
        return int(self.tally[USED])


class Genetic(Evolution):
    """A population that can be continued; ``expected`` schedules in all decide how large it is.

    Without ``params`` those of :func:`usual_params`.
    """

    def __init__(self, packed: Packed, seed: int, expected: float, params: GeneticParams | None = None) -> None:
        self.packed, self.params = packed, params or usual_params(packed.size)
        most = self.params.population(expected, packed.size)
        super().__init__(most, packed.size, seed)
        self.searched_s = 0.0
        self.tails, self.shares = earliest(packed.backward) + packed.durations, shares_of_work(packed)
        self.expected, self.left = max(1.0, expected), max(4, int(most * self.params.left))

    def run(self, schedules: int, enough: int = 0) -> int:
        """Continue until so many passes in all are built, or the makespan is ``enough``; the makespan."""
        packed, given, fore, back = self.packed, self.params, self.packed.forward, self.packed.backward
        evolve(
            packed.durations, fore.order, fore.ptr, fore.before, fore.lag,
            back.order, back.ptr, back.before, back.lag, packed.demand, packed.capacity, packed.guard,
            not packed.finish_to_start, self.tails, self.shares, self.population, self.fitness, self.seen, self.best,
            self.tally, self.moves, schedules, enough, self.expected, self.left, given.bend,
            given.keep_part, given.gain, given.hopeless, given.parents_give_way, packed.horizon + 2, self.state,
        )  # fmt: skip
        return self.makespan

    def run_until(self, deadline_s: float, enough: int = 0, later_s: float = 0.0) -> int:
        """Continue until :func:`time.perf_counter` passes ``deadline_s`` or the makespan is ``enough``.

        At least one schedule there will be, however late it is. After the deadline ``later_s`` seconds of search will
        follow: the population shrinks by what that promises.
        """
        chunk = max(30, self.params.chunk * 100 // max(1, self.packed.size))
        while self.makespan == NONE or (self.makespan > enough and perf_counter() < deadline_s):
            began = perf_counter()
            self.run(self.schedules + (3 if self.makespan == NONE else chunk), enough)
            self.searched_s += perf_counter() - began
            left_s = max(0.0, deadline_s - perf_counter()) + later_s
            self.expected = self.schedules * (1 + left_s / self.searched_s)
        return self.makespan

    def adopt(self, starts: NDArray[np.int64]) -> None:
        """Take a schedule found elsewhere; it becomes the best if it is shorter, and one of the population."""
        packed = self.packed
        length = int((starts + packed.durations).max(initial=0))
        if self.makespan != NONE and length >= self.makespan:
            return
        self.best[:], self.tally[BEST] = starts, length
        if size := int(self.tally[SIZE]):
            heads = np.empty(length + 2, dtype=np.int64)
            worst = int(self.fitness[:size].argmax())
            by_start = not packed.finish_to_start
            turn(packed.backward.order, starts, packed.durations, length, by_start, heads, self.population[worst])
            self.fitness[worst] = worth(starts, self.shares, length)
