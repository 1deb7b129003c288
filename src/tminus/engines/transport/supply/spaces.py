"""Spaces of a car park for park and ride."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.errors import TransportError
from tminus.engines.transport.supply.erlang import least_spaces


def spaces_needed(cars: NDArray[np.float64], slot_min: int, stay_min: float, level: float) -> NDArray[np.int64]:
    """Spaces of a car park by slot's end for ``cars`` [slot] that arrive at random and stay ``stay_min`` each.

    The number parked is Poisson with the mean of those who came within a stay (M(t)/G/∞).

    :raises TransportError: figures that cannot be.
    """
    if not stay_min > 0 or not 0 < level < 1 or (cars < 0).any() or not np.isfinite(cars).all():
        raise TransportError(f"stay_min {stay_min}, level {level}; allowed: above 0, between 0 and 1; cars at least 0")
    come = np.concatenate([[0.0], np.cumsum(cars)])
    ends = np.arange(1, len(come)) * slot_min
    since = np.interp(ends - stay_min, np.arange(len(come)) * slot_min, come)
    return np.array([least_spaces(float(mean), level) for mean in come[1:] - since])
