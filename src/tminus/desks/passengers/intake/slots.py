"""Readings as persons in quarters of an hour.

Each reading, or pair of a meter's readings, stands for a stretch of time with so many persons in it. Its share of each
slot depends on nothing else, in whole persons, so slots can be kept by adding what is new and taking off what was
replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tminus.desks.passengers.intake.blocks import Reading

SLOT_S = 900
DAY_S = 86_400
SLOTS = DAY_S // SLOT_S
LONGEST_GAP_S = DAY_S
"""Over a longer silence a meter begins anew: nobody can say when those persons passed."""
Timed = tuple[int, Reading]
Shares = dict[int, list[int]]
"""Slot since 1970 → persons in, persons out, seconds known."""


class Stretch(NamedTuple):
    """``ins`` and ``outs`` persons from ``start`` until ``end``, seconds since 1970; ``known``: near enough in time."""

    start: int
    end: int
    ins: int
    outs: int
    known: bool


def intervals(readings: Iterable[Timed], every_s: int) -> Iterator[Stretch]:
    """Of a counter that says how many passed in the interval that began at the reading's time."""
    for at, one in readings:
        yield Stretch(at, at + every_s, one.ins, one.outs, True)


def differences(readings: Sequence[Timed], every_s: int, most_per_min: int) -> Iterator[Stretch]:
    """Of a meter that runs on: from each reading to the next, in order of time.

    A meter that fell has begun anew from zero. More than ``most_per_min`` a minute is no count of persons but a jump,
    and is not known. Over a gap the persons are spread evenly, and the slots not called known.
    """
    near_s = max(SLOT_S, 3 * every_s)
    for (start, before), (end, after) in pairwise(readings):
        if end - start > LONGEST_GAP_S:
            continue
        fell = after.ins < before.ins or after.outs < before.outs
        ins, outs = (after.ins, after.outs) if fell else (after.ins - before.ins, after.outs - before.outs)
        if max(ins, outs) * 60 > most_per_min * (end - start):
            continue
        yield Stretch(start, end, ins, outs, end - start <= near_s)


def shares(stretches: Iterable[Stretch], sign: int = 1, into: Shares | None = None) -> Shares:
    """Each stretch's persons and seconds by slot, in whole persons, added to ``into`` times ``sign``."""
    found: Shares = defaultdict(lambda: [0, 0, 0]) if into is None else into
    for start, end, ins, outs, known in stretches:
        length, done_in, done_out = end - start, 0, 0
        for slot in range(start // SLOT_S, (end - 1) // SLOT_S + 1):
            until = min(end, (slot + 1) * SLOT_S) - start
            so_far_in, so_far_out = ins * until // length, outs * until // length
            here = found[slot]
            here[0] += sign * (so_far_in - done_in)
            here[1] += sign * (so_far_out - done_out)
            if known:
                here[2] += sign * (start + until - max(start, slot * SLOT_S))
            done_in, done_out = so_far_in, so_far_out
    return found


def empty_day() -> NDArray[np.int32]:
    """[slot, (persons in, persons out, seconds known)] of a day without readings."""
    return np.zeros((SLOTS, 3), dtype="<i4")


def day_of(content: bytes | memoryview) -> NDArray[np.int32]:
    """A day as kept, to be changed."""
    return np.frombuffer(content, dtype="<i4").reshape(SLOTS, 3).copy()
