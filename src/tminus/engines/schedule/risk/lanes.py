"""The two passes over 128 samples side by side: one task, one link, then all samples in the processor's wide registers.

``finish`` (n, LANES) holds the position each task is finished at, ``span`` its working time doubled (from start to
finish, days lost to weather included), ``late`` the latest finish that keeps the end of the sample's work. A start is
the finish less the span. Tasks stand at even positions, what takes no time at any.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import HIGH, LOW, ONCE, PLAIN, SHIFTED, TO_FIRST, TWICE
from tminus.engines.schedule.risk.floats import is_near, may_end_it, must_be_looked_at
from tminus.engines.schedule.risk.plain import after_none, after_one, after_two
from tminus.engines.schedule.risk.positions import entries_of, positions_of, stretches
from tminus.engines.schedule.risk.random_numbers import LANES

_LOW, _HIGH, _EVEN = np.int32(LOW), np.int32(HIGH), np.int32(-2)
_0 = np.int32(0)


# Each loop over lanes is a function of its own over whole arrays: so the compiler sees that it can be done in one
# stroke, and nothing is paid for taking a row out of an array. None branches or hands its arrays on: the compiler would
# keep count of references to them, which costs more than the loop. ``into`` has two rows: what binds start and finish.


@njit(cache=True, nogil=True)
def _set(into, to_start, to_finish):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        into[0, b] = to_start
    for b in range(LANES):
        into[1, b] = to_finish


@njit(cache=True, nogil=True)
def _raise(into, to, rows, j, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(rows[j, b] + post)
        into[to, b] = x if x > into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _raise_even(into, to, rows, j, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(np.int32(np.int32(rows[j, b] + add) & mask) + post)
        into[to, b] = x if x > into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _raise_start(into, to, rows, span, j, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(rows[j, b] - span[j, b])
        x = np.int32(np.int32(np.int32(x + add) & mask) + post)
        into[to, b] = x if x > into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _lower_even(into, to, rows, j, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(np.int32(np.int32(rows[j, b] + add) & mask) + post)
        into[to, b] = x if x < into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _lower_start(into, to, rows, span, j, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(np.int32(rows[j, b] - span[j, b]) + post)
        into[to, b] = x if x < into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _lower_start_even(into, to, rows, span, j, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(rows[j, b] - span[j, b])
        x = np.int32(np.int32(np.int32(x + add) & mask) + post)
        into[to, b] = x if x < into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _raise_found(into, to, found):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        into[to, b] = found[b] if found[b] > into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _lower_found(into, to, found):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        into[to, b] = found[b] if found[b] < into[to, b] else into[to, b]


@njit(cache=True, nogil=True)
def _fetch(out, rows, j, pre):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        out[b] = np.int32(rows[j, b] + pre)


@njit(cache=True, nogil=True)
def _fetch_start(out, rows, span, j, pre):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        out[b] = np.int32(np.int32(rows[j, b] - span[j, b]) + pre)


@njit(cache=True, nogil=True)
def _shift(out, add, mask, post):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        out[b] = np.int32(np.int32(np.int32(out[b] + add) & mask) + post)


@njit(cache=True, nogil=True)
def forward(net, plain, begin, until, finish, span, absent, branch, weather, chosen, opening):  # type: ignore[no-untyped-def]
    """Place the tasks ``begin … until`` in every lane as soon as links and bounds allow; ``span`` holds the durations.

    ``plain`` (n,): those of :mod:`.plain`. ``chosen[o, b]``: the link of the task that opens summary *o* in lane *b*.
    """
    into, least = np.empty((2, LANES), np.int32), np.empty(LANES, np.int32)
    found, offset = np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    # taken apart once: a compiled loop pays for every array it fetches out of a tuple
    (ptr, end, side, to, op, pre, first, lag, second, less, mask, post, source) = net.forward
    entries, at, last, edge = net.maps.entries, net.maps.at, net.maps.last, net.maps.edge
    grain, inverse = np.int32(net.maps.grain), np.uint64(net.maps.inverse)
    fixed, instant, calendar = net.fixed, net.instant, net.calendar
    bound_start, bound_finish, cap, certain, seen = net.bound_start, net.bound_finish, net.cap, net.first, weather.of
    for i in range(begin, until):
        if fixed[i]:
            continue
        if plain[i] and branch[i] < 0 and seen[i] < 0:
            first_of, count = ptr[i], ptr[i + 1] - ptr[i]
            if count == 0:
                after_none(finish, span, i, bound_start[i])
            elif count == 1:
                after_one(finish, span, i, bound_start[i], end[first_of], post[first_of])
            else:
                second_of = first_of + np.uint64(1)
                j, other = end[first_of], end[second_of]
                after_two(finish, span, i, bound_start[i], j, post[first_of], other, post[second_of])
            continue
        _set(into, bound_start[i], bound_finish[i])
        if branch[i] >= 0:
            _unbound(into, absent[branch[i]])
        opens = opening[i] >= 0
        if opens:
            _open(least, chosen, opening[i], certain[i])
        for k in range(ptr[i], ptr[i + 1]):
            j, how = end[k], op[k]
            if how == PLAIN and not side[k]:
                _raise(into, to[k], finish, j, post[k])
                continue
            if how <= SHIFTED and to[k] != TO_FIRST:
                add = np.int32(pre[k] + less[k])
                if side[k]:
                    _raise_start(into, to[k], finish, span, j, add, mask[k], post[k])
                else:
                    _raise_even(into, to[k], finish, j, add, mask[k], post[k])
                continue
            if side[k]:
                _fetch_start(found, finish, span, j, pre[k])
            else:
                _fetch(found, finish, j, pre[k])
            if how == TWICE:
                t = first[k]
                stretches(found, offset, np.int32(at[t]), np.int32(last[t]), grain, inverse)
                entries_of(found, entries)
                positions_of(found, offset, edge[t])
            if how >= TWICE:
                _shift(found, _0, _EVEN, lag[k])
            if how >= ONCE:
                t = second[k]
                stretches(found, offset, np.int32(at[t]), np.int32(last[t]), grain, inverse)
                entries_of(found, entries)
                positions_of(found, offset, edge[t])
            _shift(found, less[k], mask[k], post[k])
            if to[k] == TO_FIRST:
                _sooner(least, chosen, opening[i], found, source[k])
            else:
                _raise_found(into, to[k], found)
        if opens:
            _opened(into, least, chosen, opening[i])
        if instant[i]:
            _settle_instant(into, cap[i], calendar[i], finish, span, i)
            continue
        _settle_task(into, cap[i], finish, span, i)
        if seen[i] >= 0:
            pair = seen[i]
            day_of = weather.day_of[weather.begins[pair] : weather.begins[pair + 1]]
            _weathered(day_of, weather.day_at[pair], weather.lost[pair], finish[i], span[i])


@njit(cache=True, nogil=True)
def _unbound(into, gone):  # type: ignore[no-untyped-def]
    """A task that does not exist has no bounds of its own."""
    for b in range(LANES):
        if gone[b]:
            into[0, b] = _LOW
            into[1, b] = _LOW


@njit(cache=True, nogil=True)
def _open(least, chosen, summary, certain):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        least[b] = certain
        chosen[summary, b] = -1


@njit(cache=True, nogil=True)
def _sooner(least, chosen, summary, found, source):  # type: ignore[no-untyped-def]
    """The first task under a summary to begin, and its link; of equals the first."""
    for b in range(LANES):
        if found[b] < least[b]:
            least[b] = found[b]
            chosen[summary, b] = source


@njit(cache=True, nogil=True)
def _opened(into, least, chosen, summary):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        if least[b] != _HIGH and least[b] > into[0, b]:
            into[0, b] = least[b]
        else:
            chosen[summary, b] = -1


@njit(cache=True, nogil=True)
def _settle_instant(into, cap, calendar, finish, span, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = into[0, b] if into[0, b] > into[1, b] else into[1, b]
        x = x if x > _0 else _0
        if cap != _HIGH and (x >> 1) > (cap >> 1):
            x = np.int32(cap + 1) if calendar != 0 else cap
        finish[i, b] = x
        span[i, b] = _0


@njit(cache=True, nogil=True)
def _settle_task(into, cap, finish, span, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(into[1, b] - span[i, b])
        x = x if x > into[0, b] else into[0, b]
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
def backward(net, sparse, finish, span, late, ends, chosen, opening, near, peak):  # type: ignore[no-untyped-def]
    """The latest finish of every task that keeps ``ends`` (groups, calendars, LANES), the last finish of its group.

    ``sparse``: only of tasks that are critical, or a minute from it, in some lane; ``near`` (n,) says which. Where a
    task is not, nothing that waits for it alone can be: every link within a calendar hands float on whole, but for the
    one minute between a milestone in the evening and the morning after (:func:`.floats.hands_float_on`). ``peak`` (n,):
    the last finish in any lane.
    """
    must_end = must_be_looked_at(ends)
    before, before_ptr = net.forward.end, net.forward.ptr
    into, found, offset = np.empty((2, LANES), np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.int32)
    (ptr, end, side, to, op, pre, first, lag, second, less, mask, post, source) = net.backward
    entries, at, last, edge = net.maps.entries, net.maps.at, net.maps.last, net.maps.edge
    grain, inverse = np.int32(net.maps.grain), np.uint64(net.maps.inverse)
    fixed, instant, calendar, group, may_end = net.fixed, net.instant, net.calendar, net.group, net.ends
    late_start, late_finish = net.late_start, net.late_finish
    near[:] = not sparse
    for i in range(len(calendar) - 1, -1, -1):
        if fixed[i]:
            near[i] = False
            continue
        if sparse:
            if may_end[i] and group[i] >= 0 and peak[i] >= must_end[group[i], calendar[i]]:
                near[i] |= may_end_it(ends, group[i], calendar[i], finish, i)
            if not near[i]:
                continue
        _set(into, late_start[i], late_finish[i])
        if group[i] >= 0:
            _end(into, ends, group[i], calendar[i], np.int32(-1 if instant[i] else -2))
        for k in range(ptr[i], ptr[i + 1]):
            j, how = end[k], op[k]
            if not near[j]:
                continue
            if how <= SHIFTED and to[k] != TO_FIRST:
                add = np.int32(pre[k] + less[k])
                if how == PLAIN and side[k]:
                    _lower_start(into, to[k], late, span, j, post[k])
                elif side[k]:
                    _lower_start_even(into, to[k], late, span, j, add, mask[k], post[k])
                else:
                    _lower_even(into, to[k], late, j, add, mask[k], post[k])
                continue
            if side[k]:
                _fetch_start(found, late, span, j, pre[k])
            else:
                _fetch(found, late, j, pre[k])
            if how == TWICE:
                t = first[k]
                stretches(found, offset, np.int32(at[t]), np.int32(last[t]), grain, inverse)
                entries_of(found, entries)
                positions_of(found, offset, edge[t])
            if how >= TWICE:
                _shift(found, _0, _EVEN, lag[k])
            if how >= ONCE:
                t = second[k]
                stretches(found, offset, np.int32(at[t]), np.int32(last[t]), grain, inverse)
                entries_of(found, entries)
                positions_of(found, offset, edge[t])
            _shift(found, less[k], mask[k], post[k])
            if to[k] == TO_FIRST:
                _lower_chosen(into, found, chosen, opening[j], source[k])
            else:
                _lower_found(into, to[k], found)
        _settle_late(into, span, late, i)
        near[i] = not sparse or is_near(late, finish, i)
        if sparse and near[i]:
            for k in range(before_ptr[i], before_ptr[i + 1]):
                near[before[k]] = True


@njit(cache=True, nogil=True)
def _lower_chosen(into, found, chosen, summary, source):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        if chosen[summary, b] == source:
            into[0, b] = min(into[0, b], found[b])


@njit(cache=True, nogil=True)
def _settle_late(into, span, late, i):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(into[0, b] + span[i, b])
        late[i, b] = x if x < into[1, b] else into[1, b]


@njit(cache=True, nogil=True)
def _end(into, ends, group, calendar, even):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        x = np.int32(ends[group, calendar, b] & even)
        into[1, b] = x if x < into[1, b] else into[1, b]
