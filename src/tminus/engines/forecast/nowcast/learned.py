"""Everything learned from the training days, and what it expects of any targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.alike import WINDOW
from tminus.engines.forecast.nowcast.board import Board, Cells, flat
from tminus.engines.forecast.nowcast.calibration import Calibration, calibrated, noise_of
from tminus.engines.forecast.nowcast.linear import Linear, blocks, learn_linear, reachable, rows_of
from tminus.engines.forecast.nowcast.params import NowcastParams
from tminus.engines.forecast.nowcast.paths import ranks_of
from tminus.engines.forecast.nowcast.tree_features import Places, chosen, features, neighbours, seen_of
from tminus.engines.forecast.nowcast.trees import Trees, grow
from tminus.engines.forecast.nowcast.unrest import Unrest, learn_unrest
from tminus.engines.forecast.nowcast.usual import ALTERNATIVES, Usual, before, learn_usual
from tminus.engines.forecast.panel import DayContext

JUDGED_FROM = 3
"""Errors of the first one in so many days are larger than those to come: their profiles had too few days before."""
REACH = 0.995
"""Quantile of expectations in training beyond which trees count less: they cannot go on where they saw nothing."""
PIECE = 400_000
"""Rows trees are asked for at once."""


@dataclass(frozen=True, slots=True)
class Learned:
    """``linear`` one a step (none: profile only); ``size[series]`` mean count; ``near``: see :func:`neighbours`;
    ``ranks``: see :func:`ranks_of`; ``unrest``: what today's last slots say of errors, none for the profile alone."""

    params: NowcastParams
    usual: Usual
    linear: tuple[Linear, ...]
    trees: Trees | None
    calibration: Calibration
    size: NDArray[np.float32]
    near: NDArray[np.int64]
    ranks: NDArray[np.uint8]
    unrest: Unrest | None = None

    def expected(self, board: Board, step: int) -> Cells:
        """Mean counts [target, series] of the targets asked, ``step`` slots after their origins, never below zero."""
        asked = board.asked
        profile, scale = flat(board.profile)[asked], flat(board.scale)[asked]
        residual = self.linear[step - 1].expected(board) if self.linear else np.zeros_like(profile)
        if self.trees is not None:
            residual = residual + self._trees(board, step, residual)
        found: Cells = np.maximum(profile + scale * residual, 0)
        return found

    def spread(self, board: Board, step: int) -> Cells:
        """[target, series] persons a quantile's unit is worth at each target."""
        scale = flat(board.scale)[board.asked]
        return scale if self.unrest is None else scale * self.unrest.factor(board, step)

    def observed(self, step: int, inside: NDArray[np.float32], days: float = 1.0) -> Learned:
        """Widths moved by a day's coverage; see :meth:`Calibration.observed`."""
        return replace(self, calibration=self.calibration.observed(step, inside, days))

    def _trees(self, board: Board, step: int, residual: Cells) -> Cells:
        """In pieces, so that thousands of series fit in memory."""
        if self.trees is None or not self.trees.share:
            return np.zeros_like(residual)
        series, asked = board.counts.shape[-1], board.asked
        seen = seen_of(board, self.near, self.size)
        whole = np.zeros_like(flat(board.residual))
        whole[asked] = residual
        ahead = np.zeros_like(whole)
        ahead[asked] = board.alike_ahead(step)
        out = np.zeros_like(residual)
        each = max(PIECE // series, 1)
        for start in range(asked.start, asked.stop, each):
            slots = np.arange(start, min(start + each, asked.stop))
            places = Places(np.repeat(slots, series), np.tile(np.arange(series), len(slots)))
            found = self.trees.expected(features(seen, places, step, (whole, ahead), self.params), self.params.threads)
            out[slots - asked.start] = found.reshape(len(slots), series)
        return out * self.trees.trust(residual)


def learn(
    counts: Cells, days: Sequence[DayContext], channels: int, params: NowcastParams, *, round_clock: bool
) -> Learned:
    """From training days ``counts[day, slot, series]``."""
    lead = params.lead_days if params.mode == "strict" else 0
    usual = learn_usual(
        counts, days, channels, round_clock=round_clock, lead=lead, step=min((params.horizon + 1) // 2, counts.shape[1])
    )
    usual = replace(usual, window=_window(params), others=ALTERNATIVES if params.model == "lightgbm" else ())
    board = usual.board(counts, days, before(len(days)))
    size = _size(counts)
    near = neighbours(board) if params.model == "lightgbm" else np.zeros((0, 0), dtype=np.int64)
    errors = _of_profile(board, usual, params)
    blank = Learned(params, usual, (), None, calibrated(errors, size), size, near, ranks_of(errors))
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
    judged = _judged(board, blank.usual, params)
    errors = [np.where(judged[at], board.residual - one, np.nan) for at, one in enumerate(fitted)]
    trees, ranks = None, ranks_of(errors)
    if params.model == "lightgbm":
        trees, errors = _with_trees(blank, board, fitted, errors, params)
    unrest = learn_unrest(board, errors, np.stack([noise_of(one) for one in errors]), blank.usual.window)
    calm = [
        (one / unrest.factor(board, step).reshape(*one.shape[:2], 1)).astype(np.float32)
        for step, one in enumerate(errors, 1)
    ]
    calibration = calibrated(calm, blank.size)
    return replace(blank, linear=linear, trees=trees, calibration=calibration, ranks=ranks, unrest=unrest)


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
        rows.append(features(seen, at, step, (fitted[step - 1], board.alike_ahead(step)), params))
        wanted.append(flat(errors[step - 1])[at.slot, at.series])
        weight.append(flat(board.scale)[at.slot, at.series])
    fold_of = [fold[at.slot // board.slots] for at in places]
    grown = grow(np.concatenate(rows), np.concatenate(wanted), np.concatenate(weight), np.concatenate(fold_of), params)
    reach = [np.abs(flat(one)[at.slot, at.series]) for one, at in zip(fitted, places, strict=True)]
    grown = replace(grown, reach=float(np.quantile(np.concatenate(reach), REACH)))
    after = []
    for at, row, want, part in zip(places, rows, wanted, fold_of, strict=True):
        error = np.full_like(flat(board.residual), np.nan)
        error[at.slot, at.series] = want - grown.held_out(row, part, params.threads)
        after.append(error.reshape(board.residual.shape))
    return grown, after


def _of_profile(board: Board, usual: Usual, params: NowcastParams) -> list[Cells]:
    judged = _judged(board, usual, params)
    return [np.where(judged[0], board.residual, np.nan)] * params.horizon


def _judged(board: Board, usual: Usual, params: NowcastParams) -> list[NDArray[np.bool_]]:
    """[step][day, slot, series] targets whose errors tell of days to come: counted, past the first days, not odd."""
    known = np.isfinite(board.counts)
    known[: min(max(2, len(known) // JUDGED_FROM), max(len(known) - 1, 1))] = (
        False  # a single day has no profile to judge
    )
    odd = usual.odd_of(len(known))
    if not odd[known.any(axis=(1, 2))].all():
        known[odd] = False
    return [known & (reachable(board, step) > 0)[None, :, None] for step in range(1, params.horizon + 1)]


def _window(params: NowcastParams) -> int:
    """Slots by which days are found that went on alike; strictly, no more than may be seen."""
    if params.model == "profile":
        return 0
    return WINDOW if params.mode == "operational" else min(WINDOW, params.history)


def _size(counts: Cells) -> NDArray[np.float32]:
    known = np.isfinite(counts)
    total = np.where(known, counts, 0).sum(axis=(0, 1))
    found: NDArray[np.float32] = (total / np.maximum(known.sum(axis=(0, 1)), 1) + 1e-6).astype(np.float32)
    return found
