"""Faults of counters that leave believable figures: a day delivered again, everybody counted twice, a meter reset.

What is marked in training may look at the whole day; later days are judged slot by slot from what came before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.totals import TOTALS, totals_today

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
LEAST_EQUAL = 6
"""Equal counts above zero without which a day need not be looked at closely."""
REPEATED, DOUBLED = "a day delivered again", "everybody counted twice"
RESET_SHARE = 0.5
"""A count below zero is a meter's reset when it takes back so much of what the day had counted before."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How counters behave on training days. ``usual[slot, node, channel]``: mean count; ``evidence[node, channel]``: of
    one even count, in nats; ``even[node, channel]``, ``repeats[node]``: do so by nature, and are not judged."""

    usual: NDArray[np.float64]
    evidence: NDArray[np.float64]
    even: Marks
    repeats: Marks

    def doubts(self, today: NDArray[np.float32], before: NDArray[np.float32]) -> dict[str, Marks]:
        """Kind of fault → counts of ``today[slot, node, channel]`` it has; ``before``: days before, [day, …].

        Only faults still going on in the last slots counted: this is asked every slot.
        """
        end = int(np.flatnonzero(np.isfinite(today).any(axis=(1, 2)))[-1:].sum()) + 1
        last = slice(max(end - LEAST_EQUAL, 0), end)
        again, twice = np.zeros(today.shape, dtype=np.bool_), np.zeros(today.shape, dtype=np.bool_)
        same: Marks = np.equal(before[-LOOKS_BACK:, last], today[last]).astype(np.bool_)
        equal = np.any(np.all(same, axis=1), axis=(0, 2)) & ~self.repeats
        if equal.any():
            again[:, equal] = repeated_day(today[:, equal], before[-LOOKS_BACK:, :, equal])
        even = np.any(~np.any(_odd(today[last]), axis=0), axis=1)
        part = replace(self, usual=self.usual[:, even], evidence=self.evidence[even], even=self.even[even])
        twice[:, even] = part.doubled_day(today[:, even])
        return {REPEATED: again, DOUBLED: twice, TOTALS: totals_today(today)}

    def doubled_day(self, day: NDArray[np.float32]) -> Marks:
        """Even counts only, longer than by chance: everybody is there twice."""
        known, unbroken = np.isfinite(day), ~_odd(day)
        even = _run(np.where(day > 0, self.evidence, 0), unbroken)
        many = _run(np.where(known, day, 0), unbroken) > TWICE * _run(np.where(known, self.usual, 0), unbroken)
        found: Marks = (even >= np.where(many, SURPRISE_EVEN, SURPRISE_EVEN_ALONE)) & ~self.even
        return found


def habits_of(counts: NDArray[np.float32], *, repeats: bool = True) -> Habits:
    """From training days [day, slot, node, channel]; without ``repeats`` none is said to repeat itself by nature."""
    seen, known = (counts > 0).sum(axis=(0, 1)), np.isfinite(counts)
    usually_odd = _odd(counts).sum(axis=(0, 1)) / np.maximum(seen, 1)
    usual = np.where(known, counts, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    natural = np.zeros(counts.shape[2], dtype=np.bool_)
    if repeats:
        natural = _repeats(counts).any(axis=(1, 3)).mean(axis=0) > USUAL_SHARE
    return Habits(usual, -np.log(np.clip(1 - usually_odd, 0.4, 0.99)), usually_odd <= USUAL_SHARE, natural)


def _odd(counts: NDArray[np.float32]) -> Marks:
    positive = counts > 0
    return np.asarray(positive & (np.remainder(np.where(positive, counts, 0), 2) != 0), dtype=np.bool_)


def repeated_days(counts: NDArray[np.float32], taught: int) -> Marks:
    """[day, slot, node, channel] counts of days delivered again; ``taught``: training days."""
    marks = _repeats(counts)
    marks[:taught] |= marks[:taught].any(axis=1, keepdims=True)
    natural = marks[:taught].any(axis=(1, 3)).mean(axis=0) > USUAL_SHARE
    marks[:, :, natural] = False
    return marks


def _repeats(counts: NDArray[np.float32]) -> Marks:
    return np.stack([repeated_day(one, counts[max(at - LOOKS_BACK, 0) : at]) for at, one in enumerate(counts)])


def repeated_day(today: NDArray[np.float32], before: NDArray[np.float32]) -> Marks:
    """[slot, node, channel] of counts that have been one of the days ``before`` for longer than by chance."""
    marks = np.zeros(today.shape, dtype=np.bool_)
    for past in before:
        nodes = np.flatnonzero(((today == past) & (today > 0)).sum(axis=(0, 2)) >= LEAST_EQUAL)
        if len(nodes):
            marks[:, nodes] |= _surprising(today[:, nodes], past[:, nodes])[..., None]
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
    """[day, slot, node, channel] of counts in which everybody is there twice."""
    habits = habits_of(counts[:taught], repeats=False)
    marks = np.stack([habits.doubled_day(one) for one in counts])
    marks[:taught] = _whole_runs(marks[:taught], ~_odd(counts[:taught]))
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
