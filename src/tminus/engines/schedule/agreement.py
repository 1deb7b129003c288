"""How many of the dates another tool stored in its file come out the same, to the minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts out of ``of`` incomplete, non-summary, non-level-of-effort tasks."""

    early_start: int
    early_finish: int
    late_start: int
    late_finish: int
    total_float: int
    of: int
    differing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "early_start": self.early_start,
            "early_finish": self.early_finish,
            "late_start": self.late_start,
            "late_finish": self.late_finish,
            "total_float": self.total_float,
            "of": self.of,
        }
