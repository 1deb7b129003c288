"""What a plan changes against the one people have been told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from tminus.engines.transport.clock_text import clock_text


@dataclass(frozen=True, slots=True)
class Change:
    """``what`` is another from a minute of the day to another; None: there is none."""

    what: str
    from_min: int
    to_min: int
    was: float | None
    now: float | None

    def as_json(self) -> dict[str, Any]:
        return {
            "what": self.what,
            "from": clock_text(self.from_min),
            "to": clock_text(self.to_min),
            "was": self.was,
            "now": self.now,
        }


def joined(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Neighbouring times with the same change as one, in the order given."""
    kept: list[Change] = []
    for one in changes:
        if (
            kept
            and replace(kept[-1], from_min=one.from_min, to_min=one.to_min) == one
            and kept[-1].to_min == one.from_min
        ):
            kept[-1] = replace(kept[-1], to_min=one.to_min)
        else:
            kept.append(one)
    return tuple(kept)
