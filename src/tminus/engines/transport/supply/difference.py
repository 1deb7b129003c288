"""In which slots another number of vehicles runs than was published."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tminus.engines.transport.difference import Change, joined
from tminus.engines.transport.supply.plan import SupplyPlan


def changed_vehicles(plan: SupplyPlan, published: NDArray[np.int64]) -> tuple[Change, ...]:
    """``published`` [slot]; neighbouring slots with the same change are one."""
    return joined(
        Change("vehicles", begin, begin + plan.slot_min, float(published[slot]), float(plan.vehicles[slot]))
        for slot in np.flatnonzero(published != plan.vehicles).tolist()
        for begin in [plan.first_min + slot * plan.slot_min]
    )
