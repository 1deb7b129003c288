"""Working time between a task's start and finish in which nobody works on it.

The file says so only beside its assignments: holes in the time-phased work of a split task, delays of single
assignments, and crews on different shifts, of which one goes on when the others have long finished.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tminus.engines.schedule import WorkCalendar
from tminus.formats.mspdi import vocabulary as words
from tminus.formats.mspdi.elements import NS, Element, instant_of, number_of, text_of

FLAT, CONTOURED = 0, 8
"""Contours of an assignment: works evenly all the time; as somebody or a split has drawn it."""
REMAINING_WORK = 1
"""The type of time-phased data that tells when work is to be done."""
MOST_DAYS = 4000
DAY = timedelta(days=1)
Segment = tuple[datetime, datetime]
ROUND_THE_CLOCK = WorkCalendar("", "", (((0, 1440),),) * 7)


@dataclass(frozen=True, slots=True)
class Assigned:
    """One assignment, and the hours its resource works in."""

    element: Element
    calendar: WorkCalendar

    @property
    def contour(self) -> int:
        return number_of(self.element, "WorkContour", FLAT)

    @property
    def delay(self) -> int:
        """Working minutes it begins after the task."""
        return round((number_of(self.element, "Delay") + number_of(self.element, "LevelingDelay")) / 10)

    @property
    def length(self) -> int:
        """Minutes an even assignment takes: its regular work shared by its units."""
        work = words.duration_minutes(text_of(self.element, "Work") or "PT0H0M0S")
        overtime = words.duration_minutes(text_of(self.element, "OvertimeWork") or "PT0H0M0S")
        units = float(text_of(self.element, "Units") or 1)
        return round((work - overtime) / units) if units > 0 else 0


def pause_minutes(assigned: list[Assigned], duration: int, calendar: WorkCalendar, start: datetime | None) -> int:
    """Working minutes of ``calendar`` a task pauses; ``duration``: those it does not.

    Shifts are laid out from ``start``, so the pause of such a task is that of its place in the file.
    """
    if any(one.contour == CONTOURED for one in assigned):
        worked = [_worked(one) for one in assigned]
        return sum(work_between(calendar, *hole) for hole in _holes(worked)) if all(worked) else 0
    uneven = any(one.delay for one in assigned) or len({(c.calendar.week, c.length) for c in assigned}) > 1
    if start is None or not uneven or any(one.contour != FLAT for one in assigned):
        return 0
    laid = [_laid_out(one, start) for one in assigned if one.length > 0]
    if not laid:
        return 0
    span = work_between(calendar, min(begin for begin, _ in laid), max(end for _, end in laid))
    return max(span - duration, 0)


def _worked(one: Assigned) -> list[Segment]:
    """When work is to be done; segments are days, or shorter where the work changes."""
    found = sorted(_segments(one.element))
    return found if one.contour == CONTOURED or not found else [(found[0][0], max(until for _, until in found))]


def _segments(assignment: Element) -> Iterator[Segment]:
    for element in assignment.iterfind("p:TimephasedData", NS):
        try:
            start, until = instant_of(element, "Start"), instant_of(element, "Finish")
        except ValueError:
            continue  # tools write impossible dates here; one segment is not worth the file
        something = any(digit in "123456789" for digit in text_of(element, "Value"))
        if something and number_of(element, "Type") == REMAINING_WORK and start is not None and until is not None:
            yield start, until


def _holes(worked: list[list[Segment]]) -> Iterator[Segment]:
    """Between the first and the last segment, when nobody works."""
    busy: datetime | None = None
    for start, until in heapq.merge(*worked):
        if busy is not None and start > busy:
            yield busy, start
        busy = until if busy is None else max(busy, until)


def _laid_out(one: Assigned, start: datetime) -> Segment:
    begin = work_done(one.calendar, start, one.delay) if one.delay else start
    return begin, work_done(one.calendar, begin, one.length)


def work_between(calendar: WorkCalendar, start: datetime, until: datetime) -> int:
    """Working minutes from ``start`` to ``until``; at most :data:`MOST_DAYS` are looked at."""
    total = 0
    for day, hours in _days(calendar, start):
        if day >= until:
            break
        first, last = _minutes(start - day), _minutes(until - day)
        total += sum(max(min(end, last) - max(begin, first), 0) for begin, end in hours)
    return total


def work_done(calendar: WorkCalendar, start: datetime, work: int) -> datetime:
    """When ``work`` minutes begun at ``start`` are over; never: the last day looked at."""
    for day, hours in _days(calendar, start):
        for begin, end in hours:
            begin = max(begin, _minutes(start - day))
            if begin < end and work <= end - begin:
                return day + timedelta(minutes=begin + work)
            work -= max(end - begin, 0)
    return day


def _days(calendar: WorkCalendar, start: datetime) -> Iterator[tuple[datetime, tuple[tuple[int, int], ...]]]:
    first = datetime.combine(start.date(), time.min)
    for number in range(MOST_DAYS):
        day = first + number * DAY
        yield day, calendar.hours_on(day.date())


def _minutes(span: timedelta) -> int:
    return span.days * 1440 + span.seconds // 60
