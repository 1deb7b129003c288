"""How registrations come in before a visit: the pick-up curve and what a snapshot says of the final number.

Of all who register for a day the share F(l) has done so l days before it: −log F(l) = H(l) = log 2 · (l / half)^shape.
log R(l) of one day wanders around its curve with variance ``wander``² · H(l): nothing is open when nothing is to come,
and steps between two leads are independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

SHAPE = 0.8
"""Of the curve: below 1, registrations quicken towards the visit; an assumption."""
STEPS_BACK = (7, 14, 28, 56)
"""Days before the snapshot to which the earlier pace is compared."""


@dataclass(frozen=True, slots=True)
class PickupParams:
    """``wander``: relative noise per unit of H for single visitors; ``lumpy_wander``: for groups; assumptions."""

    wander: float = 0.08
    lumpy_wander: float = 0.2


def hazard(lead_days: NDArray[np.float64], log_half: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """H at each lead; 0 on the day and after it."""
    found: NDArray[np.float64] = log(2) * (np.maximum(lead_days, 0.0) / np.exp(log_half)) ** SHAPE
    return found


def log_of_count(count: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Logarithm of a count and its variance from chance alone; half a person stands for none."""
    safe = np.maximum(count, 0.5)
    return np.log(safe), 1 / safe
