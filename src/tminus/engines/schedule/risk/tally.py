"""What is added up over samples, task by task. All sums are of whole numbers, those of squares and products of each
batch's sum in single precision, cut to one: the same in whatever order batches come."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from tminus.engines.schedule.risk.compiled import HIGH
from tminus.engines.schedule.risk.wide import at_most, below, every, lanes_of, least, product, real, row, total
from tminus.engines.schedule.worktime import Ints

_0, _16, _LOWER = np.int32(0), np.int32(16), np.int32(0xFFFF)
_HALF, _QUARTER = np.float32(0.5), np.float32(0.25)


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
def first_asked(net, asked):  # type: ignore[no-untyped-def]
    """By place the first checkpoint that asks for it (their number: none), and the position it must be done by."""
    due, sure = np.full(len(net.fixed), asked.checkpoints, np.int64), np.full(len(net.fixed), HIGH, np.int32)
    for i in range(len(due)):
        if not net.fixed[i] and net.group[i] >= 0 and asked.due[i] < asked.checkpoints:
            due[i] = asked.due[i]
            sure[i] = asked.until[net.group[i], net.calendar[i], due[i]]
    return due, sure


@njit(cache=True, nogil=True)
def add_ready(net, asked, begin, until, due, sure, finish, peak, valid, whole, ready):  # type: ignore[no-untyped-def]
    """Add what is done by each checkpoint; ``whole``: from there on in every lane. ``due``, ``sure``:
    :func:`first_asked`; ``peak`` (n,): the last finish in any lane; ``valid``: −1 where a lane counts."""
    lanes, checkpoints = -np.int64(valid.sum()), asked.checkpoints
    group, calendar, weight, ends = net.group, net.calendar, asked.weight, asked.until
    for i in range(begin, until):
        if peak[i] <= sure[i]:
            whole[due[i]] += weight[i] * lanes
            continue
        for g in range(due[i], checkpoints):
            end = ends[group[i], calendar[i], g]
            if peak[i] <= end:  # and so by all later ones
                whole[g] += weight[i] * lanes
                break
            if least(row(finish, i)) <= end:
                ready[g] += weight[i] * lanes_of(at_most(row(finish, i), every(end)) & below(row(valid, 0), every(_0)))


@njit(cache=True, nogil=True)
def add_whole(whole, ready):  # type: ignore[no-untyped-def]
    """Add what is done from a checkpoint on to all later ones."""
    together = 0
    for g in range(len(ready)):
        together += whole[g]
        ready[g] += together


@njit(cache=True, nogil=True, forceinline=True)
def add_drawn(own, planned, counts, t, lanes, long):  # type: ignore[no-untyped-def]
    """Of one task's doubled minutes ``own``: what its durations come to, their squares, their products with the ends
    ``t`` of the lanes, all less what is planned. ``counts``: −1 in each of the ``lanes`` that count; ``long``: they may
    add up to 2³¹."""
    off, own = real((own - np.int32(2 * planned)) & counts), own & counts
    together = np.int64(total(own & _LOWER if long else own))
    if long:
        together += np.int64(total(own >> _16)) << 16
    return (
        (together >> 1) - planned * lanes,
        np.int64(product(off, off) * _QUARTER),
        np.int64(product(off, row(t, 0)) * _HALF),
    )


@njit(cache=True, nogil=True)
def add_last(net, planned, seen, span, t, valid, sums):  # type: ignore[no-untyped-def]
    """Add what a batch drew, after which none is drawn."""
    fixed, instant, lanes = net.fixed, net.instant, -np.int64(valid.sum())
    duration, square, products = sums.duration, sums.square, sums.product
    for i in range(len(fixed)):
        if not (fixed[i] or instant[i]):
            added = add_drawn(row(span, i), planned[i], row(valid, 0), t, lanes, seen[i] >= 0)
            duration[i] += added[0]
            square[i] += added[1]
            products[i] += added[2]


@njit(cache=True, nogil=True)
def add_critical(net, finish, late, near, valid, sums):  # type: ignore[no-untyped-def]
    instant, group, critical = net.instant, net.group, sums.critical
    for i in range(len(group)):
        if near[i] and group[i] >= 0:
            bit = np.int32(1 if instant[i] else 0)
            critical[i] += lanes_of(at_most(row(late, i) | bit, row(finish, i) | bit) & below(row(valid, 0), every(_0)))
