"""The quantities an event's attendance hangs on, and what registrations and counted days say of them.

log T[a, d] = level + effects(d) + mix(a) + u(d) + v(a, d): persons who will have registered; log of visits = log Σ_a
T[a, d] · show(a). Without registrations there is one audience and T are the visits themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.gaussian_state import Part, Posterior, Seen, joined
from tminus.engines.forecast.attendance.pickup import SHAPE, hazard, log_of_count
from tminus.engines.forecast.attendance.so_far import Floats, Growth, Numbers, SoFar, Standing

Slot = slice | int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each quantity stands in the state."""

    effects: int
    audiences: int
    days: int
    registered: bool

    @property
    def size(self) -> int:
        own = 4 * self.audiences + self.days + self.audiences * self.days if self.registered else 0
        return 1 + self.effects + own

    def part(self, name: str) -> slice:
        """One of effects, mix, show, half, late, day, cell."""
        begin = 1
        for each, length in (
            ("effects", self.effects), ("mix", self.audiences), ("show", self.audiences), ("half", self.audiences),
            ("late", self.audiences), ("day", self.days), ("cell", self.audiences * self.days),
        ):  # fmt: skip
            if each == name:
                return slice(begin, begin + length)
            begin += length
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What has been seen: counted visits by day number, and registrations as of a day."""

    layout: Layout
    effects: tuple[str, ...]
    columns: NDArray[np.float64]  # [day, effect]
    centre: float  # makes the level that of an average day
    days: tuple[date, ...]
    counted: Mapping[int, float]
    as_of: date
    registered: SoFar | None
    noise: float
    """Standard deviation of a day's visits around what is expected, in logarithms."""

    def log_registered(self, state: NDArray[np.float64]) -> NDArray[np.float64]:
        """[…, audience, day] of one state or of many."""
        layout = self.layout
        common = state[..., :1] + state[..., layout.part("effects")] @ self.columns.T + self.centre
        if not layout.registered:
            return np.asarray(common[..., None, :])
        cells = state[..., layout.part("cell")].reshape(*state.shape[:-1], layout.audiences, layout.days)
        of_day = common + state[..., layout.part("day")]
        return np.asarray(of_day[..., None, :] + state[..., layout.part("mix")][..., None] + cells)

    def log_visits(self, state: NDArray[np.float64]) -> NDArray[np.float64]:
        """[…, audience, day] expected."""
        registered = self.log_registered(state)
        if not self.layout.registered:
            return registered
        return np.asarray(registered + state[..., self.layout.part("show")][..., None])

    def seen(self, state: NDArray[np.float64]) -> Seen:
        """Every observation, as it looks from ``state``."""
        return joined([self._whole(state), self._counts(state), *self._registered(state)], self.layout.size)

    def surprises(self, posterior: Posterior) -> float:
        """Sum over counted days of the squared residual with what the belief still leaves open of it."""
        counts = self._counts(posterior.mean)
        slopes = joined([counts], self.layout.size).slopes.toarray()
        open_still = np.sum(slopes * np.linalg.solve(posterior.precision, slopes.T).T)
        return float(np.sum(np.minimum(counts.innovation**2, WILD**2 * self.noise**2)) + open_still)

    def _of_cells(self, part: Part, audience: Numbers, day: Numbers, share: Floats, row: Numbers) -> None:
        """Slopes of ``share`` · log T[audience, day], in observation ``row``."""
        layout = self.layout
        part.slope(row, 0, share)
        for effect in range(layout.effects):
            part.slope(row, layout.part("effects").start + effect, share * self.columns[day, effect])
        if layout.registered:
            part.slope(row, layout.part("mix").start + audience, share)
            part.slope(row, layout.part("day").start + day, share)
            part.slope(row, layout.part("cell").start + audience * layout.days + day, share)

    def _whole(self, state: Floats) -> Part:
        """Audiences are parts of a whole: log Σ exp(mix + show) = 0, so that the level stays that of all visits."""
        if not self.layout.registered:
            return Part(np.zeros(0), np.zeros(0))
        mix, show = self.layout.part("mix"), self.layout.part("show")
        parts = np.exp(state[mix] + state[show])
        part = Part(np.array([-np.log(parts.sum())]), np.array([WHOLE**2]))
        for name in (mix, show):
            part.slope(np.zeros(len(parts), dtype=np.intp), np.arange(name.start, name.stop), parts / parts.sum())
        return part

    def _counts(self, state: Floats) -> Part:
        """log N = log Σ exp(log T + show), with the noise of a day and that of chance; a wild day counts little.

        A day without any visit was closed: it says nothing of the others.
        """
        day = np.array([day for day, count in self.counted.items() if count > 0], dtype=np.intp)
        visits = np.exp(self.log_visits(state)[:, day])
        total = visits.sum(axis=0)
        seen, chance = log_of_count(np.array([self.counted[int(one)] for one in day], dtype=float))
        surprise, variance = seen + self.noise**2 / 2 - np.log(total), self.noise**2 + chance
        part = Part(surprise, variance * np.maximum(np.abs(surprise) / (WILD * np.sqrt(variance)), 1.0))
        row = np.arange(len(day))
        for audience in range(self.layout.audiences):
            share = visits[audience] / total
            self._of_cells(part, np.full(len(day), audience), day, share, row)
            if self.layout.registered:
                part.slope(row, self.layout.part("show").start + audience, share)
        return part

    def _registered(self, state: Floats) -> list[Part]:
        if self.registered is None:
            return []
        return [self._standing(state, self.registered.standing), self._growth(state, self.registered.growth)]

    def _standing(self, state: Floats, at: Standing) -> Part:
        """log R(lead) = log T − e^late · H(lead)."""
        half, late = self.layout.part("half"), self.layout.part("late")
        to_come = hazard(at.lead, state[half][at.audience]) * np.exp(state[late][at.audience])
        expected = self.log_registered(state)[at.audience, at.day] - to_come
        part = Part(at.log_held - expected, at.wander**2 * to_come + at.chance)
        row = np.arange(len(at.day))
        self._of_cells(part, at.audience, at.day, np.ones(len(row)), row)
        part.slope(row, half.start + at.audience, SHAPE * to_come)
        part.slope(row, late.start + at.audience, -to_come)
        return part

    def _growth(self, state: Floats, at: Growth) -> Part:
        """log R(near) − log R(far) = H(far) − H(near), times e^late where a day's registration is over."""
        half, late = self.layout.part("half"), self.layout.part("late")
        of_late = np.where(at.finished, np.exp(state[late][at.audience]), 1.0)
        log_half = state[half][at.audience]
        grown = of_late * (hazard(at.far, log_half) - hazard(at.near, log_half))
        part = Part(at.log_growth - grown, at.wander**2 * grown + at.chance)
        row = np.arange(len(grown))
        part.slope(row, half.start + at.audience, -SHAPE * grown)
        part.slope(row, late.start + at.audience, np.where(at.finished, grown, 0.0))
        return part


WILD = 3.0
"""Standard deviations from which on a day's surprise counts only linearly (Huber)."""
WHOLE = 0.02
"""How exactly audiences make up the whole, in logarithms: small, yet such that the belief stays well-conditioned."""
