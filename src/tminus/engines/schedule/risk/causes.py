"""What can go otherwise than planned for many tasks at once: causes of risk, weather, branches.

One cause is drawn once a sample and hits every task it names; that is what makes the tasks of one department late
together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tminus.engines.schedule.model import Estimate, Plan, PlanError, Task, TaskKind


@dataclass(frozen=True, slots=True)
class Hits:
    """Which tasks: those of any of these units *and* any of these areas *and* …; an empty set asks nothing.

    ``ids`` names tasks besides, a summary standing for all under it. Nothing at all: every task.
    """

    ids: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    phases: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    calendars: frozenset[str] = frozenset()

    def of(self, plan: Plan) -> set[str]:
        """The leaves of ``plan`` it names.

        :raises PlanError: an ID the plan does not have.
        """
        if unknown := self.ids - {task.id for task in plan.tasks}:
            raise PlanError(f"no task {min(unknown)!r} in the plan; allowed: its IDs")
        asked = self._asked()
        found: set[str] = set()
        under: set[str] = set()
        for task in plan.tasks:
            if task.id in self.ids or task.parent in under:
                under.add(task.id)
            named = task.id in under or (bool(asked) and all(_of(plan, task, name) in kept for name, kept in asked))
            if task.kind is not TaskKind.SUMMARY and (named or not (asked or self.ids)):
                found.add(task.id)
        return found

    def _asked(self) -> list[tuple[str, frozenset[str]]]:
        names = {
            "unit": self.units, "area": self.areas, "phase": self.phases, "place": self.places,
            "calendar": self.calendars,
        }  # fmt: skip
        return [(name, kept) for name, kept in names.items() if kept]


def _of(plan: Plan, task: Task, name: str) -> str:
    if name == "calendar":
        return task.calendar or plan.default_calendar or ""
    return str(getattr(task, name))


@dataclass(frozen=True, slots=True)
class RiskDriver:
    """A cause that happens with ``probability`` and then lengthens every task it hits by one and the same draw.

    ``impact``: a multiple of what is left to do, or, with ``days``, working days (of each task's own calendar) to
    add to each task. Several that hit one task multiply.
    """

    id: str
    impact: Estimate
    probability: float = 1.0
    days: bool = False
    hits: Hits = field(default_factory=Hits)
    name: str = ""
    name_zh: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise PlanError(f"driver {self.id!r}: probability {self.probability}; allowed: 0 … 1")
        if self.impact.relative or self.impact.of:
            raise PlanError(f"driver {self.id!r}: impact {self.impact}; allowed: plain values, as multiples or days")


@dataclass(frozen=True, slots=True)
class WeatherCalendar:
    """Days on which weather stops the tasks it hits, whatever their calendar says.

    ``lost``: the probability of each day of January … December being lost, days independent of one another; or
    ``history``: for each year of record the (month, day) that were lost, of which each calendar year of a sample
    repeats one, so that bad days keep coming in rows as they do.
    """

    id: str
    lost: tuple[float, ...] = ()
    history: tuple[frozenset[tuple[int, int]], ...] = ()
    hits: Hits = field(default_factory=Hits)
    name: str = ""
    name_zh: str = ""

    def __post_init__(self) -> None:
        if bool(self.lost) == bool(self.history):
            raise PlanError(f"weather {self.id!r}: allowed: twelve probabilities, or the lost days of past years")
        if self.lost and (len(self.lost) != 12 or not all(0 <= p < 1 for p in self.lost)):
            raise PlanError(f"weather {self.id!r}: {self.lost}; allowed: twelve probabilities, at least 0, below 1")
        if any(len(year) > 300 for year in self.history):
            raise PlanError(f"weather {self.id!r}: a year of more than 300 lost days; allowed: at most 300")


@dataclass(frozen=True, slots=True)
class Branch:
    """Work of which it is open whether it will be needed: in each sample one of ``alternatives`` at most exists.

    Each is its probability and the IDs of its tasks (a summary: all under it). A task that does not exist takes no
    time and waits for nothing but its links, which go through it.
    """

    id: str
    alternatives: tuple[tuple[float, frozenset[str]], ...]
    name: str = ""
    name_zh: str = ""

    def __post_init__(self) -> None:
        chances = [chance for chance, _ in self.alternatives]
        if not chances or min(chances) < 0 or sum(chances) > 1 + 1e-9:
            raise PlanError(f"branch {self.id!r}: probabilities {chances}; allowed: each 0 … 1, together at most 1")


Cause = RiskDriver | WeatherCalendar | Branch


@dataclass(frozen=True, slots=True)
class Scenario:
    """The same draws once more with something changed, so that what differs is the change and not luck.

    ``off``: causes that do not happen; ``worst``: drivers that happen in every sample with the worst of their
    impact; ``factors``: durations of tasks multiplied.
    """

    name: str
    off: frozenset[str] = frozenset()
    worst: frozenset[str] = frozenset()
    factors: Mapping[str, float] = field(default_factory=dict)


def check_causes(causes: Sequence[Cause], scenarios: Sequence[Scenario] = ()) -> None:
    """:raises PlanError: an ID twice, or a scenario that names a cause there is not."""
    ids = [cause.id for cause in causes]
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise PlanError(f"cause {twice[0]!r} stands twice; each ID may stand once")
    for scenario in scenarios:
        if unknown := (scenario.off | scenario.worst) - set(ids):
            raise PlanError(f"scenario {scenario.name!r}: no cause {min(unknown)!r}; allowed: {', '.join(ids) or '-'}")
