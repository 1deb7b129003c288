"""What a supply plan is compared with: the same vehicles all day, and a dispatcher who calls them as queues grow."""

from __future__ import annotations

import numpy as np

from tminus.engines.transport.supply.plan import Floats, Ints, SupplyParams


def same_all_day(paths: Floats, slot_min: int, params: SupplyParams, usual: int | None = None) -> Ints:
    """[slot] nothing done: the ``usual`` vehicles; not known: what the mean of slots with people keeps busy."""
    mean = paths.mean(axis=0)
    busy = mean[mean > 0].mean() if (mean > 0).any() else 0.0
    load = float(busy) / params.party / slot_min * params.round_trip_min
    return np.full(paths.shape[1], int(np.ceil(load - 1e-9)) if usual is None else usual, dtype=np.int64)


def called_as_queues_grow(paths: Floats, slot_min: int, params: SupplyParams, usual: int | None = None) -> Ints:
    """[path, slot] the greedy dispatcher: as many as would have served the slot before and those who wait now.

    Looks at the day as it goes, never at a forecast; begins with what nothing done has, and never calls more than
    the fleet.
    """
    nothing = same_all_day(paths, slot_min, params, usual)
    most = params.fleet if params.fleet is not None else np.iinfo(np.int64).max
    found = np.zeros(paths.shape, dtype=np.int64)
    for row, persons in zip(found, paths, strict=True):
        waiting, wanted = 0.0, float(nothing[0])
        for slot, coming in enumerate(persons):
            row[slot] = min(int(np.ceil(wanted - 1e-9)), most)
            served = row[slot] * slot_min / params.round_trip_min * params.party
            waiting = max(waiting + coming - served, 0.0)
            wanted = (coming + waiting) / params.party / slot_min * params.round_trip_min
    return found
