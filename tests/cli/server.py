"""A real server of a throwaway home, for tests of serving, stopping, killing and backing up."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path

TMINUS = [sys.executable, "-c", "from tminus.cli import main; main()"]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TMINUS_")}
    return kept | {"TMINUS_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tminus.site.settings", **more}


def tminus(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*TMINUS, *arguments], env=environment(home), capture_output=True, text=True, timeout=120, check=False
    )


def python(home: Path, code: str, *arguments: str) -> str:
    """Run code in another process with this installation open; its standard output."""
    opening = "import django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", opening + code, *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``tminus serve`` in a process group of its own."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home, self.port, self.settings = home, free_port(), settings
        self.log = home.parent / f"{home.name}-serve.log"

    def __enter__(self) -> Server:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*TMINUS, "serve", "--home", str(self.home), "--port", str(self.port)],
                env=environment(self.home, **self.settings),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(self.log.read_text())
            try:
                if self.get("/healthz") == 200:
                    return self
            except (OSError, HTTPException):
                time.sleep(0.05)
        self.kill()
        raise AssertionError(f"no answer within 60 s: {self.log.read_text()}")

    def get(self, path: str) -> int:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def stop(self) -> float:
        """SIGTERM; seconds until it has ended."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - begun

    def kill(self) -> None:
        """As a power cut does: every process at once, none asked."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            self.stop()
