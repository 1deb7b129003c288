"""Registrations of an event as they came in: who, for which day, on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.panel import ForecastError


@dataclass(frozen=True, slots=True)
class Registrations:
    """``net[audience, visit day, registration day]``: persons registered less persons cancelled.

    The last axis counts days from ``first``. Audiences are named as the event names them; those in ``lumpy`` come in
    groups, so that their numbers jump.
    """

    audiences: tuple[str, ...]
    visit_days: tuple[date, ...]
    first: date
    net: NDArray[np.float64]
    lumpy: frozenset[str] = frozenset({"group"})

    def __post_init__(self) -> None:
        """:raises ForecastError: when shapes do not fit or visit days are out of order."""
        if self.net.ndim != 3 or self.net.shape[:2] != (len(self.audiences), len(self.visit_days)):
            raise ForecastError(
                f"registrations: shape {self.net.shape}; allowed: [{len(self.audiences)} audiences, "
                f"{len(self.visit_days)} visit days, days]"
            )
        if list(self.visit_days) != sorted(set(self.visit_days)):
            raise ForecastError("registrations: visit days are not in order of time, each once")

    def held(self, as_of: date) -> NDArray[np.float64]:
        """[audience, visit day] persons registered at the end of ``as_of``, never below zero."""
        number = max((as_of - self.first).days + 1, 0)
        sums: NDArray[np.float64] = np.maximum(self.net[:, :, :number].sum(axis=2), 0.0)
        return sums
