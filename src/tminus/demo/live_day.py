"""The demonstration's day under way: counters at the gates, and what they had sent by the instant it is."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tminus.desks.passengers.intake.receive import counters_of, numbered, sort_out
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter
from tminus.formats.event_folder import EventFolder
from tminus.platform.models import Event
from tminus.platform.models.account import hashed, new_secret

FILE = "live.jsonl"
EVERY_S = 300


def count_until(event: Event, folder: EventFolder, now: datetime) -> int:
    """Take the readings of ``live.jsonl`` until ``now`` where that is its day; how many there are."""
    lines = [json.loads(line) for line in folder.further.get(FILE, b"").splitlines() if line.strip()]
    sent = [line for line in lines if date.fromisoformat(line["time"][:10]) == now.date()]
    if not sent:
        return 0
    _counters(event, sent)
    by_now = [line for line in sent if datetime.fromisoformat(line["time"]).replace(tzinfo=event.zone) < now]
    readings = [{name: line[name] for name in ("time", "counter", "in", "out", "seq")} for line in by_now]
    found = sort_out(event, counters_of(event), numbered(readings), now)
    store(found.batch, int(timezone.now().timestamp()))
    return len(readings)


def _counters(event: Event, sent: list[dict[str, Any]]) -> None:
    """Everything that counts at a gate; their keys are nobody's."""
    for code, node in sorted({(line["counter"], line["node"]) for line in sent}):
        Counter.objects.create(
            event=event, code=code, node=node, edge=True, every_s=EVERY_S, made_at=timezone.now(),
            key_hash=hashed(new_secret()),
        )  # fmt: skip
