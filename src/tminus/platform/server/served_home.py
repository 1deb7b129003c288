"""Whether a server stands on an installation's home, so that nobody clears it away under one."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "served.lock"
"""Locked, and shared, by every server on that home as long as its process lives, however it ends."""


@contextmanager
def served(home: Path) -> Iterator[None]:
    """Tell others that this home is in use."""
    with (home / FILE).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def is_served(home: Path) -> bool:
    """Whether any server of this machine holds ``home``."""
    if not (home / FILE).exists():
        return False
    with (home / FILE).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
