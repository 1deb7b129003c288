"""What work needs besides time: crews and equipment with shifts, budgets, skills, places, hours in which it may not go
on, and other ways of doing it.

Renewable supplies (crew, equipment, person) are there again the next hour; a budget or material is spent once.
Units are numbers of people, machines, or money; the smallest step counted is a thousandth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fnmatch import fnmatchcase

from tminus.engines.schedule.model import DayHours, Duration, Plan, PlanError, Task, WorkCalendar

MOST_UNITS = 1_000_000
"""No crew, machine park or need is larger, so that a load of many fits four bytes in thousandths."""

SELECTED = ("place", "area", "unit", "phase")


class SupplyKind(StrEnum):
    CREW = "crew"
    EQUIPMENT = "equipment"
    PERSON = "person"
    """Someone with skills; counted as people at a place, as a crew is."""
    BUDGET = "budget"
    MATERIAL = "material"

    @property
    def renewable(self) -> bool:
        return self not in (SupplyKind.BUDGET, SupplyKind.MATERIAL)


@dataclass(frozen=True, slots=True)
class Step:
    """From ``start`` until ``until`` there are ``units``, whatever there usually are."""

    start: datetime
    until: datetime
    units: float


@dataclass(frozen=True, slots=True)
class Supply:
    """A crew, a machine park, a person, or money and material.

    ``calendar``: its shifts (``None``: whenever the task works). ``start`` … ``until``: there is none outside.
    ``overtime_units``: what may be added where tasks would else be late. ``held``: kept through nights and days off
    between a task's start and finish, as scaffolding is. ``cost_per_hour``: of one unit.
    """

    id: str
    name: str = ""
    kind: SupplyKind = SupplyKind.CREW
    units: float = 1.0
    calendar: str | None = None
    start: datetime | None = None
    until: datetime | None = None
    steps: tuple[Step, ...] = ()
    overtime_units: float = 0.0
    cost_per_hour: float = 0.0
    skills: tuple[str, ...] = ()
    held: bool = False


@dataclass(frozen=True, slots=True)
class Need:
    """``units`` of a supply, or so many people with a skill, while the task works; of a budget once for the whole task.

    ``task`` is an ID, a pattern (``T1*``) or ``place=…``, ``area=…``, ``unit=…``, ``phase=…``. ``mode``: only when the
    task is done that way; empty: in every way.
    """

    task: str
    supply: str
    units: float = 1.0
    mode: str = ""


@dataclass(frozen=True, slots=True)
class Mode:
    """One way of doing a task; ``duration`` ``None``: as the plan says. ``cost``: once, in the plan's money."""

    task: str
    id: str
    duration: Duration | None = None
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Site:
    """At a place at most so many tasks, and people, at once (``None``: no limit)."""

    place: str
    most_tasks: int | None = None
    most_people: float | None = None


@dataclass(frozen=True, slots=True)
class Mask:
    """Tasks with this mark may not work in these hours: of each weekday (Monday first), from ``start`` to ``until``
    (both days included; ``None``: always)."""

    mark: str
    week: tuple[DayHours, DayHours, DayHours, DayHours, DayHours, DayHours, DayHours]
    start: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Which tasks a mask holds for; ``task`` as in :class:`Need`."""

    task: str
    mark: str


@dataclass(frozen=True, slots=True)
class Resources:
    """All of it; what a ``--resources`` file holds."""

    supplies: tuple[Supply, ...] = ()
    needs: tuple[Need, ...] = ()
    modes: tuple[Mode, ...] = ()
    sites: tuple[Site, ...] = ()
    masks: tuple[Mask, ...] = ()
    marks: tuple[Mark, ...] = ()
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)

    def by_id(self) -> dict[str, Supply]:
        return {supply.id: supply for supply in self.supplies}

    def skills(self) -> set[str]:
        return {skill for supply in self.supplies for skill in supply.skills}


def resources_of(plan: Plan) -> Resources:
    """The plan's own working resources and assignments.

    Their hours are not asked again: readers of files that have them have mixed them into the tasks' calendars.
    """
    supplies = {one.id: Supply(one.id, one.name, units=one.units) for one in plan.resources if one.kind == "work"}
    leaves = {task.id for task in plan.leaves()}
    needs: dict[tuple[str, str], float] = {}
    for one in plan.assignments:
        if one.resource in supplies and one.task in leaves and one.units > 0:
            needs[one.task, one.resource] = needs.get((one.task, one.resource), 0.0) + one.units
    return Resources(tuple(supplies.values()), tuple(Need(*key, units) for key, units in needs.items()))


class Chooser:
    """Finds leaf tasks by selector: an ID, a pattern, or ``place=…`` and its like."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self.tasks = list(tasks)
        self.by_id = {task.id: task for task in self.tasks}

    def __call__(self, selector: str) -> list[Task]:
        if selector in self.by_id:
            return [self.by_id[selector]]
        name, _, value = selector.partition("=")
        if value and name.strip().lower() in SELECTED:
            return [task for task in self.tasks if getattr(task, name.strip().lower()) == value.strip()]
        if not any(sign in selector for sign in "*?"):
            return []
        return [task for task in self.tasks if fnmatchcase(task.id, selector)]


def check_resources(resources: Resources, plan: Plan) -> None:
    """:raises PlanError: something twice, out of range, or naming what is not there; with what is allowed."""
    known = resources.by_id()
    if len(known) < len(resources.supplies):
        twice = next(one.id for one in resources.supplies if [s.id for s in resources.supplies].count(one.id) > 1)
        raise PlanError(f"resource {twice!r} stands twice; each may stand once")
    calendars = {**plan.calendars, **resources.calendars}
    for supply in resources.supplies:
        _check_supply(supply, calendars)
    _check_needs(resources, plan)
    ways = {(mode.task, mode.id) for mode in resources.modes}
    if len(ways) < len(resources.modes):
        raise PlanError("a mode stands twice for the same task; allowed: each once")
    masks = {mask.mark for mask in resources.masks}
    for mark in resources.marks:
        _in(mark.mark, masks, f"mark of task {mark.task!r}")


def _check_supply(supply: Supply, calendars: Mapping[str, WorkCalendar]) -> None:
    where = f"resource {supply.id!r}"
    for name, units in [("units", supply.units), ("overtime", supply.overtime_units)]:
        if not 0 <= units <= MOST_UNITS and (supply.kind.renewable or units < 0):
            raise PlanError(f"{where}: {name} {units}; allowed: 0 … {MOST_UNITS:,}")
    for step in supply.steps:
        if not (0 <= step.units <= MOST_UNITS and step.start < step.until):
            raise PlanError(f"{where}: {step.units} from {step.start} until {step.until}; allowed: from before until")
    if supply.calendar is not None:
        _in(supply.calendar, calendars, f"{where}, calendar")


def _check_needs(resources: Resources, plan: Plan) -> None:
    named = {*resources.by_id(), *resources.skills()}
    chosen = Chooser(plan.leaves())
    ways = {mode.id for mode in resources.modes}
    for need in resources.needs:
        _in(need.supply, named, f"need of task {need.task!r}")
        if not 0 <= need.units <= MOST_UNITS * 1000:
            raise PlanError(f"need of task {need.task!r} for {need.supply!r}: {need.units}; allowed: not negative")
        if need.mode:
            _in(need.mode, ways, f"need of task {need.task!r}, mode")
    selectors = [
        *(need.task for need in resources.needs),
        *(mode.task for mode in resources.modes),
        *(mark.task for mark in resources.marks),
    ]
    for selector in dict.fromkeys(selectors):
        if not chosen(selector):
            raise PlanError(f"task {selector!r}: the plan has no such task that can be worked on; allowed: its IDs")


def _in(name: str, allowed: Iterable[str], where: str) -> None:
    listed = sorted(allowed)
    if name not in listed:
        some = ", ".join(repr(one) for one in listed[:8]) + (" …" if len(listed) > 8 else "")
        raise PlanError(f"{where}: {name!r}; allowed: {some or 'none is defined'}")
