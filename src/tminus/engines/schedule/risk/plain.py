"""Most tasks of a plan: they follow no more than two others of their own calendar, and nothing else holds them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.risk.compiled import HIGH, LOW, PLAIN, TO_START, Compiled
from tminus.engines.schedule.risk.random_numbers import LANES

MOST_LINKS = 2
_0 = np.int32(0)


def plain_places(net: Compiled) -> NDArray[np.bool_]:
    """(n,): takes time, every link leads from a finish to its start by an addition, no bound but that of its start."""
    rows = net.forward
    others = np.concatenate([[0], np.cumsum((rows.op != PLAIN) | (rows.side != 0) | (rows.to != TO_START))])
    ptr = rows.ptr.astype(np.int64)
    few = (others[ptr[1:]] == others[ptr[:-1]]) & (np.diff(ptr) <= MOST_LINKS)
    plain: NDArray[np.bool_] = few & ~net.instant & (net.bound_finish == LOW) & (net.cap == HIGH)
    return plain


@njit(cache=True, nogil=True)
def after_none(finish, span, i, bound):  # type: ignore[no-untyped-def]
    bound = bound if bound > _0 else _0
    for b in range(LANES):
        finish[i, b] = np.int32(bound + span[i, b])


@njit(cache=True, nogil=True)
def after_one(finish, span, i, bound, j, post):  # type: ignore[no-untyped-def]
    bound = bound if bound > _0 else _0
    for b in range(LANES):
        x = np.int32(finish[j, b] + post)
        finish[i, b] = np.int32((x if x > bound else bound) + span[i, b])


@njit(cache=True, nogil=True)
def after_two(finish, span, i, bound, j, post, other, other_post):  # type: ignore[no-untyped-def]
    bound = bound if bound > _0 else _0
    for b in range(LANES):
        x, y = np.int32(finish[j, b] + post), np.int32(finish[other, b] + other_post)
        x = x if x > y else y
        finish[i, b] = np.int32((x if x > bound else bound) + span[i, b])
