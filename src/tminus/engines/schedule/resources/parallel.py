"""The parallel schedule generation scheme: at every instant as many of the ready activities as fit, by rank.

Its schedules leave nothing idle that could start, which under scarce resources is short more often than not, although
the shortest of all need not be among them (Kolisch, EJOR 90, 1996).
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def place_parallel(order, durations, ptr, before, lag, out_ptr, after, out_lag, demand, capacity, guard, slots, start):  # type: ignore[no-untyped-def]
    """Fill ``start``; returns the last finish. Ranks are places in ``order``; ``out_*`` are the links going out."""
    n, words = len(durations), len(capacity)
    rank, waits, ready = np.empty(n, dtype=np.int64), np.empty(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    eligible, next_of = np.empty(n, dtype=np.int64), np.empty(2 * n, dtype=np.int64)
    event = np.full(slots + 1, -1, dtype=np.int64)  # first of a chain: i becomes ready, n + i ends
    room = capacity.copy()
    count, last, placed, t = 0, 0, 0, 0
    for k in range(n):
        i = order[k]
        rank[i] = k
        waits[i] = ptr[i + 1] - ptr[i]
        if waits[i] == 0:
            next_of[i], event[0] = event[0], i
    while placed < n:
        at = event[t]
        event[t] = -1
        while at >= 0:
            if at >= n:
                for w in range(words):
                    room[w] += demand[at - n, w]
            else:
                k = count
                while k > 0 and rank[eligible[k - 1]] > rank[at]:
                    eligible[k] = eligible[k - 1]
                    k -= 1
                eligible[k] = at
                count += 1
            at = next_of[at]
        kept = 0
        for k in range(count):
            i = eligible[k]
            fits = True
            for w in range(words):
                fits &= ((room[w] | guard[w]) - demand[i, w]) & guard[w] == guard[w]
            if not fits:
                eligible[kept] = i
                kept += 1
                continue
            start[i] = t
            placed += 1
            until = t + durations[i]
            last = max(last, until)
            if until > t:
                for w in range(words):
                    room[w] -= demand[i, w]
                next_of[n + i], event[until] = event[until], n + i
            for e in range(out_ptr[i], out_ptr[i + 1]):
                j = after[e]
                ready[j] = max(ready[j], t + out_lag[e])
                waits[j] -= 1
                if waits[j] == 0:
                    next_of[j], event[ready[j]] = event[ready[j]], j
        count = kept
        if event[t] < 0:
            t += 1
    return last
