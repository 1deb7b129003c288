"""The demonstration's day under way: counters at the gates, and what they send as the event's clock passes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from tminus.desks.passengers.intake.receive import counters_of, numbered, receive, sort_out
from tminus.desks.passengers.intake.store import store
from tminus.desks.passengers.models import Counter
from tminus.formats.event_folder import EventFolder
from tminus.platform.models import Event
from tminus.platform.models.account import hashed, new_secret

FILE = "live.jsonl"
EVERY_S = 300
SOURCE = "replay"
SAID = ("time", "counter", "in", "out", "seq")


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading of the file: what the counter says, and the instant (event-local) at which it came in."""

    node: str
    came: datetime
    content: dict[str, Any]

    @property
    def of(self) -> datetime:
        """The beginning of what it counted (event-local)."""
        return datetime.fromisoformat(self.content["time"])


def sent_in(content: bytes) -> list[Sent]:
    """The readings of ``live.jsonl``, which stand in the order they came in: a late one with those it came with."""
    found: list[Sent] = []
    came = datetime.min
    for line in content.splitlines():
        if line.strip():
            row = json.loads(line)
            came = max(came, datetime.fromisoformat(row["time"]) + timedelta(seconds=EVERY_S))
            found.append(Sent(row["node"], came, {name: row[name] for name in SAID}))
    return found


def count_until(event: Event, folder: EventFolder, now: datetime) -> int:
    """Take the readings of ``live.jsonl`` until ``now`` where that is its day; how many there are."""
    sent = of_day(sent_in(folder.further.get(FILE, b"")), now.date())
    if not sent:
        return 0
    with_counters(event, sent)
    by_now = [one.content for one in sent if one.of.replace(tzinfo=event.zone) < now]
    found = sort_out(event, counters_of(event), numbered(by_now), now)
    store(found.batch, int(timezone.now().timestamp()))
    return len(by_now)


def of_day(sent: Sequence[Sent], day: date) -> list[Sent]:
    return [one for one in sent if one.of.date() == day]


def take_in(event: Event, sent: Sequence[Sent]) -> int:
    """Hand readings to the counters' own intake, as if they sent them now; how many were new or corrected."""
    with_counters(event, sent)
    taken = receive(event, counters_of(event), numbered([one.content for one in sent]), SOURCE).taken
    return taken.new + taken.corrected


def with_counters(event: Event, sent: Sequence[Sent]) -> None:
    """Everything that counts at a gate; their keys are nobody's."""
    there = set(Counter.objects.filter(event=event).values_list("code", flat=True))
    for code, node in sorted({(one.content["counter"], one.node) for one in sent}):
        if code not in there:
            Counter.objects.create(
                event=event, code=code, node=node, edge=True, every_s=EVERY_S, made_at=timezone.now(),
                key_hash=hashed(new_secret()),
            )  # fmt: skip
