"""What the people around a duty are told."""

from __future__ import annotations

from tminus.platform.models import Duty, Person
from tminus.platform.notices import tell
from tminus.platform.registry import Context


def tell_about(
    ctx: Context,
    duty: Duty,
    code: str,
    person: Person | None,
    *,
    urgent: bool = False,
    by: Person | None = None,
    reason: str = "",
) -> None:
    """One notice to ``person`` about what ``by`` did or holds, unless it is they themselves who act."""
    if person is None or person == ctx.person:
        return
    values = {
        "title_en": duty.title_en,
        "title_zh": duty.title_zh or duty.title_en,
        "due": duty.due_at.astimezone(duty.event.zone).isoformat(timespec="minutes") if duty.due_at else "",
        "reason": reason,
        "person_en": by.name_en or by.username if by else "–",
        "person_zh": by.name_zh or by.name_en or by.username if by else "–",
    }
    tell(ctx, person, code, values, url=url_of(duty), urgent=urgent)


def url_of(duty: Duty) -> str:
    """The duty's page; not reversed, so that no act from the command line loads every page of the console."""
    return f"/e/{duty.event.slug}/duties/{duty.pk}/"
