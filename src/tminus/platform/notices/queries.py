"""Notices, how a person wants them, and the address of their calendar."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from tminus.platform.models import CalendarToken, Event, Notice, NoticePreference, Person
from tminus.platform.notices.sentences import sentence
from tminus.platform.registry import Context, Grant, query


class NoticesArgs(BaseModel):
    unread: bool = False
    limit: int = Field(100, ge=1, le=1000)


class NothingArgs(BaseModel):
    """No arguments."""


@query("notice.mine", grants=Grant.MEMBER)
def mine(ctx: Context, args: NoticesArgs) -> dict[str, Any]:
    """Your notices, the newest first."""
    notices = Notice.objects.filter(event=ctx.event, person=ctx.person)
    shown = notices.filter(read_at=None) if args.unread else notices
    rows = [
        {
            "id": notice.pk,
            "at": notice.at.astimezone(ctx.the_event.zone),
            "text": sentence(notice),
            "url": notice.url,
            "urgent": notice.urgent,
            "read": notice.read_at is not None,
        }
        for notice in shown[: args.limit]
    ]
    return {"notices": rows, "unread": notices.filter(read_at=None).count()}


@query("notice.preference", grants=Grant.MEMBER)
def preference(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """How you want to be told, and whether you have a calendar address."""
    row = NoticePreference.objects.filter(person=ctx.person).first() or NoticePreference()
    token = CalendarToken.objects.filter(event=ctx.event, person=ctx.person).first()
    return {
        "digest": str(row.digest),
        "quiet_from": row.quiet_from,
        "quiet_until": row.quiet_until,
        "urgent_breaks_quiet": row.urgent_breaks_quiet,
        "token": token.token if token else None,
    }


def unread(event: Event, person: Person) -> int:
    """The number the frame of every page shows."""
    return Notice.objects.filter(event=event, person=person, read_at=None).count()
