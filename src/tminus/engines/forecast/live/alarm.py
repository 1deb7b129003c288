"""Reality left the interval: when, where, what was seen, what was expected, and what it likely is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SENSOR = frozenset(
    {"silent", "stuck", "dead", "reset", "negative", "double_counting", "impossible", "disagreement", "running_total"}
)
"""Kinds that are a fault of a counter; the others are people."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """``minute``: the beginning of the time looked at. ``kind``: ``too_many``, ``too_few``, ``gate_closed`` (its people
    come by other gates), or one of :data:`SENSOR`. ``low`` … ``high``: the interval, persons.
    """

    kind: str
    node: str
    channel: str
    minute: int
    until: int
    seen: float | None
    expected: float | None
    low: float | None
    high: float | None
    words: str

    @property
    def is_fault(self) -> bool:
        return self.kind in SENSOR

    def as_json(self) -> dict[str, Any]:
        rounded = {
            name: None if value is None else round(value, 1)
            for name, value in (
                ("seen", self.seen), ("expected", self.expected), ("low", self.low), ("high", self.high),
            )
        }  # fmt: skip
        return {
            "kind": self.kind, "fault": self.is_fault, "node": self.node, "channel": self.channel,
            "from_minute": self.minute, "until_minute": self.until, **rounded, "words": self.words,
        }  # fmt: skip
