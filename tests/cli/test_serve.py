"""Init and serve: one command makes a home, one serves it, one signal stops everything, also under an open stream."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.cli.server import Server, python, tminus

pytestmark = pytest.mark.slow  # each starts real processes

HARBOUR = """
from tests.harbour import build_harbour
from django.conf import settings
from importlib import import_module
harbour = build_harbour()
store = import_module(settings.SESSION_ENGINE).SessionStore()
store["_auth_user_id"] = str(harbour.roads_head.pk)
store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
store["_auth_user_hash"] = harbour.roads_head.get_session_auth_hash()
store.save()
print(store.session_key)
"""
SHIFT = """
from tminus.platform.models import Event
from tminus.platform.registry import perform
print(perform("clock.shift", {"at": "T-30"}, event=Event.objects.get(), system=True)["now"])
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("serve") / "home"
    made = tminus(place, "init", str(place))
    assert made.returncode == 0, made.stderr
    assert f"/setup/?token={(place / 'setup.token').read_text()}" in made.stdout
    return place


@pytest.fixture(scope="module")
def session(home: Path) -> str:
    return python(home, HARBOUR).strip()


def events(answer: HTTPResponse) -> Iterator[tuple[str, str]]:
    """(event, data) of a stream as it comes."""
    kind = ""
    while line := answer.readline().decode().rstrip("\n"):
        yield from ()
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, line.removeprefix("data: ")
            answer.readline()  # the blank line


def open_stream(server: Server, session: str, **headers: str) -> tuple[HTTPConnection, HTTPResponse]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/e/harbour/live/", headers={"Cookie": f"sessionid={session}", **headers})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    assert answer.readline() == b"retry: 2000\n"
    answer.readline()
    return connection, answer


def test_a_home_is_made_once_and_private(home: Path) -> None:
    again = tminus(home, "init", str(home))
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "is not an empty folder" in again.stderr
    for name in ("secret.key", "setup.token"):
        assert (home / name).stat().st_mode & 0o077 == 0


def test_serving_what_is_not_there_is_one_line(tmp_path: Path) -> None:
    answer = tminus(tmp_path, "serve", "--home", str(tmp_path / "nowhere"))
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "tminus init" in answer.stderr


def test_a_taken_port_is_one_line(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = tminus(home, "serve", "--home", str(home), "--port", str(taken.getsockname()[1]))
    assert (answer.returncode, answer.stderr.count("\n")) == (2, 1)
    assert "--port" in answer.stderr


def test_an_act_of_another_process_reaches_an_open_page_and_a_signal_stops_all(home: Path, session: str) -> None:
    with Server(home) as server:
        connection, answer = open_stream(server, session)
        stream = events(answer)
        kind, data = next(stream)
        assert kind == "hello"
        python(home, SHIFT)
        kind, data = next(stream)
        assert kind == "record"
        assert '"object_type":"platform.clockshift"' in data
        assert "T-30" not in data, "the stream says that something changed, never what"
        children = [int(pid) for pid in _children(server.process.pid)]
        assert len(children) == 3
        assert server.stop() < 15, "an open stream must not hold the stop"
        assert server.process.returncode == 0
        connection.close()
        assert not [pid for pid in children if _alive(pid)]


def test_what_was_missed_comes_after_last_event_id(home: Path, session: str) -> None:
    with Server(home) as server:
        python(home, SHIFT)
        python(home, SHIFT)
        connection, answer = open_stream(server, session, **{"Last-Event-ID": "1"})
        kind, data = next(events(answer))
        assert (kind, '"seq":2' in data) == ("record", True)
        connection.close()


def test_a_dead_child_is_started_again(home: Path) -> None:
    with Server(home) as server:
        before = _children(server.process.pid)
        os.kill(int(before[-1]), signal.SIGKILL)
        until = time.monotonic() + 10
        while time.monotonic() < until and not set(_children(server.process.pid)) - set(before):
            time.sleep(0.1)
        after = set(_children(server.process.pid))
        assert (len(after), len(after - set(before))) == (3, 1)


def test_two_tickers_take_each_rung_once_on_the_real_file(tmp_path: Path) -> None:
    place = tmp_path / "home"
    assert tminus(place, "init", str(place)).returncode == 0
    python(place, LATE_DUTIES)
    from tests.cli.server import environment

    tick = "import django; django.setup()\nfrom tminus.platform.ticker import tick_all\nprint(tick_all())"
    command = [*_python(), tick]
    running = [subprocess.Popen(command, env=environment(place), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    counts = [int(process.communicate(timeout=60)[0]) for process in running]
    steps = int(python(place, "from tminus.platform.models import DutyStep\nprint(DutyStep.objects.count())"))
    daily = (
        "from tminus.platform.models import RecordLine\nprint(RecordLine.objects.filter(code='board.snapshot').count())"
    )
    once_a_day = int(python(place, daily))
    assert steps == 3 * 6
    assert once_a_day <= 1
    assert sum(counts) == steps + once_a_day


LATE_DUTIES = """
from datetime import timedelta
from django.utils import timezone
from tests.harbour import build_harbour
from tests.platform.duties.steps import new_duty
harbour = build_harbour()
long_ago = timezone.now() - timedelta(days=400)
for code in ("paving", "roads", "health"):
    new_duty(harbour, about=harbour.units[code], acknowledge_by=long_ago, due_at=long_ago)
"""


def _python() -> list[str]:
    import sys

    return [sys.executable, "-c"]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
