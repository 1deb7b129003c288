"""An evacuation plan: who leaves by which way, when everybody is out, what holds it back, how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tminus.engines.crowd.evacuation.quickest import Cut
from tminus.engines.crowd.evacuation.ways import Floats, Ints


@dataclass(frozen=True, slots=True)
class Route:
    """``persons`` walk from ``origin`` by ``links`` to ``exit``; seconds after the beginning."""

    origin: str
    exit: str
    nodes: tuple[str, ...]
    links: tuple[str, ...]
    persons: int
    first_leaves_s: float
    last_arrives_s: float


@dataclass(frozen=True, slots=True)
class OriginPlan:
    """What becomes of the people at ``origin``: ``shares`` by exit; all left it by ``left_s``, are out by ``out_s``."""

    origin: str
    persons: int
    shares: dict[str, float]
    left_s: float
    out_s: float


@dataclass(frozen=True, slots=True)
class Direction:
    """Of the people who go on from ``node``, ``share`` take ``link`` towards ``to``."""

    node: str
    link: str
    to: str
    persons: int
    share: float


@dataclass(frozen=True, slots=True)
class EvacuationPlan:
    """The earliest-arrival plan.

    :param planned_s: everybody is out. ``bound_s``: no plan is quicker, whatever the step.
    :param step_s: of the plan. ``times_s``, ``arrived``: [step] how many are out by when.
    :param groups: persons who set out together, for walking the plan again: see :func:`groups_s`.
    """

    persons: int
    planned_s: float
    bound_s: float
    mean_s: float
    step_s: float
    times_s: Floats
    arrived: Ints
    origins: tuple[OriginPlan, ...]
    routes: tuple[Route, ...]
    directions: tuple[Direction, ...]
    cut: Cut
    groups: tuple[tuple[float, int, tuple[str, ...]], ...]
    diagram: str
    seconds: dict[str, float]

    @property
    def gap(self) -> float:
        """By how much the planned time may still shrink, as a share of it."""
        return 1 - self.bound_s / self.planned_s if self.planned_s > 0 else 0.0

    def out_after(self, share: float) -> float:
        """Seconds until that share of everybody is out."""
        if not self.persons:
            return 0.0
        return float(self.times_s[int(np.searchsorted(self.arrived, share * self.persons - 1e-9))])

    def as_json(self) -> dict[str, Any]:
        """The document of ``tminus evacuate``, without what the engine does not know."""
        return {
            "persons": self.persons,
            "planned_s": round(self.planned_s, 1),
            "bound_s": round(self.bound_s, 1),
            "gap": round(self.gap, 4),
            "mean_s": round(self.mean_s, 1),
            "p50_s": round(self.out_after(0.5), 1),
            "p90_s": round(self.out_after(0.9), 1),
            "step_s": self.step_s,
            "bottleneck": _cut(self.cut),
            "origins": [_origin(one) for one in self.origins],
            "directions": [_direction(one) for one in self.directions],
            "fundamental_diagram": self.diagram,
            "seconds": {name: round(spent, 4) for name, spent in self.seconds.items()},
        }


def _cut(cut: Cut) -> dict[str, Any]:
    elements = [
        {"kind": e.kind, "element": e.element, "from_s": round(e.from_s), "to_s": round(e.to_s), "persons": e.persons}
        for e in cut.elements
    ]
    return {"behind": cut.behind, "through": cut.through, "elements": elements}


def _origin(one: OriginPlan) -> dict[str, Any]:
    return {
        "origin": one.origin,
        "persons": one.persons,
        "exits": {name: round(share, 4) for name, share in one.shares.items()},
        "left_s": round(one.left_s, 1),
        "out_s": round(one.out_s, 1),
    }


def _direction(one: Direction) -> dict[str, Any]:
    return {
        "node": one.node,
        "link": one.link,
        "to": one.to,
        "persons": one.persons,
        "share": round(one.share, 4),
    }
