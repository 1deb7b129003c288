"""Counted days of a small site, as they might come."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from tests.engines.forecast.arrivals.sites import harbour_fair
from tminus.engines.forecast.arrivals import DailyAttendance, SiteDay, expand
from tminus.engines.forecast.live import Counts, LiveParams, Watch, Watched

GATES = ("west", "east")
ATTENDANCE = DailyAttendance(mean=30_000, cv=0.15)
SITE = harbour_fair(lanes=60)


@cache
def forecast_day() -> SiteDay:
    return expand(SITE, ATTENDANCE, paths=120, seed=1)


@cache
def watch() -> Watch:
    """One for all tests: it remembers what it has reckoned."""
    return Watch(forecast_day(), params=LiveParams())


def counted(seed: int, mean: float = 30_000, cv: float = 0.15) -> NDArray[np.float64]:
    """[gate, slot, channel] of a day drawn from what is forecast; a counter sees 99 of 100."""
    day = expand(SITE, DailyAttendance(mean=mean, cv=cv), paths=1, seed=1000 + seed, grid=forecast_day().grid)
    flows = np.stack([day.entries_by("gate")[1][0], day.departures_by("gate")[1][0]], axis=2)
    return np.random.default_rng(seed).binomial(np.rint(flows).astype(int), 0.99).astype(np.float64)


def of(values: NDArray[np.float64]) -> Counts:
    return Counts(GATES, values, np.isfinite(values[..., 0]).astype(float), ())


def watched(values: NDArray[np.float64], minute: float = 1140) -> Watched:
    return watch().until(of(values), minute)
