"""The two passes over 64 samples side by side: one task, one link, then all samples in the processor's wide registers.

``finish`` (n, LANES) holds the position each task is finished at, ``span`` its working time doubled (from start to
finish, days lost to weather included), ``late`` the latest finish that keeps the end of the sample's work. A start is
the finish less the span. Tasks stand at even positions, what takes no time at any.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import BETWEEN, HIGH, LOW, ONCE, PLAIN, SHIFTED, TO_FIRST, TO_START
from tminus.engines.schedule.risk.positions import mapped
from tminus.engines.schedule.risk.random_numbers import LANES

_LOW, _HIGH, _EVEN = np.int32(LOW), np.int32(HIGH), np.int32(-2)
_0, _1 = np.int32(0), np.int32(1)


@njit(cache=True, nogil=True, inline="always")
def _read(out, links, k, finish, span, maps):  # type: ignore[no-untyped-def]
    """Where link ``k`` leads in each lane, into ``out``."""
    j, op = links.end[k], links.op[k]
    pre, post, less, mask = links.pre[k], links.post[k], links.less[k], links.mask[k]
    if op == PLAIN or op == SHIFTED:
        add = np.int32(pre + less)
        if links.side[k]:
            for b in range(LANES):
                x = np.int32(finish[j, b] - span[j, b])
                out[b] = np.int32(np.int32(np.int32(x + add) & mask) + post)
        else:
            for b in range(LANES):
                out[b] = np.int32(np.int32(np.int32(finish[j, b] + add) & mask) + post)
        return
    side = np.int32(links.side[k])
    first, second, lag = links.first[k], links.second[k], links.lag[k]
    for b in range(LANES):
        u = np.int64(finish[j, b]) - side * span[j, b] + pre
        if op != ONCE:
            if op != BETWEEN:
                u = mapped(maps, first, u)
            u = (u & -2) + lag
        out[b] = np.int32(((mapped(maps, second, u) + less) & mask) + post)


@njit(cache=True, nogil=True)
def forward(net, finish, span, absent, branch, weather, chosen, opening):  # type: ignore[no-untyped-def]
    """Place every task in every lane as soon as its links and bounds allow; ``span`` holds the durations.

    ``chosen[o, b]``: the link of the task that opens summary *o* in lane *b*.
    """
    starts, ends, found = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    links = net.forward
    for i in range(len(net.calendar)):
        if net.fixed[i]:
            continue
        _bounded(net, i, absent, branch, starts, ends)
        opens = opening[i]
        for k in range(links.ptr[i], links.ptr[i + 1]):
            to, j = links.to[k], links.end[k]
            if to == TO_FIRST:
                continue
            if links.op[k] == PLAIN and to == TO_START and not links.side[k]:
                post = links.post[k]
                for b in range(LANES):
                    x = np.int32(finish[j, b] + post)
                    starts[b] = x if x > starts[b] else starts[b]
                continue
            _read(found, links, k, finish, span, net.maps)
            into = starts if to == TO_START else ends
            for b in range(LANES):
                into[b] = found[b] if found[b] > into[b] else into[b]
        if opens >= 0:
            _open(net, i, finish, span, starts, found, chosen[opens])
        _settle(net, i, starts, ends, finish, span)
        if weather.of[i] >= 0 and not net.instant[i]:
            _weathered(net, i, weather, finish, span)


@njit(cache=True, nogil=True, inline="always")
def _bounded(net, i, absent, branch, starts, ends):  # type: ignore[no-untyped-def]
    """Begin with the task's own bounds; a task that does not exist has none."""
    low, end = net.bound_start[i], net.bound_finish[i]
    for b in range(LANES):
        starts[b] = low
        ends[b] = end
    if branch[i] >= 0:
        gone = absent[branch[i]]
        for b in range(LANES):
            if gone[b]:
                starts[b] = _LOW
                ends[b] = _LOW


@njit(cache=True, nogil=True)
def _open(net, i, finish, span, starts, found, chosen):  # type: ignore[no-untyped-def]
    """Where the first task under a summary begins: the least of its links of that kind, the first of equals."""
    links = net.forward
    least, number = np.full(LANES, net.first[i], np.int32), np.full(LANES, -1, np.int64)
    for k in range(links.ptr[i], links.ptr[i + 1]):
        if links.to[k] != TO_FIRST:
            continue
        _read(found, links, k, finish, span, net.maps)
        for b in range(LANES):
            if found[b] < least[b]:
                least[b] = found[b]
                number[b] = links.source[k]
    for b in range(LANES):
        chosen[b] = -1
        if least[b] != _HIGH and least[b] > starts[b]:
            starts[b] = least[b]
            chosen[b] = number[b]


@njit(cache=True, nogil=True, inline="always")
def _settle(net, i, starts, ends, finish, span):  # type: ignore[no-untyped-def]
    cap = net.cap[i]
    if net.instant[i]:
        for b in range(LANES):
            x = starts[b] if starts[b] > ends[b] else ends[b]
            x = x if x > _0 else _0
            if cap != _HIGH and (x >> 1) > (cap >> 1):
                x = np.int32(cap + 1) if net.calendar[i] != 0 else cap
            finish[i, b] = x
            span[i, b] = _0
        return
    for b in range(LANES):
        x = np.int32(ends[b] - span[i, b])
        x = x if x > starts[b] else starts[b]
        x = x if x > _0 else _0
        x = x if x < cap else cap
        finish[i, b] = np.int32(x + span[i, b])


@njit(cache=True, nogil=True)
def _weathered(net, i, weather, finish, span):  # type: ignore[no-untyped-def]
    """Move a start off a lost day, and the finish on by the time lost on the way."""
    pair = weather.of[i]
    day_of, day_at = weather.day_of[weather.calendar[pair]], weather.day_at[weather.calendar[pair]]
    lost = weather.lost[pair]
    last = len(day_of) - 1
    for b in range(LANES):
        own = np.int64(span[i, b] >> 1)
        if own == 0:
            continue
        w = np.int64(finish[i, b] >> 1) - own
        day = day_of[min(max(w, 0), last)]
        while w < last and lost[day + 1, b] > lost[day, b]:
            w = np.int64(day_at[day + 1])
            day = day_of[min(w, last)]
        before = np.int64(lost[day, b])
        end = w + own
        while True:
            at = day_of[min(max(end - 1, 0), last)]
            passed = np.int64(lost[at + 1, b]) - before  # a day on which it would end is either good or lost as a whole
            if end >= w + own + passed or end > last:
                break
            end = w + own + passed
        finish[i, b] = np.int32(2 * end)
        span[i, b] = np.int32(2 * (end - w))


@njit(cache=True, nogil=True)
def backward(net, finish, span, late, ends, chosen, opening):  # type: ignore[no-untyped-def]
    """The latest finish of every task that keeps ``ends`` (groups, calendars, LANES), the last finish of its group."""
    to_start, to_finish, found = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    links = net.backward
    for i in range(len(net.calendar) - 1, -1, -1):
        if net.fixed[i]:
            continue
        for b in range(LANES):
            to_start[b] = net.late_start[i]
            to_finish[b] = net.late_finish[i]
        if net.group[i] >= 0:
            last = ends[net.group[i], net.calendar[i]]
            even = -1 if net.instant[i] else -2
            for b in range(LANES):
                x = np.int32(last[b] & even)
                to_finish[b] = x if x < to_finish[b] else to_finish[b]
        for k in range(links.ptr[i], links.ptr[i + 1]):
            to, j = links.to[k], links.end[k]
            _read(found, links, k, late, span, net.maps)
            if to == TO_FIRST:
                number = chosen[opening[j]]
                for b in range(LANES):
                    if number[b] == links.source[k]:
                        to_start[b] = min(to_start[b], found[b])
                continue
            into = to_start if to == TO_START else to_finish
            for b in range(LANES):
                into[b] = found[b] if found[b] < into[b] else into[b]
        for b in range(LANES):
            x = np.int32(to_start[b] + span[i, b])
            late[i, b] = x if x < to_finish[b] else to_finish[b]
