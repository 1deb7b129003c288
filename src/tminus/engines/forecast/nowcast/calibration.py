"""Quantiles: how far counts fell from expectation on days not learned from, by time of day, step and size class."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Cells
from tminus.engines.forecast.prediction import LEVELS

BLOCKS = 6
"""Parts of the service day with quantiles of their own."""
SIZES = (0.5, 0.9)
"""Quantiles of mean count that part quiet, busy and busiest series."""
LEAST = 300
"""Residuals a bin needs for quantiles of its own, else its size class's over the whole day."""
PRIOR_DAYS = 20.0
"""Days' worth of its block's noise mixed to that of a series' slot."""
GAIN = 2.0
"""How far one day's coverage moves the width (adaptive conformal inference, Gibbs & Candès 2021)."""
LONE = 5.0
"""Series of a size class that move it half as far: what few tell of a day is much chance."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """``noise[step, slot, series]``: usual error in persons over ``scale``; ``table[step, block, size, level]``;
    ``width[step, size]`` moved by :meth:`observed`; ``size[series]`` class of each."""

    noise: NDArray[np.float32]
    table: NDArray[np.float32]
    width: NDArray[np.float32]
    size: NDArray[np.int64]

    def quantiles(self, step: int, slots: NDArray[np.int64], mean: Cells, scale: Cells) -> NDArray[np.float32]:
        """[level, row, series] about ``mean[row, series]`` of targets in ``slots[row]``, ``step`` from 1; never < 0."""
        block = _block(slots, self.noise.shape[1])
        spread = scale * self.noise[step - 1, slots]
        factors = (
            self.table[step - 1][block[:, None], self.size[None, :]] * self.width[step - 1, self.size][None, :, None]
        )
        found = np.empty((len(LEVELS), *mean.shape), dtype=np.float32)
        for level in range(len(LEVELS)):
            found[level] = np.maximum(mean + spread * factors[..., level], 0)
        return found

    def observed(self, step: int, inside: NDArray[np.float32], days: float = 1.0) -> Calibration:
        """Widths after ``days`` (1 or a part) whose 80 % intervals held ``inside[series]`` of counts (NaN: none)."""
        width = self.width.copy()
        for size in range(width.shape[1]):
            told = inside[(self.size == size) & np.isfinite(inside)]
            if told.size:
                gain = GAIN * told.size / (told.size + LONE)
                width[step - 1, size] *= np.exp(days * gain * (0.8 - float(told.mean())))
        return replace(self, width=np.clip(width, 0.4, 4.0))


def _block(slots: NDArray[np.int64], many: int) -> NDArray[np.int64]:
    return np.minimum(slots * BLOCKS // many, BLOCKS - 1)


def size_classes(size: NDArray[np.float32]) -> NDArray[np.int64]:
    """[series] 0 quiet, 1 busy, 2 busiest tenth."""
    return (
        np.searchsorted(np.quantile(size, SIZES), size, side="left").astype(np.int64) if size.size else size.astype(int)
    )


def noise_of(errors: NDArray[np.float32]) -> NDArray[np.float32]:
    """[slot, series] root mean square of ``errors[day, slot, series]`` (NaN: not judged), few ones leaning on many."""
    known = np.isfinite(errors)
    squares = np.where(known, errors, 0) ** 2
    total, many = squares.sum(axis=0), known.sum(axis=0)
    everywhere = max(float(total.sum() / many.sum()), 1e-12) if many.any() else 1.0  # nothing judged: the scale itself
    of_slot = (total.sum(axis=1) + everywhere) / (many.sum(axis=1) + 1)
    of_series = (total.sum(axis=0) + 10 * everywhere) / (many.sum(axis=0) + 10)
    prior = of_slot[:, None] * of_series[None, :] / everywhere
    near = _neighbouring(total), _neighbouring(many.astype(np.float32))
    found: NDArray[np.float32] = np.sqrt((near[0] + PRIOR_DAYS * prior) / (near[1] + PRIOR_DAYS))
    return found.astype(np.float32)


def _neighbouring(values: NDArray[Any]) -> Cells:
    out: Cells = values.astype(np.float32)
    out[1:] += values[:-1]
    out[:-1] += values[1:]
    return out


def calibrated(errors: list[NDArray[np.float32]], size: NDArray[np.float32]) -> Calibration:
    """From cross-fitted ``errors[step][day, slot, series]`` in units of scale."""
    classes = size_classes(size)
    noise = np.stack([noise_of(one) for one in errors])
    table = np.stack([_table(one / noise[at][None], classes) for at, one in enumerate(errors)])
    return Calibration(noise, table, np.ones((len(errors), len(SIZES) + 1), dtype=np.float32), classes)


def _table(relative: NDArray[np.float32], classes: NDArray[np.int64]) -> NDArray[np.float32]:
    """[block, size, level] quantiles of ``relative[day, slot, series]``."""
    slots = relative.shape[1]
    block = _block(np.arange(slots), slots)
    whole = _levels(relative, None)
    out = np.empty((BLOCKS, len(SIZES) + 1, len(LEVELS)), dtype=np.float32)
    for size in range(len(SIZES) + 1):
        of_size = relative[:, :, classes == size]
        usual = _levels(of_size, whole)
        for part in range(BLOCKS):
            out[part, size] = _levels(of_size[:, block == part], usual)
    return out


def _levels(values: NDArray[np.float32], otherwise: NDArray[np.float32] | None) -> NDArray[np.float32]:
    known = values[np.isfinite(values)]
    if len(known) >= LEAST or (otherwise is None and len(known) >= 2):
        return np.quantile(known, LEVELS).astype(np.float32)
    normal = np.array([-1.645, -1.282, -0.842, -0.524, -0.253, 0, 0.253, 0.524, 0.842, 1.282, 1.645], dtype=np.float32)
    return normal if otherwise is None else otherwise
