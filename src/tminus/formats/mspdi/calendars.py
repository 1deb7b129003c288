"""Calendars of an MSPDI file: base weeks, what derived calendars change, and dated exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from tminus.engines.schedule import DayHours, Interval, WorkCalendar
from tminus.formats.mspdi.elements import NS, Element, instant_of, number_of, text_of
from tminus.formats.mspdi.recurrences import days_of, occurrences

OFFICE: DayHours = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
"""What MS Project takes a working day to be where a calendar says nothing."""
STANDARD: tuple[DayHours, ...] = (OFFICE,) * 5 + ((), ())


def standard_calendar() -> WorkCalendar:
    """The one the tool works by where a file brings none."""
    return WorkCalendar("Standard", "Standard", STANDARD)  # type: ignore[arg-type]  # seven days


def read_calendars(project: Element) -> dict[int, WorkCalendar]:
    """Calendars by UID. Identities are made distinct where two share a name; nameless ones are named by UID."""
    elements = {number_of(element, "UID"): element for element in project.iterfind("p:Calendars/p:Calendar", NS)}
    made: dict[int, WorkCalendar] = {}
    names: set[str] = set()
    for uid in elements:
        _build(uid, elements, made, names, ())
    return made


def _build(
    uid: int,
    elements: dict[int, Element],
    made: dict[int, WorkCalendar],
    names: set[str],
    below: tuple[int, ...],
) -> WorkCalendar:
    if uid in made:
        return made[uid]
    element = elements[uid]
    base_uid = number_of(element, "BaseCalendarUID", -1)
    base = None
    if base_uid in elements and base_uid not in (*below, uid):
        base = _build(base_uid, elements, made, names, (*below, uid))
    name = text_of(element, "Name") or f"Calendar {uid}"
    if name in names:
        name = f"{name} ({uid})"
    names.add(name)
    week: list[DayHours] = list(base.week if base else STANDARD)
    exceptions = dict(base.exceptions) if base else {}
    for day in element.iterfind("p:WeekDays/p:WeekDay", NS):
        kind = number_of(day, "DayType")
        if 1 <= kind <= 7:
            week[(kind + 5) % 7] = hours_of(day)
        else:
            exceptions.update(_dated(day))
    exceptions.update(_of_weeks(element))
    for exception in element.iterfind("p:Exceptions/p:Exception", NS):
        exceptions.update(_occurrences(exception, name))
    made[uid] = WorkCalendar(name, name, tuple(week), exceptions)  # type: ignore[arg-type]  # seven days
    return made[uid]


def hours_of(day: Element) -> DayHours:
    """Working intervals of a day, in order and joined; a working day without times has office hours."""
    if text_of(day, "DayWorking") in ("0", "false"):
        return ()
    joined = join(_spans(day))
    return joined or (OFFICE if text_of(day, "DayWorking") in ("1", "true") else ())


def join(spans: Iterable[Interval]) -> DayHours:
    """Intervals in order, those that touch made one."""
    joined: list[Interval] = []
    for start, until in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((start, until))
    return tuple(joined)


def _spans(day: Element) -> Iterator[tuple[int, int]]:
    for times in day.iterfind("p:WorkingTimes/p:WorkingTime", NS):
        start, until = _clock(text_of(times, "FromTime")), _clock(text_of(times, "ToTime"))
        if start is None or until is None:
            continue
        until = until or 1440  # midnight ends a day
        if start < until:
            yield start, until


def _clock(text: str) -> int | None:
    parts = text.split(":")
    return int(parts[0]) * 60 + int(parts[1]) if len(parts) >= 2 else None


def _period(element: Element) -> tuple[date, date] | None:
    period = element.find("p:TimePeriod", NS)
    if period is None:
        return None
    first, last = instant_of(period, "FromDate"), instant_of(period, "ToDate")
    return (first.date(), last.date()) if first and last and first <= last else None


def _dated(day: Element) -> dict[date, DayHours]:
    period = _period(day)
    return dict.fromkeys(days_of(*period), hours_of(day)) if period else {}


def _occurrences(exception: Element, calendar: str) -> dict[date, DayHours]:
    period = _period(exception)
    if period is None:
        return {}
    try:
        return dict.fromkeys(occurrences(exception, *period), hours_of(exception))
    except ValueError as error:
        raise ValueError(f"calendar {calendar!r}: {error}") from error


def _of_weeks(element: Element) -> dict[date, DayHours]:
    """Work weeks of their own for a while, day by day; a later one holds where two meet."""
    found: dict[date, DayHours] = {}
    for week in element.iterfind("p:WorkWeeks/p:WorkWeek", NS):
        period = _period(week)
        if period is None:
            continue
        hours = {
            (number_of(day, "DayType") + 5) % 7: hours_of(day) for day in week.iterfind("p:WeekDays/p:WeekDay", NS)
        }
        found.update({day: hours[day.weekday()] for day in days_of(*period) if day.weekday() in hours})
    return found
