"""What is expected: a mean and quantiles by step, node and channel, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEVELS: tuple[float, ...] = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Quantile levels every forecast has; 0.1 … 0.9 enter the weighted quantile loss, 0.1 and 0.9 the 80 % interval."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """``mean[step, node, channel]`` and ``quantiles[level, step, node, channel]``, persons in a slot, never below zero.

    Step k is ``minutes[k]`` minutes after midnight of the service day, the beginning of its slot. ``quantiles`` never
    fall from one level to the next. ``model`` names what computed it, ``degraded`` what was missing or doubtful, in
    words; an empty tuple: nothing was.
    """

    mean: NDArray[np.float32]
    quantiles: NDArray[np.float32]
    minutes: tuple[int, ...]
    nodes: tuple[str, ...]
    channels: tuple[str, ...]
    model: str
    levels: tuple[float, ...] = LEVELS
    degraded: tuple[str, ...] = ()

    def quantile(self, level: float) -> NDArray[np.float32]:
        """[step, node, channel] of one of ``levels``.

        :raises KeyError: when the forecast has no such level.
        """
        try:
            chosen: NDArray[np.float32] = self.quantiles[self.levels.index(level)]
        except ValueError:
            raise KeyError(f"level {level}; this forecast has {', '.join(f'{one:g}' for one in self.levels)}") from None
        return chosen
