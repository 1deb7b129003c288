"""Visits of a day out of what the counters at the edge counted: whole days, days nearly whole, and those left out."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

ENOUGH = 0.95
"""Share of a day's usual entries that must fall into slots that are known; the rest is taken to have been as usual."""
WHOLE = 0.995
"""From here on nothing is said of it."""

Entries = NDArray[np.float64]
"""[day, slot, gate] persons in; NaN where not known."""


class DayVisits(NamedTuple):
    """``visits`` persons, None where too little is known; ``known``: share of the usual entries in known slots."""

    visits: float | None
    known: float


def visits_by_day(entries: Entries, open_slots: NDArray[np.bool_]) -> list[DayVisits]:
    """Each day's visits; a day on which nobody at all was counted tells nothing and has none.

    :param open_slots: [slot] in which people may come in; a slot known on no day counts as the gate's mean there.
    """
    usual = _usual(entries, open_slots)
    found = []
    for day in entries:
        known = np.isfinite(day)
        share = float((usual * known).sum() / usual.sum()) if usual.sum() > 0 else 0.0
        persons = float(np.where(known, day, 0.0).sum())
        found.append(DayVisits(persons / share if share >= ENOUGH and persons > 0 else None, share))
    return found


def _usual(entries: Entries, open_slots: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[slot, gate] mean of the days that know it; unknown ones the gate's mean while open, else nobody.

    A gate that no day knows is taken to be as the others are: it must not look as if nobody came by it.
    """
    known = np.isfinite(entries)
    days = known.sum(axis=0)
    mean = np.where(known, entries, 0.0).sum(axis=0) / np.maximum(days, 1)
    while_open = open_slots[:, None] & (days > 0)
    level = (mean * while_open).sum(axis=0) / np.maximum(while_open.sum(axis=0), 1)
    counted = known.any(axis=(0, 1))
    level = np.where(counted, level, level[counted].mean() if counted.any() else 0.0)
    found: NDArray[np.float64] = np.where(days > 0, mean, np.where(open_slots[:, None], level[None], 0.0))
    return found
