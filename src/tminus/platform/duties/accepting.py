"""Who accepts: never the one who did it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from tminus.platform.access import NotAllowed
from tminus.platform.duties.heads import Heads
from tminus.platform.models import Duty, Person
from tminus.platform.registry import Context


def acceptor_of(duty: Duty, day: date) -> Person | None:
    """The head of the issuing post's unit; where that is vacant or the holder, the next head up the tree."""
    unit = duty.issuing_post.unit if duty.issuing_post else duty.unit
    did_it = {duty.holder_id, duty.delegate_id}
    return next((head for head in Heads(duty.event, day).upwards(unit) if head.pk not in did_it), None)


def require_acceptor(ctx: Context, duty: Duty) -> None:
    """The named acceptor, or whoever's posts reach the issuing unit, but never holder or delegate.

    :raises NotAllowed: anybody else.
    """
    if ctx.person is not None and ctx.person.pk in {duty.holder_id, duty.delegate_id}:
        ctx.checked = True
        raise NotAllowed(_("%(code)s: a duty is accepted by someone else than who did it") % {"code": ctx.code})
    ctx.require_any(duty.issuing_post.unit if duty.issuing_post else duty.unit, duty.acceptor)


def may_accept(ctx: Context, duty: Duty) -> bool:
    checked = ctx.checked
    try:
        require_acceptor(ctx, duty)
    except NotAllowed:
        return False
    finally:
        ctx.checked = checked
    return True
