"""The starts a node may have, in steps of a slot, and what each of them asks of others: tables a solver can read.

A step is a slot of working time of the node's own calendar, counted from where the calendar's slots begin. A start
between two steps counts as the earlier, so that nothing possible is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from tminus.engines.schedule.levelling.problem import Problem
from tminus.engines.schedule.levelling.serial import asked
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.worktime import Ints, finish_at, start_at, work_until

MOST_STARTS = 4000
"""Of one node."""


@dataclass(slots=True)
class Starts:
    """Of node ``place``: steps ``low … high`` and one more, which stands for all that follow. Of each the instants
    ``start`` and ``finish``, and ``late``: minutes behind its own dates. ``base``: working minutes before step 0."""

    place: int
    calendar: int
    work: int
    base: int
    low: int
    high: int
    start: Ints
    finish: Ints
    late: Ints


def starts_of(problem: Problem, option: int, place: int, seen: Ints, end: int) -> Starts | None:
    """Starts that what is ``seen`` (finish and start of each node by turns, ``NEVER``: not known) and dates allow and
    that finish by the instant ``end``; none: there are too many."""
    o, s, held, network = problem.options, problem.slots, problem.held, problem.network
    c, own, slot = int(o.calendar[option]), int(o.work[option]), s.minutes
    rows, table = network.forward, network.time.table
    bounds = held.earliest_start[place], held.earliest_finish[place]
    first = held.earliest_start[held.earliest_start != NEVER]
    w, _ = asked(
        False, place, rows.ptr, rows.ends, rows.kind, rows.lag, rows.lag_calendar, c, own, *bounds, seen, table
    )  # fmt: skip
    if network.node[place] < 0 and len(first):  # a summary's: nothing under it is earlier
        w = max(w, work_until(table, c, int(first.min())))
    count = int(s.ptr[c + 1] - s.ptr[c])
    base = int(s.first[c]) if count else 0
    low, high = (int(w) - base) // slot, (int(work_until(table, c, end)) - own - base) // slot
    if o.take_ptr[option + 1] > o.take_ptr[option] and own:
        low, high = max(low, 0), min(high, count + (-own // slot))
    high = max(low, high)
    if high - low >= MOST_STARTS:
        return None
    start, finish = _dates(table, c, base + low * slot, slot, high - low + 2, own)
    return Starts(place, c, own, base, low, high, start, finish, _late(problem, place, own, start, finish))


def steps_asked(problem: Problem, row: int, pred: Starts, succ: Starts) -> Ints:
    """The least step of ``succ`` for each start of ``pred``, by the link of ``row`` of the network."""
    rows = problem.network.forward
    wanted = _wanted(
        int(rows.kind[row]), int(rows.lag[row]), int(rows.lag_calendar[row]), succ.calendar, succ.work, pred.start,
        pred.finish, problem.network.time.table,
    )  # fmt: skip
    return np.asarray((wanted - succ.base) // problem.slots.minutes)


def _late(problem: Problem, place: int, own: int, start: Ints, finish: Ints) -> Ints:
    held, table = problem.held, problem.network.time.table
    c = int(problem.network.calendar[place])
    by_finish = _behind(table, c, own, finish, int(held.latest_finish[place]))
    return np.asarray(np.maximum(by_finish, _behind(table, c, own, start, int(held.latest_start[place]))))


@njit(cache=True)
def _dates(table, c, w, step, count, own):  # type: ignore[no-untyped-def]
    start, finish = np.empty(count, np.int64), np.empty(count, np.int64)
    for k in range(count):
        finish[k] = finish_at(table, c, w + k * step + own)
        start[k] = start_at(table, c, w + k * step) if own > 0 else finish[k]
    return start, finish


@njit(cache=True)
def _behind(table, c, own, at, latest):  # type: ignore[no-untyped-def]
    """As the worth of a timetable counts it; zero without a date."""
    out = np.zeros(len(at), np.int64)
    if latest == -NEVER:
        return out
    due = work_until(table, c, latest)
    for k in range(len(at)):
        if at[k] > latest and (own == 0 or work_until(table, c, at[k]) > due):
            out[k] = at[k] - latest
    return out


@njit(cache=True)
def _wanted(kind, lag, lag_calendar, c, own, start, finish, table):  # type: ignore[no-untyped-def]
    """The working minute at which a link lets its follower begin, for each start of what goes before."""
    out = np.empty(len(start), np.int64)
    ptr, ends = np.array([0, 1]), np.zeros(1, np.int64)
    kinds, lags, calendars = np.array([kind]), np.array([lag]), np.array([lag_calendar])
    seen = np.empty(2, np.int64)
    for k in range(len(start)):
        seen[0], seen[1] = finish[k], start[k]
        out[k], _ = asked(False, 0, ptr, ends, kinds, lags, calendars, c, own, NEVER, NEVER, seen, table)
    return out
