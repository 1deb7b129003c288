"""The garbage collector of a web process: seldom, because a kept schedule is many objects and none of them garbage."""

from __future__ import annotations

import gc


def calm() -> None:
    """Leave start-up's objects out of collections and look at the old ones a hundred times more seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
