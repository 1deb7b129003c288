"""A TaskJuggler project as its file says it, before anything is scheduled. Instants are plan-local."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

Hours = list[list[tuple[int, int]]]
"""Working intervals in minutes of each weekday, Monday first."""


def usual_hours() -> Hours:
    """Monday to Friday, nine to five."""
    return [[(540, 1020)] if day < 5 else [] for day in range(7)]


_CLOCK_MINUTES = {"min": 1, "h": 60, "d": 1440, "w": 7 * 1440, "m": 1440 * 30.4167, "y": 1440 * 365}

Leave = tuple[datetime, datetime]


@dataclass(slots=True)
class Dependency:
    """On the end (or start) of another task; gaps in slots of the clock and of working time."""

    path: str
    ups: int
    on_end: bool
    gap: int = 0
    gap_work: int = 0


@dataclass(slots=True)
class Worker:
    """A resource, or with ``kids`` a group of them; limits in slots a day and week."""

    id: str
    name: str
    parent: Worker | None
    hours: Hours
    leaves: list[Leave] = field(default_factory=list)
    day_limit: int | None = None
    week_limit: int | None = None
    efficiency: float = 1.0
    kids: list[Worker] = field(default_factory=list)

    def everybody(self) -> list[Worker]:
        return [self] if not self.kids else [one for kid in self.kids for one in kid.everybody()]


@dataclass(slots=True)
class Job:
    """A task; ``effort``, ``length``, ``duration`` in slots; ``allocations``: each a list of candidates."""

    id: str
    name: str
    parent: Job | None
    number: int
    kids: list[Job] = field(default_factory=list)
    start: datetime | None = None
    finish: datetime | None = None
    forward: bool = True
    milestone: bool = False
    effort: int = 0
    length: int = 0
    duration: int = 0
    priority: int = 500
    depends: list[Dependency] = field(default_factory=list)
    precedes: list[Dependency] = field(default_factory=list)
    allocations: list[list[str]] = field(default_factory=list)
    bounds: dict[str, datetime] = field(default_factory=dict)
    """``minstart`` … ``maxend``."""
    day_limit: int | None = None
    week_limit: int | None = None
    hours: Hours | None = None
    note: str = ""
    line: int = 0


@dataclass(slots=True)
class Project:
    name: str
    start: datetime
    finish: datetime
    zone: str
    slot: int = 60
    """Minutes."""
    hours: Hours = field(default_factory=list)
    leaves: list[Leave] = field(default_factory=list)
    now: datetime | None = None
    jobs: list[Job] = field(default_factory=list)
    workers: dict[str, Worker] = field(default_factory=dict)
    monday: bool = False
    day_hours: float = 8.0
    year_days: float = 260.714

    def calendar_slots(self, value: float, unit: str) -> int:
        """Time of the clock in slots, cut off."""
        return int(value * _CLOCK_MINUTES[unit] / self.slot + 1e-9)

    def work_slots(self, value: float, unit: str) -> int:
        """Working time in slots, rounded."""
        return int(value * self._work_minutes(unit) / self.slot + 0.5 + 1e-9)

    def _work_minutes(self, unit: str) -> float:
        day = 60 * self.day_hours
        match unit:
            case "min" | "h":
                return 60 if unit == "h" else 1
            case "d":
                return day
            case "w":
                return sum(until - start for spans in self.hours for start, until in spans)
            case "m":
                return day * self.year_days / 12
        return day * self.year_days
