"""Counters that send running totals where counts of a slot are meant, told day by day and node by node."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.running_totals import FALLS_TO, LEAST_READINGS, differences

Counts = NDArray[np.float32]
Marks = NDArray[np.bool_]

TOTALS = "running totals"


def totals(counts: Counts, taught: int) -> tuple[Marks, Counts]:
    """[day, slot, node, channel] that are totals, and the counts with what was counted since the slot before instead.

    NaN where that is not known. Of training days the whole day is looked at. Later days are judged slot by slot from
    what came before, so that of a counter which begins to send totals the first slots are taken as they are.
    """
    marks, counted = np.zeros(counts.shape, dtype=np.bool_), counts
    for day, node in zip(*np.nonzero(_may_be(counts)), strict=True):
        slots, figures = _of_node(counts[day, :, node], day < taught)
        if not slots.size:
            continue
        counted = counts.copy() if counted is counts else counted
        marks[day, slots, node] = True
        counted[day, slots, node] = figures
    return marks, counted


def totals_today(today: Counts) -> Marks:
    """[slot, node, channel] of a day under way that are totals, as far as it has been counted."""
    marks = np.zeros(today.shape, dtype=np.bool_)
    for node in np.flatnonzero(_may_be(today[None])[0]):
        slots, _ = _of_node(today[:, node], True)
        marks[slots, node] = True
    return marks


def _may_be(counts: Counts) -> Marks:
    """[day, node] whose first known figures never fall but to begin anew, and are many enough."""
    known: Marks = np.asarray(np.isfinite(counts).all(axis=3), dtype=np.bool_)
    enough = known.sum(axis=1) >= LEAST_READINGS
    latest = np.maximum.accumulate(np.where(known, np.arange(counts.shape[1])[:, None], 0), axis=1)
    level = np.take_along_axis(counts, latest[..., None], axis=1)
    before, after = level[:, :-1], level[:, 1:]
    fell: Marks = np.asarray((after < before) & (after > FALLS_TO * before), dtype=np.bool_)
    falls: Marks = np.asarray(fell.any(axis=3), dtype=np.bool_) & known[:, 1:]
    early = np.cumsum(known, axis=1)[:, 1:] <= LEAST_READINGS
    return np.asarray(enough & ~(falls & early).any(axis=1), dtype=np.bool_)


def _of_node(figures: Counts, whole: bool) -> tuple[NDArray[np.intp], Counts]:
    """The slots of [slot, channel] that are totals, and their differences; ``whole``: judged from the whole day."""
    slots = np.flatnonzero(np.isfinite(figures).all(axis=1))
    values = figures[slots].astype(np.float64)
    if whole:
        found = differences(values)
        return (slots, found.astype(np.float32)) if found is not None else (slots[:0], figures[:0])
    kept, rows = [], []
    for end in range(LEAST_READINGS, len(values) + 1):
        found = differences(values[:end])
        if found is not None:
            kept.append(slots[end - 1])
            rows.append(found[-1])
    return np.array(kept, dtype=np.intp), np.array(rows, dtype=np.float32).reshape(-1, figures.shape[1])
