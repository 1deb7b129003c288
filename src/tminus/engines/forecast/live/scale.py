"""How much more or less than expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scale:
    """S ~ Gamma(``shape``, ``rate``): persons come at S times the expectation."""

    shape: float
    rate: float

    @property
    def mean(self) -> float:
        return self.shape / self.rate

    @property
    def sd(self) -> float:
        return float(np.sqrt(self.shape)) / self.rate


def scale_of(draws: NDArray[np.float64]) -> Scale:
    """The gamma of the draws' mean and spread."""
    mean, spread = max(float(draws.mean()), 1e-9), max(float(draws.var()), 1e-12)
    return Scale(mean**2 / spread, mean / spread)
