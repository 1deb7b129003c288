"""What is known of a day before it comes and moves its level: event load, policies, weather.

level of a series on a day = level on a like day without × f, f = 1 + Σ slope · regressor. Slopes are learned from day
totals by least squares with a weak ridge (Gauss–Newton, for past days that make up the profile had regressors too).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.board import Cells
from tminus.engines.forecast.panel import DayContext

Numbers = NDArray[np.float64]

EVENT_LOAD = "event load"
ROUNDS = 5
"""Gauss–Newton steps; the slopes of made cities move by less than a thousandth after the fourth."""
RIDGE = 3.0
"""Prior standard deviation of a slope per standard deviation of its regressor: only keeps hard cases solvable."""
DOUBT_ALL, DOUBT_ONE = 2.0, 2.0
"""Standard errors an effect on all, or that of one series beside it or beside none, must exceed to be used at all."""
LEAST_FACTOR = 0.1
BEYOND = 1.25
"""Times the largest deviation seen in training up to which a regressor counts."""
LEAST_SHARE = 0.5
"""Of a usual day's counts that must be known for the day's total."""
WILD = 4.0
"""Errors are drawn in to so many median absolute deviations (normalised)."""
FIRST_SHARE = 8
"""One in so many of the first days has too few days before it."""


@dataclass(frozen=True, slots=True)
class EffectSize:
    """Change of the level, as a share, by one unit of a regressor, and its standard error. ``series``: −1 for all."""

    name: str
    series: int
    change: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class KnownEffects:
    """Slopes ``[regressor, series]`` in units of ``spread`` about ``centre``; ``used``: after doubt; ``found`` and
    ``error``: as estimated, the last column that of all series together. ``most``: largest deviation in training.
    """

    names: tuple[str, ...]
    centre: Numbers
    spread: Numbers
    most: Numbers
    used: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), dtype=np.float32))
    found: Numbers = field(default_factory=lambda: np.zeros((0, 0)))
    error: Numbers = field(default_factory=lambda: np.zeros((0, 0)))

    def regressors(self, days: Sequence[DayContext]) -> Numbers:
        """[day, regressor] deviations; 0 where not told, and no farther than a little beyond what was seen."""
        raw = np.array([[value(one, name) for name in self.names] for one in days]).reshape(len(days), len(self.names))
        scaled = np.nan_to_num((raw - self.centre) / self.spread)
        found: Numbers = np.clip(scaled, -BEYOND * self.most, BEYOND * self.most)
        return found

    def factors(self, days: Sequence[DayContext]) -> Cells:
        """[day, series] what a day's level is multiplied by."""
        found: Cells = np.maximum(1 + self.regressors(days) @ self.used, LEAST_FACTOR).astype(np.float32)
        return found

    def sizes(self) -> tuple[EffectSize, ...]:
        """Effects as estimated, of each series and of all together (−1), per unit of the regressor."""
        return tuple(
            EffectSize(name, one if one < self.found.shape[1] - 1 else -1, float(slope / spread), float(error / spread))
            for name, spread, slopes, errors in zip(self.names, self.spread, self.found, self.error, strict=True)
            for one, (slope, error) in enumerate(zip(slopes, errors, strict=True))
        )


def value(day: DayContext, name: str) -> float:
    """A day's regressor; NaN where weather was not told. No event, no policy: 0."""
    if name == EVENT_LOAD:
        return float(day.event_load or 0)
    kind, _, key = name.partition(" ")
    return float(day.policy.get(key, 0.0) if kind == "policy" else day.weather.get(key, np.nan))


def named(days: Sequence[DayContext]) -> tuple[str, ...]:
    """Regressors that any of the days tells."""
    found = {EVENT_LOAD for one in days if one.event_load}
    found |= {f"policy {key}" for one in days for key in one.policy}
    return tuple(sorted(found | {f"weather {key}" for one in days for key in one.weather}))


def untaught(effects: KnownEffects | None, days: Sequence[DayContext]) -> tuple[str, ...]:
    """One sentence for each regressor of these days of which training could tell nothing."""
    known = effects.names if effects else ()
    return tuple(f"{name}: was the same on all training days, not used" for name in named(days) if name not in known)


def learn_effects(counts: Cells, days: Sequence[DayContext], weights: Numbers) -> KnownEffects | None:
    """From training ``counts[day, slot, series]``; ``weights[day, past day]``: what each day's profile is made of.

    None where no regressor was told on training days, or none varies.
    """
    form = _form(days)
    if form is None:
        return None
    totals = _totals(counts)
    known = np.isfinite(totals)
    mean = np.where(known, totals, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    everything = np.where(known, totals, mean).sum(axis=1)
    with_all = np.concatenate([totals, everything[:, None]], axis=1)
    regressors, rows = form.regressors(days), np.arange(len(days)) >= max(2, len(days) // FIRST_SHARE)
    found, error, left = _slopes(with_all, regressors, weights, rows)
    of_all = _believed(found[:, -1:], error[:, -1:], DOUBT_ALL)
    target = np.where(np.abs(found[:, :-1] - of_all) < np.abs(found[:, :-1]), of_all, 0.0)
    to_all = error[:, :-1] * _ratio(left[:, :-1] - left[:, -1:], left[:, :-1])  # what shakes all alike is no doubt here
    used = target + _believed(found[:, :-1] - target, np.where(target == 0, error[:, :-1], to_all), DOUBT_ONE)
    return KnownEffects(form.names, form.centre, form.spread, form.most, used.astype(np.float32), found, error)


def _form(days: Sequence[DayContext]) -> KnownEffects | None:
    """Regressors that vary over training days, with centre and spread; event load and policy are 0 without."""
    told = {name: np.array([value(one, name) for one in days]) for name in named(days)}
    varying = {name: one for name, one in told.items() if np.isfinite(one).sum() > 2 and np.nanstd(one) > 0}
    if not varying:
        return None
    centre = np.array([np.nanmean(one) if name.startswith("weather") else 0.0 for name, one in varying.items()])
    spread = np.array([np.nanstd(one) for one in varying.values()])
    most = np.array([np.nanmax(np.abs(one - at)) for one, at in zip(varying.values(), centre, strict=True)]) / spread
    return KnownEffects(tuple(varying), centre, spread, most)


def _totals(counts: Cells) -> Numbers:
    """[day, series] persons a day; where slots lack, what a usual day has in the others; NaN where too many lack."""
    known = np.isfinite(counts)
    there = np.where(known, counts, 0)
    usual = there.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    share = (known * usual).sum(axis=1, dtype=np.float64) / np.maximum(usual.sum(axis=0, dtype=np.float64), 1e-9)
    total = there.sum(axis=1, dtype=np.float64)
    found: Numbers = np.where(share >= LEAST_SHARE, total / np.maximum(share, LEAST_SHARE), np.nan)
    return found


def _slopes(totals: Numbers, regressors: Numbers, weights: Numbers, rows: NDArray[np.bool_]) -> Iterator[Numbers]:
    """Slopes and standard errors [regressor, series], and what is left [day, series] of each day's level."""
    slopes = np.zeros((regressors.shape[1], totals.shape[1]))
    for _ in range(ROUNDS):
        more, error, left = _step(totals, regressors, weights, rows, slopes)
        slopes = slopes + more
    return iter((slopes, error, left))


def _step(
    totals: Numbers, regressors: Numbers, weights: Numbers, rows: NDArray[np.bool_], slopes: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """One Gauss–Newton step of level = factor · noise, where the profile's own days are freed of their factors."""
    factor = np.maximum(1 + regressors @ slopes, LEAST_FACTOR)
    known = np.isfinite(totals)
    freed = np.where(known, totals, 0) / factor
    share = np.maximum(weights @ known, 1e-9)
    usual = np.maximum(weights @ freed / share, 1e-9)
    there = known & rows[:, None] & (usual > 1e-6)
    within = np.stack([weights @ (freed / factor * one[:, None]) / share / usual for one in regressors.T], axis=-1)
    moved = np.where(there[..., None], regressors[:, None, :] / factor[..., None] - within, 0)
    left = np.where(there, freed / usual - 1, 0)
    more = _solved(moved, left, there, slopes)[0]
    fitted = np.einsum("dsk,ks->ds", moved, more)
    tame = fitted + _drawn_in(left - fitted, there)
    return _solved(moved, tame, there, slopes)


def _solved(
    moved: Numbers, left: Numbers, there: NDArray[np.bool_], slopes: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Further slopes with standard errors [regressor, series], and what is left of ``left[day, series]``."""
    many = moved.shape[-1]
    gram = np.einsum("dsk,dsl->skl", moved, moved)
    free = np.maximum(there.sum(axis=0) - many - 1, 1)
    ridge = np.maximum((left**2).sum(axis=0) / free, 1e-9) / RIDGE**2
    inverse = np.linalg.inv(gram + ridge[:, None, None] * np.eye(many))
    right = np.einsum("dsk,ds->sk", moved, left) - ridge[:, None] * slopes.T
    more = np.clip(np.einsum("skl,sl->sk", inverse, right), -RIDGE, RIDGE)
    after = left - np.einsum("dsk,sk->ds", moved, more)
    noise = np.maximum((after**2).sum(axis=0) / free, 1e-12)
    error = np.sqrt(np.einsum("skk->sk", inverse) * noise[:, None])
    return more.T, error.T, after


def _drawn_in(left: Numbers, there: NDArray[np.bool_]) -> Numbers:
    """Errors of days to so many times the usual one: one wild day must not make an effect."""
    apart = np.where(there, np.abs(left), np.nan)
    apart[:, ~there.any(axis=0)] = 0
    most = WILD * 1.4826 * np.nanmedian(apart, axis=0)
    return np.clip(left, -most, most)


def _ratio(one: Numbers, other: Numbers) -> Numbers:
    found: Numbers = np.sqrt((one**2).sum(axis=0) / np.maximum((other**2).sum(axis=0), 1e-12))
    return found


def _believed(slope: Numbers, error: Numbers, doubt: float) -> Numbers:
    """Shrunk towards 0, and 0 below ``doubt`` standard errors (non-negative garrote, Breiman 1995)."""
    found: Numbers = slope * np.maximum(1 - (doubt * error / np.maximum(np.abs(slope), 1e-12)) ** 2, 0)
    return found
