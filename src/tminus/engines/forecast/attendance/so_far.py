"""What registrations show by a day, in the form the belief asks for: where each number stands, and how it grew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tminus.engines.forecast.attendance.pickup import STEPS_BACK, PickupParams, hazard, log_of_count
from tminus.engines.forecast.attendance.registrations import Registrations

MANY_ENOUGH = 20.0
"""Registrations from which on a number and its growth say something."""
EARLY = 1.0
"""H above which, by the pace believed beforehand, under 37 % are in: a small number says nothing yet."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Standing:
    """One entry for each audience and day that says something: the number held, ``lead`` days before the visit."""

    audience: Numbers
    day: Numbers
    lead: Floats
    log_held: Floats
    chance: Floats
    wander: Floats


@dataclass(frozen=True, slots=True)
class Growth:
    """How a number grew between leads ``far`` and ``near``; ``finished``: the day's registration is over."""

    audience: Numbers
    near: Floats
    far: Floats
    log_growth: Floats
    chance: Floats
    wander: Floats
    finished: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SoFar:
    """All that was registered by a day."""

    persons: float
    standing: Standing
    growth: Growth


def registered_so_far(
    registrations: Registrations, days: Sequence[date], as_of: date, pickup: PickupParams, log_half: float
) -> SoFar:
    """Numbers and their growth at the end of ``as_of``.

    :param registrations: of exactly ``days``, in their order.
    :param log_half: the pace believed beforehand.
    """
    held = registrations.held(as_of)
    sums = np.maximum(np.cumsum(registrations.net, axis=2), 0.0)
    standing: list[tuple[float, ...]] = []
    growth: list[tuple[float, ...]] = []
    for audience, name in enumerate(registrations.audiences):
        wander = pickup.lumpy_wander if name in registrations.lumpy else pickup.wander
        for day, visit in enumerate(days):
            lead = max((visit - as_of).days, 0)
            if held[audience, day] < MANY_ENOUGH and float(hazard(np.array(float(lead)), log_half)) > EARLY:
                continue
            seen, chance = log_of_count(held[audience, day])
            standing.append((audience, day, lead, float(seen), float(chance), wander))
            last = (visit - registrations.first).days
            growth += [(audience, *step, wander, lead == 0) for step in _steps(sums[audience, day], last, lead)]
    return SoFar(float(held.sum()), _standing(standing), _growth(growth))


def _standing(rows: list[tuple[float, ...]]) -> Standing:
    audience, day, lead, log_held, chance, wander = np.array(rows, dtype=float).reshape(-1, 6).T
    return Standing(audience.astype(np.intp), day.astype(np.intp), lead, log_held, chance, wander)


def _growth(rows: list[tuple[float, ...]]) -> Growth:
    audience, near, far, log_growth, chance, wander, finished = np.array(rows, dtype=float).reshape(-1, 7).T
    return Growth(audience.astype(np.intp), near, far, log_growth, chance, wander, finished > 0)


def _steps(sums: Floats, last: int, lead: int) -> list[tuple[float, float, float, float]]:
    """Near, far, log growth and its variance from chance, as far back as there are enough."""
    found: list[tuple[float, float, float, float]] = []
    for near, far in pairwise(lead + step for step in (0, *STEPS_BACK)):
        numbers = [float(sums[min(last - one, len(sums) - 1)]) if last >= one else 0.0 for one in (near, far)]
        if numbers[1] < MANY_ENOUGH or numbers[0] <= 0:
            break
        chance = max(1 / numbers[1] - 1 / numbers[0], 0.0)
        found.append((near, far, float(np.log(numbers[0] / numbers[1])), chance + 1e-6))
    return found
