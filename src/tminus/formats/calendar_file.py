"""The calendar file: ``{"working_weekdays": [0 … 6], "hours": [["09:00","17:00"]], "holidays": […], "workdays": […]}``.

Further calendars may stand under ``"calendars": {name: {the same form}}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tminus.engines.schedule import OFFICE_HOURS, DayHours, PlanError, WorkCalendar, country_calendar, week_calendar
from tminus.formats.problems import BadFile, read_bytes

KEYS = {"working_weekdays", "hours", "holidays", "workdays", "name", "calendars", "week", "exceptions", "country"}
_TIME = re.compile(r"(\d{1,2}):(\d{2})")
ALLOWED = (
    '{"working_weekdays":[Monday 0 … 6],"hours":[["09:00","17:00"]],'
    '"holidays":["YYYY-MM-DD"],"workdays":["YYYY-MM-DD"]}'
)


def read_calendars(path: Path) -> dict[str, WorkCalendar]:
    """The calendars of a file; the first is the default one.

    :raises BadFile: not JSON, or not of the form above.
    """
    try:
        document = json.loads(read_bytes(path))
    except (ValueError, RecursionError) as error:
        raise BadFile(f"{path.name}: not JSON ({error}); allowed: {ALLOWED}") from error
    return calendars_from_json(document, path.name)


def calendars_from_json(document: object, where: str = "calendar") -> dict[str, WorkCalendar]:
    if not isinstance(document, dict):
        raise BadFile(f"{where}: allowed: {ALLOWED}")
    first = str(document.get("id") or "standard")
    calendars = {first: calendar_from_json(first, {k: v for k, v in document.items() if k != "id"}, where)}
    for id, inner in (document.get("calendars") or {}).items():
        calendars[str(id)] = calendar_from_json(str(id), inner, f"{where}, calendars.{id}")
    return calendars


def calendar_from_json(id: str, document: Mapping[str, Any], where: str = "calendar") -> WorkCalendar:
    """One calendar.

    :raises BadFile: an unknown key or a value that cannot be taken, named.
    """
    if not isinstance(document, Mapping):
        raise BadFile(f"{where}: {document!r}; allowed: {ALLOWED}")
    if unknown := set(document) - KEYS:
        raise BadFile(f"{where}: unknown key {sorted(unknown)[0]!r}; allowed: {', '.join(sorted(KEYS))}")
    try:
        if "week" in document:
            return _exact(id, document, where)
        hours = _hours(document.get("hours"), where)
        if country := document.get("country"):
            return country_calendar(str(country), range(2000, 2051), hours=hours)
        return week_calendar(
            id,
            name=str(document.get("name") or id),
            working_weekdays=document.get("working_weekdays", range(5)),
            hours=hours,
            holidays_on=_days(document, "holidays", where),
            workdays_on=_days(document, "workdays", where),
        )
    except (PlanError, TypeError) as error:
        raise BadFile(f"{where}: {error}") from error


def _exact(id: str, document: Mapping[str, Any], where: str) -> WorkCalendar:
    """The full form: hours of each of seven days, and of each date that differs."""
    week = document["week"]
    if not isinstance(week, Sequence) or len(week) != 7:
        raise BadFile(f"{where}, week: allowed: seven lists of hours, Monday first")
    exceptions = {
        _day(day, f"{where}, exceptions"): _hours(h, where) for day, h in (document.get("exceptions") or {}).items()
    }
    days = tuple(_hours(hours, where) for hours in week)
    return WorkCalendar(id, str(document.get("name") or id), days, exceptions)  # type: ignore[arg-type]  # seven days


def _days(document: Mapping[str, Any], key: str, where: str) -> list[date]:
    return [_day(day, f"{where}, {key}") for day in document.get(key) or []]


def _day(text: object, where: str) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise BadFile(f"{where}: {text!r}; allowed: YYYY-MM-DD") from None


def _hours(value: object, where: str) -> DayHours:
    if value is None:
        return OFFICE_HOURS
    if not isinstance(value, (list, tuple)):
        raise BadFile(f'{where}, hours: {value!r}; allowed: [["09:00","17:00"], …]')
    return tuple(_interval(pair, where) for pair in value)


def _interval(pair: object, where: str) -> tuple[int, int]:
    if isinstance(pair, (list, tuple)) and len(pair) == 2:
        found = [_TIME.fullmatch(str(text)) for text in pair]
        if found[0] and found[1]:
            start, until = (int(match[1]) * 60 + int(match[2]) for match in found if match)
            if 0 <= start < until <= 1440:
                return start, until
    raise BadFile(f'{where}, hours: {pair!r}; allowed: ["09:00","17:00"], from before until, at most 24:00')


def calendar_to_json(calendar: WorkCalendar) -> dict[str, Any]:
    """The full form, which reads back to the same calendar."""
    return {
        "name": calendar.name,
        "week": [_hours_text(hours) for hours in calendar.week],
        "exceptions": {day.isoformat(): _hours_text(hours) for day, hours in sorted(calendar.exceptions.items())},
    }


def _hours_text(hours: DayHours) -> list[list[str]]:
    return [[f"{start // 60:02}:{start % 60:02}", f"{until // 60:02}:{until % 60:02}"] for start, until in hours]
