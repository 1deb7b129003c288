"""Figures of events like this one: one added, changed, taken away, and the last of it taken back."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints

from tminus.desks.passengers.forecasting.like_events import keep_rows, rows_before, standing
from tminus.desks.passengers.models import ForecastFile
from tminus.formats.analogues import COLUMNS, AnalogueRow
from tminus.formats.problems import Rejected
from tminus.platform.registry import BadInput, Context, Grant, act

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class SetArgs(BaseModel):
    """``number``: the row that is changed, from 1; none: a new one. ``seen``: digest of the table it was seen in."""

    number: int | None = Field(None, ge=1)
    event: Text
    what: Text
    value: float = Field(gt=0, lt=1e12)
    source: Text
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    seen: str = ""


class RemoveArgs(BaseModel):
    number: int = Field(ge=1)
    seen: str = ""


class UndoArgs(BaseModel):
    """``seen``: digest of the table whose last change is taken back."""

    seen: str


@act("passengers.analogue.set", grants=Grant.HEADQUARTERS)
def set_(ctx: Context, args: SetArgs) -> dict[str, Any]:
    """Add a figure of an earlier event with its source, or change one; forecasts made from now on rest on it."""
    row, rows = _seen(ctx, args.seen)
    new = AnalogueRow(args.event, args.what, args.value, args.source, args.note)
    at = len(rows) if args.number is None else _at(rows, args.number)
    before = rows[at]._asdict() if at < len(rows) else None
    return _kept(ctx, [*rows[:at], new, *rows[at + 1 :]], row, at, before, new._asdict())


@act("passengers.analogue.remove", grants=Grant.HEADQUARTERS)
def remove(ctx: Context, args: RemoveArgs) -> dict[str, Any]:
    """Take a figure of an earlier event away."""
    row, rows = _seen(ctx, args.seen)
    at = _at(rows, args.number)
    gone = rows[at]._asdict()
    return _kept(ctx, [*rows[:at], *rows[at + 1 :]], row, at, gone, {"removed": True, **_named(gone)})


@act("passengers.analogue.undo", grants=Grant.HEADQUARTERS)
def undo(ctx: Context, args: UndoArgs) -> dict[str, Any]:
    """Take the last change of these figures back; what it had become stays kept."""
    row, rows = _seen(ctx, args.seen)
    if row is None or not row.found.get("edited"):
        raise BadInput(_("there is no change to take back"))
    return _kept(ctx, rows_before(row), row, 0, {"rows": len(rows)}, {"undid": row.digest})


def _seen(ctx: Context, seen: str) -> tuple[ForecastFile | None, list[AnalogueRow]]:
    """What stands now.

    :raises BadInput: somebody has changed it since it was seen.
    """
    row, rows = standing(ctx.the_event)
    if seen and (row is None or row.digest != seen):
        raise BadInput(_("somebody has changed this since; look at it anew"), field="seen", value=seen)
    return row, rows


def _at(rows: list[AnalogueRow], number: int) -> int:
    if number > len(rows):
        message = _("no row %(number)d; allowed: 1 … %(most)d") % {"number": number, "most": len(rows)}
        raise BadInput(message, field="number", value=number)
    return number - 1


def _kept(
    ctx: Context, rows: list[AnalogueRow], row: ForecastFile | None, at: int, before: Any, after: dict[str, Any]
) -> dict[str, Any]:
    try:
        made = keep_rows(ctx.the_event, rows, row, ctx.now, ctx.person)
    except Rejected as error:
        first = error.problems[0]
        field = next((name for name, heads in COLUMNS.items() if first.column in heads), "")
        raise BadInput(str(first), field=field, value=first.value) from error
    ctx.record(made, before, after | {"digest": made.digest})
    return {"number": at + 1, "rows": len(rows), "digest": made.digest}


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("event", "what")}
