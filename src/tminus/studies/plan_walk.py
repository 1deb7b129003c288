"""A plan carried out again on the crowd engine, person by person, before it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_PERSONS = 1_000_000
"""Days of more people are not walked again; the command tells what its plan's own recursion came to."""
CROWD_ENGINE = "crowd engine"


@dataclass(frozen=True, slots=True)
class PlanWalk:
    """``measure`` as the plan has it and as it came out, over ``persons`` walked in ``seconds``.

    Both are of the same people: the same sample paths, in the units the measure's name ends with. ``others``: further
    figures of the walk.
    """

    measure: str
    planned: float
    simulated: float
    persons: int
    seconds: float
    others: dict[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The key ``simulated`` of a plan's document."""
        return {
            "by": CROWD_ENGINE,
            "measure": self.measure,
            "planned": round(self.planned, 3),
            "simulated": round(self.simulated, 3),
            "persons": self.persons,
            "seconds": round(self.seconds, 3),
            **{name: round(value, 3) for name, value in self.others.items()},
        }


def drawn_seconds(persons: NDArray[np.float64], slot_s: float, random: np.random.Generator) -> NDArray[np.float64]:
    """When whole people come, of ``persons`` [slot] that may be parts: each at any moment of the slot, in order.

    As many as there are up to every slot, rounded up or down by chance, so that parts are not lost where all are small.
    """
    upto = np.floor(np.concatenate(([0.0], np.cumsum(persons))) + random.random())
    many = np.diff(upto).astype(np.int64)
    begin = np.repeat(np.arange(len(many)) * slot_s, many)
    return np.asarray(np.sort(begin + slot_s * random.random(len(begin))))
