"""The topological order kept right when a link is added (Pearce and Kelly 2006): only what lies between the two ends is
looked at, and changes places among itself."""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.schedule.cone import BEGIN, END, OTHER


@njit(cache=True)
def reorder(there, there_rows, back, back_rows, rank, at, came, pred, succ):  # type: ignore[no-untyped-def]
    """Give ``succ`` a later rank than ``pred``, and all that follows it.

    ``came`` (n,) must be −1 throughout and is left so. Answers an empty array, or, with nothing changed, the places
    of the circle that a link from ``pred`` to ``succ`` would close, ``succ`` first.
    """
    empty = np.empty(0, dtype=np.int64)
    low, high = rank[succ], rank[pred]
    if low > high:
        return empty
    after = _reached(back, back_rows, rank, came, succ, low, high, pred)
    circle = _chain(came, succ, pred) if pred == succ or came[pred] >= 0 else empty
    for i in after:
        came[i] = -1
    if len(circle):
        return circle
    before = _reached(there, there_rows, rank, came, pred, low, high, -1)
    for i in before:
        came[i] = -1
    moving = np.concatenate((_by_rank(before, rank), _by_rank(after, rank)))
    ranks = np.sort(rank[moving])
    for k in range(len(moving)):
        rank[moving[k]] = ranks[k]
        at[ranks[k]] = moving[k]
    return empty


@njit(cache=True)
def _by_rank(places, rank):  # type: ignore[no-untyped-def]
    return places[np.argsort(rank[places])]


@njit(cache=True)
def _reached(side, rows, rank, came, first, low, high, target):  # type: ignore[no-untyped-def]
    """What the rows of a side lead to from ``first`` within the ranks ``low … high``, ``first`` itself included;
    ``came`` keeps from where. Ends early at ``target``."""
    found = np.empty(high - low + 2, dtype=np.int64)
    found[0] = first
    came[first] = first
    count, done = 1, 0
    while done < count:
        i = found[done]
        done += 1
        if i == target:
            break
        for k in range(side[i, BEGIN], side[i, END]):
            j = np.int64(rows[k, OTHER])
            if came[j] < 0 and low <= rank[j] <= high:
                came[j] = i
                found[count] = j
                count += 1
    return found[:count].copy()


@njit(cache=True)
def _chain(came, first, last):  # type: ignore[no-untyped-def]
    """Places from ``first`` to ``last`` along ``came``."""
    length, i = 1, last
    while i != first:
        i = came[i]
        length += 1
    chain = np.empty(length, dtype=np.int64)
    i = last
    for k in range(length - 1, -1, -1):
        chain[k] = i
        i = came[i]
    return chain
