"""The two passes over 128 samples side by side: one task, one link, then all samples in the processor's wide registers.

``finish`` (n, LANES) holds the position each task is finished at, ``span`` its working time doubled (from start to
finish, days lost to weather included), ``late`` the latest finish that keeps the end of the sample's work. A start is
the finish less the span. Tasks stand at even positions, what takes no time at any.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import HIGH, LOW, SHIFTED, TO_FIRST, TO_START, TWICE
from tminus.engines.schedule.risk.durations import (
    LONGEST,
    doubled_minutes,
    from_table,
    held,
    quantile_alone,
    quantile_in_unit,
)  # fmt: skip
from tminus.engines.schedule.risk.floats import is_near, may_end_it, must_be_looked_at
from tminus.engines.schedule.risk.positions import entries_of, positions_of, stretches
from tminus.engines.schedule.risk.random_numbers import numbers
from tminus.engines.schedule.risk.spreads import CONSTANT, TABLE, TRIANGLE, triangles
from tminus.engines.schedule.risk.tally import add_drawn
from tminus.engines.schedule.risk.wide import (
    LANES,
    below,
    chosen,
    every,
    fused,
    greater,
    lesser,
    most,
    put,
    row,
)  # fmt: skip

_LOW, _HIGH, _EVEN = np.int32(LOW), np.int32(HIGH), np.int32(-2)
_0, _1, _ALL, _ONE = np.int32(0), np.int32(1), np.int32(-1), np.uint64(1)
_HALF, _LEAST = np.float32(0.5), np.float32(1)


@njit(cache=True, nogil=True, forceinline=True)
def _moved(x, add, mask, post):  # type: ignore[no-untyped-def]
    """Set a side, and add."""
    return ((x + add) & mask) + post


@njit(cache=True, nogil=True, forceinline=True)
def _through(x, t, found, offset, entries, at, last, edge, grain, inverse):  # type: ignore[no-untyped-def]
    """Positions led through table ``t``; ``found`` and ``offset`` (LANES,) are scratch."""
    put(found, 0, x)
    stretches(found, offset, np.int32(at[t]), np.int32(last[t]), grain, inverse)
    entries_of(found, entries)
    positions_of(found, offset, edge[t])
    return row(found, 0)


@njit(cache=True, nogil=True)
def forward(model, begin, until, given, rows, span, chosen_links, peak, before, ended, sums):  # type: ignore[no-untyped-def]
    """Draw how long the tasks ``begin … until`` take and place them as soon as links and bounds allow, in every lane.

    All of it task by task: a row is still in registers when it is asked for again, and memory is waited for while the
    next row is drawn. ``peak`` (n,): the last finish in any lane. ``before``: ``span`` holds what the last batch drew,
    ``ended`` when its lanes ended; both are added to ``sums`` now that the row is fetched to be written anew.
    ``chosen_links[o, b]``: the link of the task that opens summary *o* in lane *b*.
    ``rows`` (2 n, LANES): finishes, then such starts as are asked for.
    """
    into, open_at = np.empty((2, LANES), np.int32), np.empty(LANES, np.int32)
    found, offset, buffer = np.empty(LANES, np.int32), np.empty(LANES, np.int32), np.empty(LANES, np.float32)
    # taken apart once: a compiled loop pays for every array it fetches out of a tuple, or hands on to a function that
    # branches (it keeps count of references)
    net, work, weather, opening, count = model.net, model.work, model.weather, model.opening, np.uint64(len(span))
    (here, plain_ptr, turn, plain_row, plain_add, plain_mask, plain_post, off, begins) = model.plain
    (ptr, end, side, to, op, pre, first, lag, second, less, mask, post, source) = net.forward
    entries, at, last, edge = net.maps.entries, net.maps.at, net.maps.last, net.maps.edge
    grain, inverse = np.int32(net.maps.grain), np.uint64(net.maps.inverse)
    fixed, instant, calendar = net.fixed, net.instant, net.calendar
    bound_start, bound_finish, cap, certain, seen = net.bound_start, net.bound_finish, net.cap, net.first, weather.of
    (spread, _, _, mode, table, tables), keys = work.spreads, work.keys
    unit, factor, day, planned = work.unit, work.factor, work.day, work.planned
    hits, branch, in_days = model.drivers.of, model.branches.of, model.drivers.in_days
    (_, share, bend, ends), duration, square, products = work.joint, sums.duration, sums.square, sums.product
    low, range_, lanes, common, multiplier, days, absent = given
    for place in range(begin, until):
        i = np.uint64(place)  # an index that cannot count from the end
        if fixed[i]:
            continue
        own = every(_0)
        if not instant[i]:
            if before:
                added = add_drawn(row(span, i), planned[i], every(_ALL), ended, LANES, seen[i] >= 0)
                duration[i] += added[0]
                square[i] += added[1]
                products[i] += added[2]
            hit, base, over = hits[i], low[i], range_[i]
            if spread[i] == CONSTANT:
                value = every(base)
            else:
                drawn, u = numbers(lanes, keys[i, 0], keys[i, 1]), unit[i]
                if u < 0:
                    quantile = quantile_alone(drawn)
                else:
                    quantile = quantile_in_unit(drawn, row(common, u), share[u], bend[u], ends[u])
                if spread[i] == TRIANGLE:
                    value = triangles(quantile, base, over, mode[i])
                else:
                    put(buffer, 0, quantile)
                    from_table(buffer, base, over, tables, table[i])
                    value = row(buffer, 0)
            if hit >= 0:
                more = every(_HALF)
                if in_days[hit]:
                    more = fused(row(days, hit), every(day[i] * factor[i]), more)
                value = held(fused(value, row(multiplier, hit), more))
            elif spread[i] == TABLE or base < _LEAST or base + over > LONGEST:
                value = held(value)
            own = doubled_minutes(value)
            if branch[i] >= 0:
                put(span, i, own)
                _gone(absent, branch[i], span, i)
                own = row(span, i)
        start = every(max(bound_start[i], _0))
        if here[i] and branch[i] < 0:
            for k in range(plain_ptr[i], turn[i]):
                start = greater(start, row(rows, plain_row[k]) + plain_post[k])
            for k in range(turn[i], plain_ptr[i + _ONE]):
                x = _moved(row(rows, plain_row[k]), plain_add[k], plain_mask[k], plain_post[k])
                start = greater(start, x - (own & off[k]))
        else:
            start, stop = every(bound_start[i]), every(bound_finish[i])
            if branch[i] >= 0:
                put(into, 0, start)
                put(into, 1, stop)
                _unbound(into, absent[branch[i]])
                start, stop = row(into, 0), row(into, 1)
            opens = opening[i] >= 0
            if opens:
                _open(open_at, chosen_links, opening[i], certain[i])
            for k in range(ptr[i], ptr[i + 1]):
                j, how = end[k], op[k]
                x = row(rows, j)
                if side[k]:
                    x = x - row(span, j)
                if how <= SHIFTED:
                    x = _moved(x, np.int32(pre[k] + less[k]), mask[k], post[k])
                else:
                    x = x + pre[k]
                    if how == TWICE:
                        x = _through(x, first[k], found, offset, entries, at, last, edge, grain, inverse)
                    if how >= TWICE:
                        x = (x & _EVEN) + lag[k]
                    x = _through(x, second[k], found, offset, entries, at, last, edge, grain, inverse)
                    x = _moved(x, less[k], mask[k], post[k])
                if to[k] == TO_START:
                    start = greater(start, x)
                elif to[k] == TO_FIRST:
                    put(found, 0, x)
                    _sooner(open_at, chosen_links, opening[i], found, source[k])
                else:
                    stop = greater(stop, x)
            if opens:
                put(into, 0, start)
                _opened(into, open_at, chosen_links, opening[i])
                start = row(into, 0)
            start = greater(greater(stop - own, start), every(_0))
            start = _capped_instant(start, cap[i], calendar[i]) if instant[i] else lesser(start, every(cap[i]))
        stop = start + own
        put(span, i, own)
        put(rows, i, stop)
        if seen[i] >= 0:
            pair = seen[i]
            day_of = weather.day_of[weather.begins[pair] : weather.begins[pair + 1]]
            _weathered(day_of, weather.day_at[pair], weather.lost[pair], rows[i], span[i])
            own, stop = row(span, i), row(rows, i)
        if begins[i]:
            put(rows, i + count, stop - own)
        peak[i] = most(stop)


@njit(cache=True, nogil=True)
def _gone(absent, branch, span, i):  # type: ignore[no-untyped-def]
    """What does not exist takes no time."""
    for b in range(LANES):
        if absent[branch, b]:
            span[i, b] = 0


@njit(cache=True, nogil=True, forceinline=True)
def _capped_instant(x, cap, calendar):  # type: ignore[no-untyped-def]
    held = every(np.int32(cap + 1) if calendar != 0 and cap != _HIGH else cap)
    return chosen(below(every(np.int32(cap >> 1)), x >> _1), held, x)


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
def backward(net, sparse, finish, span, late, ends, chosen_links, opening, near, peak):  # type: ignore[no-untyped-def]
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
        start, stop = every(late_start[i]), every(late_finish[i])
        if group[i] >= 0:
            stop = lesser(stop, row(ends[group[i]], calendar[i]) & np.int32(-1 if instant[i] else -2))
        for k in range(ptr[i], ptr[i + 1]):
            j, how = end[k], op[k]
            if not near[j]:
                continue
            x = row(late, j)
            if side[k]:
                x = x - row(span, j)
            if how <= SHIFTED:
                x = _moved(x, np.int32(pre[k] + less[k]), mask[k], post[k])
            else:
                x = x + pre[k]
                if how == TWICE:
                    x = _through(x, first[k], found, offset, entries, at, last, edge, grain, inverse)
                if how >= TWICE:
                    x = (x & _EVEN) + lag[k]
                x = _through(x, second[k], found, offset, entries, at, last, edge, grain, inverse)
                x = _moved(x, less[k], mask[k], post[k])
            if to[k] == TO_START:
                start = lesser(start, x)
            elif to[k] == TO_FIRST:
                put(found, 0, x)
                put(into, 0, start)
                _lower_chosen(into, found, chosen_links, opening[j], source[k])
                start = row(into, 0)
            else:
                stop = lesser(stop, x)
        at_last = lesser(start + row(span, i), stop)
        put(late, i, at_last)
        near[i] = not sparse or is_near(at_last, row(finish, i))
        if sparse and near[i]:
            for k in range(before_ptr[i], before_ptr[i + 1]):
                near[before[k]] = True


@njit(cache=True, nogil=True)
def _lower_chosen(into, found, chosen, summary, source):  # type: ignore[no-untyped-def]
    for b in range(LANES):
        if chosen[summary, b] == source:
            into[0, b] = min(into[0, b], found[b])
