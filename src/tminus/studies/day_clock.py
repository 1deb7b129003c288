"""Minutes after midnight, as people say when, to seconds of a simulated day."""

from __future__ import annotations

from tminus.studies.simulated_day import START_MIN


def second_of(minute: float) -> float:
    """Seconds after the start; what lies before it is at the start."""
    return max(minute - START_MIN, 0.0) * 60.0
