"""The nowcast as a control room uses it: fit at night, nowcast each slot, observe, explain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.nowcast.audit import audited, limits_of, listed
from tminus.engines.forecast.nowcast.board import Board, Cells, flat
from tminus.engines.forecast.nowcast.coverage import HIGH, LOW, CoverageReport
from tminus.engines.forecast.nowcast.explanation import Explanation
from tminus.engines.forecast.nowcast.faults import LOOKS_BACK, Habits, habits_of
from tminus.engines.forecast.nowcast.known_effects import EffectSize, untaught
from tminus.engines.forecast.nowcast.learned import Learned, learn
from tminus.engines.forecast.nowcast.params import NowcastParams
from tminus.engines.forecast.nowcast.paths import UNKNOWN, drawn
from tminus.engines.forecast.nowcast.usual import before, round_the_clock
from tminus.engines.forecast.panel import DayContext, FlowPanel, ForecastError
from tminus.engines.forecast.prediction import LEVELS, Forecast

SLOTS_BESIDE = 2
"""Slots before and after whose past errors are patterns too: few days have few patterns."""
DAYS_BEFORE = 2
"""Days laid out before today: what lately was."""


@dataclass(frozen=True, slots=True)
class _Issued:
    """The last nowcast, kept to be observed, drawn from and explained."""

    forecast: Forecast
    board: Board
    origin: int


class FlowForecaster:
    """Forecasts the next slots of every node and channel; see the engine's page for the model."""

    def __init__(self, params: NowcastParams | None = None) -> None:
        self.params = params or NowcastParams()
        self._learned: Learned | None = None
        self._panel: FlowPanel | None = None
        self._counts: Cells = np.empty((0, 0, 0), dtype=np.float32)
        self._limits: Cells = np.empty((0, 0), dtype=np.float32)
        self._habits: Habits | None = None
        self._base: tuple[object, Board] | None = None
        self._doubts: tuple[str, ...] = ()
        self._issued: _Issued | None = None

    def fit(self, panel: FlowPanel) -> FlowForecaster:
        """Learn from past days.

        :raises ForecastError: nothing was counted.
        """
        counts, self._doubts = audited(panel, len(panel.days))
        self._counts, self._panel = counts.reshape(*counts.shape[:2], -1), panel
        self._limits, self._habits = limits_of(counts), habits_of(counts)
        self._learned = learn(
            self._counts, panel.days, len(panel.channels), self.params, round_clock=round_the_clock(panel)
        )
        self._base, self._issued = None, None
        return self

    def nowcast(self, today: FlowPanel, history: FlowPanel | None = None, horizon: int | None = None) -> Forecast:
        """The slots after the last one counted today, at most ``horizon`` of them (default: as fitted).

        ``today``: one day, NaN from the origin on. ``history``: days between training and today, where some are.

        :raises ForecastError: not fitted, other nodes, channels or slots than fitted, more steps than fitted.
        """
        learned, panel = self._fitted()
        steps = horizon if horizon is not None else self.params.horizon
        if not 1 <= steps <= self.params.horizon:
            raise ForecastError(f"horizon {steps}; allowed: 1 … {self.params.horizon}, as fitted")
        if len(today.days) != 1:
            raise ForecastError(f"today: {len(today.days)} days; allowed: one")
        for name, other in (("today", today), ("history", history)):
            if other is not None:
                _same(panel, other, name)
        origin = _origin(today)
        board, doubts = self._board(today, history)
        doubts = (*doubts, *untaught(learned.usual.effects, today.days))
        forecast = self._forecast(learned, board, origin, steps, (*self._doubts, *doubts, *_not_yet(today, origin)))
        self._issued = _Issued(forecast, board, origin)
        return forecast

    def observe(self, actual: FlowPanel) -> CoverageReport:
        """Hold what came against the last nowcast; in operational mode interval widths learn from it.

        ``actual``: the day the last nowcast was for, with what has been counted since.

        :raises ForecastError: nothing was nowcast, or not that day's panel.
        """
        learned, panel = self._fitted()
        if self._issued is None:
            raise ForecastError("nothing was nowcast yet; allowed: observe after nowcast")
        _same(panel, actual, "actual")
        forecast, scored, absolute, inside = self._issued.forecast, 0, 0.0, 0
        for at in range(len(forecast.minutes)):
            slot = self._issued.origin + at + 1
            came = actual.values[-1, slot] if slot < actual.slots else np.full(forecast.mean.shape[1:], np.nan)
            known = np.isfinite(came) & (came >= 0)
            hit = (came >= forecast.quantiles[LOW, at]) & (came <= forecast.quantiles[HIGH, at]) & known
            scored, inside = scored + int(known.sum()), inside + int(hit.sum())
            absolute += float(np.abs(came - forecast.mean[at])[known].sum())
            if self.params.mode == "operational" and known.any():
                share = np.where(known, hit, np.nan).astype(np.float32).ravel()
                learned = learned.observed(at + 1, share, 1 / panel.slots)
        self._learned = learned
        widths = tuple(tuple(float(one) for one in row) for row in learned.calibration.width)
        return CoverageReport(
            scored, absolute / scored if scored else None, inside / scored if scored else None, widths
        )

    def sample_paths(self, many: int, seed: int = 0) -> NDArray[np.float32]:
        """[path, step, node, channel] of the last nowcast, joint over steps and nodes; the same seed, the same paths.

        :raises ForecastError: nothing was nowcast, or fewer than one path is asked for.
        """
        learned, _ = self._fitted()
        if self._issued is None or many < 1:
            raise ForecastError(f"{many} sample paths; allowed: 1 or more, after a nowcast")
        quantiles = self._issued.forecast.quantiles
        steps, slots = quantiles.shape[1], learned.ranks.shape[2]
        found = []
        for beside in range(-SLOTS_BESIDE, SLOTS_BESIDE + 1):
            slot = (self._issued.origin + 1 + beside + np.arange(steps)) % max(slots, 1)
            found.append(learned.ranks[np.arange(steps), :, slot].transpose(1, 0, 2))
        patterns = np.concatenate(found)
        told = patterns[(patterns != UNKNOWN).any(axis=(1, 2))]
        paths = drawn(quantiles.reshape(*quantiles.shape[:2], -1), told, many, seed)
        return paths.reshape(many, *quantiles.shape[1:])

    def explain(self, node: str, step: int, channel: str | None = None) -> Explanation:
        """Contributions to the last nowcast's mean ``step`` slots ahead, from 1; without a channel the first.

        :raises ForecastError: nothing was nowcast; unknown node, channel or step.
        """
        panel = self._fitted()[1]
        wanted = channel or panel.channels[0]
        if self._issued is None or not 1 <= step <= len(self._issued.forecast.minutes):
            raise ForecastError(f"step {step}; allowed: a step of the last nowcast")
        if node not in panel.nodes or wanted not in panel.channels:
            raise ForecastError(f"{node!r}, {wanted!r}; allowed: a node and a channel of the panel fitted")
        place = (panel.nodes.index(node), panel.channels.index(wanted))
        series = place[0] * len(panel.channels) + place[1]
        board, slot = self._issued.board, self._issued.origin + step
        usual = float(flat(board.profile)[_today(board) * board.slots + slot, series])
        column = self._counts[:, slot % board.slots, series]
        known = column[np.isfinite(column)]
        every = float(known.mean()) if len(known) else usual
        mean = float(self._issued.forecast.mean[step - 1][place])
        without = (
            usual / float(board.factors[slot // board.slots + _today(board), series])
            if board.factors is not None
            else usual
        )
        return Explanation(every, without - every, usual - without, mean - usual, mean)

    def effect_sizes(self) -> tuple[EffectSize, ...]:
        """What event load, policies and weather of the training days did to day levels; empty where none was told.

        ``series`` counts channels of nodes: node · channels + channel; −1 is all together.

        :raises ForecastError: not fitted.
        """
        effects = self._fitted()[0].usual.effects
        return effects.sizes() if effects else ()

    def _fitted(self) -> tuple[Learned, FlowPanel]:
        if self._learned is None or self._panel is None:
            raise ForecastError("not fitted yet; allowed: fit a panel first")
        return self._learned, self._panel

    def _board(self, today: FlowPanel, history: FlowPanel | None) -> tuple[Board, tuple[str, ...]]:
        """Today's board; what does not change in the course of a day is kept from call to call."""
        learned, _ = self._fitted()
        key = (today.days, id(history.values) if history is not None else None)
        recent = _joined(self._counts, history)
        counts, doubts = _checked(today, self._limits)
        if self._habits is not None:
            past = recent[-LOOKS_BACK:].reshape(-1, *today.values.shape[1:])
            for kind, wrong in self._habits.doubts(counts.reshape(today.values.shape[1:]), past).items():
                doubts = (*doubts, *_named(kind, wrong, today))
                counts = _without(counts, wrong.reshape(counts.shape))
        if self._base is None or self._base[0] != key:
            self._base = (key, self._laid_out(learned, recent, today, history))
        base = self._base[1]
        shown = base.counts.copy()
        shown[_today(base)] = counts
        return learned.usual.with_counts(base, shown), doubts

    def _laid_out(self, learned: Learned, recent: Cells, today: FlowPanel, history: FlowPanel | None) -> Board:
        _, panel = self._fitted()
        days = (*panel.days, *(history.days if history else ()), *today.days, _next_day(today.days[0]))
        blank = np.full((2, *recent.shape[1:]), np.nan, dtype=np.float32)
        counts = np.concatenate([recent, blank])
        allowed = before(len(days))
        if self.params.mode == "strict":
            allowed[:, len(panel.days) :] = False
        first = max(len(days) - 2 - DAYS_BEFORE, 0)
        return learned.usual.ground(counts, days, allowed, first)

    def _forecast(self, learned: Learned, board: Board, origin: int, steps: int, doubts: tuple[str, ...]) -> Forecast:
        _, panel = self._fitted()
        if not learned.usual.round_clock and origin + steps >= board.slots:
            steps = max(board.slots - 1 - origin, 0)
            doubts = (*doubts, f"the day ends: {steps} steps")
        first = _today(board) * board.slots + origin
        means, quantiles = [], []
        for step in range(1, steps + 1):
            target = slice(first + step, first + step + 1)
            asked = replace(board, targets=target)
            mean = learned.expected(asked, step)
            slot = np.array([(origin + step) % board.slots])
            means.append(mean[0])
            quantiles.append(learned.calibration.quantiles(step, slot, mean, learned.spread(asked, step))[:, 0])
        shape = (steps, len(panel.nodes), len(panel.channels))
        mean = np.reshape(np.array(means, dtype=np.float32), shape)
        spread = np.array(quantiles, dtype=np.float32).reshape(steps, len(LEVELS), *shape[1:]).swapaxes(0, 1)
        begin = panel.first_minute + (origin + 1) * panel.slot_minutes
        minutes = tuple(begin + at * panel.slot_minutes for at in range(steps))
        return Forecast(mean, spread, minutes, panel.nodes, panel.channels, self.params.model, degraded=doubts)


def _today(board: Board) -> int:
    return len(board.counts) - 2


def _next_day(day: DayContext) -> DayContext:
    return DayContext(day.day + timedelta(days=1) if day.day else None)


def _origin(today: FlowPanel) -> int:
    """The last slot in which anything was counted; −1 before the first."""
    known = np.flatnonzero(np.isfinite(today.values[0]).any(axis=(1, 2)))
    return int(known[-1]) if len(known) else -1


def _not_yet(today: FlowPanel, origin: int) -> tuple[str, ...]:
    if origin < 0:
        return ("nothing counted today yet: profile only",)
    late = [today.nodes[at] for at in np.flatnonzero(~np.isfinite(today.values[0, origin]).any(axis=1))]
    return (
        (f"late or silent: {', '.join(late[:5])}{f' and {len(late) - 5} more' if len(late) > 5 else ''}",)
        if late
        else ()
    )


def _joined(counts: Cells, history: FlowPanel | None) -> Cells:
    if history is None:
        return counts
    more = np.where(history.values < 0, np.nan, history.values).astype(np.float32)
    return np.concatenate([counts, more.reshape(len(more), *counts.shape[1:])])


def _checked(today: FlowPanel, limits: Cells) -> tuple[Cells, tuple[str, ...]]:
    """Today's counts [slot, series]; what is below zero or infinite is taken as missing and named."""
    values = today.values[0].astype(np.float32)
    wrong = (values < 0) | np.isinf(values) | (values > limits)
    doubts = (
        (f"{int(wrong.sum())} counts of today below zero or far above anything usual: taken as missing",)
        if wrong.any()
        else ()
    )
    return _without(values, wrong).reshape(len(values), -1), doubts


def _named(kind: str, wrong: NDArray[np.bool_], today: FlowPanel) -> tuple[str, ...]:
    """``wrong[slot, node, channel]`` of today in words."""
    nodes = [today.nodes[at] for at in np.flatnonzero(wrong.any(axis=(0, 2)))]
    return (f"{kind}: {int(wrong.sum())} counts of today at {listed(nodes)}: taken as missing",) if nodes else ()


def _without(values: Cells, wrong: NDArray[np.bool_]) -> Cells:
    """Doubtful counts are missing counts."""
    found: Cells = np.where(wrong, np.float32(np.nan), values)
    return found


def _same(panel: FlowPanel, other: FlowPanel, name: str) -> None:
    for what in ("nodes", "channels", "slots", "slot_minutes", "first_minute"):
        if getattr(panel, what) != getattr(other, what):
            raise ForecastError(f"{name}: other {what} than were fitted; allowed: the same")
