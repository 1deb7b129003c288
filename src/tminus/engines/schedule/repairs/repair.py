"""One repair: what is changed, what it costs, what it buys; and the plan with it done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tminus.engines.schedule.model import Constraint, ConstraintKind, Duration, Link, Plan, Task
from tminus.engines.schedule.remedies import How
from tminus.engines.schedule.repairs.trial import SUFFIX, seven_days


@dataclass(frozen=True, slots=True)
class RepairRules:
    """How far a repair may go; assumptions a planner should replace by what crews and suppliers say.

    ``most_overlap`` and ``most_shorter``: of a task's duration, as a share. ``crew_factor``: what the duration is
    multiplied by with one crew more (twice the crew does not halve the work). ``longest_chain``: tasks of the driving
    chain looked at, from its end. ``most_steps``: repairs in a combination. ``approval``: phases whose work is
    somebody else's decision, which can come earlier but not be shortened by a crew.
    """

    most_overlap: float = 0.5
    most_shorter: float = 0.3
    crew_factor: float = 0.65
    longest_chain: int = 40
    most_steps: int = 8
    approval: frozenset[str] = frozenset({"approval", "approvals", "permits", "permit", "审批", "许可"})


@dataclass(frozen=True, slots=True)
class Repair:
    """``how``: ``OVERLAP``: ``task`` begins ``days`` working days before ``before`` is finished; ``CREW``: ``crews``
    more on ``task``, which takes ``days`` less; ``SEVEN_DAYS``: ``task`` works at weekends and on holidays too;
    ``EARLIER``: ``task`` comes (is approved, may begin) ``days`` earlier; ``SHORTEN``: ``task`` takes ``days`` less.

    ``gained_days``: by how many working days the latest of what must be met comes earlier; ``meets``: it is then in
    time. ``gained_probability``: of the target's checkpoint, under the same draws; ``None``: not asked. ``minutes``:
    the new duration of the task, or the new lag of ``link``; ``at``: the new date. ``remaining``: the task has begun,
    and only what remains of it is changed (``minutes``: so much is left).
    """

    how: How
    task: str
    days: float = 0.0
    before: str = ""
    crews: int = 0
    gained_days: float = 0.0
    meets: bool = False
    gained_probability: float | None = None
    minutes: int = 0
    link: Link | None = None
    at: datetime | None = None
    remaining: bool = False

    def as_json(self) -> dict[str, object]:
        """What the document of ``tminus schedule`` says of it."""
        said: dict[str, object] = {"how": self.how.value, "task": self.task, "days": self.days}
        said |= {"before": self.before} if self.before else {}
        said |= {"crews": self.crews} if self.crews else {}
        said |= {"remaining": True} if self.remaining else {}
        said |= {"gained_days": self.gained_days, "meets": self.meets}
        return said | ({} if self.gained_probability is None else {"gained_probability": self.gained_probability})


def repaired(plan: Plan, *repairs: Repair) -> Plan:
    """The plan with ``repairs`` done, in order."""
    for repair in repairs:
        plan = _done(plan, repair)
    return plan


def _done(plan: Plan, repair: Repair) -> Plan:
    if repair.link is not None:
        same = (repair.link.pred, repair.link.succ, repair.link.kind)
        links = tuple(
            replace(link, lag=Duration(repair.minutes, link.lag.elapsed), lag_percent=None)
            if (link.pred, link.succ, link.kind) == same
            else link
            for link in plan.links
        )
        return replace(plan, links=links)
    if repair.remaining and repair.how is not How.SEVEN_DAYS:
        progress = plan.progress[repair.task]
        elapsed = progress.remaining.elapsed if progress.remaining is not None else False
        left = replace(progress, remaining=Duration(repair.minutes, elapsed))
        return replace(plan, progress={**plan.progress, repair.task: left})
    tasks = tuple(_changed(plan, task, repair) if task.id == repair.task else task for task in plan.tasks)
    if repair.how is not How.SEVEN_DAYS:
        return replace(plan, tasks=tasks)
    week = seven_days(plan.calendars[calendar_name(plan, plan.by_id()[repair.task])])
    return replace(plan, tasks=tasks, calendars={**plan.calendars, week.id: week})


def _changed(plan: Plan, task: Task, repair: Repair) -> Task:
    if repair.how is How.SEVEN_DAYS:
        return replace(task, calendar=calendar_name(plan, task) + SUFFIX)
    if repair.at is not None:
        dates = tuple(
            Constraint(one.kind, repair.at) if one.kind is ConstraintKind.SNET else one for one in task.constraints
        )
        return replace(task, constraints=dates)
    return replace(task, duration=Duration(repair.minutes, task.duration.elapsed))


def calendar_name(plan: Plan, task: Task) -> str:
    """The calendar a task works by; empty: the clock on the wall."""
    return "" if task.duration.elapsed else task.calendar or plan.default_calendar or ""
