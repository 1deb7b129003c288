"""The passes over the network, as compiled loops over arrays.

One kernel runs both ways: the backward pass is the forward pass over the reversed network in mirrored time (every
instant *t* becomes −*t*, starts become finishes), so the two cannot drift apart. Dates are compared in the task's
own working time, which is what makes a bound in the middle of the night harmless. So a finish asked for at night is
met the evening before; the backward pass forgives exactly that and no more (``reverse``), else there would be floats
below zero in plans that can be met.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.worktime import entry, finish_at, start_at, work_until

FS, SS, FF, SF = 0, 1, 2, 3
FIRST = 5
"""No link of a plan: ties the opening of a summary to a start, as SS does, but the least of them decides."""

NEVER = -(1 << 60)
"""An instant before every other: no bound."""

NO_CAP = 1 << 60


@njit(cache=True)
def sort_topologically(n, pred, succ):  # type: ignore[no-untyped-def]
    """Kahn's order; returns the order (shorter than ``n`` when there is a cycle) and each task's place in it."""
    waiting = np.zeros(n, dtype=np.int32)
    out_ptr = np.zeros(n + 1, dtype=np.int32)
    for e in range(len(pred)):
        waiting[succ[e]] += 1
        out_ptr[pred[e] + 1] += 1
    for i in range(n):
        out_ptr[i + 1] += out_ptr[i]
    out = np.empty(len(pred), dtype=np.int32)
    fill = out_ptr[:-1].copy()
    for e in range(len(pred)):
        out[fill[pred[e]]] = succ[e]
        fill[pred[e]] += 1
    order = np.empty(n, dtype=np.int64)
    count = 0
    for i in range(n):
        if waiting[i] == 0:
            order[count] = i
            count += 1
    at = 0
    while at < count:
        i = order[at]
        at += 1
        for k in range(out_ptr[i], out_ptr[i + 1]):
            j = out[k]
            waiting[j] -= 1
            if waiting[j] == 0:
                order[count] = j
                count += 1
    place = np.full(n, -1, dtype=np.int64)
    for k in range(count):
        place[order[k]] = k
    return order[:count], place


@njit(cache=True)
def rows_of(n, place, into, other):  # type: ignore[no-untyped-def]
    """Links grouped by the place of their ``into`` end: row pointers, the places of the other ends, link numbers."""
    ptr = np.zeros(n + 1, dtype=np.int32)
    for e in range(len(into)):
        ptr[place[into[e]] + 1] += 1
    for i in range(n):
        ptr[i + 1] += ptr[i]
    fill = ptr[:-1].copy()
    ends = np.empty(len(into), dtype=np.int32)
    number = np.empty(len(into), dtype=np.int32)
    for e in range(len(into)):
        i = place[into[e]]
        k = fill[i]
        ends[k] = place[other[e]]
        number[k] = e
        fill[i] = k + 1
    return ptr, ends, number


@njit(cache=True)
def pass_calendars(  # type: ignore[no-untyped-def]
    reverse, ptr, ends, kind, lag, lag_calendar, calendar, work, bound_start, bound_finish, cap, pinned,
    given_start, given_finish, start, finish, driver,
    table,
):  # fmt: skip
    """Place every task, in order, as soon as its links and bounds allow.

    ``bound_*`` are instants (``NEVER``: none), ``cap`` the latest start allowed in any case, ``pinned``: 1 keeps
    ``start``/``finish`` as preset, 2 keeps the preset start only (in progress; never in mirrored time), 3 also
    places nothing on others.
    Neighbours are read from ``given_*`` (the same arrays as ``start``/``finish`` for a pass; other dates for
    free float). ``driver[i]``: the row of the link that decided, −1 own bound, −2 nothing. ``reverse``: time is
    mirrored.

    What a task shows its followers stands side by side in ``seen``, finish and start, so that a link reads one entry
    whatever its type; and where the processor would have to guess, this counts instead.
    """
    n = len(work)
    own_pass = given_start is start
    seen = np.empty(2 * n, dtype=np.int64)
    if not own_pass:
        for i in range(n):
            show(seen, i, reverse, table, calendar[i], work[i], pinned[i], given_start[i], given_finish[i])
    for i in range(n):
        c, own = calendar[i], work[i]
        if pinned[i] == 1 or pinned[i] == 3:
            driver[i] = -1
            if own_pass:
                show(seen, i, reverse, table, c, own, pinned[i], start[i], finish[i])
            continue
        w, chosen = NEVER, -2
        s_bound, f_bound = bound_start[i], bound_finish[i]
        anchor = max(s_bound, f_bound)
        if s_bound != NEVER:
            w, chosen = work_until(table, c, s_bound), -1
        if f_bound != NEVER:
            wf = work_until(table, c, f_bound) - own
            if wf > w:
                w, chosen = wf, -1
        first, first_row = NO_CAP, -1
        forgives = 1 if reverse and own > 0 else 0
        for k in range(ptr[i], ptr[i + 1]):
            link, extra, lc = kind[k], lag[k], lag_calendar[k]
            t = entry(seen, 2 * ends[k] + (link & 1))
            if t == NEVER:
                continue
            if link == FIRST:
                if not reverse and t < first:
                    first, first_row = t, k
                continue
            to_finish = link >> 1
            up = to_finish * forgives * np.int64((extra == 0) | (lc != c))
            if (extra != 0) & ((lc != c) | (own == 0)):
                wt = work_until(table, lc, t) + extra
                t = finish_at(table, lc, wt) if extra > 0 or reverse or lc != c else start_at(table, lc, wt)
                extra = 0
            anchor = max(anchor, t)
            wt = work_until(table, c, t - up) + up + extra - own * to_finish
            if wt > w:
                w, chosen = wt, k
        if first_row >= 0:
            anchor = max(anchor, first)
            wt = work_until(table, c, first)
            if wt > w:
                w, chosen = wt, first_row
        if w == NEVER:
            w = 0
        if cap[i] != NO_CAP:
            wc = work_until(table, c, cap[i])
            if w > wc:
                w, chosen = wc, -1
        driver[i] = chosen
        if own == 0:
            t = finish_at(table, c, w)
            if anchor != t or c == 0:
                t = start_at(table, c, w)
            finish[i] = t
            if pinned[i] != 2:
                start[i] = t
        else:
            finish[i] = finish_at(table, c, w + own)
            if pinned[i] != 2:
                start[i] = start_at(table, c, w)
        if own_pass:
            seen[2 * i] = finish[i]
            seen[2 * i + 1] = start[i]
            if forgives:
                seen[2 * i + 1] = finish_at(table, c, w)


@njit(cache=True, inline="always")
def show(seen, i, reverse, table, c, own, pinned, start, finish):  # type: ignore[no-untyped-def]
    """Set what task ``i`` shows its followers.

    In mirrored time a start is a finish, and asked for at night it is met the evening before.
    """
    if pinned == 3:
        seen[2 * i], seen[2 * i + 1] = NEVER, NEVER
        return
    seen[2 * i] = finish
    if reverse and own > 0:
        wt = work_until(table, c, start)
        start = finish_at(table, c, wt)
    seen[2 * i + 1] = start


@njit(cache=True)
def work_between(calendar, earlier, later, table):  # type: ignore[no-untyped-def]
    """Working minutes of each task's own calendar from ``earlier`` to ``later`` (negative when reversed)."""
    out = np.empty(len(calendar), dtype=np.int64)
    for i in range(len(calendar)):
        c = calendar[i]
        out[i] = work_until(table, c, later[i]) - work_until(table, c, earlier[i])
    return out
