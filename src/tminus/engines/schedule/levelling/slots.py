"""Time cut into slots: only hours in which some task that needs something may work, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.levelling.hours import together
from tminus.engines.schedule.model import PlanError
from tminus.engines.schedule.worktime import DAY, Ints, WorkTime, work_until

MOST_CELLS = 24_000_000
"""Slots × rows; above it slots are only as short as shifts and durations ask, or shifts alone."""


@dataclass(frozen=True, slots=True)
class Slots:
    """``at[k]``: where slot *k* begins. A calendar's working slots are ``of[ptr[c]:ptr[c + 1]]``; the first of them
    begins ``first[c]`` working minutes after the horizon does (in mirrored time ``first_back[c]``)."""

    minutes: int
    at: Ints
    ptr: Ints
    of: NDArray[np.int32]
    first: Ints
    first_back: Ints


@dataclass(frozen=True, slots=True)
class Grain:
    """What a slot should divide by, in minutes: ``most`` whatever is dated or lasts, ``work`` what needs something."""

    work: Ints
    most: Ints


def slots_of(time: WorkTime, mirror: WorkTime, used: Ints, span: tuple[int, int], grain: Grain, rows: int) -> Slots:
    """Slots of the calendars ``used`` within ``span``, instants at midnight.

    :raises PlanError: too many of them.
    """
    low, high = span
    union = together([time.intervals[c] for c in used]) if len(used) else (np.zeros(0, np.int64),) * 2
    keep = (union[0] >= low) & (union[1] <= high)
    union = union[0][keep], union[1][keep]
    size = _slot_minutes(time, used, grain, int((union[1] - union[0]).sum()), rows)
    at = np.concatenate([np.arange(a, b, size) for a, b in zip(*union, strict=True)] or [np.zeros(0, np.int64)])
    ptr, of = np.zeros(len(time.intervals) + 1, dtype=np.int64), [np.zeros(0, np.int32)]
    first, back = np.zeros(len(time.intervals), np.int64), np.zeros(len(time.intervals), np.int64)
    for c in range(len(time.intervals)):
        mine = c in used
        if mine:
            inside = work_until_many(time, c, at + size) > work_until_many(time, c, at)
            of.append(np.nonzero(inside)[0].astype(np.int32))
            first[c] = work_until(time.table, c, low)
            back[c] = work_until(mirror.table, c, -high)
        ptr[c + 1] = ptr[c] + (len(of[-1]) if mine else 0)
    return Slots(size, at, ptr, np.concatenate(of), first, back)


def work_until_many(time: WorkTime, c: int, at: Ints) -> Ints:
    """Working minutes of calendar ``c`` before each instant."""
    from_, until = time.intervals[c]
    before = np.concatenate([[0], np.cumsum(until - from_)])
    k = np.searchsorted(from_, at, side="right")
    inside = np.where(k > 0, np.minimum(at, until[k - 1]) - until[k - 1], 0)
    return np.asarray(before[k] + inside, dtype=np.int64)


def _slot_minutes(time: WorkTime, used: Ints, grain: Grain, total: int, rows: int) -> int:
    """As long as everything divides by; when that makes too many, as shifts and durations do, or shifts alone."""
    edges = [side % DAY for c in used for side in time.intervals[c]]
    shifts = int(np.gcd.reduce(np.concatenate([*edges, [DAY]])))
    with_work = gcd(shifts, int(np.gcd.reduce(grain.work))) if len(grain.work) else shifts
    for size in (gcd(with_work, int(np.gcd.reduce(grain.most))) if len(grain.most) else with_work, with_work):
        if total // size * max(rows, 1) <= MOST_CELLS:
            return size
    if total // shifts * max(rows, 1) > 4 * MOST_CELLS:
        raise PlanError(
            f"levelling needs {total // shifts:,} slots of {shifts} minutes for {rows} resources;"
            f" allowed: at most {4 * MOST_CELLS:,} in all: use shifts at full or half hours"
        )
    return shifts
