"""Write a plan as MSPDI: opens in MS Project and reads back to the same plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from lxml import etree

from tminus.engines.schedule import (
    ConstraintKind,
    DayHours,
    Duration,
    Link,
    Plan,
    Progress,
    ScheduledTask,
    Task,
    TaskKind,
    WorkCalendar,
)
from tminus.formats.mspdi import vocabulary as words
from tminus.formats.mspdi.elements import Element

LINK_CODES = {kind: code for code, kind in words.LINKS.items()}
CONSTRAINT_CODES = {kind: code for code, kind in words.CONSTRAINTS.items()} | {
    ConstraintKind.MANDATORY_START: 2,
    ConstraintKind.MANDATORY_FINISH: 3,
    ConstraintKind.EXTERNAL_START: 4,
    ConstraintKind.EXTERNAL_FINISH: 7,
    ConstraintKind.EXPECTED_FINISH: 6,
}
"""What only Primavera has becomes what comes nearest to it here."""
NO_XML = re.compile("[^\\t\\n\\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters no XML file may hold."""
FIRST_FIELD = 188743731
"""Text1; the custom text fields follow one another in steps of three."""
FIELDS = (
    "name_zh",
    "unit",
    "responsible",
    "supporting",
    "place",
    "phase",
    "gate",
    "area",
    "dimension",
    "weight",
    "key",
    "pause_minutes",
)


def mspdi_bytes(plan: Plan, schedule: Mapping[str, ScheduledTask] | None = None) -> bytes:
    """The plan as an XML document; ``schedule`` gives the dates shown, else the plan's own."""
    return _Writer(plan, schedule or {}).document()


class _Writer:
    def __init__(self, plan: Plan, schedule: Mapping[str, ScheduledTask]) -> None:
        self.plan, self.schedule = plan, schedule
        self.uid = _numbers(task.id for task in plan.tasks)
        self.calendar_uid = {id: number for number, id in enumerate(plan.calendars, start=1)}
        self.assigned = {assignment.task for assignment in plan.assignments}
        self.into: dict[str, list[Link]] = {}
        for link in plan.links:
            self.into.setdefault(link.succ, []).append(link)
        extra = sorted({name for task in plan.tasks for name in task.extra if name not in FIELDS})
        self.fields = {name: FIRST_FIELD + 3 * number for number, name in enumerate([*FIELDS, *extra])}

    def document(self) -> bytes:
        root = etree.Element(f"{{{words.NAMESPACE}}}Project", nsmap={None: words.NAMESPACE})  # type: ignore[dict-item]  # the default namespace
        self._head(root)
        _each(root, "ExtendedAttributes", self.fields.items(), self._field)
        _each(root, "Calendars", self.plan.calendars.values(), self._calendar)
        self._tasks(_add(root, "Tasks"))
        _each(root, "Resources", self.plan.resources, self._resource)
        self._assignments(_add(root, "Assignments"))
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def _head(self, root: Element) -> None:
        plan = self.plan
        default = plan.calendars.get(plan.default_calendar or "")
        day = default.day_minutes if default else 1440
        start, finish = self._span()
        for name, value in (
            ("SaveVersion", 14),
            ("Name", f"{plan.name}.xml"),
            ("Title", plan.name),
            ("Subject", f"tminus opening {plan.opening}" if plan.opening else None),
            ("ScheduleFromStart", int(not plan.from_finish)),
            ("StartDate", start),
            ("FinishDate", finish),
            ("MinutesPerDay", day),
            ("MinutesPerWeek", day * 5),
            ("DaysPerMonth", 20),
            ("CalendarUID", self.calendar_uid.get(plan.default_calendar or "", -1)),
            ("StatusDate", plan.status_date),
        ):
            _put(root, name, value)

    def _span(self) -> tuple[datetime | None, datetime | None]:
        starts = [start for task in self.plan.tasks if (start := self._dates(task)[0])]
        finishes = [finish for task in self.plan.tasks if (finish := self._dates(task)[1])]
        return self.plan.start or min(starts, default=None), self.plan.finish or max(finishes, default=None)

    def _dates(self, task: Task) -> tuple[datetime | None, datetime | None]:
        row = self.schedule.get(task.id)
        return (row.start, row.finish) if row else (task.start, task.finish)

    def _field(self, parent: Element, field: tuple[str, int]) -> None:
        element = _add(parent, "ExtendedAttribute")
        number = (field[1] - FIRST_FIELD) // 3 + 1
        _put(element, "FieldID", field[1])
        _put(element, "FieldName", f"Text{number}")
        _put(element, "Alias", field[0])

    def _calendar(self, parent: Element, calendar: WorkCalendar) -> None:
        element = _add(parent, "Calendar")
        _put(element, "UID", self.calendar_uid[calendar.id])
        _put(element, "Name", calendar.name if calendar.name == calendar.id else calendar.id)
        _put(element, "IsBaseCalendar", 1)
        _put(element, "BaseCalendarUID", -1)
        days = _add(element, "WeekDays")
        for number in range(1, 8):
            day = _add(days, "WeekDay")
            _put(day, "DayType", number)
            _hours(day, calendar.week[(number + 5) % 7])
        if calendar.exceptions:
            _each(element, "Exceptions", sorted(calendar.exceptions.items()), _exception)

    def _tasks(self, parent: Element) -> None:
        level: dict[str | None, int] = {None: 0}
        number: dict[int, int] = {}
        outline: dict[str | None, str] = {None: ""}
        children: dict[str | None, int] = {}
        for row, task in enumerate(self.plan.tasks, start=1):
            level[task.id] = level[task.parent] + 1
            children[task.parent] = children.get(task.parent, 0) + 1
            outline[task.id] = f"{outline[task.parent]}.{children[task.parent]}".lstrip(".")
            number[row] = row
            self._task(_add(parent, "Task"), task, row, level[task.id], outline[task.id])

    def _task(self, element: Element, task: Task, row: int, level: int, outline: str) -> None:
        progress = self.plan.progress.get(task.id, Progress())
        start, finish = self._dates(task)
        for name, value in (
            ("UID", self.uid[task.id]),
            ("ID", row),
            ("Name", task.name),
            ("Active", int(task.active)),
            ("Manual", int(task.manual)),
            ("IsNull", 0),
            ("WBS", task.wbs or None),
            ("OutlineNumber", outline),
            ("OutlineLevel", level),
            ("Start", start),
            ("Finish", finish),
            ("Duration", words.duration_text(task.duration.minutes)),
            ("DurationFormat", _days(task.duration)),
            ("Milestone", int(task.kind is TaskKind.MILESTONE)),
            ("Summary", int(task.kind is TaskKind.SUMMARY)),
            ("PercentComplete", _percent(progress)),
            ("ActualStart", progress.actual_start),
            ("ActualFinish", progress.actual_finish),
            ("RemainingDuration", words.duration_text(progress.remaining.minutes) if progress.remaining else None),
            ("CalendarUID", self.calendar_uid.get(task.calendar or "", -1)),
            ("IgnoreResourceCalendar", int(task.calendar is not None)),  # the reader has reckoned with it already
            ("LevelingDelay", task.delay.minutes * 10 if task.delay.minutes else None),
            ("LevelingDelayFormat", _days(task.delay) if task.delay.minutes else None),
        ):
            _put(element, name, value)
        self._computed(element, task)
        self._constraint(element, task)
        _put(element, "Deadline", task.deadline)
        _put(element, "Notes", task.notes or None)
        for link in self.into.get(task.id, ()):
            self._link(element, link)
        self._own(element, task)
        for baseline in self.plan.baselines:
            _baseline(element, baseline.number, baseline.dates.get(task.id))

    def _computed(self, element: Element, task: Task) -> None:
        row, stored = self.schedule.get(task.id), self.plan.stored.get(task.id)
        if row is not None:
            dates = (row.early_start, row.early_finish, row.late_start, row.late_finish)
        elif stored is not None:
            dates = (stored.early_start, stored.early_finish, stored.late_start, stored.late_finish)  # type: ignore[assignment]
        else:
            return
        for name, value in zip(("EarlyStart", "EarlyFinish", "LateStart", "LateFinish"), dates, strict=True):
            _put(element, name, value)
        if row is None and stored is not None and stored.total_float_minutes is not None:
            _put(element, "TotalSlack", round(stored.total_float_minutes * 10))

    def _constraint(self, element: Element, task: Task) -> None:
        constraint = next(iter(task.constraints), None)
        _put(element, "ConstraintType", CONSTRAINT_CODES[constraint.kind if constraint else ConstraintKind.ASAP])
        _put(element, "ConstraintDate", constraint.at if constraint else None)

    def _link(self, element: Element, link: Link) -> None:
        made = _add(element, "PredecessorLink")
        _put(made, "PredecessorUID", self.uid[link.pred])
        _put(made, "Type", LINK_CODES[link.kind])
        _put(made, "CrossProject", 0)
        if link.lag_percent is not None:
            _put(made, "LinkLag", round(link.lag_percent))
            _put(made, "LagFormat", words.PERCENT)
        else:
            _put(made, "LinkLag", link.lag.minutes * 10)
            _put(made, "LagFormat", _days(link.lag))

    def _own(self, element: Element, task: Task) -> None:
        values = {
            "name_zh": task.name_zh,
            "unit": task.unit,
            "responsible": task.responsible,
            "supporting": "; ".join(task.supporting),
            "place": task.place,
            "phase": task.phase,
            "gate": "1" if task.gate else "",
            "area": task.area,
            "dimension": task.dimension,
            "weight": "" if task.weight == 1 else repr(task.weight),
            **dict(task.extra),
            "pause_minutes": str(task.pause_minutes) if task.pause_minutes or task.id in self.assigned else "",
            "key": "" if task.id == str(self.uid[task.id]) else task.id,
        }
        for name, value in values.items():
            if value:
                made = _add(element, "ExtendedAttribute")
                _put(made, "FieldID", self.fields[name])
                _put(made, "Value", value)

    def _resource(self, parent: Element, resource: object) -> None:
        element = _add(parent, "Resource")
        kinds = {kind: code for code, kind in words.RESOURCE_KINDS.items()}
        uid = _numbers(one.id for one in self.plan.resources)
        for name, value in (
            ("UID", uid[resource.id]),  # type: ignore[attr-defined]
            ("Name", resource.name),  # type: ignore[attr-defined]
            ("Type", kinds.get(resource.kind, 1)),  # type: ignore[attr-defined]
            ("Group", resource.group or None),  # type: ignore[attr-defined]
            ("EmailAddress", resource.email or None),  # type: ignore[attr-defined]
            ("MaxUnits", resource.units),  # type: ignore[attr-defined]
            ("CalendarUID", self.calendar_uid.get(resource.calendar or "", -1)),  # type: ignore[attr-defined]
        ):
            _put(element, name, value)

    def _assignments(self, parent: Element) -> None:
        uid = _numbers(one.id for one in self.plan.resources)
        for number, assignment in enumerate(self.plan.assignments, start=1):
            element = _add(parent, "Assignment")
            _put(element, "UID", number)
            _put(element, "TaskUID", self.uid[assignment.task])
            _put(element, "ResourceUID", uid.get(assignment.resource, -65535))
            _put(element, "Units", assignment.units)
            if assignment.work_minutes is not None:
                _put(element, "Work", words.duration_text(round(assignment.work_minutes)))


def _numbers(ids: Iterable[str]) -> dict[str, int]:
    """UIDs: an identity that is a plain number keeps it, others get the free numbers."""
    listed = list(ids)
    kept = {
        id: int(id) for id in listed if id.isascii() and id.isdigit() and 0 < int(id) < 2**31 and str(int(id)) == id
    }
    taken, free = set(kept.values()), 1
    for id in listed:
        if id in kept:
            continue
        while free in taken:
            free += 1
        kept[id] = free
        taken.add(free)
    return kept


def _days(of: Duration) -> int:
    return words.ELAPSED_DAYS if of.elapsed else words.DAYS


def _percent(progress: Progress) -> int:
    if progress.percent is None:
        return 100 if progress.actual_finish else 0
    return round(progress.percent)


def _baseline(element: Element, number: int, dates: tuple[datetime | None, datetime | None] | None) -> None:
    if dates is None:
        return
    made = _add(element, "Baseline")
    _put(made, "Number", number)
    _put(made, "Start", dates[0])
    _put(made, "Finish", dates[1])


def _hours(element: Element, hours: DayHours) -> None:
    _put(element, "DayWorking", int(bool(hours)))
    if not hours:
        return
    times = _add(element, "WorkingTimes")
    for start, until in hours:
        time = _add(times, "WorkingTime")
        _put(time, "FromTime", f"{start // 60:02}:{start % 60:02}:00")
        _put(time, "ToTime", f"{until // 60 % 24:02}:{until % 60:02}:00")


def _exception(parent: Element, item: tuple[date, DayHours]) -> None:
    day, hours = item
    element = _add(parent, "Exception")
    _put(element, "EnteredByOccurrences", 0)
    period = _add(element, "TimePeriod")
    _put(period, "FromDate", datetime(day.year, day.month, day.day))
    _put(period, "ToDate", datetime(day.year, day.month, day.day) + timedelta(hours=23, minutes=59))
    _put(element, "Occurrences", 1)
    _put(element, "Name", day.isoformat())
    _put(element, "Type", 1)
    _hours(element, hours)


def _each(parent: Element, name: str, items: Iterable[object], write: object) -> None:
    element = _add(parent, name)
    for item in items:
        write(element, item)  # type: ignore[operator]


def _add(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, f"{{{words.NAMESPACE}}}{name}")


def _put(parent: Element, name: str, value: object) -> None:
    if value is None:
        return
    text = value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)
    _add(parent, name).text = NO_XML.sub("", text)
