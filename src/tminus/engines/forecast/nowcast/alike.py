"""Days that went on alike: what past days counted after slots most like those just seen.

Analogues (Lorenz 1969) over all series at once, weighed by a kernel (Nadaraya 1964) as wide as the nearest day is far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float32]
WINDOW = 4
"""Most slots before an origin that are compared; two or eight were no better on training days."""
BREADTH = 0.5
"""How much farther than the nearest day, as a share of it, a day is that counts e times less; from training days."""


@dataclass(frozen=True, slots=True)
class Past:
    """Days that may stand in. ``counts[day, slot, series]`` less ``centre[slot, series]``, their mean, and 0 where not
    ``known`` (1 or 0); ``squares`` of them. ``allowed[day asked, past day]``; ``window``: slots compared."""

    counts: Cells
    centre: Cells
    known: Cells
    squares: Cells
    allowed: NDArray[np.bool_]
    window: int

    def residual(self, weights: Cells, slot: int, wanted: slice, profile: Cells, scale: Cells) -> Cells:
        """[row, series] mean of past counts in a slot, as residual; a past day that does not know stays at usual."""
        share = weights @ self.known[:, slot, wanted]
        mean = weights @ self.counts[:, slot, wanted] + share * self.centre[slot, wanted]
        found: Cells = (mean - share * profile) / scale
        return found


@dataclass(frozen=True, slots=True)
class Alike:
    """``weights[day, slot, past day]`` once each slot was seen, summing to 1, or to 0 where nothing can be compared.
    ``now[day, slot, series]``: mean of past days in that slot, as residual."""

    past: Past
    weights: Cells
    now: Cells

    def ahead(
        self, weights: Cells, targets: NDArray[np.int64], step: int, wanted: slice, usual: tuple[Cells, Cells]
    ) -> Cells:
        """[target, series] residuals from ``weights[target, past day]`` at origins ``step`` slots before.

        ``targets``: flat slots, days laid end to end; ``usual``: profile and scale at them.
        """
        profile, scale = usual
        day, slot = np.divmod(targets, self.weights.shape[1])
        out = np.zeros_like(profile)
        for one in np.unique(slot):
            rows = slot == one
            light = weights[rows] if one >= step else _next_day(weights[rows]) * self.past.allowed[day[rows]]
            out[rows] = self.past.residual(light, int(one), wanted, profile[rows], scale[rows])
        return out


def _next_day(weights: Cells) -> Cells:
    """The origin lies on the day before: what went on is the day after each past day."""
    return np.concatenate([np.zeros_like(weights[:, :1]), weights[:, :-1]], axis=1)


def past_of(counts: Cells, allowed: NDArray[np.bool_], window: int) -> Past:
    """``counts[day, slot, series]``, NaN where not known; see :class:`Past`."""
    known = np.isfinite(counts)
    centre = np.where(known, counts, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    apart = np.where(known, counts - centre, 0).astype(np.float32)
    return Past(apart, centre.astype(np.float32), known.astype(np.float32), apart**2, allowed, window)


def alike(past: Past, counts: Cells, profile: Cells, scale: Cells) -> Alike:
    """For the days asked, ``counts[day, slot, series]`` with their profile and scale."""
    weights = _weights(_compared(past, counts, scale), past)
    now = np.empty(counts.shape, dtype=np.float32)
    for slot in range(counts.shape[1]):
        now[:, slot] = past.residual(weights[:, slot], slot, slice(None), profile[:, slot], scale[:, slot])
    return Alike(past, weights, now)


def _compared(past: Past, counts: Cells, scale: Cells) -> NDArray[np.float64]:
    """[2, day, past day, slot] sums over series of squared differences in units of scale, and how many were known."""
    found = np.empty((2, len(counts), len(past.counts), counts.shape[1]))
    for slot in range(counts.shape[1]):
        known = np.isfinite(counts[:, slot])
        here = known.astype(np.float32)
        mine = np.where(known, counts[:, slot] - past.centre[slot], 0).astype(np.float32)
        light = here / scale[:, slot] ** 2
        there, seen = past.counts[:, slot], past.known[:, slot]
        squares = light @ past.squares[:, slot].T - 2 * (light * mine) @ there.T + (light * mine**2) @ seen.T
        found[0, ..., slot], found[1, ..., slot] = np.maximum(squares, 0), here @ seen.T
    return found


def _weights(compared: NDArray[np.float64], past: Past) -> Cells:
    """[day, slot, past day] from what was compared in the last slots of the day."""
    total = np.cumsum(compared, axis=3)
    total[..., past.window :] -= total[..., : -past.window].copy()
    usable = past.allowed[:, :, None] & (total[1] > 0.5)
    mean = np.where(usable, total[0] / np.maximum(total[1], 1), np.inf)
    nearest = mean.min(axis=1, keepdims=True, initial=np.inf)
    nearest = np.where(np.isfinite(nearest), nearest, 1)
    apart = np.where(usable, mean - nearest, 0) / np.maximum(BREADTH * nearest, 1e-12)
    raw = np.where(usable, np.exp(-apart), 0)
    found = raw / np.maximum(raw.sum(axis=1, keepdims=True), 1e-300)
    by_slot: Cells = found.transpose(0, 2, 1).astype(np.float32)
    return by_slot
