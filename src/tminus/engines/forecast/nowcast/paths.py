"""Days that could come: sample paths with the forecast's own quantiles, joined as errors were joined on past days."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Cells
from tminus.engines.forecast.prediction import LEVELS

MOST_DAYS = 60
"""Last training days whose errors are kept as patterns."""
UNKNOWN = 255


def ranks_of(errors: list[Cells]) -> NDArray[np.uint8]:
    """[step, day, slot, series] rank of each error among the days of its slot; ``UNKNOWN`` where none is known."""
    found = []
    for one in errors:
        last = one[-MOST_DAYS:]
        order = np.argsort(np.argsort(np.where(np.isnan(last), np.inf, last), axis=0, kind="stable"), axis=0)
        found.append(np.where(np.isnan(last), UNKNOWN, order).astype(np.uint8))
    return np.stack(found)


def drawn(quantiles: NDArray[np.float32], patterns: NDArray[np.uint8], many: int, seed: int) -> NDArray[np.float32]:
    """[path, step, series] samples from ``quantiles[level, step, series]``.

    Each path takes the ranks of one past day at all steps and series together, ``patterns[day, step, series]`` (Schaake
    shuffle, Clark et al. 2004): marginals are the forecast's, dependence is that of past errors.
    """
    draw = np.random.Generator(np.random.Philox(seed))
    known = np.where(patterns == UNKNOWN, 0, patterns + np.uint16(1)).max(axis=0, initial=0)
    days = draw.permutation(np.arange(many) % max(len(patterns), 1))
    out = np.empty((many, *quantiles.shape[1:]), dtype=np.float32)
    for path, day in enumerate(days):
        within = draw.random()
        loose = draw.random(quantiles.shape[1:])
        rank = patterns[day] if len(patterns) else np.full(quantiles.shape[1:], UNKNOWN, dtype=np.uint8)
        share = np.where(rank == UNKNOWN, loose, (rank + within) / np.maximum(known, 1))
        out[path] = _at(quantiles, np.clip(share, 0.0, 1.0))
    return out


def _at(quantiles: NDArray[np.float32], share: NDArray[np.float64]) -> NDArray[np.float32]:
    """Quantiles at any share, straight between levels; beyond the outermost as steep as next to them, to 1 and 99 %."""
    levels = np.array(LEVELS)
    share = np.clip(share, 0.01, 0.99)
    above = np.clip(np.searchsorted(levels, share), 1, len(levels) - 1)
    low = np.take_along_axis(quantiles, above[None] - 1, axis=0)[0]
    high = np.take_along_axis(quantiles, above[None], axis=0)[0]
    part = (share - levels[above - 1]) / (levels[above] - levels[above - 1])
    found: NDArray[np.float32] = np.maximum(low + part * (high - low), 0).astype(np.float32)
    return found
