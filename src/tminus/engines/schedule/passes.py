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

from tminus.engines.schedule.worktime import finish_at, start_at, work_until

FS, SS, FF, SF = 0, 1, 2, 3
NEVER = -(1 << 60)
"""An instant before every other: no bound."""

NO_CAP = 1 << 60


@njit(cache=True)
def sort_topologically(n, pred, succ):  # type: ignore[no-untyped-def]
    """Kahn's order; returns the order (shorter than ``n`` when there is a cycle) and each task's place in it."""
    waiting = np.zeros(n, dtype=np.int64)
    out_ptr = np.zeros(n + 1, dtype=np.int64)
    for e in range(len(pred)):
        waiting[succ[e]] += 1
        out_ptr[pred[e] + 1] += 1
    for i in range(n):
        out_ptr[i + 1] += out_ptr[i]
    out = np.empty(len(pred), dtype=np.int64)
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
    ptr = np.zeros(n + 1, dtype=np.int64)
    for e in range(len(into)):
        ptr[place[into[e]] + 1] += 1
    for i in range(n):
        ptr[i + 1] += ptr[i]
    fill = ptr[:-1].copy()
    ends = np.empty(len(into), dtype=np.int64)
    number = np.empty(len(into), dtype=np.int64)
    for e in range(len(into)):
        k = fill[place[into[e]]]
        ends[k] = place[other[e]]
        number[k] = e
        fill[place[into[e]]] += 1
    return ptr, ends, number


@njit(cache=True)
def pass_plain(ptr, ends, kind, lag, work, start, finish):  # type: ignore[no-untyped-def]
    """Without calendars or constraints: start of each task is the latest its links ask for, at least 0."""
    for i in range(len(work)):
        s = 0
        for k in range(ptr[i], ptr[i + 1]):
            p = ends[k]
            t = (finish[p] if kind[k] == FS or kind[k] == FF else start[p]) + lag[k]
            if kind[k] == FF or kind[k] == SF:
                t -= work[i]
            s = max(s, t)
        start[i] = s
        finish[i] = s + work[i]


@njit(cache=True)
def pass_calendars(  # type: ignore[no-untyped-def]
    reverse, ptr, ends, kind, lag, lag_calendar, calendar, work, bound_start, bound_finish, cap, pinned,
    given_start, given_finish, start, finish, driver,
    head, day_first, day_work, from_, until, before, bucket,
):  # fmt: skip
    """Place every task, in order, as soon as its links and bounds allow.

    ``bound_*`` are instants (``NEVER``: none), ``cap`` the latest start allowed in any case, ``pinned``: 1 keeps
    ``start``/``finish`` as preset, 2 keeps the preset start only (in progress), 3 also places nothing on others.
    Neighbours are read from ``given_*`` (the same arrays as ``start``/``finish`` for a pass; other dates for
    free float). ``driver[i]``: the row of the link that decided, −1 own bound, −2 nothing. ``reverse``: time is
    mirrored.
    """
    for i in range(len(work)):
        if pinned[i] == 1 or pinned[i] == 3:
            driver[i] = -1
            continue
        c = calendar[i]
        s_bound, f_bound = bound_start[i], bound_finish[i]
        s_driver, f_driver, f_link = -1, -1, NEVER
        for k in range(ptr[i], ptr[i + 1]):
            p = ends[k]
            if pinned[p] == 3:
                continue
            link = kind[k]
            t = given_finish[p] if link == FS or link == FF else given_start[p]
            if reverse and (link == SS or link == SF) and work[p] > 0:
                pc = calendar[p]
                w = work_until(head, day_first, day_work, from_, until, before, pc, t)
                t = finish_at(head, from_, until, before, bucket, pc, w)
            if lag[k] != 0:
                lc = lag_calendar[k]
                w = work_until(head, day_first, day_work, from_, until, before, lc, t) + lag[k]
                if lag[k] > 0 or reverse or lc != c:
                    t = finish_at(head, from_, until, before, bucket, lc, w)
                else:
                    t = start_at(head, from_, until, before, bucket, lc, w)
            if link == FS or link == SS:
                if t > s_bound:
                    s_bound, s_driver = t, k
            elif t > f_link:
                f_link, f_driver = t, k
        w = NEVER
        chosen = -2
        if s_bound != NEVER:
            w = work_until(head, day_first, day_work, from_, until, before, c, s_bound)
            chosen = s_driver
        if f_bound != NEVER:
            wf = work_until(head, day_first, day_work, from_, until, before, c, f_bound) - work[i]
            if wf > w:
                w, chosen = wf, -1
        if f_link != NEVER:
            wf = work_until(head, day_first, day_work, from_, until, before, c, f_link)
            if reverse and work[i] > 0 and finish_at(head, from_, until, before, bucket, c, wf) < f_link:
                wf += 1
            if wf - work[i] > w:
                w, chosen = wf - work[i], f_driver
        if w == NEVER:
            w = 0
        if cap[i] != NO_CAP:
            wc = work_until(head, day_first, day_work, from_, until, before, c, cap[i])
            if w > wc:
                w, chosen = wc, -1
        driver[i] = chosen
        if work[i] == 0:
            t = finish_at(head, from_, until, before, bucket, c, w)
            anchor = max(s_bound, f_bound, f_link)
            if anchor != t or c == 0:
                t = start_at(head, from_, until, before, bucket, c, w)
            finish[i] = t
            if pinned[i] != 2:
                start[i] = t
            continue
        if pinned[i] != 2:
            start[i] = start_at(head, from_, until, before, bucket, c, w)
        finish[i] = finish_at(head, from_, until, before, bucket, c, w + work[i])


@njit(cache=True)
def work_between(calendar, earlier, later, head, day_first, day_work, from_, until, before):  # type: ignore[no-untyped-def]
    """Working minutes of each task's own calendar from ``earlier`` to ``later`` (negative when reversed)."""
    out = np.empty(len(calendar), dtype=np.int64)
    for i in range(len(calendar)):
        c = calendar[i]
        out[i] = work_until(head, day_first, day_work, from_, until, before, c, later[i]) - work_until(
            head, day_first, day_work, from_, until, before, c, earlier[i]
        )
    return out


@njit(cache=True)
def find_cycle(n, place, pred, succ):  # type: ignore[no-untyped-def]
    """One cycle among the tasks without a place: walk back along predecessors until one comes again."""
    back = np.full(n, -1, dtype=np.int64)
    for e in range(len(pred)):
        if place[succ[e]] < 0 and place[pred[e]] < 0 and back[succ[e]] < 0:
            back[succ[e]] = pred[e]
    seen = np.full(n, -1, dtype=np.int64)
    i = 0
    while place[i] >= 0 or back[i] < 0:
        i += 1
    step = 0
    while seen[i] < 0:
        seen[i] = step
        step += 1
        i = back[i]
    length = step - seen[i]
    cycle = np.empty(length, dtype=np.int64)
    for k in range(length):
        cycle[length - 1 - k] = i
        i = back[i]
    return cycle
