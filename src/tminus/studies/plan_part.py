"""What is recommended for a day, part by part, and what each was planned and simulated to come to."""

from __future__ import annotations

from dataclasses import dataclass

from tminus.formats.event_folder.day_scenarios import Measure


@dataclass(frozen=True, slots=True)
class PlanPart:
    """One plan of a recommendation, re-simulated before it is told.

    :param kind: gates, shuttles, headways, release, inflow, one_way or advice; ``element``: what it concerns most.
    :param measure: what is planned (``mean_wait_min``, ``persons``, …): ``planned`` by the plan, ``simulated`` by the
        walked day (None: the walk does not tell), ``bound`` no plan goes below, ``gap`` to it as a share.
    :param seconds: spent on planning it; ``binds``: what holds it back, in words.
    :param measures: its places in the recommendation's measures; none: it did not pay and was dropped.
    :param changed: what is otherwise than in the measures handed in, in words of kind, element and value.
    """

    kind: str
    element: str
    measure: str
    planned: float
    simulated: float | None
    bound: float | None
    gap: float | None
    seconds: float
    binds: str
    measures: tuple[int, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """``measures`` to be carried out together; ``parts``: what they were planned by."""

    measures: tuple[Measure, ...]
    parts: tuple[PlanPart, ...]
    walks: int = 0
    """Days simulated to come to it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A part planned and not yet simulated; fields as in :class:`PlanPart`.

    ``instead``: of the part of its kind that was kept, not beside it.
    """

    kind: str
    element: str
    measure: str
    planned: float
    bound: float | None
    gap: float | None
    seconds: float
    binds: str
    measures: tuple[Measure, ...]
    instead: bool = False
