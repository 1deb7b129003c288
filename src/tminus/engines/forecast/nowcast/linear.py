"""The linear stage of one step: each series' own past, then everybody's; robust against days nobody foresaw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.autoregression import AutoRegression, Lags, Rows, learn_autoregression
from tminus.engines.forecast.nowcast.board import FAST, SLOW, Board, Cells, decayed
from tminus.engines.forecast.nowcast.factors import Factors, basis_of, best_penalty, learn_factors
from tminus.engines.forecast.nowcast.params import NowcastParams

WINSOR = 3.0
"""Residuals beyond so many root mean squares are drawn in before learning (Huber 1964)."""
FACTOR_LAGS = 2
"""Lags of all series' components; four were no better on training days."""
OPERATIONAL_LAGS = 6
ODD_WEIGHT = 0.1
FIRST_SHARE = 8
"""One in so many of the first days has too few days before it for a profile worth learning from."""
UNSETTLED_WEIGHT = 0.05


@dataclass(frozen=True, slots=True)
class Linear:
    """Own past, then everybody's, one step ahead."""

    own: AutoRegression
    all_of: Factors

    def expected(self, board: Board) -> Cells:
        """Residuals expected at each target, [target, series]."""
        return self.own.expected(board) + self.all_of.expected(board)


def rows_of(board: Board, odd: NDArray[np.bool_], folds: int) -> Rows:
    """Weights of training slots: odd and first days less, slots by how quiet they are; and folds of whole days."""
    days = len(board.counts)
    used = np.ones((days, board.slots), dtype=np.float32)
    used[odd[:days]] = ODD_WEIGHT
    used[: min(max(2, days // FIRST_SHARE), days - 1)] = UNSETTLED_WEIGHT
    noise = np.sqrt((board.residual**2).mean(axis=(0, 2)))
    used *= noise.mean() / np.maximum(noise, max(0.1 * noise.mean(), 1e-9)) if noise.any() else 1
    return Rows(used, blocks(days, folds))


def blocks(days: int, folds: int) -> NDArray[np.int64]:
    """[day] number of its block of neighbouring days."""
    folds = min(folds, days)
    return np.minimum(np.arange(days) * folds // days, folds - 1)


def winsorised(board: Board, rows: Rows) -> Board:
    """The board with residuals drawn in to ``WINSOR`` root mean squares."""
    mean = float((board.residual**2 * rows.used[..., None]).mean() / rows.used.mean())
    most = np.float32(WINSOR * np.sqrt(mean) + 1e-9)
    residual = np.clip(board.residual, -most, most)
    fast, slow = decayed(residual, FAST), decayed(residual, SLOW)
    return replace(board, residual=residual, fast=fast, slow=slow, limit=float(most))


def reachable(board: Board, step: int) -> NDArray[np.float32]:
    """[slot] 1 where the origin lies in the same day."""
    here = np.ones(board.slots, dtype=np.float32)
    if not board.round_clock:
        here[:step] = 0
    return here


def learn_linear(board: Board, rows: Rows, params: NowcastParams) -> tuple[tuple[Linear, ...], list[Cells]]:
    """One stage a step, and what each expects of the training days when learned without their fold."""
    drawn_in = winsorised(board, rows)
    lags = (
        Lags(max(params.history, OPERATIONAL_LAGS), True)
        if params.mode == "operational"
        else Lags(params.history, False)
    )
    basis = basis_of(drawn_in, rows.used, max(params.factors // FACTOR_LAGS, 1), params.seed)
    penalty, found = None, {}
    for step in _middle_first(params.horizon):
        here = replace(rows, used=rows.used * reachable(board, step)[None, :])
        own, fitted = learn_autoregression(drawn_in, lags, step, here, drawn_in.residual)
        left = drawn_in.residual - fitted.reshape(drawn_in.residual.shape)
        depth = min(params.history, FACTOR_LAGS)
        penalty = best_penalty(drawn_in, basis, depth, step, here, left) if penalty is None else penalty
        all_of, more = learn_factors(drawn_in, basis, depth, step, here, left, penalty)
        found[step] = (Linear(own, all_of), (fitted + more).reshape(left.shape))
    steps = range(1, params.horizon + 1)
    return tuple(found[step][0] for step in steps), [found[step][1] for step in steps]


def _middle_first(horizon: int) -> list[int]:
    """The penalty is chosen once, half way to the horizon."""
    middle = (horizon + 1) // 2
    return [middle, *(step for step in range(1, horizon + 1) if step != middle)]
