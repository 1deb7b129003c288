"""What the schedule benchmark gives every contestant: a random network, and calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from tminus.engines.schedule.calendars import country_calendar, week_calendar
from tminus.engines.schedule.model import WorkCalendar
from tminus.engines.schedule.passes import FF, FS, SF, SS

Ints = NDArray[np.int64]
LINKS_A_TASK = 1.8
LEVEL_WIDTH = 51  # tasks side by side: about 1,960 levels of 100,000
FIRST, LAST, START, END = date(2024, 1, 1), date(2160, 12, 31), datetime(2026, 1, 5), datetime(2150, 1, 1)


@dataclass
class Case:
    """One network as arrays."""

    work: Ints
    pred: NDArray[np.int32]
    succ: NDArray[np.int32]
    kind: NDArray[np.int8]
    lag: NDArray[np.int32]
    calendar: Ints


def make_case(tasks: int, seed: int = 0) -> Case:
    """A random network of believable shape: links reach back a few levels; all four types; lags of both signs."""
    random = np.random.default_rng(seed)
    count = int(tasks * LINKS_A_TASK)
    succ = random.integers(1, tasks, count)
    back = random.integers(1, 4 * LEVEL_WIDTH, count)
    pred = np.maximum(succ - back, 0)
    kind = random.choice([FS, SS, FF, SF], count, p=[0.7, 0.12, 0.12, 0.06])
    lag = np.where(random.random(count) < 0.25, random.integers(-480, 961, count), 0)
    work = np.where(random.random(tasks) < 0.1, 0, random.integers(1, 11, tasks) * 480)
    names = random.permutation(tasks)  # the order of the file is not the order of the work
    made = np.empty(tasks, dtype=np.int64)
    made[names] = work
    ends = names[pred].astype(np.int32), names[succ].astype(np.int32)
    return Case(made, *ends, kind.astype(np.int8), lag.astype(np.int32), random.integers(1, 4, tasks))


def make_calendars() -> list[WorkCalendar]:
    """Office hours with Chinese holidays, six days with a lunch break, every day of the week."""
    return [
        country_calendar("CN", range(2024, 2027)),
        week_calendar("site", working_weekdays=range(6), hours=((480, 720), (780, 1020))),
        week_calendar("daily", working_weekdays=range(7)),
    ]
