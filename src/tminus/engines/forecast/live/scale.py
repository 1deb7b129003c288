"""How much more or less than expected: a gamma prior on the scale, over-dispersed Poisson counts."""

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

    def draws(self, number: int, random: np.random.Generator) -> NDArray[np.float64]:
        return np.asarray(random.gamma(self.shape, 1 / self.rate, number))


def scale_prior(cv: float) -> Scale:
    """Mean 1, coefficient of variation ``cv``."""
    precision = 1 / max(cv, 1e-3) ** 2
    return Scale(precision, precision)


def scale_after(prior: Scale, observed: float, expected: float, dispersion: float) -> Scale:
    """S after ``observed`` persons where ``expected`` were: mean (a + O/φ) / (b + E/φ), a and b the prior's.

    ``dispersion``: φ, variance of the observed over its mean when S is 1.
    """
    return Scale(prior.shape + observed / dispersion, prior.rate + expected / dispersion)
