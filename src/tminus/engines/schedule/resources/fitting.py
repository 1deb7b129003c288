"""Parallel generation for thousands of activities whose resources are short alike: what fits together goes together.

At every instant at which something ends, sets of waiting activities are built and the set that leaves least idle
starts. A set grows from each of the most promising activities by what fills the rest best: the least sum of squares of
what stays free, as in vector packing (Panigrahy, Talwar, Uyeda & Wieder 2011), each resource weighed by the work still
to come on it. Long tails speak for an activity and for a set, else the end would wait for chains begun late.

Time goes on in short parts; each may be tried several times with other figures of choice, and the try that leaves the
least weighed work goes on. Luck of many parts adds up; that of whole schedules hardly shows.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.resources.genetic import draw
from tminus.engines.schedule.resources.packed import Packed, network_of
from tminus.engines.schedule.resources.problem import Ints, Problem

Floats = NDArray[np.float64]

MOST_IN_SET = 64
GAVE_UP = -1

PART = 5.0
"""Length of a part, in mean durations."""

LAST_PART = 0.02
"""Of all work, what is not parted any more: near the end work alone does not tell which try is best."""

FAR = 1 << 60
"""After every instant."""


class Fitted(NamedTuple):
    """A problem as :func:`fit` wants it."""

    durations: Ints
    demands: Ints
    capacities: Ints
    share: Floats
    """(n, resources) demand over capacity"""
    ptr: Ints
    after: Ints
    lag: Ints
    """Who waits for an activity, and how long after its start."""
    waits: Ints
    """For how many each one waits."""
    urgency: Floats
    """Tail with the activity itself, in mean durations."""


class Choice(NamedTuple):
    """How sets are chosen; figures of the first are those of 10,000 activities × 4 with a seed no benchmark takes."""

    tail_of_one: float = 0.00275
    """Worth of a mean duration of tail against a squared share left free, when activities are compared."""
    tail_of_set: float = 0.0055
    """Likewise, of a set's mean tail against a share left free."""
    power: float = 10.0
    """Weight of a resource: its work to come over the most of any, to this power."""
    tried: int = 16
    """Sets compared at each instant."""


LEAST_TRIED, MOST_TRIED = 4, 40
"""Sets compared at each instant, when figures are drawn."""


def prepare(problem: Problem, packed: Packed, tails: Ints) -> Fitted:
    """``tails`` as of :func:`.packed.earliest` backward, the activity's own duration included."""
    follow = network_of(problem.size, problem.succ, problem.pred, problem.lag)  # rows by predecessor
    mean = max(1.0, float(problem.durations.mean()))
    demands = np.where((problem.durations > 0)[:, None], problem.demands, 0)
    return Fitted(
        packed.durations,
        demands,
        problem.capacities,
        demands / np.maximum(1, problem.capacities),
        follow.ptr,
        follow.before,
        follow.lag,
        np.bincount(problem.succ, minlength=problem.size),
        tails / mean,
    )


class _Until(NamedTuple):
    """A schedule up to an instant."""

    waits: Ints
    ready: Ints
    waiting: Ints
    used: NDArray[np.bool_]
    free: Ints
    work: Floats
    """Of each resource, what has not begun, in slots of its whole capacity."""
    start: Ints
    tally: Ints
    """How many wait, how many are left, the last finish."""


WAITING, LEFT, LAST = 0, 1, 2


@njit(cache=True, nogil=True)
def fit(given, choice, tries, most_work, state, start):  # type: ignore[no-untyped-def]
    """Fill ``start``; the last finish, or ``GAVE_UP`` once more than ``most_work`` comparisons were made, and how many.

    Each part is tried so many times, the first time with ``choice`` itself, else with figures drawn about it.
    """
    n, resources = given.demands.shape
    at = _nothing(given)
    events = [(np.int64(0), np.int64(j)) for j in range(n) if at.waits[j] == 0]
    scratch, chosen, price = np.empty(n, dtype=np.int64), np.empty(MOST_IN_SET, dtype=np.int64), np.ones(resources)
    least = LAST_PART * _most(at.work)
    length: Any = max(1, np.int64(PART * given.durations.mean()))
    until, spent = 0, 0
    while at.tally[LEFT] > 0 and len(events) > 0:
        until = until + length if tries > 1 and _most(at.work) > least else FAR
        before, events_before, lowest = at, events, np.inf
        _weigh(before.work, choice.power, price)
        weights = price.copy()
        for k in range(tries if until < FAR else 1):
            other = _copy(before)
            its = events_before.copy()
            spent += _advance(given, _near(choice, k, state), until, other, its, scratch, chosen, price)
            left = _work_left(given, other, its, until, weights)
            if k == 0 or left < lowest:
                at, events, lowest = other, its, left
        if spent > most_work:
            return GAVE_UP, spent
    start[:] = at.start
    return at.tally[LAST], spent


@njit(cache=True, nogil=True)
def _nothing(given):  # type: ignore[no-untyped-def]
    n, resources = given.demands.shape
    work = np.zeros(resources)
    for j in range(n):
        for r in range(resources):
            work[r] += given.share[j, r] * given.durations[j]
    return _Until(
        given.waits.copy(),
        np.zeros(n, dtype=np.int64),
        np.empty(n, dtype=np.int64),
        np.zeros(n, dtype=np.bool_),
        given.capacities.copy(),
        work,
        np.zeros(n, dtype=np.int64),
        np.array([0, n, 0], dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def _copy(at):  # type: ignore[no-untyped-def]
    return _Until(
        at.waits.copy(),
        at.ready.copy(),
        at.waiting.copy(),
        at.used.copy(),
        at.free.copy(),
        at.work.copy(),
        at.start.copy(),
        at.tally.copy(),
    )


@njit(cache=True, nogil=True)
def _near(choice, k, state):  # type: ignore[no-untyped-def]
    if k == 0:
        return choice
    tried: Any = min(MOST_TRIED, max(LEAST_TRIED, np.int64(choice.tried * _factor(1.0, state))))
    of_one, of_set = choice.tail_of_one * _factor(0.5, state), choice.tail_of_set * _factor(0.5, state)
    return Choice(of_one, of_set, choice.power * _factor(0.5, state), tried)


@njit(cache=True, nogil=True)
def _factor(wide, state):  # type: ignore[no-untyped-def]
    return 2.0 ** (wide * (draw(state, 2001) - 1000) / 1000.0)


@njit(cache=True, nogil=True)
def _work_left(given, at, events, until, weights):  # type: ignore[no-untyped-def]
    """Weighed; of what runs at ``until``, the part after it counts as well."""
    n, total = len(given.durations), 0.0
    for r in range(len(weights)):
        total += weights[r] * at.work[r]
    for k in range(len(events)):
        finish, i = events[k]
        if i >= n:
            for r in range(len(weights)):
                total += weights[r] * given.share[i - n, r] * (finish - until)
    return total


@njit(cache=True, nogil=True)
def _advance(given, choice, until, at, events, fitting, chosen, price):  # type: ignore[no-untyped-def]
    """Go on to the last event before ``until``; how many comparisons that took."""
    n, spent = len(given.durations), 0
    while at.tally[LEFT] > 0 and len(events) > 0 and events[0][0] < until:
        t: Any = events[0][0]
        _take_events(given, t, at, events)
        count = at.tally[WAITING]
        _weigh(at.work, choice.power, price)
        fits = _what_fits(at.waiting, count, at.free, given, fitting)
        spent += count
        if fits > 0:
            found, looked = _best_set(fitting, fits, at.free, price, given, choice, at.used, chosen)
            spent += looked
            for k in range(found):
                i: Any = chosen[k]
                at.used[i] = True
                for r in range(len(price)):
                    at.free[r] -= given.demands[i, r]
                    at.work[r] -= given.share[i, r] * given.durations[i]
                _begin(i, t, given, at.waits, at.ready, at.start, events)
                heappush(events, (t + given.durations[i], n + i))
                at.tally[LAST] = max(at.tally[LAST], t + given.durations[i])
            at.tally[LEFT] -= found
            at.tally[WAITING] = _drop(at.waiting, count, at.used)
    return spent


@njit(cache=True, nogil=True)
def _take_events(given, t, at, events):  # type: ignore[no-untyped-def]
    """All of this instant: what has ended gives its units back, what may begin waits, what takes no time is done."""
    n = len(given.durations)
    while len(events) > 0 and events[0][0] == t:
        _, top = heappop(events)
        i: Any = top
        if i >= n:
            for r in range(len(at.free)):
                at.free[r] += given.demands[i - n, r]
        elif given.durations[i] == 0:
            at.tally[LEFT] -= 1
            at.tally[LAST] = max(at.tally[LAST], t)
            _begin(i, t, given, at.waits, at.ready, at.start, events)
        else:
            at.waiting[at.tally[WAITING]] = i
            at.tally[WAITING] += 1


@njit(cache=True, nogil=True)
def _begin(i, t, given, waits, ready, start, events):  # type: ignore[no-untyped-def]
    """Start it and tell those that wait for it."""
    start[i] = t
    for e in range(given.ptr[i], given.ptr[i + 1]):
        j = given.after[e]
        ready[j] = max(ready[j], t + given.lag[e])
        waits[j] -= 1
        if waits[j] == 0:
            heappush(events, (ready[j], j))


@njit(cache=True, nogil=True)
def _most(work):  # type: ignore[no-untyped-def]
    most = 0.0
    for r in range(len(work)):
        most = max(most, work[r])
    return most


@njit(cache=True, nogil=True)
def _weigh(work, power, price):  # type: ignore[no-untyped-def]
    most = _most(work)
    for r in range(len(work)):
        price[r] = (max(0.0, work[r]) / most) ** power if most > 0 else 1.0


@njit(cache=True, nogil=True)
def _what_fits(waiting, count, free, given, fitting):  # type: ignore[no-untyped-def]
    fits = 0
    for k in range(count):
        if _has_room(waiting[k], free, given):
            fitting[fits] = waiting[k]
            fits += 1
    return fits


@njit(cache=True, nogil=True, inline="always")
def _has_room(i, free, given):  # type: ignore[no-untyped-def]
    room = True
    for r in range(len(free)):
        room &= given.demands[i, r] <= free[r]
    return room


@njit(cache=True, nogil=True, inline="always")
def _worth(i, free, price, given, tail_of_one):  # type: ignore[no-untyped-def]
    worth = tail_of_one * given.urgency[i]
    for r in range(len(free)):
        rest = (free[r] - given.demands[i, r]) / max(1, given.capacities[r])
        worth -= price[r] * rest * rest
    return worth


@njit(cache=True, nogil=True)
def _promising(fitting, fits, free, price, given, choice):  # type: ignore[no-untyped-def]
    """The activities of most worth, in no order."""
    most = min(choice.tried, fits)
    top, worths = np.empty(most, dtype=np.int64), np.empty(most)
    held = 0
    lowest: Any = 0
    for k in range(fits):
        worth = _worth(fitting[k], free, price, given, choice.tail_of_one)
        if held < most:
            top[held], worths[held] = fitting[k], worth
            held += 1
            lowest = worths[:held].argmin()
        elif worth > worths[lowest]:
            top[lowest], worths[lowest] = fitting[k], worth
            lowest = worths.argmin()
    return top


@njit(cache=True, nogil=True)
def _best_set(fitting, fits, free, price, given, choice, used, chosen):  # type: ignore[no-untyped-def]
    """The set that leaves least idle, into ``chosen``; its size, and how many comparisons that took."""
    best, size, looked = -np.inf, 0, fits
    own, rest = np.empty(MOST_IN_SET, dtype=np.int64), free.copy()
    for first in _promising(fitting, fits, free, price, given, choice):
        rest[:] = free
        count, tail, following = 0, 0.0, first
        while following >= 0:
            own[count] = following
            used[following] = True
            tail += given.urgency[following]
            for r in range(len(rest)):
                rest[r] -= given.demands[following, r]
            count += 1
            following = _best_filler(fitting, fits, rest, price, given, choice, used) if count < MOST_IN_SET else -1
            looked += fits
        worth = choice.tail_of_set * tail / count
        for r in range(len(rest)):
            worth -= price[r] * rest[r] / max(1, given.capacities[r])
        for k in range(count):
            used[own[k]] = False
        if worth > best:
            best, size = worth, count
            chosen[:count] = own[:count]
    return size, looked


@njit(cache=True, nogil=True)
def _best_filler(fitting, fits, free, price, given, choice, used):  # type: ignore[no-untyped-def]
    best, found = -np.inf, -1
    for k in range(fits):
        i = fitting[k]
        if not used[i] and _has_room(i, free, given):
            worth = _worth(i, free, price, given, choice.tail_of_one)
            if worth > best:
                best, found = worth, i
    return found


@njit(cache=True, nogil=True)
def _drop(waiting, count, used):  # type: ignore[no-untyped-def]
    """Leave out what has begun; how many are left."""
    kept = 0
    for k in range(count):
        if not used[waiting[k]]:
            waiting[kept] = waiting[k]
            kept += 1
    return kept
