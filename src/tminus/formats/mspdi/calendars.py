"""Calendars of an MSPDI file: base weeks, what derived calendars change, and dated exceptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from lxml import etree

from tminus.engines.schedule import DayHours, WorkCalendar
from tminus.formats.mspdi.vocabulary import NAMESPACE

Element = etree._Element
NS = {"p": NAMESPACE}
MOST_DAYS = 40_000
OFFICE: DayHours = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
"""What MS Project takes a working day to be where a calendar says nothing."""
STANDARD: tuple[DayHours, ...] = (OFFICE,) * 5 + ((), ())


def text_of(element: Element, name: str) -> str:
    return (element.findtext(f"p:{name}", default="", namespaces=NS) or "").strip()


def number_of(element: Element, name: str, otherwise: int = 0) -> int:
    """:raises ValueError: not a number; the caller names where."""
    text = text_of(element, name)
    return int(float(text)) if text else otherwise


def instant_of(element: Element, name: str) -> datetime | None:
    text = text_of(element, name)
    if not text or text.startswith(("NA", "1984-01-01")):
        return None
    return datetime.fromisoformat(text).replace(tzinfo=None, second=0, microsecond=0)


def standard_calendar() -> WorkCalendar:
    """The one the tool works by where a file brings none."""
    return WorkCalendar("Standard", "Standard", STANDARD)  # type: ignore[arg-type]  # seven days


def read_calendars(project: Element, notes: list[str]) -> dict[int, WorkCalendar]:
    """Calendars by UID. Identities are made distinct where two share a name; nameless ones are named by UID."""
    elements = {number_of(element, "UID"): element for element in project.iterfind("p:Calendars/p:Calendar", NS)}
    made: dict[int, WorkCalendar] = {}
    names: set[str] = set()
    for uid in elements:
        _build(uid, elements, made, names, notes, ())
    return made


def _build(
    uid: int,
    elements: dict[int, Element],
    made: dict[int, WorkCalendar],
    names: set[str],
    notes: list[str],
    below: tuple[int, ...],
) -> WorkCalendar:
    if uid in made:
        return made[uid]
    element = elements[uid]
    base_uid = number_of(element, "BaseCalendarUID", -1)
    base = None
    if base_uid in elements and base_uid not in (*below, uid):
        base = _build(base_uid, elements, made, names, notes, (*below, uid))
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
    for exception in element.iterfind("p:Exceptions/p:Exception", NS):
        exceptions.update(_occurrences(exception, name, notes))
    made[uid] = WorkCalendar(name, name, tuple(week), exceptions)  # type: ignore[arg-type]  # seven days
    return made[uid]


def hours_of(day: Element) -> DayHours:
    """Working intervals of a day, in order and joined; a working day without times has office hours."""
    if text_of(day, "DayWorking") in ("0", "false"):
        return ()
    spans = sorted(_spans(day))
    if not spans:
        return OFFICE if text_of(day, "DayWorking") in ("1", "true") else ()
    joined: list[tuple[int, int]] = []
    for start, until in spans:
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


def _days(first: date, last: date) -> Iterator[date]:
    for number in range(min((last - first).days, MOST_DAYS) + 1):
        yield first + timedelta(days=number)


def _dated(day: Element) -> dict[date, DayHours]:
    period = _period(day)
    return {on: hours_of(day) for on in _days(*period)} if period else {}


DAILY, YEARLY_BY_DAY, WEEKLY = (1, 7), 2, 6


def _occurrences(exception: Element, calendar: str, notes: list[str]) -> dict[date, DayHours]:
    period = _period(exception)
    if period is None:
        return {}
    hours = hours_of(exception)
    kind, every = number_of(exception, "Type", 1), max(number_of(exception, "Period", 1), 1)
    days = _days(*period)
    if kind in DAILY:
        step = every if kind == 7 else 1
        chosen = [day for number, day in enumerate(days) if number % step == 0]
    elif kind == YEARLY_BY_DAY:
        month, number = number_of(exception, "Month") + 1, number_of(exception, "MonthDay", 1)
        chosen = [day for day in days if (day.month, day.day) == (month, number)]
    elif kind == WEEKLY:
        mask, first = number_of(exception, "DaysOfWeek"), period[0]
        chosen = [day for day in days if mask >> ((day.weekday() + 1) % 7) & 1 and (day - first).days // 7 % every == 0]
    else:
        notes.append(f"calendar {calendar}: recurring exception {text_of(exception, 'Name')!r} of type {kind} left out")
        return {}
    return dict.fromkeys(chosen, hours)
