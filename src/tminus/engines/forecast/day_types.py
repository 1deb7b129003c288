"""Which days are alike: by date where there is one, else by the rhythm found in the counts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.panel import DayContext

RHYTHMS = (7, 5, 6)
"""Days after which undated data may repeat: whole weeks, working weeks, weeks with one day of rest."""
NEAR_DAYS = 28
"""Only pairs of days this near enter the distance of two labels: farther ones differ by growth and season."""
ODD = 4.0
"""A day is odd when it is so many times as far from its nearest as days usually are (squared distance)."""


def positions_of(days: Sequence[DayContext]) -> NDArray[np.int64]:
    """Age axis of days: dates where all have one, else their order."""
    if days and all(one.day is not None for one in days):
        return np.array([one.day.toordinal() for one in days if one.day is not None])
    return np.arange(len(days))


def distances(counts: NDArray[np.float32]) -> NDArray[np.float64]:
    """[day, day] mean squared difference of the square roots of ``counts[day, cell]``; NaN cells are left out.

    The square root makes a busy and a quiet cell weigh alike (variance-stabilised counts, Anscombe 1948).
    """
    known = np.isfinite(counts)
    roots = np.sqrt(np.maximum(np.where(known, counts, 0.0), 0.0)).astype(np.float64)
    here = known.astype(np.float64)
    squares = (roots**2) @ here.T
    both = here @ here.T
    found = squares + squares.T - 2 * roots @ roots.T
    return np.where(both > 0, found / np.maximum(both, 1), np.nan).clip(0)


def rhythm_of(apart: NDArray[np.float64]) -> int:
    """Days after which undated data repeat; 1: no rhythm stands out. ``apart``: see :func:`distances`."""
    many = len(apart)
    ages = np.abs(np.subtract.outer(np.arange(many), np.arange(many)))
    usual = np.nanmean(apart[(ages > 0) & (ages <= NEAR_DAYS)]) if many > 1 else 0.0
    best, score = 1, 0.9
    for rhythm in RHYTHMS:
        alike = apart[(ages > 0) & (ages % rhythm == 0) & (ages <= NEAR_DAYS)]
        found = np.nanmean(alike) / usual if len(alike) and usual > 0 else 1.0
        if found < score - 0.02:
            best, score = rhythm, found
    return best


@dataclass(frozen=True, slots=True)
class DayTypes:
    """Labels of days and how far labels are apart, found on training days.

    ``names``: label of each number. ``apart[label, label]``: excess squared distance over that of like days, in units
    of it; 0 on the diagonal. ``rhythm``: of undated days, 0 when dated.
    """

    names: tuple[str, ...]
    apart: NDArray[np.float64]
    rhythm: int

    def labels(self, days: Sequence[DayContext], first: int = 0) -> NDArray[np.int64]:
        """Label number of each day; a label never seen is -1. ``first``: place of the first in the undated series."""
        known = {name: number for number, name in enumerate(self.names)}
        return np.array([known.get(_name(one, first + at, self.rhythm), -1) for at, one in enumerate(days)])

    def between(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
        """[left, right] distances; of a label never seen the mean to each (it borrows from all, nearest most)."""
        mean = self.apart.mean(axis=0, keepdims=True) if self.apart.size else np.zeros((1, 1))
        wide = np.vstack([self.apart, mean])
        wide = np.hstack([wide, np.vstack([mean.T, [[0.0]]])])
        return wide[np.ix_(left, right)]


def _name(one: DayContext, place: int, rhythm: int) -> str:
    if one.day is not None and rhythm == 0:
        return f"{one.kind}/{one.day.weekday()}"
    return f"{one.kind}/{place % max(rhythm, 1)}"


def find_day_types(days: Sequence[DayContext], counts: NDArray[np.float32]) -> DayTypes:
    """Day types of training days with ``counts[day, cell]``."""
    apart = distances(counts)
    dated = all(one.day is not None for one in days)
    rhythm = 0 if dated else rhythm_of(apart)
    own = [_name(one, at, rhythm) for at, one in enumerate(days)]
    names = tuple(sorted(set(own)))
    number = np.array([names.index(one) for one in own])
    ages = np.abs(np.subtract.outer(positions_of(days), positions_of(days)))
    near = (ages > 0) & (ages <= NEAR_DAYS) & np.isfinite(apart)
    alike = apart[near & (number[:, None] == number[None, :])]
    floor = max(float(np.median(alike if len(alike) else apart[near])) if near.any() else 0.0, 1e-9)
    table = np.zeros((len(names), len(names)))
    for left in range(len(names)):
        for right in range(left):
            pairs = apart[near & (number[:, None] == left) & (number[None, :] == right)]
            table[left, right] = table[right, left] = max(float(np.median(pairs)) / floor - 1, 0.0) if len(pairs) else 1
    return DayTypes(names, table, rhythm)


def odd_days(types: DayTypes, labels: NDArray[np.int64], counts: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Days unlike any other of their kind, such as a holiday nobody named: they teach little about usual ones."""
    apart = distances(counts)
    np.fill_diagonal(apart, np.nan)
    alike = types.between(labels, labels) < 1.0
    apart[~alike] = np.nan
    told = np.isfinite(apart).sum(axis=1) >= 2
    usual = np.full(len(apart), np.nan)
    usual[told] = np.nanmedian(apart[told], axis=1)
    middle = np.nanmedian(usual) if told.any() else np.nan
    return np.asarray(told & (usual > ODD * middle), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class TypeEffect:
    """How a day type's totals stand to the mean of types: ``ratio``, and the ``standard_error`` of its logarithm.

    ``days``: how many were seen; with one the spread of all types about their own mean is taken.
    """

    name: str
    days: int
    ratio: float
    standard_error: float


def effects(types: DayTypes, labels: NDArray[np.int64], totals: NDArray[np.float64]) -> tuple[TypeEffect, ...]:
    """Effect of each day type on ``totals[day]`` (persons, above zero; others and unknown ones are left out)."""
    usable = np.isfinite(totals) & (totals > 0) & (labels >= 0)
    logs, told = np.log(totals[usable]), labels[usable]
    seen = np.unique(told)
    means = {label: float(logs[told == label].mean()) for label in seen}
    about = np.array([value - means[label] for value, label in zip(logs, told, strict=True)])
    spread = float(np.sqrt((about**2).sum() / max(len(about) - len(seen), 1)))
    middle = float(np.mean(list(means.values()))) if means else 0.0
    found = []
    for label in seen:
        days = int((told == label).sum())
        ratio = float(np.exp(means[label] - middle))
        found.append(TypeEffect(types.names[label], days, ratio, spread / days**0.5))
    return tuple(found)
