"""Faults of counters that leave believable figures: a day delivered again, everybody counted twice, a meter reset.

What is marked in training may look at the whole day; later days are judged slot by slot from what came before.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Marks = NDArray[np.bool_]

LOOKS_BACK = 28
"""Days before in which a day's like is sought."""
SURPRISE_REPEATED = 25.0
"""−log probability (nats) from which equal counts are no chance: 7 slots of about 100 persons, 12 of about 5."""
SURPRISE_EVEN = 14.0
"""The same of even counts only: 21 on end where half of them usually are."""
SURPRISE_EVEN_ALONE = 20.0
"""Enough without being many: on a quiet day twice the count is nothing special."""
TWICE = 1.5
"""Times the usual sum of those slots that counts must be to be taken for doubled on the lesser evidence."""
USUAL_SHARE = 0.2
"""Of training days: a series that repeats itself so often does it by nature, and is not judged."""
RESET_SHARE = 0.5
"""A count below zero is a meter's reset when it takes back so much of what the day had counted before."""


def repeated_days(counts: NDArray[np.float32], taught: int) -> Marks:
    """[day, slot, node, channel] counts of days delivered again; ``taught``: training days."""
    marks = np.zeros(counts.shape, dtype=np.bool_)
    for day in range(1, len(counts)):
        for past in range(max(day - LOOKS_BACK, 0), day):
            equal = counts[day] == counts[past]
            nodes = np.flatnonzero((equal & (counts[day] > 0)).sum(axis=(0, 2)) >= 6)
            if len(nodes):
                marks[day][:, nodes] |= _surprising(counts[day][:, nodes], counts[past][:, nodes])[..., None]
    marks[:taught] |= marks[:taught].any(axis=1, keepdims=True)
    natural = marks[:taught].any(axis=(1, 3)).mean(axis=0) > USUAL_SHARE
    marks[:, :, natural] = False
    return marks


def _surprising(here: NDArray[np.float32], there: NDArray[np.float32]) -> Marks:
    """[slot, node] where an unbroken run of equal counts [slot, node, channel] is no chance any more.

    Two Poisson counts of mean m are equal with probability about 1 / (2 √(π m)).
    """
    equal = (here == there) | (np.isnan(here) & np.isnan(there))
    surprise = np.log(np.maximum(2 * np.sqrt(np.pi * np.nan_to_num(np.maximum(here, 0))), 1)).sum(axis=2)
    return _run(surprise, equal.all(axis=2)) >= SURPRISE_REPEATED


def _run(values: NDArray[np.float64], unbroken: Marks) -> NDArray[np.float64]:
    """[slot, …] sum of ``values`` since the last break."""
    total = np.cumsum(np.where(unbroken, values, 0), axis=0, dtype=np.float64)
    found: NDArray[np.float64] = total - np.maximum.accumulate(np.where(unbroken, 0, total), axis=0)
    return found


def doubled(counts: NDArray[np.float32], taught: int) -> Marks:
    """[day, slot, node, channel] of counts in which everybody is there twice: even ones only, longer than by chance."""
    positive = counts > 0
    odd = positive & (np.remainder(np.where(positive, counts, 0), 2) != 0)
    seen = positive[:taught].sum(axis=(0, 1))
    usually_odd = odd[:taught].sum(axis=(0, 1)) / np.maximum(seen, 1)
    judged = (usually_odd > USUAL_SHARE) & (seen > 0)
    surprise = -np.log(np.clip(1 - usually_odd, 0.4, 0.99))
    known = np.isfinite(counts)
    usual = np.where(known[:taught], counts[:taught], 0).sum(axis=0) / np.maximum(known[:taught].sum(axis=0), 1)
    marks = np.zeros(counts.shape, dtype=np.bool_)
    for day in range(len(counts)):
        even = _run(np.where(positive[day], surprise, 0), ~odd[day])
        many = _run(np.where(known[day], counts[day], 0), ~odd[day])
        expected = _run(np.where(known[day], usual, 0), ~odd[day])
        marks[day] = (even >= np.where(many > TWICE * expected, SURPRISE_EVEN, SURPRISE_EVEN_ALONE)) & judged
    marks[:taught] = _whole_runs(marks[:taught], ~odd[:taught])
    return marks


def _whole_runs(marks: Marks, unbroken: Marks) -> Marks:
    """Marks carried back to the slot where their run began."""
    back = np.zeros(marks.shape, dtype=np.bool_)
    carried = np.zeros_like(marks[:, 0])
    for slot in range(marks.shape[1] - 1, -1, -1):
        carried = (carried | marks[:, slot]) & unbroken[:, slot]
        back[:, slot] = carried
    return back


def resets(counts: NDArray[np.float32]) -> Marks:
    """Counts below zero that take back what the day had counted: the meter began again at nought."""
    before = np.cumsum(np.where(counts > 0, counts, 0), axis=1, dtype=np.float64)
    return np.asarray((counts < 0) & (before > 0) & (-counts >= RESET_SHARE * before), dtype=np.bool_)
