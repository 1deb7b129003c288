"""Make an event, change what it is, begin one from a past one, put it away."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.platform.events.copying import copy_into
from tminus.platform.models import Appointment, Event, Phase, Post, Rank, Reach, Unit, UnitKind
from tminus.platform.models.event import default_phases
from tminus.platform.models.record import INSTALLATION
from tminus.platform.registry import BadInput, Context, Grant, Missing, act

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
MOST_DAYS = 400


class EventArgs(BaseModel):
    name_en: Name
    name_zh: str = Field("", max_length=200)
    timezone: str = Field("Asia/Shanghai", max_length=60)
    opening: date
    closing: date
    checkpoint_days: int = Field(10, ge=1, le=90)


class CreateArgs(EventArgs):
    slug: Slug
    take_part: bool = True  # the creator gets the first headquarters post, without which nobody could go on


class PhaseArgs(BaseModel):
    id: str = Field(pattern=r"^[a-z_]{1,30}$")
    name_en: str = Field(min_length=1, max_length=60)
    name_zh: str = Field("", max_length=60)
    from_t: int = Field(ge=-2000, le=2000)
    to_t: int = Field(ge=-2000, le=2000)


class ChangeArgs(EventArgs):
    phases: list[PhaseArgs] | None = Field(None, max_length=12)


class CopyArgs(BaseModel):
    source: str
    slug: Slug
    name_en: Name
    name_zh: str = Field("", max_length=200)
    opening: date


class ArchiveArgs(BaseModel):
    slug: str
    archived: bool = True


@act("event.create", grants=Grant.ADMINISTRATOR, event=False)
def create(ctx: Context, args: CreateArgs) -> dict[str, str]:
    """Make a new event, with a headquarters its creator may be the first member of."""
    values = args.model_dump(exclude={"take_part"})
    event = _new(ctx, values)
    if args.take_part and ctx.person is not None:
        _first_post(ctx, event)
    return {"slug": event.slug}


@act("event.change", grants=Grant.HEADQUARTERS)
def change(ctx: Context, args: ChangeArgs) -> dict[str, str]:
    """Change the event's names, zone, opening and closing, phases and checkpoint rhythm."""
    event = ctx.the_event
    before = described(event)
    for name, value in args.model_dump(exclude={"phases"}).items():
        setattr(event, name, value)
    if args.phases is not None:
        event.phases = _phases(args.phases)
    _checked(event)
    event.save()
    after = described(event)
    ctx.record(
        event, {k: v for k, v in before.items() if after[k] != v}, {k: v for k, v in after.items() if before[k] != v}
    )
    return {"slug": event.slug}


@act("event.copy", grants=Grant.ADMINISTRATOR, event=False)
def copy(ctx: Context, args: CopyArgs) -> dict[str, object]:
    """Begin a new event from a past one: units, posts and plan, every date shifted to the new opening."""
    source = Event.objects.filter(slug=args.source).first()
    if source is None:
        raise Missing(_("There is no event %(slug)s.") % {"slug": args.source}, field="source", value=args.source)
    shift = args.opening - source.opening
    event = _new(
        ctx,
        {
            "slug": args.slug,
            "name_en": args.name_en,
            "name_zh": args.name_zh,
            "timezone": source.timezone,
            "opening": args.opening,
            "closing": source.closing + shift,
            "checkpoint_days": source.checkpoint_days,
            "phases": source.phases,
        },
    )
    counts = copy_into(source, event, shift)
    ctx.record(event, None, {"copied_from": source.slug, "shift_days": shift.days, **counts}, code="event.copy")
    return {"slug": event.slug, "shift_days": shift.days, "copied": counts}


@act("event.archive", grants=Grant.ADMINISTRATOR, event=False)
def archive(ctx: Context, args: ArchiveArgs) -> dict[str, object]:
    """Put a past event away, or bring it back; nothing of it is lost."""
    event = Event.objects.filter(slug=args.slug).first()
    if event is None:
        raise Missing(_("There is no event %(slug)s.") % {"slug": args.slug}, field="slug", value=args.slug)
    before, event.archived = event.archived, args.archived
    event.save(update_fields=["archived"])
    ctx.record(event, {"archived": before}, {"archived": event.archived})
    return {"slug": event.slug, "archived": event.archived}


def described(event: Event) -> dict[str, object]:
    names = ("name_en", "name_zh", "timezone", "opening", "closing", "checkpoint_days", "phases")
    return {name: getattr(event, name) for name in names}


def _new(ctx: Context, values: dict[str, object]) -> Event:
    slug = str(values["slug"])
    if slug == INSTALLATION or Event.objects.filter(slug=slug).exists():
        raise BadInput(_("The short name %(slug)s is taken.") % {"slug": slug}, field="slug", value=slug)
    event = Event(**{"phases": default_phases(), **values})
    _checked(event)
    event.save()
    ctx.record(event, None, {"slug": event.slug, **described(event)})
    return event


def _checked(event: Event) -> None:
    if event.closing < event.opening:
        raise BadInput(_("The event closes before it opens."), field="closing", value=event.closing.isoformat())
    if event.closing - event.opening > timedelta(days=MOST_DAYS):
        message = _("The event is open for more than %(days)d days.") % {"days": MOST_DAYS}
        raise BadInput(message, field="closing", value=event.closing.isoformat())
    try:
        event.clean_fields()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise BadInput(messages[0], field=field, value=getattr(event, field, None)) from error


def _phases(phases: list[PhaseArgs]) -> list[list[object]]:
    previous = None
    for phase in phases:
        if phase.to_t < phase.from_t:
            raise BadInput(_("The phase %(name)s ends before it begins.") % {"name": phase.name_en}, field="phases")
        if previous is not None and phase.from_t <= previous.to_t:
            names = {"first": previous.name_en, "second": phase.name_en}
            raise BadInput(_("The phases %(first)s and %(second)s overlap.") % names, field="phases")
        previous = phase
    return [list(Phase(p.id, p.name_en, p.name_zh, p.from_t, p.to_t)) for p in phases]


def _first_post(ctx: Context, event: Event) -> None:
    unit = Unit.objects.create(
        event=event, code="HQ", name_en="Headquarters", name_zh="指挥部", kind=UnitKind.HEADQUARTERS, path="/HQ/"
    )
    post = Post.objects.create(
        event=event,
        code="HQ-1",
        unit=unit,
        title_en="Head of headquarters",
        title_zh="指挥部负责人",
        rank=Rank.HEAD,
        reach=Reach.EVENT,
    )
    assert ctx.person is not None  # noqa: S101 - asked for before
    appointment = Appointment.objects.create(post=post, person=ctx.person)
    ctx.record(appointment, None, {"post": post.code, "person": ctx.person.pk}, code="organisation.appointment.make")
