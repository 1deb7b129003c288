"""The level of a series of daily totals: a damped trend, and steps a level may have taken in the past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

YEAR = 365.0


@dataclass(frozen=True, slots=True)
class LevelParams:
    """``half_life_days``: age at which an observation counts half; ``step_days``: how often the level may bend;
    ``damping_days``: how long a trend is believed to go on; penalties as in ``EffectPenalties``;
    ``usual_step``: a larger bend, in logarithms, is taken for a jump and hardly shrunk.
    """

    half_life_days: float = 400.0
    step_days: float = 28.0
    damping_days: float = 180.0
    step_penalty: float = 100.0
    slope_penalty: float = 1.0
    usual_step: float = 0.02


def level_columns(
    ahead_days: NDArray[np.float64], params: LevelParams
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Columns [day, part] and penalties [part]: constant, damped trend, and a random walk of the level going back.

    :param ahead_days: days from the origin, negative in the past, ascending.
    """
    first = float(ahead_days[0])
    damped = params.damping_days * -np.expm1(-np.maximum(ahead_days, 0) / params.damping_days)
    trend = np.where(ahead_days < 0, ahead_days, damped) / YEAR
    knots = -np.arange(params.step_days, max(-first, 0.0), params.step_days)
    steps = np.clip((ahead_days[:, None] - knots[None, :]) / params.step_days, -1.0, 0.0)
    columns = np.column_stack([np.ones_like(ahead_days), trend, steps])
    penalties = np.concatenate([[0.0, params.slope_penalty], np.full(len(knots), params.step_penalty)])
    return columns, penalties


def usual_sizes(parts: int, params: LevelParams) -> NDArray[np.float64]:
    """What is no jump, for each of the columns of :func:`level_columns`."""
    return np.concatenate([[np.inf, np.inf], np.full(parts - 2, params.usual_step)])


def age_weights(ahead_days: NDArray[np.float64], params: LevelParams) -> NDArray[np.float64]:
    """Weight of past observations by age."""
    weights: NDArray[np.float64] = 0.5 ** (-ahead_days / params.half_life_days)
    return weights
