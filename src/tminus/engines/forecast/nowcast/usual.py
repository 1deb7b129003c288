"""What is usual on each day: day types and the memory chosen on training days, applied to any days after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.day_types import DayTypes, find_day_types, odd_days, positions_of
from tminus.engines.forecast.nowcast.alike import Alike, alike, past_of
from tminus.engines.forecast.nowcast.board import FAST, SLOW, Board, Cells, decayed, filled, floor_of, scale_of
from tminus.engines.forecast.nowcast.known_effects import KnownEffects, learn_effects, named
from tminus.engines.forecast.nowcast.profile import Recall, averaged, tried
from tminus.engines.forecast.panel import MINUTES_OF_DAY, DayContext, FlowPanel

JUDGED_SERIES = 48
"""Series on which ways of weighing days are compared: the busiest and every so many-th."""
JUDGED_CELLS = 4000
"""Cells by which days are compared."""
EFFECT_ROUNDS = 3
"""Times like days and known effects are learned in turn: event days hide which days are alike."""
ALTERNATIVES = (Recall(4.0, 0.0), Recall(4.0, 12.0), Recall(200.0, 12.0))
"""Other profiles the trees look at: the last days, the last like days, all like days."""
NOTHING: Cells = np.empty((0, 0, 0), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Usual:
    """Chosen on training days; ``floor``: see :func:`floor_of`; ``odd[training day]``; ``days`` of training;
    ``effects`` of what is known of days beforehand, none where nothing is told; ``window``: slots by which days are
    found that went on alike, 0: not looked for. ``others``: other profiles laid out beside the one chosen."""

    types: DayTypes
    recall: Recall
    floor: float
    odd: NDArray[np.bool_]
    days: int
    channels: int
    round_clock: bool
    effects: KnownEffects | None = None
    window: int = 0
    others: tuple[Recall, ...] = ()

    def odd_of(self, days: int) -> NDArray[np.bool_]:
        """Which of so many days from the first of training are odd; later ones were not looked at."""
        odd = np.zeros(days, dtype=np.bool_)
        odd[: min(days, len(self.odd))] = self.odd[:days]
        return odd

    def with_counts(self, base: Board, counts: Cells) -> Board:
        """The same days with other counts, such as those of today as they come in."""
        residual = np.where(np.isfinite(counts), (counts - base.profile) / base.scale, 0).astype(np.float32)
        fast, slow = decayed(residual, FAST), decayed(residual, SLOW)
        found = replace(base, counts=counts, residual=residual, fast=fast, slow=slow)
        return replace(found, alike=alike(base.alike.past, *found.freed())) if base.alike else found

    def board(self, counts: Cells, days: Sequence[DayContext], allowed: NDArray[np.bool_], first: int = 0) -> Board:
        """Days ``first`` and after laid out; ``allowed[day, past day]``: whose counts each day's profile may use."""
        ground = self.ground(counts, days, allowed, first)
        return self.with_counts(ground, ground.counts)

    def ground(self, counts: Cells, days: Sequence[DayContext], allowed: NDArray[np.bool_], first: int = 0) -> Board:
        """:meth:`board` less all that what was counted on the days themselves says: empty until :meth:`with_counts`."""
        positions, labels = positions_of(days), self.types.labels(days)
        odd = self.odd_of(len(days))
        there = (positions[first:], labels[first:])
        factors = self.effects.factors(days)[:, None, :] if self.effects else None
        freed = counts if factors is None else counts / factors

        def by(recall: Recall) -> Cells:
            usual = averaged(recall.weights(self.types, there, (positions, labels), odd, allowed[first:]), freed)
            return usual if factors is None else usual * factors[first:]

        profile = filled(by(self.recall))
        scale = scale_of(profile, self.floor)
        others = tuple(np.nan_to_num((by(other) - profile) / scale).astype(np.float32) for other in self.others)
        past = past_of(freed, allowed[first:], self.window) if self.window else None
        return Board(
            counts=counts[first:],
            profile=profile,
            scale=scale,
            residual=NOTHING,
            labels=labels[first:],
            channels=self.channels,
            round_clock=self.round_clock,
            fast=NOTHING,
            slow=NOTHING,
            alternatives=others,
            factors=None if factors is None else factors[first:, 0],
            alike=Alike(past, NOTHING, NOTHING) if past else None,
        )


def round_the_clock(panel: FlowPanel) -> bool:
    """Whether each day goes on in the next: 24 hours of slots, and no day left out."""
    dated = [one.day for one in panel.days if one.day is not None]
    gapless = not dated or (dated[-1] - dated[0]).days == len(panel.days) - 1
    return panel.slots * panel.slot_minutes == MINUTES_OF_DAY and gapless


def before(days: int, lead: int = 0) -> NDArray[np.bool_]:
    """[day, past day]: only days more than ``lead`` before; where there is none, any other day stands in."""
    apart = np.subtract.outer(np.arange(days), np.arange(days))
    allowed = apart > lead
    none = ~allowed.any(axis=1)
    allowed[none] = apart[none] > 0
    none = ~allowed.any(axis=1)
    allowed[none] = apart[none] != 0
    return np.asarray(allowed, dtype=np.bool_)


def learn_usual(
    counts: Cells, days: Sequence[DayContext], channels: int, *, round_clock: bool, lead: int, step: int
) -> Usual:
    """Day types, odd days and memory of training days ``counts[day, slot, series]``, and what moves their level."""
    plain = _learn_plain(counts, days, channels, round_clock=round_clock, lead=lead, step=step)
    if not named(days):
        return plain
    found = replace(plain, odd=np.zeros_like(plain.odd))  # event days look odd until their load is known
    for _ in range(EFFECT_ROUNDS):
        effects = learn_effects(counts, days, _made_of(found, days))
        if effects is None:
            return plain
        freed = counts / effects.factors(days)[:, None, :]
        found = _learn_plain(freed, days, channels, round_clock=round_clock, lead=lead, step=step)
    return replace(found, effects=effects)


def _made_of(usual: Usual, days: Sequence[DayContext]) -> NDArray[np.float64]:
    """[day, past day] weights of training days' profiles."""
    past = (positions_of(days), usual.types.labels(days))
    return usual.recall.weights(usual.types, past, past, usual.odd, before(len(days)))


def _learn_plain(
    counts: Cells, days: Sequence[DayContext], channels: int, *, round_clock: bool, lead: int, step: int
) -> Usual:
    flat = counts.reshape(len(counts), -1)
    cells = flat[:, np.linspace(0, flat.shape[1] - 1, min(JUDGED_CELLS, flat.shape[1])).astype(int)]
    types = find_day_types(days, cells)
    labels = types.labels(days)
    odd = odd_days(types, labels, cells)
    floor = floor_of(counts)
    recall = _best_recall(counts[..., _judged(counts)], days, types, odd, lead=lead, step=step, floor=floor)
    return Usual(types, recall, floor, odd, len(days), channels, round_clock)


def _judged(counts: Cells) -> NDArray[np.int64]:
    total = np.nan_to_num(counts).sum(axis=(0, 1))
    order = np.argsort(-total, kind="stable")
    spread = np.linspace(0, max(len(order) - 1, 0) * 0.7, min(JUDGED_SERIES, len(order))).astype(int)
    return np.asarray(order[spread], dtype=np.int64)


def _best_recall(
    counts: Cells,
    days: Sequence[DayContext],
    types: DayTypes,
    odd: NDArray[np.bool_],
    *,
    lead: int,
    step: int,
    floor: float,
) -> Recall:
    """The memory whose profile, once corrected by the day's last residual, errs least on later training days."""
    positions, labels = positions_of(days), types.labels(days)
    gap = min(lead, max(len(days) // 3, 0))
    allowed = before(len(days), gap)
    judged = np.arange(len(days)) >= min(max(2, len(days) // 3), len(days) - 1)
    judged &= ~odd
    if not judged.any():
        return Recall(12.0, 1.5)
    past = (positions, labels)

    def error(recall: Recall) -> float:
        there = (positions[judged], labels[judged])
        profile = filled(averaged(recall.weights(types, there, past, odd, allowed[judged]), counts))
        scale = scale_of(profile, floor)
        z = np.nan_to_num((counts[judged] - profile) / scale)
        seen, later = z[:, :-step], z[:, step:]
        carried = float((seen * later).sum() / max(float((seen * seen).sum()), 1e-9))
        return float((np.abs(later - carried * seen) * scale[:, step:]).mean())

    return min(tried(), key=error)
