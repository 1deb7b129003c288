"""What is known of an event as a whole before it opens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tminus.engines.forecast.panel import ForecastError


@dataclass(frozen=True, slots=True)
class EventOutlook:
    """``expected_visits``: what the organiser expects over all days, None where nobody said.

    ``daily_level``: visits of an average day where no total is expected, from events like it. ``capacity``: most
    persons admitted on a day. ``choice_share``: of those turned away, the share that comes on another day.
    """

    opening: date
    closing: date
    country: str = ""
    expected_visits: float | None = None
    daily_level: float | None = None
    capacity: Mapping[date, float] = field(default_factory=dict)
    choice_share: float = 0.6

    def __post_init__(self) -> None:
        """:raises ForecastError: closing before opening, a figure below zero, a share outside 0 … 1."""
        if self.closing < self.opening:
            raise ForecastError(f"closing {self.closing}; allowed: not before opening {self.opening}")
        for name, value in (("expected_visits", self.expected_visits), ("daily_level", self.daily_level)):
            if value is not None and not 0 < value < float("inf"):
                raise ForecastError(f"{name} {value:g}; allowed: a number above 0")
        if not 0 <= self.choice_share <= 1:
            raise ForecastError(f"choice_share {self.choice_share:g}; allowed: 0 … 1")
        if wrong := [day for day, most in self.capacity.items() if not most >= 0]:
            raise ForecastError(f"capacity on {wrong[0]}: {self.capacity[wrong[0]]:g}; allowed: a number of at least 0")

    @property
    def length(self) -> int:
        """Days, both ends included."""
        return (self.closing - self.opening).days + 1
