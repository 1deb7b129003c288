"""Serial schedule generation in working time: one task after another, each as soon as links, dates and resources allow.

One loop serves both directions: backwards it runs over the reversed network in mirrored time, as the passes without
resources do (:mod:`..passes`), so that placing as late as possible is placing as soon as possible in the mirror. What a
link or date asks is worked out exactly as there, which is why without scarce resources the dates are the same to the
minute. (Kolisch, R., Serial and parallel resource-constrained project scheduling methods revisited, EJOR 90, 1996.)
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.passes import FIRST, NEVER, NO_CAP, show
from tminus.engines.schedule.worktime import entry, finish_at, start_at, work_until

FULL = -1
"""What the loops answer when the horizon is too short."""


@njit(cache=True)
def place_all(  # type: ignore[no-untyped-def]
    reverse, order, ptr, ends, kind, lag, lag_calendar, calendar, work, bound_start, bound_finish, state, option,
    over, start, finish, table, take_ptr, take_row, take, overtime, kept, slot, slot_ptr, slot_of, first, free, blocker,
):  # fmt: skip
    """Place all in ``order``; answers how many were placed, less than all when the horizon is too short.

    ``calendar``, ``work``: by node, of the option chosen; ``over[i]``: may use overtime. ``state``: 1 and 3 keep
    ``start``/``finish`` as preset, 2 the start. ``free`` (rows, slots) is what is left, changed in place; ``blocker``
    (n, 2): the row and slot that last kept a task waiting, −1 none.
    """
    n = len(work)
    seen = np.empty(2 * n, dtype=np.int64)
    for i in range(n):
        blocker[i, 0] = -1
        blocker[i, 1] = -1
        if state[i] == 1 or state[i] == 3:
            show(seen, i, reverse, table, calendar[i], work[i], state[i], start[i], finish[i])
            o = option[i]
            if take_ptr[o + 1] > take_ptr[o] and finish[i] > start[i]:
                c = calendar[i]
                _take_between(
                    reverse, work_until(table, c, start[i]), work_until(table, c, finish[i]), o, c,
                    take_ptr, take_row, take, kept, slot, slot_ptr, slot_of, first, free,
                )  # fmt: skip
    for at in range(n):
        i = order[at]
        if state[i] == 1 or state[i] == 3:
            continue
        c, own, o = calendar[i], work[i], option[i]
        w, anchor = asked(
            reverse, i, ptr, ends, kind, lag, lag_calendar, c, own, bound_start[i], bound_finish[i], seen, table
        )
        if own > 0 and take_ptr[o + 1] > take_ptr[o]:
            w = first_fit(
                reverse, i, w, own, o, c, over[i], take_ptr, take_row, take, overtime, kept, slot, slot_ptr, slot_of,
                first, free, blocker,
            )  # fmt: skip
            if w == NEVER:
                return at
            _take_between(
                reverse, w, w + own, o, c, take_ptr, take_row, take, kept, slot, slot_ptr, slot_of, first, free
            )
        if own == 0:
            t = finish_at(table, c, w)
            if anchor != t or c == 0:
                t = start_at(table, c, w)
            finish[i] = t
            if state[i] != 2:
                start[i] = t
        else:
            finish[i] = finish_at(table, c, w + own)
            if state[i] != 2:
                start[i] = start_at(table, c, w)
        seen[2 * i] = finish[i]
        seen[2 * i + 1] = start[i]
        if reverse and own > 0:
            seen[2 * i + 1] = finish_at(table, c, w)
    return n


@njit(cache=True)
def asked(reverse, i, ptr, ends, kind, lag, lag_calendar, c, own, s_bound, f_bound, seen, table):  # type: ignore[no-untyped-def]
    """The working minute at which links and dates let task ``i`` begin, and the instant that asked for it."""
    w = NEVER
    anchor = max(s_bound, f_bound)
    if s_bound != NEVER:
        w = work_until(table, c, s_bound)
    if f_bound != NEVER:
        w = max(w, work_until(table, c, f_bound) - own)
    least, any_first = NO_CAP, False
    forgives = 1 if reverse and own > 0 else 0
    for k in range(ptr[i], ptr[i + 1]):
        link, extra, lc = kind[k], lag[k], lag_calendar[k]
        t = entry(seen, 2 * ends[k] + (link & 1))
        if t == NEVER:
            continue
        if link == FIRST:
            if not reverse:
                least, any_first = min(least, t), True
            continue
        to_finish = link >> 1
        up = to_finish * forgives * np.int64((extra == 0) | (lc != c))
        if (extra != 0) & ((lc != c) | (own == 0)):
            wt = work_until(table, lc, t) + extra
            t = finish_at(table, lc, wt) if extra > 0 or reverse or lc != c else start_at(table, lc, wt)
            extra = 0
        anchor = max(anchor, t)
        w = max(w, work_until(table, c, t - up) + up + extra - own * to_finish)
    if any_first:
        anchor = max(anchor, least)
        w = max(w, work_until(table, c, least))
    return (np.int64(0) if w == NEVER else w), anchor


@njit(cache=True)
def first_fit(  # type: ignore[no-untyped-def]
    reverse, i, w, own, o, c, over, take_ptr, take_row, take, overtime, kept, slot, slot_ptr, slot_of, first, free,
    blocker,
):  # fmt: skip
    """The first working minute from ``w`` on at which every row has room for all of the task; ``NEVER``: none."""
    base, count = slot_ptr[c], slot_ptr[c + 1] - slot_ptr[c]
    w = max(w, first[c])
    while True:
        j, end = (w - first[c]) // slot, -((first[c] - w - own) // slot)
        if end > count:
            return NEVER
        next_ = j
        for d in range(take_ptr[o], take_ptr[o + 1]):
            r = take_row[d]
            wanted = take[d] if over else take[d] + overtime[r]
            if kept[r]:
                full = _full_kept(reverse, j, end, r, wanted, base, count, slot_of, free)
            else:
                full = _full(reverse, j, end, r, wanted, base, count, slot_of, free)
            if full > next_:
                next_ = full
                k = full - 1
                blocker[i, 0] = r
                blocker[i, 1] = slot_of[base + (count - 1 - k if reverse else k)]
        if next_ == j:
            return w
        w = first[c] + next_ * slot


@njit(cache=True)
def _full(reverse, j, end, r, wanted, base, count, slot_of, free):  # type: ignore[no-untyped-def]
    """Behind the last slot of ``j … end`` without room and all that follow it without; ``j`` when there is room."""
    sign = -1 if reverse else 1
    zero = base + (count - 1 if reverse else 0)
    for k in range(end - 1, j - 1, -1):
        if free[r, slot_of[zero + sign * k]] < wanted:
            k += 1
            while k < count and free[r, slot_of[zero + sign * k]] < wanted:
                k += 1
            return k
    return j


@njit(cache=True)
def _full_kept(reverse, j, end, r, wanted, base, count, slot_of, free):  # type: ignore[no-untyped-def]
    """As :func:`_full`, for what is held through the hours between as well."""
    zero, sign = base + (count - 1 if reverse else 0), -1 if reverse else 1
    a, b = slot_of[zero + sign * j], slot_of[zero + sign * (end - 1)]
    for s in range(b, a - sign, -sign):
        if free[r, s] < wanted:
            k = j + 1
            while k < end and (slot_of[zero + sign * (k - 1)] - s) * sign < 0:
                k += 1
            return k
    return j


@njit(cache=True)
def _take_between(  # type: ignore[no-untyped-def]
    reverse, w, w_end, o, c, take_ptr, take_row, take, kept, slot, slot_ptr, slot_of, first, free
):
    """Take the option's units in the slots from working minute ``w`` to ``w_end``, within the horizon."""
    base, count = slot_ptr[c], slot_ptr[c + 1] - slot_ptr[c]
    j = min(max((w - first[c]) // slot, 0), count)
    end = min(max(-((first[c] - w_end) // slot), 0), count)
    if j >= end:
        return
    zero, sign = base + (count - 1 if reverse else 0), -1 if reverse else 1
    for d in range(take_ptr[o], take_ptr[o + 1]):
        r, units = take_row[d], take[d]
        if kept[r]:
            a, b = slot_of[zero + sign * j], slot_of[zero + sign * (end - 1)]
            for s in range(min(a, b), max(a, b) + 1):
                free[r, s] -= units
        else:
            for k in range(j, end):
                free[r, slot_of[zero + sign * k]] -= units


@njit(cache=True)
def order_by(keys, ptr, ends):  # type: ignore[no-untyped-def]
    """An order in which everything comes after what it waits for, the least key first among what may come."""
    n = len(keys)
    waiting = np.empty(n, dtype=np.int64)
    follow_ptr = np.zeros(n + 1, dtype=np.int64)
    for i in range(n):
        waiting[i] = ptr[i + 1] - ptr[i]
    for k in range(len(ends)):
        follow_ptr[ends[k] + 1] += 1
    for i in range(n):
        follow_ptr[i + 1] += follow_ptr[i]
    follow, fill = np.empty(len(ends), dtype=np.int64), follow_ptr[:-1].copy()
    for i in range(n):
        for k in range(ptr[i], ptr[i + 1]):
            follow[fill[ends[k]]] = i
            fill[ends[k]] += 1
    heap, size = np.empty(n, dtype=np.int64), 0
    for i in range(n):
        if waiting[i] == 0:
            size = _push(heap, size, keys, i)
    out = np.empty(n, dtype=np.int64)
    for at in range(n):
        i = heap[0]
        size -= 1
        heap[0] = heap[size]
        _sink(heap, size, keys)
        out[at] = i
        for k in range(follow_ptr[i], follow_ptr[i + 1]):
            j = follow[k]
            waiting[j] -= 1
            if waiting[j] == 0:
                size = _push(heap, size, keys, j)
    return out


@njit(cache=True, inline="always")
def _less(keys, a, b):  # type: ignore[no-untyped-def]
    return keys[a] < keys[b] or (keys[a] == keys[b] and a < b)


@njit(cache=True)
def _push(heap, size, keys, i):  # type: ignore[no-untyped-def]
    at = size
    while at > 0 and _less(keys, i, heap[(at - 1) >> 1]):
        heap[at] = heap[(at - 1) >> 1]
        at = (at - 1) >> 1
    heap[at] = i
    return size + 1


@njit(cache=True)
def _sink(heap, size, keys):  # type: ignore[no-untyped-def]
    if size == 0:
        return
    i, at = heap[0], 0
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        if child + 1 < size and _less(keys, heap[child + 1], heap[child]):
            child += 1
        if _less(keys, i, heap[child]):
            break
        heap[at] = heap[child]
        at = child
    heap[at] = i
