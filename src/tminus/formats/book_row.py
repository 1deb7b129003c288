"""One row of an assignment book on its way to a task, and what is found out while a book is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tminus.engines.schedule import WorkCalendar
from tminus.formats.problems import Problem
from tminus.formats.values import Cell, DateOrder, Hours


@dataclass(slots=True)
class BookRow:
    """``number`` as the program that made the file shows it; ``cells`` by field, ``extra`` by heading."""

    sheet: str
    number: int
    cells: dict[str, Cell]
    extra: dict[str, str]
    id: str = ""
    parent: str | None = None


@dataclass(slots=True)
class Reading:
    file: str
    calendars: Mapping[str, WorkCalendar]
    default: str
    order: DateOrder | None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def calendar(self) -> WorkCalendar:
        return self.calendars[self.default]

    def hours(self) -> Hours:
        days = [hours for hours in self.calendar.week if hours]
        return Hours(days[0][0][0], days[0][-1][1]) if days else Hours()

    def refuse(self, row: BookRow, column: str, value: object, allowed: str) -> None:
        text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
        self.problems.append(Problem(self.file, row.number, column, text[:200], allowed, row.sheet))


def empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """A cell as text: a whole number without its ``.0``."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
