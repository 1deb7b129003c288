"""No more requests a minute than a door can want; counted in each web process by itself."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque

WINDOW_S = 60.0
MOST_NAMES = 20_000
"""Names remembered at once; more than that and all are forgotten rather than memory filled."""


class Throttle:
    """At most ``limit`` requests of one name in any minute."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._seen: dict[str, deque[float]] = defaultdict(deque)

    def wait_s(self, name: str) -> float:
        """Seconds until ``name`` may ask again; 0: now (and this request is counted)."""
        now = time.monotonic()
        with self._lock:
            if len(self._seen) > MOST_NAMES:
                self._seen.clear()
            times = self._seen[name]
            while times and times[0] <= now - WINDOW_S:
                times.popleft()
            if len(times) >= self.limit:
                return times[0] + WINDOW_S - now
            times.append(now)
        return 0.0
