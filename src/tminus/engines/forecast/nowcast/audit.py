"""Counts that cannot be believed, found before they teach or mislead: left out and named, never taken for zero."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.faults import DOUBLED, REPEATED, doubled, repeated_days, resets
from tminus.engines.forecast.nowcast.totals import TOTALS, totals
from tminus.engines.forecast.panel import FlowPanel, ForecastError

STUCK_SLOTS = 8
"""The same count above zero so many times on end is a stuck counter, where its neighbours in time usually differ."""
FAR_ABOVE = 20.0
"""Times the usual day's peak of a series (or the mean of all) above which a reading is not believed."""
MOST_DAYS_TOLD = 3
LARGEST = 1e9
"""Persons in a slot no counter sees."""


def audited(panel: FlowPanel, taught: int) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """Counts with what is doubtful made NaN, and one sentence for each kind of doubt.

    ``taught``: training days, from which alone it is judged how a counter usually behaves. A slot is judged only by
    slots before it, so that nothing to come is looked at.

    :raises ForecastError: no node, no slot, or nothing counted on any training day.
    """
    counts = panel.values.astype(np.float32)
    if not counts.size:
        raise ForecastError(f"flows: shape {counts.shape}; allowed: at least one day, slot, node and channel")
    doubts = []
    reset = resets(counts)
    if reset.any():
        doubts.append(f"meter reset: {int(reset.sum())} counts at {_where(panel, reset)}: taken as missing")
        counts = np.where(reset, np.nan, counts)
    for what, wrong in (
        ("below zero", counts < 0),
        ("infinite or above a thousand million", np.isinf(counts) | (counts > LARGEST)),
    ):
        if wrong.any():
            doubts.append(f"{int(wrong.sum())} counts {what}: taken as missing")
            counts = np.where(wrong, np.nan, counts)
    growing, since = totals(counts, taught)
    if growing.any():
        where = _where(panel, growing)
        doubts.append(f"{TOTALS}: {int(growing.sum())} figures at {where}: the differences between them are taken")
        counts = since
    for what, judge in (
        ("far above anything usual: {} counts", lambda counts, taught: counts > limits_of(counts[:taught])),
        ("stuck counter: {} slots", _stuck),
        (f"{REPEATED}: {{}} counts", repeated_days),
        (f"{DOUBLED}: {{}} counts", doubled),
    ):
        wrong = judge(counts, taught)
        if wrong.any():
            doubts.append(f"{what.format(int(wrong.sum()))} at {_where(panel, wrong)}: taken as missing")
            counts = np.where(wrong, np.nan, counts)
    if not np.isfinite(counts[:taught]).any():
        raise ForecastError("flows: nothing was counted on any training day; allowed: at least one count")
    return counts, (*doubts, *_missing(panel, counts))


def _where(panel: FlowPanel, wrong: NDArray[np.bool_]) -> str:
    """Nodes concerned, and days where they are few."""
    days = np.flatnonzero(wrong.any(axis=(1, 2, 3))).tolist()
    when = f" on {listed([_day(panel, at) for at in days])}" if len(days) <= MOST_DAYS_TOLD else ""
    return listed([panel.nodes[at] for at in np.flatnonzero(wrong.any(axis=(0, 1, 3)))]) + when


def limits_of(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """[node, channel] largest believable count, from training ``counts[day, slot, node, channel]``."""
    known = np.isfinite(counts)
    peaks = np.where(known, counts, 0).max(axis=1)
    usual = np.median(peaks, axis=0)
    everywhere = float(np.median(peaks))
    found: NDArray[np.float32] = (FAR_ABOVE * np.maximum(usual, everywhere)).astype(np.float32)
    return np.where(found > 0, found, np.inf).astype(np.float32)


def _stuck(counts: NDArray[np.float32], taught: int) -> NDArray[np.bool_]:
    """From the ``STUCK_SLOTS``-th equal count on, of series that on training days seldom repeat themselves."""
    flat = counts.reshape(-1, *counts.shape[2:])
    same = np.zeros(flat.shape, dtype=np.bool_)
    same[1:] = (flat[1:] == flat[:-1]) & (flat[1:] > 0)
    run = np.zeros(flat.shape[1:], dtype=np.int32)
    stuck = np.zeros(flat.shape, dtype=np.bool_)
    for at in range(len(flat)):
        run = np.where(same[at], run + 1, 0)
        stuck[at] = run >= STUCK_SLOTS
    end = taught * counts.shape[1]
    usual = (same & ~stuck)[:end].mean(axis=0, keepdims=True)
    return np.asarray((stuck & (usual < 0.1)).reshape(counts.shape), dtype=np.bool_)


def _missing(panel: FlowPanel, counts: NDArray[np.float32]) -> list[str]:
    known = np.isfinite(counts)
    nodes = [panel.nodes[at] for at in np.flatnonzero(~known.any(axis=(0, 1, 3)))]
    days = [_day(panel, at) for at in np.flatnonzero(~known.any(axis=(1, 2, 3))).tolist()]
    whole = known.any(axis=(0, 1, 3), keepdims=True) & known.any(axis=(1, 2, 3), keepdims=True)
    usual = known.any(axis=0, keepdims=True)
    gaps = int((~known & whole & usual).sum())
    said = []
    if nodes:
        said.append(f"never counted: {listed(nodes)}: forecast as 0 to the widest interval known")
    if days:
        said.append(f"nothing counted on {listed(days)}")
    if gaps:
        said.append(f"{gaps} slots missing where others of the same time were counted: left out, not taken as zero")
    return said


def _day(panel: FlowPanel, at: int) -> str:
    day = panel.days[at].day
    return day.isoformat() if day else f"day {at}"


def listed(names: list[str], most: int = 5) -> str:
    """The first few, and how many more."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
