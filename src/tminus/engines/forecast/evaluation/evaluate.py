"""A model scored as if each origin were now: days taught, days tested, nothing of the future seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.evaluation.protocol import Protocol, targets
from tminus.engines.forecast.evaluation.scores import HIGH, LOW, Tally
from tminus.engines.forecast.nowcast.audit import audited
from tminus.engines.forecast.nowcast.board import Cells
from tminus.engines.forecast.nowcast.known_effects import untaught
from tminus.engines.forecast.nowcast.learned import Learned, learn, relearned
from tminus.engines.forecast.nowcast.params import NowcastParams
from tminus.engines.forecast.nowcast.usual import before, round_the_clock
from tminus.engines.forecast.panel import DayContext, FlowPanel

MOST_RELEARNED = 6
"""Times the linear stage is learned again over the test days."""
DAYS_SHOWN = 3
"""Days a board needs: the one asked for, and two before for what lately was."""
SIZES = ("quiet half", "busy", "busiest tenth")


@dataclass(slots=True)
class Evaluation:
    """Scores by step, day and size class; times in seconds by the clock given."""

    model: str
    mode: str
    slot_minutes: int
    steps: list[Tally]
    days: list[tuple[str, Tally]]
    sizes: list[Tally]
    degraded: tuple[str, ...]
    fit_s: float = 0.0
    predict_s: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document ``tminus forecast evaluate --json`` prints."""
        return {
            "model": self.model,
            "mode": self.mode,
            "horizons": [
                {"step": at, "minutes": at * self.slot_minutes, **one.as_json()} for at, one in enumerate(self.steps, 1)
            ],
            "per_day": [{"day": name, **one.as_json()} for name, one in self.days],
            "by_size": [{"size": name, **one.as_json()} for name, one in zip(SIZES, self.sizes, strict=True)],
            "n_scored": sum(one.n for one in self.steps),
            "degraded": list(self.degraded),
            "fit_s": round(self.fit_s, 3),
            "predict_s": round(self.predict_s, 3),
        }


def evaluate(
    panel: FlowPanel,
    protocol: Protocol,
    params: NowcastParams,
    *,
    clock: Callable[[], float] = lambda: 0.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Learn on the training days and score each test day in turn.

    :raises ForecastError: when protocol and panel do not fit.
    """
    protocol.check(panel)
    begun = clock()
    run = _Run.begin(panel, protocol, params)
    tell(f"learned {protocol.train[1] - protocol.train[0]} days of {len(panel.nodes)} nodes")
    found = run.found
    found.fit_s = clock() - begun
    tested = range(protocol.test[0], protocol.test[1])
    for number, day in enumerate(tested):
        if run.due(number, len(tested)):
            begun = clock()
            run.learn_again(day)
            found.fit_s += clock() - begun
        begun = clock()
        run.score(day)
        found.predict_s += clock() - begun
        tell(f"day {number + 1} of {len(tested)}: MAE {found.days[-1][1].as_json()['mae'] or 0:.3f}")
    return found


@dataclass(slots=True)
class _Run:
    """One evaluation under way; days are counted from the first of training."""

    counts: Cells
    actual: Cells
    days: tuple[DayContext, ...]
    protocol: Protocol
    learned: Learned
    scored: NDArray[np.bool_]
    found: Evaluation
    waiting: list[list[NDArray[np.float32]]]

    @classmethod
    def begin(cls, panel: FlowPanel, protocol: Protocol, params: NowcastParams) -> _Run:
        first = protocol.train[0]
        part = panel.of_days(slice(first, protocol.test[1]))
        taught = protocol.train[1] - first
        counts, doubts = audited(part, taught)
        if protocol.mask_zeros:  # where zeros are not scored they stand for not counted, and would mislead as counts
            counts = np.where(counts == 0, np.float32(np.nan), counts)
        flat = counts.reshape(*counts.shape[:2], -1)
        actual = part.values.astype(np.float32).reshape(flat.shape)
        learned = learn(
            flat[:taught], part.days[:taught], len(panel.channels), params, round_clock=round_the_clock(part)
        )
        doubts = (*doubts, *untaught(learned.usual.effects, part.days[taught:]))
        names = protocol.channels or panel.channels
        scored = np.array([name in names for _ in panel.nodes for name in panel.channels])
        found = Evaluation(
            params.model, protocol.mode, panel.slot_minutes, [Tally() for _ in range(protocol.horizon)], [],
            [Tally() for _ in SIZES], doubts,
        )  # fmt: skip
        return cls(flat, actual, part.days, protocol, learned, scored, found, [])

    @property
    def holds_back(self) -> int:
        """Days before the tested one not learned from: 1 where an origin may lie on the day before."""
        return int(self.learned.usual.round_clock or self.protocol.last_slots is not None)

    def due(self, number: int, many: int) -> bool:
        """Whether the linear stage is learned again before the test day of this number."""
        return self.protocol.mode == "operational" and number > 0 and number % max(-(-many // MOST_RELEARNED), 1) == 0

    def learn_again(self, day: int) -> None:
        until = day - self.protocol.train[0] - self.holds_back
        self.learned = relearned(self.learned, self.counts[:until], self.days[:until])

    def forecasts(self, day: int) -> Iterator[tuple[int, Cells, Cells]]:
        """(step, mean[slot, series], quantiles[level, slot, series]) of every target of a day."""
        here = day - self.protocol.train[0]
        first = max(here - DAYS_SHOWN + 1, 0)
        board = self.learned.usual.board(self.counts[: here + 1], self.days[: here + 1], self._allowed(here), first)
        board = replace(board, targets=slice((len(board.counts) - 1) * board.slots, len(board.counts) * board.slots))
        for step in range(1, self.protocol.horizon + 1):
            mean = self.learned.expected(board, step)
            slots = np.arange(board.slots)
            yield step, mean, self.learned.calibration.quantiles(step, slots, mean, self.learned.spread(board, step))

    def score(self, day: int) -> None:
        """Every target of the day, and what its intervals teach for those after."""
        here = day - self.protocol.train[0]
        context, tally, inside = self.days[here].day, Tally(), []
        for step, mean, quantiles in self.forecasts(day):
            round_clock = self.learned.usual.round_clock
            slots = targets(self.protocol, day, step, len(mean), round_clock=round_clock)
            both = (self.found.steps[step - 1], tally)
            inside.append(self._add(self.actual[here][slots], mean[slots], quantiles[:, slots], both))
        self.found.days.append((context.isoformat() if context else str(day), tally))
        self._observe(inside)

    def _allowed(self, here: int) -> NDArray[np.bool_]:
        if self.protocol.mode == "operational":
            return before(here + 1)
        allowed = np.zeros((here + 1, here + 1), dtype=np.bool_)
        allowed[:, : self.protocol.train[1] - self.protocol.train[0]] = True
        np.fill_diagonal(allowed, False)
        return allowed

    def _observe(self, inside: list[NDArray[np.float32]]) -> None:
        self.waiting.append(inside)
        if len(self.waiting) > self.holds_back:
            for step, shares in enumerate(self.waiting.pop(0), 1):
                self.learned = self.learned.observed(step, shares)

    def _add(self, actual: Cells, mean: Cells, quantiles: Cells, tallies: tuple[Tally, ...]) -> NDArray[np.float32]:
        known = np.isfinite(actual) & self.scored[None, :]
        if self.protocol.mask_zeros:
            known &= actual != 0
        for tally in tallies:
            tally.add(actual[known], mean[known], quantiles[:, known])
        for size, tally in enumerate(self.found.sizes):
            part = known & (self.learned.calibration.size == size)[None, :]
            tally.add(actual[part], mean[part], quantiles[:, part])
        hit = (actual >= quantiles[LOW]) & (actual <= quantiles[HIGH])
        many = known.sum(axis=0)
        share = np.where(known, hit, False).sum(axis=0) / np.maximum(many, 1)
        return np.where(many > 0, share, np.nan).astype(np.float32)
