"""The calendar a task really follows: its own, within the hours of the people and machines assigned to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce

from tminus.engines.schedule import DayHours, WorkCalendar
from tminus.formats.mspdi.calendars import join, standard_calendar
from tminus.formats.mspdi.elements import NS, Element, number_of, text_of
from tminus.formats.mspdi.interruptions import Assigned

WORK = 1
"""The type of a resource that has working hours; material and cost have none."""
Mix = Callable[[DayHours, DayHours], DayHours]

LONGEST = 60
"""Letters of the name of a mixed calendar."""


class Crews:
    """Who is assigned to what, and the calendars that follow from it.

    A task works whenever anybody assigned to it does; its own calendar, where it has one that does not ignore its
    resources, is the frame they work in. Calendars made of several are added to ``calendars``, one for each mixture.
    """

    def __init__(
        self, project: Element, by_uid: Mapping[int, WorkCalendar], calendars: dict[str, WorkCalendar], default: str
    ) -> None:
        self.by_uid, self.calendars = by_uid, calendars
        self.default = calendars.get(default)
        self.of_resource = {
            text_of(element, "UID"): by_uid.get(number_of(element, "CalendarUID", -1))
            for element in project.iterfind("p:Resources/p:Resource", NS)
            if number_of(element, "Type", WORK) == WORK
        }
        self.assignments: dict[str, list[Element]] = {}
        for element in project.iterfind("p:Assignments/p:Assignment", NS):
            self.assignments.setdefault(text_of(element, "TaskUID"), []).append(element)
        self.found: dict[tuple[str, ...], str | None] = {}

    def calendar_of(self, row: Element) -> str | None:
        """The identity of the task's calendar; ``None``: the plan's default one."""
        own = self.by_uid.get(number_of(row, "CalendarUID", -1))
        crew = self._crew(text_of(row, "UID"))
        if not crew or (own is not None and text_of(row, "IgnoreResourceCalendar") in ("1", "true")):
            return own.id if own else None
        key = ("" if own is None else own.id, *(calendar.id for calendar in crew))
        if key not in self.found:
            self.found[key] = self._mixed_of(own, crew)
        return self.found[key]

    def assigned_to(self, row: Element) -> list[Assigned]:
        """Working resources on the task and work nobody is named for; in the hours of each within the task's."""
        own = self.by_uid.get(number_of(row, "CalendarUID", -1))
        alone = own is not None and text_of(row, "IgnoreResourceCalendar") in ("1", "true")
        found = []
        for element in self.assignments.get(text_of(row, "UID"), []):
            resource = text_of(element, "ResourceUID")
            if resource in self.of_resource or resource.startswith("-"):
                theirs = self.of_resource.get(resource) or self.default or standard_calendar()
                found.append(Assigned(element, own if own and alone else both(own, theirs) if own else theirs))
        return found

    def _crew(self, task: str) -> list[WorkCalendar]:
        """Calendars of the working resources assigned, each once; none where one has no calendar."""
        found: dict[str, WorkCalendar] = {}
        for element in self.assignments.get(task, []):
            resource = text_of(element, "ResourceUID")
            if resource in self.of_resource:
                calendar = self.of_resource[resource]
                if calendar is None:
                    return []
                found[calendar.id] = calendar
        return list(found.values())

    def _mixed_of(self, own: WorkCalendar | None, crew: list[WorkCalendar]) -> str | None:
        together = self._kept(reduce(either, crew), crew)
        if own is None:
            return None if self.default is not None and _same(together, self.default) else together.id
        shared = both(own, together)
        if not any(shared.week) and not any(shared.exceptions.values()):
            return own.id  # nobody assigned ever works then: the tool warns and goes by the task's own
        return self._kept(shared, [own, *crew]).id

    def _kept(self, made: WorkCalendar, like: Iterable[WorkCalendar]) -> WorkCalendar:
        """``made``, or the calendar there already is with the same hours."""
        default = [self.default] if self.default else []
        for one in [*like, *default, *self.calendars.values()]:
            if _same(one, made):
                return one
        name = made.id if len(made.id) <= LONGEST else f"{made.id[:LONGEST]}…"
        while name in self.calendars:
            name = f"{name} ({len(self.calendars)})"
        self.calendars[name] = replace(made, id=name, name=name)
        return self.calendars[name]


def _same(one: WorkCalendar, other: WorkCalendar) -> bool:
    return one.week == other.week and one.exceptions == other.exceptions


def either(one: WorkCalendar, other: WorkCalendar) -> WorkCalendar:
    """When either works."""
    return _mixed(one, other, "+", lambda a, b: join([*a, *b]))


def both(one: WorkCalendar, other: WorkCalendar) -> WorkCalendar:
    """When both work."""
    return _mixed(one, other, "&", _shared)


def _mixed(one: WorkCalendar, other: WorkCalendar, sign: str, mix: Mix) -> WorkCalendar:
    week = tuple(mix(a, b) for a, b in zip(one.week, other.week, strict=True))
    days = sorted({*one.exceptions, *other.exceptions})
    hours = {day: mix(one.hours_on(day), other.hours_on(day)) for day in days}
    name = f"{one.id} {sign} {other.id}"
    changed = {day: found for day, found in hours.items() if found != week[day.weekday()]}
    return WorkCalendar(name, name, week, changed)  # type: ignore[arg-type]  # seven days


def _shared(one: DayHours, other: DayHours) -> DayHours:
    return join((max(a, c), min(b, d)) for a, b in one for c, d in other if max(a, c) < min(b, d))
