"""What counted days taught about the gates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Learned:
    """``bias[way, slot]`` multiplies the prior's arrivals, ``stay_factor`` its stays.

    ``effective_days``: counted days, older ones counting less. ``rests_on``: in words.
    """

    bias: NDArray[np.float64]
    stay_factor: float = 1.0
    effective_days: float = 0.0
    rests_on: tuple[str, ...] = ()


def nothing_learned(ways: int, slots: int) -> Learned:
    return Learned(np.ones((ways, slots)))
