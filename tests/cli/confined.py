"""Runs many commands, each in a process of its own with little memory, without starting Python for each.

``python -m tests.cli.confined`` reads a JSON list of argument lists and writes a JSON list of what became of them.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

BYTES = 1 << 30
"""Of memory of its own that a command may have."""


def outcome(arguments: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as kept:
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            _run(arguments, Path(kept))
        _pid, status, used = os.wait4(child, 0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "out": (Path(kept) / "out").read_text(errors="replace"),
            "err": (Path(kept) / "err").read_text(errors="replace"),
            "seconds": time.monotonic() - begun,
            "bytes": used.ru_maxrss * 1024,
        }


def _run(arguments: list[str], kept: Path) -> None:
    from tminus.cli import main

    resource.setrlimit(resource.RLIMIT_DATA, (BYTES, BYTES))
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(kept / name, os.O_WRONLY | os.O_CREAT), number)
    code = 0
    try:
        main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - as Python itself would end
        import traceback

        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run_all() -> None:
    import tminus.cli.schedule
    import tminus.cli.validate  # noqa: F401 - what every command needs is loaded once

    json.dump([outcome(arguments) for arguments in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    run_all()
