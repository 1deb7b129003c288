"""Counters as their keeper sees them: where, how they are, what they last said; never their keys."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from tminus.desks.passengers.health import STATUS, WORST, Health, health_of_all, recent_of
from tminus.desks.passengers.intake.halved import counts_half
from tminus.desks.passengers.intake.slots import SLOT_S, SLOTS
from tminus.desks.passengers.models import Counter, CounterPulse, RefusedReading
from tminus.desks.passengers.odd_readings import Odd
from tminus.desks.passengers.slot_tables import slot_table
from tminus.platform.registry import Context, Grant, ask, query

LATEST = 20
FIELDS = ("code", "node", "channels", "kind", "every_s", "most_per_min", "edge", "note", "believed")


class CountersArgs(BaseModel):
    """``retired``: those too; ``state``: only those that are so."""

    retired: bool = False
    state: str = ""
    text: str = ""


class CounterArgs(BaseModel):
    code: str


class RefusedArgs(BaseModel):
    limit: int = Field(50, ge=1, le=300)


@query("passengers.counters", grants=Grant.READ)
def counters(ctx: Context, args: CountersArgs) -> dict[str, Any]:
    """Counters with their health, the worst first."""
    every = list(Counter.objects.filter(event=ctx.event))
    health = health_of_all(every, int(ctx.now.timestamp()))
    names = places_of(ctx)
    rows = [described(one, health[one.pk], names) for one in every if args.retired or one.retired_at is None]
    states = {state: sum(row["state"] == state for row in rows) for state in WORST}
    shown = [row for row in rows if args.state in ("", row["state"]) and _says(row, args.text)]
    shown.sort(key=lambda row: (WORST.index(row["state"]), row["place"], row["code"]))
    return {"counters": shown, "total": len(rows), "states": {name: n for name, n in states.items() if n}}


def _says(row: dict[str, Any], text: str) -> bool:
    wanted = text.strip().casefold()
    return any(wanted in str(row[name]).casefold() for name in ("code", "place", "node", "note"))


@query("passengers.counter", grants=Grant.READ)
def counter(ctx: Context, args: CounterArgs) -> dict[str, Any]:
    """One counter: how it is, its last day by quarters of an hour, its latest readings, what was refused."""
    found = ctx.find(Counter, code=args.code)
    now_s = int(ctx.now.timestamp())
    same_place = list(Counter.objects.filter(event=ctx.event, node=found.node))
    health = health_of_all(same_place, now_s)[found.pk]
    until = now_s // SLOT_S + 1
    table = slot_table([found.pk], until - SLOTS, until)[0]
    recent = recent_of([found], now_s)[found.pk][-LATEST:]
    refused = RefusedReading.objects.filter(counter=found)[:LATEST]
    return {
        **described(found, health, places_of(ctx)),
        "slots": [
            {"at": local(ctx, (until - SLOTS + slot) * SLOT_S), "in": int(row[0]), "out": int(row[1]),
             "known": bool(row[2] > 0)}
            for slot, row in enumerate(table)
        ],
        "readings": [
            {"at": local(ctx, at), "in": one.ins, "out": one.outs, "seq": None if one.seq < 0 else one.seq,
             "doubtful": one.doubtful, "half": counts_half(found.halved, at)}
            for at, one in reversed(recent)
        ],
        "refused": [{"at": row.at, "line": row.line, "reason": row.reason} for row in refused],
        "odd": _odd(ctx, health.odd),
        "received_at": _received(found),
    }  # fmt: skip


@query("passengers.refused", grants=Grant.READ)
def refused(ctx: Context, args: RefusedArgs) -> list[dict[str, Any]]:
    """Lines that could not be taken, the latest first; the last few hundred are kept."""
    rows = RefusedReading.objects.filter(event=ctx.event).select_related("counter")[: args.limit]
    return [
        {"at": row.at, "counter": row.counter.code if row.counter else None, "source": row.source, "line": row.line,
         "reason": row.reason}
        for row in rows
    ]  # fmt: skip


def described(one: Counter, health: Health, names: dict[str, str]) -> dict[str, Any]:
    return {
        **{name: getattr(one, name) for name in FIELDS},
        "place": names.get(one.node, one.node),
        "state": health.state,
        "status": STATUS[health.state],
        "also": list(health.also),
        "until": datetime.fromtimestamp(health.since_s, UTC) if health.since_s is not None else None,
        "retired": one.retired_at is not None,
        "halved": [
            {"from": datetime.fromtimestamp(begin, UTC), "until": until and datetime.fromtimestamp(until, UTC)}
            for begin, until in one.halved
        ],
    }


def places_of(ctx: Context) -> dict[str, str]:
    """The name of each place by its code."""
    return {place["code"]: place["name"] for place in ask("planning.places", event=ctx.event, system=True)}


def local(ctx: Context, at_s: int) -> datetime:
    return datetime.fromtimestamp(at_s, ctx.the_event.zone)


def _odd(ctx: Context, odd: Odd | None) -> dict[str, Any] | None:
    """Of its last hours, what is no counts."""
    if odd is None:
        return None
    return {"kind": odd.kind, "from": local(ctx, odd.begin_s), "in": odd.ins, "out": odd.outs}


def _received(one: Counter) -> datetime | None:
    pulse = CounterPulse.objects.filter(counter=one).first()
    return datetime.fromtimestamp(pulse.received_s, UTC) if pulse else None
