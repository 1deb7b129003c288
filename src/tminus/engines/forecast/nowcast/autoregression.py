"""Each series from its own last residuals: coefficients shared by all, moved towards each as far as days prove it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Board, Cells

SHRINKAGES = (0.02, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
"""Weight of the shared coefficients against a series' own, in days' worth of rows: what is tried."""
MOST_JUDGED = 1000
"""Series on which shrinkages are compared."""
CHUNK = 24_000_000
"""Numbers of features held at once."""
MOST_LAGS = 12


@dataclass(frozen=True, slots=True)
class Lags:
    """``slots``: last residuals used. ``whole_day``: operational, also what the day and the days before showed."""

    slots: int
    whole_day: bool


def own_features(board: Board, lags: Lags, step: int, wanted: slice) -> Iterator[Cells]:
    """Features [target, series] of the target ``step`` slots after the origin, for ``wanted`` series."""
    seen = board.residual
    pair = board.other_channel(seen) if board.channels > 1 else None
    network = board.network(seen)
    channel = np.arange(seen.shape[-1])[wanted] % board.channels
    if board.alike is not None:
        yield board.alike_ahead(step, wanted)
        yield board.alike_then(step, wanted)
    for back in range(min(lags.slots, MOST_LAGS)):
        yield board.lagged(seen[..., wanted], step + back)
        if pair is not None:
            yield board.lagged(pair[..., wanted], step + back)
        if back < 4:
            yield board.lagged(network, step + back)[..., channel]
    if lags.whole_day:
        yield board.lagged(board.fast[..., wanted], step, over_night=True)
        yield board.lagged(board.slow[..., wanted], step, over_night=True)
        yield board.lagged(board.network(board.slow), step, over_night=True)[..., channel]
        yield from yesterday(board, seen[..., wanted])


def yesterday(board: Board, values: Cells) -> Iterator[Cells]:
    """The same slot of the day before, and the mean of it and its neighbours."""
    before = board.lagged(values, board.slots, over_night=True)
    later = board.lagged(values, board.slots - 1, over_night=True)
    earlier = board.lagged(values, board.slots + 1, over_night=True)
    yield before
    yield (before + later + earlier) / np.float32(3)


@dataclass(frozen=True, slots=True)
class Rows:
    """Which targets are learned from: ``used[day, slot]`` weights, ``fold[day]`` block of each day."""

    used: NDArray[np.float32]
    fold: NDArray[np.int64]

    @property
    def folds(self) -> int:
        return int(self.fold.max()) + 1


@dataclass(frozen=True, slots=True)
class AutoRegression:
    """``own[series, feature]`` coefficients of one step ahead; ``limit``: see :class:`Board`."""

    lags: Lags
    step: int
    own: NDArray[np.float32]
    limit: float

    def expected(self, board: Board) -> Cells:
        """Residuals expected, [target, series]."""
        board = replace(board, limit=self.limit)
        out = np.empty((board.asked.stop - board.asked.start, board.residual.shape[-1]), dtype=np.float32)
        for part in parts(board, self.lags):
            out[..., part] = 0
            for at, feature in enumerate(own_features(board, self.lags, self.step, part)):
                out[..., part] += feature * self.own[part, at]
        return out


def parts(board: Board, lags: Lags) -> Iterator[slice]:
    """Series in pieces whose features fit in memory; a node's channels stay together."""
    series, rows = board.residual.shape[-1], board.asked.stop - board.asked.start
    features = 3 * min(lags.slots, MOST_LAGS) + 7
    each = max(CHUNK // max(rows * features, 1) // board.channels, 1) * board.channels
    for first in range(0, series, each):
        yield slice(first, min(first + each, series))


def learn_autoregression(
    board: Board, lags: Lags, step: int, rows: Rows, target: Cells
) -> tuple[AutoRegression, Cells]:
    """Coefficients, and what they expect of each day when learned on the other folds (cross-fitted)."""
    moments = [_moments(board, lags, step, rows, target, part) for part in parts(board, lags)]
    gram = np.concatenate([one[0] for one in moments], axis=1)
    cross = np.concatenate([one[1] for one in moments], axis=1)
    shrinkage = _best_shrinkage(gram, cross)
    apart = np.stack([_solve(gram, cross, shrinkage, leave) for leave in range(rows.folds)])
    fold = np.repeat(rows.fold, board.slots)
    expected = np.zeros((len(fold), board.residual.shape[-1]), dtype=np.float32)
    for part in parts(board, lags):
        for at, feature in enumerate(own_features(board, lags, step, part)):
            expected[:, part] += feature * apart[fold, part, at]
    return AutoRegression(lags, step, _solve(gram, cross, shrinkage, None), board.limit), expected


def _moments(
    board: Board, lags: Lags, step: int, rows: Rows, target: Cells, part: slice
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """[fold, series, feature, feature] and [fold, series, feature] sums of products."""
    features = np.stack(list(own_features(board, lags, step, part)), axis=-1)
    known = np.isfinite(board.counts[..., part]).reshape(features.shape[:2])
    root = np.sqrt(rows.used).reshape(-1, 1) * known
    features *= root[..., None]
    wanted = target[..., part].reshape(root.shape) * root
    fold = np.repeat(rows.fold, board.slots)
    gram, cross = [], []
    for one in range(rows.folds):
        here, there = features[fold == one].transpose(1, 0, 2), wanted[fold == one].T
        gram.append(here.transpose(0, 2, 1) @ here)
        cross.append((there[:, None, :] @ here)[:, 0])
    return np.stack(gram), np.stack(cross)


def _solve(
    gram: NDArray[np.float32], cross: NDArray[np.float32], shrinkage: float, leave: int | None
) -> NDArray[np.float32]:
    kept = [fold for fold in range(len(gram)) if fold != leave or len(gram) == 1]
    own, right = gram[kept].sum(axis=0, dtype=np.float64), cross[kept].sum(axis=0, dtype=np.float64)
    all_of, size = own.sum(axis=0), own.shape[-1]
    ridge = 1e-4 * np.trace(all_of) / size + 1e-9
    shared = np.linalg.solve(all_of + ridge * np.eye(size), right.sum(axis=0))
    prior = shrinkage * (all_of + ridge * np.eye(size)) / len(own) / len(kept)
    found: NDArray[np.float32] = np.linalg.solve(own + prior, (right + prior @ shared)[..., None])[..., 0]
    return found.astype(np.float32)


def _best_shrinkage(gram: NDArray[np.float32], cross: NDArray[np.float32]) -> float:
    """By squared error on folds left out, from the sums alone, on series spread over all."""
    every = max(gram.shape[1] // MOST_JUDGED, 1)
    gram, cross = gram[:, ::every], cross[:, ::every]
    return min(SHRINKAGES, key=lambda one: sum(_loss(gram, cross, one, fold) for fold in range(len(gram))))


def _loss(gram: NDArray[np.float32], cross: NDArray[np.float32], shrinkage: float, fold: int) -> float:
    found = _solve(gram, cross, shrinkage, fold)
    fitted = np.einsum("mf,mfg,mg->", found, gram[fold], found, optimize=True)
    return float(fitted - 2 * np.einsum("mf,mf->", found, cross[fold], optimize=True))
