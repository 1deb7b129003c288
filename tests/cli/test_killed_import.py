"""Kill an import at any moment: the plan is the old one or the new one, whole; the job is run again or tells."""

from __future__ import annotations

import json
import math
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.cli.server import TMINUS, Server, environment, python, tminus
from tests.cli.write_lock import WriteLock

pytestmark = pytest.mark.slow  # servers started and killed under imports of thousands of rows

ROWS = 2000
SHARES = (0.3, 0.95)
"""Of the time a whole import holds the write lock, measured first: it is killed having held it for that long."""
FOLDER = Path(__file__).resolve().parents[2] / "examples" / "lanwan-expo"

BEGIN = """
import base64, sys
from pathlib import Path
from tminus.platform.models import Event, Person
from tminus.platform.registry import load_registry, perform
load_registry()
event, hq = Event.objects.get(), Person.objects.get(username="hq")
file = {"name": "book.csv", "content": base64.b64encode(Path(sys.argv[1]).read_bytes()).decode()}
found = perform("planning.import.read", {"file": file}, event=event, person=hq)
assert found["problems"] == []
print(perform("planning.import.apply", {"id": found["id"], "remove": True}, event=event, person=hq)["job"])
"""
STAND = """
import json
from tminus.desks.planning.models import PlanImport, Task, TaskLink
from tminus.platform.backup.chain import check_chains
from tminus.platform.models import RecordLine
check_chains({})
applied = PlanImport.objects.filter(applied_at__isnull=False)
lines = RecordLine.objects.filter(code="planning.import.apply")
assert sorted(map(str, applied.values_list("pk", flat=True))) == sorted(lines.values_list("object_id", flat=True))
assert not Task.objects.filter(planned_finish=None).exists(), "rows are there, their dates are not"
words = sorted(set(Task.objects.values_list("name_en", flat=True)))
print(json.dumps([words, Task.objects.count(), TaskLink.objects.count(), applied.count()]))
"""


def book(word: str, path: Path) -> Path:
    """Every row speaks of ``word``; the tasks of each book are half the former's and half its own."""
    own = [f"{word}{n}" if n % 2 else f"K{n}" for n in range(ROWS)]
    rows = [f"{key},{word},1d,{own[n - 1] if n % 40 else ''}" for n, key in enumerate(own)]
    path.write_text("\n".join(["ID,Task,Duration,Predecessors", *rows, ""]), encoding="utf-8")
    return path


def job(home: Path, pk: int) -> dict[str, Any]:
    """Read beside the server, at once: a process of its own would come after the import is over."""
    with closing(sqlite3.connect(home / "tminus.sqlite3", timeout=30)) as database:
        state, error = database.execute("SELECT state, error FROM platform_job WHERE id = ?", (pk,)).fetchone()
    return {"state": state, "error": error}


def stand(home: Path, allowed: list[list[str]], links: int) -> list[str]:
    words, tasks, linked, imports = json.loads(python(home, STAND))
    assert words in allowed, f"a mixture: {words}"
    assert (tasks, linked) == ((ROWS, links) if words else (0, 0))
    assert bool(imports) == bool(words)
    return list(words)


def reached(home: Path, pk: int, states: set[str]) -> dict[str, Any]:
    until = time.monotonic() + 120
    while (found := job(home, pk))["state"] not in states:
        assert time.monotonic() < until, found
        time.sleep(0.02)
    return found


def begin(home: Path, word: str) -> int:
    """Have the server import a book that says ``word``; the job's number."""
    return int(python(home, BEGIN, str(book(word, home.parent / f"{word}.csv"))))


def words(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "tminus.sqlite3", timeout=30)) as database:
        return sorted(word for (word,) in database.execute("SELECT DISTINCT name_en FROM planning_task"))


def ended(home: Path, pk: int) -> bool:
    return job(home, pk)["state"] in {"done", "failed"}


def killed_as_it_stands(signals: Callable[[int], None], lock: WriteLock) -> bool:
    """Stopped first, so that what is asked next is still so when it is killed; whether it was writing."""
    signals(signal.SIGSTOP)
    writing = lock.held()
    signals(signal.SIGKILL)
    return writing


def test_an_import_killed_at_any_moment_is_whole_and_run_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    python(home, "from tests.harbour import build_harbour\nbuild_harbour()")
    links = sum(1 for n in range(ROWS) if n % 40)
    lock, cut, server = WriteLock(home), 0, Server(home)
    with server:
        pk = begin(home, "whole")
        assert not lock.until_held(math.inf, partial(ended, home, pk))
        before, whole = [words(home)], lock.longest
        for share in SHARES:
            word = f"v{share}"
            pk = begin(home, word)
            lock.until_held(share * whole, partial(ended, home, pk))
            writing = killed_as_it_stands(partial(os.killpg, server.process.pid), lock)
            server.process.wait(10)
            now = stand(home, [*before, [word]], links)
            # Held by the job's own last word it has the whole plan; by the import, nothing of it.
            assert job(home, pk)["state"] != "done" or now == [word]
            cut += writing and [now] == before
            server.__enter__()
            after = reached(home, pk, {"done", "failed"})
            # Cut off between the plan and the job's own last word, it is told that this import stands already.
            assert after["state"] == "done" or "applied already" in after["error"], after
            before = [[word]]
            assert [words(home)] == before
    assert cut, "no import was cut off: the test has shown nothing"
    stand(home, before, links)


def importing(home: Path) -> subprocess.Popen[bytes]:
    home.mkdir(exist_ok=True)
    quiet = subprocess.DEVNULL
    return subprocess.Popen([*TMINUS, "import", str(FOLDER)], env=environment(home), stdout=quiet, stderr=quiet)


def test_a_folder_killed_while_it_is_imported_is_not_there_or_whole(tmp_path: Path) -> None:
    measured, home = tmp_path / "measured", tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    shutil.copytree(home, measured)
    lock, run = WriteLock(measured), importing(measured)
    assert not lock.until_held(math.inf, lambda: run.poll() is not None)
    assert run.returncode == 0
    whole, lock, cut, every = lock.longest, WriteLock(home), 0, counts(measured)
    for share in SHARES:
        run = importing(home)
        lock.until_held(share * whole, lambda run=run: run.poll() is not None)  # type: ignore[misc]
        writing = killed_as_it_stands(run.send_signal, lock)
        run.wait(10)
        counted = counts(home)
        assert counted == [0, 0, 0] or (counted == every and not writing), "half an event"
        cut += writing
    assert cut, "no import was cut off: the test has shown nothing"
    if counted != every:
        assert tminus(home, "import", str(FOLDER)).returncode == 0
    assert tminus(home, "record", "verify").returncode == 0
    assert counts(home) == every


def counts(home: Path) -> list[int]:
    """Events, tasks and people."""
    with closing(sqlite3.connect(home / "tminus.sqlite3", timeout=30)) as database:
        tables = ("platform_event", "planning_task", "platform_person")
        return [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]
