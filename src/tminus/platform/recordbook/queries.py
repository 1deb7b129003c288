"""Lines of the record within a person's reach, the history of one object, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from pydantic import BaseModel, Field

from tminus.platform.models import RecordHead, RecordLine
from tminus.platform.record import chain_of, unsealed
from tminus.platform.recordbook.sentences import sentence
from tminus.platform.recordbook.verify import verify
from tminus.platform.registry import Context, Grant, NothingArgs, query


class LinesArgs(BaseModel):
    code: str = ""  # a code or the beginning of one
    person: int | None = None
    unit: str = ""
    object_type: str = ""
    object_id: str = ""
    from_date: date | None = None
    until_date: date | None = None
    before_seq: int | None = None
    limit: int = Field(100, ge=1, le=10_000)


class HistoryArgs(BaseModel):
    object_type: str
    object_id: str
    limit: int = Field(200, ge=1, le=2000)


@query("record.lines", grants=Grant.READ)
def lines(ctx: Context, args: LinesArgs) -> dict[str, Any]:
    """Lines of the record of the units you may read, latest first."""
    found = _within(ctx)
    if args.code:
        found = found.filter(Q(code=args.code) | Q(code__startswith=f"{args.code.rstrip('.')}."))
    if args.person is not None:
        found = found.filter(actor_id=args.person)
    if args.unit:
        found = found.filter(unit_path__contains=f"/{args.unit}/")
    if args.object_type:
        found = found.filter(object_type=args.object_type)
    if args.object_id:
        found = found.filter(object_id=args.object_id)
    found = _between(ctx, found, args.from_date, args.until_date)
    total = found.count()
    if args.before_seq is not None:
        found = found.filter(seq__lt=args.before_seq)
    rows = list(found.select_related("actor").order_by("-seq")[: args.limit])
    return {
        "lines": told(ctx, rows),
        "total": total,
        "codes": sorted(set(_within(ctx).order_by().values_list("code", flat=True).distinct())),
    }


@query("record.history", grants=Grant.READ)
def history(ctx: Context, args: HistoryArgs) -> list[dict[str, Any]]:
    """What happened to one object, latest first."""
    found = _within(ctx).filter(object_type=args.object_type, object_id=args.object_id)
    return told(ctx, list(found.select_related("actor").order_by("-seq")[: args.limit]))


@query("record.head", grants=Grant.HEADQUARTERS)
def head(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """The last line's number and hash, to be printed or kept elsewhere."""
    row = RecordHead.objects.filter(chain=chain_of(ctx.event)).first()
    return {"chain": chain_of(ctx.event), "seq": row.seq if row else 0, "hash": row.hash if row else ""}


@query("record.verify", grants=Grant.HEADQUARTERS)
def verified(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Whether every line of the event's record stands as it was written."""
    findings = verify(chain_of(ctx.event))
    return {"whole": not findings, "findings": [found.as_json() for found in findings]}


def told(ctx: Context, rows: Iterable[RecordLine]) -> list[dict[str, Any]]:
    """Lines as people read them; personal values are opened only to those who may read them."""
    return [_told(ctx, line) for line in rows]


def _told(ctx: Context, line: RecordLine) -> dict[str, Any]:
    before, after = _values(ctx, line.before), _values(ctx, line.after)
    return {
        "seq": line.seq,
        "at": line.at.astimezone(ctx.event.zone) if ctx.event else line.at,
        "actor": line.actor.name if line.actor else None,
        "channel": line.channel,
        "code": line.code,
        "sentence": sentence(line),
        "object_type": line.object_type,
        "object_id": line.object_id,
        "changes": _changes(before, after),
        "hash": line.hash,
    }


def _changes(before: Any, after: Any) -> list[dict[str, Any]]:
    old, new = _flat(before or {}), _flat(after or {})
    return [{"name": name, "before": old.get(name), "after": new.get(name)} for name in {**old, **new}]


def _flat(values: dict[str, Any]) -> dict[str, Any]:
    """Values within values by their path: ``units.added``; what has not changed at all (0) is left out."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": one for inner, one in _flat(value).items() if one not in (0, "")}
        else:
            flat[name] = value
    return flat


def _values(ctx: Context, values: Any) -> Any:
    if not isinstance(values, dict):
        return values
    return {name: _opened(ctx, value) for name, value in values.items()}


def _opened(ctx: Context, value: Any) -> Any:
    if not (isinstance(value, dict) and "$sealed" in value):
        return value
    own = ctx.person is not None and ctx.person.pk == value["$person"]
    if own or ctx.scope.acts_everywhere or ctx.scope.administrator:
        return unsealed(value)
    return "…"


def _within(ctx: Context) -> QuerySet[RecordLine]:
    found = RecordLine.objects.filter(chain=chain_of(ctx.event))
    if ctx.scope.acts_everywhere or ctx.scope.reads_all:
        return found
    reached = Q(unit_path__in=ctx.scope.own_paths)
    if ctx.person is not None:
        reached |= Q(actor=ctx.person)
    for path in ctx.scope.subtree_paths:
        reached |= Q(unit_path__startswith=path)
    return found.filter(reached)


def _between(ctx: Context, found: QuerySet[RecordLine], first: date | None, last: date | None) -> QuerySet[RecordLine]:
    zone = ctx.the_event.zone
    if first:
        found = found.filter(at__gte=datetime.combine(first, time.min, tzinfo=zone))
    if last:
        found = found.filter(at__lt=datetime.combine(last + timedelta(days=1), time.min, tzinfo=zone))
    return found
