"""The quantities an event's attendance hangs on, and what registrations and counted days say of them.

log T[a, d] = level + effects(d) + mix(a) + u(d) + v(a, d): persons who will have registered; log of visits = log Σ_a
T[a, d] · show(a). Without registrations there is one audience and T are the visits themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.gaussian_state import Posterior, Seen
from tminus.engines.forecast.attendance.pickup import SHAPE, STEPS_BACK, PickupParams, hazard, log_of_count
from tminus.engines.forecast.attendance.registrations import Registrations

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
    registrations: Registrations | None
    pickup: PickupParams
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
        rows = [*self._whole(state), *self._counts(state), *self._snapshots(state)]
        if not rows:
            return Seen(np.zeros(0), np.zeros((0, self.layout.size)), np.ones(0))
        innovation, slopes, variance = zip(*rows, strict=True)
        return Seen(np.array(innovation), np.array(slopes), np.array(variance))

    def surprises(self, posterior: Posterior) -> float:
        """Sum over counted days of the squared residual with what the belief still leaves open of it."""
        rows = self._counts(posterior.mean)
        slopes = np.array([row for _, row, _ in rows])
        open_still = np.sum(slopes * np.linalg.solve(posterior.precision, slopes.T).T, axis=1)
        residuals = np.array([innovation for innovation, _, _ in rows])
        return float(np.sum(residuals**2 + open_still))

    def _row(self, audience: int, day: int, share: float = 1.0) -> NDArray[np.float64]:
        """Slopes of log T[audience, day], times ``share``."""
        layout, row = self.layout, np.zeros(self.layout.size)
        row[0] = share
        row[layout.part("effects")] = share * self.columns[day]
        if layout.registered:
            row[layout.part("mix").start + audience] = share
            row[layout.part("day").start + day] = share
            row[layout.part("cell").start + audience * layout.days + day] = share
        return row

    def _whole(self, state: NDArray[np.float64]) -> list[tuple[Any, ...]]:
        """Audiences are parts of a whole: log Σ exp(mix + show) = 0, so that the level stays that of all visits."""
        if not self.layout.registered:
            return []
        mix, show = self.layout.part("mix"), self.layout.part("show")
        parts = np.exp(state[mix] + state[show])
        row = np.zeros(self.layout.size)
        row[mix] = row[show] = parts / parts.sum()
        return [(-float(np.log(parts.sum())), row, WHOLE**2)]

    def _counts(self, state: NDArray[np.float64]) -> list[tuple[Any, ...]]:
        found = []
        logs = self.log_visits(state)
        for day, count in self.counted.items():
            visits = np.exp(logs[:, day])
            total = float(visits.sum())
            row = np.zeros(self.layout.size)
            for audience, share in enumerate(visits / total):
                row += self._row(audience, day, float(share))
                if self.layout.registered:
                    row[self.layout.part("show").start + audience] += float(share)
            seen, chance = log_of_count(np.array(count))
            found.append((float(seen) + self.noise**2 / 2 - np.log(total), row, self.noise**2 + float(chance)))
        return found

    def _snapshots(self, state: NDArray[np.float64]) -> list[tuple[Any, ...]]:
        if self.registrations is None:
            return []
        logs = self.log_registered(state)
        held = self.registrations.held(self.as_of)
        found: list[tuple[Any, ...]] = []
        for audience, name in enumerate(self.registrations.audiences):
            wander = self.pickup.lumpy_wander if name in self.registrations.lumpy else self.pickup.wander
            for day in range(self.layout.days):
                lead = max((self.days[day] - self.as_of).days, 0)
                if held[audience, day] < MANY_ENOUGH and self._hardly_open(state, audience, lead):
                    continue
                found.append(self._snapshot(state, logs, audience, day, lead, held[audience, day], wander))
                found += self._pace(state, audience, day, lead, wander)
        return found

    def _hardly_open(self, state: NDArray[np.float64], audience: int, lead: int) -> bool:
        """So early that few registrations say nothing yet."""
        half = state[self.layout.part("half").start + audience]
        return float(hazard(np.array(float(lead)), half)) > EARLY

    def _snapshot(
        self,
        state: NDArray[np.float64],
        logs: NDArray[np.float64],
        audience: int,
        day: int,
        lead: int,
        held: float,
        wander: float,
    ) -> tuple[Any, ...]:
        """log R(lead) = log T − e^late · H(lead)."""
        half, late = (state[self.layout.part(name).start + audience] for name in ("half", "late"))
        to_come = float(hazard(np.array(float(lead)), half)) * float(np.exp(late))
        row = self._row(audience, day)
        row[self.layout.part("half").start + audience] = _slope_in_half(to_come)
        row[self.layout.part("late").start + audience] = -to_come
        seen, chance = log_of_count(np.array(held))
        return float(seen) - logs[audience, day] + to_come, row, wander**2 * to_come + float(chance)

    def _pace(
        self, state: NDArray[np.float64], audience: int, day: int, lead: int, wander: float
    ) -> list[tuple[Any, ...]]:
        """How the number grew between earlier leads: log R(near) − log R(far) = H(far) − H(near)."""
        assert self.registrations is not None  # noqa: S101 - only asked where there are some
        at = self.layout.part("half").start + audience
        finished = lead == 0
        leads = (0, *STEPS_BACK) if finished else tuple(lead + step for step in (0, *STEPS_BACK))
        found: list[tuple[Any, ...]] = []
        for near, far in pairwise(leads):
            sums = [self._held_at(audience, day, one) for one in (near, far)]
            if sums[1] < MANY_ENOUGH:
                break
            ends = hazard(np.array([near, far], dtype=float), state[at])
            late = float(np.exp(state[self.layout.part("late").start + audience])) if finished else 1.0
            grown = late * float(ends[1] - ends[0])
            row = np.zeros(self.layout.size)
            row[at] = -_slope_in_half(grown)
            if finished:
                row[self.layout.part("late").start + audience] = grown
            chance = max(1 / sums[1] - 1 / max(sums[0], 1.0), 0.0)
            found.append((float(np.log(sums[0] / sums[1])) - grown, row, wander**2 * grown + chance + 1e-6))
        return found

    def _held_at(self, audience: int, day: int, lead: int) -> float:
        assert self.registrations is not None  # noqa: S101
        number = (self.days[day] - self.registrations.first).days - lead + 1
        return max(float(self.registrations.net[audience, day, : max(number, 0)].sum()), 0.5)


MANY_ENOUGH = 20.0
"""Registrations from which on their growth says something."""
WHOLE = 0.02
"""How exactly audiences make up the whole, in logarithms: small, yet such that the belief stays well-conditioned."""
EARLY = 1.0
"""H above which under 37 % of registrations are in."""


def _slope_in_half(hazard_value: float) -> float:
    """dlog R / dlog half = shape · H, for a later half means that less is in."""
    return SHAPE * hazard_value
