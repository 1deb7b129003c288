"""Daily caps: who does not get in comes on another day, or not at all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEARNESS_DAYS = 2.0
"""A day e-fold less likely to be chosen for each so many days it lies away from the one intended; an assumption."""
ROUNDS = 50


def spread_turned_away(
    demand: NDArray[np.float64],
    capacity: NDArray[np.float64],
    choice_share: float,
    *,
    past: NDArray[np.bool_] | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Visits [path, day] within the caps, and persons [path] who gave up; together they are all of the demand.

    Of those turned away on a day ``choice_share`` choose another, the nearer the likelier, among days with room; when
    that fills up too they choose again.

    :param capacity: [day], infinite where there is none.
    :param past: [day] that is over and can neither be filled nor turn away.
    """
    open_days = np.ones(demand.shape[1], dtype=bool) if past is None else ~past
    limit = np.where(open_days, capacity, np.inf)
    visits = np.minimum(demand, limit)
    away = demand - visits
    number = np.arange(demand.shape[1])
    nearness = np.exp(-np.abs(number[:, None] - number[None, :]) / NEARNESS_DAYS)
    gave_up = (1 - choice_share) * away.sum(axis=1)
    away = choice_share * away
    for _ in range(ROUNDS):
        room = np.where(open_days, limit - visits, 0.0)
        if not np.any(away.sum(axis=1) > 0) or not np.any(room > 0):
            break
        visits, away = _choose(visits, away, room, nearness)
    return visits, gave_up + away.sum(axis=1)


def _choose(
    visits: NDArray[np.float64], away: NDArray[np.float64], room: NDArray[np.float64], nearness: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One round: each group chooses among days with room; where more come than fit, all get the same share in."""
    wanted = np.where(room > 0, 1.0, 0.0)
    totals = wanted @ nearness.T
    share = np.divide(away, totals, out=np.zeros_like(away), where=totals > 0)
    coming = (share @ nearness) * wanted
    admitted = np.minimum(coming, room)
    kept = np.divide(coming - admitted, coming, out=np.zeros_like(coming), where=coming > 0)
    without = np.where(totals > 0, 0.0, away)
    left = without + share * ((wanted * kept) @ nearness.T)
    return visits + admitted, left
