"""Why a forecast is what it is: parts that sum to its mean."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """Persons: ``profile`` of all days alike, what the ``day_type`` and nearness of days add, what an ``event`` known
    adds, and what the ``live`` residual of today adds. Their sum is ``mean``."""

    profile: float
    day_type: float
    event: float
    live: float
    mean: float

    def as_json(self) -> dict[str, float]:
        return asdict(self)
