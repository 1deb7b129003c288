"""The chart at a day, a unit, the people, and what a person reaches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.platform.access import appointments_on, scope_of
from tminus.platform.models import Appointment, Duty, Person, Post, Unit
from tminus.platform.organisation import importing  # noqa: F401 - registers the sheet's act and query
from tminus.platform.registry import Context, Grant, Missing, NothingArgs, query

OPEN_STATES = ("assigned", "acknowledged", "in_progress", "returned", "submitted")


class ChartArgs(BaseModel):
    day: date | None = None


class UnitArgs(BaseModel):
    unit: str
    day: date | None = None


class PeopleArgs(BaseModel):
    text: str = ""


class PersonArgs(BaseModel):
    person: int


@query("organisation.chart", grants=Grant.MEMBER)
def chart(ctx: Context, args: ChartArgs) -> dict[str, Any]:
    """The tree of units standing on a day, each with its head, its people and its vacant posts.

    Everyone with a post sees the chart: who answers for what is no secret inside an event. Phones and
    addresses are not in it.
    """
    day = args.day or ctx.now.date()
    units = [unit for unit in Unit.objects.filter(event=ctx.event).order_by("order", "id") if unit.stands_on(day)]
    posts = _posts_by_unit(ctx, day)
    rows = {unit.pk: _node(unit, posts.get(unit.pk, [])) for unit in units}
    roots: list[dict[str, Any]] = []
    for unit in units:
        above = rows.get(unit.parent_id) if unit.parent_id else None
        (above["children"] if above else roots).append(rows[unit.pk])
    return {"day": day, "t": ctx.the_event.t(day).n, "roots": roots, "units": len(units), **_totals(rows.values())}


@query("organisation.unit", grants=Grant.MEMBER)
def unit(ctx: Context, args: UnitArgs) -> dict[str, Any]:
    """One unit: its place, posts, people, and how many duties it has open."""
    found = ctx.find(Unit, code=args.unit)
    day = args.day or ctx.now.date()
    above = Unit.objects.filter(event=ctx.event, code__in=found.path.strip("/").split("/")[:-1])
    by_code = {one.code: one for one in above}
    reads = ctx.scope.can_read(found)
    return {
        **_node(found, _posts_by_unit(ctx, day, found).get(found.pk, [])),
        "above": [{"code": code, "name": by_code[code].name} for code in found.path.strip("/").split("/")[:-1]],
        "below": [{"code": one.code, "name": one.name} for one in found.children.all()],
        "order": found.order,
        "name_en": found.name_en,
        "name_zh": found.name_zh,
        "duties": _duties(ctx, found) if reads else None,
        "can_act": ctx.scope.can_act(found),
    }


@query("organisation.people", grants=Grant.READ)
def people(ctx: Context, args: PeopleArgs) -> list[dict[str, Any]]:
    """The people with a post in the units you may read, with their posts."""
    held = appointments_on(ctx.the_event, ctx.now.date()).select_related("person", "post__unit", "home_unit")
    if not ctx.scope.reads_all:
        held = held.filter(post__unit__in=ctx.scope.units_readable())
    rows: dict[int, dict[str, Any]] = {}
    for one in held.order_by("person__username", "post__order"):
        row = rows.setdefault(one.person_id, {**_person(one.person), "posts": []})
        row["posts"].append(_held(one))
    wanted = args.text.casefold()
    return [row for row in rows.values() if wanted in f"{row['name']} {row['username']} {row['posts']}".casefold()]


@query("organisation.access", grants=Grant.MEMBER)
def access(ctx: Context, args: PersonArgs) -> dict[str, Any]:
    """What a person's posts let them read and act on: your own, or anybody's in the units you may read."""
    person = _readable_person(ctx, args.person)
    scope = scope_of(person, ctx.the_event, ctx.now.date())
    held = appointments_on(ctx.the_event, ctx.now.date()).filter(person=person)
    return {
        **_person(person),
        "posts": [_held(one) for one in held.select_related("person", "post__unit", "home_unit")],
        "administrator": person.is_administrator,
        "headquarters": scope.headquarters,
        "reads_all": scope.reads_all,
        "observer": scope.observer,
        "acts_on": [{"code": one.code, "name": one.name} for one in scope.units_actable()],
        "reads": [{"code": one.code, "name": one.name} for one in scope.units_readable()],
    }


@query("organisation.sheet", grants=Grant.HEADQUARTERS)
def sheet(ctx: Context, args: NothingArgs) -> dict[str, list[dict[str, Any]]]:
    """Units, people and posts as the rows of the organisation sheet, every appointment with its dates."""
    units = Unit.objects.filter(event=ctx.event).select_related("parent").order_by("path")
    posts = Post.objects.filter(event=ctx.event).select_related("unit").order_by("unit__path", "order", "id")
    held: dict[int, list[Appointment]] = defaultdict(list)
    for one in Appointment.objects.filter(post__event=ctx.event).select_related("person", "home_unit"):
        held[one.post_id].append(one)
    persons = {one.person_id: one.person for rows in held.values() for one in rows}
    return {
        "units": [_unit_row(one) for one in units],
        "people": [_person_row(persons[key]) for key in sorted(persons, key=lambda key: persons[key].username)],
        "posts": [_post_row(post, one) for post in posts for one in held.get(post.pk) or (None,)],
    }


def _readable_person(ctx: Context, number: int) -> Person:
    person = Person.objects.filter(pk=number).first()
    if person is not None and (person == ctx.person or ctx.scope.reads_all):
        return person
    within = Appointment.objects.filter(person_id=number, post__unit__in=ctx.scope.units_readable())
    if person is None or ctx.scope.observer or not within.exists():
        raise Missing(
            _("There is no person with number %(number)s.") % {"number": number}, field="person", value=number
        )
    return person


def _posts_by_unit(ctx: Context, day: date, only: Unit | None = None) -> dict[int, list[dict[str, Any]]]:
    posts = Post.objects.filter(event=ctx.event)
    held_then = appointments_on(ctx.the_event, day)
    if only is not None:
        posts, held_then = posts.filter(unit=only), held_then.filter(post__unit=only)
    holders: dict[int, list[Appointment]] = defaultdict(list)
    for one in held_then.select_related("person", "home_unit"):
        holders[one.post_id].append(one)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for post in posts.order_by("order", "id"):
        found[post.unit_id].append(_post(post, holders.get(post.pk, [])))
    return found


def _post(post: Post, holders: list[Appointment]) -> dict[str, Any]:
    return {
        "code": post.code,
        "title": post.title,
        "title_en": post.title_en,
        "title_zh": post.title_zh,
        "rank": str(post.rank),
        "rank_name": post.get_rank_display(),
        "reach": str(post.reach),
        "reach_name": post.get_reach_display(),
        "place": post.place,
        "order": post.order,
        "vacant": not holders,
        "holders": [
            {
                "appointment": one.pk,
                "id": one.person_id,
                "name": one.person.name,
                "from": one.from_date,
                "until": one.until_date,
                "home_unit": one.home_unit.name if one.home_unit else None,
            }
            for one in holders
        ],
    }


def _node(unit: Unit, posts: list[dict[str, Any]]) -> dict[str, Any]:
    heads = [holder for post in posts if post["rank"] == "head" for holder in post["holders"]]
    holders = [holder for post in posts for holder in post["holders"]]
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": str(unit.kind),
        "kind_name": unit.get_kind_display(),
        "temporary": unit.temporary,
        "from": unit.from_date,
        "until": unit.until_date,
        "heads": heads,
        "posts": posts,
        "people": len({holder["id"] for holder in holders}),
        "vacant": sum(post["vacant"] for post in posts),
        "seconded": sum(holder["home_unit"] is not None for holder in holders),
        "children": [],
    }


def _totals(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = list(rows)
    people = {holder["id"] for row in found for post in row["posts"] for holder in post["holders"]}
    return {
        "people": len(people),
        "temporary": sum(row["temporary"] for row in found),
        "vacant": sum(row["vacant"] for row in found),
        "seconded": sum(row["seconded"] for row in found),
    }


def _duties(ctx: Context, unit: Unit) -> dict[str, int]:
    counts = Duty.objects.filter(event=ctx.event, unit=unit).values_list("state").annotate(Count("id"))
    by_state = dict(counts.order_by())
    late = Duty.objects.filter(event=ctx.event, unit=unit, state__in=OPEN_STATES[:4], due_at__lt=ctx.now)
    return {"open": sum(by_state.get(state, 0) for state in OPEN_STATES), "late": late.count()}


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.pk,
        "name": person.name,
        "username": person.username,
        "email": person.email,
        "phone": person.phone,
        "active": person.is_active,
    }


def _held(one: Appointment) -> dict[str, Any]:
    return {
        "post": one.post.code,
        "title": one.post.title,
        "unit": {"code": one.post.unit.code, "name": one.post.unit.name},
        "reach": str(one.post.reach),
        "reach_name": one.post.get_reach_display(),
        "from": one.from_date,
        "until": one.until_date,
        "home_unit": one.home_unit.name if one.home_unit else None,
    }


def _unit_row(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.code,
        "name_en": unit.name_en,
        "name_zh": unit.name_zh,
        "kind": str(unit.kind),
        "parent": unit.parent.code if unit.parent else "",
        "temporary": "1" if unit.temporary else "0",
        "from": unit.from_date,
        "until": unit.until_date,
    }


def _person_row(person: Person) -> dict[str, Any]:
    language = "zh" if person.language.startswith("zh") else "en"
    return {
        "id": person.username,
        "name_en": person.name_en,
        "name_zh": person.name_zh,
        "email": person.email,
        "phone": person.phone,
        "language": language,
    }


def _post_row(post: Post, one: Appointment | None) -> dict[str, Any]:
    return {
        "id": post.code,
        "unit": post.unit.code,
        "title_en": post.title_en,
        "title_zh": post.title_zh,
        "rank": str(post.rank),
        "reach": str(post.reach),
        "holder": one.person.username if one else "",
        "from": one.from_date if one else None,
        "until": one.until_date if one else None,
        "home_unit": one.home_unit.code if one and one.home_unit else "",
        "place": post.place,
    }
