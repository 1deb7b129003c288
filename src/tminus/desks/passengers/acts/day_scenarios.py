"""Scenarios of a day: made, changed, copied, withdrawn and put back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from pydantic import BaseModel, Field

from tminus.desks.passengers.days.kept_scenarios import copy_scenarios, free_key
from tminus.desks.passengers.days.rows_given import HappeningArgs, MeasureArgs, checked_rows
from tminus.desks.passengers.days.what_may_be_named import may_be_named
from tminus.desks.passengers.models import DayScenarioKept, Origin
from tminus.platform.events.copying import copier
from tminus.platform.models import Event
from tminus.platform.registry import BadInput, Context, Grant, act

TOLD = ("name_en", "name_zh", "about_en", "about_zh", "happenings", "measures")


class SaveArgs(BaseModel):
    """``key``: of the scenario that is changed; none: a new one. ``parent``: key of the one it was made from.

    ``seen``: when it had last been changed as it was seen, so that nobody's change is lost.
    """

    key: str = Field(default="", max_length=60)
    name_en: str = Field(default="", max_length=120)
    name_zh: str = Field(default="", max_length=120)
    about_en: str = Field(default="", max_length=500)
    about_zh: str = Field(default="", max_length=500)
    day: date
    happenings: list[HappeningArgs] = Field(default_factory=list, max_length=100)
    measures: list[MeasureArgs] = Field(default_factory=list, max_length=500)
    parent: str = Field(default="", max_length=60)
    seen: str = ""


class KeyArgs(BaseModel):
    """``key`` of a scenario."""

    key: str


@act("passengers.day.save", grants=Grant.HEADQUARTERS)
def save(ctx: Context, args: SaveArgs) -> dict[str, Any]:
    """Keep a scenario of a day, new or changed: what befalls, and what is done about it."""
    row = _begun(ctx, args)
    before = said_of(row) if row.pk else None
    _check(ctx, args)
    known = may_be_named(ctx.the_event)
    row.happenings, row.measures = checked_rows(row.key, args.day, args.happenings, args.measures, known)
    row.name_en, row.name_zh, row.about_en, row.about_zh = (
        text.strip() for text in (args.name_en, args.name_zh, args.about_en, args.about_zh)
    )
    row.day, row.at, row.person = args.day, ctx.now, ctx.person
    row.origin = row.origin if before == said_of(row) else Origin.PERSON
    row.save()
    ctx.record(row, before, said_of(row))
    return {"key": row.key, "at": row.at.isoformat()}


def _begun(ctx: Context, args: SaveArgs) -> DayScenarioKept:
    """The row that is changed, or a new one."""
    if not args.key:
        parent = scenario_row(ctx, args.parent) if args.parent else None
        name = args.name_en if args.name_en.strip() else f"day-{args.day}"
        return DayScenarioKept(event=ctx.the_event, key=free_key(ctx.the_event, name), parent=parent, at=ctx.now)
    row = scenario_row(ctx, args.key)
    if args.seen and args.seen != row.at.isoformat():
        raise BadInput(_("somebody has changed this since; look at it anew"), field="seen", value=args.seen)
    return row


def _check(ctx: Context, args: SaveArgs) -> None:
    event = ctx.the_event
    if not event.opening <= args.day <= event.closing:
        allowed = {"first": event.opening, "last": event.closing}
        raise BadInput(_("a day of the event, %(first)s … %(last)s") % allowed, field="day", value=args.day)
    if not (args.name_en.strip() or args.name_zh.strip()):
        raise BadInput(_("a name in one of the two languages"), field="name_en")


@act("passengers.day.copy", grants=Grant.HEADQUARTERS)
def copy(ctx: Context, args: KeyArgs) -> dict[str, Any]:
    """Begin a scenario with what another one says, to be changed."""
    source = scenario_row(ctx, args.key)
    made = DayScenarioKept(
        event=ctx.the_event, key=free_key(ctx.the_event, f"{source.key}-copy"), day=source.day, parent=source,
        at=ctx.now, person=ctx.person, **{name: getattr(source, name) for name in TOLD},
    )  # fmt: skip
    for language in ("en", "zh"):
        if name := getattr(source, f"name_{language}"):
            setattr(made, f"name_{language}", _copy_of(name, "en" if language == "en" else "zh-hans"))
    made.save()
    ctx.record(made, None, said_of(made) | {"copy_of": source.key})
    return {"key": made.key}


def _copy_of(name: str, language: str) -> str:
    with override(language):
        return (_("%(name)s (copy)") % {"name": name})[:120]


@act("passengers.day.withdraw", grants=Grant.HEADQUARTERS)
def withdraw(ctx: Context, args: KeyArgs) -> dict[str, Any]:
    """Take a scenario off the list; it and its walks stay kept, and it can be put back."""
    row = scenario_row(ctx, args.key)
    row.withdrawn_at = ctx.now
    row.save(update_fields=["withdrawn_at"])
    ctx.record(row, {"withdrawn": False}, {"withdrawn": True, "key": row.key})
    return {"key": row.key}


@act("passengers.day.restore", grants=Grant.HEADQUARTERS)
def restore(ctx: Context, args: KeyArgs) -> dict[str, Any]:
    """Put a scenario that was withdrawn back on the list."""
    row = ctx.find(DayScenarioKept, key=args.key)
    if row.withdrawn_at is None:
        raise BadInput(_("it is on the list"), field="key", value=args.key)
    row.withdrawn_at = None
    row.save(update_fields=["withdrawn_at"])
    ctx.record(row, {"withdrawn": True}, {"withdrawn": False, "key": row.key})
    return {"key": row.key}


def scenario_row(ctx: Context, key: str) -> DayScenarioKept:
    """A scenario on the list.

    :raises Missing: there is none of this key.
    """
    return ctx.find(DayScenarioKept, key=key, withdrawn_at=None)


def said_of(row: DayScenarioKept) -> dict[str, Any]:
    """A scenario as the record has it."""
    return {"key": row.key, "day": row.day.isoformat(), **{name: getattr(row, name) for name in TOLD}}


@copier("day_scenarios")
def _scenarios(source: Event, target: Event, shift: timedelta) -> int:
    return copy_scenarios(source, target, shift)
