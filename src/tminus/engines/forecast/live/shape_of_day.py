"""The day's shape and size as counted so far make them likely: paths moved together, never surer than errors allow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.arrivals.site_day import Paths
from tminus.engines.forecast.live.params import LiveParams

UNSURE_OF_LEVEL = {0.0: 0.0, 0.3: -2.0, 0.6: -3.0, 1.2: -4.0}
"""Standard deviation of the day's size beyond what was forecast → log prior odds."""
LARGEST = 4.0
"""Logarithm of the most by which a path's arrivals are changed."""


@dataclass(frozen=True, slots=True)
class CountedHours:
    """Of hours that are over, those with full lanes together with the next: ``seen[hour]`` persons counted,
    ``expected[path, hour]`` who come in the same gates and slots, ``full[hour]`` whether the lanes were full until now,
    so that more may have wanted in.
    """

    seen: NDArray[np.float64]
    expected: Paths
    full: NDArray[np.bool_]


def moved(
    arrivals: Paths, counted: CountedHours, small: float, params: LiveParams, noise: Paths, of_level: Paths
) -> tuple[Paths, float]:
    """[path, hour] by which arrivals are multiplied, and by how much spreads exceed what the forecast said.

    Ensemble Kalman smoother (Evensen 2003) on logarithms: every path moves by what its own hours differ from the
    counted. Where all hours are off alike the day's size was less sure than said. Spreads grow with the day's own
    errors e: κ² = (ν + e' S⁻¹ e) / (ν + hours), S what they should have been.

    :param arrivals: [path, hour] of the whole day.
    :param small: persons added before logarithms are taken.
    :param noise: [path, counted hour] standard normal; ``of_level`` [path, 1] likewise.
    """
    state, seen = np.log(arrivals + small), np.log(counted.seen + small)
    told = np.log(counted.expected + small)
    if not seen.size or told.shape[0] < 3:
        return np.ones_like(arrivals), 1.0
    error = np.sqrt(1 / (counted.seen + small) + params.shape_cv**2)
    total = np.cov(told, rowvar=False).reshape(seen.size, seen.size) + np.diag(error**2)
    surprise = seen - told.mean(axis=0)
    surprise = np.where(counted.full, np.maximum(surprise, 0.0), surprise)
    level = _level_sd(surprise, total)
    total = total + level**2
    wider = _wider(surprise, total, params)
    told, state = told + level * of_level, state + level * of_level
    beyond = np.maximum(seen + np.abs(noise) * wider * np.sqrt(np.diag(total)), told)
    wanted = np.where(counted.full, beyond, seen + noise * error)
    apart = state - state.mean(axis=0)
    gain = np.linalg.solve(total, (told - told.mean(axis=0)).T @ apart / (len(told) - 1))
    found = state + (wanted - told) @ gain
    middle = found.mean(axis=0)
    found = middle + wider * (found - middle)
    factor = np.maximum(np.exp(np.clip(found, -LARGEST, 30)) - small, 0.0) / np.maximum(arrivals, 1e-9)
    return np.clip(factor, np.exp(-LARGEST), np.exp(LARGEST)), wider


def _level_sd(surprise: NDArray[np.float64], total: NDArray[np.float64]) -> float:
    """How much surer than justified the day's size was: the likeliest of a few spreads given what was counted."""
    return max(UNSURE_OF_LEVEL, key=lambda sd: _log_likelihood(surprise, total + sd**2) + UNSURE_OF_LEVEL[sd])


def _log_likelihood(surprise: NDArray[np.float64], total: NDArray[np.float64]) -> float:
    _, volume = np.linalg.slogdet(total)
    return -0.5 * float(volume + surprise @ np.linalg.solve(total, surprise))


def _wider(surprise: NDArray[np.float64], total: NDArray[np.float64], params: LiveParams) -> float:
    """Never below the least: a morning that went as expected does not make the afternoon surer."""
    squares = float(surprise @ np.linalg.solve(total, surprise))
    return max(
        params.least_spread, float(np.sqrt((params.error_hours + squares) / (params.error_hours + surprise.size)))
    )
