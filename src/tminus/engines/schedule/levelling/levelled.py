"""What levelling answers: dates that crews and machines can carry, what they are worth, what binds, what has moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tminus.engines.schedule.levelling.histogram import Histogram
from tminus.engines.schedule.levelling.lower_bound import LowerBound
from tminus.engines.schedule.levelling.objective import Value
from tminus.engines.schedule.result import Schedule


@dataclass(frozen=True, slots=True)
class LevelledTask:
    """``before_*``: planned without resources. ``waits_for``: the resource that decided its place, empty: none did.
    ``moved_days``: from the published start, else from the planned one; days of the clock."""

    id: str
    start: datetime
    finish: datetime
    before_start: datetime
    before_finish: datetime
    mode: str = ""
    overtime: bool = False
    waits_for: str = ""
    moved_days: float = 0.0
    late_days: float = 0.0
    """Behind a date of its own."""

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "start": self.start.isoformat(),
            "finish": self.finish.isoformat(),
            "before_start": self.before_start.isoformat(),
            "before_finish": self.before_finish.isoformat(),
            "mode": self.mode,
            "overtime": self.overtime,
            "waits_for": self.waits_for,
            "moved_days": self.moved_days,
            "late_days": self.late_days,
        }


@dataclass(frozen=True, slots=True)
class Binding:
    """A resource for which tasks had to give way, on which days it was full, and how many tasks."""

    resource: str
    name: str
    days: tuple[date, ...]
    tasks: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "resource": self.resource,
            "name": self.name,
            "days": [day.isoformat() for day in self.days],
            "tasks": list(self.tasks),
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """Who does a share of a task: a person with the skill, from when until when."""

    task: str
    skill: str
    person: str
    start: datetime
    finish: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "task": self.task,
            "skill": self.skill,
            "person": self.person,
            "start": self.start.isoformat(),
            "finish": self.finish.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Levelled:
    """``schedule``: the one given, with levelled dates. ``proved``: none has fewer late gates or less tardiness.
    ``faults``: what the validator found wrong; empty, or there is a mistake in here. ``slot_minutes``: how finely
    resources are shared out."""

    schedule: Schedule
    tasks: tuple[LevelledTask, ...]
    value: Value
    before: Value
    """Of the dates without resources, as far as dates go."""
    lower_bound: LowerBound
    binding: tuple[Binding, ...]
    histograms: tuple[Histogram, ...]
    turns: tuple[Turn, ...] = ()
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    tried: int = 0
    slot_minutes: int = 0
    elapsed_s: float = 0.0

    @property
    def proved(self) -> bool:
        return self.lower_bound.proves(self.value)

    @property
    def gap(self) -> float:
        return self.lower_bound.gap(self.value)

    def by_id(self) -> dict[str, LevelledTask]:
        return {task.id: task for task in self.tasks}

    def as_json(self) -> dict[str, Any]:
        """The section ``levelling`` of the document of ``tminus schedule --resources``."""
        return {
            "value": self.value.as_json(),
            "before": self.before.as_json(),
            "lower_bound": self.lower_bound.as_json(),
            "gap": round(self.gap, 4),
            "proved": self.proved,
            "binding": [one.as_json() for one in self.binding],
            "tasks": [task.as_json() for task in self.tasks],
            "resources": [histogram.as_json() for histogram in self.histograms],
            "turns": [turn.as_json() for turn in self.turns],
            "faults": list(self.faults),
            "warnings": list(self.warnings),
            "tried": self.tried,
            "slot_minutes": self.slot_minutes,
            "elapsed_s": self.elapsed_s,
        }
