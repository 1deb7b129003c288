"""Which caps differ from the published ones."""

from __future__ import annotations

import numpy as np

from tminus.engines.transport.difference import Change, joined
from tminus.engines.transport.inflow.network import Floats
from tminus.engines.transport.inflow.plan import InflowPlan

SAME_PER_MIN = 0.05
"""Caps are published to a tenth of a person a minute."""


def changed_caps(plan: InflowPlan, published: Floats) -> tuple[Change, ...]:
    """By station and time; ``published`` persons a minute [station, slot], inf where there is no cap."""
    return joined(
        Change(station, *_time(plan, slot), _told(published[at, slot]), _told(plan.caps[at, slot]))
        for at, station in enumerate(plan.network.stations)
        for slot in range(plan.demand.slots)
        if _differ(published[at, slot], plan.caps[at, slot])
    )


def _time(plan: InflowPlan, slot: int) -> tuple[int, int]:
    return plan.demand.minute_of(slot), plan.demand.minute_of(slot + 1)


def _differ(was: float, now: float) -> bool:
    return bool(np.isfinite(was) != np.isfinite(now) or (np.isfinite(was) and abs(was - now) > SAME_PER_MIN))


def _told(cap: float) -> float | None:
    return round(float(cap), 1) if np.isfinite(cap) else None
