"""What is added up over samples, task by task. All sums are of whole numbers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.random_numbers import LANES
from tminus.engines.schedule.worktime import Ints


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
                ready[g] += weight[i] * _done(finish, i, end, valid)


@njit(cache=True, nogil=True)
def _done(finish, i, until, valid):  # type: ignore[no-untyped-def]
    count = np.int32(0)
    for b in range(LANES):
        count = np.int32(count + np.int32(np.int32(finish[i, b] <= until) & valid[b]))
    return np.int64(count)


@njit(cache=True, nogil=True)
def add_moments(net, planned, begin, until, span, valid, sums):  # type: ignore[no-untyped-def]
    fixed, instant, duration, square = net.fixed, net.instant, sums.duration, sums.square
    for i in range(begin, until):
        if not (fixed[i] or instant[i]):
            once, twice = _moments(span, i, np.int32(planned[i]), valid)
            duration[i] += once
            square[i] += twice


@njit(cache=True, nogil=True)
def _moments(span, i, planned, valid):  # type: ignore[no-untyped-def]
    once, square = np.int64(0), np.int64(0)
    for b in range(LANES):
        d = np.int32(np.int32(np.int32(span[i, b] >> 1) - planned) & valid[b])
        once += d
        square += np.int64(d) * np.int64(d)
    return once, square


@njit(cache=True, nogil=True)
def add_products(net, planned, span, t, sums):  # type: ignore[no-untyped-def]
    """``t``: the end of each lane in minutes of the plan's calendar; 0 in lanes that do not count."""
    ends, total = t.astype(np.int64), t.sum()
    fixed, instant, product = net.fixed, net.instant, sums.product
    for i in range(len(fixed)):
        if not (fixed[i] or instant[i]):
            product[i] += (_product(span, i, ends) >> 1) - planned[i] * total


@njit(cache=True, nogil=True)
def _product(span, i, t):  # type: ignore[no-untyped-def]
    product = np.int64(0)
    for b in range(LANES):
        product += np.int64(span[i, b]) * t[b]
    return product


@njit(cache=True, nogil=True)
def add_critical(net, finish, late, near, valid, sums):  # type: ignore[no-untyped-def]
    instant, group, critical = net.instant, net.group, sums.critical
    for i in range(len(group)):
        if near[i] and group[i] >= 0:
            critical[i] += _critical(finish, late, i, np.int32(1 if instant[i] else 0), valid)


@njit(cache=True, nogil=True)
def _critical(finish, late, i, bit, valid):  # type: ignore[no-untyped-def]
    count = np.int32(0)
    for b in range(LANES):
        count = np.int32(count + np.int32(np.int32((late[i, b] | bit) <= (finish[i, b] | bit)) & valid[b]))
    return np.int64(count)
