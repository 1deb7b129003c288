"""What was counted: today so far on the site, and by place, quarter of an hour and service day."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from pydantic import BaseModel, Field

from tminus.desks.passengers.adapter import counted
from tminus.desks.passengers.health import Health, health_of_all
from tminus.desks.passengers.intake.halved import overlap
from tminus.desks.passengers.models import Counter, CounterPulse, CountsFile, LiveIssue
from tminus.desks.passengers.queries.counters import local, places_of
from tminus.desks.passengers.slot_tables import service_day
from tminus.desks.passengers.today import believed, by_gate, corrected, day_so_far, site
from tminus.platform.registry import BadInput, Context, Grant, query

DOUBLE_COUNTING = "double_counting"
"""What a re-forecast calls a gate that sees everybody twice."""
MOST_DAYS = 31
MOST_ROWS = 200_000


class NothingArgs(BaseModel):
    """No arguments."""


class CountsArgs(BaseModel):
    """Service days ``first`` … ``last`` (default: today's); ``nodes``: places, separated by commas; all by default."""

    first: date | None = None
    last: date | None = None
    nodes: str = ""
    slot_minutes: int = Field(15, ge=15, le=1440)


class FileArgs(BaseModel):
    file: int


@query("passengers.today", grants=Grant.READ)
def today(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """Entries, exits and persons on the site since 04:00, by gate, with the age of what they rest on.

    ``doubtful``: counters that the last re-forecast of the hour found likely at fault; what is taken ``instead`` of
    what they ``counted`` stands in every figure. ``left_out``: counters of whose last hours nothing stands in any
    figure, for they are no counts: ``totals`` or ``doubled``.
    """
    now_s = int(ctx.now.timestamp())
    edge = list(Counter.objects.filter(event=ctx.event, edge=True, retired_at=None))
    health = health_of_all(edge, now_s)
    doubtful, minute = _doubtful(ctx)
    replaced = {one["node"] for one in doubtful}
    odd = {one.pk: found for one in edge if one.node not in replaced and (found := health[one.pk].odd) is not None}
    day = corrected(believed(day_so_far(ctx.the_event, edge, ctx.now), edge, odd), edge, doubtful, minute)
    names = places_of(ctx)
    gates = by_gate(day, edge, health, names)
    until_s = reaches_until(list(health.values()))
    whole = site(day)
    return {
        **whole,
        "slots": [{**slot, "at": local(ctx, slot["at_s"])} for slot in whole["slots"]],
        "day": service_day(ctx.now),
        "gates": [{**gate, **_age(ctx, gate["until_s"])} for gate in gates],
        "edge": len(edge),
        "any_counter": Counter.objects.filter(event=ctx.event).exists(),
        "doubtful": [{**one, "name": names.get(one["node"], one["node"])} for one in doubtful],
        "left_out": [
            {
                "code": one.code,
                "name": names.get(one.node, one.node),
                "kind": odd[one.pk].kind,
                "from": local(ctx, odd[one.pk].begin_s),
                "in": odd[one.pk].ins,
                "out": odd[one.pk].outs,
            }
            for one in edge
            if one.pk in odd
        ],
        "silent": [one.code for one in edge if health[one.pk].state in {"silent", "never"}],
        **_age(ctx, until_s),
        "seq": seq_of(ctx),
    }


def _doubtful(ctx: Context) -> tuple[list[dict[str, Any]], int]:
    """What today's last re-forecast did not believe, and the minute of the day it was made at; without gates that
    it found doubled and whose counters have been told since to count half."""
    kept = LiveIssue.objects.filter(event=ctx.event, day=service_day(ctx.now)).last()
    if kept is None:
        return [], 0
    halved = {one.node: one.halved for one in Counter.objects.filter(event=ctx.event).exclude(halved=[])}
    midnight = datetime.combine(kept.day, time(), ctx.the_event.zone).timestamp()

    def known(one: dict[str, Any]) -> bool:
        span = (int(midnight + 60 * one["from_minute"]), int(midnight + 60 * one["until_minute"]))
        spans = halved.get(one["node"], [])
        return one["kind"] == DOUBLE_COUNTING and any(overlap(span, (begin, until)) for begin, until in spans)

    return [one for one in kept.result["doubtful"] if not known(one)], kept.minute


def reaches_until(states: list[Health]) -> int | None:
    """Until when all that still send have told their counts; where all are silent, when the last fell silent."""
    sending = [one.since_s for one in states if one.since_s is not None and one.state != "silent"]
    silent = [one.since_s for one in states if one.since_s is not None and one.state == "silent"]
    return min(sending) if sending else max(silent, default=None)


def _age(ctx: Context, until_s: int | None) -> dict[str, Any]:
    """The instant counts reach to, and how many minutes ago that is."""
    if until_s is None:
        return {"until": None, "age_min": None}
    return {"until": local(ctx, until_s), "age_min": max(0, int(ctx.now.timestamp()) - until_s) // 60}


@query("passengers.now", grants=Grant.READ)
def now(ctx: Context, args: NothingArgs) -> dict[str, Any]:
    """A number that grows with each second in which counts came in: whether to look anew."""
    return {"seq": seq_of(ctx)}


def seq_of(ctx: Context) -> int:
    found = CounterPulse.objects.filter(counter__event=ctx.event).aggregate(last=Max("received_s"))
    return int(found["last"] or 0)


@query("passengers.counts", grants=Grant.READ)
def counts(ctx: Context, args: CountsArgs) -> dict[str, Any]:
    """Persons in and out by place, slot and service day; null is not known, never zero."""
    first = args.first or service_day(ctx.now)
    last = args.last or first
    days = [first + timedelta(days=n) for n in range(max((last - first).days + 1, 0))]
    if not 0 < len(days) <= MOST_DAYS:
        message = _("last: %(last)s; allowed: %(first)s and up to %(most)d days") % {
            "last": last, "first": first, "most": MOST_DAYS,
        }  # fmt: skip
        raise BadInput(message, field="last", value=str(last))
    if args.slot_minutes % 15 or 1440 % args.slot_minutes:
        raise BadInput(
            _("slot_minutes: %(given)s; allowed: 15, 30, 60, 120 …") % {"given": args.slot_minutes},
            field="slot_minutes",
            value=args.slot_minutes,
        )
    found = counted(ctx.the_event, days, _nodes(ctx, args.nodes), slot_minutes=args.slot_minutes)
    rows = list(_rows(found.panel))
    if len(rows) > MOST_ROWS:
        raise BadInput(
            _("%(rows)d rows; allowed: %(most)d; ask for fewer days or longer slots")
            % {"rows": len(rows), "most": MOST_ROWS},
            field="last",
            value=str(last),
        )
    return {"rows": rows, "gaps": list(found.gaps), "slot_minutes": args.slot_minutes}


def _nodes(ctx: Context, text: str) -> list[str] | None:
    chosen = list(dict.fromkeys(one.strip() for one in text.split(",") if one.strip()))
    known = set(Counter.objects.filter(event=ctx.event).values_list("node", flat=True))
    for node in chosen:
        if node not in known:
            allowed = ", ".join(sorted(known)[:8]) or _("none yet")
            message = _("no place %(node)r with a counter; allowed: %(allowed)s") % {"node": node, "allowed": allowed}
            raise BadInput(message, field="nodes", value=node)
    return chosen or None


def _rows(panel: Any) -> Iterator[dict[str, Any]]:
    """Slots of which anything is known."""
    for number, context in enumerate(panel.days):
        for slot in range(panel.slots):
            at = datetime.combine(context.day, datetime.min.time()) + timedelta(
                minutes=panel.first_minute + slot * panel.slot_minutes
            )
            for place, node in enumerate(panel.nodes):
                ins, outs = (float(value) for value in panel.values[number, slot, place])
                if not (math.isnan(ins) and math.isnan(outs)):
                    yield {
                        "time": at.isoformat(timespec="minutes"),
                        "node": node,
                        "in": _whole(ins),
                        "out": _whole(outs),
                    }


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else round(value)


@query("passengers.counts.file", grants=Grant.HEADQUARTERS)
def counts_file(ctx: Context, args: FileArgs) -> dict[str, Any]:
    """A table of readings handed in: what it would change, which rows cannot be taken."""
    row = ctx.find(CountsFile, pk=args.file)
    found = {**row.found} if row.found else None
    if found:
        for name in ("first", "last"):
            at = found.pop(f"{name}_s")
            found[name] = local(ctx, at) if at is not None else None
    return {"file": row.pk, "name": row.file_name, "at": row.at, "taken_at": row.taken_at, "found": found}


@query("passengers.counts.files", grants=Grant.HEADQUARTERS)
def counts_files(ctx: Context, args: NothingArgs) -> list[dict[str, Any]]:
    """The latest tables of readings handed in."""
    rows = CountsFile.objects.filter(event=ctx.event).select_related("person")[:20]
    return [
        {"file": row.pk, "name": row.file_name, "at": row.at, "taken_at": row.taken_at,
         "person": row.person.name if row.person else "", "new": row.found.get("new"),
         "corrected": row.found.get("corrected"), "refused": row.found.get("refused")}
        for row in rows
    ]  # fmt: skip
