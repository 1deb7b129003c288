"""Registrations of an event as a table: who registered when, for which day; with what was cancelled since."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tminus.engines.forecast.arrivals import Tickets
from tminus.engines.forecast.attendance import Registrations
from tminus.formats.headed_table import Fields, HeadedTable
from tminus.formats.problems import BadFile, BadValue
from tminus.formats.values import Cell, moment, yes_no

FILE = "registrations.csv"

COLUMNS: dict[str, tuple[str, ...]] = {
    "registered": ("Registered", "登记日期", "Date registered", "Registration date", "报名日期", "注册日期"),
    "visit": ("Visit date", "参观日期", "Visit", "Date of visit", "预约日期", "入场日期"),
    "audience": ("Audience", "观众类别", "Type", "类别", "Category"),
    "persons": ("Persons", "人数", "Number", "Tickets sold", "数量"),
    "cancelled": ("Cancelled", "取消", "Cancellation date", "取消日期", "Canceled"),
    "ticket": ("Ticket", "票种", "Ticket type", "票类"),
    "slot": ("Time slot", "入场时段", "Slot", "时段", "Entry time"),
}  # fmt: skip
"""Field → headings it is recognised by; the first is what we write, the second its Chinese."""

NEEDED = ("registered", "visit")
AUDIENCES = ("exhibitor", "buyer", "visitor", "group")
AUDIENCE_WORDS = {
    "exhibitor": "exhibitor", "exhibitors": "exhibitor", "参展商": "exhibitor", "展商": "exhibitor",
    "buyer": "buyer", "buyers": "buyer", "采购商": "buyer", "专业观众": "buyer", "trade visitor": "buyer",
    "visitor": "visitor", "visitors": "visitor", "观众": "visitor", "普通观众": "visitor", "public": "visitor",
    "group": "group", "groups": "group", "团体": "group", "团队": "group",
}  # fmt: skip
MOST_PERSONS = 10_000_000
MOST_DAYS = 1500
"""Between the first registration and the last visit day: four years."""


@dataclass(frozen=True, slots=True)
class RegistrationsFile:
    """``registrations`` for the engine; ``slots``: visit day → first minute of the entry slot → persons held;
    ``timed``: all that ever had a slot."""

    registrations: Registrations
    slots: Mapping[date, Mapping[int, float]]
    timed: tuple[Timed, ...] = ()

    def tickets(self, visit: date, as_of: date) -> tuple[Tickets, ...]:
        """Of each audience that at the end of ``as_of`` holds timed tickets for ``visit``, and what share of all its
        registrations of that day they are."""
        table = self.registrations
        held = table.held(as_of)[:, table.visit_days.index(visit)] if visit in table.visit_days else None
        slots: dict[str, dict[float, float]] = defaultdict(lambda: defaultdict(float))
        for one in self.timed:
            if one.visit == visit and one.registered <= as_of and not (one.cancelled and one.cancelled <= as_of):
                slots[one.audience][one.minute] += one.persons
        return tuple(
            Tickets(name, min(1.0, sum(slots[name].values()) / float(total)), tuple(sorted(slots[name].items())))
            for name, total in zip(table.audiences, held if held is not None else (), strict=False)
            if total > 0 and sum(slots[name].values()) > 0
        )


class Timed(NamedTuple):
    """``persons`` registered for ``minute`` of the day ``visit``; ``cancelled``: when, if they were."""

    visit: date
    audience: str
    minute: int
    registered: date
    cancelled: date | None
    persons: int


@dataclass(frozen=True, slots=True)
class _Line:
    registered: date
    visit: date
    audience: str
    persons: int
    cancelled: date | None
    slot: int | None


def read_registrations(path: Path, content: bytes | None = None) -> RegistrationsFile:
    """Registrations out of a table (xlsx, xls, ods, csv).

    :raises BadFile: not such a table; :class:`Rejected`: values that cannot be taken, every one named.
    """
    table = HeadedTable(path, COLUMNS, NEEDED, content)
    lines = [line for number, cells in table.rows() if (line := _line(table, number, cells))]
    table.done()
    if not lines:
        raise BadFile(f"{path.name}: has no registrations; allowed: rows under the headings")
    timed = tuple(
        Timed(one.visit, one.audience, one.slot, one.registered, one.cancelled, one.persons)
        for one in lines
        if one.slot is not None
    )
    return RegistrationsFile(_registrations(lines, path.name), _slots(lines), timed)


def _line(table: HeadedTable, number: int, cells: Fields) -> _Line | None:
    registered = table.need(number, cells, "registered", _day, None)
    visit = table.need(number, cells, "visit", _day, None)
    audience = table.take(number, cells, "audience", _audience, "visitor")
    persons = table.take(number, cells, "persons", _persons, 1)
    slot = table.take(number, cells, "slot", _slot, None)
    if registered is None or visit is None:
        return None
    if registered > visit:
        table.refuse(number, "registered", str(registered), f"a day not after the visit {visit}")
    cancelled = table.take(number, cells, "cancelled", lambda value: _cancelled(value, registered), None)
    if cancelled is not None and cancelled < registered:
        table.refuse(number, "cancelled", str(cancelled), f"a day not before the registration {registered}")
    return _Line(registered, visit, audience, persons, cancelled, slot)


def _day(value: Cell) -> date | None:
    return _written_day(value) if isinstance(value, str) else moment(value)[0].date()


@lru_cache(maxsize=4096)
def _written_day(text: str) -> date:
    return moment(text)[0].date()


def _audience(value: Cell) -> str:
    word = str(value).strip().lower()
    if word not in AUDIENCE_WORDS:
        raise BadValue("exhibitor, buyer, visitor, group (参展商, 采购商, 观众, 团体)")
    return AUDIENCE_WORDS[word]


def _persons(value: Cell) -> int:
    try:
        number = float(str(value).replace(",", ""))
    except ValueError:
        number = -1.0
    if not 0 <= number <= MOST_PERSONS or number != int(number):
        raise BadValue(f"a whole number, 0 … {MOST_PERSONS}")
    return int(number)


def _cancelled(value: Cell, registered: date) -> date | None:
    """The day it was cancelled; a bare yes means that it never counted."""
    try:
        return registered if yes_no(value) else None
    except BadValue:
        pass
    try:
        return _day(value)
    except BadValue:
        raise BadValue("the day it was cancelled, or yes, no, empty") from None


_SLOT = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?(?:\s*[-–—~至]\s*\d{1,2}[:：]\d{2}(?::\d{2})?)?")


def _slot(value: Cell) -> int:
    """First minute after midnight."""
    matched = _SLOT.fullmatch(str(value).strip())
    if matched is None or int(matched[1]) > 29 or int(matched[2]) > 59:
        raise BadValue("a time like 09:00 or 09:00-10:00")
    return int(matched[1]) * 60 + int(matched[2])


def _registrations(lines: list[_Line], file: str) -> Registrations:
    first, last = min(line.registered for line in lines), max(line.visit for line in lines)
    length = (max(last, *(line.cancelled or last for line in lines)) - first).days + 1
    if length > MOST_DAYS:
        raise BadFile(f"{file}: spans {length} days from {first} to {last}; allowed: at most {MOST_DAYS}")
    visits = sorted({line.visit for line in lines})
    audiences = [name for name in AUDIENCES if any(line.audience == name for line in lines)]
    day_at = {day: number for number, day in enumerate(visits)}
    audience_at = {name: number for number, name in enumerate(audiences)}
    net = np.zeros((len(audiences), len(visits), length))
    for line in lines:
        cell = net[audience_at[line.audience], day_at[line.visit]]
        cell[(line.registered - first).days] += line.persons
        if line.cancelled is not None:
            cell[(line.cancelled - first).days] -= line.persons
    return Registrations(tuple(audiences), tuple(visits), first, net)


def _slots(lines: list[_Line]) -> dict[date, dict[int, float]]:
    found: dict[date, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for line in lines:
        if line.slot is not None and line.cancelled is None:
            found[line.visit][line.slot] += line.persons
    return {day: dict(sorted(slots.items())) for day, slots in sorted(found.items())}
