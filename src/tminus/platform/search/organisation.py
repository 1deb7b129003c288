"""Finds units and people."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tminus.platform.access import appointments_on
from tminus.platform.models import Person, Unit
from tminus.platform.registry import Context, Grant
from tminus.platform.search.finders import Hit, best, finds


@finds("unit", gettext_lazy("Units"), grants=Grant.MEMBER, order=3)
def units(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """Units of the event: the chart is everybody's to see."""
    known = Unit.objects.filter(event=ctx.event)
    found = best(known, words, ("code", "name_en", "name_zh"), then=("order", "id"), limit=limit)
    return [_unit(ctx, unit, fit) for unit, fit in found]


def _unit(ctx: Context, unit: Unit, fit: int) -> Hit:
    url = reverse("unit", kwargs={"event": ctx.the_event.slug, "code": unit.code})
    detail = unit.get_kind_display() + (f" · {_('temporary')}" if unit.temporary else "")
    return Hit(unit.name, url, detail, fit=fit)


@finds("person", gettext_lazy("People"), grants=Grant.READ, order=4)
def people(ctx: Context, words: tuple[str, ...], limit: int) -> list[Hit]:
    """People with a post in the units you may read."""
    held = appointments_on(ctx.the_event, ctx.now.date())
    if not ctx.scope.reads_all:
        held = held.filter(post__unit__in=ctx.scope.units_readable())
    known = Person.objects.filter(pk__in=held.values("person"))
    found = best(known, words, ("username", "name_en", "name_zh"), then=("username",), limit=limit)
    posts: dict[int, list[str]] = defaultdict(list)
    for one in (
        held.filter(person__in=[person for person, _fit in found])
        .select_related("post__unit")
        .order_by("post__order", "pk")
    ):
        posts[one.person_id].append(f"{one.post.title}, {one.post.unit.name}")
    return [_person(ctx, person, posts[person.pk], fit) for person, fit in found]


def _person(ctx: Context, person: Person, posts: list[str], fit: int) -> Hit:
    url = reverse("person", kwargs={"event": ctx.the_event.slug, "number": person.pk})
    return Hit(person.name, url, " · ".join(posts[:2]), fit=fit)
