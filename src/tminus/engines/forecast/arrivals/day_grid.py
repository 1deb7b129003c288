"""The slots of a service day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.panel import MINUTES_OF_DAY, ForecastError


@dataclass(frozen=True, slots=True)
class DayGrid:
    """Slot s lasts from ``first_minute + s · slot_minutes`` minutes after midnight; it may go on past midnight."""

    first_minute: int
    slot_minutes: int
    slots: int

    def __post_init__(self) -> None:
        """:raises ForecastError: slots of no use."""
        if self.slot_minutes <= 0 or MINUTES_OF_DAY % self.slot_minutes:
            raise ForecastError(f"slot length {self.slot_minutes} min; allowed: a divisor of {MINUTES_OF_DAY}")
        if self.slots < 1:
            raise ForecastError(f"{self.slots} slots a day; allowed: at least 1")

    @classmethod
    def covering(cls, first_minute: float, last_minute: float, slot_minutes: int) -> DayGrid:
        """The whole slots from ``first_minute`` to ``last_minute``."""
        first = int(first_minute // slot_minutes) * slot_minutes
        return cls(first, slot_minutes, max(1, int(-(-(last_minute - first) // slot_minutes))))

    @property
    def starts(self) -> NDArray[np.float64]:
        """[slot] minute each begins."""
        return self.first_minute + self.slot_minutes * np.arange(self.slots, dtype=np.float64)

    @property
    def edges(self) -> NDArray[np.float64]:
        """[slot + 1] minutes."""
        return self.first_minute + self.slot_minutes * np.arange(self.slots + 1, dtype=np.float64)

    @property
    def minutes(self) -> tuple[int, ...]:
        return tuple(range(self.first_minute, self.first_minute + self.slots * self.slot_minutes, self.slot_minutes))

    def slot_of(self, minute: float) -> int:
        """The slot a minute lies in, the nearest where it lies outside the day."""
        return min(max(int((minute - self.first_minute) // self.slot_minutes), 0), self.slots - 1)

    def overlap(self, begin: float, end: float) -> NDArray[np.float64]:
        """[slot] share of each slot inside ``begin`` … ``end``."""
        inside = np.minimum(self.edges[1:], end) - np.maximum(self.edges[:-1], begin)
        return np.asarray(np.clip(inside, 0, None) / self.slot_minutes)
