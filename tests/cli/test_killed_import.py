"""Kill an import at any moment: the plan is the old one or the new one, whole; the job is run again or tells."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.server import TMINUS, Server, environment, python, tminus

pytestmark = pytest.mark.slow  # servers started and killed under imports of thousands of rows

ROWS = 6000
ROUNDS = 3
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


def test_an_import_killed_at_any_moment_is_whole_and_run_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    python(home, "from tests.harbour import build_harbour\nbuild_harbour()")
    moments, before, cut = random.Random(11), list[str](), 0
    links = sum(1 for n in range(ROWS) if n % 40)
    for number in range(ROUNDS):
        word = f"v{number}"
        file = book(word, tmp_path / f"{word}.csv")
        with Server(home) as server:
            pk = int(python(home, BEGIN, str(file)))
            reached(home, pk, {"running", "done"})
            time.sleep(moments.random())
            server.kill()
        now = stand(home, [before, [word]], links)
        state = job(home, pk)["state"]
        cut += state != "done"
        assert state != "done" or now == [word]
        with Server(home):
            after = reached(home, pk, {"done", "failed"})
        # Cut off between the plan and the job's own last word, it is told that this import stands already.
        assert after["state"] == "done" or "applied already" in after["error"], after
        before = stand(home, [[word]], links)
    assert cut, "no import was cut off: the test has shown nothing"


def test_a_folder_killed_while_it_is_imported_is_not_there_or_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert tminus(home, "init", str(home)).returncode == 0
    count = (
        "from tminus.platform.backup.chain import check_chains\nfrom tminus.platform.models import Event, Person\n"
        "from tminus.desks.planning.models import Task\n"
        "check_chains({})\nprint(Event.objects.count(), Task.objects.count(), Person.objects.count())"
    )
    cut = 0
    for moment in (3.0, 5.0, 8.0):
        importing = subprocess.Popen(
            [*TMINUS, "import", str(FOLDER)],
            env=environment(home),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moment)
        importing.kill()
        importing.wait(10)
        events, tasks, people = map(int, python(home, count).split())
        if events:
            break
        assert (tasks, people) == (0, 0), "half an event"
        cut += 1
    if not events:
        done = tminus(home, "import", str(FOLDER), "--json")
        assert done.returncode == 0, done.stderr
        counted = json.loads(done.stdout)
        assert python(home, count).split()[:2] == [
            "1",
            str(counted.get("tasks", counted.get("counts", {}).get("tasks"))),
        ]
    assert cut, "no import was cut off: the test has shown nothing"
