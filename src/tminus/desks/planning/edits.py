"""Changes of a plan as data: compared in a scenario, simulated, proposed, and adopted into the draft.

One form wherever they stand: what the page sends, what a proposal keeps, what the engine is asked with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from tminus.engines.schedule import (
    Constraint,
    ConstraintKind,
    Duration,
    How,
    Link,
    LinkKind,
    Plan,
    Progress,
    Task,
    WorkCalendar,
)
from tminus.engines.schedule.repairs import Repair, repaired
from tminus.platform.registry import BadInput

Kind = Literal["FS", "SS", "FF", "SF"]


class SetDuration(BaseModel):
    """The task takes so many working minutes."""

    what: Literal["duration"] = "duration"
    task: str
    minutes: int = Field(ge=0, le=10_000_000)


class SetRemaining(BaseModel):
    """Of the task, which has begun, so many working minutes are left."""

    what: Literal["remaining"] = "remaining"
    task: str
    minutes: int = Field(ge=1, le=10_000_000)


class SetCalendar(BaseModel):
    """The task works by another of the plan's calendars."""

    what: Literal["calendar"] = "calendar"
    task: str
    calendar: str


class SetLink(BaseModel):
    """One task waits for another so; an existing link of these two is replaced."""

    what: Literal["link"] = "link"
    predecessor: str
    successor: str
    kind: Kind = "FS"
    lag_minutes: int = Field(0, ge=-10_000_000, le=10_000_000)
    elapsed: bool = False


class CutLink(BaseModel):
    """One task no longer waits for another."""

    what: Literal["unlink"] = "unlink"
    predecessor: str
    successor: str
    kind: Kind = "FS"


class NotBefore(BaseModel):
    """The task begins no earlier than this, or (``at`` empty) as soon as its links let it."""

    what: Literal["not_before"] = "not_before"
    task: str
    at: datetime | None = None


class SevenDays(BaseModel):
    """The task works on weekends and holidays too, the usual hours of its calendar."""

    what: Literal["seven_days"] = "seven_days"
    task: str


class StartOn(BaseModel):
    """The task is planned to begin on this day; what it waits for still holds it."""

    what: Literal["start"] = "start"
    task: str
    at: datetime


Edit = Annotated[
    SetDuration | SetRemaining | SetCalendar | SetLink | CutLink | NotBefore | SevenDays | StartOn,
    Field(discriminator="what"),
]
EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])
MOST = 50
"""Edits looked at together; more is a plan of its own."""


def edits_of(given: Any) -> list[Edit]:
    """Edits from their JSON form.

    :raises BadInput: not such a list; which one, what is allowed.
    """
    try:
        found = EDITS.validate_python(given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"edits.{where}: {first['msg']}", field="edits", value=where) from error
    if not 0 < len(found) <= MOST:
        raise BadInput(
            _("%(n)d changes; allowed: 1 … %(most)d") % {"n": len(found), "most": MOST}, field="edits", value=len(found)
        )
    return found


def as_json(edits: Sequence[Edit]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = EDITS.dump_python(list(edits), mode="json")
    return found


def tasks_of(edits: Sequence[Edit]) -> list[str]:
    """The tasks that change: of a link, the one that waits."""
    keys = [edit.successor if isinstance(edit, SetLink | CutLink) else edit.task for edit in edits]
    return list(dict.fromkeys(keys))


def in_plan(plan: Plan, edits: Sequence[Edit]) -> Plan:
    """The plan as it would be; nothing is kept.

    :raises BadInput: a task, link or calendar the plan does not have.
    """
    for edit in edits:
        plan = _edited(plan, edit)
    return plan


def _edited(plan: Plan, edit: Edit) -> Plan:
    match edit:
        case SetLink():
            _known(plan, edit.predecessor, "predecessor")
            _known(plan, edit.successor, "successor")
            link = Link(edit.predecessor, edit.successor, LinkKind(edit.kind), Duration(edit.lag_minutes, edit.elapsed))
            others = tuple(one for one in plan.links if (one.pred, one.succ) != (edit.predecessor, edit.successor))
            return replace(plan, links=(*others, link))
        case CutLink():
            gone = edit.predecessor, edit.successor, LinkKind(edit.kind)
            links = tuple(one for one in plan.links if (one.pred, one.succ, one.kind) != gone)
            if len(links) == len(plan.links):
                raise BadInput(
                    _("%(predecessor)s → %(successor)s: no such link")
                    % {"predecessor": edit.predecessor, "successor": edit.successor},
                    field="edits",
                    value=edit.predecessor,
                )
            return replace(plan, links=links)
        case SetCalendar():
            _known_calendar(plan.calendars, edit.calendar)
            return _with(plan, edit.task, lambda task: replace(task, calendar=edit.calendar))
        case SetDuration():
            return _with(
                plan, edit.task, lambda task: replace(task, duration=replace(task.duration, minutes=edit.minutes))
            )
        case SetRemaining():
            return _left(plan, edit)
        case NotBefore():
            return _with(plan, edit.task, lambda task: _held(plan, task, edit.at))
        case SevenDays():
            _known(plan, edit.task, "task")
            return repaired(plan, Repair(How.SEVEN_DAYS, edit.task))
        case StartOn():
            return _with(plan, edit.task, lambda task: _begun(task, edit.at))


def _left(plan: Plan, edit: SetRemaining) -> Plan:
    _known(plan, edit.task, "task")
    stood = plan.progress.get(edit.task, Progress())
    if stood.actual_start is None or stood.actual_finish is not None or (stood.percent or 0) >= 100:
        raise BadInput(
            _("%(key)s: not under way; allowed: work that has begun and is not done") % {"key": edit.task},
            field="edits",
            value=edit.task,
        )
    left = replace(stood, remaining=Duration(edit.minutes, stood.remaining.elapsed if stood.remaining else False))
    return replace(plan, progress={**plan.progress, edit.task: left})


def _held(plan: Plan, task: Task, at: datetime | None) -> Task:
    """Planned on the day it may begin; without one, on the first day of the plan, from where its links move it."""
    others = tuple(one for one in task.constraints if one.kind is not ConstraintKind.SNET)
    if at is not None:
        others = (*others, Constraint(ConstraintKind.SNET, at))
    first = min((one.start for one in plan.tasks if one.start), default=None)
    return _begun(replace(task, constraints=others), at or first)


def _begun(task: Task, at: datetime | None) -> Task:
    """A planned finish that would lie before the start gives way."""
    if at is None or task.start is None:
        return task
    return replace(task, start=at, finish=max(task.finish or at, at))


def _with(plan: Plan, key: str, change: Callable[[Task], Task]) -> Plan:
    _known(plan, key, "task")
    return replace(plan, tasks=tuple(change(task) if task.id == key else task for task in plan.tasks))


def _known(plan: Plan, key: str, field: str) -> None:
    if not any(task.id == key for task in plan.tasks):
        raise BadInput(_("%(field)s: no task %(key)r") % {"field": field, "key": key}, field="edits", value=key)


def _known_calendar(calendars: dict[str, WorkCalendar] | Any, code: str) -> None:
    if code not in calendars:
        raise BadInput(
            _("calendar %(code)r; allowed: %(allowed)s") % {"code": code, "allowed": ", ".join(calendars)},
            field="edits",
            value=code,
        )
