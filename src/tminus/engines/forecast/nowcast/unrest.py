"""How unusual the last slots were, over all series at once: what is far from usual now is less sure for a while."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Board, Cells

BESIDE = 20.0
"""Series' worth of usual noise added to what was seen and to what is usual: few series say little."""
SMOOTHED = 5
"""Neighbouring slots whose usual noise is averaged."""
LEAST, MOST = -0.7, 1.2
"""Bounds of the logarithm of the factor."""


@dataclass(frozen=True, slots=True)
class Unrest:
    """``usual[slot]``: mean square of residuals. ``power[step]``: errors grow with what was seen over it to this power,
    0 … 1. ``window``: slots looked at."""

    usual: NDArray[np.float64]
    power: NDArray[np.float64]
    window: int

    def factor(self, board: Board, step: int) -> Cells:
        """[target, 1] of the scale of errors ``step`` slots after the origin; 1 before anything is counted."""
        seen = board.lagged(self.seen(board)[..., None], step)
        found: Cells = np.exp(np.clip(self.power[step - 1] * seen, LEAST, MOST)).astype(np.float32)
        return found

    def seen(self, board: Board) -> Cells:
        """[day, slot] logarithm of the root mean square residual of the last slots over the usual one."""
        many = np.isfinite(board.counts).sum(axis=2)
        squares = _last((board.residual.astype(np.float64) ** 2).sum(axis=2), self.window)
        beside = BESIDE * float(self.usual.mean())
        found = 0.5 * np.log((squares + beside) / (_last(many * self.usual, self.window) + beside))
        return np.asarray(found, dtype=np.float32)


def learn_unrest(board: Board, errors: list[Cells], noise: NDArray[np.float32], window: int) -> Unrest:
    """From cross-fitted ``errors[step][day, slot, series]`` (NaN: not judged) and ``noise[step, slot, series]``."""
    judged = np.asarray(np.isfinite(errors[0]).any(axis=(1, 2)))
    known = np.asarray(np.isfinite(board.counts) & judged.reshape(-1, 1, 1))
    squares = np.where(known, board.residual, 0).astype(np.float64) ** 2
    usual = (squares.sum(axis=(0, 2)) + 1e-9) / np.maximum(known.sum(axis=(0, 2)), 1)
    flat = Unrest(_smoothed(usual), np.zeros(len(errors)), max(window, 1))
    seen = flat.seen(board)[..., None]
    power = [
        _power(board.lagged(seen, at + 1).reshape(one.shape[:2]), one / noise[at][None])
        for at, one in enumerate(errors)
    ]
    return Unrest(flat.usual, np.array(power), flat.window)


def _power(seen: Cells, relative: Cells) -> float:
    """Slope of the logarithm of a slot's mean absolute error, against other days' same slot, on what was seen."""
    many = np.isfinite(relative).sum(axis=2)
    told = many > 0
    size = np.log(np.where(told, np.nansum(np.abs(relative), axis=2) / np.maximum(many, 1), 1) + 1e-3)
    usual = np.where(told, size, 0).sum(axis=0) / np.maximum(told.sum(axis=0), 1)
    apart, seen = np.where(told, size - usual, 0), np.where(told, seen, 0)
    return float(np.clip((seen * apart).sum() / ((seen**2).sum() + 1e-9), 0, 1))


def _last(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """[day, slot] sums over the last slots of the day."""
    total = np.cumsum(values, axis=1)
    found = total.copy()
    found[:, window:] -= total[:, :-window]
    return found


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(values, SMOOTHED // 2, mode="edge")
    return np.convolve(padded, np.full(SMOOTHED, 1 / SMOOTHED), mode="valid")
