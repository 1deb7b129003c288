"""Small plans of which it can be worked out on paper how likely they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tminus.engines.schedule import (
    Duration,
    Estimate,
    EstimateKind,
    Link,
    Plan,
    Policy,
    Schedule,
    ScheduleParams,
    Task,
    TaskKind,
    back_schedule,
    week_calendar,
)

TODAY, OPENING = date(2026, 8, 17), date(2027, 3, 1)
DAY = 480


def triangle(low: float, mode: float, high: float) -> Estimate:
    """In days of eight hours."""
    return Estimate(EstimateKind.TRIANGULAR, (low * DAY, mode * DAY, high * DAY))


def multiple(*values: float) -> Estimate:
    return Estimate(EstimateKind.TRIANGULAR, values)


def task(id: str, estimate: Estimate, days: float = 10, **more: object) -> Task:
    return replace(Task(id, id, duration=Duration(round(days * DAY)), estimate=estimate), **more)  # type: ignore[arg-type]


def plan_of(*tasks: Task, links: tuple[tuple[str, str], ...] = (), calendars: bool = False) -> Plan:
    """Without calendars a day of eight hours is eight hours on the clock."""
    end = Task("END", "END", kind=TaskKind.MILESTONE, gate=True)
    joined = tuple(Link(a, b) for a, b in links)
    if calendars:
        return Plan("p", (*tasks, end), joined, {"office": week_calendar("office")}, "office")
    return Plan("p", (*tasks, end), joined)


def soon(plan: Plan, opening: date = OPENING) -> Schedule:
    """Everything as early as it can be planned; estimates must not be shorter than planned, or plans hold them up."""
    return back_schedule(plan, opening=opening, today=TODAY, params=ScheduleParams(Policy.ASAP))
