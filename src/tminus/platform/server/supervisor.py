"""Run child processes as one: a dead one is started again with back-off, one signal stops them all."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

LOG = logging.getLogger(__name__)
STOP_WITHIN_S = 5.0  # Granian drops open streams after 2 s; what is not gone by now is killed
STEADY_S = 60.0  # having lived this long, a child's next death is a first one again
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Child:
    """One process to be kept running; one that is there for a task (``once``) until it ends with 0."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    once: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own fixed commands
            list(self.command),
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )

    def pause(self) -> float:
        """Seconds to wait before the next start, doubling with each death in a row."""
        if time.monotonic() - self.started > STEADY_S:
            self.deaths = 0
        self.deaths += 1
        return float(min(FIRST_PAUSE_S * 2 ** (self.deaths - 1), LONGEST_PAUSE_S))


def _die_with_parent() -> None:
    """A supervisor killed outright must not leave workers holding the port (Linux, prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Keeps ``children`` running until a signal comes."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.stopping = False

    def run(self, ready: Callable[[], bool] | None = None, on_ready: Callable[[], None] | None = None) -> int:
        """Start all, watch all, stop all; 0 after a signal.

        :param ready: asked until it says yes; then ``on_ready`` is called once.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)
        try:
            for child in self.children:
                child.start()
            waiting = on_ready is not None
            while not self.stopping:
                self._watch()
                if waiting and on_ready and (ready is None or ready()):
                    waiting = False
                    on_ready()
                time.sleep(0.1)
        finally:
            self.stop()
        return 0

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _watch(self) -> None:
        for child in list(self.children):
            if child.process is None:
                if time.monotonic() >= child.again_at and not self.stopping:
                    child.start()
                continue
            code = child.process.poll()
            if code == 0 and child.once:
                self.children.remove(child)
            elif code is not None:
                pause = child.pause()
                LOG.warning("%s ended with %s; started again in %.1f s", child.name, code, pause)
                child.process, child.again_at = None, time.monotonic() + pause

    def stop(self) -> None:
        """End every child, politely, then firmly."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_WITHIN_S
        for process in running:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
