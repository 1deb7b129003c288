"""What goes on at stations without the event: days of the same kind, and how they differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.day_grid import DayGrid
from tminus.engines.forecast.panel import FlowPanel, ForecastError

HALVING_DAYS = 21.0
"""A day this long before the newest counts half: cities grow and seasons turn."""
LEAST_DAYS = 3


@dataclass(frozen=True, slots=True)
class Baseline:
    """``mean[channel, node, slot]`` and ``spread[day, channel, node, slot]``, whole-day deviations of days like this
    one, scaled so that normal combinations of them have their spread. Channels are in and out.
    """

    nodes: tuple[str, ...]
    first_minute: int
    slot_minutes: int
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    rests_on: tuple[str, ...]

    def paths(self, grid: DayGrid, paths: int, seed: int) -> NDArray[np.float64]:
        """[channel, path, node, slot] joint over time and nodes, never below zero; 0 outside the counted hours.

        :raises ForecastError: slots that do not fit.
        """
        if self.slot_minutes != grid.slot_minutes or (self.first_minute - grid.first_minute) % grid.slot_minutes:
            raise ForecastError(
                f"station history: slots of {self.slot_minutes} min from minute {self.first_minute}; allowed: slots "
                f"of {grid.slot_minutes} min that begin with the day's"
            )
        random = np.random.Generator(np.random.Philox(seed + 1))
        weight = random.standard_normal((paths, self.spread.shape[0]))
        drawn = np.einsum("pd,dcnt->cpnt", weight, self.spread, optimize=True)
        values = np.clip(self.mean[:, None] + drawn, 0, None)
        found = np.zeros((2, paths, len(self.nodes), grid.slots))
        offset = (self.first_minute - grid.first_minute) // grid.slot_minutes
        low, high = max(offset, 0), min(offset + values.shape[3], grid.slots)
        if high > low:
            found[..., low:high] = values[..., low - offset : high - offset]
        return found


def baseline_of(history: FlowPanel, kind: str, nodes: tuple[str, ...] | None = None) -> Baseline:
    """From the days of ``history`` of the day's ``kind`` without an event; from all days where they are too few.

    A slot nobody counted on any such day is taken as 0, a day's gap as the mean.

    :raises ForecastError: no day, or no channels ``in`` and ``out``.
    """
    if not set(history.channels) >= {"in", "out"}:
        raise ForecastError(f"station history: channels {', '.join(history.channels)}; allowed: in and out")
    quiet = [number for number, one in enumerate(history.days) if not one.event_load]
    alike = [number for number in quiet if history.days[number].kind == kind]
    words = f"{len(alike)} days of kind {kind!r} without the event"
    if len(alike) < LEAST_DAYS:
        words = f"all {len(quiet)} days without the event, as only {len(alike)} are of kind {kind!r}"
        alike = quiet
    if not alike:
        raise ForecastError("station history: no day without the event; allowed: at least one")
    kept = [name for name in history.nodes if nodes is None or name in set(nodes)]
    at = [history.nodes.index(name) for name in kept]
    channels = [history.channels.index(one) for one in ("in", "out")]
    values = history.values[np.ix_(alike, range(history.slots), at, channels)].astype(np.float64).transpose(0, 3, 2, 1)
    weight = 0.5 ** ((alike[-1] - np.array(alike)) / HALVING_DAYS)
    known = np.isfinite(values) & (values >= 0)
    weights = weight[:, None, None, None] * known
    mean = (weights * np.where(known, values, 0)).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-12)
    deviation = np.where(known, values - mean, 0.0)
    share = weight / weight.sum()
    # Σ w (1 − w) corrects the weighted variance for the mean taken from the same days
    scale = np.sqrt(share / max(float((share * (1 - share)).sum()), 1e-9)) if len(alike) > 1 else np.zeros(1)
    return Baseline(
        tuple(kept), history.first_minute, history.slot_minutes, mean, deviation * scale[:, None, None, None],
        (f"everyday traffic: {words}",),
    )  # fmt: skip
