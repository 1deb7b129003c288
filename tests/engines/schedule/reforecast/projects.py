"""Projects with a known truth: a plan, what really happened, and what was reported at each update.

Units and kinds of work are slower or faster than planned, all at once; sometimes the permits take half as long again.
Reports are as people make them: what is left of a running task is what the plan had left, and never nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np

from tminus.engines.schedule import (
    Baseline,
    Duration,
    Link,
    LinkKind,
    Plan,
    Policy,
    Progress,
    Schedule,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)

BEGIN = datetime(2025, 1, 6)
OPENING = date(2027, 6, 1)
UNITS = ("north", "south", "site", "media", "safety")
PHASES = ("design", "permits", "build", "training")
DAY = 480
LAST = "END"
SHARES = (0.2, 0.35, 0.5, 0.65, 0.8)
"""Of the time it really takes, when progress is reported."""


@dataclass(frozen=True)
class Project:
    """``plan`` as it was at the start, with its baseline; ``truth``: actual start and finish by task."""

    plan: Plan
    truth: dict[str, tuple[datetime, datetime]]

    @property
    def ends(self) -> datetime:
        return self.truth[LAST][1]

    def updates(self) -> list[datetime]:
        whole = (self.ends - BEGIN).days
        return [BEGIN + timedelta(days=round(whole * share)) for share in SHARES]

    def at(self, now: datetime) -> Schedule:
        """The schedule with what has been reported by ``now``, all work as soon as it may."""
        progress = {id: one for id in self.truth if (one := self._reported(id, now)) is not None}
        return scheduled(replace(self.plan, progress=progress), now)

    def _reported(self, id: str, now: datetime) -> Progress | None:
        start, finish = self.truth[id]
        if finish <= now:
            return Progress(actual_start=start, actual_finish=finish)
        if start >= now:
            return None
        planned = self.plan.by_id()[id].duration.minutes
        spent = int(np.busday_count(start.date(), now.date())) * DAY
        return Progress(actual_start=start, remaining=Duration(max(planned - spent, planned // 10, 60)))


def scheduled(plan: Plan, now: datetime) -> Schedule:
    return back_schedule(plan, opening=OPENING, today=now, params=ScheduleParams(Policy.ASAP))


def make_project(seed: int, tasks: int = 100) -> Project:
    random = np.random.default_rng(seed)
    made = [
        Task(
            f"T{n}",
            f"task {n}",
            duration=Duration(int(random.integers(3, 16)) * DAY),
            unit=str(random.choice(UNITS)),
            phase=PHASES[min(n * 4 // tasks, 3)] if random.random() < 0.7 else "build",
        )
        for n in range(tasks)
    ]
    links = [
        Link(f"T{pred}", f"T{n}", LinkKind.FS)
        for n in range(4, tasks)
        for pred in {int(random.integers(max(n - 14, 0), n)) for _ in range(2)}
    ]
    made.append(Task(LAST, "ready", kind=TaskKind.MILESTONE, duration=Duration(0), gate=True))
    links += [Link(f"T{n}", LAST) for n in range(tasks) if not any(link.pred == f"T{n}" for link in links)]
    plan = Plan("project", tuple(made), tuple(links), {"o": week_calendar("o")}, "o", opening=OPENING)
    rows = scheduled(plan, BEGIN).by_id()
    baseline = Baseline(0, {id: (row.start, row.finish) for id, row in rows.items()})
    plan = replace(plan, baselines=(baseline,))
    happened = scheduled(replace(plan, tasks=tuple(_really(plan.tasks, random))), BEGIN).by_id()
    return Project(plan, {id: (row.start, row.finish) for id, row in happened.items()})


def _really(tasks: tuple[Task, ...], random: np.random.Generator) -> list[Task]:
    """The tasks with what they really take."""
    units = {unit: random.normal(0.05, 0.2) for unit in UNITS}
    cells = {(unit, phase): random.normal(0, 0.1) for unit in UNITS for phase in PHASES}
    permits = np.log(1.5) if random.random() < 0.3 else 0.0
    found = []
    for task in tasks:
        if task.unit:
            log = 0.05 + units[task.unit] + cells[task.unit, task.phase] + random.normal(0, 0.25)
            log += permits if task.phase == "permits" else 0.0
            days = max(round(task.duration.minutes / DAY * np.exp(log)), 1)
            task = replace(task, duration=Duration(days * DAY))
        found.append(task)
    return found
