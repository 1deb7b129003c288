"""Shape the organisation: units, posts, appointments."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.db.models import Q
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform.access import appointments_on
from tminus.platform.models import Appointment, Person, Post, Rank, Reach, Unit, UnitKind
from tminus.platform.organisation.reach import WIDE, require_organiser
from tminus.platform.registry import BadInput, Context, Grant, Missing, act

Code = Annotated[str, Field(pattern=r"^[^\s/]{1,60}$")]
UNIT_FIELDS = ("code", "name_en", "name_zh", "kind", "temporary", "from_date", "until_date", "order")
POST_FIELDS = ("code", "title_en", "title_zh", "rank", "reach", "place", "order")


class UnitFields(BaseModel):
    name_en: str = Field(min_length=1, max_length=200)
    name_zh: str = Field("", max_length=200)
    kind: UnitKind = UnitKind.DEPARTMENT
    temporary: bool = False
    from_date: date | None = None
    until_date: date | None = None
    order: int = Field(0, ge=0, le=100_000)


class UnitCreateArgs(UnitFields):
    code: Code
    parent: str | None = None


class UnitChangeArgs(UnitFields):
    unit: str


class UnitMoveArgs(BaseModel):
    unit: str
    parent: str | None


class UnitRetireArgs(BaseModel):
    unit: str
    until: date


class PostFields(BaseModel):
    title_en: str = Field(min_length=1, max_length=200)
    title_zh: str = Field("", max_length=200)
    rank: Rank = Rank.MEMBER
    reach: Reach = Reach.OWN
    place: str = Field("", max_length=80)
    order: int = Field(0, ge=0, le=100_000)


class PostCreateArgs(PostFields):
    code: Code
    unit: str


class PostChangeArgs(PostFields):
    post: str


class AppointArgs(BaseModel):
    post: str
    person: int
    from_date: date | None = None
    until_date: date | None = None
    home_unit: str | None = None


class EndArgs(BaseModel):
    appointment: int
    until: date


@act("organisation.unit.create", grants=Grant.ACT)
def create_unit(ctx: Context, args: UnitCreateArgs) -> dict[str, object]:
    """Add a unit, standing or temporary, below another."""
    parent = ctx.find(Unit, code=args.parent) if args.parent else None
    require_organiser(ctx, parent)
    if Unit.objects.filter(event=ctx.event, code=args.code).exists():
        raise BadInput(_("The code %(code)s is taken.") % {"code": args.code}, field="code", value=args.code)
    unit = Unit(
        event=ctx.the_event, parent=parent, path=path_below(parent, args.code), **args.model_dump(exclude={"parent"})
    )
    _dates(unit.from_date, unit.until_date)
    unit.save()
    ctx.record(unit, None, {**unit_values(unit), "parent": args.parent}, unit=unit)
    return {"unit": unit.code}


@act("organisation.unit.change", grants=Grant.ACT)
def change_unit(ctx: Context, args: UnitChangeArgs) -> dict[str, object]:
    """Change a unit's names, kind and dates."""
    unit = ctx.find(Unit, code=args.unit)
    require_organiser(ctx, unit, below=True)
    before = unit_values(unit)
    for name, value in args.model_dump(exclude={"unit"}).items():
        setattr(unit, name, value)
    _dates(unit.from_date, unit.until_date)
    unit.save()
    ctx.record(unit, *changed(before, unit_values(unit)), unit=unit)
    return {"unit": unit.code}


@act("organisation.unit.move", grants=Grant.ACT)
def move_unit(ctx: Context, args: UnitMoveArgs) -> dict[str, object]:
    """Put a unit, with all below it, under another."""
    unit = ctx.find(Unit, code=args.unit)
    parent = ctx.find(Unit, code=args.parent) if args.parent else None
    require_organiser(ctx, unit, below=True)
    require_organiser(ctx, parent)
    before = unit.parent.code if unit.parent else None
    move_below(unit, parent)
    ctx.record(unit, {"parent": before}, {"parent": args.parent}, unit=unit)
    return {"unit": unit.code, "path": unit.path}


@act("organisation.unit.retire", grants=Grant.ACT)
def retire_unit(ctx: Context, args: UnitRetireArgs) -> dict[str, object]:
    """Stand a unit down from a day on; its past and its duties stay readable."""
    unit = ctx.find(Unit, code=args.unit)
    require_organiser(ctx, unit, below=True)
    _dates(unit.from_date, args.until, field="until")
    below = Unit.objects.filter(
        Q(until_date=None) | Q(until_date__gt=args.until), event=ctx.event, path__startswith=unit.path
    )
    standing = [one.name for one in below if one.pk != unit.pk]
    if standing:
        raise BadInput(
            _("Units below still stand after that day: %(units)s.") % {"units": ", ".join(standing[:5])},
            field="unit",
            value=args.unit,
        )
    before, unit.until_date = unit.until_date, args.until
    unit.save(update_fields=["until_date"])
    ctx.record(unit, {"until_date": before}, {"until_date": args.until}, unit=unit)
    keep_headquarters(ctx)
    return {"unit": unit.code, "until": args.until}


@act("organisation.post.create", grants=Grant.ACT)
def create_post(ctx: Context, args: PostCreateArgs) -> dict[str, object]:
    """Add a post to a unit."""
    unit = ctx.find(Unit, code=args.unit)
    require_organiser(ctx, unit, reach=args.reach)
    if Post.objects.filter(event=ctx.event, code=args.code).exists():
        raise BadInput(_("The code %(code)s is taken.") % {"code": args.code}, field="code", value=args.code)
    post = Post.objects.create(event=ctx.the_event, unit=unit, **args.model_dump(exclude={"unit"}))
    ctx.record(post, None, {**post_values(post), "unit": unit.code}, unit=unit)
    return {"post": post.code}


@act("organisation.post.change", grants=Grant.ACT)
def change_post(ctx: Context, args: PostChangeArgs) -> dict[str, object]:
    """Change a post's title, rank or reach."""
    post = ctx.find(Post, code=args.post)
    require_organiser(ctx, post.unit, reach=post.reach)
    require_organiser(ctx, post.unit, reach=args.reach)
    before = post_values(post)
    for name, value in args.model_dump(exclude={"post"}).items():
        setattr(post, name, value)
    post.save()
    ctx.record(post, *changed(before, post_values(post)), unit=post.unit)
    keep_headquarters(ctx)
    return {"post": post.code}


@act("organisation.appointment.make", grants=Grant.ACT)
def appoint(ctx: Context, args: AppointArgs) -> dict[str, object]:
    """Appoint a person to a post; a seconded person keeps the home unit."""
    post = ctx.find(Post, code=args.post)
    require_organiser(ctx, post.unit, reach=post.reach)
    person = Person.objects.filter(pk=args.person, is_active=True, erased_at=None).first()
    if person is None:
        raise Missing(
            _("There is no person with number %(number)s.") % {"number": args.person}, field="person", value=args.person
        )
    home = ctx.find(Unit, code=args.home_unit) if args.home_unit else None
    _dates(args.from_date, args.until_date)
    overlapping = Appointment.objects.filter(post=post, person=person).filter(
        Q(until_date=None) | Q(until_date__gte=args.from_date or date.min),
        Q(from_date=None) | Q(from_date__lte=args.until_date or date.max),
    )
    if overlapping.exists():
        raise BadInput(
            _("%(person)s already holds this post then.") % {"person": person.name}, field="person", value=args.person
        )
    made = Appointment.objects.create(
        post=post, person=person, home_unit=home, from_date=args.from_date, until_date=args.until_date
    )
    values = {
        "post": post.code,
        "person": person.pk,
        "from_date": args.from_date,
        "until_date": args.until_date,
        "home_unit": args.home_unit,
    }
    ctx.record(made, None, values, unit=post.unit)
    return {"appointment": made.pk}


@act("organisation.appointment.end", grants=Grant.ACT)
def end_appointment(ctx: Context, args: EndArgs) -> dict[str, object]:
    """End an appointment on a day, its last."""
    made = Appointment.objects.filter(pk=args.appointment, post__event=ctx.event).select_related("post__unit").first()
    if made is None:
        raise Missing(_("There is no such appointment."), field="appointment", value=args.appointment)
    require_organiser(ctx, made.post.unit, reach=made.post.reach)
    _dates(made.from_date, args.until, field="until")
    before, made.until_date = made.until_date, args.until
    made.save(update_fields=["until_date"])
    ctx.record(made, {"until_date": before}, {"until_date": args.until}, unit=made.post.unit)
    keep_headquarters(ctx)
    return {"appointment": made.pk, "until": args.until}


def move_below(unit: Unit, parent: Unit | None) -> None:
    """Move the subtree and rewrite every path in it.

    :raises BadInput: the new parent lies within what is moved.
    """
    if parent is not None and parent.path.startswith(unit.path):
        raise BadInput(
            _("%(parent)s lies below %(unit)s: a unit cannot stand under itself.")
            % {"parent": parent.name, "unit": unit.name},
            field="parent",
            value=parent.code,
        )
    old, unit.parent = unit.path, parent
    unit.path = path_below(parent, unit.code)
    below = list(Unit.objects.filter(event=unit.event, path__startswith=old).exclude(pk=unit.pk))
    for one in below:
        one.path = unit.path + one.path.removeprefix(old)
    unit.save(update_fields=["parent", "path"])
    Unit.objects.bulk_update(below, ["path"])


def path_below(parent: Unit | None, code: str) -> str:
    return f"{parent.path if parent else '/'}{code}/"


def unit_values(unit: Unit) -> dict[str, object]:
    return {name: getattr(unit, name) for name in UNIT_FIELDS}


def post_values(post: Post) -> dict[str, object]:
    return {name: getattr(post, name) for name in POST_FIELDS}


def changed(before: dict[str, object], after: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """Only what differs, of both."""
    names = [name for name, value in before.items() if after[name] != value]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def keep_headquarters(ctx: Context) -> None:
    """:raises BadInput: nobody would be left at headquarters, so nobody could put it right."""
    if ctx.scope.system:
        return
    held = appointments_on(ctx.the_event, ctx.now.date()).filter(post__reach=Reach.EVENT, person__is_active=True)
    if not held.exists():
        raise BadInput(_("Nobody would be left at headquarters."), field="until")


def _dates(first: date | None, last: date | None, field: str = "until_date") -> None:
    if first and last and last < first:
        raise BadInput(_("It ends before it begins."), field=field, value=last.isoformat())


__all__ = ["WIDE", "changed", "move_below", "path_below", "post_values", "unit_values"]
