"""The two passes over 64 samples side by side: one task, one link, then all samples in the processor's wide registers.

``finish`` (n, LANES) holds the position each task is finished at, ``span`` its working time doubled (from start to
finish, days lost to weather included), ``late`` the latest finish that keeps the end of the sample's work. A start is
the finish less the span. Tasks stand at even positions, what takes no time at any.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import (
    BETWEEN,
    HIGH,
    LOW,
    ONCE,
    PLAIN,
    SHIFTED,
    TO_FINISH,
    TO_FIRST,
    TO_START,
)
from tminus.engines.schedule.risk.random_numbers import LANES

_LOW, _HIGH, _EVEN = np.int32(LOW), np.int32(HIGH), np.int32(-2)
_0 = np.int32(0)


# Each loop over lanes is a function of its own over plain rows: so the compiler sees that it can be done in one stroke.


@njit(cache=True, nogil=True)
def _moved(out, rows, j, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        out[b] = np.int32(np.int32(np.int32(rows[j, b] + add) & mask) + post)


@njit(cache=True, nogil=True)
def _again(out, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        out[b] = np.int32(np.int32(np.int32(out[b] + add) & mask) + post)


@njit(cache=True, nogil=True)
def _moved_start(out, rows, span, j, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(rows[j, b] - span[j, b])
        out[b] = np.int32(np.int32(np.int32(x + add) & mask) + post)


@njit(cache=True, nogil=True)
def _through(out, entries, first, last, shift):  # type: ignore[no-untyped-def]
    """Replace positions by the entries of the table that begins at ``first``."""
    for b in range(LANES):
        u = np.int32(out[b] >> shift)
        u = u if u > _0 else _0
        u = u if u < last else last
        out[b] = entries[np.uint64(first + u)]


@njit(cache=True, nogil=True)
def _highest(into, found):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        into[b] = found[b] if found[b] > into[b] else into[b]


@njit(cache=True, nogil=True)
def _lowest(into, found):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        into[b] = found[b] if found[b] < into[b] else into[b]


@njit(cache=True, nogil=True)
def _highest_moved(into, rows, j, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(rows[j, b] + post)
        into[b] = x if x > into[b] else into[b]


@njit(cache=True, nogil=True)
def _lowest_moved(into, rows, span, j, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(np.int32(rows[j, b] - span[j, b]) + post)
        into[b] = x if x < into[b] else into[b]


@njit(cache=True, nogil=True)
def _mapped(out, tables, number):  # type: ignore[no-untyped-def]
    entries, at, last, shift = tables
    _through(out, entries, at[number], np.int32(last[number]), shift[number])


@njit(cache=True, nogil=True)
def _read(out, rows, span, j, code, numbers, tables):  # type: ignore[no-untyped-def]
    """Where a link from task ``j`` leads in each lane, into ``out``."""
    op, side, _ = code
    pre, first, lag, second, less, mask, post = numbers
    direct = op in (PLAIN, SHIFTED)
    add, even, after = (np.int32(pre + less), mask, post) if direct else (pre, np.int32(-1), _0)
    if side:
        _moved_start(out, rows, span, j, add, even, after)
    else:
        _moved(out, rows, j, add, even, after)
    if direct:
        return
    if op != ONCE:
        if op != BETWEEN:
            _mapped(out, tables, first)
        _again(out, _0, _EVEN, lag)
    _mapped(out, tables, second)
    _again(out, less, mask, post)


@njit(cache=True, nogil=True)
def forward(net, finish, span, absent, branch, weather, chosen, opening):  # type: ignore[no-untyped-def]
    """Place every task in every lane as soon as its links and bounds allow; ``span`` holds the durations.

    ``chosen[o, b]``: the link of the task that opens summary *o* in lane *b*.
    """
    starts, ends, found = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    # taken apart once: a compiled loop pays for every array it fetches out of a tuple
    (ptr, end, side, to, op, pre, first, lag, second, less, mask, post, source) = net.forward
    tables = (net.maps.entries, net.maps.at, net.maps.last, net.maps.shift)
    fixed, instant, calendar = net.fixed, net.instant, net.calendar
    bound_start, bound_finish, cap, least, seen = net.bound_start, net.bound_finish, net.cap, net.first, weather.of
    for i in range(len(calendar)):
        if fixed[i]:
            continue
        _set(starts, bound_start[i])
        _set(ends, bound_finish[i])
        if branch[i] >= 0:
            _unbound(starts, ends, absent[branch[i]])
        for k in range(ptr[i], ptr[i + 1]):
            j, into = end[k], to[k]
            if into == TO_FIRST:
                continue
            if op[k] == PLAIN and into == TO_START and not side[k]:
                _highest_moved(starts, finish, j, post[k])
                continue
            numbers = (pre[k], first[k], lag[k], second[k], less[k], mask[k], post[k])
            _read(found, finish, span, j, (op[k], side[k], into), numbers, tables)
            _highest(starts if into == TO_START else ends, found)
        if opening[i] >= 0:
            number = chosen[opening[i]]
            _open_none(number, found, least[i])
            held = np.full(LANES, least[i], np.int32)
            for k in range(ptr[i], ptr[i + 1]):
                if to[k] == TO_FIRST:
                    numbers = (pre[k], first[k], lag[k], second[k], less[k], mask[k], post[k])
                    _read(found, finish, span, end[k], (op[k], side[k], to[k]), numbers, tables)
                    _sooner(held, number, found, source[k])
            _opened(starts, held, number)
        if instant[i]:
            _settle_instant(starts, ends, cap[i], calendar[i], finish, span, i)
            continue
        _settle_task(starts, ends, cap[i], finish, span, i)
        if seen[i] >= 0:
            pair = seen[i]
            c = weather.calendar[pair]
            _weathered(weather.day_of[c], weather.day_at[c], weather.lost[pair], finish[i], span[i])


@njit(cache=True, nogil=True)
def _set(into, value):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        into[b] = value


@njit(cache=True, nogil=True)
def _unbound(starts, ends, gone):  # type: ignore[no-untyped-def]
    """A task that does not exist has no bounds of its own."""
    for b in range(LANES):
        if gone[b]:
            starts[b] = _LOW
            ends[b] = _LOW


@njit(cache=True, nogil=True)
def _open_none(number, found, least):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        number[b] = -1
        found[b] = least


@njit(cache=True, nogil=True)
def _sooner(least, number, found, source):  # type: ignore[no-untyped-def]
    """The first task under a summary to begin, and its link; of equals the first."""
    for b in range(LANES):
        if found[b] < least[b]:
            least[b] = found[b]
            number[b] = source


@njit(cache=True, nogil=True)
def _opened(starts, least, number):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        if least[b] != _HIGH and least[b] > starts[b]:
            starts[b] = least[b]
        else:
            number[b] = -1


@njit(cache=True, nogil=True)
def _settle_instant(starts, ends, cap, calendar, finish, span, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = starts[b] if starts[b] > ends[b] else ends[b]
        x = x if x > _0 else _0
        if cap != _HIGH and (x >> 1) > (cap >> 1):
            x = np.int32(cap + 1) if calendar != 0 else cap
        finish[i, b] = x
        span[i, b] = _0


@njit(cache=True, nogil=True)
def _settle_task(starts, ends, cap, finish, span, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(ends[b] - span[i, b])
        x = x if x > starts[b] else starts[b]
        x = x if x > _0 else _0
        x = x if x < cap else cap
        finish[i, b] = np.int32(x + span[i, b])


@njit(cache=True, nogil=True)
def _weathered(day_of, day_at, lost, finish, span):  # type: ignore[no-untyped-def]
    """Move a start off a lost day, and the finish on by the time lost on the way."""
    last = len(day_of) - 1
    for b in range(LANES):
        own = np.int64(span[b] >> 1)
        if own == 0:
            continue
        w = np.int64(finish[b] >> 1) - own
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
        finish[b] = np.int32(2 * end)
        span[b] = np.int32(2 * (end - w))


@njit(cache=True, nogil=True)
def backward(net, finish, span, late, ends, chosen, opening):  # type: ignore[no-untyped-def]
    """The latest finish of every task that keeps ``ends`` (groups, calendars, LANES), the last finish of its group."""
    to_start, to_finish, found = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    (ptr, end, side, to, op, pre, first, lag, second, less, mask, post, source) = net.backward
    tables = (net.maps.entries, net.maps.at, net.maps.last, net.maps.shift)
    fixed, instant, calendar, group = net.fixed, net.instant, net.calendar, net.group
    late_start, late_finish = net.late_start, net.late_finish
    for i in range(len(calendar) - 1, -1, -1):
        if fixed[i]:
            continue
        _set(to_start, late_start[i])
        _set(to_finish, late_finish[i])
        if group[i] >= 0:
            _lowest_even(to_finish, ends, group[i], calendar[i], np.int32(-1 if instant[i] else -2))
        for k in range(ptr[i], ptr[i + 1]):
            j, into = end[k], to[k]
            if op[k] == PLAIN and into == TO_FINISH and side[k]:
                _lowest_moved(to_finish, late, span, j, post[k])
                continue
            numbers = (pre[k], first[k], lag[k], second[k], less[k], mask[k], post[k])
            _read(found, late, span, j, (op[k], side[k], into), numbers, tables)
            if into == TO_FIRST:
                _lowest_chosen(to_start, found, chosen[opening[j]], source[k])
            else:
                _lowest(to_start if into == TO_START else to_finish, found)
        _settle_late(to_start, to_finish, span, late, i)


@njit(cache=True, nogil=True)
def _lowest_chosen(into, found, chosen, source):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        if chosen[b] == source:
            into[b] = min(into[b], found[b])


@njit(cache=True, nogil=True)
def _settle_late(to_start, to_finish, span, late, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(to_start[b] + span[i, b])
        late[i, b] = x if x < to_finish[b] else to_finish[b]


@njit(cache=True, nogil=True)
def _lowest_even(into, ends, group, calendar, even):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(ends[group, calendar, b] & even)
        into[b] = x if x < into[b] else into[b]
