"""What is usual at a slot: a mean over days, weighted by how recent and how alike they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.day_types import DayTypes

MEMORIES_DAYS = (3.0, 6.0, 12.0, 25.0, 60.0, 200.0)
"""Days after which a day counts e times less: what is tried."""
LIKENESS = (0.5, 1.5, 4.0, 12.0)
"""How much unlike days are discounted: what is tried. Not 0: where kinds of days are alike their distances say so,
and a few days cannot."""
ODD_PENALTY = 2.5
"""Log weight an odd day loses."""


@dataclass(frozen=True, slots=True)
class Recall:
    """How past days are weighed: log weight = −age / ``memory_days`` − ``likeness`` · distance of day types."""

    memory_days: float
    likeness: float

    def weights(
        self,
        types: DayTypes,
        targets: tuple[NDArray[np.int64], NDArray[np.int64]],
        past: tuple[NDArray[np.int64], NDArray[np.int64]],
        odd: NDArray[np.bool_],
        allowed: NDArray[np.bool_],
    ) -> NDArray[np.float64]:
        """[target, past] weights; each row sums to 1, or to 0 where no day is allowed.

        ``targets`` and ``past`` are (positions, labels) of days; ``allowed[target, past]``: what may be looked at.
        """
        age = np.abs(np.subtract.outer(targets[0], past[0]))
        log = -age / self.memory_days - self.likeness * types.between(targets[1], past[1]) - ODD_PENALTY * odd[None, :]
        log = np.where(allowed, log, -np.inf)
        top = log.max(axis=1, keepdims=True, initial=-1e300)
        raw = np.where(allowed, np.exp(log - np.where(np.isfinite(top), top, 0.0)), 0.0)
        found: NDArray[np.float64] = raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-300)
        return found


def averaged(weights: NDArray[np.float64], counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """[target, …] weighted means of ``counts[past, …]`` over what is known; NaN where no day knows the cell."""
    flat = counts.reshape(len(counts), -1)
    light = weights.astype(np.float32)
    known = np.isfinite(flat)
    if known.all():
        total = light @ flat
        share = np.broadcast_to(light.sum(axis=1, keepdims=True), total.shape)
    else:
        total = light @ np.where(known, flat, np.float32(0))
        share = light @ known.astype(np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(share > 1e-6, total / share, np.nan)
    return mean.reshape(len(weights), *counts.shape[1:]).astype(np.float32)


def tried() -> Iterable[Recall]:
    """Every way of weighing that is compared on the training days."""
    return (Recall(memory, likeness) for memory in MEMORIES_DAYS for likeness in LIKENESS)
