"""What changed against a baseline: which tasks moved, by how many days, which came and went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tminus.engines.schedule.result import Schedule

Pair = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One task's finish then and now; ``days`` of the calendar, positive when later."""

    id: str
    finish_before: datetime
    finish: datetime
    days: float


@dataclass(frozen=True, slots=True)
class Difference:
    moved: tuple[Move, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    def as_json(self) -> dict[str, Any]:
        return {
            "moved": [
                {
                    "id": move.id,
                    "finish_before": move.finish_before.isoformat(),
                    "finish": move.finish.isoformat(),
                    "days": move.days,
                }
                for move in self.moved
            ],
            "added": list(self.added),
            "removed": list(self.removed),
            "unchanged": self.unchanged,
        }


def difference(baseline: Mapping[str, Pair], schedule: Schedule) -> Difference:
    """Compare planned finishes with a baseline's (start, finish) of each task; the greatest move first."""
    rows = {row.id: row for row in schedule.tasks}
    moved, unchanged = [], 0
    for id, row in rows.items():
        before = baseline.get(id, (None, None))[1]
        if before is None:
            continue
        if before == row.finish:
            unchanged += 1
        elif not row.summary:
            moved.append(Move(id, before, row.finish, round((row.finish - before).total_seconds() / 86400, 2)))
    return Difference(
        tuple(sorted(moved, key=lambda move: (-abs(move.days), move.id))),
        tuple(id for id in rows if id not in baseline),
        tuple(id for id in baseline if id not in rows),
        unchanged,
    )
