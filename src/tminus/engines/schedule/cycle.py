"""Links that run in a circle."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit


class Cycle(Exception):
    """The links run in a circle; ``tasks`` are its identities in order."""

    def __init__(self, tasks: Sequence[str]) -> None:
        super().__init__(" → ".join([*tasks, tasks[0]]))
        self.tasks = list(tasks)


@njit(cache=True)
def find_cycle(n, place, pred, succ):  # type: ignore[no-untyped-def]
    """One cycle among the tasks without a place (−1): walk back along predecessors until one comes again."""
    back = np.full(n, -1, dtype=np.int64)
    for e in range(len(pred)):
        if place[succ[e]] < 0 and place[pred[e]] < 0 and back[succ[e]] < 0:
            back[succ[e]] = pred[e]
    seen = np.full(n, -1, dtype=np.int64)
    i = 0
    while place[i] >= 0 or back[i] < 0:
        i += 1
    step = 0
    while seen[i] < 0:
        seen[i] = step
        step += 1
        i = back[i]
    length = step - seen[i]
    cycle = np.empty(length, dtype=np.int64)
    for k in range(length):
        cycle[length - 1 - k] = i
        i = back[i]
    return cycle
