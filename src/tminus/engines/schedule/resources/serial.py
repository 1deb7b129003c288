"""The serial schedule generation scheme: activities in a given order, each as early as links and resources allow.

The same loop runs both ways: a backward pass is a forward pass over the reversed network in mirrored time. Kelley
(1963); double justification: Valls, Ballestín & Quintanilla, EJOR 165 (2005).
"""

from __future__ import annotations

from numba import njit


@njit(cache=True, nogil=True)
def place(order, durations, ptr, before, lag, demand, capacity, guard, free, start):  # type: ignore[no-untyped-def]
    """Fill ``start`` in the order given; returns the last finish. ``free`` (slots, words) is scratch.

    ``order`` names every activity after all it waits for. Slots of ``free`` must suffice for the worst schedule.
    """
    if len(capacity) == 1:
        return _place_one(order, durations, ptr, before, lag, demand, capacity[0], guard[0], free, start)
    return _place_many(order, durations, ptr, before, lag, demand, capacity, guard, free, start)


@njit(cache=True, nogil=True)
def _place_one(order, durations, ptr, before, lag, demand, capacity, guard, free, start):  # type: ignore[no-untyped-def]
    """All resources in one word."""
    last = 0  # slots up to here are initialised
    for k in range(len(order)):
        i = order[k]
        t = 0
        for e in range(ptr[i], ptr[i + 1]):
            t = max(t, start[before[e]] + lag[e])
        length, asked = durations[i], demand[i, 0]
        if asked != 0:
            t = _first_gap(free, last, t, length, asked, guard)
        start[i] = t
        until = t + length
        while last < until:
            free[last, 0] = capacity
            last += 1
        if asked != 0:
            for s in range(t, until):
                free[s, 0] -= asked
    return last


@njit(cache=True, nogil=True, inline="always")
def _first_gap(free, last, t, length, asked, guard):  # type: ignore[no-untyped-def]
    """The first start ≥ ``t`` from which ``length`` slots have room; beyond ``last`` everything is free."""
    run = 0
    s = t
    while run < length and s < last:
        if ((free[s, 0] | guard) - asked) & guard == guard:
            run += 1
        else:
            run = 0
            t = s + 1
        s += 1
    return t


@njit(cache=True, nogil=True)
def _place_many(order, durations, ptr, before, lag, demand, capacity, guard, free, start):  # type: ignore[no-untyped-def]
    words = len(capacity)
    last = 0
    for k in range(len(order)):
        i = order[k]
        t = 0
        for e in range(ptr[i], ptr[i + 1]):
            t = max(t, start[before[e]] + lag[e])
        length = durations[i]
        run, s = 0, t
        while run < length and s < last:
            run += 1
            for w in range(words):
                if ((free[s, w] | guard[w]) - demand[i, w]) & guard[w] != guard[w]:
                    run = 0
                    t = s + 1
                    break
            s += 1
        start[i] = t
        while last < t + length:
            for w in range(words):
                free[last, w] = capacity[w]
            last += 1
        for s in range(t, t + length):
            for w in range(words):
                free[s, w] -= demand[i, w]
    return last


@njit(cache=True, nogil=True)
def place_far(  # type: ignore[no-untyped-def]
    order, durations, ptr, before, lag, demand, capacity, guard, class_ptr, class_of, probes, first, free, start
):
    """As :func:`place`, for long schedules: stretches in which one resource alone leaves no room are never scanned.

    A class is a resource, a demand and a length, ``probes`` (classes, 4): word, demand in its field, the field's
    guard, slots. ``first`` (classes,) is the first start with room for it: what is free only falls while a schedule is
    built, so that only moves on. Activities look from the latest of the classes that are no harder than themselves.
    """
    words, last = len(capacity), 0
    first[:] = 0
    for k in range(len(order)):
        i = order[k]
        t = 0
        for e in range(ptr[i], ptr[i + 1]):
            t = max(t, start[before[e]] + lag[e])
        for e in range(class_ptr[i], class_ptr[i + 1]):
            c = class_of[e]
            w, asked, top, slots = probes[c, 0], probes[c, 1], probes[c, 2], probes[c, 3]
            run, s = 0, first[c]
            while run < slots and s < last:
                run = run + 1 if ((free[s, w] | top) - asked) & top else 0
                s += 1
            first[c] = s - run
            t = max(t, s - run)
        length = durations[i]
        run, s = 0, t
        while run < length and s < last:
            run += 1
            for w in range(words):
                if ((free[s, w] | guard[w]) - demand[i, w]) & guard[w] != guard[w]:
                    run = 0
                    t = s + 1
                    break
            s += 1
        start[i] = t
        while last < t + length:
            for w in range(words):
                free[last, w] = capacity[w]
            last += 1
        for s in range(t, t + length):
            for w in range(words):
                free[s, w] -= demand[i, w]
    return last


@njit(cache=True, nogil=True)
def turn(base, start, durations, makespan, by_start, heads, order):  # type: ignore[no-untyped-def]
    """The order of the opposite pass: decreasing finish (or start), equals as in ``base``.

    ``base`` is the opposite direction's topological order; ``heads`` (makespan + 2 or more) is scratch.
    """
    for t in range(makespan + 2):
        heads[t] = 0
    for k in range(len(base)):
        i = base[k]
        key = start[i] if by_start else start[i] + durations[i]
        heads[makespan - key + 1] += 1
    for t in range(1, makespan + 2):
        heads[t] += heads[t - 1]
    for k in range(len(base)):
        i = base[k]
        key = start[i] if by_start else start[i] + durations[i]
        order[heads[makespan - key]] = i
        heads[makespan - key] += 1
