"""Everything learned from the training days, and what it expects of any targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Board, Cells
from tminus.engines.forecast.nowcast.calibration import Calibration, calibrated
from tminus.engines.forecast.nowcast.linear import Linear, blocks, learn_linear, reachable, rows_of
from tminus.engines.forecast.nowcast.params import NowcastParams
from tminus.engines.forecast.nowcast.tree_features import Places, chosen, features, flat, neighbours, seen_of
from tminus.engines.forecast.nowcast.trees import Trees, grow
from tminus.engines.forecast.nowcast.usual import Usual, before, learn_usual
from tminus.engines.forecast.panel import DayContext


@dataclass(frozen=True, slots=True)
class Learned:
    """``linear`` one a step (none: profile only); ``size[series]`` mean count; ``near``: see :func:`neighbours`."""

    params: NowcastParams
    usual: Usual
    linear: tuple[Linear, ...]
    trees: Trees | None
    calibration: Calibration
    size: NDArray[np.float32]
    near: NDArray[np.int64]

    def expected(self, board: Board, step: int) -> Cells:
        """Mean counts of every target of the board ``step`` slots after its origin, never below zero."""
        residual = self.linear[step - 1].expected(board) if self.linear else np.zeros_like(board.residual)
        if self.trees is not None:
            residual = residual + self._trees(board, step, residual)
        return np.maximum(board.profile + board.scale * residual, 0)

    def observed(self, step: int, inside: NDArray[np.float32]) -> Learned:
        """Widths moved by a day's coverage; see :meth:`Calibration.observed`."""
        return replace(self, calibration=self.calibration.observed(step, inside))

    def _trees(self, board: Board, step: int, residual: Cells) -> Cells:
        """In pieces, so that thousands of series fit in memory; only of the last day, which is what is asked for."""
        assert self.trees is not None  # noqa: S101 - the caller has looked
        series, first = board.counts.shape[-1], (len(board.counts) - 1) * board.slots
        seen = seen_of(board, self.near, self.size)
        out = np.zeros_like(flat(residual))
        each = max(400_000 // series, 1)
        for start in range(first, len(out), each):
            slots = np.arange(start, min(start + each, len(out)))
            places = Places(np.repeat(slots, series), np.tile(np.arange(series), len(slots)))
            rows = features(seen, places, step, residual, self.params)
            out[slots] = self.trees.expected(rows, self.params.threads).reshape(len(slots), series)
        return out.reshape(residual.shape)


def learn(
    counts: Cells, days: Sequence[DayContext], channels: int, params: NowcastParams, *, round_clock: bool
) -> Learned:
    """From training days ``counts[day, slot, series]``."""
    lead = params.lead_days if params.mode == "strict" else 0
    usual = learn_usual(
        counts, days, channels, round_clock=round_clock, lead=lead, step=min((params.horizon + 1) // 2, counts.shape[1])
    )
    board = usual.board(counts, days, before(len(days)))
    size = _size(counts)
    near = neighbours(board) if params.model == "lightgbm" else np.zeros((0, 0), dtype=np.int64)
    blank = Learned(params, usual, (), None, calibrated(_of_profile(board, params), size), size, near)
    if params.model == "profile" or len(days) < 2:
        return blank
    return _with_linear(blank, board, params)


def relearned(old: Learned, counts: Cells, days: Sequence[DayContext]) -> Learned:
    """Coefficients of the linear stage learned again on more days; day types, trees and widths stay."""
    if not old.linear:
        return old
    board = old.usual.board(counts, days, before(len(days)))
    rows = rows_of(board, old.usual.odd_of(len(days)), old.params.folds)
    return replace(old, linear=learn_linear(board, rows, old.params)[0])


def _with_linear(blank: Learned, board: Board, params: NowcastParams) -> Learned:
    rows = rows_of(board, blank.usual.odd_of(len(board.counts)), params.folds)
    linear, fitted = learn_linear(board, rows, params)
    judged = _judged(board, params)
    errors = [np.where(judged[at], board.residual - one, np.nan) for at, one in enumerate(fitted)]
    trees = None
    if params.model == "lightgbm":
        trees, errors = _with_trees(blank, board, fitted, errors, params)
    return replace(blank, linear=linear, trees=trees, calibration=calibrated(errors, blank.size))


def _with_trees(
    blank: Learned, board: Board, fitted: list[Cells], errors: list[Cells], params: NowcastParams
) -> tuple[Trees, list[Cells]]:
    """Trees on what the linear stage leaves, and errors of those that had not seen the day."""
    seen = seen_of(board, blank.near, blank.size)
    fold = blocks(len(board.counts), params.tree_folds)
    known = (~np.isnan(errors[0])).any(axis=2)
    places, rows, wanted, weight = [], [], [], []
    for step in range(1, params.horizon + 1):
        here = known * reachable(board, step)[None, :]
        at = chosen(here.astype(np.float32), board, step, params.rows // params.horizon, params.seed)
        places.append(at)
        rows.append(features(seen, at, step, fitted[step - 1], params))
        wanted.append(flat(errors[step - 1])[at.slot, at.series])
        weight.append(flat(board.scale)[at.slot, at.series])
    fold_of = [fold[at.slot // board.slots] for at in places]
    grown = grow(np.concatenate(rows), np.concatenate(wanted), np.concatenate(weight), np.concatenate(fold_of), params)
    after = []
    for at, row, want, part in zip(places, rows, wanted, fold_of, strict=True):
        error = np.full_like(flat(board.residual), np.nan)
        error[at.slot, at.series] = want - grown.held_out(row, part, params.threads)
        after.append(error.reshape(board.residual.shape))
    return grown, after


def _of_profile(board: Board, params: NowcastParams) -> list[Cells]:
    judged = _judged(board, params)
    return [np.where(judged[0], board.residual, np.nan)] * params.horizon


def _judged(board: Board, params: NowcastParams) -> list[NDArray[np.bool_]]:
    """[step][day, slot, series] targets whose errors tell of days to come: counted, past the first days."""
    known = np.isfinite(board.counts)
    days = len(known)
    known[: min(max(2, days // 5), days - 1)] = False
    return [known & (reachable(board, step) > 0)[None, :, None] for step in range(1, params.horizon + 1)]


def _size(counts: Cells) -> NDArray[np.float32]:
    known = np.isfinite(counts)
    total = np.where(known, counts, 0).sum(axis=(0, 1))
    found: NDArray[np.float32] = (total / np.maximum(known.sum(axis=(0, 1)), 1) + 1e-6).astype(np.float32)
    return found
