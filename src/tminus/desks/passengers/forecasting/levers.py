"""What-if: attendance higher or lower, rain, everyday traffic changed, stations and whole lines closed."""

from __future__ import annotations

from pydantic import BaseModel, Field

SAMPLES = 200
"""Sample paths a forecast is made of."""
AHEAD = 14
"""Days whose curves are computed, from today or opening on."""


class Levers(BaseModel):
    """Nothing given: the day as it is expected."""

    attendance_percent: float = Field(default=0, ge=-90, le=200)
    """More or fewer visits than expected."""
    rain_mm: float = Field(default=0, ge=0, le=300)
    """Rain of the day."""
    traffic_percent: float = Field(default=0, ge=-100, le=200)
    """Change of everyday traffic at the stations."""
    closed: list[str] = Field(default_factory=list, max_length=50)
    """Codes of stations nobody can use; trains pass through them."""
    lines: list[str] = Field(default_factory=list, max_length=20)
    """Lines no train runs on."""

    @property
    def any(self) -> bool:
        return self != Levers()
