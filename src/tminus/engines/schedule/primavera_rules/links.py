"""The links of a plan as columns, their lags less what has passed of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import repeat

import numpy as np
from numba import njit
from numpy.typing import NDArray

from tminus.engines.schedule.model import LagCalendar, Link, Plan
from tminus.engines.schedule.network import CODE
from tminus.engines.schedule.passes import NEVER, SF, SS, rows_of
from tminus.engines.schedule.primavera_rules.passes import DONE
from tminus.engines.schedule.worktime import Ints, work_until

Numbers = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Links by the place of the end they bind."""

    ptr: Numbers
    other: Numbers
    number: Numbers
    kind: Ints
    lag: Ints
    lag_calendar: Ints


@dataclass(frozen=True, slots=True)
class Links:
    """Those between two activities, in the plan's order. ``pred``, ``succ``: numbers of activities."""

    links: tuple[Link, ...]
    pred: Ints
    succ: Ints
    kind: Ints
    lag: Ints
    elapsed: NDArray[np.bool_]

    def placed(self, place: Ints) -> Links:
        """``pred`` and ``succ`` as places instead."""
        return replace(self, pred=place[self.pred], succ=place[self.succ])


def links_of(plan: Plan, index: Mapping[str, int]) -> Links:
    """``index``: the number of each activity that drives and is driven."""
    links = plan.links
    pred, succ = _numbers(index, [link.pred for link in links]), _numbers(index, [link.succ for link in links])
    binds = (pred >= 0) & (succ >= 0)
    if not binds.all():
        links = tuple([links[k] for k in np.flatnonzero(binds).tolist()])
        pred, succ = pred[binds], succ[binds]
    lags = [link.lag for link in links]
    return Links(
        links, pred, succ,
        np.array([CODE[link.kind] for link in links], dtype=np.int64),
        np.array([lag.minutes for lag in lags], dtype=np.int64),
        np.fromiter([lag.elapsed for lag in lags], np.bool_, len(lags)),
    )  # fmt: skip


def _numbers(index: Mapping[str, int], ids: list[str]) -> Ints:
    return np.fromiter(map(index.get, ids, repeat(-1)), np.int64, len(ids))


def lag_calendars(plan: Plan, links: Links, calendar: Ints, default: int) -> Ints:
    """In whose working time each lag counts; ``calendar``: by number of activity."""
    match plan.lag_calendar:
        case LagCalendar.PREDECESSOR:
            found = calendar[links.pred]
        case LagCalendar.SUCCESSOR:
            found = calendar[links.succ]
        case LagCalendar.PLAN:
            found = np.full(len(links.links), default, dtype=np.int64)
        case _:
            found = np.zeros(len(links.links), dtype=np.int64)
    return np.where(links.elapsed, 0, found)


def rows_by(into: Ints, other: Ints, size: int, kind: Ints, lag: Ints, lag_calendar: Ints) -> Rows:
    """``into``, ``other``: places of both ends of each link."""
    ptr, others, number = rows_of(size, np.arange(size), into, other)
    return Rows(ptr, others, number, kind[number], lag[number], lag_calendar[number])


@njit(cache=True)
def lag_left(  # type: ignore[no-untyped-def]
    pred, kind, lag, lag_calendar, calendar, state, start, finish, data_date, from_early_start, table
):
    """Lags after work that is done or begun, less what has passed of them by the data date; none of them negative."""
    left = lag.copy()
    for k in range(len(lag)):
        j = pred[k]
        if lag[k] == 0 or start[j] == NEVER:
            continue
        from_start = kind[k] == SS or kind[k] == SF
        since = start[j] if from_start else finish[j]
        if since == NEVER or (state[j] != DONE and not from_start):
            continue
        c = calendar[j] if from_start and state[j] != DONE and from_early_start else lag_calendar[k]
        passed = work_until(table, c, data_date) - work_until(table, c, since)
        left[k] = max(lag[k] - max(passed, 0), 0)
    return left
