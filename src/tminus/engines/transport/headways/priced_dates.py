"""The best departures of one line when each departure has its price: exact over (last departure, people gone).

Between two departures the queue only grows, so a state is the minute of the last departure and how many are gone by
then; of two states of a minute, the one with more people gone at no more cost is at least as good for all that follows.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from tminus.engines.transport.headways.lines import Floats, Line
from tminus.engines.transport.headways.waiting import LEFT_MIN

MOST_LABELS = 2000
"""Of a minute; beyond, neighbours become one with the better of both figures: the value can only be too low."""


def best_departures(
    come: Floats, line: Line, prices: Floats, most_labels: int = MOST_LABELS
) -> tuple[float, list[int], int]:
    """Least waiting plus prices, minutes of departure that have it, and steps looked at; ``come`` [minute] summed up.

    Exact where no minute has more than ``most_labels`` states, else not above the exact value.
    """
    value, departures, steps = _labels(
        come, line.capacity, line.least_headway_min, line.most_headway_min, prices, LEFT_MIN, most_labels
    )
    return float(value), sorted(int(minute) for minute in departures), int(steps)


@njit(cache=True)
def _labels(come, capacity, least, most, prices, left_min, most_labels):  # type: ignore[no-untyped-def]
    minutes = len(come)
    area = np.zeros(minutes + 1)
    for minute in range(minutes):
        area[minute + 1] = area[minute] + come[minute]
    gone, cost, before, where = np.zeros(1), np.zeros(1), np.full(1, -1), np.full(1, -1)
    first = np.zeros(minutes + 2, dtype=np.int64)  # labels of departure minute m are first[m + 1] … first[m + 2]
    first[1] = 1
    size, room, steps = 1, 1, 0
    best, last = area[minutes] + left_min * come[minutes - 1], -1
    for minute in range(minutes):
        low = first[max(minute - most, -1) + 1]
        high = first[max(minute - least, -1) + 2] if minute - least >= 0 else (1 if minute - most <= -1 else 0)
        if minute - most > -1:
            low = max(low, 1)
        candidates = high - low
        steps += max(candidates, 0)
        if candidates > 0:
            served, spent = np.empty(candidates), np.empty(candidates)
            for at in range(candidates):
                label = low + at
                since = where[label]
                served[at] = min(come[minute], gone[label] + capacity)
                spent[at] = cost[label] + area[minute] - area[since + 1] - gone[label] * (minute - since - 1)
                spent[at] += come[minute] - served[at] + prices[minute]
            chosen, kept = _undominated(served, spent, most_labels)
            if size + kept > room:
                room = 2 * (size + kept)
                gone = _longer(gone, room)
                cost = _longer(cost, room)
                before = _longer(before, room)
                where = _longer(where, room)
            for at in chosen[:kept]:
                gone[size], cost[size], before[size], where[size] = served[at], spent[at], low + at, minute
                rest = area[minutes] - area[minute + 1] - served[at] * (minutes - minute - 1)
                total = spent[at] + rest + left_min * (come[minutes - 1] - served[at])
                if total < best:
                    best, last = total, size
                size += 1
        first[minute + 2] = size
    departures = []
    while last > 0:
        departures.append(where[last])
        last = before[last]
    return best, np.array(departures, dtype=np.int64), steps


@njit(cache=True)
def _undominated(served, spent, most_labels):  # type: ignore[no-untyped-def]
    """States worth keeping; where there are too many, neighbours become one with the better of both figures."""
    order = np.argsort(-served)
    near = 1e-9
    if len(served) > most_labels:
        near = max(near, (served[order[0]] - served[order[-1]]) / most_labels)
    chosen, kept, cheapest = np.empty(len(served), dtype=np.int64), 0, np.inf
    for at in order:
        if spent[at] < cheapest - 1e-9:
            cheapest = spent[at]
            if kept and served[chosen[kept - 1]] - served[at] < near:
                served[at] = served[chosen[kept - 1]]
                kept -= 1
            chosen[kept] = at
            kept += 1
    return chosen, kept


@njit(cache=True)
def _longer(values, room):  # type: ignore[no-untyped-def]
    longer = np.empty(room, dtype=values.dtype)
    longer[: len(values)] = values
    return longer
