"""What the trees look at: one row a target, one column a feature, gathered without building whole boards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Board, Cells, flat
from tminus.engines.forecast.nowcast.params import NowcastParams

MOST_LAGS = 6


@dataclass(frozen=True, slots=True)
class Places:
    """Targets as flat positions: ``slot`` counts all days laid end to end, ``series`` names the column."""

    slot: NDArray[np.int64]
    series: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a board does not depend on the step; computed once."""

    board: Board
    network: Cells
    near: NDArray[np.int64]
    size: NDArray[np.float32]


def seen_of(board: Board, near: NDArray[np.int64], size: NDArray[np.float32]) -> Seen:
    return Seen(board, board.network(board.residual), near, size)


def neighbours(board: Board, most: int = 8) -> NDArray[np.int64]:
    """[series, neighbour] the series whose residuals move most alike (sampled where there are thousands)."""
    flat = board.residual.reshape(-1, board.residual.shape[-1])
    usual = flat - flat.mean(axis=1, keepdims=True)
    norm = np.maximum(np.linalg.norm(usual, axis=0), 1e-6)
    out = np.zeros((flat.shape[1], min(most, max(flat.shape[1] - 1, 1))), dtype=np.int64)
    for first in range(0, flat.shape[1], 512):
        alike = (usual[:, first : first + 512] / norm[first : first + 512]).T @ (usual / norm)
        alike[np.arange(len(alike)), np.arange(first, first + len(alike))] = -2
        out[first : first + len(alike)] = np.argpartition(-alike, out.shape[1] - 1, axis=1)[:, : out.shape[1]]
    return out


def features(
    seen: Seen, places: Places, step: int, expected: tuple[Cells, Cells], params: NowcastParams
) -> NDArray[np.float32]:
    """[row, feature] of targets ``step`` slots after their origins; ``expected``: residuals of the linear stage, and
    those of days alike."""
    return np.stack(list(_columns(seen, places, step, expected, params)), axis=1).astype(np.float32)


def _columns(
    seen: Seen, at: Places, step: int, both: tuple[Cells, Cells], params: NowcastParams
) -> Iterator[NDArray[Any]]:
    board, (expected, ahead) = seen.board, both
    slots, channels = board.slots, board.channels
    slot, channel = at.slot % slots, at.series % channels
    pair = at.series - channel + (channel + 1) % channels
    scale = flat(board.scale)[at.slot, at.series]
    profile = flat(board.profile)
    yield np.full(len(slot), step)
    yield slot
    yield channel
    yield np.log1p(profile[at.slot, at.series] / seen.size.mean() * 100)
    yield seen.size[at.series] / seen.size.mean()
    yield flat(expected)[at.slot, at.series]
    yield flat(expected)[at.slot, pair]
    yield flat(expected)[at.slot[:, None], seen.near[at.series]].mean(axis=1)
    if board.alike is not None:
        yield flat(ahead)[at.slot, at.series]
        yield flat(ahead)[at.slot, pair]
        yield _past(board, board.alike.now, at.slot, at.series, step)
    for back in range(min(params.history, MOST_LAGS)):
        yield _past(board, board.residual, at.slot, at.series, step + back)
        if channels > 1:
            yield _past(board, board.residual, at.slot, pair, step + back)
        if back < 3:
            yield _past(board, seen.network, at.slot, channel, step + back)
        if back < 2:
            yield _past(board, board.residual, at.slot[:, None], seen.near[at.series], step + back).mean(axis=1)
    before = np.maximum(at.slot - step, 0)
    after = np.minimum(at.slot + 1, len(profile) - 1)
    yield profile[before, at.series] / (profile[at.slot, at.series] + scale)
    yield profile[np.maximum(at.slot - 1, 0), at.series] / (profile[at.slot, at.series] + scale)
    yield profile[after, at.series] / (profile[at.slot, at.series] + scale)
    for other in board.alternatives:
        yield flat(other)[at.slot, at.series]
        yield flat(other)[before, at.series]
    if params.mode == "operational":
        for running in (board.fast, board.slow):
            yield _past(board, running, at.slot, at.series, step, over_night=True)
        yield _past(board, board.slow, at.slot[:, None], seen.near[at.series], step, over_night=True).mean(axis=1)
        for back in (slots - 1, slots, slots + 1, 2 * slots):
            yield _past(board, board.residual, at.slot, at.series, back, over_night=True)


def _past(
    board: Board,
    values: Cells,
    slot: NDArray[np.int64],
    column: NDArray[np.int64],
    back: int,
    *,
    over_night: bool = False,
) -> NDArray[np.float32]:
    earlier = slot - back
    there = earlier >= 0
    if not (board.round_clock or over_night):
        there &= slot % board.slots >= back
    found: NDArray[np.float32] = np.where(there, flat(values)[np.maximum(earlier, 0), column], 0)
    return found


def chosen(used: NDArray[np.float32], board: Board, step: int, many: int, seed: int) -> Places:
    """So many targets drawn evenly from those counted on ``used[day, slot]``."""
    series = board.counts.shape[-1]
    learned = np.flatnonzero((np.isfinite(board.counts) & (used[:, :, None] > 0)).ravel())
    draw = np.random.Generator(np.random.Philox(seed + step))
    if len(learned) > many:
        learned = learned[np.sort(draw.choice(len(learned), many, replace=False, shuffle=False))]
    return Places(learned // series, learned % series)
