"""What would buy days for the checkpoints in danger, tried under the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tminus.engines.schedule import Schedule
from tminus.engines.schedule.risk import Cause, Risk


def repairs_of(
    schedule: Schedule, causes: Sequence[Cause], risk: Risk, *, samples: int, seed: int
) -> list[dict[str, Any]]:
    """Ranked changes, each with its edits, the checkpoint it is for and what it gains."""
    return []
