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
HOLIDAY, MAKE_UP = "holiday", "make-up workday"
"""Kinds that are alike whatever the weekday, and too rare to be parted by it; names as in ``calendars.DayKind``."""
ORDINARY = ("", "workday", "weekend")
BORROWED = -2
"""Label numbers from here down are of labels never seen."""
UNLIKE = 1.0
"""Distance of labels of which nothing is known."""
FIRST_OF_WEEKEND = 5
"""Saturday, where no calendar has told kinds."""


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
        """Label number of each day. One never seen: −2 − the number of its nearest, −1 where nothing like it was seen.

        ``first``: place of the first in the undated series.
        """
        known = {name: number for number, name in enumerate(self.names)}
        own = [_name(one, first + at, self.rhythm) for at, one in enumerate(days)]
        return np.array([known.get(name, self._borrowed(one)) for name, one in zip(own, days, strict=True)])

    def _borrowed(self, one: DayContext) -> int:
        nearest = self._nearest(one)
        return -1 if nearest < 0 else BORROWED - nearest

    def _nearest(self, one: DayContext) -> int:
        """A holiday is like the same day of the weekend, on a weekday like all of it (numbered after all labels); a
        make-up day like a workday, others like their own kind on other weekdays, else like the same weekday; of several
        the most central. Else, and undated, −1."""
        if self.rhythm or one.day is None:
            return -1
        kind, weekday = one.kind, one.day.weekday()
        seen = [(number, *_parts(name)) for number, name in enumerate(self.names)]
        ordinary = [at for at in seen if at[1] in ORDINARY and at[2] >= 0]
        rest = [at for at in ordinary if _at_rest(at[1], at[2])]
        if kind == HOLIDAY:
            same = [at[0] for at in rest if at[2] == weekday]
            return (same[0] if same else len(self.names)) if rest else -1
        if kind == MAKE_UP or kind in ORDINARY:
            resting = kind != MAKE_UP and _at_rest(kind, weekday)
            return self._central([at[0] for at in ordinary if (at in rest) is resting])
        own = [at[0] for at in seen if at[1] == kind]
        return self._central(own or [at[0] for at in ordinary if at[2] == weekday])

    def _central(self, labels: Sequence[int]) -> int:
        return min(labels, key=lambda one: float(self.apart[one, list(labels)].sum()), default=-1)

    def between(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.float64]:
        """[left, right] distances. A label never seen is where its nearest is, without one at the mean of all; it
        borrows from its nearest but does not lend: as ``right`` it is farther away from labels that were seen."""
        rest = [at for at, name in enumerate(self.names) if _at_rest(*_parts(name))]
        every = list(range(len(self.names)))
        rows = [[at] for at in every] + [rest or every, every]
        wide = np.array([[self.apart[np.ix_(one, other)].mean() if other else 0.0 for other in rows] for one in rows])
        np.fill_diagonal(wide, 0)
        stranger = (right < -1)[None, :] & (left >= -1)[:, None]
        found: NDArray[np.float64] = wide[np.ix_(_seen(left), _seen(right))] + UNLIKE * stranger
        return found


def _seen(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(labels < -1, BORROWED - labels, labels)


def _name(one: DayContext, place: int, rhythm: int) -> str:
    if one.day is not None and rhythm == 0:
        if one.kind in (HOLIDAY, MAKE_UP):
            return one.kind
        return f"{one.kind}/{one.day.weekday()}"
    return f"{one.kind}/{place % max(rhythm, 1)}"


def _parts(name: str) -> tuple[str, int]:
    """(kind, weekday) of a label; weekday -1 where the label has none."""
    kind, parted, weekday = name.rpartition("/")
    return (kind, int(weekday)) if parted else (name, -1)


def _at_rest(kind: str, weekday: int) -> bool:
    return kind == "weekend" or (not kind and weekday >= FIRST_OF_WEEKEND)


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
            table[left, right] = table[right, left] = (
                max(float(np.median(pairs)) / floor - 1, 0.0) if len(pairs) else UNLIKE
            )
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
