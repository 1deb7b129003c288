"""The sheet of a workbook that says when its calendars work: a row for each usual day and each date that differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from tminus.engines.schedule import ROUND_THE_CLOCK, DayHours, Plan, PlanError, WorkCalendar
from tminus.formats.problems import BadValue, Problem
from tminus.formats.tables import Sheet
from tminus.formats.values import Cell, moment

SHEETS = ("Calendars", "日历")
HEADINGS = {"en": ("Calendar", "Day", "Hours", "Known as"), "zh": ("日历", "日期", "工作时间", "名称")}
"""English is read in either language; the sheet's name tells it apart."""
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
OFF = ("off", "休息")
PROVISIONAL = ("provisional", "暂定")
"""In the Day column: the years in Hours are those whose public holidays were not fully published."""
ALWAYS = "24 h"
"""What a plan without a default calendar works by, as a calendar."""
DAY_ALLOWED = "Monday … Sunday, 周一 … 周日, a date, or provisional"
HOURS_ALLOWED = "08:00-12:00, 13:00-17:00 in order within one day, or off"
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至]\s*(\d{1,2}):(\d{2})")


def calendar_rows(plan: Plan, language: str = "en") -> list[list[str]]:
    """A row for each day of each calendar, the plan's default calendar first."""
    default = plan.calendars.get(plan.default_calendar or "") or WorkCalendar(ALWAYS, ALWAYS, (ROUND_THE_CLOCK,) * 7)
    others = [calendar for id, calendar in plan.calendars.items() if id != default.id]
    return [row for calendar in (default, *others) for row in _rows(calendar, 0 if language == "en" else 1)]


def _rows(calendar: WorkCalendar, language: int) -> Iterator[list[str]]:
    names, off = (DAYS, DAYS_ZH)[language], OFF[language]
    for number, (name, hours) in enumerate(zip(names, calendar.week, strict=True)):
        known = calendar.name if number == 0 and calendar.name != calendar.id else ""
        yield [calendar.id, name, _hours_text(hours) or off, known]
    for day, hours in sorted(calendar.exceptions.items()):
        yield [calendar.id, day.isoformat(), _hours_text(hours) or off, ""]
    if calendar.provisional_years:
        yield [calendar.id, PROVISIONAL[language], " ".join(map(str, sorted(calendar.provisional_years))), ""]


def _hours_text(hours: DayHours) -> str:
    return ", ".join(f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in hours)


def is_calendar_sheet(sheet: Sheet) -> bool:
    return sheet.name.strip() in SHEETS and any(_is_head(row) for row in sheet.rows[:1])


def _is_head(row: Sequence[Cell]) -> bool:
    heads = tuple(str(cell or "").strip() for cell in row[:3])
    return heads in [names[:3] for names in HEADINGS.values()]


@dataclass(slots=True)
class _Made:
    """A calendar while its rows are read; days nothing is said of are off."""

    name: str
    week: list[DayHours] = field(default_factory=lambda: [()] * 7)
    exceptions: dict[date, DayHours] = field(default_factory=dict)
    provisional: frozenset[int] = frozenset()


def read_calendar_sheet(file: str, sheet: Sheet, problems: list[Problem]) -> dict[str, WorkCalendar]:
    """The calendars of the sheet in its order; every cell that cannot be taken goes to ``problems``."""
    made: dict[str, _Made] = {}
    for number, row in enumerate(sheet.rows[1:], start=sheet.first_row + 1):
        name, day, hours, known = (_text(cell) for cell in (*row[:4], *(None,) * (4 - len(row[:4]))))
        if not name:
            continue
        calendar = made.setdefault(name, _Made(known or name))
        try:
            column, value = "Day", day
            kind = _day_of(row[1] if len(row) > 1 else None)
            column, value = "Hours", hours
            _take(calendar, kind, hours)
        except (BadValue, ValueError) as error:
            problems.append(Problem(file, number, column, value[:200], str(error), sheet.name))
    found: dict[str, WorkCalendar] = {}
    for name, calendar in made.items():
        try:
            found[name] = _finished(name, calendar)
        except PlanError as error:
            problems.append(Problem(file, 0, "Hours", name, f"{HOURS_ALLOWED} ({error})", sheet.name))
    return found


def _finished(name: str, made: _Made) -> WorkCalendar:
    if not any(made.week) and not any(made.exceptions.values()):
        raise PlanError("it never works")
    calendar = WorkCalendar(name, made.name, tuple(made.week), made.exceptions)  # type: ignore[arg-type]  # seven days
    return replace(calendar, provisional_years=made.provisional)


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _day_of(cell: Cell) -> int | date | None:
    """A day of the week (Monday 0), a date, or ``None`` for the provisional years."""
    text = _text(cell)
    if text.lower() in PROVISIONAL:
        return None
    for names in (DAYS, DAYS_ZH):
        if text.capitalize() in names:
            return names.index(text.capitalize())
    if isinstance(cell, datetime):
        return cell.date()
    try:
        return moment(cell)[0].date()
    except BadValue:
        raise BadValue(DAY_ALLOWED) from None


def _take(made: _Made, day: int | date | None, hours: str) -> None:
    if day is None:
        made.provisional = frozenset(_year(year) for year in hours.replace(",", " ").split())
    elif isinstance(day, int):
        made.week[day] = _hours(hours)
    else:
        made.exceptions[day] = _hours(hours)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise BadValue("years like 2027 2028")
    return int(text)


def _hours(text: str) -> DayHours:
    if not text or text.lower() in OFF:
        return ()
    spans: list[tuple[int, int]] = []
    for part in re.split(r"[,;、，；]\s*", text):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise BadValue(HOURS_ALLOWED)
        start, until = int(found[1]) * 60 + int(found[2]), int(found[3]) * 60 + int(found[4])
        last = spans[-1][1] if spans else 0
        if not last <= start < until <= 1440 or int(found[2]) > 59 or int(found[4]) > 59:
            raise BadValue(HOURS_ALLOWED)
        spans.append((start, until))
    return tuple(spans)
