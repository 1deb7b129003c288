"""Issue a duty, change when it is due, withdraw it: called by desks inside their own acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from tminus.platform.duties.signals import entered
from tminus.platform.duties.states import move
from tminus.platform.duties.telling import tell_about
from tminus.platform.duties.working_days import default_acknowledge_by
from tminus.platform.models import Duty, DutyState, Person, Post, Unit
from tminus.platform.registry import BadInput, Context


def issue(
    ctx: Context,
    about: models.Model,
    title: tuple[str, str],
    holder: Person,
    unit: Unit | None,
    due_at: datetime | None,
    acknowledge_by: datetime | None = None,
    supporting: Sequence[Unit] = (),
    issuing_post: Post | None = None,
    *,
    notify: bool = True,
) -> Duty:
    """Put ``holder`` under the duty about ``about``; the one it had and that was withdrawn is opened again.

    :param title: in English and Chinese.
    :param due_at: aware; ``None`` for a duty without a date.
    :param acknowledge_by: by default two working days from now (event setting ``acknowledge_days``).
    :param notify: ``False`` while an event is loaded, where nobody is to be told of what is long known.
    :raises BadInput: the object has an open or accepted duty already, or a time without zone.
    """
    about_type = about._meta.label_lower
    duty = of(about, ctx) or Duty(event=ctx.the_event, about_type=about_type, about_id=about.pk)
    if duty.pk and duty.state != DutyState.WITHDRAWN:
        raise BadInput(
            _("%(about_type)s %(pk)s has a duty already") % {"about_type": about_type, "pk": about.pk},
            field="about",
            value=about.pk,
        )
    if due_at is not None and due_at.tzinfo is None:
        raise BadInput(_("due_at names no zone"), field="due_at", value=due_at)
    duty.title_en, duty.title_zh = title[0] or title[1], title[1]
    duty.unit, duty.holder, duty.delegate, duty.issuing_post = unit, holder, None, issuing_post
    duty.state, duty.closed_at, duty.assigned_at, duty.due_at = DutyState.ASSIGNED, None, ctx.now, due_at
    duty.acknowledge_by = acknowledge_by or default_acknowledge_by(ctx.the_event, ctx.now)
    reopened = duty.pk is not None
    duty.save()
    if supporting or reopened:
        duty.supporting_units.set(supporting)
    ctx.record(duty, None, _issued(duty), unit=unit, code="duty.issued")
    if notify:
        tell_about(ctx, duty, "duty.assigned", holder)
    entered(ctx, duty)
    return duty


def of(about: models.Model, ctx: Context) -> Duty | None:
    """The duty about an object, if it has one."""
    return Duty.objects.filter(event=ctx.the_event, about_type=about._meta.label_lower, about_id=about.pk).first()


def change_due(ctx: Context, duty: Duty, due_at: datetime | None, *, notify: bool = True) -> None:
    """Move the date of an open duty; its ladder starts anew from the new date."""
    if duty.due_at == due_at:
        return
    if not duty.open:
        raise BadInput(
            _("duty %(pk)s is %(state)s; allowed: open duties") % {"pk": duty.pk, "state": duty.state},
            field="duty",
            value=duty.pk,
        )
    before, duty.due_at = duty.due_at, due_at
    duty.save(update_fields=["due_at"])
    ctx.record(duty, {"due_at": before}, {"due_at": due_at}, unit=duty.unit, code="duty.due_changed")
    if notify and duty.holder:
        tell_about(ctx, duty, "duty.due_changed", duty.holder)


def withdraw(ctx: Context, duty: Duty, reason: str, *, notify: bool = True) -> None:
    """Take the duty off its holder: there is nothing to do any more."""
    before = move(duty, "withdraw")
    duty.closed_at = ctx.now
    duty.save(update_fields=["state", "closed_at"])
    after = {"state": duty.state, "reason": reason}
    ctx.record(duty, {"state": before}, after, unit=duty.unit, code="duty.withdrawn")
    if notify and duty.holder:
        tell_about(ctx, duty, "duty.withdrawn", duty.holder, reason=reason)
    entered(ctx, duty)


def _issued(duty: Duty) -> dict[str, object]:
    return {
        "about": f"{duty.about_type} {duty.about_id}",
        "title": duty.title_en,
        "holder": duty.holder_id,
        "due_at": duty.due_at,
        "acknowledge_by": duty.acknowledge_by,
        "state": duty.state,
    }
