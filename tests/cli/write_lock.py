"""Whether somebody is writing into an installation's SQLite database, asked from outside, as often as wanted.

Transactions here begin with the write lock (``IMMEDIATE``), so a lock held is a transaction begun. A test that kills
by it cuts off a write on any machine, be it fast or slow.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

POLL_S = 0.002


class WriteLock:
    """Watches the write lock of the database in ``home``; ``longest`` is the longest hold seen, in seconds."""

    def __init__(self, home: Path) -> None:
        self.path = home / "tminus.sqlite3"
        self.longest = 0.0

    def held(self) -> bool:
        with closing(sqlite3.connect(self.path, timeout=0, isolation_level=None)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            database.execute("ROLLBACK")
            return False

    def until_held(self, seconds: float, over: Callable[[], bool], within: float = 120.0) -> bool:
        """Wait until the lock has been held for ``seconds`` without a break; False when ``over()`` came first."""
        begun = last = time.monotonic()
        end = begun + within
        while last < end:
            last = time.monotonic()
            if not self.held():
                if over():
                    return False
                begun = last
            else:
                self.longest = max(self.longest, last - begun)
                if last - begun >= seconds:
                    return True
            time.sleep(POLL_S)
        raise AssertionError(f"neither held for {seconds} s nor over within {within} s")
