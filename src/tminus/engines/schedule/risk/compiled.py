"""A schedule made ready for samples: links as additions and table look-ups, all that is certain folded into bounds.

Two sets of rows, for the pass forward and the pass back, each in the order in which tasks are placed. What has
happened or is placed by hand is the same in every sample, so its links become bounds of what follows.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.bounds import DONE, STARTED, Bounds
from tminus.engines.schedule.network import Network, Rows
from tminus.engines.schedule.passes import FIRST, FS, NEVER, NO_CAP
from tminus.engines.schedule.risk.positions import Maps, Narrow, Window, make_maps, position, window_of
from tminus.engines.schedule.worktime import Ints, finish_at, start_at, work_until

LOW, HIGH = -(1 << 30), 1 << 30
PLAIN, SHIFTED, ONCE, TWICE, BETWEEN = 0, 1, 2, 3, 4
"""What a link does: add; set a side and add; change calendar; change, lag, change; lag, change."""

TO_START, TO_FINISH, TO_FIRST = 0, 1, 2


class Links(NamedTuple):
    """Rows ``ptr[i] … ptr[i + 1]`` of task *i*, ``end`` the other task.

    A row's position is that of the other's finish (``side`` 0) or start (1) plus ``pre``, taken through map ``first``,
    evened and shifted by ``lag``, taken through map ``second`` (each where ``op`` says so), plus ``less``, evened
    where ``even``, plus ``post``.
    """

    ptr: NDArray[np.uint64]
    end: NDArray[np.uint32]
    side: NDArray[np.uint8]
    to: NDArray[np.uint8]
    op: NDArray[np.uint8]
    pre: Narrow
    first: Narrow
    lag: Narrow
    second: Narrow
    less: Narrow
    mask: Narrow
    post: Narrow
    source: Ints  # the number of the link it was made from


class PlanRows(NamedTuple):
    """:class:`..network.Rows` as a compiled loop takes them."""

    ptr: NDArray[np.int64]
    ends: Narrow
    number: Narrow
    kind: NDArray[np.int8]
    lag: Narrow
    lag_calendar: Narrow


def _plain(rows: Rows) -> PlanRows:
    narrow = (np.asarray(column, dtype=np.int32) for column in (rows.lag, rows.lag_calendar))
    ends, number = (np.asarray(column, dtype=np.int32) for column in (rows.ends, rows.number))
    return PlanRows(rows.ptr.astype(np.int64), ends, number, np.asarray(rows.kind, dtype=np.int8), *narrow)


class Compiled(NamedTuple):
    """By place in the network's order; positions in each place's own calendar, doubled minutes."""

    calendar: Ints
    instant: NDArray[np.bool_]  # takes no time: milestone, gate
    fixed: NDArray[np.bool_]  # the same in every sample
    started: NDArray[np.bool_]
    bound_start: Narrow
    bound_finish: Narrow
    cap: Narrow
    first: Narrow  # the earliest certain start under a summary whose first start is asked for
    late_start: Narrow  # bounds of the pass back
    late_finish: Narrow
    group: NDArray[np.int8]  # 0 preparation, 1 after opening, −1 not a task
    ends: NDArray[np.bool_]  # may be the last of its group: nothing of the group begins when it is finished
    finish: Ints  # instants of what is fixed
    forward: Links
    backward: Links
    maps: Maps
    window: Window
    calendars: Ints  # those that tasks stand in


def compile_risk(network: Network, held: Bounds, earliest: Ints, end: int, *, like: Compiled | None = None) -> Compiled:
    """Make ``network`` ready. ``earliest`` (n,): lower bounds of starts; ``end``: no sample is followed beyond it;
    ``like``: the same network made ready before, whose tables serve again."""
    calendar = _calendars(network)
    fixed = (held.state == DONE).astype(np.bool_)
    instant = np.asarray(held.work == 0)
    bound = np.maximum(held.earliest_start, earliest)
    window = like.window if like else window_of(network.time, _begin(network, held), end)
    used = np.unique(np.append(calendar, network.calendar[network.node >= 0]))
    maps = like.maps if like else _maps(network, calendar, window, {int(c) for c in used})
    n = network.size
    bounds = _bounds(window, calendar, instant, bound, held.earliest_finish, held.cap)
    first, late = np.full(n, HIGH, dtype=np.int32), [np.full(n, HIGH, dtype=np.int32) for _ in range(2)]
    started = np.asarray(held.state == STARTED)
    silent = np.asarray((held.state == DONE) & (held.work == 0) & (held.start != NEVER))
    forward = _forward_rows(
        _plain(network.forward),
        calendar,
        instant,
        fixed,
        started,
        held.start,
        held.finish,
        window,
        maps.forward,
        *bounds,
        first,
    )
    backward = _backward_rows(
        _plain(network.backward),
        calendar,
        instant,
        fixed,
        silent,
        held.start,
        held.finish,
        window,
        maps.backward,
        *late,
    )
    group = _groups(network, held)
    ends = _ends(_plain(network.forward), group, fixed | (held.cap != NO_CAP))
    return Compiled(
        calendar, instant, fixed, started, bounds[0], bounds[1], bounds[2], first, late[0], late[1], group, ends,
        held.finish.copy(), _links(forward), _links(backward), maps, window, used.astype(np.int64),
    )  # fmt: skip


def _links(columns: tuple[Any, ...]) -> Links:
    """Unsigned where they are indices: a compiled loop then need not ask whether they count from the end."""
    ptr, end, side, to, op, *rest = columns
    narrow = (column.astype(np.uint8) for column in (side, to, op))
    return Links(ptr.astype(np.uint64), end.astype(np.uint32), *narrow, *rest)


def _maps(network: Network, calendar: Ints, window: Window, used: set[int]) -> Maps:
    forward, backward = (np.zeros((len(window.length),) * 2, dtype=np.bool_) for _ in range(2))
    _mark(network.forward, calendar, forward)
    _mark(network.backward, calendar[::-1].copy(), backward)
    return make_maps(window, forward, backward, used)


def _begin(network: Network, held: Bounds) -> int:
    """A day before the first instant a task can stand at, wherever it is planned; in a plan that is done its last."""
    ends = np.where(held.earliest_finish == NEVER, NO_CAP, held.earliest_finish - held.work)
    starts = np.where(held.earliest_start == NEVER, NO_CAP, held.earliest_start)
    open_ = (held.state != DONE) & (network.node >= 0)
    least = int(np.minimum(np.minimum(starts, ends), held.cap)[open_].min(initial=NO_CAP))
    known = least if least != NO_CAP else int(held.finish[network.node >= 0].max(initial=0))
    if (network.node < 0).any():  # what has happened leads on through a summary's gates, lags and all
        known = min(known, int(held.start[held.start != NEVER].min(initial=known)))
    return known // 1440 * 1440 - 1440


def _calendars(network: Network) -> Ints:
    """Each place's calendar. In a plan of one calendar its summaries' gates, which pass instants on, go by it too:
    evening and morning of the same minute are kept apart, and nothing else of an instant reaches a task."""
    calendar = network.calendar.copy()
    gates = network.node < 0
    lags = network.forward.lag_calendar[network.forward.lag != 0]
    used = set(np.unique(calendar[~gates]).tolist()) | set(np.unique(lags).tolist())
    if len(used) == 1:
        calendar[gates] = next(iter(used))
    return calendar


def _groups(network: Network, held: Bounds) -> NDArray[np.int8]:
    group = np.where(network.node >= 0, 0, -1).astype(np.int8)
    after = [place for place in held.after if group[place] == 0]
    group[after] = 1
    return group


@njit(cache=True)
def _ends(rows, group, cut):  # type: ignore[no-untyped-def]
    """Whether a task may be the last of its group; ``cut``: places that do not wait for their links in any case."""
    out = np.ones(len(group), dtype=np.bool_)
    for i in range(len(group)):
        for k in range(rows.ptr[i], rows.ptr[i + 1]):
            j = rows.ends[k]
            if rows.kind[k] == FS and rows.lag[k] >= 0 and group[j] == group[i] and not cut[i]:
                out[j] = False
    return out


def _bounds(
    window: Window, calendar: Ints, instant: NDArray[np.bool_], start: Ints, finish: Ints, cap: Ints
) -> tuple[Narrow, Narrow, Narrow]:
    out = [np.full(len(calendar), LOW, dtype=np.int32) for _ in range(2)] + [np.full(len(calendar), HIGH, np.int32)]
    _place_bounds(window, calendar, instant, start, finish, cap, *out)
    return out[0], out[1], out[2]


@njit(cache=True)
def _place_bounds(window, calendar, instant, start, finish, cap, out_start, out_finish, out_cap):  # type: ignore[no-untyped-def]
    for i in range(len(calendar)):
        even = -1 if instant[i] else -2
        if start[i] != NEVER:
            out_start[i] = min(position(window, calendar[i], start[i], 0) & even, HIGH)
        if finish[i] != NEVER:
            out_finish[i] = min(position(window, calendar[i], finish[i], 0) & even, HIGH)
        if cap[i] != NO_CAP:
            out_cap[i] = position(window, calendar[i], cap[i], 0) & -2


def _mark(rows: Rows, calendar: Ints, pairs: NDArray[np.bool_]) -> None:
    """Mark the pairs of calendars that links lead between, by way of the calendar their lag is counted in."""
    into = np.repeat(calendar, np.diff(rows.ptr))
    out = calendar[rows.ends]
    by = np.where(rows.lag != 0, rows.lag_calendar, into)
    pairs[out, by] = True
    pairs[by, into] = True
    np.fill_diagonal(pairs, val=False)


@njit(cache=True)
def _forward_rows(  # type: ignore[no-untyped-def]
    rows, calendar, instant, fixed, started, start, finish, window, numbers, bound_start, bound_finish, cap, first
):
    """Rows of the pass forward; links from what is fixed tighten ``bound_*`` and ``first``."""
    n, m = len(calendar), len(rows.ends)
    out = _empty_rows(n, m)
    ptr, end, side, to, op, pre, map_a, lag_, map_b, less, mask, post, source = out
    mute = np.zeros(n, dtype=np.bool_)  # nothing holds it: it holds nobody
    count = 0
    for i in range(n):
        c, even = calendar[i], 0 if instant[i] else 1
        before = count
        for k in range(rows.ptr[i], rows.ptr[i + 1]):
            j, kind, lag, lc = rows.ends[k], rows.kind[k], np.int64(rows.lag[k]), np.int64(rows.lag_calendar[k])
            from_start, to_finish = kind & 1, kind >> 1
            if fixed[i] or mute[j]:
                continue
            if fixed[j] or (started[j] and from_start == 1):
                t = start[j] if from_start == 1 else finish[j]
                if kind == FIRST:
                    first[i] = min(np.int64(first[i]), position(window, c, t, 0))
                    continue
                u = _certain(window, c, t, lag, lc, instant[i])
                if to_finish:
                    bound_finish[i] = max(np.int64(bound_finish[i]), u)
                else:
                    bound_start[i] = max(np.int64(bound_start[i]), u)
                continue
            a = calendar[j]
            end[count], side[count], source[count] = j, from_start, rows.number[k]
            to[count] = TO_FIRST if kind == FIRST else to_finish
            pre[count] = 1 if from_start == 1 and not instant[j] and a != 0 else 0
            mask[count] = -2 if even else -1
            if kind == FIRST:
                lag = np.int64(0)
            if lag == 0 or lc == c:
                if a != c:
                    op[count], map_b[count] = ONCE, numbers[a, c]
                elif c == 0 or (even and not instant[j]):  # every position is even
                    op[count], pre[count], mask[count] = PLAIN, 0, -1
                else:
                    op[count] = SHIFTED
                if lag != 0:
                    post[count] = 2 * lag + (0 if even or lag > 0 or c == 0 else 1)
                    mask[count] = -2
            else:
                lag_[count], map_b[count] = 2 * lag, numbers[lc, c]
                op[count] = BETWEEN
                if a != lc:
                    op[count], map_a[count] = TWICE, numbers[a, lc]
            count += 1
        ptr[i + 1] = count
        mute[i] = (
            not fixed[i] and count == before and bound_start[i] == LOW and bound_finish[i] == LOW and first[i] == HIGH
        )
    return ptr, end[:count], side[:count], to[:count], op[:count], pre[:count], map_a[:count], lag_[:count], \
        map_b[:count], less[:count], mask[:count], post[:count], source[:count]  # fmt: skip


@njit(cache=True)
def _certain(window, c, t, lag, lc, instant):  # type: ignore[no-untyped-def]
    """Where a link from instant ``t`` leads in calendar ``c``: as in the pass of :mod:`..passes`."""
    if lag != 0 and (lc != c or instant):
        wt = work_until(window.table, lc, t) + lag
        t = finish_at(window.table, lc, wt) if lag > 0 or lc != c else start_at(window.table, lc, wt)
        lag = 0
    u = position(window, c, t, 0)
    if instant:
        return u
    return max(2 * (work_until(window.table, c, t) - window.work[c] + lag), 0)


@njit(cache=True)
def _empty_rows(n, m):  # type: ignore[no-untyped-def]
    narrow = [np.zeros(m, dtype=np.int32) for _ in range(8)]
    codes = [np.zeros(m, dtype=np.int8) for _ in range(3)]
    return (
        np.zeros(n + 1, dtype=np.int64), narrow[0], codes[0], codes[1], codes[2], narrow[1], narrow[2], narrow[3],
        narrow[4], narrow[5], narrow[6], narrow[7], np.zeros(m, dtype=np.int64),
    )  # fmt: skip


@njit(cache=True)
def _backward_rows(  # type: ignore[no-untyped-def]
    rows, calendar, instant, fixed, silent, start, finish, window, numbers, late_start, late_finish
):
    """Rows of the pass back, by real place: ``end`` is what follows. Links to what is fixed tighten ``late_*``.

    The rows of the network are mirrored, places and types; here they are read as they really are.
    """
    n, m = len(calendar), len(rows.ends)
    _, end, side, to, op, pre, map_a, lag_, map_b, less, mask, post, source = _empty_rows(n, m)
    begins, ends = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    count = 0
    for mirror in range(n):
        i = n - 1 - mirror
        c, own = calendar[i], not instant[i]
        begins[i] = count
        for k in range(rows.ptr[mirror], rows.ptr[mirror + 1]):
            j, kind, lag, lc = n - 1 - rows.ends[k], rows.kind[k], np.int64(rows.lag[k]), np.int64(rows.lag_calendar[k])
            reads_start = 1 if kind == FIRST else 1 - (kind & 1)
            to_start = kind == FIRST or (kind >> 1) == 1
            if fixed[i] or silent[j]:
                continue
            if fixed[j]:
                t = start[j] if reads_start else finish[j]
                if not reads_start and not instant[j]:
                    t = start_at(window.table, calendar[j], work_until(window.table, calendar[j], t))
                if kind != FIRST:
                    u = _certain_late(window, c, t, lag, lc, instant[i], to_start)
                    if to_start:
                        late_start[i] = min(np.int64(late_start[i]), u)
                    else:
                        late_finish[i] = min(np.int64(late_finish[i]), u)
                continue
            a = calendar[j]
            end[count], side[count], source[count] = j, reads_start, rows.number[k]
            to[count] = TO_FIRST if kind == FIRST else (TO_START if to_start else TO_FINISH)
            pre[count] = 0 if instant[j] else 1
            mask[count] = -2 if own else -1
            if lag == 0 or lc == c:
                op[count] = SHIFTED if a == c else ONCE
                map_b[count] = numbers[a, c]
                if lag == 0:
                    less[count] = -1 if own and to_start else 0
                else:
                    mask[count], post[count] = -2, -2 * lag + (0 if own else 1)
                if a == c and own and not instant[j]:
                    op[count], pre[count] = PLAIN, 0
            else:
                lag_[count], map_b[count] = -2 * lag + 1, numbers[lc, c]
                less[count] = -1 if own and to_start else 0
                op[count] = BETWEEN
                if a != lc:
                    op[count], map_a[count] = TWICE, numbers[a, lc]
            count += 1
        ends[i] = count
    return _by_place(n, begins, ends, end[:count], side[:count], to[:count], op[:count], pre[:count], map_a[:count],
        lag_[:count], map_b[:count], less[:count], mask[:count], post[:count], source[:count])  # fmt: skip


@njit(cache=True)
def _by_place(n, begins, ends, end, side, to, op, pre, map_a, lag_, map_b, less, mask, post, source):  # type: ignore[no-untyped-def]
    """The same rows in ascending place."""
    order = np.empty(len(end), dtype=np.int64)
    ptr = np.zeros(n + 1, dtype=np.int64)
    count = 0
    for i in range(n):
        for k in range(begins[i], ends[i]):
            order[count] = k
            count += 1
        ptr[i + 1] = count
    return ptr, end[order], side[order], to[order], op[order], pre[order], map_a[order], lag_[order], map_b[order], \
        less[order], mask[order], post[order], source[order]  # fmt: skip


@njit(cache=True)
def _certain_late(window, c, t, lag, lc, instant, to_start):  # type: ignore[no-untyped-def]
    """The latest position in ``c`` from which a link still reaches ``t``."""
    table = window.table
    strict = to_start and not instant and (lag == 0 or lc != c)
    if lag != 0 and (lc != c or instant):
        t = start_at(table, lc, work_until(table, lc, t) - lag)
        lag = 0
    u = position(window, c, t, 1)
    if instant:
        return u
    return ((u - 1) & -2) if strict else (u & -2) - 2 * lag
