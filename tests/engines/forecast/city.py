"""A made city: stations with two peaks, weekends, busy and quiet days, and persons who leave where they came from."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from tminus.engines.forecast import DayContext, FlowPanel

MONDAY = date(2026, 3, 2)


def city(
    days: int = 14,
    slots: int = 36,
    nodes: int = 6,
    *,
    minutes: int = 30,
    channels: int = 2,
    seed: int = 0,
    scale: float = 200.0,
    dated: bool = True,
    round_clock: bool = False,
) -> FlowPanel:
    """Counts drawn about a mean that rises and falls with the day; deterministic for a seed."""
    draw = np.random.Generator(np.random.Philox(seed))
    slots = 1440 // minutes if round_clock else slots
    time = np.linspace(0, 1, slots)
    peak = np.stack([np.exp(-(((time - at) / 0.08) ** 2)) for at in (0.2, 0.75)][:channels], axis=-1) + 0.3
    size = draw.uniform(0.3, 2.0, size=(nodes, channels)) * scale
    weekend = np.array([0.6 if (MONDAY + timedelta(days=at)).weekday() > 4 else 1.0 for at in range(days)])
    level = np.cumsum(draw.normal(0, 0.02, size=(days, slots)), axis=1) + draw.normal(0, 0.05, size=(days, 1))
    mean = (weekend[:, None] * np.exp(level))[:, :, None, None] * peak[None, :, None, :] * size[None, None]
    values = draw.poisson(mean).astype(np.float32)
    contexts = tuple(DayContext(MONDAY + timedelta(days=at) if dated else None) for at in range(days))
    names = tuple(f"S{at}" for at in range(nodes))
    return FlowPanel(values, contexts, minutes, 0 if round_clock else 330, names, ("in", "out")[:channels])
