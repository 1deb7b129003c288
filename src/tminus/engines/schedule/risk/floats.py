"""Which tasks can be critical at all: where links hand float on whole, criticality is followed from task to task."""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import HIGH, LOW, SHIFTED, TO_FIRST, TO_START, Compiled
from tminus.engines.schedule.risk.wide import least, row

_1 = np.int32(1)


def hands_float_on(net: Compiled) -> bool:
    """Whether no task can be critical unless it is the last, or what waits for it is within a minute of critical.

    So it is where no float is below zero and links keep within one calendar. A working minute is then the same minute
    for both ends of a link, but for one thing: a milestone in the evening has a minute of float before the morning,
    and what must begin before it has none. What leads on from such a task goes by mornings, so that happens but once.
    """
    open_ = ~net.fixed
    bounded = (net.cap != HIGH) | (net.late_start != HIGH) | (net.late_finish != HIGH)
    free = (net.bound_start == LOW) & (net.bound_finish == LOW) & (np.diff(net.forward.ptr) == 0)  # holds nobody
    owner = np.repeat(np.arange(len(open_)), np.diff(net.backward.ptr).astype(np.int64))
    begun = net.started[owner] & (net.backward.to == TO_START)  # follows its true start forward, not the rest's
    links = all(
        bool((rows.op <= SHIFTED).all() and (rows.to != TO_FIRST).all()) for rows in (net.forward, net.backward)
    )
    return links and not (begun.any() or (open_ & (bounded | free)).any())


@njit(cache=True, nogil=True)
def must_be_looked_at(ends):  # type: ignore[no-untyped-def]
    """(groups, calendars): what finishes before it in every lane is more than a minute from being the last."""
    out = np.empty(ends.shape[:2], np.int32)
    for group in range(len(ends)):
        for calendar in range(ends.shape[1]):
            out[group, calendar] = ends[group, calendar].min() - 4
    return out


@njit(cache=True, nogil=True)
def may_end_it(ends, group, calendar, finish, i):  # type: ignore[no-untyped-def]
    """Whether any lane of task ``i`` finishes no more than a minute before its group."""
    return is_near(row(ends[group], calendar), row(finish, i))


@njit(cache=True, nogil=True, forceinline=True)
def is_near(late, finish):  # type: ignore[no-untyped-def]
    """Whether any lane of two rows has no more than a minute of float."""
    return least((late >> _1) - (finish >> _1)) <= _1
