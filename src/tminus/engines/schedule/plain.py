"""The network without calendars, for callers that have arrays: built in one go, passed both ways.

Without calendars a link is one number, whatever its type: what it adds to the start of its predecessor. So one set of
rows serves both passes: read in one direction they carry early starts on, in the other late ones. A pass is one
loop over all links, not one inside another: how many links a task has is what a processor cannot guess. For the rest
memory takes the time, so everything is as narrow as the plan allows and lies in the order in which it is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.cycle import Cycle, find_cycle
from tminus.engines.schedule.passes import sort_topologically
from tminus.engines.schedule.worktime import entry

Numbers = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class PlainNetwork:
    """``order[i]`` is the task at place *i*; all else is by place. Minutes are int32 where none can overflow."""

    order: Numbers  # (n,)
    work: Numbers  # (n,) minutes
    heads: Numbers  # (m,) place of the successor, ascending
    ends: Numbers  # (m,) place of the predecessor
    offset: Numbers  # (m,) minutes from the start of one to the earliest start of the other


def weave(work: Numbers, pred: Numbers, succ: Numbers, kind: Numbers, lag: Numbers) -> PlainNetwork:
    """Order the tasks and group their links.

    ``work`` (n,) minutes; ``pred``, ``succ`` (m,) task numbers; ``kind`` (m,) codes of :mod:`.passes`; ``lag`` (m,)
    minutes.

    :raises Cycle: the links run in a circle; its tasks are numbers as text.
    """
    most = int(np.abs(work).sum(dtype=np.int64) + np.abs(lag).sum(dtype=np.int64))
    narrow = np.int32 if most < 1 << 31 else np.int64
    ends = np.ascontiguousarray(pred, dtype=np.int32), np.ascontiguousarray(succ, dtype=np.int32)
    codes, lags = np.ascontiguousarray(kind, dtype=np.int8), np.ascontiguousarray(lag, dtype=narrow)
    made = _weave(np.ascontiguousarray(work, dtype=narrow), *ends, codes, lags)
    if len(made[0]) < len(work):
        _, place = sort_topologically(len(work), pred, succ)
        raise Cycle([str(task) for task in find_cycle(len(work), place, pred, succ)])
    return PlainNetwork(*made)


def early_and_late(network: PlainNetwork) -> tuple[Numbers, Numbers]:
    """Earliest starts counted from 0, and latest starts that keep the earliest end of the whole; (n,) minutes each, by
    task."""
    early, late = np.empty_like(network.work), np.empty_like(network.work)
    _pass_both(network.order, network.work, network.heads, network.ends, network.offset, early, late)
    return early, late


@njit(cache=True)
def _weave(work, pred, succ, kind, lag):  # type: ignore[no-untyped-def]
    """Order, work, and rows; the order is shorter than ``work`` where there is a circle."""
    n, m = len(work), len(pred)
    into, link, follows = _links_by_successor(work, pred, succ, kind, lag)
    order, place = np.empty(n + 1, dtype=np.int32), np.empty(n, dtype=np.int32)
    count = 0
    for i in range(n):
        order[count] = i
        count += follows[i] == 0
    at = 0
    while at < count:  # from the end: a task comes when all that follow it have come
        i = order[at]
        at += 1
        place[i] = n - at
        for k in range(into[i], into[i + 1]):
            p = entry(link, 2 * k) >> 2
            left = follows[p] - 1
            follows[p] = left
            order[count] = p
            count += left == 0
    order = order[:count][::-1].copy()
    in_order, offset = np.empty(n, dtype=work.dtype), np.empty(m, dtype=work.dtype)
    heads, ends = np.empty(m, dtype=np.int32), np.empty(m, dtype=np.int32)
    row = 0
    for a in range(count if count == n else 0):
        i = order[a]
        own = work[i]
        in_order[a] = own
        for k in range(into[i], into[i + 1]):
            code = entry(link, 2 * k)
            p = place[code >> 2]
            heads[row], ends[row] = a, p
            offset[row] = entry(link, 2 * k + 1) + entry(in_order, p) * (1 - (code & 1)) - own * ((code >> 1) & 1)
            row += 1
    return order, in_order, heads, ends, offset


@njit(cache=True)
def _links_by_successor(work, pred, succ, kind, lag):  # type: ignore[no-untyped-def]
    """Where each task's links begin; predecessor and type, and lag, side by side; how many follow each task."""
    n, m = len(work), len(pred)
    into = np.zeros(n + 2, dtype=np.int32)
    follows = np.zeros(n, dtype=np.int32)
    for e in range(m):
        into[np.uint64(succ[e]) + np.uint64(2)] += 1
        follows[np.uint64(pred[e])] += 1
    for i in range(n):
        into[i + 2] += into[i + 1]
    link = np.empty(2 * m, dtype=work.dtype)
    for e in range(m):
        at = np.uint64(succ[e]) + np.uint64(1)
        k = 2 * np.int64(into[at])
        into[at] += 1
        link[k] = pred[e] * 4 + kind[e]
        link[k + 1] = lag[e]
    return into, link, follows


@njit(cache=True)
def _pass_both(order, work, heads, ends, offset, early, late):  # type: ignore[no-untyped-def]
    n, m = len(work), len(heads)
    start, last = np.zeros(n, dtype=work.dtype), np.empty(n, dtype=work.dtype)
    for k in range(m):
        head = np.uint64(heads[k])
        start[head] = max(start[head], entry(start, ends[k]) + offset[k])
    end = np.int64(0)
    for i in range(n):
        end = max(end, np.int64(start[i]) + work[i])
    for i in range(n):
        last[i] = end - work[i]
    for k in range(m - 1, -1, -1):
        tail = np.uint64(ends[k])
        last[tail] = min(last[tail], entry(last, heads[k]) - offset[k])
    for i in range(n):
        early[order[i]], late[order[i]] = start[i], last[i]
