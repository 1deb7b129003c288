"""One reader a web process: it follows the record and hands each new line to the streams of its event."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError, connection

from tminus.platform.access import Scope
from tminus.platform.live.message import REFRESH, Message, message_for
from tminus.platform.models import RecordHead, RecordLine

LOG = logging.getLogger(__name__)
EVERY_S = 0.2
BACKLOG = 200  # lines a stream may lag behind before it is told to reload instead


@dataclass(eq=False, slots=True)
class Stream:
    """One open page: what it has not been sent yet."""

    chain: str
    scope: Scope
    loop: asyncio.AbstractEventLoop
    waiting: deque[Message] = field(default_factory=deque)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, messages: Iterable[Message]) -> None:
        """On the stream's own loop: take messages, or drop them all for one *refresh* when too far behind."""
        self.waiting.extend(messages)
        if len(self.waiting) > BACKLOG:
            last = self.waiting[-1].seq
            self.waiting.clear()
            self.waiting.append(Message(last, REFRESH, {"seq": last}))
        self.bell.set()


class Hub:
    """Runs its thread only while somebody listens, with one database connection for all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._thread: threading.Thread | None = None

    def join(self, stream: Stream) -> None:
        with self._lock:
            self._streams.add(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._follow, name="live", daemon=True)
                self._thread.start()

    def leave(self, stream: Stream) -> None:
        with self._lock:
            self._streams.discard(stream)

    def _follow(self) -> None:
        known = self._heads()
        pause = threading.Event()
        while True:
            with self._lock:
                if not self._streams:
                    self._thread = None
                    break
            pause.wait(EVERY_S)
            try:
                known = self._pass(known)
            except DatabaseError:
                LOG.exception("the live reader lost the database and connects again")
                connection.close()
        connection.close()

    def _heads(self) -> dict[str, int]:
        try:
            return dict(RecordHead.objects.values_list("chain", "seq"))
        except DatabaseError:
            connection.close()
            return {}

    def _pass(self, known: dict[str, int]) -> dict[str, int]:
        heads = dict(RecordHead.objects.values_list("chain", "seq"))
        for chain, seq in heads.items():
            since = known.get(chain, seq if not known else 0)
            if seq > since:
                with self._lock:
                    streams = [stream for stream in self._streams if stream.chain == chain]
                if streams:
                    self._hand_out(streams, lines_after(chain, since, BACKLOG + 1))
        return heads

    def _hand_out(self, streams: list[Stream], lines: list[RecordLine]) -> None:
        for stream in streams:
            messages = [message for line in lines if (message := message_for(line, stream.scope))]
            if messages:
                try:
                    stream.loop.call_soon_threadsafe(stream.offer, messages)
                except RuntimeError:  # its loop is closed: the page is gone
                    self.leave(stream)


def lines_after(chain: str, seq: int, limit: int) -> list[RecordLine]:
    fields = ("seq", "code", "object_type", "object_id", "unit_path")
    return list(RecordLine.objects.filter(chain=chain, seq__gt=seq).order_by("seq").only(*fields)[:limit])


HUB = Hub()
