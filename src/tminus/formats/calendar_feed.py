"""iCalendar (RFC 5545): what a person or a unit has to do, as entries any calendar program shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Todo

from tminus.engines.schedule import Plan, ScheduledTask, TaskKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do. ``uid`` stays the same over time, ``sequence`` grows with each change of its dates."""

    uid: str
    title: str
    start: datetime
    finish: datetime
    stamp: datetime
    description: str = ""
    place: str = ""
    percent: int = 0
    done: bool = False
    sequence: int = 0
    url: str = ""


def feed_bytes(name: str, entries: Iterable[Entry], timezone: str = "") -> bytes:
    """A calendar with an event (when work goes on) and a to-do (due) for each entry."""
    calendar = Calendar()
    calendar.add("prodid", "-//tminus//readiness//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    zone = ZoneInfo(timezone) if timezone else None
    for entry in entries:
        calendar.add_component(_event(entry, zone))
        calendar.add_component(_todo(entry, zone))
    return bytes(calendar.to_ical())


def _event(entry: Entry, zone: ZoneInfo | None) -> Event:
    event = Event()
    _shared(event, entry, "event")
    event.add("dtstart", _local(entry.start, zone))
    event.add("dtend", _local(max(entry.finish, entry.start), zone))
    return event


def _todo(entry: Entry, zone: ZoneInfo | None) -> Todo:
    todo = Todo()
    _shared(todo, entry, "todo")
    todo.add("due", _local(entry.finish, zone))
    todo.add("percent-complete", 100 if entry.done else entry.percent)
    todo.add("status", "COMPLETED" if entry.done else "IN-PROCESS" if entry.percent else "NEEDS-ACTION")
    return todo


def _shared(component: Event | Todo, entry: Entry, part: str) -> None:
    component.add("uid", f"{part}-{entry.uid}")
    component.add("summary", entry.title)
    component.add("dtstamp", entry.stamp.astimezone(ZoneInfo("UTC")))
    component.add("sequence", entry.sequence)
    for name, value in (("description", entry.description), ("location", entry.place), ("url", entry.url)):
        if value:
            component.add(name, value)


def _local(at: datetime, zone: ZoneInfo | None) -> datetime:
    return at.replace(tzinfo=zone) if zone else at


def plan_entries(
    plan: Plan, rows: Iterable[ScheduledTask], stamp: datetime, *, who: str = "", unit: str = ""
) -> list[Entry]:
    """Entries of a scheduled plan, of one person or one unit where named."""
    tasks = plan.by_id()
    entries = []
    for row in rows:
        task = tasks[row.id]
        wanted = (not who or task.responsible == who) and (not unit or task.unit == unit)
        if task.kind is TaskKind.SUMMARY or not wanted:
            continue
        progress = plan.progress.get(task.id)
        entries.append(
            Entry(
                uid=f"{task.id}@{plan.name}",
                title=task.name,
                start=row.start,
                finish=row.finish,
                stamp=stamp,
                description=task.notes,
                place=task.place,
                percent=round((progress.percent if progress else 0) or 0),
                done=row.status.value == "done",
            )
        )
    return entries
