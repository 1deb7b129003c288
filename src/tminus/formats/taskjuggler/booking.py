"""Slot by slot, who works on a task: the loop of TaskJuggler's scheduler that takes its time."""

from __future__ import annotations

import numpy as np
from numba import njit

EFFORT, SPAN = 0, 1
"""Until so much effort is spent; through a span of slots."""


@njit(cache=True)
def book(  # type: ignore[no-untyped-def]
    forward, at, last, mode, effort, shift, allocations, candidates, people, efficiency, free, day_of, week_of,
    day_used, week_used, day_limit, week_limit, own_day, own_week, own_day_limit, own_week_limit, out,
):  # fmt: skip
    """Book a task from slot ``at`` on (backwards: down); ``out``: first and last slot booked.

    Allocation *a* may be filled by candidates ``allocations[a] … allocations[a+1]``, tried in order; a candidate is
    the people ``candidates[c] … candidates[c+1]``, all of them booked that are free. Limits (−1: none) are slots a day
    and week, of each person and of the task itself. Answers whether it was finished before slots ran out.
    """
    step = 1 if forward else -1
    done = 0.0
    out[0], out[1] = -1, -1
    count = free.shape[1]
    while 0 <= at < count:
        if mode == SPAN and ((forward and at >= last) or (not forward and at < last)):
            return True
        if shift[at] and _within(own_day[day_of[at]], own_day_limit) and _within(own_week[week_of[at]], own_week_limit):
            for a in range(len(allocations) - 1):
                for c in range(allocations[a], allocations[a + 1]):
                    booked = False
                    for k in range(candidates[c], candidates[c + 1]):
                        r = people[k]
                        if mode == EFFORT and efficiency[r] > 0 and done >= effort:
                            break
                        if not _within(own_day[day_of[at]], own_day_limit):
                            break
                        if not _within(own_week[week_of[at]], own_week_limit):
                            break
                        if (
                            free[r, at]
                            and _within(day_used[r, day_of[at]], day_limit[r])
                            and _within(week_used[r, week_of[at]], week_limit[r])
                        ):
                            free[r, at] = False
                            day_used[r, day_of[at]] += 1
                            week_used[r, week_of[at]] += 1
                            own_day[day_of[at]] += 1
                            own_week[week_of[at]] += 1
                            done += efficiency[r]
                            booked = True
                            if out[0] < 0:
                                out[0] = at
                            out[1] = at
                    if booked:
                        break
        if mode == EFFORT and done >= effort:
            out[1] = at
            return True
        at += step
    return mode == SPAN


@njit(cache=True)
def book_alone(free, at, step, effort, efficiency):  # type: ignore[no-untyped-def]
    """As :func:`book` until so much effort is spent, by one person whom nothing limits: first and last slot, whole."""
    done = 0.0
    first = -1
    while 0 <= at < len(free):
        if free[at]:
            free[at] = False
            done += efficiency
            if first < 0:
                first = at
            if done >= effort:
                return first, at, True
        at += step
    return first, at, False


@njit(cache=True, inline="always")
def _within(used, limit):  # type: ignore[no-untyped-def]
    return limit < 0 or used < limit


def no_slots(count: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """Counters at zero."""
    return np.zeros(count, dtype=np.int32)
