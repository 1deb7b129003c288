"""What a plan is made of: frozen data that every reader produces and every writer consumes.

All instants are naive :class:`datetime`, local to the plan. Units are in the names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tminus.engines.schedule.quick_init import quick_init

Interval = tuple[int, int]
"""From and until, in minutes of the day, ``0 ≤ from < until ≤ 1440``."""

DayHours = tuple[Interval, ...]
"""The working intervals of one day, in order; empty for a day off."""


class PlanError(ValueError):
    """A plan cannot be taken as it is; the message names what, the value and what is allowed."""


class TaskKind(StrEnum):
    TASK = "task"
    MILESTONE = "milestone"
    SUMMARY = "summary"


class TaskRole(StrEnum):
    """What an activity is to Primavera, beside its kind."""

    PLAIN = "plain"
    START_MILESTONE = "start_milestone"
    FINISH_MILESTONE = "finish_milestone"
    RESOURCE_DEPENDENT = "resource_dependent"
    """Works by the calendars of its resources."""
    LEVEL_OF_EFFORT = "level_of_effort"
    """Spans what it is linked to, and drives nothing."""
    WBS_SUMMARY = "wbs_summary"
    """Spans everything under the same summary, and drives nothing."""

    @property
    def spans(self) -> bool:
        return self in (TaskRole.LEVEL_OF_EFFORT, TaskRole.WBS_SUMMARY)


class LinkKind(StrEnum):
    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class ConstraintKind(StrEnum):
    """As soon / late as possible; start / finish no earlier, no later, must. The rest are Primavera's own."""

    ASAP = "ASAP"
    ALAP = "ALAP"
    SNET = "SNET"
    SNLT = "SNLT"
    FNET = "FNET"
    FNLT = "FNLT"
    MSO = "MSO"
    MFO = "MFO"
    MANDATORY_START = "MANDS"
    """At that instant whatever links ask for, both ways: logic is cut."""
    MANDATORY_FINISH = "MANDF"
    EXPECTED_FINISH = "EXPF"
    """What remains takes until then."""
    EXTERNAL_START = "EXTS"
    """No earlier, because of a link from a project that is not in the file."""
    EXTERNAL_FINISH = "EXTF"
    """No later, because of a link to a project that is not in the file."""


class LagCalendar(StrEnum):
    """In whose working time a lag is counted."""

    SUCCESSOR = "successor"
    PREDECESSOR = "predecessor"
    PLAN = "plan"
    CLOCK = "clock"
    """The clock on the wall: 24 hours a day."""


class ProgressLogic(StrEnum):
    """What links still ask of work that began before they allowed it."""

    RETAINED = "retained"
    """What remains waits for them."""
    OVERRIDE = "override"
    """Nothing: what remains goes on at once."""
    ACTUAL_DATES = "actual_dates"
    """Scheduled as retained: kept, because files say it, and given back."""


class FloatKind(StrEnum):
    """Which end total float is measured at."""

    START = "start"
    FINISH = "finish"
    LEAST = "min"


@dataclass(frozen=True, slots=True)
class ScheduleLogic:
    """The settings Primavera schedules a project by."""

    progress: ProgressLogic = ProgressLogic.RETAINED
    total_float: FloatKind = FloatKind.FINISH
    longest_path: bool = False
    """Critical is what drives the last finish, not what has little float."""
    critical_minutes: int = 0
    """Total float up to which an activity is critical."""
    open_ends_critical: bool = False
    expected_finish: bool = True
    """Whether expected finishes count."""
    lag_from_early_start: bool = True
    """Lags from the start of begun work count from where it goes on, less what has been worked; else from its
    actual start."""
    ignore_external: bool = False
    """Dates from links to other projects do not count."""
    must_finish: datetime | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """``minutes`` of working time, or of the clock on the wall when ``elapsed``. Lags may be negative."""

    minutes: int
    elapsed: bool = False


class EstimateKind(StrEnum):
    """How the values of an estimate are meant."""

    TRIANGULAR = "triangular"
    """``(low, mode, high)``."""
    PERT = "pert"
    """``(low, mode, high)``, the beta distribution of PERT: mean (low + 4 mode + high) / 6."""
    LOGNORMAL = "lognormal"
    """``(p50, p90)``: half of all such work takes less than the first, nine in ten less than the second."""
    EMPIRICAL = "empirical"
    """What such work has taken before, each value as likely as the others, with straight lines between them."""
    CLASS = "class"
    """As the class named ``of`` says (:mod:`.risk.classes`)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long work may take. ``values`` in minutes of the task's own working time (elapsed where its duration is),
    or, when ``relative``, as multiples of its duration.

    :raises PlanError: values that are no such distribution.
    """

    kind: EstimateKind
    values: tuple[float, ...] = ()
    relative: bool = False
    of: str = ""

    def __post_init__(self) -> None:
        if not all(isinstance(value, (int, float)) and 0 <= value < 1e9 for value in self.values):
            raise PlanError(f"estimate {self.values}; allowed: numbers of at least 0")
        if problem := _estimate_problem(self):
            raise PlanError(f"estimate {self.kind} {self.values}{self.of!r}; allowed: {problem}")


def _estimate_problem(estimate: Estimate) -> str:
    """What would be allowed; empty when nothing is wrong."""
    values, count = estimate.values, len(estimate.values)
    match estimate.kind:
        case EstimateKind.CLASS:
            return "" if estimate.of and not values else "the name of a class and no values"
        case EstimateKind.LOGNORMAL:
            return "" if count == 2 and 0 < values[0] <= values[1] else "(p50, p90), 0 < p50 ≤ p90"
        case EstimateKind.EMPIRICAL:
            return "" if count else "at least one value"
        case _:
            return "" if count == 3 and values[0] <= values[1] <= values[2] else "(low, mode, high) in this order"


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When work goes on: a base week (Monday first) and dated exceptions."""

    id: str
    name: str
    week: tuple[DayHours, DayHours, DayHours, DayHours, DayHours, DayHours, DayHours]
    exceptions: Mapping[date, DayHours] = field(default_factory=dict)
    provisional_years: frozenset[int] = frozenset()
    """Years whose public holidays were not fully published when the calendar was made."""

    def hours_on(self, day: date) -> DayHours:
        found = self.exceptions.get(day)
        return self.week[day.weekday()] if found is None else found

    @property
    def day_minutes(self) -> int:
        """Working minutes of this calendar's usual day: what *one working day* means in it."""
        totals = [sum(until - start for start, until in hours) for hours in self.week if hours]
        return max(set(totals), key=lambda total: (totals.count(total), total)) if totals else 480

    def __post_init__(self) -> None:
        for day, hours in [*enumerate(self.week), *self.exceptions.items()]:
            last = 0
            for start, until in hours:
                if not (last <= start < until <= 1440):
                    raise PlanError(
                        f"calendar {self.id!r}, {day}: hours {hours!r}; allowed: intervals in order within one day"
                    )
                last = until


@dataclass(frozen=True, slots=True)
class Constraint:
    kind: ConstraintKind
    at: datetime | None = None


@quick_init
@dataclass(frozen=True, slots=True)
class Task:
    """A row of the assignment book. ``parent`` names the summary it stands under."""

    id: str
    name: str
    name_zh: str = ""
    parent: str | None = None
    kind: TaskKind = TaskKind.TASK
    duration: Duration = Duration(480)
    calendar: str | None = None
    constraints: tuple[Constraint, ...] = ()
    deadline: datetime | None = None
    manual: bool = False
    """Placed by hand at ``start``/``finish``; logic does not move it."""
    start: datetime | None = None
    """As the file has it: the published date, the stored date of another tool, or the hand-placed one."""
    finish: datetime | None = None
    unit: str = ""
    responsible: str = ""
    supporting: tuple[str, ...] = ()
    place: str = ""
    phase: str = ""
    gate: bool = False
    area: str = ""
    dimension: str = ""
    weight: float = 1.0
    notes: str = ""
    wbs: str = ""
    active: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)
    pause_minutes: int = 0
    """Working minutes between start and finish in which nothing is done, beside ``duration``: interrupted work."""
    estimate: Estimate | None = None
    """How long it may take; ``None``: as the class of its kind of work says."""
    delay: Duration = Duration(0)
    """How much later than its links and dates ask another tool's resource levelling has put it; kept, not applied."""
    role: TaskRole = TaskRole.PLAIN


@quick_init
@dataclass(frozen=True, slots=True)
class Link:
    pred: str
    succ: str
    kind: LinkKind = LinkKind.FS
    lag: Duration = Duration(0)
    lag_percent: float | None = None
    """A lag given as a share of the predecessor's duration, in per cent; replaces ``lag``."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What has been reported of one task."""

    actual_start: datetime | None = None
    actual_finish: datetime | None = None
    remaining: Duration | None = None
    percent: float | None = None
    """0 … 100, of the duration."""
    reported: datetime | None = None
    suspended: datetime | None = None
    """Nothing was done from then on, until ``resumed``."""
    resumed: datetime | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """Start and finish of each task as they were agreed once; ``name``: what the file calls it, or nothing."""

    number: int
    dates: Mapping[str, tuple[datetime | None, datetime | None]]
    name: str = ""


@quick_init
@dataclass(frozen=True, slots=True)
class StoredDates:
    """The dates another tool computed for a task and kept in its file: what agreement is counted against."""

    early_start: datetime | None = None
    early_finish: datetime | None = None
    late_start: datetime | None = None
    late_finish: datetime | None = None
    total_float_minutes: float | None = None
    start: datetime | None = None
    finish: datetime | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    id: str
    name: str
    kind: str = "work"
    calendar: str | None = None
    units: float = 1.0
    email: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    task: str
    resource: str
    units: float = 1.0
    work_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan, tasks in outline order (a summary before what stands under it)."""

    name: str
    tasks: tuple[Task, ...]
    links: tuple[Link, ...] = ()
    calendars: Mapping[str, WorkCalendar] = field(default_factory=dict)
    default_calendar: str | None = None
    """``None``: work never stops, one day is 24 hours."""
    opening: date | None = None
    status_date: datetime | None = None
    start: datetime | None = None
    finish: datetime | None = None
    progress: Mapping[str, Progress] = field(default_factory=dict)
    baselines: tuple[Baseline, ...] = ()
    stored: Mapping[str, StoredDates] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    timezone: str = ""
    lag_calendar: LagCalendar = LagCalendar.SUCCESSOR
    from_finish: bool = False
    """Another tool's file schedules it back from ``finish``; only its own dates are computed that way."""
    logic: ScheduleLogic | None = None
    """How Primavera schedules it; ``None``: the plan does not come from there."""
    source: str = ""
    """What kind of file it came from: ``xlsx``, ``csv``, ``mspdi``, ``json`` …"""

    def by_id(self) -> dict[str, Task]:
        return {task.id: task for task in self.tasks}

    def leaves(self) -> list[Task]:
        return [task for task in self.tasks if task.kind is not TaskKind.SUMMARY]

    def main_baseline(self) -> Baseline | None:
        """What the plan is held against: the first baseline that has a name, else the first.

        Files of Primavera have the planned dates of the project itself, which have none, beside the baselines somebody
        kept.
        """
        return min(self.baselines, key=lambda one: (not one.name, one.number), default=None)


def check(plan: Plan) -> None:
    """:raises PlanError: an identity twice, a parent, link or calendar that does not exist, a loop of parents."""
    known: dict[str, Task] = {}
    for task in plan.tasks:
        if task.id in known:
            raise PlanError(f"task {task.id!r} stands twice; each ID may stand once")
        if task.parent is not None and task.parent not in known:
            raise PlanError(f"task {task.id!r}: parent {task.parent!r} does not stand before it")
        if task.calendar is not None and task.calendar not in plan.calendars:
            raise PlanError(f"task {task.id!r}: calendar {task.calendar!r}; allowed: {_some(plan.calendars)}")
        known[task.id] = task
    for link in plan.links:
        for end in (link.pred, link.succ):
            if end not in known:
                raise PlanError(f"link {link.pred!r} → {link.succ!r}: no task {end!r}")
    if plan.default_calendar is not None and plan.default_calendar not in plan.calendars:
        raise PlanError(f"default calendar {plan.default_calendar!r}; allowed: {_some(plan.calendars)}")


def _some(names: Mapping[str, object] | Sequence[str]) -> str:
    listed = list(names)
    return ", ".join(repr(name) for name in listed[:8]) + (" …" if len(listed) > 8 else "") or "none"
