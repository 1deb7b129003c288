"""A page hears that something changed within its reach, never what; one that lags is told to load anew."""

from __future__ import annotations

import asyncio
from datetime import date

from tests.harbour import Harbour
from tests.platform.duties.steps import new_duty
from tminus.platform.access import scope_of
from tminus.platform.live.hub import BACKLOG, Stream
from tminus.platform.live.message import REFRESH, Message, message_for
from tminus.platform.models import RecordLine
from tminus.platform.registry import perform

DAY = date(2026, 8, 17)


def test_each_hears_of_their_own_units_and_no_values(harbour: Harbour) -> None:
    new_duty(harbour)
    line = RecordLine.objects.get(code="duty.issued")
    heard = {
        who: message_for(line, scope_of(harbour.people[who], harbour.event, DAY)) is not None
        for who in ("hq", "leader", "roads_head", "paver", "health_head", "observer", "stranger")
    }
    assert [who for who, hears in heard.items() if hears] == ["hq", "leader", "roads_head", "paver"]
    message = message_for(line, scope_of(harbour.hq, harbour.event, DAY))
    assert message is not None
    assert message.data == {
        "seq": line.seq,
        "object_type": "platform.duty",
        "code": "duty.issued",
        "object_id": line.object_id,
        "unit": "paving",
    }
    assert message.encoded().startswith(f"id: {line.seq}\nevent: record\ndata: {{".encode())


def test_of_a_line_of_no_unit_others_hear_only_the_kind_of_thing(harbour: Harbour) -> None:
    perform("clock.shift", {"at": "T-30"}, event=harbour.event, person=harbour.admin)
    line = RecordLine.objects.get()
    message = message_for(line, scope_of(harbour.paver, harbour.event, DAY))
    assert message is not None
    assert message.data == {"seq": line.seq, "object_type": "platform.clockshift"}


def test_a_stream_that_lags_gets_one_refresh(harbour: Harbour) -> None:
    scope = scope_of(harbour.hq, harbour.event, DAY)

    async def run() -> list[Message]:
        stream = Stream("harbour", scope, asyncio.get_running_loop())
        stream.offer(Message(number, "record", {}) for number in range(BACKLOG + 1))
        return list(stream.waiting)

    assert asyncio.run(run()) == [Message(BACKLOG, REFRESH, {"seq": BACKLOG})]
