"""What is added up over samples, task by task. All sums are of whole numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.wide import at_most, below, every, lanes_of, product, row
from tminus.engines.schedule.worktime import Ints

_0 = np.int32(0)


class Sums(NamedTuple):
    """Over all samples. Durations and ends are less their planned ones, in minutes."""

    critical: Ints  # (n,) samples
    duration: Ints
    square: Ints
    product: Ints
    ready: Ints  # (checkpoints,) weighted


def no_sums(n: int, checkpoints: int) -> Sums:
    critical, duration, square, product = (np.zeros(n, dtype=np.int64) for _ in range(4))
    return Sums(critical, duration, square, product, np.zeros(checkpoints, dtype=np.int64))


# Arrays are taken out of their tuples once: a compiled loop pays for every one it fetches.


@njit(cache=True, nogil=True)
def add_ready(net, asked, begin, until, finish, extent, valid, whole, ready):  # type: ignore[no-untyped-def]
    """Add what is done by each checkpoint; ``whole``: from there on in every lane. ``extent`` (2, n): the
    first and the last finish in any lane; ``valid``: −1 where a lane counts."""
    lanes, checkpoints = -np.int64(valid.sum()), asked.checkpoints
    fixed, group, calendar = net.fixed, net.group, net.calendar
    due, weight, ends = asked.due, asked.weight, asked.until
    for i in range(begin, until):
        if fixed[i] or group[i] < 0:
            continue
        first, last = extent[0, i], extent[1, i]
        for g in range(due[i], checkpoints):
            end = ends[group[i], calendar[i], g]
            if last <= end:  # and so by all later ones
                whole[g] += weight[i] * lanes
                break
            if first <= end:
                ready[g] += weight[i] * lanes_of(at_most(row(finish, i), every(end)) & below(row(valid, 0), every(_0)))


@njit(cache=True, nogil=True)
def add_products(net, planned, span, t, sums):  # type: ignore[no-untyped-def]
    """``t``: the end of each lane in minutes of the plan's calendar; 0 in lanes that do not count.

    From the last task to the first: the last one's row is still near the processor, and so will be the first one's,
    which is drawn next."""
    of_ends = np.int64(t.sum())
    fixed, instant, products = net.fixed, net.instant, sums.product
    for i in range(len(fixed) - 1, -1, -1):
        if not (fixed[i] or instant[i]):
            products[i] += (product(row(span, i), row(t, 0)) >> 1) - planned[i] * of_ends


@njit(cache=True, nogil=True)
def add_critical(net, finish, late, near, valid, sums):  # type: ignore[no-untyped-def]
    instant, group, critical = net.instant, net.group, sums.critical
    for i in range(len(group)):
        if near[i] and group[i] >= 0:
            bit = np.int32(1 if instant[i] else 0)
            critical[i] += lanes_of(at_most(row(late, i) | bit, row(finish, i) | bit) & below(row(valid, 0), every(_0)))
