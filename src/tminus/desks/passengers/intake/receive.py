"""A batch of lines for the counters it may speak of: the good ones are kept, each bad one has its one error."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tminus.desks.passengers.intake.reading import BadReading, Given, reading_of
from tminus.desks.passengers.intake.store import Batch, Taken, store
from tminus.desks.passengers.intake.tally import tally
from tminus.desks.passengers.models import Counter, RefusedReading
from tminus.platform import clock
from tminus.platform.models import Event

KEPT_REFUSALS = 300
MOST_LINES = 10_000
JSON_ALLOWED = '{"time": "2026-11-05T10:15:00+08:00", "in": 12, "out": 3, "seq": 4711}'


class Line(NamedTuple):
    """``number`` as whoever sent it counts, from 1; ``content`` is whatever stood there."""

    number: int
    content: Any


class Refused(NamedTuple):
    line: Line
    counter: Counter | None
    error: BadReading

    def as_json(self) -> dict[str, Any]:
        value = self.error.value if isinstance(self.error.value, int | float | bool) else _text(self.error.value)[:200]
        return {"line": self.line.number, "field": self.error.field, "value": value, "message": str(self.error)}


class Sorted(NamedTuple):
    batch: Batch
    refused: list[Refused]


def lines_of(body: bytes) -> list[Line]:
    """A JSON object, a list, ``{"readings": […]}``, or one object a line; what is not JSON stays text."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        rows = ((number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip())
        return [Line(number, _object(row)) for number, row in rows]
    if isinstance(found, dict):
        found = found.get("readings", [found])
    return [Line(number, one) for number, one in enumerate(found if isinstance(found, list) else [found], 1)]


def _object(row: str) -> Any:
    try:
        return json.loads(row)
    except (ValueError, RecursionError):
        return row


def sort_out(event: Event, counters: Mapping[str, Counter], lines: Iterable[Line], now: datetime) -> Sorted:
    """Lines by counter, and those that cannot be taken. Where there is one counter, lines need not name it."""
    batch: dict[Counter, list[Given]] = defaultdict(list)
    refused: list[Refused] = []
    zone, now_s = event.zone, int(now.timestamp())
    for line in lines:
        counter = None
        try:
            content = _mapping(line.content)
            counter = _counter(content, counters)
            batch[counter].append(reading_of(counter, content, zone, now_s))
        except BadReading as error:
            refused.append(Refused(line, counter, error))
    return Sorted(batch, refused)


def _mapping(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise BadReading("line", content, JSON_ALLOWED)
    return content


def _counter(content: Mapping[str, Any], counters: Mapping[str, Counter]) -> Counter:
    named = content.get("counter")
    if named in (None, "") and len(counters) == 1:
        return next(iter(counters.values()))
    found = counters.get(named) if isinstance(named, str) else None
    if found is None:
        known = ", ".join(list(counters)[:5]) + (", …" if len(counters) > 5 else "")
        raise BadReading("counter", named, known or _("none is known here yet"))
    return found


class Answer(NamedTuple):
    taken: Taken
    refused: list[Refused]

    def as_json(self) -> dict[str, Any]:
        return {**self.taken._asdict(), "refused": [one.as_json() for one in self.refused]}


def receive(event: Event, counters: Mapping[str, Counter], lines: Iterable[Line], source: str) -> Answer:
    """Take a batch that came from counters themselves; summed up in the record once an hour (decision 6)."""
    now, real = clock.now(event), timezone.now()
    batch, refused = sort_out(event, counters, lines, now)
    with transaction.atomic():
        taken = store(batch, int(real.timestamp()))
        keep_refused(event, refused, source)
        tally(event, taken, len(refused), real)
    return Answer(taken, refused)


def keep_refused(event: Event, refused: Sequence[Refused], source: str) -> None:
    """Keep what was refused for whoever looks after the counters; the oldest go."""
    if not refused:
        return
    at = timezone.now()
    latest = refused[-KEPT_REFUSALS:]
    RefusedReading.objects.bulk_create(
        RefusedReading(
            event=event,
            counter=one.counter,
            at=at,
            source=source,
            line=_shown(f"{one.line.number}: {_text(one.line.content)}")[:200],
            reason=_shown(str(one.error))[:300],
        )
        for one in latest
    )
    stay = RefusedReading.objects.filter(event=event).order_by("-id").values_list("id", flat=True)[:KEPT_REFUSALS]
    RefusedReading.objects.filter(event=event, id__lt=min(stay)).delete()


def _text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False, default=str)


def _shown(text: str) -> str:
    """As a database can keep it: no NUL, no half of a pair."""
    return text.encode("utf-8", "replace").decode().replace("\0", "")


def counters_of(event: Event) -> dict[str, Counter]:
    """Counters that may send, by code."""
    return {counter.code: counter for counter in Counter.objects.filter(event=event, retired_at=None)}


def numbered(rows: Iterable[Any]) -> Iterator[Line]:
    return (Line(number, row) for number, row in enumerate(rows, 1))
