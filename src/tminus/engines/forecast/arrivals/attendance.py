"""How many come on the day, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.panel import ForecastError


@dataclass(frozen=True, slots=True)
class DailyAttendance:
    """Visits of one day: sample paths ``samples[path]`` of the total, or its ``mean`` and coefficient of variation.

    ``shares``: audience → share of the visits, where more is known than the site's own shares. ``most``: persons
    admitted at most, None where nobody set a limit.
    """

    day: date | None = None
    samples: NDArray[np.float64] | None = None
    mean: float | None = None
    cv: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    rests_on: tuple[str, ...] = ()
    most: float | None = None

    def __post_init__(self) -> None:
        """:raises ForecastError: neither samples nor a mean, or no numbers of persons."""
        if self.samples is None and self.mean is None:
            raise ForecastError("attendance: neither samples nor a mean")
        if self.samples is not None:
            usable = self.samples.ndim == 1 and self.samples.size and np.isfinite(self.samples).all()
            if not usable or not (self.samples >= 0).all():
                raise ForecastError("attendance: samples must be numbers of at least 0, one a path")
        elif not (np.isfinite(self.mean or 0) and (self.mean or 0) >= 0):
            raise ForecastError(f"attendance: mean {self.mean}; allowed: at least 0")
        if self.most is not None and not self.most >= 0:
            raise ForecastError(f"attendance: at most {self.most}; allowed: at least 0")
        if self.cv is not None and not 0 <= self.cv < 3:
            raise ForecastError(f"attendance: coefficient of variation {self.cv}; allowed: 0 … 3")

    @property
    def expected(self) -> float:
        return float(self.samples.mean()) if self.samples is not None else float(self.mean or 0)

    def drawn(self, paths: int, default_cv: float, random: np.random.Generator) -> NDArray[np.int64]:
        """[path] whole visits: the samples themselves, in their order, as far as they reach.

        From a mean: negative binomial, as a gamma mixture of Poissons.
        """
        if self.samples is not None:
            known = np.resize(self.samples, paths)  # goes round where more paths are wanted
            return self._admitted(np.rint(known).astype(np.int64))
        cv = default_cv if self.cv is None else self.cv
        level = random.gamma(1 / cv**2, cv**2, paths) if cv > 0 else np.ones(paths)
        return self._admitted(random.poisson(self.expected * level).astype(np.int64))

    def _admitted(self, wanted: NDArray[np.int64]) -> NDArray[np.int64]:
        return wanted if self.most is None else np.minimum(wanted, int(min(self.most, 2**62)))
