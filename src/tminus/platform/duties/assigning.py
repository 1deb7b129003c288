"""Change who answers for a duty: there is always exactly one, from the moment it is issued."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tminus.platform.access import appointments_on
from tminus.platform.duties.signals import entered
from tminus.platform.duties.states import move
from tminus.platform.duties.telling import tell_about
from tminus.platform.duties.working_days import default_acknowledge_by
from tminus.platform.models import Duty, Person
from tminus.platform.registry import BadInput, Context


def assignable(ctx: Context) -> QuerySet[Person]:
    """Whoever holds a post in the event today and can sign in or be told."""
    held = appointments_on(ctx.the_event, ctx.now.date()).values("person")
    return Person.objects.filter(pk__in=held, is_active=True, erased_at=None)


def assign(ctx: Context, duty: Duty, person: Person, *, reason: str = "", code: str = "duty.handed_over") -> None:
    """Make ``person`` the accountable holder; they are asked to acknowledge anew.

    :raises BadInput: they hold no post in the event, hold the duty already, or the duty is submitted or closed.
    """
    if person == duty.holder:
        raise BadInput(_("%(person)s holds this duty already") % {"person": person}, field="person", value=person.pk)
    if not assignable(ctx).filter(pk=person.pk).exists():
        raise BadInput(
            _("%(person)s holds no post in this event today") % {"person": person}, field="person", value=person.pk
        )
    former, state = duty.holder, move(duty, "hand_over")
    duty.holder, duty.delegate, duty.assigned_at = person, None, ctx.now
    duty.acknowledge_by = default_acknowledge_by(ctx.the_event, ctx.now)
    duty.save()
    before = {"holder": former.pk if former else None, "state": state}
    after = {"holder": person.pk, "state": duty.state, "reason": reason}
    ctx.record(duty, before, after, unit=duty.unit, code=code)
    tell_about(ctx, duty, "duty.assigned", person)
    tell_about(ctx, duty, "duty.taken_over", former, by=person)
    entered(ctx, duty)
