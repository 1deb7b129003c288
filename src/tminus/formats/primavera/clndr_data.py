"""The text in which an XER file keeps a calendar: nested brackets of days, hours and dated exceptions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from tminus.engines.schedule import DayHours, Interval, WorkCalendar

OFFICE: DayHours = ((8 * 60, 12 * 60), (13 * 60, 17 * 60))
"""The working day of a calendar the file says nothing of."""
STANDARD: tuple[DayHours, ...] = (OFFICE,) * 5 + ((), ())
FIRST = date(1899, 12, 30)
"""Exceptions count days from here."""
DAY = 1440

_LAYOUT = re.compile(r"[\x7f\s]+")
_SHIFT = re.compile(r"\((?=[sf]\|)(?:s\|(\d{1,2}):(\d{2}))?\|?(?:f\|(\d{1,2}):(\d{2}))?(?:\|s\|(\d{1,2}):(\d{2}))?\)")
_SHIFTS = r"((?:\(0\|\|\d+\([sf]\|[^()]*\)\(\)\))*)"
_WEEKDAY = re.compile(r"\(0\|\|([1-7])\(\)\(" + _SHIFTS + r"\)\)")
_EXCEPTION = re.compile(r"\(0\|\|\d+\(d\|(-?\d+)\)\(" + _SHIFTS + r"\)\)")
ALLOWED = "a calendar like (0||CalendarData()((0||DaysOfWeek()(…))(0||Exceptions()(…))))"


def week_and_exceptions(text: str) -> tuple[tuple[DayHours, ...], dict[date, DayHours]]:
    """The base week, Monday first, and the exceptions; without any text Monday to Friday, 08:00–12:00, 13:00–17:00.

    :raises ValueError: not such a text, or hours that are none.
    """
    packed = _LAYOUT.sub("", text)
    if not packed:
        return STANDARD, {}
    if packed.count("(") != packed.count(")") or "CalendarData" not in packed:
        raise ValueError(ALLOWED)
    week_part, _, rest = packed.partition("Exceptions")
    week = {(int(day) + 5) % 7: _hours(shifts) for day, shifts in _WEEKDAY.findall(week_part)}
    exceptions = {_day(int(serial)): _hours(shifts) for serial, shifts in _EXCEPTION.findall(rest)}
    return (tuple(week.get(day, ()) for day in range(7)) if week else STANDARD), exceptions


def _day(serial: int) -> date:
    try:
        return FIRST + timedelta(days=serial)
    except OverflowError:
        raise ValueError(f"exceptions numbered in days since 1899-12-30, not {serial}") from None


def _hours(shifts: str) -> DayHours:
    return joined(_interval(shift) for shift in _SHIFT.finditer(shifts)) if shifts else ()


def _interval(shift: re.Match[str]) -> Interval:
    start_h, start_m, until_h, until_m, late_h, late_m = shift.groups()
    start = int(start_h or late_h or 0) * 60 + int(start_m or late_m or 0)
    until = int(until_h or 0) * 60 + int(until_m or 0)
    until = until or DAY  # midnight ends a day
    if not 0 <= start < until <= DAY:
        raise ValueError(f"shifts that end after they start within one day, not {shift[0]}")
    return start, until


def joined(spans: Iterable[Interval]) -> DayHours:
    """Intervals in order, those that touch made one."""
    made: list[Interval] = []
    for start, until in sorted(spans):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], until))
        else:
            made.append((start, until))
    return tuple(made)


def clndr_data(calendar: WorkCalendar) -> str:
    """The text for ``calendar``; reads back to the same week and exceptions."""
    days = "".join(f"(0||{(number + 1) % 7 + 1}()({_shifts(hours)}))" for number, hours in enumerate(calendar.week))
    dated = "".join(
        f"(0||{number}(d|{(day - FIRST).days})({_shifts(hours)}))"
        for number, (day, hours) in enumerate(sorted(calendar.exceptions.items()))
    )
    return f"(0||CalendarData()((0||DaysOfWeek()({days}))(0||VIEW(ShowTotal|N)())(0||Exceptions()({dated}))))"


def _shifts(hours: DayHours) -> str:
    return "".join(
        f"(0||{number}(s|{clock(start)}|f|{clock(until % DAY)})())" for number, (start, until) in enumerate(hours)
    )


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
