"""Counters: added with their key, changed, given another key, retired and brought back."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field, StringConstraints

from tminus.desks.passengers.intake.halved import Span, overlap
from tminus.desks.passengers.intake.store import recount
from tminus.desks.passengers.models import Counter
from tminus.formats.event_folder.schema import MOST_A_MINUTE
from tminus.platform.models.account import hashed, new_secret
from tminus.platform.registry import BadInput, Context, Grant, act, ask

Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
HOUR_S = 3600
RECOUNTED = frozenset({"kind", "every_s", "most_per_min"})
"""What readings mean: changing it changes what was counted."""
KEPT = ("node", "channels", "kind", "every_s", "most_per_min", "edge", "note")


class AddArgs(BaseModel):
    """``edge``: counts who comes onto the site; not said: true where the place is a gate."""

    code: Code
    node: str = Field(min_length=1, max_length=80)
    channels: Literal["both", "in", "out"] = "both"
    kind: Literal["interval", "cumulative"] = "interval"
    every_s: int = Field(60, ge=10, le=HOUR_S)
    most_per_min: int = Field(1000, ge=1, le=MOST_A_MINUTE)
    edge: bool | None = None
    note: str = Field("", max_length=300)


class ChangeArgs(BaseModel):
    """What is not given stays."""

    code: Code
    node: str | None = Field(None, min_length=1, max_length=80)
    channels: Literal["both", "in", "out"] | None = None
    kind: Literal["interval", "cumulative"] | None = None
    every_s: int | None = Field(None, ge=10, le=HOUR_S)
    most_per_min: int | None = Field(None, ge=1, le=MOST_A_MINUTE)
    edge: bool | None = None
    note: str | None = Field(None, max_length=300)


class CodeArgs(BaseModel):
    code: Code


class HalveArgs(BaseModel):
    """Readings from ``begin`` until before ``until``, on the event's clock unless they name a zone; without ``until``
    all that come from then on."""

    code: Code
    begin: datetime
    until: datetime | None = None


class WholeArgs(BaseModel):
    """``begin``: as the halves were told to begin."""

    code: Code
    begin: datetime


@act("passengers.counter.add", grants=Grant.HEADQUARTERS)
def add(ctx: Context, args: AddArgs) -> dict[str, Any]:
    """Add a counter at a place; its key is shown this once."""
    kind = _place(ctx, args.node)
    _divides_the_hour(args.every_s)
    if Counter.objects.filter(event=ctx.event, code=args.code).exists():
        raise BadInput(_("there is a counter %(code)s already") % {"code": args.code}, field="code", value=args.code)
    key = new_secret()
    values = {**args.model_dump(), "edge": kind == "gate" if args.edge is None else args.edge}
    counter = Counter.objects.create(
        event=ctx.the_event, key_hash=hashed(key), made_at=timezone.now(), **{**values, "note": args.note.strip()}
    )
    ctx.record(counter, None, {"code": counter.code, **_kept(counter)})
    return {"code": counter.code, "key": key}


@act("passengers.counter.change", grants=Grant.HEADQUARTERS)
def change(ctx: Context, args: ChangeArgs) -> dict[str, Any]:
    """Set a counter's place or what its readings mean; what was counted follows."""
    counter = ctx.find(Counter, code=args.code)
    given = {name: value for name, value in args.model_dump(exclude={"code"}).items() if value is not None}
    if "node" in given:
        _place(ctx, given["node"])
    _divides_the_hour(given.get("every_s", counter.every_s))
    before = _kept(counter)
    for name, value in given.items():
        setattr(counter, name, value)
    counter.save(update_fields=list(given))
    after = _kept(counter)
    changed = {name for name in KEPT if before[name] != after[name]}
    if changed & RECOUNTED:
        recount(counter)
    ctx.record(
        counter,
        {name: before[name] for name in changed},
        {"code": counter.code, **{name: after[name] for name in changed}},
    )
    return {"code": counter.code, **after}


@act("passengers.counter.believe", grants=Grant.HEADQUARTERS)
def believe(ctx: Context, args: CodeArgs) -> dict[str, Any]:
    """Vouch for a counter whose figures look like totals or doubled: they are persons, and believed from now on."""
    return _vouched(ctx, args.code, True)


@act("passengers.counter.doubt", grants=Grant.HEADQUARTERS)
def doubt(ctx: Context, args: CodeArgs) -> dict[str, Any]:
    """Vouch for a counter no longer: figures that look like totals or doubled are not believed."""
    return _vouched(ctx, args.code, False)


def _vouched(ctx: Context, code: str, believed: bool) -> dict[str, Any]:
    counter = ctx.find(Counter, code=code)
    before, counter.believed = counter.believed, believed
    counter.save(update_fields=["believed"])
    ctx.record(counter, {"believed": before}, {"code": code, "believed": believed})
    return {"code": code, "believed": believed}


@act("passengers.counter.halve", grants=Grant.HEADQUARTERS)
def halve(ctx: Context, args: HalveArgs) -> dict[str, Any]:
    """Say that a counter saw everybody twice in a time: its readings count half; what was counted follows."""
    counter = ctx.find(Counter, code=args.code)
    begin, until = _second(ctx, args.begin), _second(ctx, args.until) if args.until else None
    if until is not None and until <= begin:
        message = _("until: %(until)s; allowed: after %(begin)s") % {"until": args.until, "begin": args.begin}
        raise BadInput(message, field="until", value=str(args.until))
    if any(overlap((begin, until), (one[0], one[1])) for one in counter.halved):
        message = _("%(code)s counts half already in part of that time; allowed: another time, or count it whole first")
        raise BadInput(message % {"code": args.code}, field="begin", value=str(args.begin))
    return _halved(ctx, counter, sorted([*counter.halved, [begin, until]], key=itemgetter(0)), "halved", (begin, until))


@act("passengers.counter.whole", grants=Grant.HEADQUARTERS)
def whole(ctx: Context, args: WholeArgs) -> dict[str, Any]:
    """Undo a counter's halves: its readings of that time count whole again; what was counted follows."""
    counter = ctx.find(Counter, code=args.code)
    begin = _second(ctx, args.begin)
    gone = next((one for one in counter.halved if one[0] == begin), None)
    if gone is None:
        known = ", ".join(_told(ctx, one[0]) for one in counter.halved) or _("none yet")
        message = _("no halves begin at %(begin)s; allowed: %(known)s") % {"begin": args.begin, "known": known}
        raise BadInput(message, field="begin", value=str(args.begin))
    return _halved(ctx, counter, [one for one in counter.halved if one != gone], "whole", (gone[0], gone[1]))


def _halved(ctx: Context, counter: Counter, spans: list[list[int | None]], what: str, span: Span) -> dict[str, Any]:
    counter.halved = spans
    counter.save(update_fields=["halved"])
    recount(counter)
    told = {"code": counter.code, "from": _told(ctx, span[0]), "until": _told(ctx, span[1]) if span[1] else "…"}
    ctx.record(counter, None, {what: True, **told})
    return told


def _second(ctx: Context, at: datetime) -> int:
    """Seconds since 1970; a time without a zone is on the event's clock."""
    return int((at if at.tzinfo else at.replace(tzinfo=ctx.the_event.zone)).timestamp())


def _told(ctx: Context, at_s: int) -> str:
    """On the event's clock."""
    return datetime.fromtimestamp(at_s, ctx.the_event.zone).replace(tzinfo=None).isoformat(" ")


@act("passengers.counter.new_key", grants=Grant.HEADQUARTERS)
def new_key(ctx: Context, args: CodeArgs) -> dict[str, str]:
    """Give a counter another key, shown this once; the old one opens nothing from now on."""
    counter = ctx.find(Counter, code=args.code)
    key = new_secret()
    counter.key_hash = hashed(key)
    counter.save(update_fields=["key_hash"])
    ctx.record(counter, None, {"code": counter.code})
    return {"code": counter.code, "key": key}


@act("passengers.counter.retire", grants=Grant.HEADQUARTERS)
def retire(ctx: Context, args: CodeArgs) -> dict[str, str]:
    """Retire a counter: its key opens nothing, its counts stay."""
    return _retired(ctx, args.code, True)


@act("passengers.counter.restore", grants=Grant.HEADQUARTERS)
def restore(ctx: Context, args: CodeArgs) -> dict[str, str]:
    """Bring a retired counter back, with the key it had."""
    return _retired(ctx, args.code, False)


def _retired(ctx: Context, code: str, gone: bool) -> dict[str, str]:
    counter = ctx.find(Counter, code=code)
    if (counter.retired_at is not None) == gone:
        said = _("counter %(code)s is retired already") if gone else _("counter %(code)s is in use")
        raise BadInput(said % {"code": code}, field="code", value=code)
    counter.retired_at = ctx.now if gone else None
    counter.save(update_fields=["retired_at"])
    ctx.record(counter, {"retired": not gone}, {"code": code, "retired": gone})
    return {"code": code}


def _kept(counter: Counter) -> dict[str, Any]:
    return {name: getattr(counter, name) for name in KEPT}


def _place(ctx: Context, node: str) -> str:
    """The kind of the place.

    :raises BadInput: no such place on the operations map.
    """
    kinds = {place["code"]: place["kind"] for place in ask("planning.places", event=ctx.event, system=True)}
    if node not in kinds:
        known = ", ".join(list(kinds)[:8]) + (", …" if len(kinds) > 8 else "")
        raise BadInput(
            _("no place %(node)r; allowed: %(allowed)s") % {"node": node, "allowed": known or _("none yet")},
            field="node",
            value=node,
        )
    return str(kinds[node])


def _divides_the_hour(every_s: int) -> None:
    if HOUR_S % every_s:
        raise BadInput(
            _("every_s: %(given)s; allowed: a divisor of 3600, such as 60, 300, 900") % {"given": every_s},
            field="every_s",
            value=every_s,
        )
