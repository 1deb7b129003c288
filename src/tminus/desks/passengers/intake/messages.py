"""What came by MQTT, as batches of events: the topic says whose reading it is, the broker who may publish there."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from tminus.desks.passengers.intake.broker import Broker
from tminus.desks.passengers.intake.reading import BadReading
from tminus.desks.passengers.intake.receive import (
    MOST_LINES,
    Line,
    Refused,
    counters_of,
    keep_refused,
    lines_of,
    receive,
)  # fmt: skip
from tminus.platform.models import Event

LOG = logging.getLogger(__name__)
MOST_BYTES = 2_000_000
SOURCE = "mqtt"


class Message(NamedTuple):
    topic: str
    payload: bytes


def take(broker: Broker, messages: Iterable[Message]) -> int:
    """Take messages, one transaction an event; how many readings were new or corrected. What is no reading is kept
    among the refused, so a message is never asked for twice."""
    by_event: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    for topic, payload in messages:
        found = broker.event_and_counter(topic)
        if found is not None:
            by_event[found[0]].append((found[1], payload))
    events = {event.slug: event for event in Event.objects.filter(slug__in=list(by_event), archived=False)}
    for slug in by_event.keys() - events.keys():
        LOG.warning("%d messages for no event here: %r", len(by_event[slug]), slug)
    return sum(_of_event(event, by_event[slug]) for slug, event in events.items())


def _of_event(event: Event, sent: list[tuple[str, bytes]]) -> int:
    counters = counters_of(event)
    lines: list[Line] = []
    refused: list[Refused] = []
    for code, payload in sent:
        if code not in counters or len(payload) > MOST_BYTES:
            refused.append(_unknown(code, payload) if code not in counters else _too_large(code, payload))
            continue
        lines += [Line(line.number, _named(line.content, code)) for line in lines_of(payload)[:MOST_LINES]]
    keep_refused(event, refused, SOURCE)
    taken = receive(event, counters, lines, SOURCE).taken
    return taken.new + taken.corrected


def _named(content: Any, code: str) -> Any:
    """The topic's counter; a line that names another is left to be refused."""
    if isinstance(content, dict) and content.get("counter") in (None, "", code):
        return {**content, "counter": code}
    if isinstance(content, dict):
        return {**content, "counter": f"{content['counter']} (topic: {code})"}
    return content


def _unknown(code: str, payload: bytes) -> Refused:
    return Refused(Line(1, _text(payload)), None, BadReading("topic", code, "the code of a counter in use"))


def _too_large(code: str, payload: bytes) -> Refused:
    return Refused(Line(1, _text(payload)), None, BadReading("payload", len(payload), f"{MOST_BYTES} bytes"))


def _text(payload: bytes) -> str:
    return payload[:200].decode("utf-8", "replace")
