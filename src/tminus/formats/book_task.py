"""A row of an assignment book as a task, its progress and its links; what cannot be taken is refused, not guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    DayHours,
    Duration,
    Link,
    Progress,
    Task,
    TaskKind,
    WorkCalendar,
)
from tminus.formats import values
from tminus.formats.book_row import BookRow, Reading, text_of
from tminus.formats.estimates import estimate_in
from tminus.formats.predecessors import predecessors
from tminus.formats.problems import BadValue
from tminus.formats.values import Cell

T = TypeVar("T")


def task_of(row: BookRow, reading: Reading, *, summary: bool) -> Task:
    cells, hours = row.cells, reading.hours()
    start = _take(row, reading, "start", "Start", lambda cell: hours.start_on(cell, reading.order))
    finish = _take(row, reading, "finish", "Finish", lambda cell: hours.finish_on(cell, reading.order))
    if start and finish and finish < start:
        reading.refuse(row, "Finish", finish, "not before Start")
    calendar = text_of(cells.get("calendar")) or None
    if calendar and calendar not in reading.calendars:
        reading.refuse(row, "Calendar", calendar, ", ".join(reading.calendars) + ", or empty")
        calendar = None
    duration = _duration(row, reading, start, finish, calendar)
    name, name_zh = _names(row)
    if not name and not name_zh:
        reading.refuse(row, "Task", "", "a name")
    kind = TaskKind.SUMMARY if summary else TaskKind.MILESTONE if duration.minutes == 0 else TaskKind.TASK
    return Task(
        id=row.id.split("\x00")[0],
        name=name or name_zh,
        name_zh=name_zh,
        parent=row.parent.split("\x00")[0] if row.parent else None,
        kind=kind,
        duration=duration,
        calendar=calendar,
        constraints=_constraints(row, reading),
        manual=bool(_take(row, reading, "manual", "Placed by hand", values.by_hand)),
        active=_take(row, reading, "active", "Active", values.yes_no) is not False,
        pause_minutes=_minutes(row, reading, calendar),
        estimate=estimate_in(row, reading, duration, reading.calendars[calendar or reading.default].day_minutes),
        delay=_take(row, reading, "delay", "Levelling delay", values.duration) or Duration(0),
        deadline=_take(row, reading, "deadline", "Deadline", lambda cell: values.end_of_day(cell, reading.order)),
        start=start,
        finish=finish,
        unit=text_of(cells.get("unit")),
        responsible=text_of(cells.get("responsible")),
        supporting=tuple(part for part in _split(text_of(cells.get("supporting"))) if part),
        place=text_of(cells.get("place")),
        phase=text_of(cells.get("phase")),
        gate=bool(_take(row, reading, "gate", "Gate", values.yes_no)),
        area=text_of(cells.get("area")),
        dimension=text_of(cells.get("dimension")),
        weight=_weight(row, reading),
        notes=text_of(cells.get("notes")),
        wbs=text_of(cells.get("wbs")),
        extra=row.extra,
    )


def _names(row: BookRow) -> tuple[str, str]:
    """Both names; a Task column in Chinese beside an English one is the Chinese name."""
    name, zh, en = (text_of(row.cells.get(code)) for code in ("name", "name_zh", "name_en"))
    if en:
        return en, zh or name
    return name, zh


def _split(text: str) -> list[str]:
    for separator in ";；、，":
        text = text.replace(separator, ",")
    return [part.strip() for part in text.split(",")]


def _take(row: BookRow, reading: Reading, code: str, column: str, read: Callable[[Cell], T]) -> T | None:
    cell = row.cells.get(code)
    if cell is None:
        return None
    try:
        return read(cell)
    except (BadValue, OverflowError) as error:
        reading.refuse(row, column, cell, str(error))
        return None


def _duration(
    row: BookRow, reading: Reading, start: datetime | None, finish: datetime | None, calendar: str | None
) -> Duration:
    day = reading.calendars[calendar or reading.default].day_minutes
    if "duration" in row.cells:
        found = _take(row, reading, "duration", "Duration", lambda cell: values.duration(cell, day))
        return found or Duration(0)
    if start and finish and start <= finish:
        return Duration(working_minutes(reading.calendars[calendar or reading.default], start, finish))
    return Duration(day)


def _minutes(row: BookRow, reading: Reading, calendar: str | None) -> int:
    day = reading.calendars[calendar or reading.default].day_minutes
    found = _take(row, reading, "pause", "Pause", lambda cell: values.duration(cell, day))
    return found.minutes if found else 0


def working_minutes(calendar: WorkCalendar, start: datetime, finish: datetime) -> int:
    """Working minutes between two instants, day by day."""
    total, day = 0, start.date()
    while day <= finish.date():
        low = (start - _midnight(day)).total_seconds() / 60
        high = (finish - _midnight(day)).total_seconds() / 60
        total += sum(max(0, int(min(until, high) - max(begin, low))) for begin, until in _hours(calendar, day))
        day += timedelta(days=1)
    return total


def _hours(calendar: WorkCalendar, day: date) -> DayHours:
    return calendar.hours_on(day)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def _constraints(row: BookRow, reading: Reading) -> tuple[Constraint, ...]:
    cell, at = row.cells.get("constraint"), row.cells.get("constraint_date")
    if cell is None:
        return ()
    text = (
        cell
        if at is None
        else f"{text_of(cell)} {at:%Y-%m-%d %H:%M}"
        if isinstance(at, datetime)
        else f"{text_of(cell)} {at}"
    )
    found = []
    for part in str(text).split(";"):
        try:
            found.append(values.constraint(part, reading.order))
        except BadValue as error:
            reading.refuse(row, "Constraint", cell, str(error))
    return tuple(one for one in found if one.kind is not ConstraintKind.ASAP)


def _weight(row: BookRow, reading: Reading) -> float:
    def read(cell: Cell) -> float:
        try:
            weight = float(text_of(cell))
        except ValueError:
            raise BadValue("a number of at least 0") from None
        if not 0 <= weight < 1e9:
            raise BadValue("a number of at least 0")
        return weight

    found = _take(row, reading, "weight", "Weight", read)
    return 1.0 if found is None else found


def progress_of(row: BookRow, reading: Reading) -> Progress:
    hours = reading.hours()
    day = reading.calendar.day_minutes
    return Progress(
        actual_start=_take(row, reading, "actual_start", "Actual start", lambda c: hours.start_on(c, reading.order)),
        actual_finish=_take(
            row, reading, "actual_finish", "Actual finish", lambda c: hours.finish_on(c, reading.order)
        ),
        remaining=_take(row, reading, "remaining", "Remaining", lambda cell: values.duration(cell, day)),
        percent=_take(row, reading, "progress", "Progress", values.progress),
        reported=_take(row, reading, "reported", "Reported", lambda cell: values.moment(cell, reading.order)[0]),
    )


def baseline_of(row: BookRow, reading: Reading) -> tuple[datetime | None, datetime | None]:
    """Start and finish as they were agreed once; the difference beside them is computed, and so passed over."""
    hours, order = reading.hours(), reading.order
    start = _take(row, reading, "baseline_start", "Baseline start", lambda cell: hours.start_on(cell, order))
    finish = _take(row, reading, "baseline_finish", "Baseline finish", lambda cell: hours.finish_on(cell, order))
    if start and finish and finish < start:
        reading.refuse(row, "Baseline finish", finish, "not before Baseline start")
    return start, finish


def links_of(rows: list[BookRow], reading: Reading, known: set[str]) -> list[Link]:
    links: list[Link] = []
    day = reading.calendar.day_minutes
    for row in rows:
        cell = row.cells.get("predecessors")
        if cell is None:
            continue
        try:
            links += predecessors(text_of(cell), row.id, known, day)
        except BadValue as error:
            reading.refuse(row, "Predecessors", cell, str(error))
    return links
