"""Links between tasks."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import BaseModel

from tminus.desks.planning.acts.plan import refreshed
from tminus.desks.planning.models import Task, TaskLink
from tminus.formats import values
from tminus.formats.problems import BadValue
from tminus.platform.languages import allowed_by
from tminus.platform.registry import BadInput, Context, Grant, act


class LinkArgs(BaseModel):
    predecessor: str
    successor: str
    kind: Literal["FS", "SS", "FF", "SF"] = "FS"
    lag: str = "0d"


class UnlinkArgs(BaseModel):
    predecessor: str
    successor: str
    kind: Literal["FS", "SS", "FF", "SF"] = "FS"


@act("planning.link", grants=Grant.ACT)
def link(ctx: Context, args: LinkArgs) -> dict[str, Any]:
    """Let one task wait for another; a link that closes a circle is refused with the circle."""
    pred, succ = ctx.find(Task, key=args.predecessor), ctx.find(Task, key=args.successor)
    ctx.require(succ.unit)
    if pred == succ:
        raise BadInput(_("a task cannot wait for itself"), field="predecessor", value=args.predecessor)
    try:
        lag = values.signed_duration(args.lag)
    except BadValue as error:
        raise BadInput(
            _("lag: %(lag)r; allowed: %(allowed)s") % {"lag": args.lag, "allowed": allowed_by(error)},
            field="lag",
            value=args.lag,
        ) from error
    ends: dict[str, Any] = {"event": ctx.the_event, "predecessor": pred, "successor": succ, "kind": args.kind}
    was = TaskLink.objects.filter(**ends).first()
    before = recorded(pred.key, was) if was else None
    set_to = {"lag_min": lag.minutes, "lag_elapsed": lag.elapsed, "lag_percent": None}
    made, _created = TaskLink.objects.update_or_create(**ends, defaults=set_to)
    refreshed(ctx)
    ctx.record(succ, before, recorded(pred.key, made), unit=succ.unit)
    return {"link": made.pk}


def recorded(pred: str, link: TaskLink) -> dict[str, Any]:
    """A link as the record keeps it with its successor."""
    found = {"link": f"{pred}{link.kind}", "lag_min": link.lag_min, "lag_elapsed": link.lag_elapsed}
    return found if link.lag_percent is None else {**found, "lag_percent": link.lag_percent}


@act("planning.unlink", grants=Grant.ACT)
def unlink(ctx: Context, args: UnlinkArgs) -> dict[str, Any]:
    """Let a task no longer wait for another."""
    succ = ctx.find(Task, key=args.successor)
    ctx.require(succ.unit)
    found = ctx.find(TaskLink, predecessor__key=args.predecessor, successor=succ, kind=args.kind)
    ctx.record(succ, recorded(args.predecessor, found), None, unit=succ.unit)
    found.delete()
    refreshed(ctx)
    return {"removed": f"{args.predecessor}{args.kind}"}
