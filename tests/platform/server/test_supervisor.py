"""Children are kept running; one that is there for a task ends with it, and one may be added while others run."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tminus.platform.server import Child, Supervisor


def child(name: str, code: str, *, once: bool = False) -> Child:
    return Child(name, [sys.executable, "-c", code], once=once)


def watched(supervisor: Supervisor, seconds: float, done: Path | None = None) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not (done and done.exists()):
        supervisor._watch()
        time.sleep(0.02)


def test_a_child_with_a_task_is_not_started_again_once_it_has_done_it(tmp_path: Path) -> None:
    mark, runs = tmp_path / "done", tmp_path / "runs"
    note = f"open({str(runs)!r}, 'a').write('x')"
    forever = child("web", "import time; time.sleep(60)")
    supervisor = Supervisor([forever])
    try:
        forever.start()
        supervisor.children.append(child("replay", f"{note}; open({str(mark)!r}, 'w')", once=True))
        watched(supervisor, 20, mark)
        watched(supervisor, 2)
        assert supervisor.children == [forever] and runs.read_text() == "x"
        assert forever.process is not None and forever.process.poll() is None, "the others go on"
    finally:
        supervisor.stop()


def test_one_that_fails_at_its_task_is_started_again(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    code = (
        f"import sys, pathlib; runs = pathlib.Path({str(runs)!r}); n = len(runs.read_text()) if runs.exists() else 0; "
        "runs.write_text('x' * (n + 1)); sys.exit(3 if n == 0 else 0)"
    )
    supervisor = Supervisor([child("replay", code, once=True)])
    until = time.monotonic() + 30
    while supervisor.children and time.monotonic() < until:
        watched(supervisor, 0.1)
    supervisor.stop()
    assert runs.read_text() == "xx" and not supervisor.children
