"""What holds a plan back, as a kind, a place and a figure: people are told it in their own language.

Shared by the engines that plan; ``str()`` is the English sentence of the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LimitKind(StrEnum):
    """Kinds there are; each has its sentence in ``SENTENCES``."""

    ARC = "arc_capacity"
    FLEET = "fleet"
    LEAST_HEADWAY = "least_headway"
    TRIPS_AT_ONCE = "trips_at_once"
    VEHICLES_OUT = "vehicles_out"
    GATE_LANES = "gate_lanes"
    STAFF = "staff"
    WAY_ROOM = "way_room"


SENTENCES: dict[LimitKind, str] = {
    LimitKind.ARC: "{element}",
    LimitKind.FLEET: "fleet of {value:g} vehicles",
    LimitKind.LEAST_HEADWAY: "least headway of {element}",
    LimitKind.TRIPS_AT_ONCE: "{value:g} trips at once",
    LimitKind.VEHICLES_OUT: "{value:g} vehicles out",
    LimitKind.GATE_LANES: "lanes of gate {element!r} ({value:g})",
    LimitKind.STAFF: "staff",
    LimitKind.WAY_ROOM: "room of way {element!r} ({value:.0f})",
}
"""English, of the limit's fields."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``element``: id of the arc, line, gate or way, empty where it is none's; ``value``: how much there is of it.

    None: the element says it all.
    """

    kind: LimitKind
    element: str = ""
    value: float | None = None

    def __str__(self) -> str:
        return SENTENCES[self.kind].format(element=self.element, value=self.value)

    def as_json(self) -> dict[str, Any]:
        """``what`` is the sentence, the other keys its parts."""
        value = None if self.value is None else round(self.value, 3)
        return {"what": str(self), "kind": str(self.kind), "element": self.element, "value": value}
