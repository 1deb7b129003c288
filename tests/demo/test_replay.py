"""The replay: a faster clock, the counters' intake fed with what it has passed and no more, and an end by itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.utils import timezone

from tests.cli.server import free_port, python
from tests.desks.passengers.counters import state, totals
from tests.harbour import Harbour
from tminus.demo.live_day import sent_in
from tminus.demo.replay import Replay
from tminus.desks.passengers.models import Counter
from tminus.platform import clock
from tminus.platform.models import ClockShift, Event, RecordLine
from tminus.platform.registry import perform

DAY = "2026-11-05"


def line(at: str, counter: str = "g1", seq: int = 0, **more: Any) -> dict[str, Any]:
    return {"time": f"{DAY} {at}", "node": "gate-1", "counter": counter, "in": 10, "out": 1, "seq": seq, **more}


LINES = [
    line("10:00", seq=1), line("10:05", seq=2), line("10:00", "g2", seq=1), line("10:10", seq=3),
    line("10:05", "g2", seq=2), line("10:10", seq=3), {**line("10:00", seq=1), "time": "2026-11-06 10:00"},
]  # fmt: skip
"""Counter g2 is late by five minutes, one reading comes twice, one is of another day."""
SENT = sent_in("\n".join(map(json.dumps, LINES)).encode())


def at(event: Event, text: str, **shifted: Any) -> None:
    """The event's clock stands at ``text`` of the day now and runs on as it did."""
    now = datetime.fromisoformat(f"{DAY} {text}").replace(tzinfo=event.zone)
    ClockShift.objects.filter(event=event).update(real_from=timezone.now(), event_from=now, **shifted)


def begun(harbour: Harbour, text: str = "10:00", speed: float = 60) -> Replay:
    perform("clock.shift", {"at": f"{DAY}T{text}"}, event=harbour.event, person=harbour.admin)
    return Replay(harbour.event, SENT, speed)


def seen(event: Event) -> dict[str, int]:
    return {one.code: totals(one)[0] for one in Counter.objects.filter(event=event)}


def test_a_reading_comes_in_when_what_it_counted_is_over_and_late_ones_with_those_they_came_with() -> None:
    assert [f"{one.came:%d %H:%M}" for one in SENT] == [
        "05 10:05", "05 10:10", "05 10:10", "05 10:15", "05 10:15", "05 10:15", "06 10:05",
    ]  # fmt: skip


def test_what_the_clock_has_passed_is_taken_in_and_nothing_ahead_of_it(harbour: Harbour) -> None:
    replay, event = begun(harbour), harbour.event
    assert replay.step() and seen(event) == {}, "the first reading is of what is just beginning"
    at(event, "10:05:01")
    assert replay.step() and seen(event) == {"g1": 10}
    at(event, "10:12")
    assert replay.step() and replay.step() and seen(event) == {"g1": 20, "g2": 10}
    assert all(one.edge and one.node == "gate-1" for one in Counter.objects.filter(event=event))
    at(event, "10:15:30")
    assert not replay.step(), "the day is over with its last reading"
    assert seen(event) == {"g1": 30, "g2": 20}, "what came twice counts once"
    before = [state(one) for one in Counter.objects.filter(event=event)]
    again = Replay(event, SENT, 60)
    again.step()
    assert [state(one) for one in Counter.objects.filter(event=event)] == before, "begun again it changes nothing"


def test_the_clock_runs_at_the_speed_until_the_end_and_the_record_keeps_who_set_it(harbour: Harbour) -> None:
    replay, event = begun(harbour), harbour.event
    shift = clock.shift_of(event)
    assert shift is not None and shift.rate == 60
    ClockShift.objects.filter(event=event).update(real_from=timezone.now() - timedelta(seconds=10))
    assert clock.now(event) - shift.event_from >= timedelta(minutes=10), "an hour of it a minute"
    replay.settle()
    settled = clock.shift_of(event)
    assert settled is not None and settled.rate == 1
    assert timedelta(0) <= clock.now(event) - settled.event_from < timedelta(minutes=1), "it goes on from where it was"
    lines = RecordLine.objects.filter(code="clock.shift").order_by("seq")
    assert [(one.channel, one.after["rate"]) for one in lines] == [("web", 1.0), ("replay", 60.0), ("replay", 1.0)]


def test_a_clock_that_ran_on_unwatched_is_set_back_to_the_end_of_its_day(harbour: Harbour) -> None:
    begun(harbour)
    ClockShift.objects.filter(event=harbour.event).update(real_from=timezone.now() - timedelta(hours=2))
    replay = Replay(harbour.event, SENT, 60)  # started again after two hours without power: five days later
    assert not replay.step() and seen(harbour.event) == {"g1": 30, "g2": 20}, "the day it was begun in, to its end"
    replay.settle()
    assert f"{clock.now(harbour.event):%Y-%m-%d %H:%M}" == f"{DAY} 10:15"


def test_a_clock_somebody_else_has_set_is_left_alone(harbour: Harbour) -> None:
    replay = begun(harbour)
    perform("clock.shift", {"at": "T-30", "rate": 2}, event=harbour.event, person=harbour.admin)
    replay.settle()
    shift = clock.shift_of(harbour.event)
    assert shift is not None and shift.rate == 2


@pytest.mark.parametrize(("text", "until"), [("09:00", "05 10:15"), ("18:00", "06 00:00")])
def test_it_ends_with_the_last_reading_or_where_none_is_left_at_midnight(
    harbour: Harbour, text: str, until: str
) -> None:
    assert f"{begun(harbour, text).until:%d %H:%M}" == until


def test_at_the_real_speed_the_counters_are_fed_and_the_clock_is_not_touched(harbour: Harbour) -> None:
    replay = begun(harbour, "10:07", speed=1)
    assert replay.has_work and replay.step() and seen(harbour.event) == {"g1": 10}
    replay.settle()
    assert RecordLine.objects.filter(code="clock.shift").count() == 1
    perform("clock.shift", {"at": "T-30"}, event=harbour.event, person=harbour.admin)
    assert not Replay(harbour.event, SENT, 1).has_work, "no readings on that day"


def test_pages_say_how_fast_the_clock_runs(harbour: Harbour) -> None:
    from django.test import Client

    begun(harbour)
    client = Client()
    client.force_login(harbour.hq, backend="django.contrib.auth.backends.ModelBackend")
    for language, said in (("en", "replay ×60"), ("zh-hans", "回放 ×60")):
        client.cookies["django_language"] = language
        page = client.get("/e/harbour/notices/").content.decode()
        assert said in page and 'data-rate="60.0"' in page
    at(harbour.event, "10:00", rate=1)
    assert "×" not in client.get("/e/harbour/notices/").content.decode().partition("</aside>")[0]


@pytest.mark.slow
def test_the_command_runs_the_day_to_its_end(tmp_path: Path) -> None:
    """A real server: its clock an hour in 2.5 seconds, until the last reading; then at the speed of any other."""
    folder, home, port = tmp_path / "quay", tmp_path / "home", free_port()
    folder.mkdir()
    (folder / "event.json").write_text(json.dumps({
        "schema": "tminus-event/1", "id": "quay", "name": {"en": "Quay Fair"}, "timezone": "Asia/Shanghai",
        "opening": DAY, "closing": "2026-11-06",
    }))  # fmt: skip
    lines = [line(f"{10 + minute // 60}:{minute % 60:02}", seq=minute) for minute in range(0, 120, 5)]
    (folder / "live.jsonl").write_text("\n".join(map(json.dumps, lines)))
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TMINUS", "DJANGO"))}
    asked = ["--at", "T-0 10:00", "--speed", "1440", "--home", home, "--event", folder, "--port", port]
    command = [sys.executable, "-c", "from tminus.cli import main; main()", "demo", *map(str, asked)]
    told = """
from tminus.platform import clock
from tminus.platform.models import Event
from tminus.desks.passengers.models import CountDay
event = Event.objects.get()
print(clock.shift_of(event).rate, f"{clock.now(event):%Y-%m-%d %H:%M}", len(CountDay.objects.all()))
"""
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen(command, env=clean, stdout=log, stderr=log, start_new_session=True)
    try:
        found = ["", "", "", ""]
        limit = time.monotonic() + 90
        while time.monotonic() < limit and not (found[0] == "1.0" and found[-1] != "0"):
            time.sleep(1)
            if (home / "demo.mark").exists():
                found = python(home, told).split()
        assert (found[0], found[1]) == ("1.0", DAY) and "12:00" <= found[2] < "13:00", (tmp_path / "log").read_text()
        urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).close()  # the console goes on
        assert "Traceback" not in (tmp_path / "log").read_text()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
