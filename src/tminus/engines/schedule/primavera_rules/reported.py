"""What has been reported of each activity of a plan, as columns, and what that leaves to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numba import njit

from tminus.engines.schedule.bounds import is_done, is_started
from tminus.engines.schedule.model import Plan, Progress
from tminus.engines.schedule.passes import NEVER
from tminus.engines.schedule.primavera_rules.passes import DONE, OPEN, STARTED
from tminus.engines.schedule.worktime import Ints, minutes, work_until


@dataclass(frozen=True, slots=True)
class Reported:
    """By activity: its state, and the instants it began, ended and was taken up again; ``NEVER`` for none."""

    state: Ints
    start: Ints
    finish: Ints
    resumed: Ints

    def ordered(self, order: Ints) -> Reported:
        return Reported(self.state[order], self.start[order], self.finish[order], self.resumed[order])


def reported_of(plan: Plan, index: Mapping[str, int], work: Ints) -> Reported:
    """``index``: the number of each activity. ``work`` (n,): its minutes of work, turned into what remains of them."""
    known = [(index[id], one) for id, one in plan.progress.items() if id in index]
    numbers = np.array([number for number, _ in known], dtype=np.int64)
    work[numbers] = [_remaining(minutes, one) for minutes, (_, one) in zip(work[numbers].tolist(), known, strict=True)]
    found = Reported(*(np.full(len(work), blank) for blank in (OPEN, NEVER, NEVER, NEVER)))
    found.state[numbers] = [_state(one) for _, one in known]
    found.start[numbers] = [_minutes(one.actual_start) for _, one in known]
    found.finish[numbers] = [_minutes(one.actual_finish) for _, one in known]
    found.resumed[numbers] = [_minutes(one.resumed) for _, one in known]
    return found


def _state(one: Progress) -> int:
    return DONE if is_done(one) else STARTED if is_started(one) else OPEN


def _minutes(at: datetime | None) -> int:
    return NEVER if at is None else minutes(at)


def _remaining(work: int, one: Progress) -> int:
    if is_done(one):
        return 0
    if one.remaining is not None:
        return one.remaining.minutes
    return round(work * (1 - (one.percent or 0) / 100))


@njit(cache=True)
def unworked(original, remaining, state, start, calendar, data_date, most, table):  # type: ignore[no-untyped-def]
    """Of begun activities the original duration less what has been worked, of others what remains.

    An original duration of ``most`` minutes or more is a slip of the pen, and does not count.
    """
    left = remaining.copy()
    for i in range(len(left)):
        if state[i] == STARTED and start[i] != NEVER and original[i] < most:
            c = calendar[i]
            passed = work_until(table, c, data_date) - work_until(table, c, start[i])
            left[i] = max(original[i] - max(passed, 0), 0)
    return left
