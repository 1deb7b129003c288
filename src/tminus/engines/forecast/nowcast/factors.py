"""Every series from what all series did: ridge on the lagged components of all residuals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from tminus.engines.forecast.nowcast.autoregression import Rows
from tminus.engines.forecast.nowcast.board import Board, Cells

PENALTIES = (0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
"""Ridge penalties tried, in units of the mean diagonal of the products of features."""
MOST_JUDGED = 160
"""Series on which penalties are compared."""


@dataclass(frozen=True, slots=True)
class Factors:
    """``basis[series, component]`` of residuals; ``weights[lag · component, series]`` of one step ahead."""

    basis: NDArray[np.float32]
    lags: int
    step: int
    weights: NDArray[np.float32]

    def expected(self, board: Board) -> Cells:
        """What is expected beyond each series' own past, [target, series]."""
        found = _lagged_components(board, self.basis, self.lags, self.step)
        return found @ self.weights


def basis_of(board: Board, used: NDArray[np.float32], most: int, seed: int) -> NDArray[np.float32]:
    """[series, component] leading directions of the residuals, by a randomised range finder (Halko et al. 2011)."""
    flat = (board.residual * np.sqrt(used)[..., None]).reshape(-1, board.residual.shape[-1])
    series = int(flat.shape[-1])
    if series <= most:
        return np.eye(series, dtype=np.float32)
    draw: Cells = np.random.Generator(np.random.Philox(seed)).standard_normal((series, most + 16), dtype=np.float32)
    for _ in range(2):
        draw = np.linalg.qr(flat.T @ (flat @ draw))[0].astype(np.float32)
    small = flat @ draw
    turned = np.linalg.eigh(small.T @ small)[1][:, ::-1][:, :most]
    return np.ascontiguousarray(draw @ turned)


def _lagged_components(board: Board, basis: NDArray[np.float32], lags: int, step: int) -> NDArray[np.float32]:
    square = len(basis) == basis.shape[1]
    seen = board.residual if square else board.residual @ basis
    return np.concatenate([board.lagged(seen, step + back) for back in range(lags)], axis=-1)


def learn_factors(
    board: Board, basis: NDArray[np.float32], lags: int, step: int, rows: Rows, left: Cells, penalty: float
) -> tuple[Factors, Cells]:
    """Weights for what ``left`` (residuals not explained yet) holds, and cross-fitted expectations of it."""
    sums = _sums(board, basis, lags, step, rows, left)
    expected = np.zeros((len(sums.features), left.shape[-1]), dtype=np.float32)
    for one in range(rows.folds):
        part = sums.fold == one
        expected[part] = sums.features[part] @ _ridge(sums.without(one), penalty)
    expected /= np.maximum(np.sqrt(rows.used), 1e-3).reshape(-1, 1)
    return Factors(basis, lags, step, _ridge(sums.without(None), penalty)), expected


@dataclass(frozen=True, slots=True)
class _Sums:
    """Weighted rows of features and targets, and their products by fold."""

    features: NDArray[np.float32]
    wanted: NDArray[np.float32]
    fold: NDArray[np.int64]
    grams: list[NDArray[np.float32]]
    crosses: list[NDArray[np.float32]]

    def without(self, fold: int | None) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        kept = [one for one in range(len(self.grams)) if one != fold or len(self.grams) == 1]
        gram, cross = self.grams[kept[0]].copy(), self.crosses[kept[0]].copy()
        for one in kept[1:]:
            gram += self.grams[one]
            cross += self.crosses[one]
        return gram, cross


def _sums(
    board: Board, basis: NDArray[np.float32], lags: int, step: int, rows: Rows, left: Cells, judged: slice = slice(None)
) -> _Sums:
    root = np.sqrt(rows.used).reshape(-1, 1)
    features = _lagged_components(board, basis, lags, step) * root
    wanted = np.where(np.isfinite(board.counts), left, 0).reshape(-1, left.shape[-1])[:, judged] * root
    fold = np.repeat(rows.fold, board.slots)
    grams = [features[fold == one].T @ features[fold == one] for one in range(rows.folds)]
    crosses = [features[fold == one].T @ wanted[fold == one] for one in range(rows.folds)]
    return _Sums(features, wanted, fold, grams, crosses)


def _ridge(sums: tuple[NDArray[np.float32], NDArray[np.float32]], penalty: float) -> NDArray[np.float32]:
    gram, cross = sums
    unit = float(np.trace(gram)) / max(len(gram), 1) + 1e-9
    held = gram + np.float32(unit * penalty) * np.eye(len(gram), dtype=np.float32)
    found: NDArray[np.float32] = cho_solve(cho_factor(held, check_finite=False), cross, check_finite=False)
    return found


def best_penalty(board: Board, basis: NDArray[np.float32], lags: int, step: int, rows: Rows, left: Cells) -> float:
    """By squared error on folds left out, on series spread over all."""
    every = max(left.shape[-1] // MOST_JUDGED, 1)
    sums = _sums(board, basis, lags, step, rows, left, slice(None, None, every))
    losses = dict.fromkeys(PENALTIES, 0.0)
    for one in range(0, rows.folds, 2):
        part = sums.fold == one
        for penalty in PENALTIES:
            found = sums.features[part] @ _ridge(sums.without(one), penalty)
            losses[penalty] += float(((sums.wanted[part] - found) ** 2).sum())
    return min(losses, key=lambda penalty: losses[penalty])
