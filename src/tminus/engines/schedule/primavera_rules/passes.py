"""The two passes by Primavera's rules, as compiled loops over arrays.

Instants are minutes since the epoch. An activity is bound in its own working time, and shows its start where work
begins and its finish where work ends. Activities stand in topological order; links lie in rows by the end they bind.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.passes import FF, FS, NEVER, SF, SS
from tminus.engines.schedule.worktime import finish_at, start_at, work_until

OPEN, STARTED, DONE = 0, 1, 2
TASK, START_MILESTONE, FINISH_MILESTONE = 0, 1, 2
EVER = -NEVER
"""An instant after every other: no bound."""


@njit(cache=True)
def lagged(table, c, t, lag):  # type: ignore[no-untyped-def]
    """``t`` moved by ``lag`` minutes of calendar ``c``: forwards to where work ends, backwards to where it begins."""
    if lag == 0:
        return t
    w = work_until(table, c, t) + lag
    return finish_at(table, c, w) if lag > 0 else start_at(table, c, w)


@njit(cache=True)
def work_start(table, c, t):  # type: ignore[no-untyped-def]
    """``t``, or where calendar ``c`` next works."""
    return start_at(table, c, work_until(table, c, t))


@njit(cache=True)
def forward(  # type: ignore[no-untyped-def]
    ptr, other, kind, lag, lag_calendar, calendar, work, state, shape, deaf, earliest_start, earliest_finish,
    fixed_start, fixed_finish, expected, data_date, start, finish, driver, table,
):  # fmt: skip
    """Early dates. ``work`` is what remains, and is changed where an expected finish says otherwise.

    A finish that a link asks for in time off is shown where work goes on; late, a start so asked for where it ended.
    ``deaf``: links do not bind; ``fixed_*``, ``expected``: instants or ``NEVER``. ``driver[i]``: the row that decided,
    −1 for a date, −2 for nothing.
    """
    for i in range(len(work)):
        c, own = calendar[i], work[i]
        anchor, chosen, shown = data_date, -2, NEVER
        if earliest_start[i] > anchor:
            anchor, chosen = earliest_start[i], -1
        w = work_until(table, c, anchor)
        if earliest_finish[i] != NEVER:
            wf = work_until(table, c, earliest_finish[i]) - own
            if wf > w:
                w, chosen, anchor = wf, -1, max(anchor, earliest_finish[i])
        if not deaf[i]:
            for k in range(ptr[i], ptr[i + 1]):
                j = other[k]
                t = finish[j] if kind[k] == FS or kind[k] == FF else start[j]
                t = lagged(table, lag_calendar[k], t, lag[k])
                to_finish = kind[k] == FF or kind[k] == SF
                wt = work_until(table, c, t) - (own if to_finish else 0)
                if wt > w or (wt == w and chosen == -2):
                    w, chosen = wt, k
                    shown = t if to_finish and lag[k] == 0 else NEVER
                anchor = max(anchor, t)
        driver[i] = chosen
        if state[i] == DONE:
            start[i] = anchor
            finish[i] = anchor
            continue
        if fixed_start[i] != NEVER:
            start[i] = work_start(table, c, fixed_start[i])
            finish[i] = finish_at(table, c, work_until(table, c, start[i]) + own) if own > 0 else start[i]
            driver[i] = -1
            continue
        if fixed_finish[i] != NEVER:
            finish[i] = fixed_finish[i]
            start[i] = start_at(table, c, work_until(table, c, finish[i]) - own) if own > 0 else finish[i]
            driver[i] = -1
            continue
        if own > 0:
            start[i] = start_at(table, c, w)
            finish[i] = finish_at(table, c, w + own)
            if shown != NEVER and shown != finish[i] and state[i] == OPEN:
                finish[i] = start_at(table, c, w + own)
        else:
            t = finish_at(table, c, w)
            if shape[i] != FINISH_MILESTONE or t != anchor:
                t = start_at(table, c, w)
            start[i] = t
            finish[i] = t
        if expected[i] != NEVER and expected[i] >= start[i] and expected[i] >= data_date and shape[i] == TASK:
            wx = work_until(table, c, expected[i]) - w
            if wx != own:
                work[i] = wx
                finish[i] = expected[i]


@njit(cache=True)
def backward(  # type: ignore[no-untyped-def]
    ptr, other, kind, lag, lag_calendar, calendar, work, state, shape, late_of, latest_start, latest_finish,
    fixed_start, fixed_finish, last, start, finish, table,
):  # fmt: skip
    """Late dates, from the last activity to the first; ``last``: the instant all must be finished by.

    ``late_of[j]``: 0 when follower ``j`` holds nobody back (what is begun, under progress override).
    """
    for i in range(len(work) - 1, -1, -1):
        c, own = calendar[i], work[i]
        anchor, shown, linked = last, NEVER, False
        if latest_finish[i] < anchor:
            anchor = latest_finish[i]
        w = work_until(table, c, anchor)
        if latest_start[i] != EVER:
            ws = work_until(table, c, latest_start[i]) + own
            if ws < w:
                w = ws
            if latest_start[i] < anchor:
                anchor = latest_start[i]
        for k in range(ptr[i], ptr[i + 1]):
            j = other[k]
            if late_of[j] == 0:
                continue
            t = start[j] if kind[k] == FS or kind[k] == SS else finish[j]
            t = lagged(table, lag_calendar[k], t, -lag[k])
            from_start = kind[k] == SS or kind[k] == SF
            wt = work_until(table, c, t) + (own if from_start else 0)
            if wt < w or (wt == w and not linked):
                w, linked = wt, True
                shown = t if from_start and lag[k] == 0 else NEVER
            anchor = min(anchor, t)
        if state[i] == DONE:
            start[i] = anchor
            finish[i] = anchor
            continue
        if fixed_start[i] != NEVER:
            w, shown = work_until(table, c, fixed_start[i]) + own, NEVER
            anchor = fixed_start[i]
        if fixed_finish[i] != NEVER:
            w, shown = work_until(table, c, fixed_finish[i]), NEVER
            anchor = fixed_finish[i]
        if own > 0:
            finish[i] = finish_at(table, c, w)
            start[i] = start_at(table, c, w - own)
            if shown != NEVER and shown != start[i] and state[i] == OPEN:
                start[i] = finish_at(table, c, w - own)
        else:
            t = start_at(table, c, w)
            if shape[i] != START_MILESTONE or t != anchor:
                t = finish_at(table, c, w)
            start[i] = t
            finish[i] = t


@njit(cache=True)
def as_late_as_possible(  # type: ignore[no-untyped-def]
    ptr, other, kind, lag, lag_calendar, calendar, work, shape, late, last, start, finish, table,
):  # fmt: skip
    """Move the early dates of the activities ``late`` until they have no free float: later, never earlier."""
    for i in range(len(work) - 1, -1, -1):
        if not late[i]:
            continue
        c, own = calendar[i], work[i]
        anchor = last
        w = work_until(table, c, last)
        for k in range(ptr[i], ptr[i + 1]):
            j = other[k]
            t = start[j] if kind[k] == FS or kind[k] == SS else finish[j]
            t = lagged(table, lag_calendar[k], t, -lag[k])
            from_start = kind[k] == SS or kind[k] == SF
            wt = work_until(table, c, t) + (own if from_start else 0)
            if wt < w:
                w = wt
            anchor = min(anchor, t)
        if w - own <= work_until(table, c, start[i]):
            continue
        if own > 0:
            finish[i] = finish_at(table, c, w)
            start[i] = start_at(table, c, w - own)
        else:
            t = start_at(table, c, w)
            if shape[i] == FINISH_MILESTONE:
                t = finish_at(table, c, w)
            start[i] = t
            finish[i] = t


@njit(cache=True)
def longest_path(ptr, other, kind, lag, lag_calendar, calendar, work, start, finish, table):  # type: ignore[no-untyped-def]
    """Whether each activity lies on a chain of links that drives the last finish of all."""
    n = len(work)
    on = np.zeros(n, dtype=np.bool_)
    last = NEVER
    for i in range(n):
        last = max(last, finish[i])
    for i in range(n - 1, -1, -1):
        if finish[i] == last:
            on[i] = True
        if not on[i]:
            continue
        c, own = calendar[i], work[i]
        w = work_until(table, c, start[i])
        for k in range(ptr[i], ptr[i + 1]):
            j = other[k]
            t = finish[j] if kind[k] == FS or kind[k] == FF else start[j]
            t = lagged(table, lag_calendar[k], t, lag[k])
            to_finish = kind[k] == FF or kind[k] == SF
            if work_until(table, c, t) - (own if to_finish else 0) >= w:
                on[j] = True
    return on
