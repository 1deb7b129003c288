"""What people do with their notices: read them, say how they want them, renew the address of their calendar."""

from __future__ import annotations

from datetime import time
from typing import Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform.models import CalendarToken, Notice, NoticePreference, Person
from tminus.platform.models.notice import new_token
from tminus.platform.registry import BadInput, Context, Grant, act


class ReadArgs(BaseModel):
    notices: list[int] | None = Field(None, max_length=2000)  # null: all


class PreferArgs(BaseModel):
    digest: Literal["at_once", "hourly", "daily", "off"] = "daily"
    quiet_from: time | None = None
    quiet_until: time | None = None
    urgent_breaks_quiet: bool = True


class RenewArgs(BaseModel):
    """Nothing to say: the old address stops working."""


@act("notice.read", grants=Grant.MEMBER)
def read(ctx: Context, args: ReadArgs) -> dict[str, int]:
    """Mark your notices as read."""
    person = _self(ctx)
    notices = Notice.objects.filter(event=ctx.event, person=person, read_at=None)
    if args.notices is not None:
        notices = notices.filter(pk__in=args.notices)
    count = notices.update(read_at=ctx.now)
    ctx.record(person, None, {"notices_read": count})
    return {"read": count}


@act("notice.prefer", grants=Grant.MEMBER)
def prefer(ctx: Context, args: PreferArgs) -> dict[str, object]:
    """Say how often you want mail and when to be left alone."""
    person = _self(ctx)
    if (args.quiet_from is None) != (args.quiet_until is None):
        raise BadInput(_("quiet hours need a start and an end"), field="quiet_until", value=args.quiet_until)
    row = NoticePreference.objects.filter(person=person).first() or NoticePreference(person=person)
    before = _described(row)
    row.digest, row.quiet_from, row.quiet_until = args.digest, args.quiet_from, args.quiet_until
    row.urgent_breaks_quiet = args.urgent_breaks_quiet
    row.save()
    ctx.record(row, before, _described(row))
    return _described(row)


@act("calendar.renew", grants=Grant.MEMBER)
def renew(ctx: Context, args: RenewArgs) -> dict[str, str]:
    """Make a new secret address for your calendar; the one before it stops working."""
    person = _self(ctx)
    row, _created = CalendarToken.objects.update_or_create(
        event=ctx.the_event, person=person, defaults={"token": new_token()}
    )
    ctx.record(row, None, {"renewed": True})
    return {"token": row.token}


def _self(ctx: Context) -> Person:
    ctx.checked = True
    if ctx.person is None:
        raise BadInput(_("needs a person"), field="person")
    return ctx.person


def _described(row: NoticePreference) -> dict[str, object]:
    return {
        "digest": str(row.digest),
        "quiet_from": row.quiet_from.isoformat("minutes") if row.quiet_from else None,
        "quiet_until": row.quiet_until.isoformat("minutes") if row.quiet_until else None,
        "urgent_breaks_quiet": row.urgent_breaks_quiet,
    }
