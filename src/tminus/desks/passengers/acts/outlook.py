"""What is expected of the event, said on a page: visits, room of a day, visiting hours; undone by its last change."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.passengers.forecasting.outlook import further_with, outlook_said
from tminus.formats.problems import BadFile
from tminus.platform.models import RecordLine
from tminus.platform.registry import BadInput, Context, Grant, NothingArgs, act

Persons = Annotated[float, Field(gt=0, le=1e9)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-9]):[0-5]\d$")]
CODES = ("passengers.outlook.change", "passengers.outlook.undo")


class OutlookArgs(BaseModel):
    """Null: not known. ``capacity``: most visitors on any day, ``capacity_days``: of days that differ from it;
    ``choice_share``: of those turned away who come another day; ``country``: whose holidays count (CN, GB-SCT)."""

    expected_visits: Persons | None = None
    capacity: Persons | None = None
    opens: Clock | None = None
    closes: Clock | None = None
    last_entry: Clock | None = None
    daily_level: Persons | None = None
    choice_share: Annotated[float, Field(ge=0, le=1)] | None = None
    country: str = Field("", max_length=10)
    capacity_days: dict[date, Annotated[float, Field(ge=0, le=1e9)]] = Field(default_factory=dict, max_length=400)


@act("passengers.outlook.change", grants=Grant.HEADQUARTERS)
def change(ctx: Context, args: OutlookArgs) -> dict[str, Any]:
    """Say what is expected of the event as a whole; forecasts made from now on rest on it."""
    for field in ("opens", "closes"):
        if getattr(args, field) is None and any(getattr(args, one) for one in ("opens", "closes", "last_entry")):
            raise BadInput(_("visiting hours want an opening and a closing"), field=field)
    said = args.model_dump(mode="json")
    outside = [day for day in args.capacity_days if not ctx.the_event.opening <= day <= ctx.the_event.closing]
    if outside:
        event = ctx.the_event
        raise BadInput(
            _("%(day)s; allowed: a day of the event, %(first)s … %(last)s")
            % {"day": outside[0], "first": event.opening, "last": event.closing},
            field="capacity_days",
            value=str(outside[0]),
        )
    return _set(ctx, said)


@act("passengers.outlook.undo", grants=Grant.HEADQUARTERS)
def undo(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Take the last change of the outlook back."""
    last = RecordLine.objects.filter(event=ctx.event, code__in=CODES).order_by("-seq").first()
    if last is None or last.code != CODES[0]:
        raise BadInput(_("there is no change to take back"))
    return _set(ctx, last.before or {})


def _set(ctx: Context, said: dict[str, Any]) -> dict[str, Any]:
    event = ctx.the_event
    before = outlook_said(event)
    try:
        further = further_with(event, said)
    except BadFile as error:
        raise BadInput(str(error).removeprefix("event.json, "), field=_field(str(error)), value=None) from error
    event.settings = {**event.settings, "further": further}
    event.save(update_fields=["settings"])
    after = outlook_said(event)
    ctx.record(event, before, after)
    return after


def _field(message: str) -> str:
    """The field of the form a message speaks of."""
    names = {"visiting_hours": "last_entry", **{name: name for name in OutlookArgs.model_fields}}
    return next((field for name, field in names.items() if name in message), "")
