"""The stream of an event: ``/e/<slug>/live/`` as server-sent events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from tminus.platform.access import Scope
from tminus.platform.live.hub import BACKLOG, HUB, Stream, lines_after
from tminus.platform.live.message import REFRESH, Message, message_for
from tminus.platform.models import RecordHead
from tminus.platform.record import chain_of

HEARTBEAT_S = 15.0
LASTS_S = 15 * 60.0  # then the browser connects anew, and with it who may see what is read anew


async def live(request: HttpRequest, event: str) -> HttpResponse | StreamingHttpResponse:
    """New lines of the event's record, within the person's scope, from ``Last-Event-ID`` or from now on."""
    scope: Scope | None = request.reach  # type: ignore[attr-defined]
    if scope is None:
        return HttpResponse(status=401)
    chain = chain_of(request.event)  # type: ignore[attr-defined]
    stream = Stream(chain, scope, asyncio.get_running_loop())
    HUB.join(stream)
    try:
        first = await sync_to_async(_missed)(chain, scope, request.headers.get("Last-Event-ID", ""))
    except BaseException:
        HUB.leave(stream)
        raise
    response = StreamingHttpResponse(_sent(stream, first), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would hold the stream back
    return response


def _missed(chain: str, scope: Scope, last_id: str) -> list[Message]:
    """What was missed since ``last_id``; then the thread's connection is closed: a stream holds none."""
    try:
        head = RecordHead.objects.filter(chain=chain).values_list("seq", flat=True).first() or 0
        if not last_id.isdecimal() or int(last_id) >= head:
            return [Message(head, "hello", {"seq": head})]
        if head - int(last_id) > BACKLOG:
            return [Message(head, REFRESH, {"seq": head})]
        lines = lines_after(chain, int(last_id), BACKLOG)
        return [message for line in lines if (message := message_for(line, scope))]
    finally:
        connections.close_all()


async def _sent(stream: Stream, first: list[Message]) -> AsyncIterator[bytes]:
    sent, until = 0, time.monotonic() + LASTS_S
    try:
        yield b"retry: 2000\n\n"
        for message in first:
            sent = max(sent, message.seq)
            yield message.encoded()
        while time.monotonic() < until:
            try:
                await asyncio.wait_for(stream.bell.wait(), HEARTBEAT_S)
            except TimeoutError:
                yield b": beat\n\n"
                continue
            stream.bell.clear()
            while stream.waiting:
                message = stream.waiting.popleft()
                if message.seq > sent:  # a line may come both as missed and as new
                    sent = message.seq
                    yield message.encoded()
    finally:
        HUB.leave(stream)
