"""Frozen checkpoints: their list, one as it stood, two side by side, and the document itself."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.planning.acts.frozen import is_automatic
from tminus.desks.planning.frozen.compared import compared
from tminus.desks.planning.frozen.document import document_of
from tminus.desks.planning.frozen.sealed import fault_of, line_of
from tminus.desks.planning.frozen.told import Names, told, within
from tminus.desks.planning.models import FrozenCheckpoint
from tminus.desks.planning.standing import standing
from tminus.platform.access import NotAllowed
from tminus.platform.models import TDay
from tminus.platform.registry import BadInput, Context, Grant, Missing, query


class FrozenListArgs(BaseModel):
    """``t``: only of this checkpoint, T-70; empty for all."""

    t: str = ""


class FrozenArgs(BaseModel):
    number: int


class ShowArgs(FrozenArgs):
    """``limit``: rows of each list, the worst first; the totals count all."""

    limit: int = Field(10_000, ge=1, le=50_000)


class CompareArgs(BaseModel):
    """``against``: the number of another frozen state, or ``now``."""

    number: int
    against: str = "now"
    limit: int = Field(300, ge=1, le=50_000)


@query("planning.frozen.list", grants=Grant.READ)
def listed(ctx: Context, args: FrozenListArgs) -> dict[str, Any]:
    """Frozen states, the latest first, and whether the clock adds to them by itself."""
    rows = FrozenCheckpoint.objects.filter(event=ctx.event).select_related("person").defer("text")
    if args.t:
        rows = rows.filter(day=ctx.the_event.day(_day(args.t)))
    return {"rows": [_head(ctx, frozen) for frozen in rows], "automatic": is_automatic(ctx.the_event)}


def _day(text: str) -> TDay:
    try:
        return TDay.parse(text)
    except ValueError as error:
        raise BadInput(str(error), field="t", value=text) from error


def _head(ctx: Context, frozen: FrozenCheckpoint) -> dict[str, Any]:
    return {
        "number": frozen.number,
        "t": ctx.the_event.t(frozen.day).n,
        "label": str(ctx.the_event.t(frozen.day)),
        "date": frozen.day,
        "at": ctx.the_event.local(frozen.at),
        "frozen_by": frozen.person.name if frozen.person else "",
        "note": frozen.note,
        "verdict": frozen.verdict,
        **frozen.counts,
        "sha256": frozen.sha256,
    }


@query("planning.frozen.show", grants=Grant.READ)
def show(ctx: Context, args: ShowArgs) -> dict[str, Any]:
    """A checkpoint as it stood when it was frozen, and whether its document is unchanged since."""
    frozen = _found(ctx, args.number)
    fault, line = fault_of(frozen), line_of(frozen)
    return {
        **_head(ctx, frozen),
        **told(_document(frozen), ctx.scope, args.limit),
        "fault": fault,
        "line": line.seq if line else None,
        "others": [
            _head(ctx, one)
            for one in FrozenCheckpoint.objects.filter(event=ctx.event)
            .exclude(pk=frozen.pk)
            .select_related("person")
            .defer("text")
        ],
        "whole_to_read": ctx.scope.reads_all or ctx.scope.acts_everywhere,
    }


@query("planning.frozen.verify", grants=Grant.HEADQUARTERS)
def verify(ctx: Context, args: FrozenListArgs) -> dict[str, Any]:
    """Whether every frozen document is as it was frozen; what is wrong with each that is not."""
    rows = FrozenCheckpoint.objects.filter(event=ctx.event).order_by("number")
    if args.t:
        rows = rows.filter(day=ctx.the_event.day(_day(args.t)))
    checked = [(frozen.number, fault_of(frozen)) for frozen in rows.iterator(20)]
    faults = [{"number": number, "fault": fault} for number, fault in checked if fault]
    return {"whole": not faults, "checked": len(checked), "faults": faults}


@query("planning.frozen.document", grants=Grant.READ)
def document(ctx: Context, args: FrozenArgs) -> dict[str, Any]:
    """The document to the byte, for whoever reads the whole event: its SHA-256 is the fingerprint.

    :raises NotAllowed: it holds more than the person may read.
    """
    if not (ctx.scope.reads_all or ctx.scope.acts_everywhere):
        raise NotAllowed(_("planning.frozen.document: it holds the whole event"))
    frozen = _found(ctx, args.number)
    return {"number": frozen.number, "text": frozen.text, "sha256": frozen.sha256, "signature": frozen.signature}


@query("planning.frozen.compare", grants=Grant.READ)
def compare(ctx: Context, args: CompareArgs) -> dict[str, Any]:
    """What became done, newly failed, moved or changed hands between a frozen state and a later one, or now."""
    first = _found(ctx, args.number)
    if args.against == "now":
        later: dict[str, Any] = {"number": None, "label": "", "at": ctx.now}
        after = _now(ctx, first)
    else:
        second = _found(ctx, _number(args.against))
        if second.at < first.at:
            first, second = second, first
        later, after = _head(ctx, second), _document(second)
    before = _document(first)
    changes = compared(within(before, ctx.scope), within(after, ctx.scope))
    return {
        "before": _head(ctx, first),
        "after": {**later, **after["counts"], "verdict": after["verdict"], "checkpoint": after["checkpoint"]["label"]},
        "totals": {kind: len(rows) for kind, rows in changes.items()},
        "changes": _shown(before, after, changes, args.limit),
    }


def _shown(
    before: dict[str, Any], after: dict[str, Any], changes: dict[str, list[dict[str, Any]]], limit: int
) -> dict[str, list[dict[str, Any]]]:
    """The first of each list with names; what was is called as it was called then."""
    shown = {kind: rows[:limit] for kind, rows in changes.items()}
    items = [item for rows in shown.values() for item in rows]
    rows = [row for item in items for row in (item["row"], item.get("before", item["row"]))]
    then, later = Names(before, rows), Names(after, rows)
    for kind, found in shown.items():
        for item in found:
            item["row"] = (then if kind == "removed" else later).row(item["row"])
            if "before" in item:
                item["before"] = then.row(item["before"])
    return shown


def _now(ctx: Context, frozen: FrozenCheckpoint) -> dict[str, Any]:
    """The same checkpoint as it would be frozen now.

    :raises Missing: the plan has no such checkpoint any more.
    """
    schedule = standing(ctx.the_event, ctx.now)
    found = next((one for one in schedule.checkpoints if one.date == frozen.day), None)
    if found is None:
        raise Missing(
            _("the plan has no checkpoint on %(day)s any more") % {"day": frozen.day}, field="against", value="now"
        )
    return document_of(ctx.the_event, ctx.now, schedule, found)


def _found(ctx: Context, number: int) -> FrozenCheckpoint:
    return ctx.find(FrozenCheckpoint, number=number)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise BadInput(_("against: %(text)r; allowed: now or a number") % {"text": text}, field="against", value=text)
    return int(text)


def _document(frozen: FrozenCheckpoint) -> dict[str, Any]:
    """:raises BadInput: the text was damaged so far that it is no document any more."""
    try:
        found: dict[str, Any] = json.loads(frozen.text)
    except ValueError as error:
        raise BadInput(
            _("frozen no. %(number)s is damaged: %(reason)s") % {"number": frozen.number, "reason": error},
            field="number",
        ) from error
    return found
