"""The affected cone of an edit, as compiled loops: what is dirty is placed again in rank order, and what it moves is
dirty then.

Both directions are one kernel, as in :mod:`.passes`: each *side* has a table of tasks and a table of rows (the links
that bind them), the backward side in mirrored time, both by the place the network was compiled with. A task's entries
lie side by side, because a cone touches few tasks far apart. The rule that places one task is that of
:func:`.passes.pass_calendars`, stated again: shared as a function it makes the full pass take more than twice as
long. ``tests/engines/schedule/test_incremental.py`` holds the two together.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.passes import FIRST, NEVER, NO_CAP
from tminus.engines.schedule.worktime import finish_at, start_at, work_until

BEGIN, END, ROOM, CALENDAR, WORK, S_BOUND, F_BOUND, CAP, STATE, START, FINISH, DRIVER, SEEN, SEEN_START = range(14)
TASK_WIDTH = 16
"""Entries of one task: its rows are ``BEGIN … END`` (up to ``ROOM``), ``DRIVER`` a link number, ``SEEN`` what it shows
its followers: finish and start."""

OTHER, KIND, LAG, LAG_CALENDAR, NUMBER = range(5)
ROW_WIDTH = 6
"""Entries of one row: the place of the other end, and the link."""

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_BIT = np.zeros(64, dtype=np.int64)
for _i in range(64):
    _BIT[((int(_DE_BRUIJN) << _i) & ((1 << 64) - 1)) >> 58] = _i


@njit(cache=True)
def mark(dirty, position):  # type: ignore[no-untyped-def]
    dirty[position >> 6] |= np.uint64(1) << np.uint64(position & 63)


@njit(cache=True)
def show_all(reverse, tasks, table):  # type: ignore[no-untyped-def]
    """Set what every task shows its followers from its dates."""
    for i in range(len(tasks)):
        _show(reverse, tasks[i], table)


@njit(cache=True)
def _show(reverse, task, table):  # type: ignore[no-untyped-def]
    if task[STATE] == 3:
        task[SEEN], task[SEEN_START] = NEVER, NEVER
        return
    task[SEEN], task[SEEN_START] = task[FINISH], task[START]
    if reverse and task[WORK] > 0:
        task[SEEN_START] = finish_at(table, task[CALENDAR], work_until(table, task[CALENDAR], task[START]))


@njit(cache=True)
def place_one(reverse, i, tasks, rows, table):  # type: ignore[no-untyped-def]
    """Place one task as soon as its links and bounds allow."""
    task = tasks[i]
    if task[STATE] == 1 or task[STATE] == 3:
        task[DRIVER] = -1
        _show(reverse, task, table)
        return
    c, own = task[CALENDAR], task[WORK]
    w, chosen = NEVER, -2
    s_bound, f_bound = task[S_BOUND], task[F_BOUND]
    anchor = max(s_bound, f_bound)
    if s_bound != NEVER:
        w, chosen = work_until(table, c, s_bound), -1
    if f_bound != NEVER:
        wf = work_until(table, c, f_bound) - own
        if wf > w:
            w, chosen = wf, -1
    first, first_row = NO_CAP, -1
    forgives = 1 if reverse and own > 0 else 0
    for k in range(task[BEGIN], task[END]):
        row = rows[k]
        link, extra, lc = np.int64(row[KIND]), np.int64(row[LAG]), np.int64(row[LAG_CALENDAR])
        t = tasks[row[OTHER], SEEN + (link & 1)]
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
            extra = np.int64(0)
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
    if task[CAP] != NO_CAP:
        wc = work_until(table, c, task[CAP])
        if w > wc:
            w, chosen = wc, -1
    task[DRIVER] = np.int64(rows[chosen, NUMBER]) if chosen >= 0 else chosen
    finish = finish_at(table, c, w + own)
    start = start_at(table, c, w)
    if own == 0:
        if anchor != finish or c == 0:
            finish = start
        start = finish
    task[FINISH] = finish
    if task[STATE] != 2:
        task[START] = start
    task[SEEN] = finish
    task[SEEN_START] = finish_at(table, c, w) if forgives else task[START]


@njit(cache=True)
def spread(reverse, tasks, rows, others, other_rows, table, rank, at, dirty, places, moved):  # type: ignore[no-untyped-def]
    """Place ``places`` again, and whatever that moves; one bit of ``dirty`` by rank (from the end in mirrored time).

    ``others``, ``other_rows``: the other side, whose rows name the followers. ``moved`` takes the places whose dates
    changed; answers how many, and how many were placed.
    """
    n = len(tasks)
    count, placed = 0, 0
    word, high = len(dirty), 0
    for i in places:
        position = n - 1 - rank[i] if reverse else rank[i]
        mark(dirty, position)
        word, high = min(word, position >> 6), max(high, position >> 6)
    while word <= high:
        bits = dirty[word]
        if bits == 0:
            word += 1
            continue
        lowest = bits & (~bits + np.uint64(1))
        dirty[word] = bits ^ lowest
        position = (word << 6) + _BIT[(lowest * _DE_BRUIJN) >> np.uint64(58)]
        i = at[n - 1 - position] if reverse else at[position]
        task = tasks[i]
        start, finish, seen, seen_start = task[START], task[FINISH], task[SEEN], task[SEEN_START]
        place_one(reverse, i, tasks, rows, table)
        placed += 1
        if task[START] != start or task[FINISH] != finish:
            moved[count] = i
            count += 1
        finishes, starts = task[SEEN] != seen, task[SEEN_START] != seen_start
        if not (finishes or starts):
            continue
        for k in range(others[i, BEGIN], others[i, END]):
            row = other_rows[k]
            from_start = row[KIND] >> 1 == 1
            if (from_start and starts) or (not from_start and finishes) or row[KIND] == FIRST:
                position = rank[row[OTHER]]
                if reverse:
                    position = n - 1 - position
                mark(dirty, position)
                high = max(high, position >> 6)
    return count, placed


@njit(cache=True)
def settle(there, there_rows, back, back_rows, table, mirror, rank, at, dirty, places, early, late, both):  # type: ignore[no-untyped-def]
    """Both directions (or, without ``both``, forwards) after an edit of ``places``: their own bounds, work or rows.

    Answers how many moved early and how many late (named in ``early``, ``late``), and how often one was placed.
    """
    sooner, placed = spread(False, there, there_rows, back, back_rows, table, rank, at, dirty, places, early)
    if not both:
        return sooner, 0, placed
    later, again = spread(True, back, back_rows, there, there_rows, mirror, rank, at, dirty, places, late)
    return sooner, later, placed + again
