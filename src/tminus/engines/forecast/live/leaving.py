"""Who leaves, given who was counted out so far."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.gate_queue import Entered
from tminus.engines.forecast.arrivals.params import ArrivalParams
from tminus.engines.forecast.arrivals.site_day import Paths, SiteDay
from tminus.engines.forecast.arrivals.staying import stay_kernel


def leaving_from(
    day: SiteDay, entered: Entered, seen: NDArray[np.float64], slot: int, params: ArrivalParams
) -> tuple[Paths, tuple[str, ...]]:
    """[path, audience, slot] and what could not be taken, in words.

    Before ``slot`` as counted wherever every gate was; from then on those who are there leave as people who came when
    they came do, and nobody stays.

    :param seen: [gate, slot] exits, NaN where not known.
    """
    entries = entered.entries.sum(axis=1)
    expected, still = _usual(day, entries, slot, params)
    leaving = np.zeros_like(entries)
    inside, short = np.zeros(entries.shape[:2]), 0.0
    for t in range(slot):
        inside += entries[:, :, t]
        there = inside.sum(axis=1)
        whole = bool(np.isfinite(seen[:, t]).all())
        out = np.full(len(there), seen[:, t].sum()) if whole else expected[:, :, t].sum(axis=1)
        short += float(np.maximum(out - there, 0).mean()) if whole else 0.0
        leaving[:, :, t] = _among(expected[:, :, t], inside, np.minimum(out, there))
        inside = np.maximum(inside - leaving[:, :, t], 0)
    leaving[:, :, slot:] = expected[:, :, slot:] - still + _divided(still) * inside[:, :, None]
    words = (f"{short:.0f} more exits were counted than people were on site, and left out",) if short > 1 else ()
    return leaving, words


def _usual(day: SiteDay, entries: Paths, slot: int, params: ArrivalParams) -> tuple[Paths, Paths]:
    """D(t) = Σ_s E(s) g(t − s | s), and of it, from ``slot`` on, the part of those who came before."""
    expected = np.zeros_like(entries)
    still = np.zeros((*entries.shape[:2], entries.shape[2] - slot))
    for k, audience in enumerate(day.site.audiences):
        for factor in np.unique(day.stay):
            at = day.stay == factor
            kernel = stay_kernel(day.site, audience, day.grid, params, float(factor))
            expected[at, k] = entries[at, k] @ kernel
            still[at, k] = entries[at, k, :slot] @ kernel[:slot, slot:]
    return expected, still


def _divided(still: Paths) -> Paths:
    """Shares of the slots to come, summing to 1; the last slot where nobody was expected to be there any more."""
    if not still.shape[2]:
        return still
    total = still.sum(axis=2, keepdims=True)
    last = np.zeros_like(still)
    last[:, :, -1] = 1.0
    return np.where(total > 1e-9, still / np.where(total > 1e-9, total, 1.0), last)


def _among(usual: Paths, inside: Paths, out: NDArray[np.float64]) -> Paths:
    """[path, audience] ``out`` persons divided as usual, of no audience more than are there."""
    share = usual + 1e-9 * inside + 1e-15
    taken = np.minimum(share / share.sum(axis=1, keepdims=True) * out[:, None], inside)
    room = inside - taken
    missing, whole = out - taken.sum(axis=1), room.sum(axis=1)
    return np.asarray(taken + room * np.where(whole > 0, missing / np.where(whole > 0, whole, 1.0), 0.0)[:, None])
