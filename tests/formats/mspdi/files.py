"""Small files as MS Project writes them: every date in them is what that tool stores for such a plan."""

from __future__ import annotations

from pathlib import Path

from tminus.engines.schedule import Agreement, Plan, agreement_of
from tminus.formats.mspdi import read_mspdi

FILE = Path("plan.xml")
MONDAY = "2026-08-03T08:00:00"
EIGHT_HOURS = (("08:00:00", "12:00:00"), ("13:00:00", "17:00:00"))
NIGHT = (("00:00:00", "03:00:00"), ("04:00:00", "08:00:00"), ("23:00:00", "00:00:00"))
ALL_DAY = (("00:00:00", "00:00:00"),)


def project(
    tasks: str,
    *,
    start: str = MONDAY,
    finish: str = "",
    calendars: str | None = None,
    resources: str = "",
    assignments: str = "",
) -> bytes:
    """A file scheduled from its start; from its ``finish`` where that is given."""
    made = calendar(1, "Standard") if calendars is None else calendars
    head = (
        f"<ScheduleFromStart>{int(not finish)}</ScheduleFromStart><StartDate>{start}</StartDate>"
        f"<FinishDate>{finish}</FinishDate><CalendarUID>1</CalendarUID>"
    )
    return (
        f'<?xml version="1.0"?><Project xmlns="http://schemas.microsoft.com/project">{head}<Calendars>{made}</Calendars>'
        f"<Tasks>{tasks}</Tasks><Resources>{resources}</Resources><Assignments>{assignments}</Assignments></Project>"
    ).encode()


def row(uid: int, start: str, finish: str, *inner: str, hours: float = 8, level: int = 1) -> str:
    """A task; ``start`` and ``finish`` as stored, like ``08-03 08:00``, of 2026."""
    minutes = round(hours * 60)
    return (
        f"<Task><UID>{uid}</UID><Name>T{uid}</Name><OutlineLevel>{level}</OutlineLevel><Start>{at(start)}</Start>"
        f"<Finish>{at(finish)}</Finish><Duration>PT{minutes // 60}H{minutes % 60}M0S</Duration>"
        f"<DurationFormat>7</DurationFormat>{''.join(inner)}</Task>"
    )


def at(text: str) -> str:
    day, clock = text.split()
    return f"2026-{day}T{clock}:00"


def late(start: str, finish: str, slack_minutes: int) -> str:
    return (
        f"<LateStart>{at(start)}</LateStart><LateFinish>{at(finish)}</LateFinish>"
        f"<TotalSlack>{slack_minutes * 10}</TotalSlack>"
    )


def early(start: str, finish: str) -> str:
    return f"<EarlyStart>{at(start)}</EarlyStart><EarlyFinish>{at(finish)}</EarlyFinish>"


def constraint(kind: int, date: str = "") -> str:
    dated = f"<ConstraintDate>{at(date)}</ConstraintDate>" if date else ""
    return f"<ConstraintType>{kind}</ConstraintType>{dated}"


def after(pred: int, kind: int = 1, lag_minutes: int = 0, more: str = "") -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{pred}</PredecessorUID><Type>{kind}</Type><LinkLag>{lag_minutes * 10}"
        f"</LinkLag><LagFormat>7</LagFormat>{more}</PredecessorLink>"
    )


def calendar(
    uid: int, name: str, hours: tuple[tuple[str, str], ...] = EIGHT_HOURS, days: int = 5, base: int = -1
) -> str:
    """``days`` from Monday on have ``hours``; a calendar on a ``base`` says nothing itself."""
    week = "".join(day(1 + (number + 1) % 7, hours if number < days else ()) for number in range(7))
    own = f"<WeekDays>{week}</WeekDays>" if base < 0 else ""
    return f"<Calendar><UID>{uid}</UID><Name>{name}</Name><BaseCalendarUID>{base}</BaseCalendarUID>{own}</Calendar>"


def day(kind: int, hours: tuple[tuple[str, str], ...]) -> str:
    times = "".join(f"<WorkingTime><FromTime>{a}</FromTime><ToTime>{b}</ToTime></WorkingTime>" for a, b in hours)
    return (
        f"<WeekDay><DayType>{kind}</DayType><DayWorking>{int(bool(hours))}</DayWorking>"
        f"<WorkingTimes>{times}</WorkingTimes></WeekDay>"
    )


def resource(uid: int, calendar_uid: int, kind: int = 1) -> str:
    shown = f"<CalendarUID>{calendar_uid}</CalendarUID>" if calendar_uid >= 0 else ""
    return f"<Resource><UID>{uid}</UID><Name>R{uid}</Name><Type>{kind}</Type>{shown}</Resource>"


def assigned(task: int, resource_uid: int, hours: float = 8, *inner: str) -> str:
    minutes = round(hours * 60)
    return (
        f"<Assignment><UID>{task * 100 + resource_uid}</UID><TaskUID>{task}</TaskUID><ResourceUID>{resource_uid}"
        f"</ResourceUID><Units>1</Units><Work>PT{minutes // 60}H{minutes % 60}M0S</Work>{''.join(inner)}</Assignment>"
    )


def segment(start: str, finish: str, hours: float) -> str:
    return (
        f"<TimephasedData><Type>1</Type><Start>{at(start)}</Start><Finish>{at(finish)}</Finish><Unit>2</Unit>"
        f"<Value>PT{hours:g}H0M0S</Value></TimephasedData>"
    )


def read(content: bytes) -> Plan:
    return read_mspdi(FILE, content)


def agreement(content: bytes) -> Agreement:
    found = agreement_of(read(content))
    assert found is not None
    return found
